"""Acts on many questions of a bank, from its list."""

from typing import Any

from flask import flash, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _, explain, ngettext
from lms.core.permissions import Permission
from lms.core.web import see
from lms.quizzes import bank_bulk, bank_queries, queries
from lms.quizzes.bank_bulk import Act, Done
from lms.quizzes.banks import bank_page, wanted_from
from lms.quizzes.models import QuestionBank
from lms.quizzes.pages import blueprint

FILTERS = ("q", "category", "tag", "topic", "difficulty", "kind", "retired")


@blueprint.post("/question-banks/<int:bank_id>/selection")
@requires(Permission.QUESTIONS)
def change_many(bank_id: int) -> BaseResponse | tuple[str, int]:
    """Change the ticked questions, or all that the filters let through; the address keeps the filters."""
    bank = queries.get_bank(current_user, bank_id)
    ids = request.form.getlist("question", int)
    if request.form.get("all") == "1":
        ids = bank_queries.found_ids(bank, wanted_from(request.args))
    try:
        act = _act()
        done = bank_bulk.change(current_user, bank, ids, act, _value(act))
    except RuleBroken as refusal:
        session().rollback()
        return bank_page(queries.get_bank(current_user, bank_id), refusal=explain(refusal)), 422
    flash(_told(done), "warn" if done.left else "ok")
    return see(_address(bank))


@blueprint.post("/question-banks/<int:bank_id>/selection/<int:entry_id>/undo")
@requires(Permission.QUESTIONS)
def undo_many(bank_id: int, entry_id: int) -> BaseResponse:
    """Take the last act on many back."""
    bank = queries.get_bank(current_user, bank_id)
    done = bank_bulk.undo(current_user, bank, entry_id)
    words = ngettext("Đã hoàn tác ở %(num)s câu.", "Đã hoàn tác ở %(num)s câu.", done.number)
    if done.left:
        words += " " + _("Giữ nguyên vì đã đổi sau đó: %(keys)s.", keys=", ".join(done.left[:20]))
    flash(words, "warn" if done.left else "ok")
    return see(_address(bank))


def _act() -> Act:
    value = request.form.get("act", "")
    if value not in set(Act):
        raise RuleBroken(_("Chưa chọn việc cần làm với các câu đã đánh dấu."), code="no-act")
    return Act(value)


def _value(act: Act) -> str:
    if act != Act.MOVE:
        return request.form.get("tag" if act in {Act.TAG, Act.UNTAG} else str(act), "")
    target = request.form.get("bank", 0, int)
    try:
        found = queries.get_bank(current_user, target or 0)
    except NotFound:
        found = None
    if found is None or found.from_files:
        raise RuleBroken(_("Chưa chọn ngân hàng để chuyển đến."), code="no-bank")
    return str(found.id)


def _told(done: Done) -> str:
    words = ngettext("Đã đổi %(num)s câu.", "Đã đổi %(num)s câu.", done.number)
    if done.left:
        words += " " + _("Không cất vì đang nằm trong bài đã công bố: %(keys)s.", keys=", ".join(done.left[:20]))
    return str(words)


def _address(bank: QuestionBank) -> str:
    kept: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return url_for("quizzes.bank", bank_id=bank.id, **kept)
