"""A list as on the screen, printed: any columns, A4 across; positions in mm from the top-left.

Every row prints: what is long shrinks, to no less than 5 points, and is then cut with "…" (`lms.core.fitting`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lms.core.fitting import fit_or_cut
from lms.core.letterhead import page_number, specimen_mark
from lms.core.pdf import A4_LANDSCAPE, BLACK, GREY, Document, Setting, Sheet, Typeface

_LEFT, _RIGHT, _TOP, _BOTTOM = 15.0, 282.0, 18.0, 194.0
_PADDING = 1.5
_SMALLEST = 5.0
_LADDER: Final = ((9.5, 8.5, 1), (8.5, 7.0, 3), (6.5, _SMALLEST, 14))
WIDTHS: Final = {
    "number": 13.0,
    "name": 46.0,
    "post": 54.0,
    "unit": 50.0,
    "phone": 31.0,
    "email": 42.0,
    "role": 26.0,
    "point": 32.0,
    "ticket": 32.0,
    "state": 34.0,
    "registered": 30.0,
    "note": 38.0,
}
"""How wide the columns are beside each other; together they fill the page."""


@dataclass(frozen=True)
class Table:
    """What is printed; `note` says under the title what the list was narrowed to, `widths` are in proportion."""

    title: str
    note: str
    headings: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str | int]]
    specimen: bool = False


def draw(table: Table) -> bytes:
    """The table as a PDF, the headings on every page."""
    return _Printer(table).print()


class _Printer:
    """Walks down the page and turns it when a row no longer fits; what repeats, such as a unit, is set once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        scale = (_RIGHT - _LEFT) / sum(table.widths)
        self.widths = [width * scale for width in table.widths]
        self.document = Document(title=table.title, author="", subject=table.note, paper=A4_LANDSCAPE)
        self.settings: dict[tuple[str, int], Setting] = {}
        self.page = self._next_page()
        self.y = _TOP

    def print(self) -> bytes:
        title = fit_or_cut(self.table.title, Typeface.SERIF_BOLD, _RIGHT - _LEFT, (14, 11, 1), (12, 8, 4))
        self.y = self.page.lines(_LEFT, self.y, title, 1.25, BLACK, "left") + 5
        if self.table.note:
            note = fit_or_cut(self.table.note, Typeface.SERIF_ITALIC, _RIGHT - _LEFT, (11, 9, 1), (9, 7, 6))
            self.y = self.page.lines(_LEFT, self.y, note, 1.25, GREY, "left") + 5
        self._draw_row(self.table.headings, Typeface.SERIF_BOLD)
        for row in self.table.rows:
            self._draw_row([str(cell) for cell in row], Typeface.SERIF)
        return self.document.finish()

    def _next_page(self) -> Sheet:
        page = self.document.sheet()
        page_number(page, self.document.pages)
        if self.table.specimen:
            specimen_mark(page, 148.5, 115, 200, 50)
        return page

    def _draw_row(self, texts: Sequence[str], face: Typeface) -> None:
        cells = [self._set(text, place, face) for place, text in enumerate(texts)]
        height = max(1.2 * cell.line_height * max(1, len(cell.lines)) for cell in cells) + 2 * _PADDING
        if self.y + height > _BOTTOM:
            self.page, self.y = self._next_page(), _TOP
            if face != Typeface.SERIF_BOLD:
                self._draw_row(self.table.headings, Typeface.SERIF_BOLD)
        x = _LEFT
        for cell, width in zip(cells, self.widths, strict=True):
            self.page.rect(x, self.y, width, height, 0.25, GREY)
            self.page.lines(x + _PADDING, self.y + _PADDING + 0.9 * cell.line_height, cell, 1.2, BLACK, "left")
            x += width
        self.y += height

    def _set(self, text: str, place: int, face: Typeface) -> Setting:
        known = (f"{face}{text}", place)
        if known not in self.settings:
            self.settings[known] = fit_or_cut(text, face, self.widths[place] - 2 * _PADDING, *_LADDER)
        return self.settings[known]
