"""Lists as spreadsheets: .xlsx or .csv, nothing in them is ever a formula. Rows of text in, bytes out."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import xlsxwriter

_WIDEST = 60
_BEGIN_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV Injection), with the full-width forms."""


class Sheet(NamedTuple):
    """A sheet of a workbook: its name on the tab (at most 31 characters), a title, the headings, the rows."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]


def to_xlsx(title: str, headings: Sequence[str], rows: Sequence[Sequence[str | int | float]]) -> bytes:
    """One sheet: the title, an empty row, the headings, the rows. Texts are texts, phones keep their first zero."""
    return to_workbook([Sheet("Sheet1", title, headings, rows)])


def to_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Several such sheets in one file."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        look = {"border": 1, "text_wrap": True, "valign": "top"}
        looks = {
            "title": book.add_format({"bold": True, "font_size": 13}),
            "head": book.add_format({"bold": True, "border": 1, "text_wrap": True}),
            "cell": book.add_format(look),
            # Excel shows such a cell with its apostrophe, and opening it for editing does not make it a formula.
            "quoted": book.add_format({**look, "quote_prefix": True}),
        }
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.name), sheet, looks)
    return buffer.getvalue()


def to_csv(headings: Sequence[str], rows: Sequence[Sequence[str | int | float]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it; a text that would begin a formula gets an apostrophe before it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([f"'{cell}" if _begins_formula(cell) else cell for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _begins_formula(cell: str | float) -> bool:
    """Whether a spreadsheet could take the text for a formula; spaces before it do not hinder some of them."""
    return isinstance(cell, str) and (cell.startswith(_BEGIN_FORMULAS) or cell.lstrip(" ").startswith(_BEGIN_FORMULAS))


def _fill(page: Any, sheet: Sheet, looks: Mapping[str, Any]) -> None:
    """Write a sheet onto its page of the workbook."""
    page.write_string(0, 0, sheet.title, looks["title"])
    for place, heading in enumerate(sheet.headings):
        longest = max([len(heading), *(len(str(row[place])) for row in sheet.rows)])
        page.set_column(place, place, min(_WIDEST, longest + 2))
        page.write_string(2, place, heading, looks["head"])
    for number, row in enumerate(sheet.rows, start=3):
        page.write_row(number, 0, row, looks["cell"])
        for place, value in enumerate(row):
            if _begins_formula(value):
                page.write_string(number, place, str(value), looks["quoted"])
    page.freeze_panes(3, 0)
    page.repeat_rows(2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
