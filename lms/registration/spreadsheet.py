"""Reading a spreadsheet into a grid of text: .xlsx, .xls, .ods and .csv in UTF-8. Nothing in it is ever executed.

A formula gives the value Excel last stored with it, a number its digits, a day dd/mm/yyyy.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from lms.core.errors import N_, RuleBroken
from lms.registration.archive import MAX_COLUMNS, MAX_ROWS, kind_of, too_large

_LONGEST_CELL = 32_767


@dataclass(frozen=True)
class Grid:
    """One sheet; `rows[0][0]` is cell A1, every row has the same width."""

    name: str
    rows: list[list[str]]


def read(content: bytes, file_name: str) -> list[Grid]:
    """The visible sheets that hold anything, in order. Raises RuleBroken for a file that cannot or may not be read."""
    kind = kind_of(content, file_name)
    grids = [_read_csv(content)] if kind == "csv" else _read_workbook(content)
    filled = [grid for grid in grids if any(any(row) for row in grid.rows)]
    if not filled:
        raise RuleBroken("Tệp này không có dòng nào. Hãy chọn lại tệp.", field="file", code="empty")
    return filled


def column_letter(index: int) -> str:
    """Letter of a column counted from 0: "A", "Z", "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _read_workbook(content: bytes) -> list[Grid]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return [
                _grid(workbook, sheet.name)
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            ]
    except (CalamineError, ValueError, OSError, KeyError) as error:
        message = N_("Tệp này hỏng hoặc dở dang, không đọc được. Hãy lưu lại từ Excel dạng .xlsx")
        raise RuleBroken(message, field="file", code="broken") from error


def _grid(workbook: CalamineWorkbook, name: str) -> Grid:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height > MAX_ROWS + 1 or sheet.total_width > MAX_COLUMNS:
        raise too_large()
    return Grid(name, [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)])


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell[:_LONGEST_CELL]
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date):  # a datetime is one
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return str(cell) if isinstance(cell, int | timedelta | datetime) else ""


def _read_csv(content: bytes) -> Grid:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = N_("Tệp .csv này không phải UTF-8 nên chữ Việt sẽ hỏng. Hãy lưu từ Excel dạng “CSV UTF-8” hoặc .xlsx")
        raise RuleBroken(message, field="file", code="encoding") from error
    start = text[:4000]
    delimiter = max(",;\t", key=start.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > MAX_ROWS + 1 or len(row) > MAX_COLUMNS:
                raise too_large()
    except csv.Error as error:
        message = N_("Tệp này hỏng hoặc dở dang, không đọc được. Hãy lưu lại từ Excel dạng .xlsx")
        raise RuleBroken(message, field="file", code="broken") from error
    width = max((len(row) for row in rows), default=0)
    return Grid("", [row + [""] * (width - len(row)) for row in rows])
