"""A small IMAP server on this machine: one mailbox, the few commands that we speak."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Mailbox:
    """The messages by number, those that were read, and how often somebody signed in."""

    def __init__(self) -> None:
        self.messages: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.visits = 0
        self.port = 0

    def put(self, message: bytes) -> None:
        """A message arrives."""
        self.messages[len(self.messages) + 1] = message

    @property
    def url(self) -> str:
        """The address with its password."""
        return f"imap://desk:geheim@127.0.0.1:{self.port}/INBOX"


@contextmanager
def imap_server() -> Iterator[Mailbox]:
    """A running server with an empty mailbox."""
    box = Mailbox()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("* OK ready")
            while line := self.rfile.readline().decode().strip():
                tag, _, command = line.partition(" ")
                if not self.obey(tag, command):
                    return

        def obey(self, tag: str, command: str) -> bool:
            word = command.upper()
            if word.startswith("CAPABILITY"):
                self.say("* CAPABILITY IMAP4REV1")
            elif word.startswith("LOGIN"):
                if "geheim" not in command:
                    self.say(f"{tag} NO wrong password")
                    return True
                box.visits += 1
            elif word.startswith("SELECT"):
                self.say(f"* {len(box.messages)} EXISTS")
            elif word.startswith("UID SEARCH"):
                self.say("* SEARCH " + " ".join(str(number) for number in box.messages if number not in box.seen))
            elif word.startswith("UID FETCH"):
                number = int(command.split()[2])
                body = box.messages[number]
                self.wfile.write(
                    f"* {number} FETCH (UID {number} BODY[] {{{len(body)}}}\r\n".encode() + body + b")\r\n"
                )
            elif word.startswith("UID STORE"):
                box.seen |= {int(number) for number in command.split()[2].split(",")}
            elif word.startswith("LOGOUT"):
                self.say("* BYE")
            self.say(f"{tag} OK done")
            return not word.startswith("LOGOUT")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield box
        finally:
            server.shutdown()
