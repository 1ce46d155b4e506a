"""An analysis as an .xlsx file: the paper, its questions, units; row for row what the screen shows."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from lms.core.i18n import _, explain, in_language
from lms.core.rich_text import plain
from lms.quizzes.analysing import Answers
from lms.quizzes.analysis.groups import Comparison
from lms.quizzes.analysis.report import Report
from lms.quizzes.analysis_rows import ItemRow
from lms.quizzes.analysis_words import FINDINGS
from lms.quizzes.models import Quiz

Cell = str | int | float | None


def analysis_sheet(
    quiz: Quiz,
    answers: Answers,
    report: Report | None,
    rows: Sequence[ItemRow],
    groups: Comparison[tuple[str, str] | None],
) -> bytes:
    """The workbook; text stays text, figures are numbers, what cannot be said is an empty cell."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        title = in_language(quiz.title, quiz.title_en)
        _sheet(book, _("Cả bài"), title, (_("Số liệu"), _("Giá trị")), _paper(answers, report), (44, 60))
        _sheet(book, _("Từng câu"), title, _item_heads(), [_item(row) for row in rows], (5, 60, *[12] * 14, 40))
        _sheet(book, _("Đơn vị"), title, _group_heads(), _groups(groups), (36, 10, 16, 16, 16))
    return content.getvalue()


def _sheet(
    book: Any, name: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[int]
) -> None:
    sheet = book.add_worksheet(name)
    strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for line, cells in enumerate([heads, *rows], 2):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell, strong if line == 2 else None)
            elif cell is not None:
                sheet.write_number(line, column, round(cell, 4))
    sheet.freeze_panes(3, 0)


def _paper(answers: Answers, report: Report | None) -> list[tuple[str, Cell]]:
    rows: list[tuple[str, Cell]] = [(_("Lượt chờ chấm, chưa tính"), answers.waiting)]
    if report is None:
        return [*rows, (_("Ghi chú"), _("Chưa có lượt nào nộp bài."))]
    if report.classical.figures is not None:
        paper = report.classical.figures.paper
        rows = [
            (_("Số người"), paper.n),
            *rows,
            (_("Điểm cao nhất có thể"), paper.max_score),
            (_("Điểm trung bình"), paper.mean),
            (_("Độ lệch chuẩn"), paper.sd),
            (_("Trung vị"), paper.median),
            (_("Độ tin cậy (KR-20)") if paper.dichotomous else _("Độ tin cậy (alpha)"), paper.reliability),
            (_("Sai số chuẩn của phép đo"), paper.sem),
        ]
        rows += [
            (_("Số người được %(low)s–%(high)s phần trăm điểm", low=10 * tenth, high=10 * tenth + 10), count)
            for tenth, count in enumerate(paper.histogram)
        ]
    if report.rasch.figures is not None:
        rasch = report.rasch.figures
        rows += [
            (_("Năng lực trung bình, logit"), rasch.mean),
            (_("Độ lệch chuẩn của năng lực, logit"), rasch.sd),
            (_("Độ tin cậy của thang Rasch"), rasch.reliability),
        ]
    parts = (report.classical, report.rasch, report.two_parameter)
    return rows + [(_("Ghi chú"), explain(part.refusal)) for part in parts if part.refusal is not None]


def _item_heads() -> tuple[str, ...]:
    return (
        _("TT"),
        _("Câu hỏi"),
        _("Mã"),
        _("Số người"),
        _("Tỉ lệ điểm, phần trăm"),
        _("Độ phân biệt"),
        _("Chênh 27 phần trăm"),
        _("Độ tin cậy nếu bỏ câu"),
        _("Số giây, trung vị"),
        _("Độ khó Rasch, logit"),
        _("Sai số"),
        _("Infit"),
        _("Outfit"),
        _("Độ dốc, mô hình hai tham số"),
        _("Sai số độ dốc"),
        _("Độ khó, mô hình hai tham số"),
        _("Cần xem lại"),
    )


def _item(row: ItemRow) -> tuple[Cell, ...]:
    figures, rasch, two = row.figures, row.rasch, row.two
    fit = rasch.fit if rasch else None
    return (
        row.asked.number,
        plain(in_language(row.asked.stem, row.asked.stem_en)),
        row.asked.key,
        figures.n,
        100 * figures.facility,
        figures.discrimination,
        figures.index,
        figures.alpha_without,
        figures.seconds,
        rasch.difficulty if rasch else None,
        rasch.standard_error if rasch else None,
        fit.infit if fit else None,
        fit.outfit if fit else None,
        two.discrimination if two else None,
        two.discrimination_standard_error if two else None,
        two.difficulty if two else None,
        "; ".join(str(FINDINGS[one][1]) for one in row.findings),
    )


def _group_heads() -> tuple[str, ...]:
    return (
        _("Đơn vị"),
        _("Số người"),
        _("Điểm trung bình, phần trăm"),
        _("Độ lệch chuẩn, phần trăm"),
        _("Sai số 95 phần trăm, ±"),
    )


def _groups(groups: Comparison[tuple[str, str] | None]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [
        (
            in_language(*one.key) if one.key else _("Chưa rõ đơn vị"),
            one.n,
            100 * one.mean,
            100 * one.sd,
            100 * one.margin,
        )
        for one in groups.shown
    ]
    if groups.rest is not None:
        rest = groups.rest
        name = _("%(n)s đơn vị ít người, gộp lại", n=groups.withheld)
        rows.append((name, rest.n, 100 * rest.mean, 100 * rest.sd, 100 * rest.margin))
    elif groups.withheld:
        rows.append((_("%(n)s đơn vị quá ít người, không nêu", n=groups.withheld), None, None, None, None))
    return rows
