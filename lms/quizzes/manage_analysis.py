"""A quiz's analysis for those who see its results: the whole paper, each question, units side by side."""

from typing import Any

from flask import Response, render_template, request
from flask_login import current_user

from lms.core.access import requires
from lms.core.i18n import _, explain, in_language
from lms.core.permissions import Permission
from lms.core.rich_text import plain
from lms.core.web import XLSX, download
from lms.quizzes import analysing, queries
from lms.quizzes.analysis.findings import option_findings
from lms.quizzes.analysis.picture import wright_map
from lms.quizzes.analysis.report import Part, Report, analyse
from lms.quizzes.analysis_rows import Order, item_rows
from lms.quizzes.analysis_sheets import analysis_sheet
from lms.quizzes.analysis_words import FINDINGS, OPTION_FINDINGS, ORDERS
from lms.quizzes.pages import blueprint


@blueprint.get("/quizzes/<int:quiz_id>/analysis")
@requires(Permission.RESULTS)
def analysis(quiz_id: int) -> str:
    """The paper in figures, every question, the Rasch scale, units."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    answers = analysing.answers_of(quiz)
    if answers.responses is None:
        return render_template("quizzes/analysis.html", quiz=quiz, answers=answers, report=None)
    report, order = analyse(answers.responses), _order()
    rasch = report.rasch.figures
    return render_template(
        "quizzes/analysis.html",
        quiz=quiz,
        answers=answers,
        report=report,
        refusals=_refusals(report),
        rows=item_rows(answers, report, order),
        facilities=answers.responses.facilities if report.classical.figures is None else (),
        rungs=wright_map(rasch) if rasch else [],
        groups=analysing.units_compared(answers),
        order=order,
        orders=ORDERS,
        findings=FINDINGS,
        plain=plain,
    )


@blueprint.get("/quizzes/<int:quiz_id>/analysis.xlsx")
@requires(Permission.RESULTS)
def analysis_file(quiz_id: int) -> Response:
    """The same as .xlsx, questions in the order of the screen."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    answers = analysing.answers_of(quiz)
    report = analyse(answers.responses) if answers.responses is not None else None
    rows = item_rows(answers, report, _order()) if report else []
    content = analysis_sheet(quiz, answers, report, rows, analysing.units_compared(answers))
    name = _("Phân tích %(title)s", title=in_language(quiz.title, quiz.title_en)).replace("/", "-")
    return download(content, f"{name}.xlsx", XLSX)


@blueprint.get("/quizzes/<int:quiz_id>/analysis/questions/<int:question_id>")
@requires(Permission.RESULTS)
def analysis_item(quiz_id: int, question_id: int) -> str:
    """One question: its figures, what they ask for, what was chosen."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    answers = analysing.answers_of(quiz)
    asked = analysing.get_asked(answers, quiz, question_id)
    report = analyse(answers.responses) if answers.responses is not None else None
    rows = item_rows(answers, report) if report else []
    tables = analysing.options_of(answers, question_id)
    return render_template(
        "quizzes/analysis_item.html",
        quiz=quiz,
        asked=asked,
        row=next((row for row in rows if row.asked == asked), None),
        refusals=_refusals(report) if report else {},
        tables=[(one, option_findings(one.table, {part.key for part in one.parts if part.right})) for one in tables],
        findings=FINDINGS,
        option_findings=OPTION_FINDINGS,
        plain=plain,
    )


def _order() -> Order:
    wanted = request.args.get("order", "")
    return Order(wanted) if wanted in set(Order) else Order.NUMBER


def _refusals(report: Report) -> dict[str, str]:
    parts: dict[str, Part[Any]] = {
        "classical": report.classical,
        "rasch": report.rasch,
        "two_parameter": report.two_parameter,
    }
    return {name: explain(part.refusal) for name, part in parts.items() if part.refusal is not None}
