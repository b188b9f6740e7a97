"""Case transfers with their result: told by letter, told by phone, still to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.transfers.schemas.common import Ending, PhoneRecord, Result, Source, Telling
from shared_resources.cases.transfers.schemas.transfer import Progress
from shared_resources.demo.cases.stage import phone
from shared_resources.demo.cases.transfers import directly, finding, inventory, paper, prepared, signing, taken_up

if TYPE_CHECKING:
    from shared_resources.cases.transfers.schemas.transfer import Finding
    from shared_resources.demo.cases.stage import Stage, Story


def tell_conclusions(stage: Stage) -> None:
    """Two closed, one concluded."""
    by_letter(stage)
    by_phone(stage)
    untold(stage)


def by_letter(stage: Stage) -> None:
    """Closed: the sender has the result in writing."""
    sender, receiver = "cq-psb", "cq-amr"
    case = finding(
        stage,
        receiver,
        -30,
        case_name="解放碑某商行销售不合格电动自行车充电器案",
        party="渝中区迅捷车行",
        summary="火灾隐患排查中发现该商行销售的充电器无强制性产品认证标志。",
        why="强制性产品认证由市场监督管理部门监督管理。",
        provision="《中华人民共和国认证认可条例》第六十六条",
    )
    story = ended(stage, "tr.charger", (sender, receiver), case, (-30, -28, -12), f"渝市监案〔{stage.year}〕986号")
    telling = Telling(told_to="市公安局治安总队", contact=stage.officer(receiver).name, phone=phone(receiver))
    story.takes((-11, "10:10"), stage.officer(receiver), "tell_by_letter", telling)


def by_phone(stage: Stage) -> None:
    """Closed: the sender was called."""
    sender, receiver = "cq-fire", "d-500105"
    case = finding(
        stage,
        receiver,
        -27,
        case_name="观音桥某副食店存放超期灭火器案",
        party="江北区百家副食店",
        summary="消防检查发现店内销售的灭火器超过检验有效期，共十二具。",
        why="流通领域消防产品质量由市场监督管理部门查处。",
        provision="《中华人民共和国消防法》第二十五条",
    )
    story = ended(
        stage, "tr.extinguisher", (sender, receiver), case, (-27, -25, -10), f"江北市监案〔{stage.year}〕233号"
    )
    called = stage.at((-9, "10:15"))
    call = PhoneRecord(
        told_to=stage.officer(sender).name,
        number_called=phone(sender),
        told_at=called,
        told_by=stage.officer(receiver).name,
        text="告知该案已于昨日结案：责令下架并罚款八百元，当事人已整改。对方表示知悉，无其他要求。",
    )
    story.takes((-9, "10:25"), stage.officer(receiver), "tell_by_phone", call)


def untold(stage: Stage) -> None:
    """Concluded yesterday: the result is to be told within two working days."""
    sender, receiver = "cq-psb", "cq-culture"
    case = finding(
        stage,
        receiver,
        -19,
        case_name="渝中区某歌城接纳未成年人案",
        source=Source.TIP_OFF,
        party="重庆解放碑星汇歌城娱乐有限公司",
        summary="治安检查中发现三名未成年人在包间消费，经营者未查验身份证件。",
        why="娱乐场所接纳未成年人由文化市场综合执法机构查处。",
        provision="《娱乐场所管理条例》第四十八条",
    )
    ended(stage, "tr.ktv", (sender, receiver), case, (-19, -17, -1), f"渝文执案〔{stage.year}〕58号")


def ended(
    stage: Stage, nick: str, pair: tuple[str, str], case: Finding, days: tuple[int, int, int], case_no: str
) -> Story:
    """A transfer up to its result: found, signed for and taken up, concluded on these days."""
    (sender, receiver), (first, second, last) = pair, days
    story = stage.story(nick, "transfer").opens((first, "09:20"), stage.head(sender), case)
    prepared(story, sender, first, "14:15", inventory(stage, sender, paper("检查记录", 2), paper("现场照片", 4)))
    story.takes((first + 1, "10:00"), stage.officer(sender), "send", directly(stage, sender, receiver))
    at = (first + 1, "10:40")
    story.takes((first + 1, "10:45"), stage.officer(receiver), "accept", signing(stage, receiver, at))
    story.takes((second, "15:20"), stage.officer(receiver), "file", taken_up(stage, receiver, second, case_no))
    note = Progress(text="已询问当事人并调取进货票据，违法事实基本查清，正在办理处罚告知。")
    story.takes((second + 4, "11:00"), stage.officer(receiver), "progress", note)
    result = Result(
        ending=Ending.PENALTY,
        text="违法事实清楚，责令改正并处罚款，当事人已缴纳罚款，违法所得已没收。",
        concluded_on=stage.on(last),
        paper_no=case_no.replace("案", "罚"),
    )
    return story.takes((last, "16:30"), stage.officer(receiver), "conclude", result)
