"""What people filled in: read from the request, checked against a model, with sentences beside the fields."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from litestar.datastructures import UploadFile
from pydantic import BaseModel, ValidationError

from shared_resources.kernel.clock import LOCAL_ZONE
from shared_resources.kernel.errors import Invalid, Refusals, raise_all
from shared_resources.kernel.web.faults import NO_DATE, NO_INSTANT, faults_of
from shared_resources.kernel.web.own_forms import FIELD
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.errors import Refusal
    from shared_resources.kernel.web.pages import WebRequest

M = TypeVar("M", bound=BaseModel)

ACT = "act_id"
LONGEST_ACT = 80
OWN_FIELDS = frozenset({FIELD, ACT})


class Form:
    """The fields of one form. Texts are trimmed, line ends are single, what is missing is empty."""

    def __init__(self, fields: Mapping[str, list[Any]], person: object = None) -> None:
        self._fields = fields
        self._person = person

    def text(self, name: str) -> str:
        """One text; empty when it is missing."""
        return next(iter(self.texts(name)), "")

    def secret(self, name: str) -> str:
        """One text as it was typed, spaces and all: a password."""
        return next((value for value in self._fields.get(name, ()) if isinstance(value, str)), "")

    def texts(self, name: str) -> list[str]:
        """All texts of a name, in their order."""
        return [_clean(value) for value in self._fields.get(name, ()) if isinstance(value, str)]

    def flag(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.text(name) not in ("", "0", "false", "off")

    def file(self, name: str) -> UploadFile | None:
        """The file that was chosen, if any."""
        return next(iter(self.files(name)), None)

    def files(self, name: str) -> list[UploadFile]:
        """All files that were chosen."""
        return [value for value in self._fields.get(name, ()) if isinstance(value, UploadFile) and value.filename]

    @property
    def names(self) -> list[str]:
        """The names of all fields that came, in their order."""
        return [name for name in self._fields if name not in OWN_FIELDS]

    @property
    def act_id(self) -> str | None:
        """The identity of this act, made when the form was shown; nobody can use up somebody else's."""
        shown = self.text(ACT)[:LONGEST_ACT]
        return f"{self._person}:{shown}" if shown and self._person else shown or None

    @property
    def values(self) -> dict[str, str]:
        """What was entered, to be shown again; of several texts of a name the first."""
        return {name: self.text(name) for name in self.names if self.texts(name)}


async def form_of(request: WebRequest) -> Form:
    """The form that this request carries; an empty one when it carries none."""
    data = await request.form()
    actor = reader_of(request).actor
    return Form({name: data.getall(name) for name in dict.fromkeys(data)}, actor.person if actor else None)


def parse(model: type[M], values: Mapping[str, Any]) -> M:
    """``values`` as a ``model``. Empty texts count as missing, names that the model lacks are left aside.

    Raises:
        Invalid, Refusals: everything that is wrong, with its field.
    """
    known = {field.alias or name for name, field in model.model_fields.items()} | set(model.model_fields)
    given = {name: value for name, value in values.items() if name in known and value not in ("", None)}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise_all(list(faults_of(error)))
        raise


def errors_of(request: WebRequest, refusal: Refusal) -> list[tuple[str, str]]:
    """Field and sentence of every reason, for ``ui.error_summary`` and for ``error=`` of the fields."""
    say = reader_of(request).language.say
    reasons = refusal.reasons if isinstance(refusal, Refusals) else (refusal,)
    return [
        (reason.field or "", " ".join(say(part) for part in (reason.sentence, reason.do) if part))
        for reason in reasons
    ]


def local_instant(text: str, field: str = "") -> datetime:
    """The instant that a ``datetime-local`` field names in Chongqing; one with its own offset is taken as it is.

    Raises:
        Invalid: empty or no such instant.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise _invalid(NO_INSTANT, N_("Write it like 2026-11-24 09:30."), field) from None
    return (found if found.tzinfo else found.replace(tzinfo=LOCAL_ZONE)).astimezone(UTC)


def local_date(text: str, field: str = "") -> date:
    """The day that a ``date`` field names.

    Raises:
        Invalid: empty or no such day.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise _invalid(NO_DATE, N_("Write it like 2026-11-24."), field) from None


def _invalid(sentence: str, do: str, field: str) -> Invalid:
    return Invalid(sentence, do=do, code="date", field=field or None)


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
