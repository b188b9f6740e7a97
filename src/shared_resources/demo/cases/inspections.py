"""Twelve regulated parties, and eight plans to inspect them: overlapping, joined, kept apart, done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.cases.inspections.schemas import (
    InspectionOpening,
    InspectionResult,
    JointAnswer,
    JointProposal,
    PartyDraft,
    PartyKind,
    SeparateReason,
)
from shared_resources.cases.inspections.service import add_party
from shared_resources.kernel.identity.credit_code import ALPHABET
from shared_resources.kernel.schemas.asked import Subfield

if TYPE_CHECKING:
    from shared_resources.demo.cases.stage import Stage

CHEMICALS, ROADS, FOOD, FIRE = Subfield.CHEMICALS, Subfield.ROAD_TRAFFIC, Subfield.FOOD, Subfield.FIRE
POLLUTION, CULTURE, PRODUCT, DRUG = Subfield.POLLUTION, Subfield.CULTURE, Subfield.PRODUCT, Subfield.DRUG
BUILDING, WATERS, APPEARANCE = Subfield.BUILDING, Subfield.WATER_TRAFFIC, Subfield.APPEARANCE

PARTIES: tuple[tuple[str, str, str, tuple[Subfield, ...]], ...] = (
    ("changhua", "重庆长寿恒泰精细化工有限公司", "长寿化工园齐心大道88号", (CHEMICALS, POLLUTION, FIRE)),
    ("yutong", "重庆渝通达危货运输有限公司", "巴南重庆公路物流基地A区12号", (CHEMICALS, ROADS)),
    ("guoyuan", "重庆果园港联储仓储有限公司", "两江新区果园港二期", (CHEMICALS, FIRE, WATERS)),
    ("hotpot", "重庆观音桥老码头火锅有限公司", "江北区观音桥步行街27号", (FOOD, FIRE, APPEARANCE)),
    ("night", "重庆江北北仓夜市管理有限公司", "江北区建新北路北仓文创街区", (FOOD, APPEARANCE)),
    ("ktv", "重庆解放碑星汇歌城娱乐有限公司", "渝中区八一路169号", (CULTURE, FIRE)),
    ("ship", "重庆朝天门江韵餐饮船舶有限公司", "渝中区朝天门码头8号趸船", (FOOD, WATERS, POLLUTION)),
    ("brick", "重庆巴南宏固建材有限公司", "巴南区南彭街道物流大道西侧", (POLLUTION, BUILDING)),
    ("drug", "重庆康民大药房连锁有限公司", "渝中区民族路108号", (DRUG, PRODUCT)),
    ("site", "重庆江北嘴中宸置业有限公司", "江北区江北嘴金融街6号", (BUILDING, FIRE)),
    ("gas", "重庆渝北顺达加油站有限公司", "渝北区G65龙溪互通旁", (CHEMICALS, PRODUCT, FIRE)),
)
"""Invented organisations: what the demo calls them, name, address, fields."""
PERSON = ("vendor", "谭玉珍", "江北区建新北路北仓夜市17号摊位", "500105198603121")
"""An invented stall holder; her number has no true check character before it is made."""
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(serial: int) -> str:
    """A code whose arithmetic is right, of a body that does not exist."""
    body = f"91500000MB99{serial:05d}"
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


def id_number(body: str) -> str:
    """A number whose arithmetic is right, from its first fifteen figures."""
    figures = f"{body}02"
    total = sum(int(figure) * weight for figure, weight in zip(figures, ID_WEIGHTS, strict=True))
    return figures + "10X98765432"[total % 11]


def tell_inspections(stage: Stage) -> None:
    """The register first, then the plans."""
    for serial, (nick, name, address, subfields) in enumerate(PARTIES, 70):
        draft = PartyDraft(
            kind=PartyKind.ORGANISATION,
            name=name,
            code=credit_code(serial),
            address=address,
            subfields=subfields,
        )
        enter(stage, nick, draft)
    nick, name, address, body = PERSON
    stall = PartyDraft(
        kind=PartyKind.PERSON, name=name, id_number=id_number(body), address=address, subfields=(FOOD,)
    )
    enter(stage, nick, stall)
    overlapping(stage)
    joined(stage)
    apart(stage)
    alone(stage)


def enter(stage: Stage, nick: str, draft: PartyDraft) -> None:
    """A party is taken into the register."""
    keeper = stage.officer("cq-amr")

    async def act() -> None:
        stage.numbers[nick] = await add_party(keeper, draft)

    stage.add((-40, "10:00"), f"register {nick}", act)


def window(stage: Stage, party: str, first: int, last: int, subfield: Subfield, subject: str, **more: Any) -> Any:
    """The opening form, once the party has its number."""
    return lambda: InspectionOpening(
        party=stage.numbers[party],
        first=stage.on(first),
        last=stage.on(last),
        subfield=subfield,
        subject=subject,
        **more,
    )


def overlapping(stage: Stage) -> None:
    """Two agencies mean to come to the same works in the same week: nobody has said anything yet."""
    eco = window(stage, "changhua", 5, 7, POLLUTION, "挥发性有机物治理设施运行情况、危险废物贮存场所和台账")
    stage.story("ip.changhua.eco", "inspection").opens((-4, "10:25"), stage.officer("cq-ecoenv"), eco)
    em = window(stage, "changhua", 6, 8, CHEMICALS, "重大危险源包保责任落实、装置检维修作业票证")
    stage.story("ip.changhua.em", "inspection").opens((-1, "15:10"), stage.officer("cq-em"), em)


def joined(stage: Stage) -> None:
    """Of two plans for the same port, one joint inspection was made."""
    fire = window(stage, "guoyuan", 3, 4, FIRE, "库区消防设施完好情况、危险货物分区隔离")
    stage.story("ip.guoyuan.fire", "inspection").opens((-9, "09:20"), stage.officer("cq-fire"), fire)
    em = window(stage, "guoyuan", 3, 5, CHEMICALS, "危险化学品储存安全评价、应急预案演练情况")
    own = stage.story("ip.guoyuan.em", "inspection").opens((-8, "14:10"), stage.officer("cq-em"), em)
    proposal = JointProposal(
        agency=stage.agency("cq-fire"),
        first=stage.on(3),
        last=stage.on(4),
        proposal="建议合并为一次联合检查：应急管理部门检查储存条件和预案，消防救援机构检查消防设施，当场一并反馈。",
    )
    own.takes((-7, "09:30"), stage.officer("cq-em"), "propose_join", proposal)
    answer = JointAnswer(remark="同意合并，我单位派两名消防监督人员参加。")
    own.takes((-6, "11:15"), stage.head("cq-fire"), "accept_join", answer)


def apart(stage: Stage) -> None:
    """Both give their reasons: two inspections are needed."""
    amr = window(stage, "hotpot", 2, 3, FOOD, "后厨环境、食品添加剂使用、餐饮具消毒")
    one = stage.story("ip.hotpot.amr", "inspection").opens((-7, "10:40"), stage.officer("cq-amr"), amr)
    fire = window(stage, "hotpot", 2, 2, FIRE, "燃气使用场所疏散通道、油烟管道清洗记录")
    two = stage.story("ip.hotpot.fire", "inspection").opens((-6, "15:25"), stage.officer("cq-fire"), fire)
    food = SeparateReason(reason="食品抽检须在晚间营业高峰取样，与消防检查的白天停业时段不能重合。")
    one.takes((-5, "09:50"), stage.head("cq-amr"), "separate", food)
    exits = SeparateReason(reason="消防检查须在停业状态下测试联动设备，安排在上午，不影响食品抽检。")
    two.takes((-4, "10:05"), stage.head("cq-fire"), "separate", exits)


def alone(stage: Stage) -> None:
    """One plan that nobody else's meets, one that is done."""
    ktv = window(
        stage, "ktv", 9, 10, CULTURE, "娱乐场所经营许可、未成年人保护措施", annual_check="年度娱乐场所检查"
    )
    stage.story("ip.ktv", "inspection").opens((-3, "16:00"), stage.officer("cq-culture"), ktv)
    fleet = window(stage, "yutong", -5, -4, ROADS, "危货车辆动态监控、驾驶员和押运员从业资格")
    done = stage.story("ip.yutong", "inspection").opens((-12, "09:15"), stage.officer("cq-transport"), fleet)
    result = InspectionResult(
        done_on=stage.on(-4),
        result="检查车辆档案三十二份、动态监控记录一周，发现两台车辆卫星定位离线未及时处理，已当场下达责令改正通知书。",
    )
    done.takes((-4, "17:10"), stage.officer("cq-transport"), "done", result)
