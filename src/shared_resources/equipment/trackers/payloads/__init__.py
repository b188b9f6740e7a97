"""Payloads of the field, each decoded by a pure function into observations.

A decoder is asked with the whole topic. Devices that publish themselves are named by the topic's second level,
which the broker guards; those that a source speaks for by what the source says, within that source only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from shared_resources.equipment.trackers.payloads import (
    ble,
    chirpstack,
    meshtastic,
    native,
    owntracks,
    traccar,
    tts,
    zigbee2mqtt,
)
from shared_resources.equipment.trackers.payloads.observation import Observation
from shared_resources.equipment.trackers.payloads.reading import Decoder, FieldMap, Topic, Unreadable, words
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "Kind", "Observation", "Unreadable", "decode", "normal_id"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of payload: its label (a msgid or a brand) and the topics it may stand in, by their first level."""

    label: str
    decoder: Decoder
    roots: tuple[str, ...] = ("s",)

    @property
    def by_itself(self) -> bool:
        """Whether devices publish it themselves."""
        return self.roots != ("s",)


KINDS: Mapping[str, Kind] = {
    "native": Kind(N_("Our own messages (JSON)"), native.decode, ("t", "s")),
    "owntracks": Kind("OwnTracks", owntracks.decode, ("owntracks",)),
    "traccar": Kind("Traccar", traccar.decode),
    "ble": Kind(N_("Bluetooth gateway (OpenMQTTGateway, Theengs)"), ble.decode),
    "chirpstack": Kind("LoRaWAN · ChirpStack 4", chirpstack.decode),
    "tts": Kind("LoRaWAN · The Things Stack 3", tts.decode),
    "meshtastic": Kind("Meshtastic", meshtastic.decode),
    "zigbee2mqtt": Kind("Zigbee2MQTT", zigbee2mqtt.decode),
}
SHORTEST_TOPIC = 2
DEV_EUI = re.compile(r"[0-9a-f]{16}")


def decode(kind: str, topic: Topic, payload: bytes, field_map: FieldMap) -> tuple[Observation, ...] | Unreadable:
    """What a message says; nothing where it says nothing of interest (an empty payload, say); never raises.

    ``topic``: all its levels. ``field_map``: of the device's model, for codecs of one's own.
    """
    if kind not in KINDS or len(topic) < SHORTEST_TOPIC or topic[0] not in KINDS[kind].roots:
        return Unreadable("no such kind of payload on this topic")
    if not payload:
        return ()  # how a retained message is taken back
    try:
        found = KINDS[kind].decoder(topic, payload, field_map)
    except RecursionError:
        return Unreadable("nested too deeply")
    except UnicodeError:
        return Unreadable("not UTF-8")
    except (msgspec.MsgspecError, ValueError) as error:
        return Unreadable(str(error)[:200])
    if not all(words(seen.device) for seen in found):
        return Unreadable("the device's id is no plain text")
    return found


def normal_id(kind: str, told: str) -> str:
    """A natural id as observations name it, from how a person writes it on the register."""
    told = told.strip()
    if kind in ("chirpstack", "tts"):
        bare = told.replace("-", "").replace(":", "").lower()
        return bare if DEV_EUI.fullmatch(bare) else told
    if kind == "meshtastic":
        return f"!{told.removeprefix('!').lower()}"
    if kind == "ble":
        uuid, major, minor = (*told.rsplit("-", 2), "", "")[:3]
        return ble.mac(told) or ble.beacon(uuid, major, minor) or told
    return told
