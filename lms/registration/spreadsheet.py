"""Reading a spreadsheet into a grid of text: .xlsx, .xls, .ods and .csv. Nothing in it is ever executed.

A formula gives the value Excel last stored with it, a number its digits, a day dd/mm/yyyy.
"""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from lms.core.errors import N_, RuleBroken
from lms.registration import cleaning, csv_text, fonts
from lms.registration.archive import MAX_COLUMNS, MAX_ROWS, kind_of, too_large
from lms.registration.grid import Grid, column_letter

__all__ = ["Grid", "column_letter", "read"]

_LONGEST_CELL = 32_767


def read(content: bytes, file_name: str) -> list[Grid]:
    """The visible sheets that hold anything, in order, their text put right (`cleaning`).

    Raises RuleBroken for a file that cannot or may not be read.
    """
    kind = kind_of(content, file_name)
    grids = [csv_text.read(content)] if kind == "csv" else _read_workbook(content, kind)
    filled = [grid for grid in grids if any(any(row) for row in grid.rows)]
    if not filled:
        raise RuleBroken("Tệp này không có dòng nào. Hãy chọn lại tệp.", field="file", code="empty")
    return [cleaning.clean(grid) for grid in filled]


def _read_workbook(content: bytes, kind: str) -> list[Grid]:
    try:
        shown_in = fonts.old_fonts(content) if kind == "xlsx" else {}
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return [
                _grid(workbook, sheet.name, shown_in.get(sheet.name, {}))
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            ]
    except (CalamineError, ValueError, OSError, KeyError) as error:
        message = N_("Tệp này hỏng hoặc dở dang, không đọc được. Hãy lưu lại từ Excel dạng .xlsx")
        raise RuleBroken(message, field="file", code="broken") from error


def _grid(workbook: CalamineWorkbook, name: str, shown_in: dict[tuple[int, int], str]) -> Grid:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height > MAX_ROWS + 1 or sheet.total_width > MAX_COLUMNS:
        raise too_large()
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = tuple((*start, *end) for start, end in sheet.merged_cell_ranges or ())
    return Grid(name, rows, merged, shown_in)


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
