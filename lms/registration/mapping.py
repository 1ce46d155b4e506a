"""Which column of a sheet holds what: the header row is found below the title rows, headings in several wordings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lms.core.errors import N_, RuleBroken, RulesBroken
from lms.core.text import fold
from lms.registration.spreadsheet import Grid, column_letter

SEARCHED_ROWS: Final = 40


class Field(StrEnum):
    """What is read from a list of delegates; `BORN` is checked and then forgotten."""

    FULL_NAME = "full_name"
    UNIT = "unit"
    POST = "post"
    PHONE = "phone"
    EMAIL = "email"
    BORN = "born"
    NOTE = "note"


REQUIRED: Final = (Field.FULL_NAME, Field.UNIT)
LABELS: Final[dict[Field, str]] = {
    Field.FULL_NAME: N_("Họ và tên"),
    Field.UNIT: N_("Đơn vị"),
    Field.POST: N_("Chức vụ"),
    Field.PHONE: N_("Điện thoại"),
    Field.EMAIL: N_("Thư điện tử"),
    Field.BORN: N_("Ngày sinh"),
    Field.NOTE: N_("Ghi chú"),
}
"""Our own name of each field."""

_WORDINGS: Final[dict[Field, tuple[str, ...]]] = {
    Field.FULL_NAME: (
        *("ho va ten", "ho ten", "ho va ten dai bieu", "ho ten dai bieu", "ten dai bieu", "dai bieu", "ten d c"),
        *("ho va ten d c", "ho ten d c", "ten dong chi", "ho va ten dong chi", "ho ten dong chi", "hoc vien"),
        *(
            "ho va ten hoc vien",
            "ho ten hoc vien",
            "ten hoc vien",
            "ho ten can bo",
            "ho va ten can bo",
            "full name",
            "name",
        ),
    ),
    Field.UNIT: (
        *("don vi", "don vi cong tac", "co quan", "co quan don vi", "co quan cong tac", "ten don vi", "noi cong tac"),
        *("dia phuong", "tinh thanh pho", "tinh", "don vi co quan", "co quan don vi cong tac", "unit", "agency"),
    ),
    Field.POST: (
        "chuc vu",
        "chuc danh",
        "chuc vu chuc danh",
        "chuc danh chuc vu",
        "chuc vu cong tac",
        "post",
        "position",
    ),
    Field.PHONE: (
        *("dien thoai", "sdt", "so dien thoai", "so dt", "dt", "dien thoai di dong", "di dong", "dtdd", "so di dong"),
        *("so dien thoai lien he", "dien thoai lien he", "phone", "telephone", "mobile"),
    ),
    Field.EMAIL: ("email", "e mail", "thu dien tu", "dia chi email", "dia chi thu dien tu", "hop thu dien tu", "mail"),
    Field.BORN: ("ngay sinh", "nam sinh", "ngay thang nam sinh", "ngay thang sinh", "sinh ngay", "date of birth"),
    Field.NOTE: ("ghi chu", "note", "notes"),
}
_BY_WORDING: Final = {wording: field for field, wordings in _WORDINGS.items() for wording in wordings}
_ORDER_NUMBER: Final = frozenset({"stt", "tt", "so tt", "so thu tu", "no"})
_PARENTHESES = re.compile(r"\([^)]*\)")
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Column:
    """One column of the sheet: place from 0, letter, heading as it stands there, and our field or None."""

    index: int
    letter: str
    heading: str
    field: Field | None


@dataclass(frozen=True)
class Mapping:
    """The header found in a grid: its row counted from 1 as in the sheet, and all its columns."""

    grid: Grid
    header_row: int
    columns: tuple[Column, ...]

    def column(self, field: Field) -> Column | None:
        """The column that holds a field."""
        return next((column for column in self.columns if column.field is field), None)

    def data_rows(self) -> list[tuple[int, dict[Field, str]]]:
        """(row number in the sheet, cells by field) of the rows under the header that say anything.

        A row with nothing but an order number, a total, or numbers of the columns (1, 2, 3 …) says nothing.
        """
        mapped = [(column.index, column.field) for column in self.columns if column.field is not None]
        rows = []
        for number, row in enumerate(self.grid.rows[self.header_row :], start=self.header_row + 1):
            cells = {field: row[index] for index, field in mapped}
            texts = [cell.strip() for cell in cells.values()]
            numbering = number == self.header_row + 1 and all(re.fullmatch(r"\(?\d{1,2}\)?|", cell) for cell in texts)
            if any(texts) and not numbering and not _is_total(texts):
                rows.append((number, cells))
        return rows


def field_of(heading: str) -> Field | None:
    """Our field for a heading in one of its wordings, whatever its case, accents, breaks or remarks in brackets."""
    plain = _plain(_PARENTHESES.sub(" ", heading))
    return _BY_WORDING.get(plain) or _BY_WORDING.get(_plain(heading))


def find(grids: Sequence[Grid]) -> Mapping:
    """The header of the first sheet that has one. Raises RulesBroken naming the required columns that are missing."""
    best: Mapping | None = None
    for grid in grids:
        for number, row in enumerate(grid.rows[:SEARCHED_ROWS], start=1):
            found = Mapping(grid, number, _columns(row))
            if all(found.column(field) for field in REQUIRED):
                return found
            if _worth(found) > (0 if best is None else _worth(best)):
                best = found
    raise _missing(best)


def _columns(row: Sequence[str]) -> tuple[Column, ...]:
    """The cells of a row as headings; of two that say the same the first counts."""
    taken: set[Field] = set()
    columns = []
    for index, cell in enumerate(row):
        field = field_of(cell) if cell.strip() else None
        if field in taken:
            field = None
        if field is not None:
            taken.add(field)
        if cell.strip():
            columns.append(Column(index, column_letter(index), " ".join(cell.split()), field))
    return tuple(columns)


def _worth(mapping: Mapping) -> int:
    """How much a row looks like a header: fields found, and an order-number column."""
    known = sum(column.field is not None for column in mapping.columns)
    return known + any(_plain(column.heading) in _ORDER_NUMBER for column in mapping.columns) if known else 0


def _missing(best: Mapping | None) -> RulesBroken | RuleBroken:
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
            for field in REQUIRED
            if best.column(field) is None
        ]
    )


def _is_total(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    return len(filled) == 1 and _plain(filled[0]).startswith(("tong so", "tong cong", "nguoi lap"))


def _plain(heading: str) -> str:
    return _NOT_A_WORD.sub(" ", fold(heading)).strip()
