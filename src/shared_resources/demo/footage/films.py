"""Short recordings for the demo, drawn: a street at night, its clock in the picture."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import av
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import __file__ as fonts

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

SIZE, FPS, SECONDS = (640, 360), 12, 8
STALLS = ("#b8862f", "#8f3a2a", "#2f6f5e", "#5b4a8a")
FONT = fonts.replace("__init__.py", "NotoSansSC-Regular.otf")


async def draw_film(path: Path, camera: str, begins: datetime) -> Path:
    """A recording at ``path``; returns ``path``."""
    return await asyncio.to_thread(_draw, path, camera, begins)


def _draw(path: Path, camera: str, begins: datetime) -> Path:
    font = ImageFont.truetype(FONT, 18)
    with av.open(str(path), "w", format="mp4") as output:
        video = output.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "28"})
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        video.codec_context.gop_size = FPS
        video.codec_context.max_b_frames = 0
        for number in range(FPS * SECONDS):
            shown = begins + timedelta(seconds=number / FPS)
            drawn = _street(number, camera, shown, font)
            frame: av.VideoFrame = av.VideoFrame.from_image(drawn)  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
    return path


def _street(number: int, camera: str, shown: datetime, font: ImageFont.FreeTypeFont) -> Image.Image:
    """Stalls under lamps, somebody walking past, a scooter; camera and clock as recorders write them."""
    picture = Image.new("RGB", SIZE, "#151a24")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 250, *SIZE), fill="#2a2d33")
    for place, colour in enumerate(STALLS):
        left = 40 + place * 150
        pen.polygon((left, 170, left + 120, 170, left + 105, 140, left + 15, 140), fill=colour)
        pen.rectangle((left + 8, 170, left + 112, 250), fill="#3b3026")
        pen.ellipse((left + 52, 175, left + 68, 191), fill="#ffe2a0")
    walker, scooter = 30 + number * 4 % 640, 640 - number * 9 % 760
    pen.ellipse((walker, 228, walker + 18, 246), fill="#c9b8a4")
    pen.rectangle((walker - 3, 246, walker + 21, 296), fill="#39506b")
    pen.rectangle((scooter, 285, scooter + 54, 312), fill="#7a2e2e")
    pen.ellipse((scooter + 2, 305, scooter + 20, 323), fill="#111111")
    pen.ellipse((scooter + 36, 305, scooter + 54, 323), fill="#111111")
    pen.text((12, 8), f"{shown:%Y-%m-%d %H:%M:%S}", font=font, fill="white")
    pen.text((12, SIZE[1] - 30), camera, font=font, fill="white")
    return picture
