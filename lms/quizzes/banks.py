"""Banks and their questions, for those who write them."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core.access import requires
from lms.core.errors import NotFound, RuleBroken, RulesBroken
from lms.core.i18n import _, explain
from lms.core.permissions import Permission
from lms.core.web import see
from lms.quizzes import queries, service, showing
from lms.quizzes.forms import BankForm, BankTitleForm, QuestionForm
from lms.quizzes.kinds.choice import MOST_OPTIONS
from lms.quizzes.labels import DIFFICULTIES, KINDS
from lms.quizzes.models import Difficulty, Question, QuestionBank, QuestionKind
from lms.quizzes.pages import blueprint
from lms.quizzes.wording import advice

REARRANGING = ("add", "remove-", "up-", "down-")


@blueprint.get("/question-banks/")
@requires(Permission.QUESTIONS)
def banks() -> str:
    """The banks one may write in."""
    text = request.args.get("q", "")
    page = queries.bank_page(current_user, text, request.args.get("page", 1, int))
    return render_template("quizzes/banks.html", page=page, q=text)


@blueprint.get("/question-banks/new")
@blueprint.post("/question-banks/new")
@requires(Permission.QUESTIONS)
def new_bank() -> str | BaseResponse | tuple[str, int]:
    """Create a bank."""
    form = BankForm()
    units = {unit.id: unit for unit in queries.units_to_write_for(current_user)}
    form.offer(units.values())
    if form.validate_on_submit():
        made = service.create_bank(current_user, units[form.unit_id.data], form.title.data, form.title_en.data)
        flash(_("Đã tạo ngân hàng. Viết câu hỏi đầu tiên được rồi."), "ok")
        return see(url_for("quizzes.bank", bank_id=made.id))
    return _form_page("quizzes/bank_form.html", form, bank=None)


@blueprint.get("/question-banks/<int:bank_id>")
@requires(Permission.QUESTIONS)
def bank(bank_id: int) -> str:
    """A bank's questions, searched and narrowed."""
    found = queries.get_bank(current_user, bank_id)
    wanted = queries.QuestionFilter(
        text=request.args.get("q", ""),
        topic=request.args.get("topic", ""),
        difficulty=_member(Difficulty, request.args.get("difficulty")),
        kind=_member(QuestionKind, request.args.get("kind")),
        retired=request.args.get("retired") == "1",
    )
    page = queries.question_page(found, wanted, request.args.get("page", 1, int))
    return render_template(
        "quizzes/bank.html",
        bank=found,
        page=page,
        wanted=wanted,
        topics=queries.topics(found),
        kinds=KINDS,
        difficulties=DIFFICULTIES,
    )


@blueprint.get("/question-banks/<int:bank_id>/title")
@blueprint.post("/question-banks/<int:bank_id>/title")
@requires(Permission.QUESTIONS)
def bank_title(bank_id: int) -> str | BaseResponse | tuple[str, int]:
    """Change a bank's titles."""
    found = queries.get_bank(current_user, bank_id)
    form = BankTitleForm.of(found)
    if form.validate_on_submit():
        try:
            service.rename_bank(found, form.title.data, form.title_en.data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lưu tên ngân hàng."), "ok")
            return see(url_for("quizzes.bank", bank_id=found.id))
    return _form_page("quizzes/bank_form.html", form, bank=found)


@blueprint.get("/question-banks/<int:bank_id>/questions/new")
@blueprint.post("/question-banks/<int:bank_id>/questions/new")
@requires(Permission.QUESTIONS)
def new_question(bank_id: int) -> str | BaseResponse | tuple[str, int]:
    """Write a question: first its kind, then its words."""
    found = queries.get_bank(current_user, bank_id)
    kind = _member(QuestionKind, request.args.get("kind"))
    if kind is None:
        return render_template("quizzes/kinds.html", bank=found, kinds=KINDS)
    form = QuestionForm.blank(kind)
    if request.method == "GET":
        form.topic.data = request.args.get("topic", "")
    act = request.form.get("act", "save")
    if _is_saving(form, act):
        try:
            made = service.add_question(found, form.words(kind), form.labels())
        except (RuleBroken, RulesBroken) as refusal:
            form.refuse(refusal)
        else:
            return _after_saving(made, act)
    return _question_page(form, act, found, kind, None)


@blueprint.get("/questions/<int:question_id>")
@requires(Permission.QUESTIONS)
def question(question_id: int) -> str:
    """A question as a learner sees it, what is right, where it is asked, what could be better."""
    found = queries.get_question(current_user, question_id)
    version = service.current_version(found)
    return render_template(
        "quizzes/question.html",
        question=found,
        bank=found.bank,
        version=version,
        shown=showing.shown_version(version, showing.cited_documents([version])),
        quizzes=queries.quizzes_asking(found),
        advice=[_(message) for message in advice(version)],
        kinds=KINDS,
        difficulties=DIFFICULTIES,
    )


@blueprint.get("/questions/<int:question_id>/words")
@blueprint.post("/questions/<int:question_id>/words")
@requires(Permission.QUESTIONS)
def edit_question(question_id: int) -> str | BaseResponse | tuple[str, int]:
    """Change a question's words."""
    found = queries.get_question(current_user, question_id)
    version = service.current_version(found)
    kind = QuestionKind(version.kind)
    form = QuestionForm.of(found, version)
    act = request.form.get("act", "save")
    if _is_saving(form, act):
        try:
            service.edit_question(found, form.words(kind), form.labels())
        except (RuleBroken, RulesBroken) as refusal:
            form.refuse(refusal)
        else:
            return _after_saving(found, act)
    return _question_page(form, act, found.bank, kind, found)


@blueprint.post("/questions/<int:question_id>/retirement")
@requires(Permission.QUESTIONS)
def retire(question_id: int) -> BaseResponse:
    """Offer the question to no new quiz."""
    found = queries.get_question(current_user, question_id)
    try:
        service.retire(current_user, found)
        flash(_("Đã cất câu hỏi. Bài mới không chọn được câu này nữa."), "ok")
    except RuleBroken as refusal:
        flash(explain(refusal), "bad")
    return see(url_for("quizzes.question", question_id=found.id))


@blueprint.post("/questions/<int:question_id>/restoration")
@requires(Permission.QUESTIONS)
def restore(question_id: int) -> BaseResponse:
    """Offer it again."""
    found = queries.get_question(current_user, question_id)
    service.restore(found)
    flash(_("Câu hỏi lại dùng được cho bài mới."), "ok")
    return see(url_for("quizzes.question", question_id=found.id))


def _is_saving(form: QuestionForm, act: str) -> bool:
    """Whether a well-formed form asks to be stored; a button that rearranges options is carried out here instead."""
    if not form.is_submitted():
        return False
    if act.startswith(REARRANGING):
        form.rearrange(act)
        return False
    return bool(form.validate()) and act.startswith("save")


def _after_saving(found: Question, act: str) -> BaseResponse:
    flash(_("Đã lưu câu %(key)s.", key=found.key), "ok")
    if act == "save-next":
        url = url_for("quizzes.new_question", bank_id=found.bank_id, kind=found.kind, topic=found.topic or None)
        return see(url)
    return see(url_for("quizzes.question", question_id=found.id))


def _question_page(
    form: QuestionForm, act: str, bank: QuestionBank, kind: QuestionKind, question: Question | None
) -> str | tuple[str, int]:
    if bank.from_files:
        raise NotFound
    return _form_page(
        "quizzes/question_form.html",
        form,
        bank=bank,
        question=question,
        kind=kind,
        kinds=KINDS,
        topics=queries.topics(bank),
        most_options=MOST_OPTIONS,
        moved=act if form.is_submitted() and act.startswith(REARRANGING) else None,
    )


def _form_page(template: str, form: Any, **values: Any) -> str | tuple[str, int]:
    page = render_template(template, form=form, **values)
    return (page, 422) if form.is_submitted() else page


def _member(kind: Any, value: str | None) -> Any:
    return kind(value) if value in set(kind) else None
