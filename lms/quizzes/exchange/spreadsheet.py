"""Reading our spreadsheet of questions: one row a question, headings in the first rows, nothing ever executed."""

from datetime import date
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from lms.core.errors import N_
from lms.core.text import fold
from lms.quizzes.exchange import zips
from lms.quizzes.exchange.entries import MOST_QUESTIONS, Reading, Unfit, no_reading
from lms.quizzes.exchange.sheet_columns import HEADINGS
from lms.quizzes.exchange.sheet_rows import entry_of

_MOST_COLUMNS = 400
_HEADING_ROWS = 10
_BROKEN = N_("Tệp này hỏng hoặc dở dang, không đọc được. Hãy lưu lại từ Excel dạng .xlsx")


def read(content: bytes) -> Reading:
    """The questions of the first sheet."""
    try:
        zips.opened(content).close()
        rows = _rows(content)
    except Unfit as unfit:
        return no_reading("xlsx", unfit.code, unfit.message, **unfit.params)
    for number, row in enumerate(rows[:_HEADING_ROWS], 1):
        keys = [HEADINGS.get(fold(cell), "") for cell in row]
        if "stem" in keys:
            return _reading(rows, keys, number)
    message = N_("Không thấy dòng tiêu đề có cột “Câu hỏi” ở đầu trang tính.")
    return no_reading("xlsx", "headings", message)


def _rows(content: bytes) -> list[list[str]]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            if sheet.total_height > MOST_QUESTIONS + _HEADING_ROWS or sheet.total_width > _MOST_COLUMNS:
                raise Unfit("too-many", N_("Tệp có quá %(most)s câu hỏi. Hãy chia tệp ra."), most=MOST_QUESTIONS)
            return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, ValueError, OSError, KeyError, IndexError) as error:
        raise Unfit("broken", _BROKEN) from error


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def _reading(rows: list[list[str]], keys: list[str], heading: int) -> Reading:
    reading = Reading("xlsx")
    for number, row in enumerate(rows[heading:], heading + 1):
        cells = {key: cell for key, cell in zip(keys, row, strict=False) if key and cell.strip()}
        if not cells:
            continue
        try:
            reading.entries.append(entry_of(cells, f"row {number}"))
        except Unfit as unfit:
            reading.refused.append(unfit.at(f"row {number}"))
    if not reading.entries and not reading.refused:
        return no_reading("xlsx", "empty", N_("Tệp không có câu hỏi nào."))
    return reading
