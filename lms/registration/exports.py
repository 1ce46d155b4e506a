"""A delegate list as a spreadsheet: .xlsx or .csv, nothing in it is ever a formula. Rows of text in, bytes out."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

_WIDEST = 60


def to_xlsx(title: str, headings: Sequence[str], rows: Sequence[Sequence[str | int]]) -> bytes:
    """One sheet: the title, an empty row, the headings, the rows."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        bold, head = (
            book.add_format({"bold": True, "font_size": 13}),
            book.add_format({"bold": True, "border": 1, "text_wrap": True}),
        )
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        sheet.write_string(0, 0, title, bold)
        for place, heading in enumerate(headings):
            longest = max([len(heading), *(len(str(row[place])) for row in rows)])
            sheet.set_column(place, place, min(_WIDEST, longest + 2))
            sheet.write_string(2, place, heading, head)
        for number, row in enumerate(rows, start=3):
            sheet.write_row(number, 0, row, cell)
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
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
