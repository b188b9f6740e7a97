"""Mail: in the reader's language, with the way back, through a real server, recorded once."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from tests.kernel.smtp_server import SmtpServer, smtp_server
from tests.people import make_agency, make_person

from shared_resources.kernel import mail, notices, outbox
from shared_resources.kernel.database.transaction import reading, verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.mail import deliver_mail, one_line, send
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

SENTENCE = "%(number)s %(title)s was agreed."
VALUES = {
    "number": "E2026-00001",
    "title": "无人机\r\nBcc: everybody@example.test",
    "at": "2026-11-24T16:30:00+00:00",
}


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SHARED_RESOURCES_BASE_URL", "https://share.example.test")
    monkeypatch.setenv("SHARED_RESOURCES_MAIL_FROM", "desk@share.example.test")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
async def server(configured: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SmtpServer]:
    async with smtp_server() as running:
        monkeypatch.setenv("SHARED_RESOURCES_SMTP_URL", running.url)
        settings.cache_clear()
        yield running


@pytest.fixture
async def reader(db: str) -> UUID:
    person = await make_person(await make_agency("owner", "局"), "owner.reader", [])
    assert person.person is not None
    return person.person


@verb
async def tell(person: UUID, key: str = "k", **values: Any) -> None:
    await notices.tell_people([person], SENTENCE, VALUES | values, record=None, link="/errands/1", key=key)


async def rows(statement: str) -> list[Any]:
    async with reading() as db:
        return list(await db.fetch(statement))


async def deliver() -> int:
    return await outbox.deliver({"mail": deliver_mail})


@pytest.mark.usefixtures("configured")
async def test_without_a_server_mail_is_kept_for_the_mailbox(reader: UUID) -> None:
    await tell(reader)
    assert await deliver() == 1
    [kept] = await rows("SELECT * FROM mail")
    assert (kept["sender"], kept["recipient"]) == ("desk@share.example.test", "owner.reader@example.test")
    assert "https://share.example.test/errands/1" in kept["body"]
    assert "\n" not in kept["subject"]
    assert [row["done_at"] is not None for row in await rows("SELECT done_at FROM outbox")] == [True]


async def test_mail_arrives_at_a_real_server(reader: UUID, server: SmtpServer) -> None:
    await tell(reader)
    await deliver()
    [arrived], [message] = server.mails, await rows("SELECT id FROM outbox")
    assert arrived["To"] == "owner.reader@example.test"
    assert arrived["Bcc"] is None
    assert server.recipients == ["owner.reader@example.test"]
    assert arrived["Message-ID"] == f"<{message['id']}@share.example.test>"
    assert "无人机" in arrived["Subject"]
    assert "https://share.example.test/errands/1" in arrived.get_content()


async def test_server_that_refuses_is_asked_again_later(reader: UUID, server: SmtpServer) -> None:
    server.answers = ["451 try later"]
    await tell(reader)
    assert await deliver() == 1
    [waiting] = await rows("SELECT tries, error, due_at > created_at AS later, done_at FROM outbox")
    assert (waiting["tries"], waiting["later"], waiting["done_at"]) == (1, True, None)
    assert "451" in waiting["error"]
    assert not server.mails
    assert not await rows("SELECT 1 FROM mail")


async def test_crash_between_sending_and_recording_sends_the_same_mail_again(
    reader: UUID, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_: object) -> None:
        raise MemoryError

    await tell(reader)
    [message] = await rows("SELECT id, body FROM outbox")
    body = {"person": str(reader), "sentence": SENTENCE, "params": VALUES, "link": None}
    with monkeypatch.context() as patch, contextlib.suppress(MemoryError):
        patch.setattr(mail, "_record", die)
        await deliver_mail(message["id"], body)
    await deliver_mail(message["id"], body)
    await deliver_mail(message["id"], body)
    assert len({arrived["Message-ID"] for arrived in server.mails}) == 1
    assert len(server.mails) == 2
    assert len(await rows("SELECT 1 FROM mail")) == 1


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("change", ["is_active = false", "email = NULL"])
async def test_nobody_to_write_to_is_no_failure(reader: UUID, change: str) -> None:
    await tell(reader)
    await rows(f"UPDATE person SET {change}")
    await deliver()
    assert not await rows("SELECT 1 FROM mail")
    assert not await rows("SELECT 1 FROM outbox WHERE done_at IS NULL")


@pytest.mark.usefixtures("configured")
async def test_everybody_reads_their_own_language(reader: UUID) -> None:
    await rows("UPDATE person SET locale = 'en'")
    await tell(reader)
    await deliver()
    [kept] = await rows("SELECT body FROM mail")
    assert kept["body"].startswith("Hello owner.reader,")
    assert "was agreed." in kept["body"]


async def test_password_never_travels_in_the_clear(server: SmtpServer) -> None:
    letter = mail.Letter(new_id(), "a@b.test", "c@d.test", "s", "b")
    with pytest.raises(ValueError, match="STARTTLS"):
        await mail.asyncio.to_thread(send, f"smtp://me:secret@localhost:{server.port}", letter)  # type: ignore[attr-defined]
    assert not server.mails


async def test_sentence_without_its_values_fails_in_the_verb(reader: UUID) -> None:
    @verb
    async def wrong() -> None:
        await notices.tell_people([reader], "%(missing)s", {"other": 1}, record=None, link=None, key="k")

    with pytest.raises(KeyError):
        await wrong()
    assert not await rows("SELECT 1 FROM notice")


def test_subjects_are_one_line() -> None:
    assert one_line("a\r\n b\t c") == "a b c"
    assert len(one_line("字" * 500)) == 120
