"""Markings are found however they are written; words that only look like them pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.markings import found, refuse_marked, texts_of

MARKED = {
    "绝密": ["绝密", "绝密★启用前", "絕密", "绝 密", "绝\u200b密"],
    "机密": ["机密★5年", "（机密）", "機密", "机\n密", "国家机密"],
    "秘密★": ["秘密★1年", "秘密☆", "【秘密】", "密级：秘密", "秘　密★"],
    "工作秘密": ["工作秘密", "本件为工作秘密", "工 作 秘 密"],
    "内部资料": ["内部资料 注意保存", "内部文件", "仅供内部使用", "内部★"],
}
INNOCENT = [
    "",
    "不涉及国家秘密、工作秘密",
    "本人声明不含国家秘密和工作秘密",
    "涉及工作秘密的材料通过纸质渠道移送",
    "商业秘密和个人隐私",
    "计算机密码和手机密码已核对",
    "发动机密封圈渗油",
    "司机密切配合",
    "拒绝密切接触",
    "飞机密度",
    "建筑内部材料易燃",
    "保守国家秘密",
    "商业机密",
]


@pytest.mark.parametrize(("marking", "text"), [(name, text) for name, texts in MARKED.items() for text in texts])
def test_a_marking_is_found(marking: str, text: str) -> None:
    assert marking in found(text)
    assert marking in found(f"关于某事的报告 {text} 附件一")


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_words_pass(text: str) -> None:
    assert found(text) == ()


def test_a_refusal_names_the_marking_and_repeats_nothing_else() -> None:
    with pytest.raises(Invalid) as refused:
        refuse_marked(["无妨", "王某的机密★材料"], field="note")
    assert refused.value.code == "marked"
    assert refused.value.field == "note"
    assert "机密" in str(refused.value.sentence)
    assert "王某" not in f"{refused.value.sentence}{refused.value.do}"


def test_every_text_of_a_form_is_looked_at() -> None:
    body = {"a": "一", "rows": [{"b": "二"}, {"c": ["三", 4, None]}], "flag": True}
    assert list(texts_of(body)) == ["一", "二", "三"]


@given(st.text(max_size=200))
def test_any_text_at_all_can_be_looked_at(text: str) -> None:
    assert isinstance(found(text), tuple)
    assert "绝密" in found(f"{text} 绝密★ ")
