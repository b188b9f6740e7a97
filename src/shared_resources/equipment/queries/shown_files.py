"""Which records show a photo or a certificate: the item's own, and every loan with the item or the photo."""

from __future__ import annotations

from shared_resources.kernel.shown_files import shows_files

shows_files(
    "hand-over", "SELECT h.loan FROM handover_line l JOIN handover h ON h.id = l.handover WHERE l.photo = $1"
)
shows_files("incident", "SELECT i.id FROM incident i WHERE i.photo = $1")
shows_files("loan with incident", "SELECT i.loan FROM incident i WHERE i.photo = $1 AND i.loan IS NOT NULL")
shows_files("item", "SELECT p.item FROM item_photo p WHERE p.file = $1")
shows_files(
    "loan of item", "SELECT l.loan FROM item_photo p JOIN loan_line l ON l.item = p.item WHERE p.file = $1"
)
shows_files("certificate", "SELECT c.item FROM certificate c WHERE c.file = $1")
shows_files(
    "loan with certificate",
    "SELECT l.loan FROM certificate c JOIN loan_line l ON l.item = c.item WHERE c.file = $1",
)
