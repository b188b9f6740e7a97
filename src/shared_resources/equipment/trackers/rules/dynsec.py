"""Mosquitto's dynamic security as lists of commands: what to send so that the broker knows whom we let in.

Its 2.0 knows no ``%u`` in a role, so each name has a role of its own. Names with such a role are ours to remove;
all others (the administrator, other systems) are left alone. A hash cannot be handed over: the plain password goes
to the broker when it is issued, and only then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from shared_resources.equipment.trackers.rules.credentials import Allowed

ROLE_PREFIX = "shared-resources/"
AT_ONCE = 100
"""Commands in one message: the broker writes its whole file after each message."""
EVERYBODY: dict[str, Any] = {"command": "listClients", "verbose": True, "count": -1, "offset": 0}
HARMLESS = ("Client not found", "Role not found")
"""Answers that say that what shall go is not there."""

Command = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What brings the broker in step. ``missing``: names whose passwords only a renewal brings."""

    commands: tuple[Command, ...]
    missing: tuple[str, ...]


def entering(username: str, password: str, may: Allowed) -> tuple[Command, ...]:
    """Let a name in, with this password and nothing of what a verb that failed may have left there of it."""
    role = ROLE_PREFIX + username
    return (
        *leaving(username),
        {"command": "createRole", "rolename": role, "acls": list(rules_of(may))},
        {"command": "createClient", "username": username, "password": password, "roles": [{"rolename": role}]},
    )


def leaving(username: str) -> tuple[Command, ...]:
    """Shut a name out; the broker ends its connection."""
    return (
        {"command": "disableClient", "username": username},
        {"command": "deleteClient", "username": username},
        {"command": "deleteRole", "rolename": ROLE_PREFIX + username},
    )


def rules_of(may: Allowed) -> Iterable[Command]:
    """The rules of a role; what none of them allows, the broker refuses."""
    for topic in may.write:
        yield {"acltype": "publishClientSend", "topic": topic, "priority": 0, "allow": True}
    for topic in may.read:
        for kind in ("subscribePattern", "publishClientReceive"):
            yield {"acltype": kind, "topic": topic, "priority": 0, "allow": True}


def ours(answer: Mapping[str, Any]) -> frozenset[str]:
    """Of the names that ``EVERYBODY`` was answered with, those that we have put there."""
    clients = answer.get("data", {}).get("clients", [])
    return frozenset(
        one["username"]
        for one in clients
        if any(role.get("rolename") == ROLE_PREFIX + one["username"] for role in one.get("roles", []))
    )


def plan(wanted: Collection[str], found: Collection[str]) -> Plan:
    """What to send when ``wanted`` are let in and ``found`` are what the broker has of ours."""
    gone = sorted(set(found) - set(wanted))
    return Plan(
        tuple(command for username in gone for command in leaving(username)),
        tuple(sorted(set(wanted) - set(found))),
    )


def batches(commands: Sequence[Command]) -> Iterable[Sequence[Command]]:
    """The commands in messages that the broker can take."""
    for start in range(0, len(commands), AT_ONCE):
        yield commands[start : start + AT_ONCE]
