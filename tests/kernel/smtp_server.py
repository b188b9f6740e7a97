"""A real mail server of a few lines on this machine, for the tests."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from email.message import EmailMessage


@dataclass
class SmtpServer:
    """What came in, and how the server answers the next mails."""

    port: int = 0
    answers: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    greeting: str = "250 localhost"

    @property
    def url(self) -> str:
        """How the settings name it."""
        return f"smtp://localhost:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, from greeting to QUIT."""

        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 localhost ready")
        while line := await reader.readline():
            word = line.decode().split(" ")[0].strip().upper()
            if word == "RCPT":
                self.recipients.append(line.decode().strip().partition("<")[2].rstrip(">"))
            if word in ("EHLO", "HELO"):
                say(self.greeting)
            elif word == "DATA":
                say("354 go on")
                raw = await reader.readuntil(b"\r\n.\r\n")
                answer = self.answers.pop(0) if self.answers else "250 taken"
                if answer.startswith("250"):
                    self.mails.append(message_from_bytes(raw[:-3], policy=policy.default))
                say(answer)
            elif word == "QUIT":
                say("221 bye")
                break
            else:
                say("250 ok")
        writer.close()


@asynccontextmanager
async def smtp_server() -> AsyncIterator[SmtpServer]:
    """The server on a free port of this machine."""
    box = SmtpServer()
    server = await asyncio.start_server(box.talk, "localhost", 0)
    async with server:
        box.port = server.sockets[0].getsockname()[1]
        yield box
