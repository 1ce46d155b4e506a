"""Banks, for those who write them: found, created, narrowed to what is looked for; what is said twice."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import rich_text
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.quizzes import bank_bulk, bank_queries, queries, service, twice_queries
from lms.quizzes.bank_queries import BankFilter
from lms.quizzes.forms import BankForm, BankTitleForm
from lms.quizzes.labels import DIFFICULTIES, KINDS
from lms.quizzes.models import Difficulty, QuestionBank, QuestionKind
from lms.quizzes.pages import blueprint


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
    """A bank's questions, searched and narrowed; asked for by the page's script, only the list."""
    return bank_page(queries.get_bank(current_user, bank_id))


def bank_page(found: QuestionBank, **values: Any) -> str:
    """The page of a bank, with what an act on many left to say."""
    wanted = wanted_from(request.args)
    page = bank_queries.bank_list(found, wanted, request.args.get("page", 1, int))
    rows = [question for question, _version in page.rows]
    shown: dict[str, Any] = {
        "bank": found,
        "page": page,
        "wanted": wanted,
        "usage": bank_queries.usage([question.id for question in rows]),
        "twice": twice_queries.same_elsewhere(current_user, {question.fingerprint for question in rows}),
        "kinds": KINDS,
        "difficulties": DIFFICULTIES,
        "targets": [one for one in queries.bank_choices(current_user) if one.id != found.id and not one.from_files],
        "plain": rich_text.plain,
        "filters": {name: value for name, value in request.args.items() if value and name != "page"},
    }
    if request.headers.get("HX-Request"):
        return render_template("quizzes/bank_list.html", **shown, **values)
    return render_template(
        "quizzes/bank.html",
        topics=queries.topics(found),
        tree=bank_queries.tree(found),
        tags=bank_queries.tags(found),
        undoable=bank_bulk.last_act(found),
        **shown,
        **values,
    )


@blueprint.get("/question-banks/<int:bank_id>/duplicates")
@requires(Permission.QUESTIONS)
def duplicates(bank_id: int) -> str:
    """Questions of a bank that say the same or nearly the same."""
    found = queries.get_bank(current_user, bank_id)
    groups = twice_queries.said_twice(current_user, found)
    return render_template(
        "quizzes/bank_duplicates.html", bank=found, groups=groups, kinds=KINDS, plain=rich_text.plain
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
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu tên ngân hàng."), "ok")
            return see(url_for("quizzes.bank", bank_id=found.id))
    return _form_page("quizzes/bank_form.html", form, bank=found)


def wanted_from(args: Any) -> BankFilter:
    """What an address narrows a bank's list to."""
    return BankFilter(
        text=args.get("q", ""),
        category=args.get("category", ""),
        tag=args.get("tag", ""),
        topic=args.get("topic", ""),
        difficulty=_member(Difficulty, args.get("difficulty")),
        kind=_member(QuestionKind, args.get("kind")),
        retired=args.get("retired") == "1",
    )


def _form_page(template: str, form: Any, **values: Any) -> str | tuple[str, int]:
    page = render_template(template, form=form, **values)
    return (page, 422) if form.is_submitted() else page


def _member(kind: Any, value: str | None) -> Any:
    return kind(value) if value in set(kind) else None
