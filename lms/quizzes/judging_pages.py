"""Marking essays, marking again by a corrected key, answering appeals: for whoever sees the results."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core.access import requires, signed_in
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _, explain
from lms.core.permissions import Permission
from lms.core.web import see
from lms.quizzes import appeals, judging, queries, regrading, showing
from lms.quizzes.attempt_models import AttemptItem
from lms.quizzes.kinds.essay import count_words
from lms.quizzes.models import Question, Quiz
from lms.quizzes.pages import blueprint
from lms.quizzes.service import current_version

_SETTLED = {"judged", "not-yours"}


@blueprint.get("/marking/")
@requires(Permission.RESULTS)
def marking() -> str:
    """Quizzes whose essays wait."""
    return render_template("quizzes/marking.html", queues=judging.queues(current_user))


@blueprint.get("/marking/<int:quiz_id>")
@requires(Permission.RESULTS)
def mark_next(quiz_id: int) -> str | BaseResponse:
    """The next essay for this marker."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    item = judging.next_for(current_user, quiz, request.args.get("after", 0, int))
    if item is None:
        return render_template("quizzes/marking_done.html", quiz=quiz, queue=judging.queue_of(current_user, quiz))
    return _essay_page(quiz, item)


@blueprint.route("/marking/<int:quiz_id>/essays/<int:item_id>", methods=["GET", "POST"])
@requires(Permission.RESULTS)
def mark_essay(quiz_id: int, item_id: int) -> str | BaseResponse | tuple[str, int]:
    """One essay: judge it, then the next."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    item = judging.get_essay(quiz, item_id)
    if request.method == "GET":
        return _essay_page(quiz, item)
    comment = request.form.get("comment", "").strip()
    levels = {
        name.removeprefix("level-"): int(value)
        for name, value in request.form.items()
        if name.startswith("level-") and value.isdecimal()
    }
    try:
        judging.judge(current_user, quiz, item_id, judging.Judgement(levels, comment))
    except RuleBroken as refusal:
        session().rollback()
        quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
        if refusal.code in _SETTLED:
            flash(explain(refusal), "warn")
            return see(url_for("quizzes.mark_next", quiz_id=quiz_id, after=item_id))
        return _essay_page(quiz, judging.get_essay(quiz, item_id), refusal, levels, comment), 422
    flash(_("Đã chấm bài %(code)s.", code=judging.code_of(item.attempt_id)), "ok")
    return see(url_for("quizzes.mark_next", quiz_id=quiz_id, after=item_id))


@blueprint.route("/quizzes/<int:quiz_id>/regrades/<int:question_id>", methods=["GET", "POST"])
@requires(Permission.RESULTS)
def regrade(quiz_id: int, question_id: int) -> str | BaseResponse | tuple[str, int]:
    """Who changes by the key of today; then the change, with its reason."""
    quiz, question = _asked(quiz_id, question_id)
    if request.method == "GET":
        return _regrade_page(quiz, question)
    try:
        made = regrading.regrade(current_user, quiz, question, request.form.get("reason", "")[:1000])
    except RuleBroken as refusal:
        session().rollback()
        quiz, question = _asked(quiz_id, question_id)
        return _regrade_page(quiz, question, refusal), 422
    flash(_("Đã chấm lại: %(n)s câu trả lời đổi điểm.", n=len(made.changes)), "ok")
    return see(url_for("quizzes.regrades", quiz_id=quiz_id))


@blueprint.get("/quizzes/<int:quiz_id>/regrades")
@requires(Permission.RESULTS)
def regrades(quiz_id: int) -> str:
    """What was marked again, when, by whom and why; and which questions have a newer key than some attempts saw."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    return render_template(
        "quizzes/regrades.html",
        quiz=quiz,
        rows=regrading.regrades_of(quiz),
        newer=regrading.newer_keys(quiz),
    )


@blueprint.get("/quizzes/<int:quiz_id>/appeals", endpoint="appeals")
@requires(Permission.RESULTS)
def appeal_list(quiz_id: int) -> str:
    """Requests to look at a question again."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    return render_template("quizzes/appeals.html", quiz=quiz, rows=appeals.appeals_of(quiz))


@blueprint.route("/quizzes/<int:quiz_id>/appeals/<int:appeal_id>", methods=["GET", "POST"])
@requires(Permission.RESULTS)
def appeal(quiz_id: int, appeal_id: int) -> str | BaseResponse | tuple[str, int]:
    """One request: the question, what was answered, and the answer to the person."""
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    found = appeals.get_appeal(quiz, appeal_id)
    if request.method == "GET":
        return _appeal_page(quiz, found)
    typed = request.form.get("points", "").strip().replace(",", ".")
    words = request.form.get("answer", "")[:2000]
    try:
        appeals.answer(current_user, found, _points(typed), words)
    except RuleBroken as refusal:
        session().rollback()
        quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
        return _appeal_page(quiz, appeals.get_appeal(quiz, appeal_id), refusal, typed, words), 422
    flash(_("Đã trả lời phúc khảo."), "ok")
    return see(url_for("quizzes.appeals", quiz_id=quiz_id))


@blueprint.route("/attempts/<int:attempt_id>/appeals/<int:position>", methods=["GET", "POST"])
@signed_in
def file_appeal(attempt_id: int, position: int) -> str | BaseResponse | tuple[str, int]:
    """Ask for one question of one's own attempt to be looked at again."""
    attempt = queries.get_own_attempt(current_user, attempt_id)
    item = next((one for one in attempt.items if one.position == position), None)
    if item is None or not appeals.may_see(attempt):
        raise NotFound
    reason = request.form.get("reason", "")[:2000]
    refusal = None
    if request.method == "POST":
        try:
            appeals.file(attempt, position, reason)
        except RuleBroken as found:
            session().rollback()
            refusal = found
            attempt = queries.get_own_attempt(current_user, attempt_id)
            item = attempt.items[position - 1]
        else:
            flash(_("Đã gửi đề nghị phúc khảo câu %(n)s.", n=position), "ok")
            return see(url_for("quizzes.result", attempt_id=attempt_id))
    page = render_template(
        "quizzes/appeal_filing.html",
        attempt=attempt,
        quiz=attempt.quiz,
        question=showing.shown_item(item, item.score),
        standing=appeals.of_attempt(attempt).get(item.id),
        open_until=appeals.open_until(attempt),
        may=appeals.may_appeal(attempt),
        refusal=refusal,
        refusal_words=explain(refusal) if refusal else "",
        reason=reason,
    )
    return (page, 422) if refusal else page


def _asked(quiz_id: int, question_id: int) -> tuple[Quiz, Question]:
    quiz = queries.get_managed_quiz(current_user, quiz_id, Permission.RESULTS)
    return quiz, regrading.get_question(quiz, question_id)


def _essay_page(
    quiz: Quiz,
    item: AttemptItem,
    refusal: RuleBroken | None = None,
    levels: dict[str, int] | None = None,
    comment: str | None = None,
) -> str:
    marks = judging.marks_of(item)
    own = next((mark for mark in marks if mark.marker_id == current_user.id), None)
    apart = judging.apart(quiz, item, marks)
    text = str((item.answer or {}).get("text", ""))
    return render_template(
        "quizzes/essay.html",
        quiz=quiz,
        item=item,
        version=item.question_version,
        content=item.question_version.content,
        text=text,
        words=count_words(text),
        code=judging.code_of(item.attempt_id),
        queue=judging.queue_of(current_user, quiz),
        levels=levels if levels is not None else (own.levels if own else {}),
        comment=comment if comment is not None else (own.comment if own else ""),
        others=[mark for mark in marks if mark is not own] if apart or item.score is not None else [],
        settling=apart and own is None,
        refusal=refusal,
        refusal_words=explain(refusal) if refusal else "",
    )


def _regrade_page(quiz: Quiz, question: Question, refusal: RuleBroken | None = None) -> str:
    version = current_version(question)
    look, impossible = None, None
    try:
        look = regrading.look(quiz, question)
    except RuleBroken as broken:
        impossible = explain(broken)
    return render_template(
        "quizzes/regrade.html",
        quiz=quiz,
        question=question,
        shown=showing.shown_version(version, showing.cited_documents([version])),
        look=look,
        impossible=impossible,
        refusal=refusal,
        refusal_words=explain(refusal) if refusal else "",
        reason=request.form.get("reason", ""),
    )


def _appeal_page(
    quiz: Quiz, found: Any, refusal: RuleBroken | None = None, points: str | None = None, words: str = ""
) -> str:
    item = found.item
    return render_template(
        "quizzes/appeal.html",
        quiz=quiz,
        appeal=found,
        item=item,
        code=judging.code_of(found.attempt_id),
        shown=showing.shown_item(item, item.score, showing.cited_documents([item.question_version])),
        refusal=refusal,
        refusal_words=explain(refusal) if refusal else "",
        points=points,
        words=words,
    )


def _points(typed: str) -> float | None:
    """The points typed, None for an empty box; raises RuleBroken for what is no number."""
    if not typed:
        return None
    try:
        return float(typed)
    except ValueError as error:
        message = _("Điểm phải là một số. Để trống nếu giữ nguyên điểm.")
        raise RuleBroken(message, field="points", code="points") from error
