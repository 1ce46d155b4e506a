"""Tables of an official paper in the PDF: rows as tall as their text, the head repeated on every page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lms.core.fitting import fit_or_cut
from lms.core.letterhead import LEFT, RIGHT
from lms.core.pdf import BLACK, Setting, Sheet, Typeface
from lms.paperwork import layout
from lms.paperwork.layout import Align, Column, Row, Table
from lms.paperwork.layout_flow import Piece, baseline

_PADDING = 1.8  # mm left and right in a cell
_LEADING = 1.15
_LEAST = 7.5
_STROKE = 0.4


@dataclass(frozen=True)
class _Cell:
    """A fitted text and its column."""

    x: float
    width: float
    align: Align
    setting: Setting

    @property
    def height(self) -> float:
        return _LEADING * self.setting.line_height * max(1, len(self.setting.lines))


def table(content: Table) -> list[Piece]:
    """The head and the rows as pieces; no cell stops the print: what is long shrinks to 8 points and is then cut."""
    head = _piece(_cells(content.columns, [one.label for one in content.columns], Typeface.SERIF_BOLD, centred=True))
    head = Piece(head.height, head.draw, 2.5, keep=True)
    rows = content.rows or ((Row((content.empty,), "group"),) if content.empty else ())
    pieces = []
    for number, row in enumerate(rows):
        tied = row.kind == "group" or (number + 2 == len(rows) and rows[-1].kind == "total")
        drawn = _row(content.columns, row)
        pieces.append(Piece(drawn.height, drawn.draw, keep=tied and number + 1 < len(rows), head=head))
    return [head, *pieces, Piece(2.5, lambda _page, _y: None)]


def _row(columns: Sequence[Column], row: Row) -> Piece:
    face = Typeface.SERIF if row.kind == "plain" else Typeface.SERIF_BOLD
    if row.kind == "group":
        across = Column("", RIGHT - LEFT)
        return _piece(_cells([across], row.cells[:1], face))
    return _piece(_cells(columns, row.cells, face))


def _cells(columns: Sequence[Column], texts: Sequence[str], face: Typeface, *, centred: bool = False) -> list[_Cell]:
    cells, x = [], LEFT
    size = layout.SIZE_TABLE
    ladder = [*((size, size, lines) for lines in range(1, 11)), (size - 1, size - 3, 12), (10, 8, 40)]
    for column, text in zip(columns, texts, strict=True):
        setting = fit_or_cut(text, face, column.width - 2 * _PADDING, *ladder)
        cells.append(_Cell(x, column.width, "center" if centred else column.align, setting))
        x += column.width
    return cells


def _piece(cells: Sequence[_Cell]) -> Piece:
    height = max(_LEAST, max(cell.height for cell in cells) + 2.2)
    return Piece(height, _drawn(cells, height))


def _drawn(cells: Sequence[_Cell], height: float) -> Callable[[Sheet, float], None]:
    def draw(page: Sheet, y: float) -> None:
        for cell in cells:
            page.rect(cell.x, y, cell.width, height, _STROKE, BLACK)
            x = {"left": _PADDING, "center": cell.width / 2, "right": cell.width - _PADDING}[cell.align]
            line = _LEADING * cell.setting.line_height
            first = y + (height - cell.height) / 2 + baseline(line, cell.setting.size)
            page.lines(cell.x + x, first, cell.setting, _LEADING, BLACK, cell.align)

    return draw
