"""Quizzes for those who run them: rules, questions, preview, publication, results."""

from flask import Response, flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import clock
from lms.core.access import requires
from lms.core.errors import NotFound, RuleBroken, RulesBroken, each
from lms.core.i18n import _, explain
from lms.core.permissions import Permission
from lms.core.web import XLSX, download, see
from lms.quizzes import (
    accommodations,
    appeals,
    blueprints,
    drawing,
    judging,
    outcomes,
    papers,
    policy,
    queries,
    results,
    taking,
)
from lms.quizzes.labels import GRADE_POLICIES, SHOW_FROM, SHOW_RULES, STATES
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
    form = RulesForm.of(quiz, essays=blueprints.may_ask_essay(quiz), draws=bool(quiz.draws))
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


@blueprint.post("/quizzes/<int:quiz_id>/publication")
@requires(Permission.QUESTIONS)
def publish(quiz_id: int) -> BaseResponse | tuple[str, int]:
    """Open it to those admitted."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    try:
        papers.publish(current_user, quiz)
    except (RuleBroken, RulesBroken) as refusal:
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
        essays=judging.queue_of(current_user, quiz).mine,
        appeals=appeals.count_open(quiz),
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


def _manage_page(quiz: Quiz, refusal: RuleBroken | RulesBroken | None = None) -> str:
    return render_template(
        "quizzes/manage.html",
        quiz=quiz,
        questions=queries.question_count(quiz),
        drawn=sum(line.count for line in quiz.draws),
        short=drawing.shortfalls(quiz),
        points=quiz.max_score,
        figures=results.figures(quiz),
        allowed=accommodations.count(quiz),
        essays=blueprints.may_ask_essay(quiz),
        show_rules=SHOW_RULES,
        show_from=SHOW_FROM,
        grade_policies=GRADE_POLICIES,
        refusals=[(explain(one), None) for one in each(refusal)] if refusal else [],
        may_see_results=policy.may_see_results(current_user, quiz),
    )
