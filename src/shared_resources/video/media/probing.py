"""What a recording is, and a strip of its pictures. Runs in the child process."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import av

from shared_resources.video.media.opened import NO_PICTURES, NOT_A_RECORDING, Cannot, opened
from shared_resources.video.media.orders import Answer, Order, Probed, Stream

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream
    from PIL import Image

LOOKED_AT = 25
"""So many pictures are decoded to see that there are some."""
PICTURE_WIDTH = 320
MEDIA_TYPES = {
    "mov": "video/mp4",
    "mp4": "video/mp4",
    "matroska": "video/x-matroska",
    "webm": "video/webm",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "avi": "video/x-msvideo",
    "flv": "video/x-flv",
    "asf": "video/x-ms-asf",
    "h264": "video/h264",
    "hevc": "video/h265",
}


def probe(order: Order) -> Answer:
    """What the file is; some of its pictures are decoded, so that an empty shell is not taken for a recording."""
    with opened(order.path) as (container, stream):
        try:
            seen = sum(1 for _, _frame in zip(range(LOOKED_AT), container.decode(stream), strict=False))
        except (av.FFmpegError, ValueError) as error:
            raise Cannot(NOT_A_RECORDING) from error
        duration = duration_ms(container, stream)
        if not seen or duration <= 0:
            raise Cannot(NO_PICTURES)
        name = container.format.name
        return Answer(
            probed=Probed(
                container=name,
                media_type=next((MEDIA_TYPES[one] for one in name.split(",") if one in MEDIA_TYPES), "video/mp4"),
                duration_ms=duration,
                width=stream.codec_context.width,
                height=stream.codec_context.height,
                codec=stream.codec_context.name,
                fps=str(stream.average_rate or stream.guessed_rate or ""),
                audio=bool(container.streams.audio),
                claimed_at=_claimed(container.metadata.get("creation_time")),
                streams=tuple(
                    Stream(one.type, one.codec_context.name) for one in container.streams if one.codec_context
                ),
            )
        )


def duration_ms(container: InputContainer, stream: VideoStream) -> int:
    """How long the recording is: what the container says, else the stream, else its last packet."""
    if container.duration:
        return round(container.duration / 1000)
    if stream.duration and stream.time_base:
        return round(stream.duration * stream.time_base * 1000)
    container.seek(0)
    last = 0
    for packet in container.demux(stream):
        if packet.pts is not None and packet.time_base:
            last = max(last, round((packet.pts + (packet.duration or 0)) * packet.time_base * 1000))
    return last


def strip(order: Order) -> Answer:
    """Pictures at even distances, as JPEG files in the target folder: the key frame before each place."""
    pictures = []
    with opened(order.path) as (container, stream):
        stream.codec_context.skip_frame = "NONKEY"
        for index in range(order.count):
            at = order.end_ms * index // order.count
            try:
                container.seek(at * 1000)
                frame = next(container.decode(stream), None)
            except (av.FFmpegError, ValueError):
                continue
            if frame is None:
                continue
            height = max(2, PICTURE_WIDTH * frame.height // frame.width)
            target = Path(order.target) / f"{at}.jpg"
            picture: Image.Image = frame.to_image(width=PICTURE_WIDTH, height=height)  # type: ignore[no-untyped-call]
            picture.save(target, "JPEG", quality=80)
            pictures.append((at, str(target)))
    return Answer(pictures=tuple(pictures))


def _claimed(text: str | None) -> datetime | None:
    """The time in the file as an instant; many cameras leave it out or write something else there."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
