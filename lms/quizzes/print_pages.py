"""A quiz on paper, for places without devices: question papers by code, answer sheets and the key as PDF."""

from flask import Response, render_template, request, url_for
from flask_login import current_user

from lms.core.access import requires
from lms.core.errors import NotFound
from lms.core.i18n import _
from lms.core.pdf import TextDoesNotFit
from lms.core.permissions import Permission
from lms.core.web import download
from lms.quizzes import drawing, printing, queries
from lms.quizzes.models import Quiz
from lms.quizzes.pages import blueprint
from lms.quizzes.paper_pages import HIGHEST_SEED
from lms.quizzes.print_papers import FIRST_CODE, MOST_CODES, papers_for

PDF = "application/pdf"
_DRAWN = {
    "papers": printing.draw_papers,
    "answer-sheets": printing.draw_sheets,
    "key": printing.draw_keys,
}


@blueprint.get("/quizzes/<int:quiz_id>/print")
@requires(Permission.QUESTIONS)
def print_papers(quiz_id: int) -> str:
    """How many codes, drawn by which number; then three files."""
    return _page(queries.get_managed_quiz(current_user, quiz_id))


@blueprint.get("/quizzes/<int:quiz_id>/print/<any('papers', 'answer-sheets', 'key'):what>.pdf")
@requires(Permission.QUESTIONS)
def print_file(quiz_id: int, what: str) -> Response | tuple[str, int]:
    """One of the three files."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    codes, seed = _codes(), _seed()
    papers = papers_for(quiz, codes, seed)
    if not papers[0].questions:
        raise NotFound
    try:
        content = _DRAWN[what](papers)
    except TextDoesNotFit as error:
        return _page(quiz, error), 422
    words = {"papers": _("Đề"), "answer-sheets": _("Phiếu trả lời"), "key": _("Đáp án")}
    last = FIRST_CODE + codes - 1
    name = f"{words[what]} {quiz.title} {FIRST_CODE}-{last} ({seed})".replace("/", "-")
    return download(content, f"{name}.pdf", PDF)


def _page(quiz: Quiz, error: TextDoesNotFit | None = None) -> str:
    codes, seed = _codes(), _seed()
    return render_template(
        "quizzes/print.html",
        quiz=quiz,
        codes=codes,
        most_codes=MOST_CODES,
        first=FIRST_CODE,
        last=FIRST_CODE + codes - 1,
        seed=seed,
        highest=HIGHEST_SEED,
        questions=queries.question_count(quiz),
        short=drawing.shortfalls(quiz),
        back=url_for("quizzes.manage", quiz_id=quiz.id),
        unprintable=error,
    )


def _codes() -> int:
    return min(max(request.args.get("codes", 4, int), 1), MOST_CODES)


def _seed() -> int:
    return min(max(request.args.get("seed", 1, int), 1), HIGHEST_SEED)
