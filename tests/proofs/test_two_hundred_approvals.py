"""Two hundred requests for one slot, all approved at the same time through a running server: one is lent."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.verify import verify_all
from tests.makers import draft_of, make_item
from tests.people import make_cast
from tests.proofs.serving import a_house, program, side_by_side, token_of

if TYPE_CHECKING:
    import httpx

MANY = 200


def said(answer: httpx.Response) -> tuple[int, str]:
    """Status, and the code of a refusal."""
    return answer.status_code, answer.json().get("type", "").rpartition("/")[2]


async def test_one_of_two_hundred_approvals_wins() -> None:
    """One 200, 199 times 409 with a sentence that says who has it, no error; one line occupies the item."""
    with a_house() as house:
        async with house.database():
            cast = await make_cast()
            item = await make_item(keeper=cast.owner.custodian)
            starts_at = clock.now() + timedelta(days=1)
            draft = draft_of(item.code, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
            asking = await token_of(cast.borrower.officer, Permission.LOAN_REQUEST)
            deciding = await token_of(cast.owner.head, Permission.LOAN_APPROVE)
            body = draft.model_dump(mode="json")
            async with program(house, asking) as http:
                asked = await side_by_side([lambda: http.post("/api/v1/bookings", json=body)] * MANY)
            numbers = [answer.json()["loans"][0]["number"] for answer in asked]
            assert len(set(numbers)) == MANY
            async with program(house, deciding) as http:
                answers = await side_by_side(
                    [lambda n=n: http.post(f"/api/v1/loans/{n}/approve", json={}) for n in numbers],  # type: ignore[misc]
                    at_once=MANY,
                )
            assert Counter(map(said, answers)) == {(200, ""): 1, (409, "item_taken"): MANY - 1}
            assert all(answer.json()["detail"] for answer in answers if answer.status_code == 409)
            async with reading() as db:
                states = await db.fetch("SELECT state, count(*) FROM loan_line GROUP BY state")
            assert dict(states) == {"reserved": 1, "asked": MANY - 1}
            assert await verify_all() is None
