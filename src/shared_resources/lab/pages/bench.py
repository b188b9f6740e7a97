"""The bench: what waits, one sample by its code, results recorded and reviewed."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel import clock
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor, Permission, may
from shared_resources.kernel.web.asked import asked, drawn
from shared_resources.kernel.web.forms import Form, errors_of, form_of
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_
from shared_resources.lab.pages.asking import again, with_choices
from shared_resources.lab.queries.bench import BenchPage, bench, bench_page
from shared_resources.lab.rules.sample import SAMPLE
from shared_resources.lab.schemas.results import JUDGEMENT_LABELS, ResultDraft
from shared_resources.lab.service.bench import record_result, review_result
from shared_resources.lab.service.samples import take_to_bench

HERE = "/bench/{code:str}"


@get("/bench", include_in_schema=False)
async def listed(request: WebRequest, actor: Actor) -> Response[Any]:
    """What waits to be tested or reviewed."""
    return page(request, "lab/bench.html", lines=await bench(actor), states=SAMPLE.states, grouped=grouped)


@get(HERE, include_in_schema=False)
async def one(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """One sample by its code."""
    return await show(request, actor, code)


@post(HERE + "/take", include_in_schema=False)
async def take(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """Take it to the bench."""
    form = await form_of(request)
    try:
        await take_to_bench(actor, code, act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, code, refusal=refusal)
    return see_other(request, f"/bench/{code}", N_("It is at your bench."))


@post(HERE + "/result", include_in_schema=False)
async def record(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """Record a result."""
    form = await form_of(request)
    try:
        await record_result(actor, code, asked(ResultDraft, form), act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, code, form=form, refusal=refusal)
    return see_other(request, f"/bench/{code}", N_("The result is recorded. A second person reviews it."))


@post(HERE + "/review/{result:uuid}", include_in_schema=False)
async def review(request: WebRequest, actor: Actor, code: str, result: UUID) -> Response[Any]:
    """Review a result as a second person."""
    form = await form_of(request)
    try:
        await review_result(actor, result, act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, code, refusal=refusal)
    return see_other(request, f"/bench/{code}", N_("Reviewed."))


async def show(
    request: WebRequest, actor: Actor, code: str, *, form: Form | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    """The page of a sample at the bench; after a refusal with what was entered and why."""
    if refusal is not None and (refusal.status in (401, 404) or refusal.code == "repeated"):
        raise refusal
    found = await bench_page(actor, code)
    errors = errors_of(request, refusal) if refusal else []
    values = again(ResultDraft, form) if form else opening(found)
    works = may(actor, Permission.BENCH_WORK, found.relations) is True
    return page(
        request,
        "lab/bench_sample.html",
        refusal.status if refusal else 200,
        line=found.line,
        tests=found.tests,
        results=found.results,
        judgements=JUDGEMENT_LABELS,
        states=SAMPLE.states,
        grouped=grouped,
        may_take=works and found.line.state == "received" and found.line.is_tested,
        may_record=works and found.line.is_mine,
        may_review=may(actor, Permission.BENCH_REVIEW, found.relations) is True,
        questions=with_choices(drawn(ResultDraft, values, errors), options(found)),
        errors=errors,
    )


def opening(found: BenchPage) -> dict[str, Any]:
    """What the form of a result opens with: the first item without one, and now."""
    done = {one.test for one in found.results}
    left = [test for test in found.tests if test.id not in done] or list(found.tests)
    first = left[0] if left else None
    return {
        "test": str(first.id) if first else "",
        "unit": (first.unit or "") if first else "",
        "measured_at": clock.now().isoformat(),
        "judgement": "none",
    }


def options(found: BenchPage) -> dict[str, list[tuple[str, str]]]:
    """The items that are asked for on the sample."""
    return {"test": [(str(test.id), f"{test.item} · {test.method}") for test in found.tests]}


ROUTES: list[HTTPRouteHandler] = [listed, one, take, record, review]
