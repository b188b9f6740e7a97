"""QR symbols as SVG elements that stand in a page."""

from __future__ import annotations

import io

import qrcode
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage


def picture(text: str) -> Markup:
    """``text`` as one SVG element. Upper-case addresses make a coarser symbol, read from further away."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    buffer = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(buffer)
    svg = buffer.getvalue().decode()
    return Markup(svg[svg.index("<svg") :])  # noqa: S704 made by us, holds only a path
