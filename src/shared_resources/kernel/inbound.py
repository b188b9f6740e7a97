"""Mail that comes in: calendar answers out of one IMAP mailbox, each handed on once.

A message is marked as read only after it was handled, so what a crash interrupts is read again; whoever takes the
answers must refuse one that is on file already (DTSTAMP does that). The mailbox is the one behind ``mail_from``.
"""

from __future__ import annotations

import email
import email.policy
import imaplib
import ipaddress
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from shared_resources.kernel.invitations import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

IMAP_SECONDS = 30
"""How long the mail server may be silent."""
AT_ONCE = 50
"""Messages looked at in one visit."""
PORTS = {"imap": 143, "imaps": 993}


@contextmanager
def mailbox(imap_url: str) -> Iterator[imaplib.IMAP4]:
    """The mailbox, signed in and opened; ``imaps`` speaks TLS from the start, ``imap`` turns to it.

    Raises:
        OSError, imaplib.IMAP4.error: it cannot be reached or opened.
        ValueError: a password would travel in the clear.
    """
    url = urlsplit(imap_url)
    host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
    with _connected(url.scheme, host, port) as server:
        if url.scheme == "imap":
            protect(server, host)
        server.login(unquote(url.username or ""), unquote(url.password or ""))
        status, _ = server.select(url.path.strip("/") or "INBOX")
        if status != "OK":
            raise imaplib.IMAP4.error(f"{host} has no such folder")
        yield server


def _connected(scheme: str, host: str, port: int) -> imaplib.IMAP4:
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=IMAP_SECONDS)
    return imaplib.IMAP4(host, port, timeout=IMAP_SECONDS)


def protect(server: imaplib.IMAP4, host: str) -> None:
    """Turn to TLS; only a server on this machine is spoken to without."""
    if "STARTTLS" in server.capabilities:
        server.starttls(ssl.create_default_context())
    elif not _is_here(host):
        raise ValueError(f"{host} offers no STARTTLS: the password is not sent in the clear")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def unread_answers(imap_url: str) -> list[tuple[str, str]]:
    """Calendar answers in messages that were not read yet: the message's number and the text; marks nothing."""
    found: list[tuple[str, str]] = []
    with mailbox(imap_url) as server:
        for number in _unseen(server):
            status, parts = server.uid("FETCH", number, "(BODY.PEEK[])")
            body = next((part[1] for part in parts if isinstance(part, tuple)), b"") if status == "OK" else b""
            found.append((number, answer_in(body) or ""))
    return found


def _unseen(server: imaplib.IMAP4) -> list[str]:
    status, data = server.uid("SEARCH", "UNSEEN", "SMALLER", str(4 * LONGEST))
    numbers: bytes = data[0] if status == "OK" and data and data[0] else b""
    return numbers.decode().split()[:AT_ONCE]


def mark_read(imap_url: str, numbers: list[str]) -> None:
    """Mark messages as read: they were handled."""
    if not numbers:
        return
    with mailbox(imap_url) as server:
        server.uid("STORE", ",".join(numbers), "+FLAGS", "(\\Seen)")


def answer_in(body: bytes) -> str | None:
    """The calendar part of a message that answers an invitation."""
    message: EmailMessage = email.message_from_bytes(body, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() != "text/calendar":
            continue
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
        if "METHOD:REPLY" in text.upper():
            return text
    return None
