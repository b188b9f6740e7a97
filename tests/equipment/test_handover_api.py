"""Hand-over, inspection, incidents and custody for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from tests.clients import client_for
from tests.makers import END, HOUR, MONDAY, START, MadeLoan, make_loan, state_of
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from shared_resources.kernel.permissions import Actor

API = "/api/v1"


@pytest.fixture(autouse=True)
def day_of_collection() -> Iterator[None]:
    with clock.at(START):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def loan(cast: Cast) -> MadeLoan:
    return await make_loan(cast=cast, state="approved")


def proposal(loan: MadeLoan, other: Actor, direction: str = "out") -> dict[str, Any]:
    items = [{"code": code, "condition": "good"} for code in loan.codes]
    return {"direction": direction, "other": str(other.person), "items": items}


async def test_out_back_inspected_closed(cast: Cast, loan: MadeLoan) -> None:
    keeper, officer = cast.owner.custodian, cast.borrower.officer
    async with client_for(keeper) as owner, client_for(officer) as borrower:
        out = await owner.ask("POST", f"{API}/loans/{loan.number}/handovers", proposal(loan, officer))
        assert out.status_code == 201
        seen = (await borrower.get(f"{API}/handovers/{out.json()['handover']['id']}")).json()
        assert seen["handover"]["waits_for_me"] is True
        confirmed = await borrower.ask("POST", f"{API}/handovers/{seen['handover']['id']}/confirm")
        assert confirmed.json()["handover"]["state"] == "confirmed"
        with clock.at(END - HOUR):
            body = proposal(loan, keeper, "back")
            back = await borrower.ask("POST", f"{API}/loans/{loan.number}/handovers", body)
            await owner.ask("POST", f"{API}/handovers/{back.json()['handover']['id']}/confirm")
            findings = {"findings": [{"code": loan.codes[0], "fit": True}]}
            closed = await owner.ask("POST", f"{API}/loans/{loan.number}/inspection", findings)
        assert closed.json()["state"] == "closed"
        kinds = [line["kind"] for line in (await borrower.get(f"{API}/loans/{loan.number}/custody")).json()]
        assert kinds == ["issue", "return"]
        proof = (await owner.get(f"{API}/items/{loan.codes[0]}/custody/proof")).json()
        assert [line["ledger"] for line in proof].count("custody_line") == 3


async def test_the_same_key_proposes_once(cast: Cast, loan: MadeLoan) -> None:
    body = proposal(loan, cast.borrower.officer)
    async with client_for(cast.owner.custodian) as owner:
        answers = [
            await owner.ask("POST", f"{API}/loans/{loan.number}/handovers", body, idempotency_key="k-1")
            for _ in range(2)
        ]
        other = await owner.ask("POST", f"{API}/loans/{loan.number}/handovers", body, idempotency_key="k-2")
    assert answers[0].json() == answers[1].json()
    assert other.status_code == 409
    assert other.json()["type"] == "/problems/handover_open"


async def test_declined_and_withdrawn(cast: Cast, loan: MadeLoan) -> None:
    body = proposal(loan, cast.borrower.officer)
    async with client_for(cast.owner.custodian) as owner, client_for(cast.borrower.officer) as borrower:
        first = (await owner.ask("POST", f"{API}/loans/{loan.number}/handovers", body)).json()["handover"]["id"]
        no = await borrower.ask("POST", f"{API}/handovers/{first}/decline", {"note": "one too few"})
        assert no.json()["handover"]["state"] == "declined"
        second = (await owner.ask("POST", f"{API}/loans/{loan.number}/handovers", body)).json()["handover"]["id"]
        assert (await borrower.ask("POST", f"{API}/handovers/{second}/withdraw")).status_code == 404
        gone = await owner.ask("POST", f"{API}/handovers/{second}/withdraw")
        assert gone.json()["handover"]["state"] == "withdrawn"


async def test_counter_names_the_other_side(cast: Cast, loan: MadeLoan) -> None:
    async with client_for(cast.owner.custodian) as owner:
        counter = (await owner.get(f"{API}/loans/{loan.number}/counter?direction=out")).json()
    assert counter["gives"] is True
    assert counter["suggested"] == str(cast.borrower.officer.person)
    assert str(cast.borrower.auditor.person) not in {person["id"] for person in counter["people"]}


async def test_incident_reported_and_settled(cast: Cast) -> None:
    with clock.at(MONDAY):
        loan = await make_loan(cast=cast, state="out")
    report = {"code": loan.codes[0], "kind": "loss", "description": "gone"}
    async with client_for(cast.borrower.officer) as borrower, client_for(cast.owner.custodian) as owner:
        made = await borrower.ask("POST", f"{API}/incidents", report)
        assert made.status_code == 201
        number = made.json()["number"]
        assert [
            line["number"] for line in (await owner.get(f"{API}/incidents?open=true")).json()["incidents"]
        ] == [number]
        settled = await owner.ask(
            "POST", f"{API}/incidents/{number}/settle", {"settlement": "paid", "cost_yuan": 99.9}
        )
        assert settled.json()["cost_yuan"] == 99.9
        assert (await owner.get(f"{API}/incidents?open=true")).json()["incidents"] == []
    assert await state_of(loan.number) == "closed"


async def test_everything_is_unknown_to_others(cast: Cast, loan: MadeLoan) -> None:
    async with client_for(cast.owner.custodian) as owner:
        body = proposal(loan, cast.borrower.officer)
        made = (await owner.ask("POST", f"{API}/loans/{loan.number}/handovers", body)).json()["handover"]["id"]
    reads = (
        f"{API}/handovers/{made}",
        f"{API}/loans/{loan.number}/counter?direction=out",
        f"{API}/loans/{loan.number}/custody",
        f"{API}/loans/{loan.number}/custody/proof",
        f"{API}/items/{loan.codes[0]}/custody/proof",
    )
    async with client_for(cast.third.custodian) as stranger:
        found = [(await stranger.get(path)).status_code for path in reads]
        acts = [
            (
                await stranger.ask(
                    "POST", f"{API}/handovers/{made}/{act}", {"note": "x"} if act == "decline" else None
                )
            )
            for act in ("confirm", "decline", "withdraw")
        ]
    assert found == [404] * len(reads)
    assert [answer.status_code for answer in acts] == [404] * 3
