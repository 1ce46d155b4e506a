"""The three looks of a certificate: paper, frame, faces and colours. What stands where is the same in all of them.

Millimetres from the top-left corner of A4 landscape, line widths in points. No state emblem is drawn.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from reportlab.lib.colors import Color, HexColor

from lms.core.pdf import A4_LANDSCAPE, GOLD, INK, LAM, SON, Sheet, Typeface, record

_CREAM = HexColor("#fdfbf5")
_PALE_GOLD = HexColor("#f3edde")
_PALE_BRONZE = HexColor("#f1e7d6")
_LIGHT_LAM = HexColor("#2c6d80")


@dataclass(frozen=True)
class Design:
    """Where the columns stand, and the faces and colours of each part."""

    paint: Callable[[Sheet], None]
    centre: float
    heading_x: float
    code_x: float
    signature_x: float
    title_face: Typeface
    title_size: float
    title_color: Color
    name_face: Typeface
    name_color: Color
    plain: Typeface
    strong: Typeface
    scale: float
    """Optical factor: Tinos is smaller on the body than Be Vietnam Pro."""

    def draw_paper(self, sheet: Sheet) -> None:
        """Everything under the text."""
        sheet.stamp(_recorded(self.paint))


@cache
def _recorded(paint: Callable[[Sheet], None]) -> str:
    return record(paint, A4_LANDSCAPE)


def _draw_solemn(sheet: Sheet) -> None:
    """Cream paper, a lam frame, and a double gold frame that steps inward around a diamond in each corner."""
    sheet.rect(0, 0, sheet.width, sheet.height, 0, fill=_CREAM)
    sheet.rect(8, 8, sheet.width - 16, sheet.height - 16, 1.8, LAM)
    _stepped_frame(sheet, 10.6, 9, 0.7)
    _stepped_frame(sheet, 12, 9, 0.35)
    for x in (15.3, sheet.width - 15.3):
        for y in (15.3, sheet.height - 15.3):
            _diamond(sheet, x, y, 2.6, GOLD, fill=False)
            _diamond(sheet, x, y, 1.1, GOLD)
    sheet.line(133.5, 68.4, 145, 68.4, 0.5, GOLD)
    sheet.line(152, 68.4, 163.5, 68.4, 0.5, GOLD)
    _diamond(sheet, 148.5, 68.4, 1.1, GOLD)


def _draw_modern(sheet: Sheet) -> None:
    """White paper, a lam band with woven diamonds on the left, pale rings spreading from the right edge."""
    for ring in range(1, 13):
        sheet.circle(sheet.width, 92, ring * 6, 0.8, _PALE_GOLD)
    sheet.rect(0, 0, 14, sheet.height, 0, fill=LAM)
    sheet.rect(14, 0, 1.2, sheet.height, 0, fill=GOLD)
    for step in range(15):
        _diamond(sheet, 7, 7 + step * 14, 2.6, _LIGHT_LAM, fill=False)
        if step < 14:
            _diamond(sheet, 7, 14 + step * 14, 0.9, _LIGHT_LAM)


def _draw_classic(sheet: Sheet) -> None:
    """White paper, son frames, and behind the text the pale rings and rays of a bronze drum."""
    _bronze_drum(sheet, sheet.width / 2, 104)
    sheet.rect(8, 8, sheet.width - 16, sheet.height - 16, 2.4, SON)
    sheet.rect(10, 10, sheet.width - 20, sheet.height - 20, 0.5, SON)
    _stepped_frame(sheet, 11.6, 5, 0.5)


def _stepped_frame(sheet: Sheet, margin: float, step: float, stroke: float) -> None:
    left, top, right, bottom = margin, margin, sheet.width - margin, sheet.height - margin
    corners = [
        *((left + step, top), (right - step, top), (right - step, top + step), (right, top + step)),
        *((right, bottom - step), (right - step, bottom - step), (right - step, bottom), (left + step, bottom)),
        *((left + step, bottom - step), (left, bottom - step), (left, top + step), (left + step, top + step)),
    ]
    sheet.polygon(corners, stroke, GOLD)


def _diamond(sheet: Sheet, x: float, y: float, radius: float, color: Color, *, fill: bool = True) -> None:
    corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
    sheet.polygon(corners, 0.65, color, fill=fill)


def _bronze_drum(sheet: Sheet, x: float, y: float) -> None:
    def at(angle: float, radius: float) -> tuple[float, float]:
        return x + radius * math.sin(angle), y - radius * math.cos(angle)

    rings = ((17, 0.8), (19, 0.8), (24, 0.8), (25.5, 0.8), (33, 1.6), (40, 0.8), (41.5, 0.8), (50, 1.6), (58, 0.8))
    for radius, stroke in (*rings, (59.5, 0.8), (66, 2)):
        sheet.circle(x, y, radius, stroke, _PALE_BRONZE)
    star = [at(point * math.pi / 14, 5.5 if point % 2 else 16) for point in range(28)]
    sheet.polygon(star, 0, _PALE_BRONZE, fill=True)
    for ray in range(56):
        angle = ray * math.pi / 28
        sheet.line(*at(angle, 25.5), *at(angle + 0.06, 33), 1, _PALE_BRONZE)
        sheet.circle(*at(angle, 45.8), 1.5, 1, _PALE_BRONZE)


SOLEMN = Design(
    paint=_draw_solemn,
    centre=148.5,
    heading_x=211,
    code_x=28,
    signature_x=226,
    title_face=Typeface.SERIF_BOLD,
    title_size=38,
    title_color=SON,
    name_face=Typeface.SANS_BOLD,
    name_color=LAM,
    plain=Typeface.SANS,
    strong=Typeface.SANS_BOLD,
    scale=1.0,
)

MODERN = Design(
    paint=_draw_modern,
    centre=155,
    heading_x=219,
    code_x=32,
    signature_x=232,
    title_face=Typeface.SANS_BOLD,
    title_size=35,
    title_color=LAM,
    name_face=Typeface.SANS_BOLD,
    name_color=SON,
    plain=Typeface.SANS,
    strong=Typeface.SANS_BOLD,
    scale=1.0,
)

CLASSIC = Design(
    paint=_draw_classic,
    centre=148.5,
    heading_x=211,
    code_x=28,
    signature_x=226,
    title_face=Typeface.SERIF_BOLD,
    title_size=38,
    title_color=SON,
    name_face=Typeface.SERIF_BOLD,
    name_color=INK,
    plain=Typeface.SERIF,
    strong=Typeface.SERIF_BOLD,
    scale=1.1,
)

DESIGNS: dict[str, Design] = {"trang-trong": SOLEMN, "hien-dai": MODERN, "co-dien": CLASSIC}
"""The designs by the key kept with a certificate's template."""
