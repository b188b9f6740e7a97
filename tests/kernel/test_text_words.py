"""Any piece of a Chinese text finds it; words of letters and digits are found whole, in any width or case."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared_resources.kernel.text_words import asked, snippet, tokens

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=30)


def test_chinese_is_cut_into_pairs() -> None:
    assert tokens("非法采砂") == ("非", "法", "采", "砂", "非法", "法采", "采砂")
    assert asked("非法采砂") == ("非法", "法采", "采砂")
    assert asked("砂") == ("砂",)
    assert tokens("") == asked("，。 ——") == ()


def test_letters_and_digits_are_words_of_any_width_and_case() -> None:
    assert tokens("渝A12345 号，ＭＢ９９") == ("渝", "a12345", "号", "mb99")
    assert tokens("JE2026-00012_x") == ("je2026", "00012", "x")
    assert asked("〔2026〕12号") == ("2026", "12", "号")


@given(HAN, HAN, HAN)
def test_every_piece_finds_the_whole(before: str, piece: str, after: str) -> None:
    assert set(asked(piece)) <= set(tokens(before + piece + after))


@given(st.text(max_size=300))
def test_words_are_safe_to_put_between_quotes(text: str) -> None:
    for word in (*tokens(text), *asked(text)):
        assert word
        assert not set(word) & set("'\\: &|!()<>")


def test_a_snippet_shows_the_words_in_their_place() -> None:
    text = "甲" * 100 + "在长江段非法采砂被查" + "乙" * 100
    found = snippet(text, "非法采砂")
    assert "非法采砂" in found
    assert found.startswith("…")
    assert found.endswith("…")
    assert len(found) <= 92
    assert snippet("短文", "无关") == "短文"
