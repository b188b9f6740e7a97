"""The register for programs: items, their states, certificates, photos, stock lists and labels."""

from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter, QueryParameter

from shared_resources.equipment.queries.certificates import due_certificates
from shared_resources.equipment.queries.labels import labels_of_codes
from shared_resources.equipment.queries.register import counts, item_journal, item_page, items
from shared_resources.equipment.rules.certificates import WARN_DAYS
from shared_resources.equipment.schemas.register import (
    CertificateDraft,
    CertificateMade,
    CertificateVoid,
    DueLine,
    ImportDraft,
    ImportReport,
    ItemDraft,
    ItemEdit,
    ItemFilter,
    ItemFull,
    ItemList,
    ItemMade,
    ItemMove,
    ItemPage,
    ItemStep,
    JournalView,
    Label,
    PhotoDraft,
    Resource,
    StateCount,
)
from shared_resources.equipment.service.certificates import add_certificate, void_certificate
from shared_resources.equipment.service.imports import import_items
from shared_resources.equipment.service.register import (
    add_photo,
    change_item_state,
    edit_item,
    move_item_to_depot,
    register_item,
)
from shared_resources.kernel.codes import label_origin
from shared_resources.kernel.permissions import Actor, not_found
from shared_resources.settings import settings

ITEM = Example(
    summary="A gas detector in good condition",
    value={
        "asset_no": "YJ-2026-0142",
        "serial": "GX4-8812093",
        "model": "0192f1c2-0000-7000-8000-000000000001",
        "depot": "0192f1c2-0000-7000-8000-000000000002",
        "condition": "good",
    },
)
STEP = Example(summary="To repair", value={"step": "send_to_repair", "note": "通气测试不合格", "version": 3})
CERTIFICATE = Example(
    summary="A yearly verification",
    value={
        "kind": "verification",
        "number": "JJG693-2026-00871",
        "issuer": "市计量质量检测研究院",
        "valid_from": "2026-03-01",
        "valid_to": "2027-02-28",
    },
)
LIST = Example(
    summary="Two columns more than needed do no harm",
    value={
        "text": "资产编号,型号,装备库\nYJ-2026-0142,GX-4 四合一气体检测仪,江北嘴应急装备库\n",
        "dry_run": True,
    },
)

Code = Annotated[
    str, Parameter(description="code on the label, bare or grouped", examples=[Example(value="7Q2MK4V3")])
]
Text = Annotated[str | None, Parameter(description="words in a name, or a number of one's own", max_length=100)]
Slug = Annotated[str | None, Parameter(description="slug of the owner", max_length=60)]
Kind = Annotated[str | None, Parameter(description="code of the category", max_length=60)]


@get("/api/v1/items", operation_id="listItems", summary="Items; one's own in full", tags=["items"])
async def item_list(
    actor: Actor,
    q: Text = None,
    agency: Slug = None,
    category: Kind = None,
    resource: Resource | None = None,
    depot: UUID | None = None,
    model: UUID | None = None,
    itemstate: Annotated[str | None, QueryParameter(name="state", max_length=20)] = None,
    cursor: str | None = None,
    size: Annotated[int | None, Parameter(ge=1, le=200)] = None,
) -> ItemList:
    """By category, model and owner."""
    wanted = ItemFilter(
        agency=agency, category=category, resource=resource, depot=depot, model=model, state=itemstate, q=q
    )
    return await items(actor, wanted, cursor=cursor, size=size)


@get("/api/v1/items/counts", operation_id="countItems", summary="Items in each state", tags=["items"])
async def item_counts(
    actor: Actor, q: Text = None, agency: Slug = None, category: Kind = None, resource: Resource | None = None
) -> list[StateCount]:
    """States without an item are left out."""
    return await counts(actor, ItemFilter(agency=agency, category=category, resource=resource, q=q))


@post("/api/v1/items", operation_id="registerItem", summary="Enter an item of one's agency", tags=["items"])
async def register(
    actor: Actor, data: Annotated[ItemDraft, Body(examples=[ITEM])], act_id: str | None
) -> ItemMade:
    """Its code is drawn and returned."""
    made = await register_item(actor, data, act_id=act_id)
    return ItemMade(code=made.code, number=made.number)


@post(
    "/api/v1/items/import",
    operation_id="importItems",
    summary="Enter a stock list, all rows or none",
    tags=["items"],
    status_code=200,
)
async def import_list(
    actor: Actor, data: Annotated[ImportDraft, Body(examples=[LIST])], act_id: str | None
) -> ImportReport:
    """With ``dry_run`` only the faults are looked for; with faults nothing is entered either way."""
    return await import_items(actor, data.text, dry_run=data.dry_run, act_id=act_id)


@get(
    "/api/v1/items/{code:str}", operation_id="getItem", summary="One item and when it is occupied", tags=["items"]
)
async def one_item(actor: Actor, code: Code) -> ItemPage:
    """In full for its owner; kind, place and free or busy for everybody else."""
    return await item_page(actor, code)


@put("/api/v1/items/{code:str}", operation_id="editItem", summary="Correct an item", tags=["items"])
async def correct(actor: Actor, code: Code, data: ItemEdit, act_id: str | None) -> ItemPage:
    """All four values are set; the journal names those that changed."""
    await edit_item(actor, code, data, act_id=act_id)
    return await item_page(actor, code)


@get(
    "/api/v1/items/{code:str}/journal",
    operation_id="getItemJournal",
    summary="What was done to it",
    tags=["items"],
)
async def journal(actor: Actor, code: Code) -> list[JournalView]:
    """Newest first; for its owner's people."""
    found = (await item_page(actor, code)).item
    if not isinstance(found, ItemFull):
        raise not_found()
    return await item_journal(actor, found.owner, found.id)


@post(
    "/api/v1/items/{code:str}/state",
    operation_id="stepItem",
    summary="A step of its procedure",
    tags=["items"],
    status_code=200,
)
async def step(
    actor: Actor, code: Code, data: Annotated[ItemStep, Body(examples=[STEP])], act_id: str | None
) -> ItemPage:
    """To repair, back, reserve, retire; later bookings are planned anew."""
    await change_item_state(actor, code, data.step, note=data.note, act_id=act_id, version=data.version)
    return await item_page(actor, code)


@post(
    "/api/v1/items/{code:str}/depot",
    operation_id="moveItem",
    summary="To another depot",
    tags=["items"],
    status_code=200,
)
async def move(actor: Actor, code: Code, data: ItemMove, act_id: str | None) -> ItemPage:
    """One line of custody, kind ``move``."""
    await move_item_to_depot(actor, code, data.depot, data.note, act_id=act_id)
    return await item_page(actor, code)


@post(
    "/api/v1/items/{code:str}/photos",
    operation_id="addItemPhoto",
    summary="A picture uploaded before",
    tags=["items"],
    status_code=204,
)
async def photo(actor: Actor, code: Code, data: PhotoDraft, act_id: str | None) -> None:
    """Shows the item as it is now."""
    await add_photo(actor, code, data.file, data.caption, act_id=act_id)


@post(
    "/api/v1/items/{code:str}/certificates",
    operation_id="addCertificate",
    summary="Add a certificate",
    tags=["items"],
)
async def certificate(
    actor: Actor, code: Code, data: Annotated[CertificateDraft, Body(examples=[CERTIFICATE])], act_id: str | None
) -> CertificateMade:
    """First and last day both count."""
    return CertificateMade(id=await add_certificate(actor, code, data, act_id=act_id))


@post(
    "/api/v1/items/{code:str}/certificates/{certificate_id:uuid}/void",
    operation_id="voidCertificate",
    summary="Declare a certificate void",
    tags=["items"],
    status_code=204,
)
async def void(actor: Actor, code: Code, certificate_id: UUID, data: CertificateVoid, act_id: str | None) -> None:
    """It stays in the history."""
    await void_certificate(actor, code, certificate_id, data.reason, act_id=act_id)


@get("/api/v1/certificates/due", operation_id="listDueCertificates", summary="What lapses soon", tags=["items"])
async def due(
    actor: Actor, days: Annotated[int, Parameter(ge=0, le=366, description="days ahead")] = WARN_DAYS
) -> list[DueLine]:
    """Lapsed and missing ones first."""
    return await due_certificates(actor, days)


@get("/api/v1/labels", operation_id="getLabels", summary="Labels as SVG paths", tags=["items"])
async def labels(
    actor: Actor,
    code: Annotated[list[str], Parameter(description="codes of one's own items", max_items=480)],
) -> list[Label]:
    """The symbol is ``path`` in a square of ``modules`` units; nothing is journaled until a person prints."""
    return await labels_of_codes(actor, code, label_origin(settings().address, settings().label_host))


ROUTES: list[HTTPRouteHandler] = [
    item_list,
    item_counts,
    register,
    import_list,
    one_item,
    correct,
    journal,
    step,
    move,
    photo,
    certificate,
    void,
    due,
    labels,
]
