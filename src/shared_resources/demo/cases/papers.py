"""What lies on the records besides: papers with their declaration, links, electronic seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.demo.cases.stage import loan_of
from shared_resources.kernel import documents, storage
from shared_resources.kernel.attachments import attach
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.letters import Fields, Layout, LetterDraft, Paragraph, Signs
from shared_resources.kernel.links import link_records
from shared_resources.kernel.media_types import PDF
from shared_resources.kernel.schemas.attachments import AttachmentDraft, Confidentiality
from shared_resources.kernel.seals import sign_letter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from shared_resources.demo.cases.stage import Stage, When
    from shared_resources.kernel.permissions import Actor

TEXT = "text/plain"


def tell_papers(stage: Stage) -> None:
    """After their records are there."""
    attached(stage)
    linked(stage)
    sealed(stage)


def attached(stage: Stage) -> None:
    """A few papers, one of them sensitive."""
    plates = (
        "渝D·K3186挂　检验有效期至今年六月三十日\n"
        "渝D·K3190挂　检验有效期至今年七月十五日\n"
        "渝D·K3192挂　检验有效期内\n"
    )
    put(
        stage,
        "as.tanker",
        (-25, "09:50"),
        stage.officer("cq-transport"),
        "核查车辆清单",
        "核查车辆清单.txt",
        plates,
    )
    readings = "时间,氨浓度(ppm)\n13:40,185\n14:10,96\n15:00,42\n16:30,11\n17:10,未检出\n"
    put(stage, "as.gas", (-2, "17:40"), stage.officer("cq-em"), "现场监测数据", "现场监测数据.txt", readings)
    minutes = LetterDraft(
        kind="inspection_record",
        word="",
        title="现场检查笔录",
        layout=Layout.FORM,
        blocks=(
            Fields(
                (
                    ("检查地点", "江北嘴某项目工地"),
                    ("检查对象", "塔式起重机一台"),
                    ("检查人", stage.officer("cq-em").name),
                    ("在场人", "现场负责人蒋某"),
                )
            ),
            Paragraph("检查情况：力矩限制器显示屏无读数，司机陈述已失效三天。现场仍在吊运钢筋。"),
            Paragraph("处理意见：责令立即暂停使用，切断电源并张贴警示标识。"),
            Signs(("检查人", "在场人")),
        ),
    )
    print_on(stage, "tr.crane", (-23, "09:25"), stage.officer("cq-em"), "现场检查笔录", minutes)
    interview = (
        "问：最近三天有没有发现异常气味？答：有，主要在夜里十一点以后。\n"
        "问：是否影响休息？答：孩子咳嗽，只能关窗。\n"
    )
    put(
        stage,
        "fr.garage",
        (-5, "15:20"),
        stage.officer("cq-ecoenv"),
        "投诉人询问记录",
        "询问记录.txt",
        interview,
        Confidentiality.SENSITIVE,
    )
    opinion = (
        "一、江北嘴两处工地出土车辆冲洗台账复印件\n二、道路扬尘巡查照片（十二张）\n三、三次移交退回的函件复印件\n"
    )
    put(stage, "ds.muck", (-15, "10:10"), stage.officer("cq-housing"), "证据材料目录", "证据材料目录.txt", opinion)


def put(
    stage: Stage,
    nick: str,
    when: When,
    actor: Actor,
    label: str,
    name: str,
    text: str,
    kind: Confidentiality = Confidentiality.CASE,
) -> None:
    """A text is put on a record."""

    async def act() -> None:
        await lay(stage.numbers[nick], actor, label, name, TEXT, text.encode(), kind)

    stage.add(when, f"{nick}: attach", act)


def print_on(stage: Stage, nick: str, when: When, actor: Actor, label: str, draft: LetterDraft) -> None:
    """A printed form is put on a record."""

    async def act() -> None:
        number = stage.numbers[nick]
        pdf = await documents.paper(draft, issuer=actor.agency_name, number=number, foot=number)
        await lay(number, actor, label, f"{label}.pdf", PDF, pdf, Confidentiality.CASE)

    stage.add(when, f"{nick}: attach", act)


async def lay(
    number: str, actor: Actor, label: str, name: str, media_type: str, data: bytes, kind: Confidentiality
) -> None:
    """Send the file, then put it on the record with the declaration."""
    assert actor.agency is not None
    file = await storage.store(actor.agency, name, media_type, once(data), actor.person, True)
    await attach(actor, number, AttachmentDraft(file=file, label=label, confidentiality=kind, declared=True))


async def once(data: bytes) -> AsyncIterator[bytes]:
    """Bytes as an upload brings them."""
    yield data


def linked(stage: Stage) -> None:
    """Records that belong together, besides those that their acts have linked."""
    stage.story("loan.leak", "assistance").found(stage.now, lambda: loan_of(stage, "cq-em", "化工园区泄漏处置"))
    link(stage, stage.now, stage.officer("cq-em"), "as.smell", "loan.leak", "uses")
    link(stage, (-1, "16:30"), stage.officer("cq-transport"), "as.dock", "as.tanker", "follows")


def link(stage: Stage, when: When, actor: Actor, source: str, target: str, kind: str) -> None:
    """One record points to another."""

    async def act() -> None:
        await link_records(actor, stage.numbers[source], stage.numbers[target], kind)

    stage.add(when, f"{source}: link", act)


def sealed(stage: Stage) -> None:
    """A handful of letters bear the seal of their agency; an electronic transfer cannot leave without."""
    for nick, kind, when, actor in (
        ("tr.shore", "transfer_letter", (-3, "14:50"), stage.head("cq-ecoenv")),
        ("tr.shore", "transfer_inventory", (-3, "14:52"), stage.head("cq-ecoenv")),
        ("as.tanker", "assistance_letter", (-25, "11:20"), stage.head("cq-transport")),
        ("as.tanker", "assistance_reply", (-23, "09:20"), stage.head("cq-amr")),
        ("as.dock", "assistance_letter", (-1, "16:05"), stage.head("cq-transport")),
        ("je.road", "operation_report", (-2, "15:45"), stage.head("cq-em")),
        ("ds.ship", "dispute_decision", (-4, "17:15"), stage.leader("cq-gov")),
        ("mt.road", "minutes", (-11, "15:20"), stage.head("cq-em")),
    ):
        seal(stage, when, actor, nick, kind)


def seal(stage: Stage, when: When, actor: Actor, nick: str, kind: str) -> None:
    """The newest letter of a kind on a record gets the seal of the agency that issued it."""

    async def act() -> None:
        await sign_letter(actor, await letter_of(stage.numbers[nick], kind))

    stage.add(when, f"{nick}: seal {kind}", act)


async def letter_of(number: str, kind: str) -> UUID:
    """The newest letter of a kind on a record."""
    async with reading() as db:
        found: UUID = await db.fetchval(
            "SELECT d.id FROM document d JOIN record r ON r.id = d.record WHERE r.number = $1 AND d.kind = $2"
            " ORDER BY d.issued_at DESC LIMIT 1",
            number,
            kind,
        )
    return found
