"""The mailbox: one's own mails as they went out, and nobody else's."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor
from tests.clients import client_for
from tests.people import Cast, make_cast


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def sent(actor: Actor, subject: str, attachment: str | None = None) -> UUID:
    outbox, mail, at = new_id(), new_id(), clock.now()
    async with transaction() as db:
        await db.execute(
            "INSERT INTO outbox (id, topic, key, body, created_at, due_at, tries)"
            " VALUES ($1, 'mail', $2, $3, $4, $4, 0)",
            outbox,
            str(outbox),
            json.dumps({"person": str(actor.person)}),
            at,
        )
        await db.execute(
            "INSERT INTO mail (id, outbox, sender, recipient, subject, body, attachment, sent_at)"
            " VALUES ($1, $2, 'house@example.test', 'me@example.test', $3, $4, $5, $6)",
            mail,
            outbox,
            subject,
            "您好:\n\n<b>粗体</b> http://127.0.0.1:8000/loans/L2026-00001",
            attachment,
            at,
        )
    return mail


async def test_a_mail_is_shown_as_it_went_out(cast: Cast) -> None:
    mail = await sent(cast.owner.officer, "借用单到期", "BEGIN:VCALENDAR")
    async with client_for(cast.owner.officer) as browser:
        assert f'href="/mailbox/{mail}"' in (await browser.page("/mailbox")).text
        text = (await browser.page(f"/mailbox/{mail}")).text
    assert "&lt;b&gt;粗体&lt;/b&gt;" in text
    assert 'href="http://127.0.0.1:8000/loans/L2026-00001"' in text
    assert "BEGIN:VCALENDAR" in text


async def test_nobody_reads_the_mail_of_others(cast: Cast) -> None:
    mail = await sent(cast.owner.officer, "只给一人")
    for actor in (cast.owner.clerk, cast.owner.admin, cast.third.officer):
        async with client_for(actor) as browser:
            assert "只给一人" not in (await browser.page("/mailbox")).text
            assert (await browser.page(f"/mailbox/{mail}")).status_code == 404


async def test_an_empty_mailbox_says_why(cast: Cast) -> None:
    async with client_for(cast.owner.officer) as browser:
        answer = await browser.page("/mailbox")
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text
