"""Real recordings for the tests: every picture bears its own number in black and white blocks at its top."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from pathlib import Path

BITS = 12
GROUND = (70, 110, 150)


def film(
    path: Path,
    seconds: float = 4,
    size: tuple[int, int] = (320, 180),
    fps: int = 25,
    gop: int = 25,
    *,
    audio: bool = False,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
) -> Path:
    """A recording of ``seconds`` at ``path``, a key frame every ``gop`` pictures; returns ``path``."""
    with av.open(str(path), "w") as output:
        video = output.add_stream(codec, rate=fps, options={"preset": "ultrafast"} | (options or {}))
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.codec_context.gop_size = gop
        video.codec_context.max_b_frames = 0
        sound = output.add_stream("aac", rate=16_000, layout="mono") if audio else None
        for number in range(round(seconds * fps)):
            frame = av.VideoFrame.from_image(numbered(number, size))
            frame.pts, frame.time_base = number, Fraction(1, fps)
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
        if sound is not None:
            for number in range(round(seconds * 16_000 / 1024)):
                silence = av.AudioFrame(format="fltp", layout="mono", samples=1024)
                for plane in silence.planes:
                    plane.update(bytes(plane.buffer_size))
                silence.sample_rate, silence.pts, silence.time_base = 16_000, number * 1024, Fraction(1, 16_000)
                output.mux(sound.encode(silence))
            output.mux(sound.encode(None))
    return path


def numbered(number: int, size: tuple[int, int]) -> Image.Image:
    """A picture with its number along the top edge, the highest bit at the left."""
    picture = Image.new("RGB", size, GROUND)
    pen = ImageDraw.Draw(picture)
    width = size[0] // BITS
    for bit in range(BITS):
        lit = number >> (BITS - 1 - bit) & 1
        pen.rectangle((bit * width, 0, (bit + 1) * width - 1, 15), fill="white" if lit else "black")
    return picture


def number_of(picture: Image.Image) -> int:
    """The number that a picture bears."""
    width = picture.width // BITS
    grey = picture.convert("L")
    found = 0
    for bit in range(BITS):
        found = found << 1 | (grey.getpixel((bit * width + width // 2, 8)) > 128)
    return found


def pictures(path: Path) -> list[Image.Image]:
    """Every picture of a recording, decoded."""
    with av.open(str(path)) as container:
        return [frame.to_image() for frame in container.decode(video=0)]
