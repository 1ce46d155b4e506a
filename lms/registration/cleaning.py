"""Putting right the text of a sheet: each column in the light of its cells, the sheet in the light of its columns."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from lms.core.repair import encoding_of_column, has_unicode, repair, repair_column
from lms.registration.grid import Grid


def clean(grid: Grid) -> Grid:
    """The grid with old encodings read; what the file says of a changed cell is kept in `mended`."""
    columns = [list(column) for column in zip(*grid.rows, strict=True)]
    if all(cell.isascii() for column in columns for cell in column) and not grid.fonts:
        return grid
    leaning = _leaning(columns)
    mended = dict(grid.mended)
    rows = [list(row) for row in grid.rows]
    for place, column in enumerate(columns):
        for number, (cell, repaired) in enumerate(zip(column, repair_column(column, leaning=leaning), strict=True)):
            font = grid.fonts.get((number, place))
            right = repair(cell, font) if font else repaired
            if (number, place) in mended:
                rows[number][place] = unicodedata.normalize("NFC", cell)
                if rows[number][place] == cell:
                    del mended[number, place]
            elif right.text != cell:
                rows[number][place] = right.text
                mended[number, place] = (cell, right.source)
    return replace(grid, rows=rows, mended=mended)


def _leaning(columns: Sequence[Sequence[str]]) -> str | None:
    """The one old encoding that columns of this sheet speak for, if none of the others is plainly Unicode."""
    found = {encoding for column in columns if (encoding := encoding_of_column(column))}
    unicode = any(has_unicode(column) for column in columns)
    return found.pop() if len(found) == 1 and not unicode else None
