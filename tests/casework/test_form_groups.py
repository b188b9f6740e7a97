"""Forms in groups: what belongs together stands together, and what is rarely wanted is folded until it is used."""

from __future__ import annotations

from typing import Annotated

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.web.asked import drawn
from shared_resources.kernel.web.language import language_of
from shared_resources.kernel.web.templates import environment_for

MORE = "Further details"


class Small(Asked):
    """A form with a group of needed fields and a folded one."""

    name: Annotated[str, Ask("Name", group="Case")]
    reason: Annotated[str | None, Ask("Reason", group=MORE, folded=True)] = None
    place: Annotated[str, Ask("Place")]
    note: Annotated[str | None, Ask("Note", group=MORE)] = None


def html(values: dict[str, str] | None = None, errors: tuple[tuple[str, str], ...] = ()) -> str:
    """The fields of the form as a page draws them."""
    macros = environment_for(language_of("en")).get_template("macros/asked.html").make_module({"csrf_token": ""})
    return str(macros.fields(drawn(Small, values, errors), []))


def test_a_group_stands_where_its_first_field_does() -> None:
    """Every field once, the folded group with both of its fields before what follows it."""
    page = html()
    order = [page.index(f'name="{name}"') for name in ("name", "reason", "note", "place")]
    assert order == sorted(order)
    assert page.count(MORE) == 1


def test_what_is_needed_is_never_folded() -> None:
    """A group with a required field is a fieldset with its title."""
    page = html()
    assert '<fieldset class="group"><legend>Case</legend>' in page
    assert "<details" in page
    assert " open>" not in page


def test_a_folded_group_opens_once_it_is_used_or_refused() -> None:
    """Nothing that was entered, and no sentence against a field, is hidden."""
    assert " open>" in html({"note": "by the gate"})
    assert " open>" in html({}, (("reason", "Give the reason."),))
    assert " open>" not in html({"name": "Night market", "place": "Jiangbei"})
