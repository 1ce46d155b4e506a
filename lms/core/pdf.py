"""Printed pages: a document with embedded faces, and its sheets measured in millimetres.

The same input gives the same bytes. Drawing is pure: nothing here knows the database or the request.
"""

import datetime
import io
import threading
from collections.abc import Callable, Sequence
from typing import Any, Literal

import segno
from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from lms.core.typefaces import (
    BOX,
    NO_BREAK_SPACE,
    Setting,
    TextDoesNotFit,
    Typeface,
    face_for,
    fit,
    load,
    nfc,
    text_width,
)

__all__ = ["A4_LANDSCAPE", "A4_PORTRAIT", "Document", "Setting", "Sheet", "TextDoesNotFit", "Typeface", "fit", "record"]

rl_config.useA85 = 0  # ASCII85 would take most of the time and add a quarter to the size

A4_PORTRAIT = (210.0, 297.0)
A4_LANDSCAPE = (297.0, 210.0)
"""Paper, width and height in millimetres."""

INK = HexColor("#1c2629")
BLACK = HexColor("#000000")
WHITE = HexColor("#ffffff")
GREY = HexColor("#4d595d")
LAM = HexColor("#0e4f63")
SON = HexColor("#9a2b26")
GOLD = HexColor("#b08a3e")

_QR_MASK = 3  # any mask is valid; choosing the best one takes five times as long
_SAVING = threading.Lock()

Align = Literal["left", "center", "right"]


class Document:
    """A PDF in the making: ask for sheets one after another, then `finish()`.

    `paper` is (width, height) in mm. `day`, where known, becomes the date in the file's properties, so that a paper
    drawn again years later is the same file.
    """

    def __init__(
        self,
        *,
        title: str,
        author: str,
        subject: str,
        paper: tuple[float, float],
        first_face: Typeface = Typeface.SERIF,
        day: datetime.date | None = None,
    ) -> None:
        load(first_face)
        face_name: Any = first_face.value  # the type stubs call a font's name a number
        self.paper = paper
        self.pages = 0
        self._buffer = io.BytesIO()
        self.canvas = Canvas(
            self._buffer,
            pagesize=(paper[0] * mm, paper[1] * mm),
            pageCompression=1,
            invariant=1,
            initialFontName=face_name,  # else an unembedded Helvetica is named in every file
            lang="vi-VN",
        )
        self.canvas.setTitle(nfc(title))
        self.canvas.setAuthor(nfc(author))
        self.canvas.setSubject(nfc(subject))
        self.canvas.setCreator("LMS")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        if day:
            stamp = f"D:{day:%Y%m%d}000000+07'00'"
            self.canvas.setDateFormatter(lambda *_moment: stamp)

    def sheet(self) -> "Sheet":
        """The next empty page."""
        if self.pages:
            self.canvas.showPage()
        self.pages += 1
        return Sheet(self.canvas, *self.paper)

    def finish(self) -> bytes:
        """The whole file. Raises ValueError if no sheet was drawn."""
        if not self.pages:
            raise ValueError("a document needs at least one sheet")
        self.canvas.showPage()  # saving alone would drop an empty last page
        with _SAVING:  # ReportLab reads glyphs through one file position per font, shared by all threads
            self.canvas.save()
        return self._buffer.getvalue()


class Sheet:
    """One page; positions in mm from its top-left corner, `y` of a text is its baseline, line widths in points."""

    def __init__(self, canvas: Canvas, width: float, height: float) -> None:
        self.canvas = canvas
        self.width = width
        self.height = height

    def text(
        self,
        x: float,
        y: float,
        text: str,
        face: Typeface,
        size: float,
        color: Color = INK,
        align: Align = "center",
        field: str = "text",
        *,
        stretch: float = 0.0,
    ) -> float:
        """Print one line, each space wider by `stretch` mm, and return its width in mm.

        Raises TextDoesNotFit for a letter that no face has.
        """
        text = nfc(text)
        face = face_for(text, face, field)
        shown = text.replace(NO_BREAK_SPACE, " ")
        width = text_width(shown, face, size) + stretch * shown.count(" ")
        left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        self.canvas.setFont(face.value, size)
        for number, letters in enumerate(shown.split(BOX)):
            if number:
                left += self._draw_box(left, y, face, size, color)
            self.canvas.setFillColor(color)
            self.canvas.drawString(left * mm, (self.height - y) * mm, letters, wordSpace=stretch * mm or None)
            left += text_width(letters, face, size) + stretch * letters.count(" ")
        return width

    def _draw_box(self, left: float, y: float, face: Typeface, size: float, color: Color) -> float:
        """The square for a letter that no face has; returns the width of its place."""
        width = text_width(BOX, face, size)
        side = 0.8 * width
        self.rect(left + 0.1 * width, y - side, side, side, 0.05 * size, color)
        return width

    def lines(
        self,
        x: float,
        y: float,
        setting: Setting,
        leading: float = 1.3,
        color: Color = INK,
        align: Align = "center",
    ) -> float:
        """Print a fitted text, first baseline at `y`, `leading` in ems; return the last baseline."""
        for number, line in enumerate(setting.lines):
            self.text(x, y + number * leading * setting.line_height, line, setting.face, setting.size, color, align)
        return y + max(0, len(setting.lines) - 1) * leading * setting.line_height

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.3, color: Color = INK) -> None:
        """A straight rule."""
        self._stroke(width, color)
        self.canvas.line(x1 * mm, (self.height - y1) * mm, x2 * mm, (self.height - y2) * mm)

    def rect(
        self, x: float, y: float, width: float, height: float, stroke: float = 0.3, color: Color = INK,
        fill: Color | None = None,
    ) -> None:  # fmt: skip
        """A rectangle; `stroke` 0 leaves out the outline."""
        self._stroke(stroke, color)
        if fill is not None:
            self.canvas.setFillColor(fill)
        self.canvas.rect(
            x * mm, (self.height - y - height) * mm, width * mm, height * mm, stroke=int(stroke > 0),
            fill=int(fill is not None),
        )  # fmt: skip

    def circle(self, x: float, y: float, radius: float, stroke: float = 0.3, color: Color = INK) -> None:
        """The outline of a circle."""
        self._stroke(stroke, color)
        self.canvas.circle(x * mm, (self.height - y) * mm, radius * mm, stroke=1, fill=0)

    def polygon(
        self, points: Sequence[tuple[float, float]], stroke: float = 0.3, color: Color = INK, *, fill: bool = False
    ) -> None:
        """A closed outline through `points`, or with `fill` a solid shape without outline."""
        self._stroke(stroke, color)
        self.canvas.setFillColor(color)
        path = self.canvas.beginPath()
        path.moveTo(points[0][0] * mm, (self.height - points[0][1]) * mm)
        for x, y in points[1:]:
            path.lineTo(x * mm, (self.height - y) * mm)
        path.close()
        self.canvas.drawPath(path, stroke=int(not fill), fill=int(fill))

    def qr(self, x: float, y: float, size: float, data: str, *, version: int | None = None, field: str = "qr") -> None:
        """A QR code of level M or better as one vector path, `size` mm square without its quiet zone of 4 modules.

        Raises TextDoesNotFit if `data` is too long for `version`.
        """
        try:
            code = segno.make_qr(data, error="m", mask=_QR_MASK, version=version)
        except segno.DataOverflowError as error:
            raise TextDoesNotFit(field, data) from error
        module = size / len(code.matrix) * mm
        dark = [
            f"{start} {row} {length} 1 re"
            for row, modules in enumerate(code.matrix)
            for start, length in _dark_runs(modules)
        ]
        place = f"{module:.4f} 0 0 {-module:.4f} {x * mm:.3f} {(self.height - y) * mm:.3f} cm"
        self.canvas.addLiteral("\n".join(["q", "0 0 0 rg", place, *dark, "f", "Q"]))

    def image(self, x: float, y: float, width: float, height: float, content: bytes) -> None:
        """A PNG or JPEG, stretched to the size given. Raises OSError for bytes that are none."""
        picture = ImageReader(io.BytesIO(content))
        self.canvas.drawImage(
            picture, x * mm, (self.height - y - height) * mm, width * mm, height * mm, mask="auto"
        )  # fmt: skip

    def stamp(self, operators: str) -> None:
        """Repeat a drawing that `record` kept."""
        self.canvas.addLiteral(operators)

    def link(self, x: float, y: float, width: float, height: float, url: str) -> None:
        """Make an area of the page open `url` when it is read on a screen."""
        area = (x * mm, (self.height - y - height) * mm, (x + width) * mm, (self.height - y) * mm)
        self.canvas.linkURL(url, area, relative=0)

    def _stroke(self, width: float, color: Color) -> None:
        if width:
            self.canvas.setStrokeColor(color)
            self.canvas.setLineWidth(width)


def record(draw: Callable[[Sheet], None], paper: tuple[float, float]) -> str:
    """The page operators of a drawing without text, to be stamped on many sheets of the same paper."""
    canvas = Canvas(io.BytesIO(), pagesize=(paper[0] * mm, paper[1] * mm))
    canvas.saveState()
    draw(Sheet(canvas, *paper))
    canvas.restoreState()
    return str(canvas.getCurrentPageContent())


def _dark_runs(modules: Sequence[int]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules in one row."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(modules):
        if dark and runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((column, 1))
    return runs
