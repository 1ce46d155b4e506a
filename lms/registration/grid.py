"""One sheet as a grid of text, whatever kind of file it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, from 0."""


@dataclass(frozen=True)
class Grid:
    """One sheet; `rows[0][0]` is cell A1, every row has the same width.

    `fonts` names the old fonts of cells, by (row, column) from 0. `mended` holds what the file says where `rows` says
    something else: (the file's text, how it was wrong).
    """

    name: str
    rows: list[list[str]]
    merged: tuple[Range, ...] = ()
    fonts: Mapping[tuple[int, int], str] = field(default_factory=dict)
    mended: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)


def column_letter(index: int) -> str:
    """Letter of a column counted from 0: "A", "Z", "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
