"""Forms as they come in, and what is said beside their fields; who a request is believed to come from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import Field

from shared_resources.kernel.errors import Invalid, Refusal, Refusals
from shared_resources.kernel.schemas.people import Words
from shared_resources.kernel.web.client import address_of, browser_name
from shared_resources.kernel.web.faults import NEEDED
from shared_resources.kernel.web.forms import Form, local_date, local_instant, parse
from shared_resources.settings import settings


class Draft(Words):
    """Some words."""

    name: str = Field(max_length=5)
    count: int = Field(default=1, ge=1)
    day: date | None = None


def form(**fields: list[Any]) -> Form:
    return Form(fields, "somebody")


def test_texts_are_trimmed_and_missing_ones_are_empty() -> None:
    found = form(name=["  a\r\nb\0 "], csrf_token=["x"], tick=["1"], off=["0"], several=["a", "b"])
    assert found.text("name") == "a\nb"
    assert found.text("other") == ""
    assert found.texts("several") == ["a", "b"]
    assert (found.flag("tick"), found.flag("off"), found.flag("other")) == (True, False, False)
    assert found.file("name") is None
    assert found.values == {"name": "a\nb", "tick": "1", "off": "0", "several": "a"}


def test_a_password_stays_as_it_was_typed() -> None:
    assert form(password=[" with spaces "]).secret("password") == " with spaces "


def test_an_act_belongs_to_its_person() -> None:
    assert form(act_id=["7"]).act_id == "somebody:7"
    assert form().act_id is None


def test_a_model_is_made_of_what_was_filled_in() -> None:
    assert parse(Draft, {"name": "a", "count": "3", "day": "", "act_id": "x"}) == Draft(name="a", count=3)


def reasons(values: dict[str, str]) -> dict[str | None, tuple[str, str]]:
    with pytest.raises(Refusal) as caught:
        parse(Draft, values)
    found = caught.value.reasons if isinstance(caught.value, Refusals) else (caught.value,)
    return {reason.field: (reason.code, str(reason.sentence)) for reason in found}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert reasons({"name": "too long", "count": "0", "day": "soon"}) == {
        "name": ("string_too_long", "At most 5 characters fit here."),
        "count": ("greater_than_equal", "This must be at least 1."),
        "day": ("date_from_datetime_parsing", "This is not a date."),
    }


def test_what_is_empty_is_needed() -> None:
    assert reasons({"name": "  ".strip()}) == {"name": ("needed", NEEDED)}


def test_instants_are_chongqings_unless_they_say_otherwise() -> None:
    assert local_instant("2026-11-26T09:00") == datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    assert local_instant("2026-11-26T09:00+00:00") == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    assert local_date(" 2026-11-26 ") == date(2026, 11, 26)
    for wrong in ("", "tomorrow", "2026-02-30T09:00"):
        with pytest.raises(Invalid) as caught:
            local_instant(wrong, "starts_at")
        assert caught.value.field == "starts_at"
    with pytest.raises(Invalid):
        local_date("2026-02-30")


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Lets a test stand behind proxies."""
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "10.0.0.9"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.9"),
        (1, "", "10.0.0.9"),
    ],
)
def test_an_invented_address_is_not_believed(
    behind: pytest.MonkeyPatch, proxies: int, forwarded: str, address: str
) -> None:
    behind.setenv("SHARED_RESOURCES_PROXIES", str(proxies))
    settings.cache_clear()
    request: Any = SimpleNamespace(headers={"x-forwarded-for": forwarded}, client=SimpleNamespace(host="10.0.0.9"))
    assert address_of(request) == address


def test_browsers_are_named_as_people_name_them() -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
    assert browser_name(agent) == "Edge · Windows"
    assert browser_name("curl/8") == "curl/8"
    assert browser_name(None) == "—"
