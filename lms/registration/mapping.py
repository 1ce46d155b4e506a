"""Which column of a sheet holds what: the header is found below the title rows, in one row or two, on every sheet."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Choices
from dataclasses import dataclass, replace
from typing import Any, Final

from lms.core.errors import N_, RuleBroken, RulesBroken
from lms.registration.grid import Grid, column_letter
from lms.registration.headings import LABELS, REQUIRED, Field, field_of, is_order_number, plain

__all__ = ["LABELS", "REQUIRED", "SEARCHED_ROWS", "Column", "Field", "Mapping", "as_layout", "field_of", "find"]

SEARCHED_ROWS: Final = 40
_SAMPLES: Final = 3

IsUnit = Callable[[str], bool]


@dataclass(frozen=True)
class Column:
    """One column of the sheet: place from 0, letter, heading as it stands there, and our field or None."""

    index: int
    letter: str
    heading: str
    field: Field | None


@dataclass(frozen=True)
class Mapping:
    """The header found in a grid: its first row counted from 1 as in the sheet, its height, and all its columns."""

    grid: Grid
    header_row: int
    columns: tuple[Column, ...]
    height: int = 1

    @property
    def first_row(self) -> int:
        """Number of the first row under the header."""
        return self.header_row + self.height

    def column(self, field: Field) -> Column | None:
        """The column that holds a field."""
        return next((column for column in self.columns if column.field is field), None)

    def missing(self) -> list[Field]:
        """The required fields that no column holds."""
        return [field for field in REQUIRED if self.column(field) is None]

    def order_number(self) -> int | None:
        """Place of the column that counts the rows."""
        return next((column.index for column in self.columns if is_order_number(column.heading)), None)

    def samples(self, column: Column) -> list[str]:
        """The first few different texts under a heading."""
        found: dict[str, None] = {}
        for row in self.grid.rows[self.first_row - 1 :]:
            if row[column.index].strip():
                found[row[column.index].strip()[:60]] = None
            if len(found) == _SAMPLES:
                break
        return list(found)

    def with_fields(self, fields: Choices[str, str]) -> "Mapping":
        """The same with columns named otherwise: letter → field, or "" for none."""
        taken = {name for name in fields.values() if name}
        columns = [
            replace(column, field=Field(fields[column.letter]) if fields[column.letter] else None)
            if column.letter in fields
            else replace(column, field=None if column.field in taken else column.field)
            for column in self.all_columns()
        ]
        return replace(self, columns=tuple(columns)) if fields else self

    def all_columns(self) -> list[Column]:
        """The columns with headings, and those without that hold anything."""
        headed = {column.index: column for column in self.columns}
        below = self.grid.rows[self.first_row - 1 :]
        filled = {index for row in below for index, cell in enumerate(row) if cell.strip()} | headed.keys()
        return [headed.get(index, Column(index, column_letter(index), "", None)) for index in sorted(filled)]


def find(grids: Sequence[Grid]) -> Mapping:
    """The header of the first sheet that has one. Raises RulesBroken naming the required columns that are missing."""
    found = [one for grid in grids if (one := likeliest(grid)) is not None]
    whole = [one for one in found if not one.missing()]
    if not whole:
        raise missing_columns(max(found, key=worth, default=None))
    return whole[0]


def likeliest(grid: Grid) -> Mapping | None:
    """The row, or the two rows, of a sheet that look most like a header; the first that holds all wins."""
    best: Mapping | None = None
    for number in range(1, min(len(grid.rows), SEARCHED_ROWS) + 1):
        for found in _readings(grid, number):
            if best is None or worth(found) > worth(best):
                best = found
        if best is not None and not best.missing() and number > best.header_row:
            break
    return best if best is not None and worth(best) else None


def missing_columns(best: Mapping | None) -> RulesBroken | RuleBroken:
    """The refusal of a file in which no sheet has the columns needed."""
    if best is None:
        return RuleBroken(
            "Không thấy dòng tiêu đề. Bảng cần một dòng có các cột “Họ và tên” và “Đơn vị”.",
            field="file",
            code="no-header",
        )
    headings = ", ".join(column.heading[:60] for column in best.columns)
    messages = {
        Field.FULL_NAME: N_("Thiếu cột “Họ và tên”. Dòng tiêu đề %(row)d chỉ có: %(headings)s."),
        Field.UNIT: N_("Thiếu cột “Đơn vị”. Dòng tiêu đề %(row)d chỉ có: %(headings)s."),
    }
    return RulesBroken(
        [
            RuleBroken(
                messages[field],
                field="file",
                code="missing-column",
                where=f"{best.grid.name}!{best.header_row}" if best.grid.name else str(best.header_row),
                row=best.header_row,
                headings=headings,
            )
            for field in best.missing()
        ]
    )


def as_layout(mappings: Sequence[Mapping], grids: Sequence[Grid]) -> dict[str, Any]:
    """What is kept of the headers, as plain JSON: sheets, the first one's columns with samples, each one's places."""
    first, read = mappings[0], [one.grid.name for one in mappings]
    return {
        "sheet": first.grid.name,
        "sheets": read,
        "other_sheets": [grid.name for grid in grids if grid.name not in read],
        "header_row": first.header_row,
        "columns": [
            {
                "letter": column.letter,
                "heading": column.heading[:80],
                "field": column.field,
                "samples": first.samples(column),
            }
            for column in first.all_columns()
        ],
        "places": [
            {
                str(column.field): [column.letter, column.heading[:80]]
                for column in one.columns
                if column.field is not None
            }
            for one in mappings
        ],
        "missing": [],
    }


def _readings(grid: Grid, number: int) -> list[Mapping]:
    """The header read as one row, and as two where the second row holds headings too; on a tie the first counts."""
    top, spread = grid.rows[number - 1], _spread(grid, number - 1)
    one = Mapping(grid, number, _columns(top, spread))
    headed = {column.index for column in one.columns if column.field is not None or is_order_number(column.heading)}
    if number >= len(grid.rows) or not headed or len(one.columns) < 2:
        return [one]
    below = grid.rows[number]
    tall = any(start == number - 1 and end == number and first in headed for start, first, end, _last in grid.merged)
    name = one.column(Field.FULL_NAME)
    person = name is not None and below[name.index].strip() and field_of(below[name.index]) is None
    if not tall and (person or not any(map(field_of, below))):
        return [one]
    both = Mapping(grid, number, _columns(list(map(_joined, top, spread, below)), spread), height=2)
    said = [cell for cell in below if cell.strip()]
    return [both, one] if tall or (not person and all(map(field_of, said))) else [one, both]


def _joined(top: str, spread: str, below: str) -> str:
    """One heading of two: what stands below if it says enough by itself."""
    above = top.strip() or spread.strip()
    if not below.strip() or not above or field_of(below) is not None:
        return below if below.strip() else top
    return f"{above} {below}"


def _spread(grid: Grid, row: int) -> list[str]:
    """The headings of a row with those of merged cells written in each."""
    cells = list(grid.rows[row])
    for start, first, _end, last in grid.merged:
        if start == row and last > first:
            for place in range(first, min(last, len(cells) - 1) + 1):
                cells[place] = grid.rows[row][first]
    return cells


def _columns(row: Sequence[str], spread: Sequence[str]) -> tuple[Column, ...]:
    """The cells of a row as headings; under a name's heading merged over two columns the second is the given name."""
    columns: list[Column] = []
    for index, cell in enumerate(row):
        if cell.strip():
            columns.append(Column(index, column_letter(index), " ".join(cell.split()), field_of(cell)))
        elif field_of(spread[index]) is Field.FULL_NAME:
            columns.append(Column(index, column_letter(index), " ".join(spread[index].split()), Field.GIVEN))
    return tuple(_each_once(columns))


def _each_once(columns: list[Column]) -> list[Column]:
    """Of two headings that say the same the first counts, but a mobile phone goes before another."""
    taken: dict[Field, int] = {}
    for place, column in enumerate(columns):
        field = column.field
        if field is Field.GIVEN and not (Field.FULL_NAME in taken and taken[Field.FULL_NAME] == place - 1):
            field = Field.FULL_NAME
        if field is not None and field in taken:
            if field is Field.PHONE and "di dong" in plain(column.heading):
                columns[taken[field]] = replace(columns[taken[field]], field=None)
            else:
                field = None
        if field is not None:
            taken[field] = place
        columns[place] = replace(column, field=field)
    return columns


def worth(mapping: Mapping) -> int:
    """How much a row looks like a header: fields found, those required above all, and an order-number column."""
    known = sum(column.field is not None for column in mapping.columns)
    if not known:
        return 0
    return known + 3 * (len(REQUIRED) - len(mapping.missing())) + (mapping.order_number() is not None)
