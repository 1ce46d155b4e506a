"""What is refused before a file is read: disguises, macros, passwords, and files that would grow without bound."""

import io
import struct
import zipfile

import pytest

from lms.core.errors import RuleBroken
from lms.registration import archive, spreadsheet
from tests.registration import sheets

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "trống"),
        (b"%PDF-1.7\n%\xe2\xe3", "not-a-spreadsheet", "Tệp này là PDF. Hãy lưu từ Excel dạng .xlsx"),
        (b"\x89PNG\r\n\x1a\n", "not-a-spreadsheet", "ảnh"),
        (b"Rar!\x1a\x07", "not-a-spreadsheet", "tệp nén"),
        (b"<html><table><tr><td>A</td></tr></table>", "not-a-spreadsheet", "trang web"),
        (b"PK\x03\x04 broken", "broken", "hỏng"),
        (b"just words", "not-a-spreadsheet", "không phải bảng tính"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "mật khẩu"),
        (OLE + "WordDocument".encode("utf-16-le"), "not-a-spreadsheet", "Word"),
        (OLE + "_VBA_PROJECT".encode("utf-16-le"), "macros", "macro"),
        (OLE, "broken", "hỏng"),
        (sheets.archive({"word/document.xml": b"<w/>"}), "not-a-spreadsheet", "Word"),
        (sheets.archive({"list.txt": b"x"}), "not-a-spreadsheet", "tệp nén"),
        (sheets.archive({"../xl/workbook.xml": b"x"}), "broken", "hỏng"),
        (sheets.archive({f"{number}": b"" for number in range(archive.MAX_ENTRIES + 1)}), "broken", "hỏng"),
        (sheets.with_entry(sheets.workbook(("A",)), "xl/vbaProject.bin", b"x"), "macros", "macro"),
    ],
)
def test_a_file_that_is_no_plain_spreadsheet_is_refused(content: bytes, code: str, words: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        spreadsheet.read(content, "danh sach.xlsx")
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert words in str(refused.value)


def test_a_password_on_an_entry_is_named() -> None:
    content = bytearray(sheets.workbook(("A",)))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    with pytest.raises(RuleBroken) as refused:
        spreadsheet.read(bytes(content), "a.xlsx")
    assert refused.value.code == "encrypted"


def test_an_entry_that_inflates_out_of_proportion_is_a_bomb() -> None:
    bomb = sheets.with_entry(sheets.workbook(("A",)), "xl/worksheets/sheet2.xml", b" " * (40 * 1024 * 1024))
    assert len(bomb) < 100_000
    with pytest.raises(RuleBroken) as refused:
        spreadsheet.read(bomb, "a.xlsx")
    assert refused.value.code == "bomb"


def test_a_directory_that_lies_about_sizes_does_not_hide_a_bomb() -> None:
    bomb = bytearray(sheets.archive({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * (8 * 1024 * 1024)}))
    place = bomb.rindex(b"PK\x01\x02")
    struct.pack_into("<L", bomb, place + 24, 10)
    assert zipfile.ZipFile(io.BytesIO(bytes(bomb))).infolist()[1].file_size == 10
    with pytest.raises(RuleBroken) as refused:
        archive.kind_of(bytes(bomb), "a.xlsx")
    assert refused.value.code == "bomb"


@pytest.mark.parametrize("corner", ["XFD2", "A1048576", "B30000"])
def test_two_cells_at_opposite_corners_are_not_made_into_a_rectangle(corner: str) -> None:
    xml = f'<worksheet><sheetData><row><c r="A1"><v>1</v></c><c r="{corner}"><v>1</v></c></row></sheetData></worksheet>'
    content = sheets.with_entry(sheets.workbook(("A",)), "xl/worksheets/sheet1.xml", xml.encode())
    with pytest.raises(RuleBroken) as refused:
        spreadsheet.read(content, "a.xlsx")
    assert refused.value.code == "too-large"


def test_repeated_cells_of_an_ods_are_counted_before_they_are_made() -> None:
    names = 'xmlns:table="urn:t" xmlns:office="urn:o" xmlns:text="urn:x"'
    row = '<table:table-row table:number-rows-repeated="900000"><table:table-cell office:value-type="string">'
    table = f"<table:table>{row}<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
    xml = f"<office:d {names}>{table}</office:d>"
    with pytest.raises(RuleBroken) as refused:
        spreadsheet.read(sheets.archive({"content.xml": xml.encode()}), "a.ods")
    assert refused.value.code == "too-large"


def test_a_document_type_with_entities_is_refused() -> None:
    xml = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>'
    with pytest.raises(RuleBroken) as refused:
        spreadsheet.read(sheets.with_entry(sheets.workbook(("A",)), "xl/worksheets/sheet1.xml", xml), "a.xlsx")
    assert refused.value.code == "broken"


def test_empty_cells_with_only_a_format_do_not_count() -> None:
    xml = b'<worksheet><sheetData><row r="1"><c r="A1"><v>5</v></c><c r="XFD1" s="1"/></row></sheetData></worksheet>'
    grids = spreadsheet.read(sheets.with_entry(sheets.workbook(("A",)), "xl/worksheets/sheet1.xml", xml), "a.xlsx")
    assert grids[0].rows == [["5"]]
