"""Questions, for those who write them: written, looked at, changed, retired; what each said before."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import rich_text
from lms.core.access import requires
from lms.core.db import keep_despite_refusal, session
from lms.core.errors import NotFound, RuleBroken, RulesBroken
from lms.core.i18n import _, explain
from lms.core.permissions import Permission
from lms.core.web import see
from lms.quizzes import bank_queries, figures, previewing, queries, service, showing, twice_queries
from lms.quizzes.labels import DIFFICULTIES, KIND_HINTS, KINDS
from lms.quizzes.models import Question, QuestionBank, QuestionKind
from lms.quizzes.pages import blueprint
from lms.quizzes.question_forms import FORMS
from lms.quizzes.question_forms.base import REARRANGING, QuestionForm
from lms.quizzes.question_forms.zones import HotspotForm
from lms.quizzes.wording import advice, changed

KEPT = ("topic", "category", "difficulty")
"""What the next question is filed under like the one before."""


@blueprint.get("/question-banks/<int:bank_id>/questions/new")
@blueprint.post("/question-banks/<int:bank_id>/questions/new")
@requires(Permission.QUESTIONS)
def new_question(bank_id: int) -> str | BaseResponse | tuple[str, int]:
    """Write a question: first its kind, then its words."""
    bank = _writable(bank_id)
    kind = _kind()
    if kind is None:
        return render_template("quizzes/kinds.html", bank=bank, kinds=KINDS, hints=KIND_HINTS)
    form = FORMS[kind].blank(**{name: request.args[name] for name in KEPT if request.args.get(name)})
    return _written(form, bank, None)


@blueprint.post("/question-banks/<int:bank_id>/questions/preview")
@requires(Permission.QUESTIONS)
def preview_question(bank_id: int) -> str:
    """The question in the form as a learner would see it: a part of a page, for the editor's script."""
    bank = _writable(bank_id)
    kind = _kind()
    if kind is None:
        raise NotFound
    return _preview(FORMS[kind](), bank)


@blueprint.get("/questions/<int:question_id>")
@requires(Permission.QUESTIONS)
def question(question_id: int) -> str:
    """A question as a learner sees it, what is right, where it is asked, what could be better."""
    found = queries.get_question(current_user, question_id)
    version = service.current_version(found)
    documents = showing.cited_documents([version])
    hints = [_(message) for message in advice(version)]
    unknown = [cite for cite in version.cites if cite.partition(" ")[0] not in documents]
    hints += [
        _("Chưa có văn bản “%(cite)s” trong kho văn bản: người học không mở ra xem được.", cite=c) for c in unknown
    ]
    return render_template(
        "quizzes/question.html",
        question=found,
        bank=found.bank,
        version=version,
        shown=showing.shown_version(version, documents),
        quizzes=queries.quizzes_asking(found),
        versions=_with_changes(bank_queries.versions_of(found)),
        plain=rich_text.plain,
        usage=bank_queries.usage([found.id]).get(found.id),
        alike=twice_queries.alike(current_user, found),
        advice=hints,
        kinds=KINDS,
        difficulties=DIFFICULTIES,
    )


@blueprint.get("/questions/<int:question_id>/words")
@blueprint.post("/questions/<int:question_id>/words")
@requires(Permission.QUESTIONS)
def edit_question(question_id: int) -> str | BaseResponse | tuple[str, int]:
    """Change a question's words."""
    found = queries.get_question(current_user, question_id)
    if found.bank.from_files:
        raise NotFound
    version = service.current_version(found)
    return _written(FORMS[QuestionKind(version.kind)].of(found, version), found.bank, found)


@blueprint.post("/questions/<int:question_id>/retirement")
@requires(Permission.QUESTIONS)
def retire(question_id: int) -> BaseResponse:
    """Offer the question to no new quiz."""
    found = queries.get_question(current_user, question_id)
    try:
        service.retire(current_user, found)
        flash(_("Đã cất câu hỏi. Bài mới không chọn được câu này nữa."), "ok")
    except RuleBroken as refusal:
        session().rollback()
        flash(explain(refusal), "bad")
    return see(url_for("quizzes.question", question_id=question_id))


@blueprint.post("/questions/<int:question_id>/restoration")
@requires(Permission.QUESTIONS)
def restore(question_id: int) -> BaseResponse:
    """Offer it again."""
    found = queries.get_question(current_user, question_id)
    service.restore(found)
    flash(_("Câu hỏi lại dùng được cho bài mới."), "ok")
    return see(url_for("quizzes.question", question_id=found.id))


def _with_changes(rows: Sequence[Any]) -> list[tuple[Any, int, list[tuple[str, str, str]] | None]]:
    """Each version (the newest first) with what it changed: name of the part, words before, words after."""
    found: list[tuple[Any, int, list[tuple[str, str, str]] | None]] = []
    for place, (version, seen) in enumerate(rows):
        before = rows[place + 1][0] if place + 1 < len(rows) else None
        changes = [(_(name), old, new) for name, old, new in changed(before, version)] if before else None
        found.append((version, seen, changes))
    return found


def _writable(bank_id: int) -> QuestionBank:
    bank = queries.get_bank(current_user, bank_id)
    if bank.from_files:
        raise NotFound
    return bank


def _kind() -> QuestionKind | None:
    value = request.args.get("kind", "")
    return QuestionKind(value) if value in set(QuestionKind) else None


def _written(form: QuestionForm, bank: QuestionBank, question: Question | None) -> str | BaseResponse | tuple[str, int]:
    """Answer a form: store the question, or carry out the pressed button and show the form again."""
    act = request.form.get("act", "save")
    if not form.is_submitted():
        return _page(form, bank, question)
    if act.startswith(REARRANGING):
        return _page(form.rearranged(act), bank, question, moved=act), 422
    if not _take_figures(form, insert=act == "figure") or not act.startswith("save"):
        return _page(form, bank, question), 422
    if form.validate():
        try:
            form = form.unfolded()
            made = _store(form, bank, question)
        except (RuleBroken, RulesBroken) as refusal:
            form.refuse(refusal)
        else:
            return _after_saving(made, act)
    return _page(form, bank, question), 422


def _store(form: QuestionForm, bank: QuestionBank, question: Question | None) -> Question:
    """Raises RulesBroken before anything is written."""
    if question is None:
        return service.add_question(bank, form.words(), form.labels())
    service.edit_question(question, form.words(), form.labels())
    return question


def _take_figures(form: QuestionForm, *, insert: bool) -> bool:
    """Keep the images sent with a form, also where the question is not saved yet; whether they could be kept."""
    boxes = [form.picture] if insert else []
    if isinstance(form, HotspotForm) and form.figure_file.data:
        boxes.append(form.figure_file)
    for box in boxes:
        try:
            content = box.data.read(figures.LARGEST_FILE + 1) if box.data else b""
            kept = figures.keep(content, current_user.id)
        except RuleBroken as refusal:
            box.errors = [*box.errors, explain(refusal)]
            return False
        keep_despite_refusal()
        if box is form.picture:
            words = (form.picture_words.data or "").replace("[", "(").replace("]", ")")
            form.stem.data = f"{form.stem.data or ''}\n\n![{words}](figure:{kept.digest})".strip()
            form.picture_words.data = ""
        elif isinstance(form, HotspotForm):
            form.figure.data = kept.digest
    return True


def _after_saving(found: Question, act: str) -> BaseResponse:
    flash(_("Đã lưu câu %(key)s.", key=found.key), "ok")
    if act == "save-next":
        labels = {name: getattr(found, name) or None for name in KEPT}
        return see(url_for("quizzes.new_question", bank_id=found.bank_id, kind=found.kind, **labels))
    return see(url_for("quizzes.question", question_id=found.id))


def _preview(form: QuestionForm, bank: QuestionBank) -> str:
    with suppress(RuleBroken):
        form = form.unfolded()
    shown = showing.shown_version(previewing.draft(form.words()), {})
    return render_template("quizzes/question_preview.html", shown=shown, bank=bank)


def _page(form: QuestionForm, bank: QuestionBank, question: Question | None, **values: Any) -> str:
    return render_template(
        "quizzes/question_form.html",
        form=form,
        bank=bank,
        question=question,
        kind=form.kind,
        kinds=KINDS,
        topics=queries.topics(bank),
        categories=bank_queries.categories(bank),
        shown=showing.shown_version(previewing.draft(form.words()), {}),
        **values,
    )
