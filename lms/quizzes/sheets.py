"""Results as an .xlsx file, row for row what the screen shows."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from lms.core import clock
from lms.core.i18n import _, in_language
from lms.quizzes.labels import STATES
from lms.quizzes.models import Quiz
from lms.quizzes.results import Row

_WIDTHS = (5, 28, 28, 6, 18, 8, 8, 9, 18, 18, 12)


def results_sheet(quiz: Quiz, rows: Sequence[Row]) -> bytes:
    """The table as a workbook; text that begins with "=" stays text, scores are numbers, moments Vietnamese time."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet(_("Kết quả"))
        strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        title = book.add_format({"bold": True, "font_size": 14})
        moment = book.add_format({"num_format": "hh:mm dd/mm/yyyy", "align": "left"})
        share = book.add_format({"num_format": "0.0"})
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, in_language(quiz.title, quiz.title_en), title)
        for column, word in enumerate(_heads()):
            sheet.write_string(2, column, word, strong)
        for place, row in enumerate(rows):
            _write(sheet, place, row, moment, share)
        sheet.freeze_panes(3, 2)
        sheet.repeat_rows(2)
    return content.getvalue()


def _heads() -> tuple[str, ...]:
    return (
        _("TT"),
        _("Họ và tên"),
        _("Đơn vị"),
        _("Lần"),
        _("Trạng thái"),
        _("Được tính"),
        _("Điểm"),
        _("Trên"),
        _("Bắt đầu"),
        _("Nộp bài"),
        _("Số phút làm"),
    )


def _write(sheet: Any, place: int, row: Row, moment: Any, share: Any) -> None:
    line = place + 3
    sheet.write_number(line, 0, place + 1)
    sheet.write_string(line, 1, row.full_name)
    sheet.write_string(line, 2, row.unit)
    sheet.write_number(line, 3, row.number)
    sheet.write_string(line, 4, str(STATES[row.state][1]))
    sheet.write_string(line, 5, "×" if row.counted else "")
    if row.score is not None:
        sheet.write_number(line, 6, round(row.score, 2))
    sheet.write_number(line, 7, row.max_score)
    sheet.write_datetime(line, 8, clock.local(row.started_at).replace(tzinfo=None), moment)
    if row.handed_in_at is not None and row.time_used is not None:
        sheet.write_datetime(line, 9, clock.local(row.handed_in_at).replace(tzinfo=None), moment)
        sheet.write_number(line, 10, row.time_used.total_seconds() / 60, share)
