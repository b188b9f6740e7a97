"""The cast of the identity tests: a system administrator, agencies, their administrators and colleagues."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel import clock, identity
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor, Role
from shared_resources.kernel.schemas.people import AgencyDraft, AppointmentDraft, PersonDraft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

PASSWORD = "three radios in a van"
HERE = "10.0.0.7"
LONG_AGO = date(2020, 1, 1)


@dataclass(frozen=True)
class Signed:
    """A person and the key of the session they are in."""

    id: UUID
    username: str
    key: str

    async def actor(self) -> Actor:
        found = await identity.actor_for_session(self.key)
        assert found is not None
        return found


async def sign_in(username: str, password: str = PASSWORD, code: str | None = None, address: str = HERE) -> str:
    return await identity.sign_in(username, password, code, address, "pytest")


async def signed_in(person: UUID, username: str, code: str | None = None) -> Signed:
    return Signed(person, username, await sign_in(username, code=code))


async def system_administrator() -> Actor:
    person = await identity.create_first_administrator("root", "系统管理员", PASSWORD)
    return await (await signed_in(person, "root")).actor()


async def agency(root: Actor, slug: str, **more: Any) -> UUID:
    values = {"slug": slug, "name_zh": f"{slug} 局", "name_en": f"{slug} Bureau", **more}
    return await identity.create_agency(root, AgencyDraft(**values))


def appointment(slug: str, role: Role = Role.CUSTODIAN, **more: Any) -> AppointmentDraft:
    permit = {"permit_no": "23000012345"} if role == Role.OFFICER else {}
    return AppointmentDraft(**{"agency": slug, "role": role, "valid_from": LONG_AGO, **permit, **more})


async def person(by: Actor, username: str, slug: str, role: Role = Role.CUSTODIAN, **more: Any) -> UUID:
    draft = PersonDraft(username=username, name=f"名 {username}", password=PASSWORD)
    return (await identity.create_person(by, draft, appointment(slug, role, **more))).id


async def colleague(by: Actor, username: str, slug: str, role: Role = Role.CUSTODIAN, **more: Any) -> Signed:
    return await signed_in(await person(by, username, slug, role, **more), username)


@contextmanager
def refused(kind: type[Refusal], code: str = "") -> Iterator[None]:
    with pytest.raises(kind) as caught:
        yield
    reasons = getattr(caught.value, "reasons", (caught.value,))
    assert not code or code in {reason.code for reason in reasons}


@contextmanager
def later(**much: float) -> Iterator[None]:
    with clock.at(clock.now() + timedelta(**much)):
        yield


async def value(statement: str, *values: Any) -> Any:
    async with reading() as db:
        return await db.fetchval(statement, *values)
