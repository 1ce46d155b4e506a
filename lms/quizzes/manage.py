"""Quizzes for those who run them: rules, questions, preview, publication, results."""

from flask import Response, flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import clock
from lms.core.access import requires
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _, explain
from lms.core.permissions import Permission
from lms.core.web import XLSX, download, see
from lms.quizzes import outcomes, papers, policy, queries, results, taking
from lms.quizzes.labels import GRADE_POLICIES, SHOW_RULES, STATES
from lms.quizzes.models import Quiz
from lms.quizzes.pages import blueprint
from lms.quizzes.rule_forms import NewQuizForm, RulesForm
from lms.quizzes.sheets import results_sheet
from lms.quizzes.views import shown_paper


@blueprint.get("/quizzes/")
@requires(Permission.RESULTS)
def index() -> str:
    """The quizzes one writes or sees results of."""
    text = request.args.get("q", "")
    page = queries.quiz_page(current_user, text, request.args.get("page", 1, int))
    return render_template("quizzes/index.html", page=page, q=text)


@blueprint.get("/quizzes/new")
@blueprint.post("/quizzes/new")
@requires(Permission.QUESTIONS)
def new_quiz() -> str | BaseResponse | tuple[str, int]:
    """Create a quiz; its questions are chosen next."""
    form = NewQuizForm()
    units = {unit.id: unit for unit in queries.units_to_write_for(current_user)}
    form.offer(units.values())
    if form.validate_on_submit():
        try:
            made = papers.create_quiz(current_user, units[form.unit_id.data], form.rules())
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã tạo bài kiểm tra, còn là bản nháp. Giờ chọn câu hỏi."), "ok")
            return see(url_for("quizzes.items", quiz_id=made.id))
    page = render_template("quizzes/rules.html", form=form, quiz=None)
    return (page, 422) if form.is_submitted() else page


@blueprint.get("/quizzes/<int:quiz_id>/management")
@requires(Permission.QUESTIONS)
def manage(quiz_id: int) -> str:
    """One quiz: what it is, what is left to do."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    return _manage_page(quiz)


@blueprint.get("/quizzes/<int:quiz_id>/rules")
@blueprint.post("/quizzes/<int:quiz_id>/rules")
@requires(Permission.QUESTIONS)
def rules(quiz_id: int) -> str | BaseResponse | tuple[str, int]:
    """Change the rules."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    if quiz.from_files:
        raise NotFound
    form = RulesForm.of(quiz)
    if form.validate_on_submit():
        try:
            papers.set_rules(quiz, form.rules())
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lưu quy tắc. Lượt đang làm giữ giờ nộp đã định."), "ok")
            return see(url_for("quizzes.manage", quiz_id=quiz.id))
    page = render_template("quizzes/rules.html", form=form, quiz=quiz)
    return (page, 422) if form.is_submitted() else page


@blueprint.get("/quizzes/<int:quiz_id>/questions")
@requires(Permission.QUESTIONS)
def items(quiz_id: int) -> str:
    """The questions in order, and those that may be added."""
    return _items_page(queries.get_managed_quiz(current_user, quiz_id))


@blueprint.post("/quizzes/<int:quiz_id>/questions")
@requires(Permission.QUESTIONS)
def change_items(quiz_id: int) -> BaseResponse | tuple[str, int]:
    """Add, remove, move questions, or set their points, as the pressed button says."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    try:
        _change(quiz, request.form.get("act", "points"))
    except RuleBroken as refusal:
        return _items_page(quiz, refusal), 422
    bank, text, page = (request.args.get(name) or None for name in ("bank", "q", "page"))
    return see(url_for("quizzes.items", quiz_id=quiz.id, bank=bank, q=text, page=page))


@blueprint.post("/quizzes/<int:quiz_id>/publication")
@requires(Permission.QUESTIONS)
def publish(quiz_id: int) -> BaseResponse | tuple[str, int]:
    """Open it to those admitted."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    try:
        papers.publish(current_user, quiz)
    except RuleBroken as refusal:
        return _manage_page(quiz, refusal), 422
    flash(_("Đã công bố bài kiểm tra."), "ok")
    return see(url_for("quizzes.manage", quiz_id=quiz.id))


@blueprint.post("/quizzes/<int:quiz_id>/withdrawal")
@requires(Permission.QUESTIONS)
def withdraw(quiz_id: int) -> BaseResponse | tuple[str, int]:
    """Make it a draft again."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    try:
        papers.withdraw(current_user, quiz)
    except RuleBroken as refusal:
        return _manage_page(quiz, refusal), 422
    flash(_("Bài trở lại bản nháp. Kết quả đã có vẫn giữ."), "ok")
    return see(url_for("quizzes.manage", quiz_id=quiz.id))


@blueprint.post("/quizzes/<int:quiz_id>/preview")
@requires(Permission.QUESTIONS)
def preview(quiz_id: int) -> BaseResponse | tuple[str, int]:
    """Take it as a trainee would; never counted."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    try:
        attempt = taking.start(current_user, quiz, preview=True)
    except RuleBroken as refusal:
        return _manage_page(quiz, refusal), 422
    return see(url_for("quizzes.attempt", attempt_id=attempt.id))


@blueprint.get("/quizzes/<int:quiz_id>/results", endpoint="results")
@requires(Permission.RESULTS)
def result_table(quiz_id: int) -> str:
    """Attempts and the class in figures."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    view = _view()
    return render_template(
        "quizzes/results.html",
        quiz=quiz,
        view=view,
        page=results.result_page(quiz, view, request.args.get("page", 1, int)),
        figures=results.figures(quiz),
        states=STATES,
        may_write=policy.may_write(current_user, quiz),
    )


@blueprint.get("/quizzes/<int:quiz_id>/results.xlsx")
@requires(Permission.RESULTS)
def results_file(quiz_id: int) -> Response:
    """The table as on the screen, all pages, as .xlsx."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    content = results_sheet(quiz, results.all_results(quiz, _view()))
    name = _("Kết quả %(title)s", title=quiz.title).replace("/", "-")
    return download(content, f"{name}.xlsx", XLSX)


@blueprint.get("/quizzes/<int:quiz_id>/results/<int:attempt_id>")
@requires(Permission.RESULTS)
def attempt_detail(quiz_id: int, attempt_id: int) -> str:
    """One attempt with every answer."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    attempt = queries.get_attempt_of(quiz, attempt_id)
    outcome = outcomes.outcome_of(attempt, clock.now())
    questions = shown_paper(attempt, outcome) if outcome else []
    answered = sum(item.answer is not None for item in attempt.items)
    return render_template(
        "quizzes/attempt_detail.html",
        quiz=quiz,
        attempt=attempt,
        outcome=outcome,
        questions=questions,
        answered=answered,
    )


def _view() -> results.View:
    order = results.Order.SCORE if request.args.get("order") == "score" else results.Order.NAME
    return results.View(request.args.get("q", ""), order, request.args.get("counted") == "1")


def _manage_page(quiz: Quiz, refusal: RuleBroken | None = None) -> str:
    return render_template(
        "quizzes/manage.html",
        quiz=quiz,
        questions=len(quiz.items),
        points=quiz.max_score,
        figures=results.figures(quiz),
        show_rules=SHOW_RULES,
        grade_policies=GRADE_POLICIES,
        refusal=explain(refusal) if refusal else None,
        may_see_results=policy.may_see_results(current_user, quiz),
    )


def _items_page(quiz: Quiz, refusal: RuleBroken | None = None) -> str:
    banks = queries.bank_choices(current_user)
    bank_id = request.args.get("bank", banks[0].id if banks else 0, int)
    text = request.args.get("q", "")
    return render_template(
        "quizzes/items.html",
        quiz=quiz,
        rows=queries.items_of(quiz),
        banks=banks,
        bank_id=bank_id,
        q=text,
        page=queries.questions_to_choose(current_user, quiz, bank_id, text, request.args.get("page", 1, int)),
        refusal=explain(refusal) if refusal else None,
        wrong_field=refusal.field if refusal else None,
    )


def _change(quiz: Quiz, act: str) -> None:
    verb, _dash, number = act.partition("-")
    item_id = int(number) if number.isdecimal() else 0
    if verb == "add":
        chosen = [int(one) for one in request.form.getlist("question") if one.isdecimal()]
        count = papers.add_items(quiz, queries.chosen_questions(current_user, chosen))
        if not count:
            raise RuleBroken(papers.NOTHING_CHOSEN, code="nothing-chosen")
        flash(_("Đã thêm %(n)s câu.", n=count), "ok")
    elif verb == "remove":
        papers.remove_item(quiz, item_id)
    elif verb in {"up", "down"}:
        papers.move_item(quiz, item_id, -1 if verb == "up" else 1)
    else:
        papers.set_points(quiz, _points())
        flash(_("Đã lưu điểm từng câu."), "ok")


def _points() -> dict[int, int]:
    typed = {name.removeprefix("points-"): value for name, value in request.form.items() if name.startswith("points-")}
    return {
        int(item_id): int(value) if value.isdecimal() and len(value) < 6 else 0
        for item_id, value in typed.items()
        if item_id.isdecimal()
    }
