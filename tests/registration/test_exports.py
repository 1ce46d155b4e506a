"""What leaves as a spreadsheet or a table on paper: texts stay texts, whatever they begin with."""

import csv
import io
import time

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lms.registration import exports, table_pdf
from lms.registration.table_pdf import WIDTHS, Table

DANGEROUS = (
    *("=1+1", "+84987654321", "-", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "＝1+1", "＠x"),
    '=HYPERLINK("http://x","y")',
)
HARMLESS = ("0987654321", "Lý A Một", "1+1", "a=b", "", "12/8", "H'Ma -Niê")


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text: str) -> None:
    (row,) = list(csv.reader(io.StringIO(exports.to_csv(["A", "B"], [[1, text]]).decode("utf-8-sig"), newline="")))[1:]
    assert row == ["1", f"'{text}"]
    sheet = load_workbook(io.BytesIO(exports.to_xlsx("Danh sách", ["A", "B"], [[1, text]]))).active
    assert sheet is not None
    cell = sheet["B4"]
    assert (cell.data_type, cell.value.replace("_x000D_", "\r"), cell.quotePrefix) == ("s", text, True)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay_as_they_are(text: str) -> None:
    (row,) = list(csv.reader(io.StringIO(exports.to_csv(["A"], [[text]]).decode("utf-8-sig"))))[1:] or [[""]]
    assert row == [text]
    sheet = load_workbook(io.BytesIO(exports.to_xlsx("Danh sách", ["A"], [[text]]))).active
    assert sheet is not None
    assert (sheet["A4"].value or "") == text
    assert not sheet["A4"].quotePrefix
    assert text == "" or sheet["A4"].data_type == "s"


def table(rows: list[list[str | int]], **more: object) -> bytes:
    """Rows of every column, printed."""
    headings = ["Cột" for _width in WIDTHS]
    values = {"title": "Hội nghị", "note": "Danh sách", "headings": headings, "widths": list(WIDTHS.values())}
    return table_pdf.draw(Table(rows=rows, **{**values, **more}))  # type: ignore[arg-type]


def test_a_table_repeats_its_heads_and_wraps_what_is_long() -> None:
    long = ["mot.dia.chi.thu.dien.tu.rat.dai.cua.mot.nguoi@co-quan-co-ten-rat-dai.example.vn", "Chữ " * 70]
    rows = [[number, f"Lý A {number}", *long, *["Một hai ba"] * 8] for number in range(1, 41)]
    printed = PdfReader(io.BytesIO(table(rows, specimen=True)))
    assert len(printed.pages) > 3
    for page in printed.pages:
        assert page.extract_text().count("Cột") == len(WIDTHS)
    whole = "".join("".join(page.extract_text().split()) for page in printed.pages)
    assert whole.count(long[0]) == 40
    assert table([[1, *[""] * 11]], note="")


def test_one_row_does_not_stop_the_print() -> None:
    rows: list[list[str | int]] = [[1, "Trần 漢 🎉", "W" * 3000, *[""] * 9], [2, "Lý A Hai", *[""] * 10]]
    (page,) = PdfReader(io.BytesIO(table(rows, title="Hội nghị " * 150, note="🎉"))).pages
    text = page.extract_text()
    assert "Lý A Hai" in text
    assert text.count("…") == 2  # of the title and of the endless word


def test_five_thousand_rows_print_in_seconds() -> None:
    rows = [[n, f"Lý A {n}", "Chuyên viên", "Tỉnh Lam Khê", f"09{n:08d}", *["Một"] * 7] for n in range(5_000)]
    begun = time.process_time()
    assert table(rows).startswith(b"%PDF")
    assert time.process_time() - begun < 20
