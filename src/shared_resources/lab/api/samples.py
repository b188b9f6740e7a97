"""Samples, shipments and the bench, for programs: instruments and lab systems record results here."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter, QueryParameter
from pydantic import BaseModel

from shared_resources.kernel.permissions import Actor
from shared_resources.lab.queries.bench import bench, bench_page
from shared_resources.lab.queries.results import standing_results
from shared_resources.lab.queries.samples import custody_of, sample_list, sample_page, shipment_page
from shared_resources.lab.queries.seen import delegation_seen
from shared_resources.lab.schemas import samples as words
from shared_resources.lab.schemas.results import ResultDraft, ResultView
from shared_resources.lab.service.bench import record_result, review_result
from shared_resources.lab.service.samples import put_away, retain, split, take_sample, take_to_bench
from shared_resources.lab.service.shipments import close_shipment, scan, send

TAGS = ["laboratories"]
SAMPLE, SHIPMENT, BENCH = "/api/v1/samples/{number:str}", "/api/v1/shipments/{number:str}", "/api/v1/bench"
Words = Annotated[str, Parameter(description="material, seal, number or code", max_length=100)]
Size = Annotated[int | None, Parameter(ge=1, le=200)]


class SampleDraft(words.SampleTaken):
    """A sample with the stored photo of its seal."""

    photo: UUID


class ShipmentDraft(words.Sending):
    """A manifest with the numbers of its samples."""

    samples: tuple[str, ...]


class ArrivalDraft(words.Arrival):
    """One sample on arrival with the stored photo of its seal."""

    photo: UUID


class Numbered(BaseModel):
    """A record that was opened."""

    number: str


class Decided(BaseModel):
    """What became of a line of a manifest."""

    disposition: words.Disposition


class ResultMade(BaseModel):
    """A result as it was recorded."""

    id: UUID


class SampleList(BaseModel):
    """A page of samples and the cursor of the next."""

    samples: tuple[words.SampleLine, ...]
    next: str | None = None


class SampleView(BaseModel):
    """A sample with everybody who held it."""

    sample: words.SampleLine
    custody: tuple[words.CustodyView, ...]


class BenchView(BaseModel):
    """A sample as the bench knows it: by its code."""

    code: str
    state: str
    bench_name: str
    results: int
    tests: int


class TestView(BaseModel):
    """An item that is asked for on a sample."""

    __test__ = False

    id: UUID
    item: str
    method: str
    standard_limit: str | None


class BenchSample(BaseModel):
    """A sample at the bench with what is asked for and what was found."""

    code: str
    state: str
    bench_name: str
    tests: tuple[TestView, ...]
    results: tuple[ResultView, ...]


@get("/api/v1/samples", operation_id="listSamples", summary="Samples of one's agency", tags=TAGS)
async def samples(
    actor: Actor,
    q: Words = "",
    sample_state: Annotated[str, QueryParameter(name="state", max_length=20)] = "",
    cursor: str | None = None,
    size: Size = None,
) -> SampleList:
    """Those that it took, and those in its laboratories; the newest first."""
    lines, following = await sample_list(actor, q, sample_state, cursor=cursor, size=size)
    return SampleList(samples=lines, next=following)


@get(SAMPLE, operation_id="getSample", summary="One sample", tags=TAGS)
async def sample(actor: Actor, number: str) -> SampleView:
    """By its number or the code on its label."""
    line, _ = await sample_page(actor, number)
    return SampleView(sample=line, custody=await custody_of(line.id))


@post(
    "/api/v1/lab-delegations/{number:str}/samples", operation_id="takeSample", summary="Take a sample", tags=TAGS
)
async def take(actor: Actor, number: str, data: SampleDraft, act_id: str | None) -> Numbered:
    """Sealed, with a photo of the seal stored before (`POST /api/v1/files`)."""
    draft = words.SampleTaken.model_validate(data.model_dump(exclude={"photo"}))
    return Numbered(number=(await take_sample(actor, number, draft, data.photo, act_id)).number)


@post(
    "/api/v1/lab-delegations/{number:str}/shipments",
    operation_id="sendSamples",
    summary="Send samples with a manifest",
    tags=TAGS,
)
async def ship(actor: Actor, number: str, data: ShipmentDraft, act_id: str | None) -> Numbered:
    """Once sent it is locked."""
    draft = words.Sending.model_validate(data.model_dump(exclude={"samples"}))
    return Numbered(number=(await send(actor, number, data.samples, draft, act_id)).number)


@get(SHIPMENT, operation_id="getShipment", summary="One shipment", tags=TAGS)
async def shipment(actor: Actor, number: str) -> words.ShipmentView:
    """The manifest, and what became of each line."""
    shown, _, _ = await shipment_page(actor, number)
    return shown


@post(SHIPMENT + "/scan", operation_id="scanArrival", summary="Scan one sample on arrival", tags=TAGS)
async def arrive(actor: Actor, number: str, data: ArrivalDraft, act_id: str | None) -> Decided:
    """Custody passes with the scan."""
    draft = words.Arrival.model_validate(data.model_dump(exclude={"photo"}))
    return Decided(disposition=await scan(actor, number, draft, data.photo, act_id))


@post(SHIPMENT + "/close", operation_id="closeShipment", summary="Close a manifest", tags=TAGS)
async def close(actor: Actor, number: str, act_id: str | None) -> Numbered:
    """What was not scanned is missing."""
    return Numbered(number=(await close_shipment(actor, number, act_id)).number)


@post(SAMPLE + "/portions", operation_id="splitSample", summary="Split portions off a sample", tags=TAGS)
async def portions(actor: Actor, number: str, data: words.Splitting, act_id: str | None) -> list[Numbered]:
    """Together never more than what is left."""
    return [Numbered(number=moved.number) for moved in await split(actor, number, data, act_id)]


@post(SAMPLE + "/store", operation_id="storeSample", summary="Put a sample away", tags=TAGS)
async def store(actor: Actor, number: str, data: words.PuttingAway, act_id: str | None) -> Numbered:
    """Into a place that holds the temperature it needs."""
    return Numbered(number=(await put_away(actor, number, data, act_id)).number)


@post(SAMPLE + "/retention", operation_id="retainSample", summary="Keep a portion until a day", tags=TAGS)
async def keep(actor: Actor, number: str, data: words.Retaining, act_id: str | None) -> Numbered:
    """For a re-test, or as the law says."""
    return Numbered(number=(await retain(actor, number, data, act_id)).number)


@get(BENCH, operation_id="listBench", summary="What waits at the bench", tags=TAGS)
async def waiting(actor: Actor) -> list[BenchView]:
    """Samples by their codes, never whose they are."""
    return [
        BenchView(code=one.code, state=one.state, bench_name=one.bench_name, results=one.results, tests=one.tests)
        for one in await bench(actor)
    ]


@get(BENCH + "/{code:str}", operation_id="getBenchSample", summary="One sample at the bench", tags=TAGS)
async def at_bench(actor: Actor, code: str) -> BenchSample:
    """What is asked for and what was found."""
    found = await bench_page(actor, code)
    tests = tuple(
        TestView(id=test.id, item=test.item, method=test.method, standard_limit=test.standard_limit)
        for test in found.tests
    )
    line = found.line
    return BenchSample(
        code=line.code, state=line.state, bench_name=line.bench_name, tests=tests, results=found.results
    )


@post(BENCH + "/{code:str}/take", operation_id="takeToBench", summary="Take a sample to the bench", tags=TAGS)
async def to_bench(actor: Actor, code: str, act_id: str | None) -> Numbered:
    """Of two who try, one has it."""
    return Numbered(number=(await take_to_bench(actor, code, act_id)).number)


@post(BENCH + "/{code:str}/results", operation_id="recordResult", summary="Record a result", tags=TAGS)
async def result(actor: Actor, code: str, data: ResultDraft, act_id: str | None) -> ResultMade:
    """With the instrument, whose certificate must be valid at that minute."""
    return ResultMade(id=await record_result(actor, code, data, act_id))


@post(
    "/api/v1/lab-results/{result_id:uuid}/review",
    operation_id="reviewResult",
    summary="Review a result",
    tags=TAGS,
)
async def review(actor: Actor, result_id: UUID, act_id: str | None) -> ResultMade:
    """By a second person."""
    await review_result(actor, result_id, act_id)
    return ResultMade(id=result_id)


@get(
    "/api/v1/lab-delegations/{number:str}/results",
    operation_id="listResults",
    summary="Results of a delegation",
    tags=TAGS,
)
async def results(actor: Actor, number: str) -> list[ResultView]:
    """The laboratory's own until the report is signed."""
    record = await delegation_seen(actor, number)
    return list(await standing_results(record))


ROUTES: list[HTTPRouteHandler] = [
    samples,
    sample,
    take,
    ship,
    shipment,
    arrive,
    close,
    portions,
    store,
    keep,
    waiting,
    at_bench,
    to_bench,
    result,
    review,
    results,
]
