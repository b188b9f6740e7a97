"""Time-based one-time codes (RFC 6238): 30-second steps, six digits, SHA-1 as every phone app has it. Pure."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pyotp
from pyotp.utils import strings_equal

if TYPE_CHECKING:
    from datetime import datetime

STEP_SECONDS = 30
DRIFT_STEPS = 1
ISSUER = "Shared Resources"


def matching_step(secret: bytes, code: str, at: datetime) -> int | None:
    """The step whose code this is, one step of clock drift either way; None for a wrong code."""
    digits = "".join(code.split())
    totp, current = pyotp.TOTP(readable(secret)), int(at.timestamp()) // STEP_SECONDS
    steps = range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1)
    found = [step for step in steps if strings_equal(totp.generate_otp(step), digits)]
    return found[-1] if found else None


def readable(secret: bytes) -> str:
    """The secret in base 32, as people type it."""
    return base64.b32encode(secret).decode().rstrip("=")


def address(secret: bytes, username: str) -> str:
    """The ``otpauth`` address that apps read."""
    return pyotp.TOTP(readable(secret)).provisioning_uri(name=username, issuer_name=ISSUER)
