"""Electronic transfers (TR-4): with consent and a seal that holds they go; a bad seal is as if not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.seals import sign_letter
from shared_resources.kernel.storage import place
from tests.cases.transfers.transferring import (
    TRANSFERS,
    Transferring,
    make_transferring,
    one,
    sending,
    state_of,
)
from tests.kernel.seal_story import seal_for, trusting_development

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def development() -> Iterator[None]:
    with trusting_development():
        yield


async def approved_and_sealed() -> tuple[Transferring, list[UUID]]:
    """A transfer whose letter and inventory bear the sender's seal; the files with the seals."""
    case = await make_transferring()
    await seal_for(case.cast.owner)
    await case.open()
    await case.take("prepare", "approve")
    async with reading() as db:
        letters = await db.fetch("SELECT id FROM document ORDER BY issued_at, id")
    return case, [(await sign_letter(case.cast.owner.head, letter["id"])).file for letter in letters]


async def send(case: Transferring) -> None:
    form = sending(channel="electronic", place="执法联动系统", consent_by="赵六", consent_on=clock.today())
    await take_step(case.cast.owner.clerk, TRANSFERS, case.number, "send", form)


async def test_with_consent_and_seal_it_goes_and_is_signed_for(db: str) -> None:
    case, _ = await approved_and_sealed()
    await send(case)
    assert await one("SELECT state FROM deadline WHERE term = 'send'") == "met"
    await case.take("accept")
    assert await state_of(case.number) == "accepted"


async def test_an_altered_file_counts_as_not_sent(db: str) -> None:
    case, files = await approved_and_sealed()
    async with reading() as database:
        sha = await database.fetchval("SELECT sha256 FROM file WHERE id = $1", files[0])
    path = place(sha)
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(Refusal) as refused:
        await send(case)
    assert refused.value.code == "not_sealed"
    assert await state_of(case.number) == "approved"
    assert await one("SELECT state FROM deadline WHERE term = 'send'") == "running"
