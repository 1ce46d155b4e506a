"""Making spreadsheets for the tests."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

HEADER = ("STT", "Họ và tên", "Đơn vị", "Chức vụ", "Điện thoại", "Email", "Ghi chú")


def workbook(*rows: Sequence[Any], **more_sheets: Sequence[Sequence[Any]]) -> bytes:
    """An .xlsx with these rows on its first sheet, and further sheets by name."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, lines in {"Danh sách": rows, **more_sheets}.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(lines):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def delegates(*people: Sequence[Any]) -> bytes:
    """An .xlsx as it arrives: title rows, the header in row 4, one person a row from row 5."""
    title = (("ỦY BAN NHÂN DÂN TỈNH LAM KHÊ",), ("DANH SÁCH ĐẠI BIỂU",), ())
    return workbook(*title, HEADER, *((number, *person) for number, person in enumerate(people, start=1)))


def archive(entries: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def with_entry(content: bytes, name: str, entry: bytes) -> bytes:
    """The same ZIP with one entry replaced or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        entries = {one: packed.read(one) for one in packed.namelist()}
    return archive({**entries, name: entry})
