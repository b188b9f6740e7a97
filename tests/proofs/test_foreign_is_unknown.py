"""Whose business it is not sees no difference between what another agency has and what is not there at all.

Every route of the application with an id in its path is asked twice by people of a third agency: once with a real
id, once with a made-up one. Status and body are the same, but for the id itself.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.codes import code_of
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.media_types import PDF
from shared_resources.kernel.permissions import Role
from tests.cases.inspections import story as inspecting
from tests.cases.inspections.story import make_party
from tests.clients import Browser, application, client_for
from tests.kernel.papers_story import pdf_with
from tests.proofs.bodies import body_of, query_of
from tests.proofs.scene import Scene
from tests.proofs.walks import BY_KIND, MORNING
from tests.proofs.walks.together import FIRST, LAST

if TYPE_CHECKING:
    import httpx


PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
NO_THING = {
    "/docs/{name:str}": "pages of the manual",
    "/feeds/{name:str}": "the address is the secret",
    "/sign-in/link/{key:str}": "the address is the secret",
}
"""Routes whose parameter names nothing that an agency has."""
KNOWN_TO_ALL = {
    "/agencies/{slug:str}",
    "/api/v1/agencies/{slug:str}",
    "/api/v1/parties/{number:str}",
    "/api/v1/parties/{number:str}/inspections",
    "/parties/{number:str}",
    "/laboratories/{number:str}",
    "/laboratories/{number:str}/scope.csv",
    "/laboratories/{number:str}/scope.xlsx",
    "/api/v1/laboratories/{number:str}",
    "/api/v1/laboratories/{number:str}/scope",
    "/footage-sources/{number:str}",
    "/api/v1/footage-sources/{number:str}",
    "/api/v1/depots/{identifier:uuid}",
    "/api/v1/items/{code:str}",
    "/api/v1/models/{identifier:uuid}",
    "/depots/{identifier:uuid}",
    "/items/{code:str}",
    "/models/{identifier:uuid}",
    "/T/{code:str}",
    "/t/{code:str}",
}
"""Read by every working colleague (ROLES.md): type, place, free or busy; the register of regulated parties, with
who plans to inspect them and when (JE-1b), but not the plans."""
EDITS_OF_KNOWN = {
    "/admin/agencies/{slug:str}/edit",
    "/api/v1/models/{identifier:uuid}",
    "/models/{identifier:uuid}/edit",
    "/laboratories/{number:str}/add/{part:str}",
    "/laboratories/{number:str}/edit",
    "/laboratories/{number:str}/end/{part:str}/{entry:uuid}",
    "/laboratories/{number:str}/retire",
    "/laboratories/{number:str}/scope/import",
    "/api/v1/laboratories/{number:str}/certificates",
    "/api/v1/laboratories/{number:str}/closures",
    "/api/v1/laboratories/{number:str}/scope",
    "/api/v1/laboratories/{number:str}/signatories",
    "/footage-sources/{number:str}/clock",
    "/footage-sources/{number:str}/edit",
    "/footage-sources/{number:str}/retire",
    "/parties/{number:str}/edit",
    "/parties/{number:str}/plan",
    "/tracker-models/{model:uuid}/edit",
}
"""Changing what everybody knows to exist: refused as such, or done by any custodian (the common catalogue)."""
FORM = {
    **dict.fromkeys(("note", "reason", "name", "number", "issuer", "asset_no", "name_zh", "name_en"), "测试"),
    **dict.fromkeys(("depot", "person", "line", "lines", "model"), "01980000-0000-7000-8000-000000000001"),
    **dict.fromkeys(("valid_from", "valid_to", "first_day", "last_day"), "2027-03-01"),
    **{"starts_at": "2027-03-01T09:00", "ends_at": "2027-03-01T12:00", "phone": "023-1", "step": "retire"},
    **{"condition": "good", "kind": "verification", "direction": "out", "role": "clerk", "version": "1"},
}
"""Fields of every form of ours: what is refused is refused for the id."""
SCANS = {"/seals/letters/{document:uuid}/file"}
"""Forms that are nothing without their file."""
PASSES_ON = {("GET", "/H/{handover:str}"): 303}
"""The short address of a QR code leads to the hand-over's page, whatever stands there."""
STEP = "{step:str}"
Route = tuple[str, str]


def with_steps(path: str) -> list[str]:
    """The path once for each step that its kind of record knows; just itself where it names none."""
    if STEP not in path or path.startswith("/loans/"):
        return [path]
    (family,) = [family for family in BY_KIND.values() if path.startswith(f"{family.address}/")]
    steps = dict.fromkeys(step.name for step in family.procedure.steps)
    return [path.replace(STEP, step) for step in (*steps, "safety_act", "no_such_step")]


def routes() -> list[Route]:
    """Method and path of every route with a parameter that names a thing, and every step of every family."""
    litestar = application().app.app
    found = {
        (method, path)
        for route in litestar.routes
        if PARAMETER.search(route.path)
        and route.path not in NO_THING
        and not route.path.startswith(("/static/", "/schema/"))
        for method in getattr(route, "methods", ())
        if method not in ("HEAD", "OPTIONS")
        for path in with_steps(route.path)
    }
    return sorted(found)


ROUTES = routes()


async def real_ids(scene: Scene) -> dict[str, str]:
    """What a path's parameter is called in the house, and such a thing of the owner's."""
    async with reading() as db:
        cart = await db.fetchval("SELECT cart FROM loan WHERE id = $1", scene.loans["requested"].id)
        mail = await db.fetchval("SELECT id FROM mail LIMIT 1")
    named: dict[str, Any] = {
        "agencies/slug": "owner",
        "bookings/identifier": cart,
        "carts/identifier": cart,
        "appointment_id": scene.appointment,
        "certificate": scene.certificate,
        "certificate_id": scene.certificate,
        "closure": scene.closure,
        "code": scene.loans["returned"].codes[0],
        "depots/identifier": scene.depots["owner"],
        "desks/id": scene.desk,
        "feed": scene.feed,
        "file": scene.photo,
        "handover": scene.out_handover,
        "mailbox/id": mail or uuid4(),
        "incidents/number": scene.incident,
        "loans/number": scene.loans["requested"].number,
        "models/identifier": scene.model,
        "admin/notices/number": scene.notice,
        "notice": scene.told,
        "notices/id": scene.told,
        "people/id": scene.subject.person,
        "rule": scene.rule,
        "session": scene.session,
        "shifts/id": scene.shift,
        "step": "approve",
        "attachment": scene.papers.attachment,
        "document": scene.papers.document,
        "signature": scene.papers.signature,
        "parties/number": scene.papers.party,
        "records/number": scene.papers.numbers["assistance"],
        **{f"{BY_KIND[kind].address[1:]}/number": number for kind, number in scene.papers.numbers.items()},
        "token": scene.token,
        "footage/number": scene.papers.films.footage,
        "footage-copies/copy": scene.papers.films.copy,
        "footage-openings/opening": scene.papers.films.opening,
        "footage-uploads/upload": scene.papers.films.upload,
        "footage-sources/number": scene.papers.films.source,
        "laboratories/number": scene.papers.specimens.laboratory,
        "part": "scope",
        "entry": scene.papers.specimens.scope,
        "samples/number": scene.papers.specimens.sample,
        "samples/code": scene.papers.specimens.code,
        "S/code": scene.papers.specimens.code,
        "shipments/number": scene.papers.specimens.shipment,
        "bench/code": scene.papers.specimens.bench,
        "act": "clear",
        "result": scene.papers.specimens.result,
        "result_id": scene.papers.specimens.result,
        "hold_id": scene.papers.films.hold,
        "at": "17171",
        "alarms/number": scene.alarm,
        "areas/area": uuid4(),
        "checkins/identifier": scene.proposed_checkin,
        "credentials/credential": scene.credential,
        "tracker-models/model": scene.device_model,
        "tracker-sources/key": scene.source,
        "trackers/number": scene.tracker,
    }
    return {name: str(value) for name, value in named.items()}


def name_in(ids: dict[str, str], path: str, start: int, name: str) -> str:
    """What the parameter ``name`` at this place of the path is called; the longest name wins."""
    before = path[:start].rstrip("/").split("/")
    for words in (before[-2:], before[-1:]):
        if "/".join([*words, name]) in ids:
            return "/".join([*words, name])
    return name


def made_up(name: str, real: str) -> str:
    """An id of the same form that nothing has."""
    if name == "code":
        return code_of([1, 2, 3, 4, 5, 6, 7])
    if name == "step":
        return real
    try:
        UUID(real)
    except ValueError:
        return "nobody" if name.endswith(("slug", "key")) else re.sub(r"\d+$", "99999", real)
    return str(uuid4())


def address(ids: dict[str, str], path: str, *, real: bool) -> tuple[str, list[str]]:
    """The path with its parameters filled in, and what was filled in."""
    filled: list[str] = []

    def fill(match: re.Match[str]) -> str:
        name = name_in(ids, path, match.start(), match[1])
        filled.append(ids[name] if real else made_up(name, ids[name]))
        return filled[-1]

    return PARAMETER.sub(fill, path), filled


def case_body(scene: Scene, path: str) -> Any:
    """The body of a family's step as somebody of the record would send it; None for other paths."""
    for kind, walk in scene.papers.walks.items():
        if path.startswith(f"/api/v1{BY_KIND[kind].address}/"):
            step = path.rpartition("/")[2]
            if step in ("samples", "shipments"):
                return None
            form = walk.form(step)
            return form.model_dump(mode="json") if form is not None else {"note": "理由如此。"}
    return None


async def ask(browser: Browser, method: str, path: str, to: str, body: Any = None) -> httpx.Response:
    """One request, as a page or a script of ours sends it; with ``body`` or the least that the document allows."""
    if path.startswith("/api/"):
        query = "&".join(f"{name}={value}" for name, value in query_of(method, path).items())
        return await browser.ask(
            method, f"{to}?{query}", None if method == "GET" else body or body_of(method, path)
        )
    if method == "GET":
        return await browser.page(to)
    files = {"scan": ("scan.pdf", pdf_with("scan"), PDF)} if path in SCANS else None
    return await browser.send(to, files=files, **FORM)


def told(answer: httpx.Response, filled: list[str]) -> tuple[int, str, str]:
    """Status, place and body of an answer, without the id that was asked for and the number of the request."""
    text = answer.text.replace(answer.headers["x-request-id"], "-")
    for one in filled:
        text = text.replace(one, "-")
    text = re.sub(r'name="act_id" value="[^"]+"', "", text)
    return answer.status_code, answer.headers.get("location", "").replace(filled[0], "-"), text


@pytest.mark.parametrize("role", [Role.OFFICER, Role.CUSTODIAN, Role.AGENCY_ADMIN])
async def test_what_is_foreign_answers_as_if_it_were_not_there(scene: Scene, role: Role) -> None:
    """Read or written, page or API: 404 both times, or the same 403 both times where the role alone decides."""
    ids, different, known = await real_ids(scene), list[Any](), dict[Route, int]()
    async with client_for(scene.actor("third", role)) as browser:
        await browser.page("/nothing-here")
        for method, path in ROUTES:
            if method == "GET" and path in KNOWN_TO_ALL:
                continue
            (there, real), (nowhere, fake) = (address(ids, path, real=one) for one in (True, False))
            body = case_body(scene, path)
            found = told(await ask(browser, method, path, there, body), real)
            unknown = told(await ask(browser, method, path, nowhere, body), fake)
            if path in EDITS_OF_KNOWN and unknown[0] in (403, 404, 422):
                continue
            if found != unknown:
                different.append((method, path, found, unknown))
            if found[0] not in (403, 404) and PASSES_ON.get((method, path)) != found[0]:
                known[method, path] = found[0]
    assert not different, different
    assert not known, known


async def test_what_every_colleague_may_read_is_there_for_the_third_agency(scene: Scene) -> None:
    """The exceptions are exceptions: shown for a real id, 404 for a made-up one."""
    ids = await real_ids(scene)
    with clock.at(clock.now()):
        async with client_for(scene.actor("third", Role.OFFICER)) as browser:
            for path in sorted(KNOWN_TO_ALL):
                answer = await ask(browser, "GET", path, address(ids, path, real=True)[0])
                assert answer.status_code in (200, 303), path
                answer = await ask(browser, "GET", path, address(ids, path, real=False)[0])
                assert answer.status_code == 404, path


async def both_ways(browser: Browser, method: str, to: str, real: str, body: Any) -> tuple[Any, Any]:
    """What is told of a real number and of a made-up one, each put where ``*`` stands."""
    answers = []
    for number in (real, made_up("number", real)):
        filled = {name: number if value == "*" else value for name, value in body.items()}
        answers.append(told(await browser.ask(method, to.replace("*", number), filled), [number]))
    return answers[0], answers[1]


async def test_a_foreign_number_in_a_form_or_a_query_is_unknown_too(fresh: Scene) -> None:
    """As what a new record is about, as the other end of a link, as a loan to be linked: nothing is given away."""
    papers, third = fresh.papers, fresh.cast.third
    with clock.at(MORNING):
        own = await inspecting.plan(third.officer, await make_party(third.officer), FIRST, LAST)
    numbers = {**papers.numbers, "loan": fresh.loans["requested"].number}
    async with client_for(third.head) as browser:
        for kind, real in numbers.items():
            link = {"other": "*", "kind": "about"}
            answers = await both_ways(browser, "POST", f"/api/v1/records/{own.number}/links", real, link)
            assert answers[0] == answers[1], kind
            assert answers[0][0] == 422, kind
            for family in BY_KIND.values():
                if family.open is None or family.opening is None:
                    continue
                async with reading() as db:
                    body = await db.fetchval(
                        "SELECT body FROM filing f JOIN record r ON r.id = f.record WHERE r.number = $1"
                        " AND f.step = $2",
                        papers.numbers[family.kind],
                        family.procedure.opening,
                    )
                to = f"/api/v1{family.address}?about=*"
                answers = await both_ways(browser, "POST", to, real, json.loads(body))
                assert answers[0] == answers[1], (kind, family.kind)
                assert answers[0][0] == 404, (kind, family.kind)
            for page in (f"{family.address}/new?about=*" for family in BY_KIND.values() if family.open):
                shown = [told(await browser.page(page.replace("*", one)), [one]) for one in (real, "XX2026-99999")]
                assert [one[0] for one in shown] == [404, 404], page
                assert shown[0] == shown[1], page


async def test_lists_feeds_and_search_hold_nothing_foreign(scene: Scene) -> None:
    """No number and no title of a record of owner and borrower is in what the third agency lists or finds."""
    papers = scene.papers
    lists = ["/", "/inbox", "/api/v1/inbox", "/coordination", "/figures", "/notices", "/search?q=危险化学品"]
    lists += [f"{prefix}/records?q=危险化学品" for prefix in ("/search", "/api/v1")]
    lists += [f"{prefix}{family.address}?ended=1" for family in BY_KIND.values() for prefix in ("", "/api/v1")]
    async with reading() as db:
        titles = await db.fetch(
            "SELECT title FROM record WHERE number = ANY($1)", [*scene.papers.numbers.values()]
        )
    async with client_for(scene.cast.third.head) as browser:
        for address in lists:
            answer = await browser.page(address)
            assert answer.status_code == 200, address
            for word in (*papers.numbers.values(), *(row["title"] for row in titles)):
                assert word not in answer.text, (address, word)
    async with client_for(scene.cast.owner.head) as browser:
        answer = await browser.page("/api/v1/records?q=危险化学品")
        assert papers.numbers["assistance"] in answer.text
