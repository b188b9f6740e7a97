"""Custody as page, table and proof, for the owner, a borrower and strangers."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from tests.equipment.counter import english
from tests.makers import END, HOUR, MONDAY, MadeLoan, make_loan
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def after_the_end() -> Iterator[None]:
    with clock.at(END + 2 * HOUR):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def loan(cast: Cast) -> MadeLoan:
    with clock.at(MONDAY):
        return await make_loan(cast=cast, state="closed")


async def test_owner_sees_every_holder_of_an_item(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.owner.officer) as browser:
        text = (await browser.page(f"/items/{loan.codes[0]}/custody")).text
    assert [word in text for word in ("Entered into the register", "Handed out", "Returned")] == [True] * 3
    assert cast.borrower.officer.name in text
    assert "Proof (JSON)" in text


async def test_borrower_sees_its_own_part_without_the_proof(cast: Cast, loan: MadeLoan) -> None:
    path = f"/items/{loan.codes[0]}/custody"
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page(path)).text
        assert "Handed out" in text
        assert "Entered into the register" not in text
        assert "Proof (JSON)" not in text
        assert (await browser.get(f"{path}.json")).status_code == 404


async def test_strangers_see_nothing(cast: Cast, loan: MadeLoan) -> None:
    bases = (f"/items/{loan.codes[0]}/custody", f"/loans/{loan.number}/custody")
    async with english(cast.third.custodian) as browser:
        found = [(await browser.page(base + kind)).status_code for base in bases for kind in ("", ".csv", ".json")]
    assert found == [404] * 6


async def test_table_of_a_loan(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.borrower.officer) as browser:
        answer = await browser.get(f"/loans/{loan.number}/custody.csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="custody-{loan.number}.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["kind"] for row in rows] == ["issue", "return"]
    assert {row["loan"] for row in rows} == {loan.number}


async def test_proof_proves_itself(cast: Cast, loan: MadeLoan) -> None:
    """Every line's hash is that of its body and the line before it: the chain needs no server."""
    async with english(cast.owner.custodian) as browser:
        page = (await browser.page(f"/loans/{loan.number}/custody")).text
        lines = (await browser.get(f"/loans/{loan.number}/custody.json")).json()
    assert f"/loans/{loan.number}/custody.json" in page
    assert {line["ledger"] for line in lines} == {"journal_line", "custody_line"}
    for line in lines:
        body = b"\0" + bytes.fromhex(line["prev"]) + line["body"].encode()
        assert hashlib.sha256(body).hexdigest() == line["hash"]
