"""The spreadsheet of questions as `docs/quiz-spreadsheet.md` describes it."""

import zipfile
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from lms.quizzes import exchange
from lms.quizzes.exchange import sheet_columns
from lms.quizzes.exchange.entries import Entry, Reading
from lms.quizzes.kinds import choice
from lms.quizzes.kinds.choice import Multiple, Option, Single, true_false
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Unit, UnitRule, Value
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.models import Difficulty
from lms.quizzes.wording import Labels, Words


def sheet(*rows: list[Any]) -> bytes:
    """A workbook of the rows."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        page = workbook.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


def reading(headings: str, *rows: list[Any]) -> Reading:
    """What a sheet with these headings says."""
    return exchange.read("cau-hoi.xlsx", sheet(headings.split("|"), *rows))


def content(headings: str, *cells: Any) -> object:
    """The content of the only row."""
    read = reading(headings, list(cells))
    assert read.refused == []
    (entry,) = read.entries
    return entry.words.content


def test_the_kind_need_not_be_named_where_the_answer_shows_it() -> None:
    read = exchange.read(
        "cau-hoi.xlsx",
        sheet(
            ["Ngân hàng câu hỏi phát ngôn"],
            [],
            ["Câu hỏi", "Đáp án", "A", "B", "C", "Giải thích", "Chủ đề", "Độ khó", "Nhãn", "Căn cứ", "Danh mục"],
            ["Ai phát ngôn?", "a", "Người được giao", "Bất kỳ ai", "", "Điều 3", "m1", "Khó", "báo chí; luật",
             "nd-09-2017 Điều 3", "Luật / Báo chí"],
            ["Nêu hai ý", "A, C", 1, 2.5, "ba"],
            [],
            ["24 giờ là đủ", "Đúng"],
        ),
    )  # fmt: skip
    assert read.format == "xlsx"
    assert read.refused == []
    single, multiple, truth = read.entries
    assert [single.where, multiple.where, truth.where] == ["row 4", "row 5", "row 7"]
    assert single.labels == Labels("m1", Difficulty.HARD, category="Luật/Báo chí", tags=("báo chí", "luật"))
    assert single.words == Words(
        Single((Option(Both("Người được giao"), True), Option(Both("Bất kỳ ai")))),
        Both("Ai phát ngôn?"),
        Both("Điều 3"),
        ["nd-09-2017 Điều 3"],
    )
    assert multiple.words.content == Multiple((Option(Both("1"), True), Option(Both("2.5")), Option(Both("ba"), True)))
    assert truth.words.content == true_false(True)


def test_each_kind_has_its_cells() -> None:
    assert content(
        "Kind|Question|A|B|Answer|Marking", "short", "Thủ đô?", "Hà Nội", "Thăng Long", "B=50", "từng chữ"
    ) == (Short((Form("Hà Nội"), Form("Thăng Long", Fraction(1, 2))), exact=True))
    headings = "Loại|Câu hỏi|A|B|Đáp án|Đơn vị|Cách chấm"
    cells = ["số", "Dài?", "1,5 ± 0,1", "2 ± 5%", "B=50", "m; cm=0,01", "đơn vị bắt buộc"]
    assert content(headings, *cells) == (
        Numeric(
            (
                Value(Decimal("1.5"), Decimal("0.1")),
                Value(Decimal(2), Decimal("0.05"), relative=True, share=Fraction(1, 2)),
            ),
            (Unit("m"), Unit("cm", Decimal("0.01"))),
            UnitRule.REQUIRED,
        )
    )
    assert content("Loại|Câu hỏi|A|B|C", "ghép đôi", "Ghép", "Pháp => Paris", "Ý => Roma", "=> Tokyo") == (
        Matching(((Both("Pháp"), 0), (Both("Ý"), 1)), (Both("Paris"), Both("Roma"), Both("Tokyo")))
    )
    assert content("Loại|Câu hỏi|A|B", "xếp thứ tự", "Xếp", "một", "hai") == Ordering((Both("một"), Both("hai")))
    shares = content("Câu hỏi|Đáp án|A|B|C", "Nêu", "A=50; B=50; C=-100", "a", "b", "c")
    assert isinstance(shares, Multiple)
    assert (shares.credit, [one.share for one in shares.options]) == (
        choice.Credit.SHARES,
        [Fraction(1, 2), Fraction(1, 2), Fraction(-1)],
    )
    essay = content(
        "Loại|Câu hỏi|A|A (EN)|Số chữ|Hướng dẫn chấm",
        "tự luận",
        "Viết",
        "Ý\n0: Thiếu\n2: Đủ",
        "Ideas\n2: All",
        "100–300",
        "Kỹ",
    )
    assert isinstance(essay, Essay)
    assert (essay.fewest_words, essay.most_words, essay.guide) == (100, 300, "Kỹ")
    assert [(level.points, level.text) for level in essay.rubric[0].levels] == [
        (0, Both("Thiếu")),
        (2, Both("Đủ", "All")),
    ]


@pytest.mark.parametrize(
    ("headings", "cells", "code"),
    [
        ("Câu hỏi|Đáp án|A|B", ["Hỏi", "D", "a", "b"], "answer"),
        ("Câu hỏi|Đáp án|A|B", ["Hỏi", "một", "a", "b"], "answer"),
        ("Câu hỏi|Đáp án|A|B", ["Hỏi", "A", "a", ""], "options"),
        ("Câu hỏi|Đáp án|A|B", ["", "A", "a", "b"], "stem"),
        ("Loại|Câu hỏi", ["trắc nghiệm khó", "Hỏi"], "kind"),
        ("Loại|Câu hỏi|Đáp án", ["đúng sai", "Hỏi", "có lẽ"], "truth"),
        ("Loại|Câu hỏi|A", ["số", "Hỏi", "nhiều"], "number"),
        ("Loại|Câu hỏi|A|B", ["ghép đôi", "Hỏi", "x", "y"], "pair"),
        ("Loại|Câu hỏi|A", ["tự luận", "Hỏi", "Ý\nĐủ"], "rubric"),
        ("Loại|Câu hỏi|Số chữ", ["tự luận", "Hỏi", "vừa"], "length"),
        ("Loại|Câu hỏi|A", ["chỗ trống", "Hỏi [[1]]", "Hà Nội"], "gap"),
        ("Câu hỏi|Đáp án|A|B|Độ khó", ["Hỏi", "A", "a", "b", "kinh"], "difficulty"),
        ("Câu hỏi|Đáp án|A|B|Cách chấm", ["Hỏi", "A", "a", "b", "lạ"], "marking"),
        ("Câu hỏi|Đáp án|A|B|Chủ đề", ["Hỏi", "A", "a", "b", "m" * 81], "topic"),
    ],
)
def test_a_bad_row_is_refused_by_its_number(headings: str, cells: list[str], code: str) -> None:
    read = reading(headings, cells, ["Đúng?", "Đúng"] if headings.startswith("Câu hỏi|Đáp án") else [])
    assert [(one.where, one.code) for one in read.refused] == [("row 2", code)]
    assert len(read.entries) == int(headings.startswith("Câu hỏi|Đáp án"))


def test_what_is_no_sheet_of_questions_is_refused_whole() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * 50_000_000)
    outside = BytesIO()
    with zipfile.ZipFile(outside, "w") as package:
        package.writestr("xl/../../x", b"0")
    for file, code in (
        (sheet(["Tên", "Tuổi"]), "headings"),
        (sheet(["Câu hỏi"]), "empty"),
        (b"PK\x03\x04", "zip"),
        (bomb.getvalue(), "zip-size"),
        (outside.getvalue(), "zip-names"),
    ):
        broken = exchange.read("a.xlsx", file, "xlsx").unreadable
        assert broken is not None
        assert broken.code == code


def test_no_cell_of_an_export_is_a_formula() -> None:
    words = Words(true_false(True), Both('=HYPERLINK("http://evil.vn","x")'), Both("https://vn.vn"))
    book = load_workbook(BytesIO(exchange.write([Entry(words, Labels(title="+1", tags=("@x",)))], "xlsx")))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]  # type: ignore[union-attr]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert words.stem.vi in {cell.value for cell in cells}


def test_the_description_names_every_column_and_word() -> None:
    told = (Path(__file__).parents[3] / "docs" / "quiz-spreadsheet.md").read_text()
    for vietnamese, english in sheet_columns.COLUMNS.values():
        for heading in (vietnamese.removesuffix(" (EN)"), english.removesuffix(" (EN)")):
            word = heading if heading[:-2] not in {"Lời đáp", "Feedback"} else f"{heading[:-2]} A … L"
            assert f"| {word} |" in told or word in sheet_columns.LETTERS
    words = [*sheet_columns.KINDS, *sheet_columns.KINDS.values(), *sheet_columns.DIFFICULTIES.values()]
    marking = (sheet_columns.ORDER_MARKING, sheet_columns.CHOICE_MARKING, sheet_columns.UNIT_MARKING)
    for word in [*words, sheet_columns.EXACT, sheet_columns.YES, *(one for each in marking for one in each.values())]:
        assert word in told
