"""What a file is, by its first bytes: what the sender says it is counts for nothing. Pure."""

from __future__ import annotations

import codecs

HEAD = 4096
"""As many first bytes as ``sniff`` wants to see."""
JPEG, PDF, PLAIN, PNG, WEBP = "image/jpeg", "application/pdf", "text/plain", "image/png", "image/webp"
IMAGES = frozenset({JPEG, PNG, WEBP})
SUFFIXES = {JPEG: ".jpg", PDF: ".pdf", PLAIN: ".txt", PNG: ".png", WEBP: ".webp"}
"""The types we keep and how their names end."""
ALSO_KNOWN_AS = {"image/jpg": JPEG, "image/pjpeg": JPEG, "text/csv": PLAIN, "text/markdown": PLAIN}
UNTOLD = frozenset({"", "application/octet-stream"})
"""What browsers send when they do not know."""
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f") | {127}


def sniff(head: bytes) -> str | None:
    """The media type that ``head`` begins, or None when it is none of those we keep."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    return PLAIN if _is_text(head[:HEAD]) else None


def agrees(claimed: str, found: str) -> bool:
    """Whether the type that a sender names fits the one that was found."""
    named = claimed.partition(";")[0].strip().lower()
    return named in UNTOLD or ALSO_KNOWN_AS.get(named, named) == found


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters; the last character may be cut off. Nothing at all is no text."""
    if not head or not CONTROLS.isdisjoint(head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
