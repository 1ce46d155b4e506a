"""Reading a workbook or a CSV into text, and finding what its columns hold."""

from datetime import date, datetime

import pytest
import xlsxwriter

from lms.core.errors import RuleBroken, RulesBroken
from lms.registration import lines, mapping, spreadsheet
from lms.registration.mapping import Field
from tests.core.test_repair import loosely
from tests.registration import sheets


def test_cells_become_text_in_their_own_rows() -> None:
    content = sheets.workbook((), ("Phạm S", 912345678, 1.5, True), ("=1+1", "Hoà"))
    (grid,) = spreadsheet.read(content, "a.xlsx")
    assert grid.rows[1] == ["Phạm S", "912345678", "1.5", "TRUE"]
    assert grid.rows[2] == ["=1+1", "Hoà", "", ""]


def test_days_are_written_as_people_write_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("days") / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_datetime(
            0, 0, datetime.combine(date(1985, 2, 3), datetime.min.time()), book.add_format({"num_format": "dd/mm/yyyy"})
        )
        sheet.write_formula(0, 1, '=HYPERLINK("http://example.vn","x")', None, "đã tính")
    assert spreadsheet.read(path.read_bytes(), "a.xlsx")[0].rows == [["03/02/1985", "đã tính"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_in_utf_8_with_or_without_mark(delimiter: str, mark: str) -> None:
    content = f"{mark}Họ và tên{delimiter}Đơn vị\r\nĐặng Văn Đức{delimiter}Lam Khê\r\n".encode()
    assert spreadsheet.read(content, "a.csv")[0].rows == [["Họ và tên", "Đơn vị"], ["Đặng Văn Đức", "Lam Khê"]]


@pytest.mark.parametrize("codec", ["utf-16", "cp1258"])
def test_csv_as_windows_writes_it(codec: str) -> None:
    text = "Họ và tên;Đơn vị\r\nTrương Đặng Nguyễn;Lam Khê\r\n"
    loose = text if codec == "utf-16" else loosely(text)
    (grid,) = spreadsheet.read(loose.encode(codec), "a.csv")
    assert grid.rows == [["Họ và tên", "Đơn vị"], ["Trương Đặng Nguyễn", "Lam Khê"]]
    assert {source for _raw, source in grid.mended.values()} == ({"cp1258"} if codec == "cp1258" else set())


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\xfe\xff\xd8\x00", b"Ho ten;Don vi\n\x81\x8d;x", b"a\x00b"])
def test_a_csv_that_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken) as refused:
        spreadsheet.read(content, "a.csv")
    assert refused.value.code in {"encoding", "not-a-spreadsheet"}


def test_a_workbook_without_cells_is_empty() -> None:
    with pytest.raises(RuleBroken) as refused:
        spreadsheet.read(sheets.workbook(), "a.xlsx")
    assert refused.value.code == "empty"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Họ và tên", Field.FULL_NAME),
        ("HỌ TÊN", Field.FULL_NAME),
        ("Tên đ/c", Field.FULL_NAME),
        ("Họ  và\ntên (viết hoa)", Field.FULL_NAME),
        ("Cơ quan", Field.UNIT),
        ("Đơn vị công tác", Field.UNIT),
        ("CHỨC VỤ", Field.POST),
        ("SĐT", Field.PHONE),
        ("Điện thoại:", Field.PHONE),
        ("E-mail", Field.EMAIL),
        ("Năm sinh", Field.BORN),
        ("Ghi chú", Field.NOTE),
        ("STT", None),
        ("Dân tộc", None),
    ],
)
def test_headings_in_several_wordings(heading: str, field: Field | None) -> None:
    assert mapping.field_of(heading) is field


def test_the_header_is_found_below_titles_and_on_a_later_sheet() -> None:
    content = sheets.workbook(("Bìa",), Trang2=[("DANH SÁCH",), (), sheets.HEADER, (1, "Phạm S", "Lam Khê"), (2,)])
    found = mapping.find(spreadsheet.read(content, "a.xlsx"))
    assert (found.grid.name, found.header_row) == ("Trang2", 3)
    name, unit = found.column(Field.FULL_NAME), found.column(Field.UNIT)
    assert name
    assert unit
    assert (name.letter, unit.letter) == ("B", "C")
    assert [line.row for line in lines.read(found, {"Lam Khê"}.__contains__)] == [4]


def test_rows_that_number_the_columns_and_totals_say_nothing() -> None:
    header = ("Họ và tên", "Đơn vị")
    content = sheets.workbook(header, (1, 2), ("Phạm S", "Lam Khê"), ("Tổng số: 1 người", ""), ("Tổng", "Lam Khê"))
    assert [line.row for line in lines.read(mapping.find(spreadsheet.read(content, "a.xlsx")), bool)] == [3, 5]


def test_missing_columns_are_named_with_those_that_are_there() -> None:
    with pytest.raises(RulesBroken) as refused:
        mapping.find(spreadsheet.read(sheets.workbook(("STT", "Họ tên", "Chức danh")), "a.xlsx"))
    (one,) = refused.value.refusals
    assert (one.code, one.where) == ("missing-column", "Danh sách!1")
    assert str(one) == "Thiếu cột “Đơn vị”. Dòng tiêu đề 1 chỉ có: STT, Họ tên, Chức danh."
    with pytest.raises(RuleBroken) as none:
        mapping.find(spreadsheet.read(sheets.workbook(("một", "hai")), "a.xlsx"))
    assert none.value.code == "no-header"


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(index: int, letter: str) -> None:
    assert spreadsheet.column_letter(index) == letter


def test_an_ods_is_read_too() -> None:
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in (("Họ tên", "Đơn vị"), ("Phạm S", "Lam Khê"))
    )
    empty = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/>'
    )
    sheet = f'<table:table table:name="Một">{rows}{empty}</table:table-row></table:table>'
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    )
    packed = sheets.archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b'<manifest:manifest xmlns:manifest="urn:m"/>',
            "content.xml": f"{content}</office:document-content>".encode(),
        }
    )
    assert spreadsheet.read(packed, "a.ods")[0].rows[:2] == [["Họ tên", "Đơn vị"], ["Phạm S", "Lam Khê"]]
