"""A viewing copy: exact to the picture, marked, and masked where asked. Decoded and encoded anew in the child.

Places are filled, not blurred: a blur can be undone. Pillow draws the mark, because the wheel has no drawtext.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
from av.filter import Graph
from av.video.format import VideoFormat
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import __file__ as fonts

from shared_resources.video.media.cutting import NOTHING_THERE
from shared_resources.video.media.opened import NOT_A_RECORDING, Cannot, opened
from shared_resources.video.media.orders import Answer, Cover, Made, Order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

ENCODER = {"preset": "veryfast", "crf": "23"}
MILLI = Fraction(1, 1000)
INK, SHADE = (255, 255, 255, 235), (0, 0, 0, 130)


def viewing(order: Order) -> Answer:
    """Make the copy. A picture belongs to it when it is shown at or after the start and before the end."""
    with opened(order.path) as (container, stream):
        try:
            first, last = _encode(container, stream, order)
        except av.FFmpegError as error:
            raise Cannot(NOT_A_RECORDING) from error
    made = Made(
        start_ms=first,
        end_ms=last,
        media_type="video/mp4",
        parameters={"method": "encoded anew", "codec": "h264", **ENCODER, "library": f"PyAV {av.__version__}"},
    )
    return Answer(made=made)


def _encode(container: InputContainer, stream: VideoStream, order: Order) -> tuple[int, int]:
    """First and last millisecond that are in the copy."""
    drawing: Drawing | None = None
    first: int | None = None
    last = order.start_ms
    pause = round(1000 / (stream.average_rate or 25))
    with av.open(order.target, "w", format="mp4", options={"movflags": "+faststart"}) as output:
        encoder: Any = None
        for frame, at in _span(container, stream, order):
            if drawing is None:
                drawing, first = Drawing(frame, order), at
            for drawn in drawing.draw(frame, at - order.start_ms):
                if encoder is None:
                    encoder = _encoder(output, stream, drawn)
                drawn.pict_type = 0
                output.mux(encoder.encode(drawn))
            last = at + pause
        if encoder is None or first is None:
            raise Cannot(NOTHING_THERE)
        output.mux(encoder.encode(None))
    return first, min(last, order.end_ms)


def _span(container: InputContainer, stream: VideoStream, order: Order) -> Iterator[tuple[VideoFrame, int]]:
    """The pictures of the span with the millisecond at which each is shown."""
    container.seek(order.start_ms * 1000, backward=True)
    for frame in container.decode(stream):
        if frame.time is None:
            continue
        at = round(frame.time * 1000)
        if at >= order.end_ms:
            return
        if at >= order.start_ms:
            yield frame, at


def _encoder(output: Any, stream: VideoStream, frame: VideoFrame) -> Any:
    encoder = output.add_stream("libx264", rate=stream.average_rate or 25, options=ENCODER)
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuv420p"
    encoder.codec_context.time_base = MILLI
    encoder.codec_context.thread_count = 1
    return encoder


class Drawing:
    """What is done to every picture: places filled, the mark at the foot, even sizes for the encoder."""

    def __init__(self, frame: VideoFrame, order: Order) -> None:
        self._graph = Graph()
        self._source = self._graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=MILLI
        )
        node = self._source
        for cover in order.covers:
            box = self._graph.add("drawbox", _box(cover, frame, order.start_ms))
            node.link_to(box)
            node = box
        picture = _mark(order.mark, frame.width, frame.height)
        foot = self._graph.add_buffer(
            width=picture.width, height=picture.height, format=VideoFormat("rgba"), time_base=MILLI
        )
        over = self._graph.add("overlay", f"x=0:y={frame.height - picture.height}:eof_action=repeat")
        even = self._graph.add("scale", "w=trunc(iw/2)*2:h=trunc(ih/2)*2")
        form = self._graph.add("format", "pix_fmts=yuv420p")
        self._sink = self._graph.add("buffersink")
        node.link_to(over, 0, 0)
        foot.link_to(over, 0, 1)
        over.link_to(even)
        even.link_to(form)
        form.link_to(self._sink)
        self._graph.configure()
        foot.push(_frame_of(picture))
        foot.push(None)

    def draw(self, frame: VideoFrame, at: int) -> Iterator[VideoFrame]:
        """What comes out when ``frame`` goes in, ``at`` milliseconds into the copy."""
        frame.pts, frame.time_base = at, MILLI
        self._source.push(frame)
        while True:
            try:
                drawn = self._sink.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            assert isinstance(drawn, av.VideoFrame)
            yield drawn


def _box(cover: Cover, frame: VideoFrame, start_ms: int) -> str:
    """A filled rectangle in the words of the filter, for its time within the copy."""
    begin, end = ((one - start_ms) / 1000 for one in (cover.from_ms, cover.to_ms))
    return (
        f"x={round(cover.x * frame.width)}:y={round(cover.y * frame.height)}"
        f":w={max(1, round(cover.w * frame.width))}:h={max(1, round(cover.h * frame.height))}"
        f":color=black:t=fill:enable='gte(t,{begin:.3f})*lt(t,{end:.3f})'"
    )


def _mark(lines: Sequence[str], width: int, height: int) -> Image.Image:
    """The mark as a strip for the foot of the picture: text in two colours that reads on light and dark."""
    size = max(9, min(height // 24, width // 36))
    font = ImageFont.truetype(fonts.replace("__init__.py", "NotoSansSC-Regular.otf"), size)
    fitting = [line for text in lines for line in _folded(text, font, width - size)]
    step = round(size * 1.4)
    strip = Image.new("RGBA", (width, max(2, min(height, step * len(fitting) + size // 2))), SHADE)
    pen = ImageDraw.Draw(strip)
    for number, line in enumerate(fitting):
        pen.text((size // 2, size // 4 + number * step), line, font=font, fill=INK)
    return strip


def _folded(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """``text`` in lines that fit."""
    line = ""
    for character in text:
        if line and font.getlength(line + character) > width:
            yield line
            line = ""
        line += character
    if line:
        yield line


def _frame_of(picture: Image.Image) -> VideoFrame:
    """An RGBA picture as a frame: row by row, because the library's own way silently drops what is see-through."""
    frame = av.VideoFrame(picture.width, picture.height, "rgba")
    plane = frame.planes[0]
    row = picture.width * 4
    pad = bytes(plane.line_size - row)
    data = picture.tobytes()
    plane.update(b"".join(data[at : at + row] + pad for at in range(0, len(data), row)))
    frame.pts, frame.time_base = 0, MILLI
    return frame
