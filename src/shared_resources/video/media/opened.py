"""Opening a recording in the child: only formats of recordings, only from this file, never too many pixels."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import av

from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.stream import VideoStream

FORMATS = "mov,mp4,matroska,webm,mpegts,mpeg,avi,flv,asf,h264,hevc"
"""Not concat and its like: a script named .mp4 would be recognised by its content."""
OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": FORMATS,
    "probesize": "20000000",
    "analyzeduration": "10000000",
}
MOST_PIXELS = 7680 * 4320

NOT_A_RECORDING = N_("This file cannot be read as a recording.")
NO_PICTURES = N_("This file holds no moving pictures.")
TOO_LARGE_PICTURES = N_("The pictures of this file are larger than we handle.")


class Cannot(Exception):
    """Why a file cannot be worked on; the text is a msgid."""


@contextmanager
def opened(path: str) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its first video stream; decoding runs on one thread.

    Raises:
        Cannot: no recording, no pictures, or too large ones.
    """
    av.logging.set_level(av.logging.PANIC)
    try:
        container = av.open(path, options=OPTIONS, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise Cannot(NOT_A_RECORDING) from error
    with container:
        if not container.streams.video:
            raise Cannot(NO_PICTURES)
        stream = container.streams.video[0]
        size = stream.codec_context.width * stream.codec_context.height
        if size <= 0:
            raise Cannot(NO_PICTURES)
        if size > MOST_PIXELS:
            raise Cannot(TOO_LARGE_PICTURES)
        stream.codec_context.thread_count = 1
        yield container, stream
