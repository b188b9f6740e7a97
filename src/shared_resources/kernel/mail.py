"""Mail: what an outbox message says, in its reader's language, sent by SMTP or kept for the page Mailbox.

Each mail is recorded once in ``mail`` after it left. Its Message-ID is the outbox message's id: if we die between
sending and recording, the mail goes out again as the same one, and mail programs show one.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.language import Language, language_of
from shared_resources.kernel.words import N_, Sentence
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

SMTP_SECONDS = 30
"""How long the mail server may be silent."""
LONGEST_SUBJECT = 120
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class CalendarPart:
    """What a mail program offers to put into the reader's calendar (iTIP)."""

    method: str
    text: str


@dataclass(frozen=True)
class Letter:
    """One mail as it goes out; with a ``calendar`` part, mail programs show it as an invitation."""

    id: UUID
    sender: str
    recipient: str
    subject: str
    body: str
    calendar: CalendarPart | None = None

    def message(self) -> EmailMessage:
        """The mail as mail servers want it (RFC 5322)."""
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = self.recipient
        mail["Subject"] = self.subject
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = f"<{self.id}@{self.sender.partition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self.body)
        if self.calendar is not None:
            params = {"method": self.calendar.method}
            mail.add_alternative(self.calendar.text, subtype="calendar", charset="utf-8", params=params)
        return mail


async def deliver_mail(message: UUID, body: Mapping[str, Any]) -> None:
    """Send or keep the mail of one outbox message, unless that was done before.

    Raises:
        OSError, smtplib.SMTPException: the mail server is away or refuses; try again later.
    """
    async with reading() as db:
        if await db.fetchval("SELECT true FROM mail WHERE outbox = $1", message):
            return
        reader = await db.fetchrow(
            "SELECT name, email, locale FROM person WHERE id = $1 AND is_active", UUID(body["person"])
        )
    if reader is None or not reader["email"]:
        return
    letter = write(message, reader["name"], reader["email"], body, language_of(reader["locale"]))
    smtp = settings().smtp_url
    if smtp is not None:
        await asyncio.to_thread(send, smtp.get_secret_value(), letter)
    await _record(letter)


def write(message: UUID, name: str, email: str, body: Mapping[str, Any], language: Language) -> Letter:
    """The letter for one reader: what happened, where to look, that nobody reads an answer."""
    said = language.say(Sentence(body["sentence"], body.get("params") or {}))
    lines = [language.say(Sentence(N_("Hello %(name)s,"), {"name": name})), "", said]
    if body.get("link"):
        lines += ["", f"{settings().address}{body['link']}"]
    lines += ["", "-- ", language.gettext(N_("Shared Resources sent this by itself; answers are not read."))]
    subject, part = one_line(said), body.get("calendar")
    calendar = CalendarPart(part["method"], part["text"]) if part else None
    return Letter(message, settings().mail_from, one_line(email), subject, "\n".join(lines) + "\n", calendar)


def one_line(text: str) -> str:
    """``text`` as a header takes it: no line breaks, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def send(smtp_url: str, letter: Letter) -> None:
    """Hand a letter to the mail server: ``smtps`` speaks TLS from the start, ``smtp`` turns to it where offered.

    Raises:
        OSError, smtplib.SMTPException: it was not taken.
        ValueError: a password would travel in the clear.
    """
    url = urlsplit(smtp_url)
    host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
    with connected(url.scheme, host, port) as server:
        if url.scheme == "smtp":
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif url.username:
                raise ValueError(f"{host} offers no STARTTLS: the password is not sent in the clear")
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(letter.message())


def connected(scheme: str, host: str, port: int) -> smtplib.SMTP:
    """A connection to the mail server."""
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=SMTP_SECONDS)


@verb
async def _record(letter: Letter) -> None:
    await connection().execute(
        "INSERT INTO mail (id, outbox, sender, recipient, subject, body, attachment, sent_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (outbox) DO NOTHING",
        new_id(),
        letter.id,
        letter.sender,
        letter.recipient,
        letter.subject,
        letter.body,
        letter.calendar.text if letter.calendar else None,
        clock.now(),
    )
