"""An evidence copy: the packets as they are, from the key frame before the start to the packet after the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av

from shared_resources.kernel.words import N_
from shared_resources.video.media.opened import NOT_A_RECORDING, Cannot, opened
from shared_resources.video.media.orders import Answer, Made, Order

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

IN_MP4 = frozenset({"h264", "hevc", "mpeg4", "av1", "libdav1d", "aac", "mp3", "mp3float", "ac3"})
"""Streams that an MP4 file holds; all others go into Matroska, which holds everything."""
NOTHING_THERE = N_("The recording has nothing in this span.")


def container_for(container: InputContainer) -> tuple[str, str]:
    """Format and media type for a copy of these streams."""
    codecs = {one.codec_context.name for one in (*container.streams.video[:1], *container.streams.audio)}
    return ("mp4", "video/mp4") if codecs <= IN_MP4 else ("matroska", "video/x-matroska")


def extract(order: Order) -> Answer:
    """Copy the packets of a span without decoding them; the bounds that key frames allow are told."""
    with opened(order.path) as (container, stream):
        name, media_type = container_for(container)
        container.seek(order.start_ms * 1000, backward=True)
        try:
            first, last = _copy(container, stream, order, name)
        except av.FFmpegError as error:
            raise Cannot(NOT_A_RECORDING) from error
    made = Made(
        start_ms=first,
        end_ms=last,
        media_type=media_type,
        parameters={"method": "stream copy", "container": name, "library": f"PyAV {av.__version__}"},
    )
    return Answer(made=made)


def _copy(container: InputContainer, video: VideoStream, order: Order, name: str) -> tuple[int, int]:
    """First and last millisecond that were copied."""
    options = {"movflags": "+faststart"} if name == "mp4" else {}
    with av.open(order.target, "w", format=name, options=options) as output:
        streams: dict[int, Any] = {
            one.index: output.add_stream_from_template(one) for one in (video, *container.streams.audio)
        }
        start: int | None = None
        last = done = 0
        for packet in container.demux([video, *container.streams.audio]):
            if packet.dts is None or packet.pts is None or packet.time_base is None:
                continue
            is_video = packet.stream.index == video.index
            at = round(packet.pts * packet.time_base * 1000)
            if start is None:
                if not (is_video and packet.is_keyframe):
                    continue
                start = at
            if round(packet.dts * packet.time_base * 1000) >= order.end_ms:
                done += is_video
                if done:
                    break
                continue
            if at < start:
                continue
            if is_video:
                last = max(last, round((packet.pts + (packet.duration or 0)) * packet.time_base * 1000))
            shift = round(start / 1000 / packet.time_base)
            packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
            packet.stream = streams[packet.stream.index]
            output.mux(packet)
    if start is None or last <= start:
        raise Cannot(NOTHING_THERE)
    return start, last
