"""Nine delegations: closed, tested again, at the bench, in doubt, on site, waiting, declined, partly damaged."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from shared_resources.demo.cases.stage import form, number_of
from shared_resources.demo.laboratories.appraising import Appraising, store_of
from shared_resources.demo.laboratories.register import LABS, enter_laboratories
from shared_resources.equipment.schemas.register import FailedCheckDraft
from shared_resources.equipment.service.certificates import record_failed_check
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Role
from shared_resources.lab.schemas import delegations as forms
from shared_resources.lab.schemas.samples import Destroying, PuttingAway, Retaining
from shared_resources.lab.service.samples import destroy, put_away, retain
from shared_resources.lab.service.shipments import close_shipment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.demo.cases.stage import Stage

BY_NICK = {lab.nick: lab for lab in LABS}
CASES: Mapping[str, Mapping[str, Any]] = {
    "rice": {
        "client": "cq-amr",
        "lab": "food",
        "case": "巴南某粮油店销售不合格大米案",
        "question": "送检大米铅含量是否符合国家标准？",
        "material": "大米",
        "tests": (("铅", "GB 5009.12-2023", "≤0.2 mg/kg"),),
        "found": {"铅": ("0.34", "mg/kg", "fails")},
    },
    "greens": {
        "client": "cq-amr",
        "lab": "food",
        "case": "观音桥农贸市场蔬菜农残案",
        "question": "送检黄瓜毒死蜱残留量是否超标？",
        "material": "黄瓜",
        "tests": (("毒死蜱", "GB 23200.113-2018", "≤0.02 mg/kg"),),
        "found": {"毒死蜱": ("0.08", "mg/kg", "fails")},
    },
    "outfall": {
        "client": "cq-water",
        "lab": "eco",
        "case": "果园港污水排口超标排放案",
        "question": "送检水样是否超过排放标准？",
        "material": "排口水样",
        "unit": "L",
        "tests": (("化学需氧量", "HJ 828-2017", "≤100 mg/L"), ("氨氮", "HJ 535-2009", "≤15 mg/L")),
    },
    "plating": {
        "client": "d-500101",
        "lab": "eco",
        "case": "万州某电镀厂超标排放案",
        "question": "送检废水总铬是否超标？",
        "material": "电镀废水",
        "unit": "L",
        "tests": (("总铬", "HJ 757-2015", "≤1.0 mg/L"),),
        "found": {"总铬": ("2.6", "mg/L", "fails")},
    },
    "lift": {
        "client": "cq-housing",
        "lab": "special",
        "case": "江北嘴某大厦电梯冲顶事故调查",
        "question": "该电梯制动器是否符合安全技术规范？",
        "material": "乘客电梯",
        "tests": (("制动试验", "TSG T7001-2023", "应能制停"),),
        "more": {"on_site": True, "site": "江北区江北嘴某大厦 2 号电梯"},
    },
    "charger": {
        "client": "cq-fire",
        "lab": "metro",
        "case": "解放碑电动自行车火灾调查",
        "question": "送检充电器防护性能是否符合标准？",
        "material": "充电器",
        "unit": "个",
        "tests": (("防护性能", "GB 42296-2022", "符合标准"),),
    },
    "pork": {
        "client": "cq-agri",
        "lab": "customs",
        "case": "某冷库无检疫证明猪肉案",
        "question": "送检猪肉是否携带非洲猪瘟病毒？",
        "material": "冷冻猪肉",
        "tests": (("非洲猪瘟病毒", "GB/T 18648-2020", "阴性"),),
    },
    "dried": {
        "client": "cq-commerce",
        "lab": "food",
        "case": "某电商仓库干制蔬菜抽检案",
        "question": "送检黄花菜二氧化硫是否超标？",
        "material": "干黄花菜",
        "tests": (("二氧化硫", "GB 5009.34-2022", "≤0.2 g/kg"),),
    },
}


async def tell_laboratories(stage: Stage) -> None:
    """The directory first, then every delegation."""
    labs = await enter_laboratories(stage, stage.at((-40, "08:30")))

    def ask(nick: str) -> Appraising:
        told = CASES[nick]
        return Appraising(stage, nick, **{**told, "lab": BY_NICK[told["lab"]], "number": labs[told["lab"]]})

    closed(ask("rice"))
    objected(stage, labs, ask("greens"))
    ask("outfall").testing(-5)
    doubtful(stage, ask("plating"))
    lift = ask("lift")
    lift.accepted(-3).takes((-1, "09:00"), lift.clerk, "begin")
    waiting(ask("charger"))
    declined(ask("pork"))
    damaged(ask("dried"))


def closed(one: Appraising) -> None:
    """From the seal to the end: what was left at the bench is destroyed, the other part kept."""
    officer = one.stage.officer(one.client)
    story = one.received(-34, "送检大米铅含量为 0.34 mg/kg，不符合 GB 2762-2022 的规定。")
    story.also((-26, "09:00"), "end", partial(settle, one))
    story.takes((-24, "10:00"), officer, "close")


async def settle(one: Appraising) -> None:
    """The bench's part goes back to the store and is destroyed; the other is kept half a year."""
    bench, kept = one.samples["bench"], one.samples["kept"]
    await put_away(one.clerk, bench, PuttingAway(store=await store_of(bench)))
    gone = Destroying(how="高温焚毁", first=one.clerk.name, second=one.analysts[0].name)
    await destroy(one.clerk, bench, gone)
    await retain(one.clerk, kept, Retaining(keep_until=clock.today() + timedelta(days=183)))


def objected(stage: Stage, labs: dict[str, str], one: Appraising) -> None:
    """The party objects; the kept part goes to another laboratory, which has accepted."""
    officer, leader = stage.officer(one.client), stage.leader(one.client)
    story = one.received(-24, "送检黄瓜毒死蜱残留量为 0.08 mg/kg，不符合 GB 2763-2021 的规定。")
    objection = lambda: form(  # noqa: E731 filled in when its time has come
        forms.Objection,
        party="重庆某商贸有限公司",
        objected_on=clock.today(),
        grounds="当事人认为样品保存条件不当。",
    )
    story.takes((-14, "10:20"), officer, "object", objection)
    again = lambda: form(  # noqa: E731 filled in when its time has come
        forms.Retest,
        laboratory=labs["agri"],
        needed_by=clock.today() + timedelta(days=30),
        reason="当事人在期限内提出异议并申请复检。",
    )
    story.takes((-12, "09:30"), leader, "grant_retest", again)
    retest = stage.story("appraisal-retest", "lab_delegation")
    retest.found((-12, "09:31"), lambda: retest_of(story.number))
    retest.takes((-12, "10:00"), officer, "submit").takes((-12, "14:20"), stage.head(one.client), "issue")
    clerk = stage.people.with_role("cq-agri", Role.LAB_CLERK)[0]
    accepted = lambda: form(  # noqa: E731 filled in when its time has come
        forms.Acceptance, agreed_due=clock.today() + timedelta(days=40), accepted_by=clerk.name
    )
    retest.takes((-11, "09:40"), clerk, "accept", accepted)


async def retest_of(number: str) -> str:
    """The delegation of the re-test."""
    return await number_of(
        "SELECT n.number FROM record r JOIN record_link l ON l.target = r.id AND l.kind = 'follows'"
        " JOIN record n ON n.id = l.source WHERE r.number = $1",
        number,
    )


def doubtful(stage: Stage, one: Appraising) -> None:
    """The instrument that measured failed its check afterwards: the client is warned."""
    code: dict[str, str] = {}

    async def choose() -> None:
        one.instrument, code["item"] = await instrument(stage)

    stage.add((-18, "08:00"), "an instrument is chosen", choose)
    one.reported(-17, "送检废水总铬为 2.6 mg/L，超过 GB 21900-2008 表 2 限值。")

    async def fail() -> None:
        draft = FailedCheckDraft(
            failed_on=clock.today(),
            notice_no=f"JL-{clock.today():%Y}-T0031",
            issuer="市计量质量检测研究院",
            why="示值误差超出最大允许误差",
        )
        await record_failed_check(stage.people.by_name["ecokeeper"], code["item"], draft)

    stage.add((-4, "11:00"), "an instrument fails its check", fail)


async def instrument(stage: Stage) -> tuple[str, str]:
    """Number and code of an instrument of the ecology bureau that is verified and was never lent."""
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT r.number, i.code FROM item i JOIN record r ON r.id = i.id JOIN certificate c ON c.item = i.id"
            " JOIN model m ON m.id = i.model"
            " WHERE i.owner = $1 AND r.state = 'available' AND c.valid_from <= $2 AND c.valid_to > $3"
            " AND c.voided_at IS NULL"
            " ORDER BY m.name_zh LIKE '%水%' DESC, EXISTS (SELECT FROM loan_line l WHERE l.item = i.id),"
            " r.number DESC LIMIT 1",
            stage.agency("cq-ecoenv"),
            stage.on(-20),
            stage.on(1),
        )
    if row is None:
        raise LookupError("the ecology bureau has no verified instrument")
    return row["number"], row["code"]


def waiting(one: Appraising) -> None:
    """The laboratory needs more: the agreed term stands still."""
    story = one.testing(-8)
    needed = form(forms.MoreNeeded, what="请补充同型号完好充电器 2 个作为对照样品。")
    story.takes((-2, "10:15"), one.clerk, "need_more", needed)


def declined(one: Appraising) -> None:
    """Not this material."""
    said = form(
        forms.Declining, ground=forms.DeclineGround.MATERIAL, reason="样品多次冻融，核酸降解，不具备检测条件。"
    )
    one.sent(-16).takes((-14, "10:05"), one.clerk, "decline", said)


def damaged(one: Appraising) -> None:
    """Three samples sent: one whole, one damaged, one missing."""
    story = one.accepted(-2)
    for number in ("1", "2", "3"):
        story.also((-1, f"09:0{number}"), "sample", one.take(number))
    story.also((-1, "10:30"), "ship", one.ship)

    async def arrive() -> None:
        await one.arrive("1")
        await one.arrive("2", found="damaged", seal="broken", note="外包装受潮破损，封条撕裂，已拍照。")
        await close_shipment(one.clerk, one.stage.numbers[f"shipment-{one.nick}"])

    story.also((-1, "15:10"), "receive", arrive)
