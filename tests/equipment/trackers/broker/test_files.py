"""The files that Mosquitto reads, without one."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared_resources.equipment.trackers.broker.access import covers, parse
from shared_resources.equipment.trackers.broker.files import Listening, access, configuration, passwords
from shared_resources.equipment.trackers.rules.credentials import (
    LISTENER,
    Login,
    generation_of,
    hash_of,
    is_password,
    username_of,
)

LOGINS = (
    Login("one", "h1", "one", False),
    Login("one.2", "h2", "one", False),
    Login("door.2", "h3", "door", True),
)
KEYS = some.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=40)
LEVELS = some.lists(some.sampled_from(["t", "a", "b", ""]), min_size=1, max_size=4)
WORDS = some.text(some.characters(exclude_characters="\0"), max_size=40)
"""HMAC fills short keys with zero bytes, so that a word and the same with one behind it are equal."""
FILTERS = some.builds(
    lambda levels, end: "/".join([*levels, *end]),
    some.lists(some.sampled_from(["t", "a", "b", "+"]), min_size=1, max_size=3),
    some.sampled_from([[], ["#"]]),
)


def test_each_name_may_what_its_key_may() -> None:
    rules = parse(access(LOGINS))
    for name in ("one", "one.2"):
        assert rules.may_write(name, "t/one/obs")
        assert rules.may_write(name, "owntracks/one/phone/event")
        assert rules.may_read(name, "cmd/one/desired")
        assert not rules.may_write(name, "t/two/obs")
        assert not rules.may_write(name, "cmd/one/desired")
        assert not rules.may_read(name, "t/one/obs")
    assert rules.may_write("door.2", "s/door/x")
    assert not rules.may_write("door.2", "t/door/obs")
    assert rules.may_read(LISTENER, "t/+/#")
    assert rules.may_write(LISTENER, "cmd/one/desired")
    assert not rules.may_write(LISTENER, "t/one/obs")


@pytest.mark.parametrize("asked", ["#", "+/+/#", "cmd/#", "cmd/+/desired", "t/#", "$SYS/#", "cmd"])
def test_no_device_hears_more_than_its_own(asked: str) -> None:
    assert not parse(access(LOGINS)).may_read("one", asked)


@pytest.mark.parametrize("name", ["+", "#", "a/b", "one/#"])
def test_a_name_with_wildcards_may_nothing(name: str) -> None:
    rules = parse(access(LOGINS))
    assert not rules.may_write(name, f"t/{name}/obs")
    assert not rules.may_read(name, f"cmd/{name}/desired")


@given(allowed=FILTERS, asked=FILTERS, levels=LEVELS)
def test_what_covers_a_filter_covers_each_of_its_topics(allowed: str, asked: str, levels: list[str]) -> None:
    topic = "/".join(levels)
    if covers(allowed, asked) and covers(asked, topic):
        assert covers(allowed, topic)


@given(password=WORDS, other=WORDS, salt=some.binary(min_size=12, max_size=12))
def test_only_the_password_fits_its_hash(password: str, other: str, salt: bytes) -> None:
    kept = hash_of(password, salt)
    assert is_password(password, kept)
    assert is_password(other, kept) is (other == password)


@given(some.text())
def test_no_text_is_a_hash_by_accident(kept: str) -> None:
    assert not is_password("x", kept)


@given(KEYS, some.integers(1, 99))
def test_the_generation_is_read_off_the_name(key: str, generation: int) -> None:
    assert generation_of(username_of(key, generation)) == generation


def test_passwords_and_configuration_name_everything() -> None:
    text = passwords(LOGINS, "ours")
    assert text.splitlines() == [f"{LISTENER}:ours", "one:h1", "one.2:h2", "door.2:h3"]
    plain = configuration(Listening("/x", "127.0.0.1", 1883))
    assert "listener 1883 127.0.0.1" in plain
    assert "allow_anonymous false" in plain
    assert "8883" not in plain
    secure = configuration(Listening("/x", "::", 1883, 8883, revoked=True))
    assert "require_certificate true" in secure
    assert "crlfile /x/crl.pem" in secure
    assert "$" not in secure
