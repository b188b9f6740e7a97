"""The API of every family: list, open, one record, and each step with the schema of its form."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter, QueryParameter
from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.asks import Asked
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.family import Family
from shared_resources.kernel.casework.queries import CaseFilter, CaseLine, CasePage, Choice, case_list, case_page
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.procedure import Step
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.schemas.casework import (
    CaseBrief,
    CasesView,
    CaseView,
    ChoiceView,
    FilingView,
    LetterView,
    PartyView,
)
from shared_resources.kernel.web.reader import reader_of

WebRequest = Request[Any, Any, Any]


class Note(BaseModel):
    """An act without a form: a reason where one is needed, the version that was seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    note: str | None = Field(default=None, max_length=4000)
    version: int | None = None


def api_of(family: Family) -> list[HTTPRouteHandler]:
    """The routes of one family below ``/api/v1``."""
    address, tags, name = f"/api/v1{family.address}", ["records"], camel(family.kind)

    @get(address, operation_id=f"list{name}", summary=family.label, tags=tags)
    async def listed(
        actor: Actor,
        part: Relation | None = None,
        record_state: Annotated[str | None, QueryParameter(name="state", max_length=60)] = None,
        q: Annotated[str | None, Parameter(max_length=100)] = None,
        ended: bool = False,
        cursor: str | None = None,
        size: Annotated[int | None, Parameter(ge=1, le=200)] = None,
    ) -> CasesView:
        """Records that one's agency is on, the newest first; open ones unless told otherwise."""
        wanted = CaseFilter(part, record_state, q or "", ended)
        found = await case_list(actor, family, wanted, cursor=cursor, size=size)
        return CasesView(records=tuple(map(brief, found.lines)), next=found.next)

    @get(address + "/{number:str}", operation_id=f"get{name}", summary=family.procedure.label, tags=tags)
    async def one(request: WebRequest, actor: Actor, number: str) -> CaseView:
        """With its forms, letters, deadlines and what can be done now."""
        return view(request, await case_page(actor, family, number))

    routes: list[HTTPRouteHandler] = [listed, one]
    if family.open is not None and family.opening is not None:
        routes.append(opening_of(family, address, tags, name))
    steps = {step.name: step for step in family.procedure.steps if step.permission is not None}
    return [*routes, *(step_of(family, step, address, tags, name) for step in steps.values())]


def opening_of(family: Family, address: str, tags: list[str], name: str) -> HTTPRouteHandler:
    """The route that opens a record."""
    assert family.opening is not None

    async def opened(
        request: WebRequest,
        actor: Actor,
        data: Asked,
        act_id: str | None,
        about: Annotated[str | None, Parameter(max_length=40)] = None,
    ) -> CaseView:
        """``about``: the number of a record that it concerns."""
        moved = await open_case(actor, family, data, about=about, act_id=act_id)
        return view(request, await case_page(actor, family, moved.number))

    opened.__annotations__["data"] = family.opening
    return post(address, operation_id=f"open{name}", summary=family.new_label, tags=tags)(opened)


def step_of(family: Family, step: Step, address: str, tags: list[str], name: str) -> HTTPRouteHandler:
    """The route that takes one step: its form is the body, or a note where it has none."""

    async def taken(
        request: WebRequest,
        actor: Actor,
        number: str,
        data: Asked,
        act_id: str | None,
        note: Annotated[str | None, Parameter(max_length=4000)] = None,
        version: int | None = None,
    ) -> CaseView:
        """The record as the step left it. ``version``: the one that was seen; a newer one refuses the step."""
        await take_step(actor, family, number, step.name, data, note=note, version=version, act_id=act_id)
        return view(request, await case_page(actor, family, number))

    async def noted(request: WebRequest, actor: Actor, number: str, data: Note, act_id: str | None) -> CaseView:
        """The record as the step left it."""
        await take_step(actor, family, number, step.name, note=data.note, version=data.version, act_id=act_id)
        return view(request, await case_page(actor, family, number))

    handler: Any = noted
    if step.form is not None:
        taken.__annotations__["data"] = step.form
        handler = taken
    return post(
        f"{address}/{{number:str}}/{step.name}",
        operation_id=f"{camel(step.name, lower=True)}{name}",
        summary=step.label,
        tags=tags,
        status_code=200,
    )(handler)


def camel(words: str, *, lower: bool = False) -> str:
    """``joint_operation`` as ``JointOperation``."""
    joined = "".join(word.capitalize() for word in words.split("_"))
    return joined[0].lower() + joined[1:] if lower else joined


def brief(line: CaseLine) -> CaseBrief:
    """A record of a list."""
    parties = tuple(PartyView(part=part, name_zh=zh, name_en=en) for part, zh, en in line.parties)
    return CaseBrief(
        number=line.number,
        title=line.title,
        state=line.state,
        opened_at=line.opened_at,
        parties=parties,
        due=line.due,
    )


def view(request: WebRequest, case: CasePage) -> CaseView:
    """A record with everything on it; sensitive values are for the parties."""
    facts = case.facts
    return CaseView(
        number=facts.number,
        kind=facts.kind,
        title=facts.title,
        state=facts.state,
        version=facts.version,
        opened_at=facts.opened_at,
        parties=tuple(
            PartyView(part=part, name_zh=facts.agencies[id_].name_zh, name_en=facts.agencies[id_].name_en)
            for part, id_ in facts.parties.pairs
        ),
        choices=tuple(_choice(request, choice) for choice in case.choices),
        dues=case.dues,
        filings=tuple(
            FilingView(step=each.step, form=each.form, body=case.readable(each), agency=each.agency, at=each.at)
            for each in facts.filings
        ),
        letters=tuple(
            LetterView(id=each.id, kind=each.kind, number=each.number, title=each.title, issued_at=each.issued_at)
            for each in facts.letters
        ),
        held_by=case.held_by,
    )


def _choice(request: WebRequest, choice: Choice) -> ChoiceView:
    step, language = choice.step, reader_of(request).language
    return ChoiceView(
        step=step.name,
        label=language.gettext(step.label),
        allowed=choice.allowed,
        reason=language.say(choice.reason) if choice.reason else None,
        needs_note=step.needs_note,
        form=step.form.__name__ if step.form else None,
        document=step.document or None,
    )
