"""What joint use recorded is owed to all who took part (VI-1b): whoever knows of the use opens the duty here.

Departments stand side by side: equipment knows when a recorder is home again, coordination when an operation is
over, footage what follows from it. They meet in the family ``shared_footage``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import begin
from shared_resources.kernel.casework.family import family_of
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.roles import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID


async def footage_owed(
    record: UUID, title: str, recording: UUID, others: Sequence[UUID], since: datetime, until: datetime
) -> None:
    """Within the running verb: ``recording`` owes the footage of a use to ``others``; nothing where nobody is.

    Args:
        record: the loan or operation in which it was recorded; the duty points to it.
        title: what people call the use.
        since, until: when the use began and ended.
    """
    owed_to = [agency for agency in dict.fromkeys(others) if agency != recording]
    if not owed_to:
        return
    family = family_of("shared_footage")
    assert family is not None, "families of footage are loaded with every other"
    assert family.opening is not None
    entries = family.opening.model_validate(
        {"title": title[:120], "begins": since, "ends": max(until, clock.now())}
    )
    await begin(
        family,
        SYSTEM_ACTOR,
        entries,
        parties={Relation.HOLDER: recording, Relation.CO_USER: owed_to},
        links_to=(("about", record),),
    )
