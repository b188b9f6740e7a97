"""What every record page shows below its own parts: papers and links, as the reader may see and add them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared_resources.kernel.attachments import attachments_of
from shared_resources.kernel.links import KIND_LABELS, links_seen
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.schemas.attachments import CLASS_LABELS
from shared_resources.kernel.visible import visible_record

if TYPE_CHECKING:
    from shared_resources.kernel.links import LinkShown
    from shared_resources.kernel.permissions import Actor, Reason
    from shared_resources.kernel.schemas.attachments import AttachmentView, Confidentiality


@dataclass(frozen=True)
class Papers:
    """For the templates ``attachments/block.html`` and ``links/block.html``."""

    number: str
    attachments: tuple[AttachmentView, ...]
    links: tuple[LinkShown, ...]
    may_attach: bool | Reason
    may_link: bool | Reason
    classes: Mapping[Confidentiality, str]
    kinds: Mapping[str, str]


async def papers_for(actor: Actor, number: str) -> Papers:
    """Papers and links of a record that the reader may see (four statements).

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    record = await visible_record(actor, number)
    return Papers(
        number=record.number,
        attachments=await attachments_of(record.id),
        links=await links_seen(actor, record.id),
        may_attach=record.may(actor, Permission.RECORD_ATTACH),
        may_link=record.may(actor, Permission.RECORD_LINK),
        classes=CLASS_LABELS,
        kinds=KIND_LABELS,
    )
