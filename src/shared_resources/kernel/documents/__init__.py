"""Letters on paper: numbered, set, kept and proved. ``kernel.letters`` says what stands in them.

``issue`` belongs inside a running verb; the caller puts ``Issued.line`` into the journal, so that the SHA-256 of
the original is chained with the act.
"""

from __future__ import annotations

from shared_resources.kernel.documents.editable import editable
from shared_resources.kernel.documents.issuing import Issued, issue, missing_elements, paper, preview
from shared_resources.kernel.documents.reading import (
    Original,
    Proof,
    docx_of,
    letters_of,
    open_letter,
    original_of,
    prove,
    read_letter,
    rebuild,
    seal_places,
)
from shared_resources.kernel.documents.typesetting import SealPlace, seal_place

__all__ = [
    "Issued",
    "Original",
    "Proof",
    "SealPlace",
    "docx_of",
    "editable",
    "issue",
    "letters_of",
    "missing_elements",
    "open_letter",
    "original_of",
    "paper",
    "preview",
    "prove",
    "read_letter",
    "rebuild",
    "seal_place",
    "seal_places",
]
