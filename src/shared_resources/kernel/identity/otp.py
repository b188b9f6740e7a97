"""Time-based one-time codes (RFC 6238): 30-second steps, six digits, SHA-1 as every phone app has it. Pure."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import pyotp
import qrcode
from pyotp.utils import strings_equal
from qrcode.image.svg import SvgPathImage

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


def picture(uri: str) -> str:
    """The address as a QR code: an SVG element to stand in a page."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(uri)
    buffer = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(buffer)
    svg = buffer.getvalue().decode()
    return svg[svg.index("<svg") :]
