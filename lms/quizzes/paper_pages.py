"""The paper of a quiz for those who write it: questions, sections, the blueprint, a look at one drawn paper."""

from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import rich_text
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken, RulesBroken, each
from lms.core.i18n import _, explain
from lms.core.permissions import Permission
from lms.core.web import see
from lms.quizzes import blueprints, drawing, papers, queries, sections
from lms.quizzes.blueprints import COLUMNS, Scope
from lms.quizzes.labels import DIFFICULTIES, KINDS
from lms.quizzes.models import Difficulty, QuestionKind, Quiz, QuizDraw, QuizSection
from lms.quizzes.pages import blueprint
from lms.quizzes.paper_forms import SectionForm

Refusal = RuleBroken | RulesBroken
HIGHEST_SEED = 999_999
"""The highest number of a sample or printed paper."""


@blueprint.get("/quizzes/<int:quiz_id>/questions")
@requires(Permission.QUESTIONS)
def items(quiz_id: int) -> str:
    """The paper part by part, and the questions that may be added."""
    return _items_page(queries.get_managed_quiz(current_user, quiz_id))


@blueprint.post("/quizzes/<int:quiz_id>/questions")
@requires(Permission.QUESTIONS)
def change_items(quiz_id: int) -> BaseResponse | tuple[str, int]:
    """Add, remove, move questions and sections, or set points, as the pressed button says."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    try:
        _change(quiz, request.form.get("act", "points"))
    except (RuleBroken, RulesBroken) as refusal:
        session().rollback()
        return _items_page(queries.get_managed_quiz(current_user, quiz_id), refusal), 422
    bank, text, page = (request.args.get(name) or None for name in ("bank", "q", "page"))
    return see(url_for("quizzes.items", quiz_id=quiz.id, bank=bank, q=text, page=page))


@blueprint.route("/quizzes/<int:quiz_id>/sections/new", methods=["GET", "POST"])
@requires(Permission.QUESTIONS)
def new_section(quiz_id: int) -> str | BaseResponse | tuple[str, int]:
    """Add a section."""
    return _section_page(queries.get_managed_quiz(current_user, quiz_id), None)


@blueprint.route("/quizzes/<int:quiz_id>/sections/<int:section_id>", methods=["GET", "POST"])
@requires(Permission.QUESTIONS)
def section(quiz_id: int, section_id: int) -> str | BaseResponse | tuple[str, int]:
    """Change what stands above a section."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    return _section_page(quiz, sections.get(quiz, section_id))


@blueprint.route("/quizzes/<int:quiz_id>/blueprint", methods=["GET", "POST"], endpoint="draws")
@requires(Permission.QUESTIONS)
def blueprint_page(quiz_id: int) -> str | BaseResponse | tuple[str, int]:
    """How many questions to draw of each topic and degree, over what a bank has."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    if quiz.from_files:
        raise NotFound
    scope = _scope(quiz)
    if request.method == "GET" or scope is None:
        return _grid_page(quiz, scope)
    topics = _topics()
    try:
        blueprints.fill(quiz, scope, _counts(topics), _worths())
    except (RuleBroken, RulesBroken) as refusal:
        session().rollback()
        return _grid_page(queries.get_managed_quiz(current_user, quiz_id), scope, refusal), 422
    flash(_("Đã lưu ma trận: rút %(n)s câu.", n=sum(line.count for line in quiz.draws)), "ok")
    return see(url_for("quizzes.items", quiz_id=quiz.id))


@blueprint.get("/quizzes/<int:quiz_id>/sample")
@requires(Permission.QUESTIONS)
def sample(quiz_id: int) -> str:
    """One paper as a seed draws it; nothing is written."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    seed = min(max(request.args.get("seed", 1, int), 1), HIGHEST_SEED)
    paper = drawing.in_order(drawing.paper_of(quiz, None, seed), seed, quiz.shuffle)
    return render_template(
        "quizzes/sample.html",
        quiz=quiz,
        seed=seed,
        highest=HIGHEST_SEED,
        paper=paper,
        questions=drawing.questions_of(paper),
        points=sum(points for _version, points, _section_id in paper),
        sections={one.id: one for one in quiz.sections},
        plain=rich_text.plain,
        kinds=KINDS,
        short=drawing.shortfalls(quiz),
    )


@dataclass(frozen=True)
class Part:
    """A section, or what stands before all, with its rows (item, question, version) and lines."""

    section: QuizSection | None
    rows: list[Any]
    lines: list[QuizDraw]


def _parts(quiz: Quiz) -> list[Part]:
    rows = queries.items_of(quiz)
    wanted: list[QuizSection | None] = [None, *quiz.sections]
    found = []
    for one in wanted:
        section_id = one.id if one else None
        found.append(
            Part(
                one,
                [row for row in rows if row[0].section_id == section_id],
                [line for line in quiz.draws if line.section_id == section_id],
            )
        )
    return [part for part in found if part.section or part.rows or part.lines or not quiz.sections]


def _items_page(quiz: Quiz, refusal: Refusal | None = None) -> str:
    banks = queries.bank_choices(current_user)
    bank_id = request.args.get("bank", banks[0].id if banks else 0, int)
    text = request.args.get("q", "")
    refusals = each(refusal) if refusal else []
    return render_template(
        "quizzes/items.html",
        quiz=quiz,
        parts=_parts(quiz),
        numbers={line.id: number for number, (line, _place) in enumerate(drawing.draws_of(quiz), 1)},
        available=drawing.available(quiz.draws) if quiz.draws else {},
        short=drawing.shortfalls(quiz),
        banks=banks,
        bank_titles={bank.id: bank for bank in banks},
        bank_id=bank_id,
        q=text,
        plain=rich_text.plain,
        difficulties=DIFFICULTIES,
        kinds=KINDS,
        page=queries.questions_to_choose(current_user, quiz, bank_id, text, request.args.get("page", 1, int)),
        refusals=[(explain(one), f"#{one.field}" if one.field else None) for one in refusals],
    )


def _change(quiz: Quiz, act: str) -> None:
    verb, _dash, number = act.rpartition("-")
    some_id = int(number) if number.isdecimal() else 0
    if act == "add":
        _add(quiz)
    elif verb == "remove":
        papers.remove_item(quiz, some_id)
    elif verb in {"up", "down"}:
        papers.move_item(quiz, some_id, -1 if verb == "up" else 1)
    elif verb == "draw-remove":
        blueprints.remove(quiz, some_id)
    elif verb == "section-remove":
        sections.remove(quiz, some_id)
        flash(_("Đã bỏ phần; các câu của phần vẫn ở trong bài, trước mọi phần."), "ok")
    elif verb in {"section-up", "section-down"}:
        sections.move(quiz, some_id, -1 if verb == "section-up" else 1)
    else:
        papers.set_points(quiz, _points())
        for item_id, section_id in _places().items():
            sections.place(quiz, papers.get_item(quiz, item_id), section_id)
        flash(_("Đã lưu điểm và phần của từng câu."), "ok")


def _add(quiz: Quiz) -> None:
    chosen = [int(one) for one in request.form.getlist("question") if one.isdecimal()]
    section_id = request.form.get("into", type=int)
    into = sections.get(quiz, section_id).id if section_id else None
    count = papers.add_items(quiz, queries.chosen_questions(current_user, chosen), into)
    if not count:
        raise RuleBroken(papers.NOTHING_CHOSEN, code="nothing-chosen")
    flash(_("Đã thêm %(n)s câu.", n=count), "ok")


def _points() -> dict[int, int]:
    return {item_id: _number(value) for item_id, value in _typed("points-").items()}


def _places() -> dict[int, int | None]:
    return {item_id: int(value) if value.isdecimal() else None for item_id, value in _typed("section-").items()}


def _typed(prefix: str) -> dict[int, str]:
    """Values of the fields named by this and an id."""
    named = {name.removeprefix(prefix): value for name, value in request.form.items() if name.startswith(prefix)}
    return {int(some_id): value for some_id, value in named.items() if some_id.isdecimal()}


def _number(value: str) -> int:
    """A small whole number; -1 where it is none."""
    return int(value) if value.isdecimal() and len(value) < 6 else -1


def _section_page(quiz: Quiz, one: QuizSection | None) -> str | BaseResponse | tuple[str, int]:
    if quiz.from_files:
        raise NotFound
    form = SectionForm.of(one)
    if form.validate_on_submit():
        if one is None:
            sections.add(quiz, form.heading())
        else:
            sections.change(one, form.heading())
        return see(url_for("quizzes.items", quiz_id=quiz.id))
    page = render_template("quizzes/section.html", quiz=quiz, section=one, form=form)
    return (page, 422) if form.is_submitted() else page


def _scope(quiz: Quiz) -> Scope | None:
    """The grid that the address names; its bank must be one of the account's. None where there is no bank."""
    banks = queries.bank_choices(current_user)
    if not banks:
        return None
    bank_id = request.args.get("bank", banks[0].id, int)
    if bank_id not in {bank.id for bank in banks}:
        raise NotFound
    section_id = request.args.get("section", type=int)
    kind = request.args.get("kind", "")
    return Scope(
        bank_id=bank_id,
        section_id=sections.get(quiz, section_id).id if section_id else None,
        category=request.args.get("category", "")[:300],
        tag=request.args.get("tag", "")[:60],
        kind=QuestionKind(kind) if kind in set(QuestionKind) else None,
    )


def _topics() -> dict[int, str]:
    """The topics of the rows, by their number on the page."""
    return {number: topic[:80] for number, topic in _typed("topic-").items()}


def _counts(topics: dict[int, str]) -> dict[blueprints.Place, int]:
    found: dict[blueprints.Place, int] = {}
    for number, topic in topics.items():
        for degree in COLUMNS:
            value = request.form.get(f"count-{number}-{degree or 'any'}", "").strip()
            found[topic, degree] = _number(value) if value else 0
    return found


def _worths() -> dict[Difficulty | None, int]:
    return {degree: _number(request.form.get(f"points-{degree or 'any'}", "1").strip() or "1") for degree in COLUMNS}


def _grid_page(quiz: Quiz, scope: Scope | None, refusal: Refusal | None = None) -> str:
    fields = {topic: number for number, topic in _topics().items()} if refusal else {}
    return render_template(
        "quizzes/blueprint.html",
        quiz=quiz,
        scope=scope,
        grid=blueprints.grid(quiz, scope) if scope else None,
        banks=queries.bank_choices(current_user),
        categories=blueprints.categories(scope.bank_id) if scope else [],
        tags=blueprints.tags(scope.bank_id) if scope else [],
        columns=COLUMNS,
        difficulties=DIFFICULTIES,
        kinds=KINDS,
        typed=request.form if refusal else {},
        fields=fields,
        refusals=[(explain(one), _cell_of(one, fields)) for one in each(refusal)] if refusal else [],
    )


def _cell_of(refusal: RuleBroken, fields: dict[str, int]) -> str | None:
    """Where on the page the refused cell stands."""
    verb, _dash, rest = (refusal.field or "").partition("-")
    topic, _dash, degree = rest.rpartition("-")
    if verb == "points":
        return f"#points-{rest}"
    return f"#count-{fields[topic]}-{degree}" if verb == "count" and topic in fields else None
