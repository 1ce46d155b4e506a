"""Spreadsheets as they arrive: each with the rows that must come out of it. Made here byte by byte, none stored."""

import csv
import io
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unicodedata import normalize

import xlsxwriter

from tests.core.test_repair import loosely, mistaken, tcvn3, vni
from tests.registration import sheets
from tests.registration.biff import xls

HEAD = ("STT", "Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại")
MOT = ("Nguyễn Thị Hường", "Phó Trưởng phòng", "Tỉnh Lam Khê", "0912345678")
HAI = ("Đặng Quốc Dũng", "Chuyên viên", "Xã Nậm Khoang", "0987654321")
BA = ("Lý Mỹ Linh", "Bí thư Đảng ủy", "Tỉnh Bình Sa", "0356789012")
PEOPLE = (MOT, HAI, BA)
NUMBERED = tuple((number, *person) for number, person in enumerate(PEOPLE, start=1))
RIGHT = PEOPLE
"""What nearly every file holds, in the order full name, post, unit, phone."""


@dataclass(frozen=True)
class Case:
    """One file: its name, its bytes, the people in it, encodings of its repairs, and codes of refused rows."""

    id: str
    content: bytes
    people: Sequence[tuple[str, str, str, str]] = RIGHT
    repaired: frozenset[str] = frozenset()
    refused: Sequence[str] = ()
    kind: str = "xlsx"
    error: str | None = None
    more: dict[str, Any] = field(default_factory=dict)


def text(*rows: Sequence[Any], delimiter: str = ";") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


def book(draw: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """An .xlsx drawn by hand: merged cells, formats, fonts."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as made:
        draw(made)
    return buffer.getvalue()


def put(sheet: Any, *rows: Sequence[Any], start: int = 0, form: Any = None) -> None:
    for number, row in enumerate(rows, start=start):
        sheet.write_row(number, 0, row, form)


def encoded(rows: Sequence[Sequence[Any]], encode: Callable[[str], str]) -> list[list[Any]]:
    return [[encode(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


def table(*rows: Sequence[Any]) -> bytes:
    return sheets.workbook(*rows)


def ods(*rows: Sequence[Any], name: str = "Danh sách") -> bytes:
    """An .ods written by hand; a cell ("=", text, n) spans n rows, the cells under it are covered."""
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    body = ""
    for row in rows:
        body += "<table:table-row>"
        for cell in row:
            body += f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        body += "</table:table-row>"
    xml = (
        f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="{name}">{body}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return sheets.archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b'<manifest:manifest xmlns:manifest="urn:m"/>',
            "content.xml": xml.encode(),
        }
    )


def _in_font(font: str, encode: Callable[[str], str]) -> Callable[[xlsxwriter.Workbook], None]:
    def draw(made: xlsxwriter.Workbook) -> None:
        form = made.add_format({"font_name": font})
        sheet = made.add_worksheet("Sheet1")
        put(sheet, *encoded((HEAD, *NUMBERED), encode), form=form)

    return draw


def _merged_units(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("DS")
    put(sheet, ("STT", "Đơn vị", "Họ và tên", "Chức vụ"))
    sheet.merge_range(1, 1, 3, 1, "Tỉnh Lam Khê")
    sheet.merge_range(4, 1, 5, 1, "Tỉnh Bình Sa")
    for number, name in enumerate(("Lý A Một", "Lý A Hai", "Lý A Ba", "Lý A Tư", "Lý A Năm"), start=1):
        sheet.write_row(number, 2, (name, "Chuyên viên"))
        sheet.write(number, 0, number)


def _two_row_header(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("DS")
    sheet.merge_range(0, 0, 0, 5, "DANH SÁCH ĐẠI BIỂU")
    for column, heading in ((0, "TT"), (1, "Họ và tên"), (2, "Chức vụ"), (3, "Cơ quan, đơn vị")):
        sheet.merge_range(2, column, 3, column, heading)
    sheet.merge_range(2, 4, 2, 5, "Thông tin liên hệ")
    sheet.write_row(3, 4, ("Điện thoại", "Email"))
    for number, person in enumerate(NUMBERED, start=4):
        sheet.write_row(number, 0, person)


def _split_names(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("DS")
    put(sheet, ("STT", "Họ và tên", "", "Chức vụ", "Đơn vị", "Điện thoại"))
    sheet.merge_range(0, 1, 0, 2, "Họ và tên")
    for number, (name, *rest) in enumerate(PEOPLE, start=1):
        before, _, given = name.rpartition(" ")
        sheet.write_row(number, 0, (number, before, given, *rest))


def _birth_sex(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("DS")
    put(sheet, ("STT", "Họ và tên", "Năm sinh", "", "Chức vụ", "Đơn vị", "Số ĐT"), ("", "", "Nam", "Nữ", "", "", ""))
    for column in (0, 1, 4, 5, 6):
        sheet.merge_range(0, column, 1, column, ("STT", "Họ và tên", "", "", "Chức vụ", "Đơn vị", "Số ĐT")[column])
    sheet.merge_range(0, 2, 0, 3, "Năm sinh")
    for number, (name, *rest) in enumerate(PEOPLE, start=1):
        sheet.write_row(number + 1, 0, (number, name, 1980 + number, "", *rest))


def _dates(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("DS")
    put(sheet, (*HEAD, "Ngày sinh"), *NUMBERED)
    sheet.write_datetime(1, 5, date(1985, 2, 3), made.add_format({"num_format": "dd/mm/yyyy"}))  # type: ignore[arg-type]
    sheet.write(2, 5, 31111)
    sheet.write(3, 5, "1990")


def _hidden_sheet(made: xlsxwriter.Workbook) -> None:
    put(made.add_worksheet("DS"), HEAD, *NUMBERED)
    hidden = made.add_worksheet("Cũ")
    put(hidden, HEAD, (1, "Người Cũ", "", "Lam Khê", ""))
    hidden.hide()


def _formulas(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("DS")
    put(sheet, HEAD, *NUMBERED)
    sheet.write_formula(1, 1, '=CONCATENATE("Nguyễn Thị"," Hường")', None, "Nguyễn Thị Hường")
    sheet.write_formula(2, 4, '=WEBSERVICE("http://example.vn/")', None, "0987654321")


def _links(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("DS")
    put(sheet, (*HEAD, "Email"), *NUMBERED)
    sheet.write_url(1, 5, "mailto:huong@lamkhe.example.vn", string="huong@lamkhe.example.vn")


def _by_sheet(made: xlsxwriter.Workbook) -> None:
    for person in PEOPLE:
        put(
            made.add_worksheet(person[2]),
            ("STT", "Họ và tên", "Chức vụ", "Điện thoại"),
            (1, person[0], person[1], person[3]),
        )


def _far_title(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("DS")
    sheet.write_row(0, 0, ("UBND TỈNH LAM KHÊ", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
    sheet.write_row(1, 0, ("SỞ VHTTDL", "", "", "Độc lập - Tự do - Hạnh phúc"))
    sheet.write(5, 1, "DANH SÁCH ĐẠI BIỂU DỰ TẬP HUẤN")
    sheet.write(6, 1, "(Kèm theo Công văn số 12/CV-SVHTTDL ngày 01 tháng 7 năm 2024)")
    put(sheet, HEAD, *NUMBERED, start=9)


FOOTER = (
    ("", "Tổng cộng: 3 người"),
    (),
    ("", "", "", "Lam Khê, ngày 5 tháng 7 năm 2024"),
    ("", "Người lập biểu", "", "Thủ trưởng đơn vị"),
    ("", "(Ký, ghi rõ họ tên)", "", "(Ký tên, đóng dấu)"),
    (),
    ("", "Lê Văn Lập", "", "Trần Văn Trưởng"),
)
FILES_OF_TEXT = [
    Case("csv-utf-8", text(HEAD, *NUMBERED).encode(), kind="csv"),
    Case("csv-utf-8-bom", text(HEAD, *NUMBERED).encode("utf-8-sig"), kind="csv"),
    Case("csv-utf-16", text(HEAD, *NUMBERED, delimiter="\t").encode("utf-16"), kind="csv"),
    Case("csv-utf-16-be", b"\xfe\xff" + text(HEAD, *NUMBERED).encode("utf-16-be"), kind="csv"),
    Case("csv-comma", text(HEAD, *NUMBERED, delimiter=",").encode(), kind="csv"),
    Case("csv-sep-line", b"sep=|\r\n" + text(HEAD, *NUMBERED, delimiter="|").encode(), kind="csv"),
    Case("csv-cp1258", loosely(text(HEAD, *NUMBERED)).encode("cp1258"), repaired=frozenset({"cp1258"}), kind="csv"),
    Case("csv-tcvn3", tcvn3(text(HEAD, *NUMBERED)).encode("latin-1"), repaired=frozenset({"tcvn3"}), kind="csv"),
    Case("csv-vni", vni(text(HEAD, *NUMBERED)).encode("latin-1"), repaired=frozenset({"vni"}), kind="csv"),
    Case("csv-nfd", normalize("NFD", text(HEAD, *NUMBERED)).encode(), repaired=frozenset({"nfd"}), kind="csv"),
    Case("csv-twice", mistaken(text(HEAD, *NUMBERED)).encode(), repaired=frozenset({"utf8-twice"}), kind="csv"),
    Case(
        "csv-thrice", mistaken(mistaken(text(HEAD, *NUMBERED))).encode(), repaired=frozenset({"utf8-twice"}), kind="csv"
    ),
    Case("csv-quoted-breaks", text(HEAD, *NUMBERED).replace("Họ và tên", '"Họ và\ntên"').encode(), kind="csv"),
    Case("csv-old-mac-lines", text(HEAD, *NUMBERED).replace("\r\n", "\r").encode(), kind="csv"),
]
ENCODINGS_IN_BOOKS = [
    Case("xlsx-tcvn3", table(*encoded((HEAD, *NUMBERED), tcvn3)), repaired=frozenset({"tcvn3"})),
    Case("xlsx-vni", table(*encoded((HEAD, *NUMBERED), vni)), repaired=frozenset({"vni"})),
    Case(
        "xlsx-nfd", table(*encoded((HEAD, *NUMBERED), lambda one: normalize("NFD", one))), repaired=frozenset({"nfd"})
    ),
    Case("xlsx-twice", table(*encoded((HEAD, *NUMBERED), mistaken)), repaired=frozenset({"utf8-twice"})),
    Case("xlsx-font-vntime", book(_in_font(".VnTime", tcvn3)), repaired=frozenset({"tcvn3"})),
    Case("xlsx-font-vni", book(_in_font("VNI-Times", vni)), repaired=frozenset({"vni"})),
    Case(
        "xlsx-font-capitals",
        book(_in_font(".VnTimeH", lambda one: tcvn3(one.lower()))),
        tuple((name.upper(), post.upper(), unit, phone) for name, post, unit, phone in PEOPLE),
        repaired=frozenset({"tcvn3"}),
    ),
    Case(
        "xlsx-ambiguous-by-column",
        table(HEAD, *encoded(((1, "Nguyễn Bộ", "", "Tỉnh Lam Khê", ""), (2, "Lê Phúc", "", "Bình Sa", "")), tcvn3)),
        (("Nguyễn Bộ", "", "Tỉnh Lam Khê", ""), ("Lê Phúc", "", "Tỉnh Bình Sa", "")),
        repaired=frozenset({"tcvn3"}),
    ),
    Case(
        "xlsx-foreign-names-stay",
        table(
            HEAD,
            (1, "François Müller", "Attaché", "Lam Khê", ""),
            (2, "Loïc Noël", "Señor", "Lam Khê", ""),
            (3, "Søren Ångström", "", "Lam Khê", ""),
        ),
        (
            ("François Müller", "Attaché", "Tỉnh Lam Khê", ""),
            ("Loïc Noël", "Señor", "Tỉnh Lam Khê", ""),
            ("Søren Ångström", "", "Tỉnh Lam Khê", ""),
        ),
    ),
    Case(
        "xlsx-one-pasted-cell",
        table(HEAD, (1, "NguyÔn ThÞ H­êng", *MOT[1:]), *NUMBERED[1:]),
        repaired=frozenset({"tcvn3"}),
    ),
    Case("xls", xls(HEAD, *NUMBERED), kind="xls"),
    Case("xls-tcvn3", xls(*encoded((HEAD, *NUMBERED), tcvn3)), repaired=frozenset({"tcvn3"}), kind="xls"),
    Case(
        "xls-merged",
        xls(
            ("Đơn vị", "Họ và tên"),
            ("Tỉnh Lam Khê", "Lý A Một"),
            ("", "Lý A Hai"),
            ("Bình Sa", "Lý A Ba"),
            merged=((1, 0, 2, 0),),
        ),
        (
            ("Lý A Một", "", "Tỉnh Lam Khê", ""),
            ("Lý A Hai", "", "Tỉnh Lam Khê", ""),
            ("Lý A Ba", "", "Tỉnh Bình Sa", ""),
        ),
        repaired=frozenset({"merged"}),
        kind="xls",
    ),
    Case("xls-named-xlsx", xls(HEAD, *NUMBERED)),
    Case("ods", ods(HEAD, *NUMBERED), kind="ods"),
    Case("ods-vni", ods(*encoded((HEAD, *NUMBERED), vni)), repaired=frozenset({"vni"}), kind="ods"),
]
HEADINGS = [
    Case("title-rows", book(_far_title)),
    Case("two-row-header", book(_two_row_header)),
    Case("name-in-two-columns", book(_split_names)),
    Case("born-by-sex", book(_birth_sex)),
    Case(
        "two-rows-unmerged",
        table(("STT", "Họ và tên", "Chức vụ", "Đơn vị", "Liên hệ"), ("", "", "", "", "Di động"), *NUMBERED),
    ),
    Case(
        "family-and-given",
        table(
            ("TT", "Họ đệm", "Tên", "Chức danh", "Cơ quan công tác", "SĐT"),
            (1, "Nguyễn Thị", "Hường", *MOT[1:]),
            (2, "Đặng Quốc", "Dũng", *HAI[1:]),
            (3, "Lý Mỹ", "Linh", *BA[1:]),
        ),
    ),
    Case("no-order-numbers", table(HEAD[1:], *PEOPLE)),
    Case(
        "capitals-and-breaks", table(("STT", "HỌ VÀ\nTÊN", "CHỨC VỤ", "ĐƠN VỊ CÔNG TÁC", "SỐ ĐT (di động)"), *NUMBERED)
    ),
    Case(
        "long-wordings",
        table(
            ("Số TT", "Họ tên đại biểu", "Chức vụ, chức danh", "Đơn vị công tác hiện nay", "Số điện thoại liên hệ"),
            *NUMBERED,
        ),
    ),
    Case("numbered-columns", table(HEAD, ("(1)", "(2)", "(3)", "(4)", "(5)"), *NUMBERED)),
    Case("lettered-columns", table(HEAD, ("A", "B", 1, 2, 3), *NUMBERED)),
    Case("header-repeated", table(HEAD, *NUMBERED[:2], HEAD, NUMBERED[2])),
    Case("blank-rows-between", table(HEAD, (), NUMBERED[0], (), (), *NUMBERED[1:])),
    Case("blank-columns-before", table(*(("", "", *row) for row in (HEAD, *NUMBERED)))),
    Case("other-order", table(("Điện thoại", "Đơn vị", "Chức vụ", "Họ tên"), *(row[::-1] for row in PEOPLE))),
    Case(
        "two-phones-columns",
        table(
            (*HEAD[:4], "Điện thoại cơ quan", "Điện thoại di động"),
            *((*row[:4], "02038251234", row[4]) for row in NUMBERED),
        ),
    ),
    Case(
        "extra-columns",
        table((*HEAD, "Dân tộc", "Số CCCD", "Cỡ áo"), *((*row, "Tày", "001085012345", "L") for row in NUMBERED)),
    ),
    Case("english-headings", table(("No", "Full name", "Position", "Unit", "Phone"), *NUMBERED)),
]
LAYOUTS = [
    Case("footer", table(HEAD, *NUMBERED, *FOOTER)),
    Case("footer-without-numbers", table(HEAD, *(("", *person) for person in PEOPLE), *FOOTER)),
    Case(
        "footer-signer",
        table(
            HEAD,
            *NUMBERED,
            ("", "", "", "TM. ỦY BAN NHÂN DÂN"),
            ("", "", "", "CHỦ TỊCH"),
            (),
            ("", "", "", "Phạm Văn Chủ"),
        ),
    ),
    Case("footer-recipients", table(HEAD, *NUMBERED, ("", "Nơi nhận:"), ("", "- Như trên;"), ("", "- Lưu: VT."))),
    Case("footer-remark", table(HEAD, *NUMBERED, ("", "(Danh sách này có 03 người)"))),
    Case("subtotals", table(HEAD, NUMBERED[0], ("", "Cộng", "", "", 1), *NUMBERED[1:], ("", "Tổng cộng", "", "", 3))),
    Case(
        "merged-units",
        book(_merged_units),
        (
            *((name, "Chuyên viên", "Tỉnh Lam Khê", "") for name in ("Lý A Một", "Lý A Hai", "Lý A Ba")),
            *((name, "Chuyên viên", "Tỉnh Bình Sa", "") for name in ("Lý A Tư", "Lý A Năm")),
        ),
        repaired=frozenset({"merged"}),
    ),
    Case(
        "unit-written-once",
        table(
            ("Đơn vị", "Họ và tên"),
            ("Lam Khê", "Lý A Một"),
            ("", "Lý A Hai"),
            ("", "Lý A Ba"),
            ("Bình Sa", "Lý A Tư"),
        ),
        (
            *((name, "", "Tỉnh Lam Khê", "") for name in ("Lý A Một", "Lý A Hai", "Lý A Ba")),
            ("Lý A Tư", "", "Tỉnh Bình Sa", ""),
        ),
        repaired=frozenset({"above"}),
    ),
    Case(
        "one-slip-is-asked-about",
        table(HEAD, *NUMBERED, (4, "Lý A Tư", "", "Tỉnh Bình Sa", ""), (5, "Lý A Năm", "", "", "")),
        (*PEOPLE, ("Lý A Tư", "", "Tỉnh Bình Sa", "")),
        refused=("unit-missing",),
    ),
    Case(
        "sections-by-unit",
        table(
            ("STT", "Họ và tên", "Chức vụ", "Điện thoại"),
            ("I", "Tỉnh Lam Khê"),
            (1, MOT[0], MOT[1], MOT[3]),
            ("II", "Xã Nậm Khoang (1 người)"),
            (1, HAI[0], HAI[1], HAI[3]),
            ("III", "Bình Sa:"),
            (1, BA[0], BA[1], BA[3]),
        ),
        repaired=frozenset({"section"}),
    ),
    Case(
        "sections-in-the-first-column",
        table(
            ("STT", "Họ và tên", "Chức vụ", "Điện thoại"),
            ("A. Tỉnh Lam Khê",),
            (1, MOT[0], MOT[1], MOT[3]),
            ("B. Xã Nậm Khoang",),
            (2, HAI[0], HAI[1], HAI[3]),
            ("C. Tỉnh Bình Sa",),
            (3, BA[0], BA[1], BA[3]),
        ),
        repaired=frozenset({"section"}),
    ),
    Case(
        "unit-in-the-title",
        table(
            ("Đơn vị: Sở Lam Khê",),
            ("Tên đơn vị: Tỉnh Lam Khê",),
            (),
            ("STT", "Họ và tên", "Chức vụ"),
            (1, "Lý A Một", "Chuyên viên"),
        ),
        (("Lý A Một", "Chuyên viên", "Tỉnh Lam Khê", ""),),
        repaired=frozenset({"title-row"}),
    ),
    Case("a-sheet-for-each-unit", book(_by_sheet), repaired=frozenset({"sheet"})),
    Case(
        "two-lists-alike", sheets.workbook(HEAD, NUMBERED[0], Hai=[HEAD, NUMBERED[1]], Ba=[("x",), HEAD, NUMBERED[2]])
    ),
    Case(
        "a-cover-and-a-chart-of-numbers",
        sheets.workbook(("BÁO CÁO",), DS=[HEAD, *NUMBERED], So=[("Quý", "Số"), (1, 2)]),
    ),
    Case("hidden-sheet", book(_hidden_sheet)),
    Case("formulas-give-their-values", book(_formulas)),
    Case("links-are-not-followed", book(_links)),
    Case("dates-of-three-kinds", book(_dates)),
]


def _phones(*cells: Any) -> bytes:
    return table(
        HEAD, *((number, f"Lý A {chr(64 + number)}", "", "Lam Khê", cell) for number, cell in enumerate(cells, start=1))
    )


def _with_phones(*numbers: str) -> tuple[tuple[str, str, str, str], ...]:
    return tuple(
        (f"Lý A {chr(64 + place)}", "", "Tỉnh Lam Khê", number) for place, number in enumerate(numbers, start=1)
    )


CELLS = [
    Case(
        "phones",
        _phones(
            "+84 912 345 678",
            "0912.345.679",
            912345670,
            "(+84) 912-345-671",
            "0084912345672",
            "84912345673",
            "ĐT: 0912 345 674",
            "0912345675 (Zalo)",
        ),
        _with_phones(
            "0912345678",
            "0912345679",
            "0912345670",
            "0912345671",
            "0912345672",
            "0912345673",
            "0912345674",
            "0912345675",
        ),
        repaired=frozenset({"phone"}),
    ),
    Case(
        "two-phones-in-a-cell",
        _phones(
            "0912345678/0987654321",
            "0912345679 - 024 38251234",
            "024.38251234; 0912345670",
            "0912345671\n0987654321",
            "0912345672, 0987654322",
        ),
        _with_phones("0912345678", "0912345679", "0912345670", "0912345671", "0912345672"),
        repaired=frozenset({"phones"}),
    ),
    Case(
        "old-mobiles",
        _phones("0168 234 5678", "01234567890", 1201234567),
        _with_phones("0382345678", "0834567890", "0701234567"),
        repaired=frozenset({"phone"}),
    ),
    Case(
        "phones-that-are-none",
        _phones("12", "không có", "0912345"),
        (),
        refused=("phone-digits", "phone-text", "phone-digits"),
    ),
    Case(
        "names",
        table(
            HEAD,
            (1, "1. Lý A Một", "", "Lam Khê", ""),
            (2, "Đ/c Lý A Hai", "", "Lam Khê", ""),
            (3, "  Lý  A\u200b Ba ", "", "Lam Khê", ""),
            (4, "H'Hen Niê", "", "Lam Khê", ""),
        ),
        tuple((name, "", "Tỉnh Lam Khê", "") for name in ("Lý A Một", "Lý A Hai", "Lý A Ba", "H'Hen Niê")),
        repaired=frozenset({"number", "title", "control"}),
    ),
    Case(
        "names-that-are-none",
        table(HEAD, (1, "Lý A 2", "", "Lam Khê", ""), (2, "", "Chuyên viên", "Lam Khê", "")),
        (),
        refused=("name-digits", "name-missing"),
    ),
    Case("a-unit-that-is-none", table(HEAD, (1, "Lý A", "", "Tỉnh Lam Kê", "")), (), refused=("unit-unknown",)),
    Case("the-same-person-twice", table(HEAD, *NUMBERED, (4, *MOT)), refused=("double",)),
    Case(
        "born-that-cannot-be",
        table((*HEAD, "Ngày sinh"), (1, *MOT, "31/02/1985"), (2, *HAI, "3/2/85"), (3, *BA, "ngày 3 tháng 2 năm 1985")),
        (HAI, BA),
        refused=("born",),
    ),
    Case(
        "two-addresses",
        table((*HEAD, "Email"), (1, *MOT, "a@b.vn; c@d.vn"), (2, *HAI, "mailto:A@B.VN"), (3, *BA, "")),
        repaired=frozenset({"emails"}),
    ),
    Case("unit-by-short-name", table(HEAD, *((*row[:3], row[3].split(" ", 1)[1].upper(), row[4]) for row in NUMBERED))),
    Case("no-header", table(("một", "hai"), (1, 2)), error="no-header"),
    Case("no-unit-column", table(("STT", "Họ và tên"), (1, "Lý A")), error="missing-column"),
    Case("nobody", table(HEAD, ("", "Tổng cộng: 0")), error="no-rows"),
    Case("not-text", b"Ho ten;Don vi\n\x81\x8d\x8f;\x90", kind="csv", error="encoding"),
    Case("web-page", b"<html><table><tr><td>x</td></tr></table></html>", kind="xls", error="not-a-spreadsheet"),
    Case("pdf", b"%PDF-1.7", error="not-a-spreadsheet"),
    Case("torn", sheets.workbook(HEAD)[:900], error="broken"),
    Case("macros", sheets.with_entry(sheets.workbook(HEAD), "xl/vbaProject.bin", b"x"), kind="xlsm", error="macros"),
    Case(
        "entities",
        sheets.with_entry(
            sheets.workbook(HEAD), "xl/sharedStrings.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><sst/>'
        ),
        error="broken",
    ),
    Case("bomb", sheets.with_entry(sheets.workbook(HEAD), "xl/media/x.bin", bytes(40_000_000)), error="bomb"),
    Case(
        "password",
        struct.pack("<8s", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") + "EncryptedPackage".encode("utf-16-le"),
        error="encrypted",
    ),
]
CASES = [*FILES_OF_TEXT, *ENCODINGS_IN_BOOKS, *HEADINGS, *LAYOUTS, *CELLS]
