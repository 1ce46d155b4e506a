"""A delegate list as a spreadsheet: .xlsx or .csv, nothing in it is ever a formula. Rows of text in, bytes out."""

import csv
import io
from collections.abc import Sequence
from typing import Final

import xlsxwriter

_WIDEST = 60
_BEGIN_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV Injection), with the full-width forms."""


def to_xlsx(title: str, headings: Sequence[str], rows: Sequence[Sequence[str | int]]) -> bytes:
    """One sheet: the title, an empty row, the headings, the rows. Texts are texts, phones keep their first zero."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        bold, head = (
            book.add_format({"bold": True, "font_size": 13}),
            book.add_format({"bold": True, "border": 1, "text_wrap": True}),
        )
        look = {"border": 1, "text_wrap": True, "valign": "top"}
        cell = book.add_format(look)
        # Excel shows such a cell with its apostrophe, and opening it for editing does not make it a formula.
        quoted = book.add_format({**look, "quote_prefix": True})
        sheet.write_string(0, 0, title, bold)
        for place, heading in enumerate(headings):
            longest = max([len(heading), *(len(str(row[place])) for row in rows)])
            sheet.set_column(place, place, min(_WIDEST, longest + 2))
            sheet.write_string(2, place, heading, head)
        for number, row in enumerate(rows, start=3):
            sheet.write_row(number, 0, row, cell)
            for place, value in enumerate(row):
                if _begins_formula(value):
                    sheet.write_string(number, place, str(value), quoted)
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return buffer.getvalue()


def to_csv(headings: Sequence[str], rows: Sequence[Sequence[str | int]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it; a text that would begin a formula gets an apostrophe before it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([f"'{cell}" if _begins_formula(cell) else cell for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _begins_formula(cell: str | int) -> bool:
    """Whether a spreadsheet could take the text for a formula; spaces before it do not hinder some of them."""
    return isinstance(cell, str) and (cell.startswith(_BEGIN_FORMULAS) or cell.lstrip(" ").startswith(_BEGIN_FORMULAS))
