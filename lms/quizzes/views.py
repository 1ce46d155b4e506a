"""Taking a quiz: the page before it, the questions, saving, handing in, the result."""

from typing import Any
from uuid import UUID

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import clock
from lms.core.access import signed_in
from lms.core.db import keep_despite_refusal
from lms.core.errors import N_, NotAllowed, NotFound, RuleBroken
from lms.core.i18n import _, explain, hour
from lms.core.web import see
from lms.quizzes import appeals, outcomes, parts, policy, queries, saving, showing, taking
from lms.quizzes.allowances import Allowance, allowance_of
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.disclosure import disclosure_of
from lms.quizzes.kinds.content import bad_answer
from lms.quizzes.models import Quiz
from lms.quizzes.pages import blueprint
from lms.quizzes.saving import Save, Saved
from lms.quizzes.script_words import script_words

MOST_SECONDS = 1_000_000
NO_QUESTION = N_("Không thấy câu hỏi này trong bài làm.")


@blueprint.get("/quizzes/<int:quiz_id>")
@signed_in
def quiz(quiz_id: int) -> str:
    """Before the start: how many questions, how long, how often, until when; earlier attempts."""
    return _before(queries.get_quiz_to_take(current_user, quiz_id))


@blueprint.post("/quizzes/<int:quiz_id>/attempts")
@signed_in
def start(quiz_id: int) -> BaseResponse | tuple[str, int]:
    """Begin an attempt or go back to the open one."""
    found = queries.get_quiz_to_take(current_user, quiz_id)
    if not policy.is_admitted(current_user.person_id, found.id):
        raise NotAllowed
    try:
        attempt = taking.start(current_user, found)
    except RuleBroken as refusal:
        return _before(found, refusal), 422
    return see(url_for("quizzes.attempt", attempt_id=attempt.id))


@blueprint.get("/attempts/<int:attempt_id>")
@signed_in
def attempt(attempt_id: int) -> str | BaseResponse:
    """The questions: one is shown, the script moves between them without the network.

    In a practice, `checked` asks for what the answer to the question shown is worth.
    """
    found = queries.get_own_attempt(current_user, attempt_id)
    if found.over_at(clock.now()):
        return redirect(url_for("quizzes.result", attempt_id=found.id), 303)
    return _paper(found, request.args.get("question", 1, int), checked="checked" in request.args)


@blueprint.post("/attempts/<int:attempt_id>")
@signed_in
def save_and_go(attempt_id: int) -> BaseResponse | tuple[str, int]:
    """Without a script: save the question shown, then show the one asked for, or the page before handing in."""
    position = request.form.get("position", 0, int)
    go = request.form.get("go", "next")
    flag = request.form.get("flag")
    sent = Save(fields=dict(request.form.lists()), flagged=None if flag is None else flag == "1")
    try:
        saved = saving.save(current_user.person_id, attempt_id, position, sent)
    except RuleBroken as refusal:
        found = queries.get_own_attempt(current_user, attempt_id)
        return _paper(found, position, explain(refusal)), 422
    if saved.refusal is not None:
        flash(explain(saved.refusal), "warn")
        return see(url_for("quizzes.result", attempt_id=attempt_id))
    return see(_destination(attempt_id, position, position if flag is not None else go))


@blueprint.put("/attempts/<int:attempt_id>/answers/<int:position>")
@signed_in
def save(attempt_id: int, position: int) -> Response | tuple[Response, int]:
    """Save one answer: `{"answer": … | null, "seq": n, "client_id": UUID?, "seconds": n?, "flagged": bool?}`.

    200 `{"saved_at", "deadline", "seq", "stored"}`; 409 handed-in or time-over, with `"counted": false`: the answer is
    kept and does not count; 422 bad-answer, 404.
    """
    try:
        sent = _save_request(request.get_json(silent=True))
        saved = saving.save(current_user.person_id, attempt_id, position, sent)
    except RuleBroken as refusal:
        return _refused(refusal, 422)
    except NotFound:
        return _refused(RuleBroken(NO_QUESTION, code="not-found"), 404)
    if saved.refusal is not None:
        keep_despite_refusal()
        return _refused(saved.refusal, 409, counted=False)
    return _acknowledged(saved)


@blueprint.get("/attempts/<int:attempt_id>/submission")
@signed_in
def check(attempt_id: int) -> str | BaseResponse:
    """Before handing in: the unanswered and the flagged as links."""
    found = queries.get_own_attempt(current_user, attempt_id)
    if found.over_at(clock.now()):
        return redirect(url_for("quizzes.result", attempt_id=found.id), 303)
    return render_template("quizzes/check.html", attempt=found, quiz=found.quiz)


@blueprint.post("/attempts/<int:attempt_id>/submission")
@signed_in
def hand_in(attempt_id: int) -> BaseResponse:
    """Hand in; again is harmless."""
    taking.hand_in(current_user.person_id, attempt_id)
    return see(url_for("quizzes.result", attempt_id=attempt_id))


@blueprint.get("/attempts/<int:attempt_id>/result")
@signed_in
def result(attempt_id: int) -> str | BaseResponse:
    """What came of it, as far as the quiz's rules show it."""
    found = queries.get_own_attempt(current_user, attempt_id)
    moment = clock.now()
    outcome = outcomes.outcome_of(found, moment)
    if outcome is None:
        return redirect(url_for("quizzes.attempt", attempt_id=found.id), 303)
    disclosure = disclosure_of(found, moment)
    return render_template(
        "quizzes/result.html",
        attempt=found,
        quiz=found.quiz,
        outcome=outcome,
        disclosure=disclosure,
        questions=shown_paper(found, outcome) if disclosure.answers else [],
        appeals=appeals.by_position(found) if disclosure.answers else {},
        late=saving.late_answers(found.id, outcome.handed_in_at),
        again=not found.preview and _may_begin(found.quiz, queries.attempts_of(found.person_id, found.quiz_id)),
    )


def shown_paper(attempt: Attempt, outcome: outcomes.Outcome) -> list[showing.ShownQuestion]:
    """Every question of a closed attempt with its marks and cited documents."""
    documents = showing.cited_documents([item.question_version for item in attempt.items])
    return showing.shown_paper(attempt.items, outcome.by_position, documents)


def _before(quiz: Quiz, refusal: RuleBroken | None = None) -> str:
    moment = clock.now()
    attempts = queries.attempts_of(current_user.person_id, quiz.id)
    allowance = allowance_of(quiz, current_user.person_id)
    return render_template(
        "quizzes/quiz.html",
        quiz=quiz,
        allowance=allowance,
        questions=queries.question_count(quiz),
        attempts=attempts,
        open_attempt=next((one for one in attempts if not one.over_at(moment)), None),
        may_begin=_may_begin(quiz, attempts, allowance),
        may_write=policy.may_write(current_user, quiz),
        not_yet=allowance.opens_at is not None and moment < allowance.opens_at,
        over=allowance.closes_at is not None and allowance.closes_at <= moment,
        refusal=refusal,
    )


def _may_begin(quiz: Quiz, attempts: Any, allowance: Allowance | None = None) -> bool:
    """Whether a further attempt may begin now."""
    allowance = allowance or allowance_of(quiz, current_user.person_id)
    open_now = allowance.open_at(clock.now()) and allowance.attempts_left(len(attempts))
    return open_now and policy.is_admitted(current_user.person_id, quiz.id)


def _paper(attempt: Attempt, position: int, wrong: str | None = None, *, checked: bool = False) -> str:
    last = max((item.saved_at for item in attempt.items if item.saved_at is not None), default=None)
    position = min(max(position, 1), len(attempt.items))
    return render_template(
        "quizzes/attempt.html",
        attempt=attempt,
        quiz=attempt.quiz,
        questions=showing.shown_paper(attempt.items),
        position=position,
        checked=_checked(attempt, position) if checked and attempt.quiz.practice else None,
        now=clock.now(),
        saved_words=_("Đã lưu %(time)s", time=hour(last)) if last else _("Chưa có câu trả lời"),
        wrong_answer=wrong,
        words=script_words(),
    )


def _checked(attempt: Attempt, position: int) -> showing.ShownQuestion | None:
    """The question with what its answer is worth; None where nothing is answered yet."""
    item = attempt.items[position - 1]
    if item.answer is None:
        return None
    points = outcomes.points_of(item)
    documents = showing.cited_documents([item.question_version])
    return showing.shown_item(item, None if points is None else float(points), documents)


def _destination(attempt_id: int, position: int, go: str | int) -> str:
    if go == "check":
        return url_for("quizzes.check", attempt_id=attempt_id)
    if go == "verdict":
        return url_for("quizzes.attempt", attempt_id=attempt_id, question=position, checked=1)
    steps = {"next": position + 1, "previous": position - 1}
    target = steps.get(str(go)) or (int(go) if str(go).isdecimal() else position)
    found = queries.get_own_attempt(current_user, attempt_id)
    if target > len(found.items):
        return url_for("quizzes.check", attempt_id=attempt_id)
    return url_for("quizzes.attempt", attempt_id=attempt_id, question=max(target, 1))


def _save_request(body: Any) -> Save:
    """A save as the script sends it; raises RuleBroken (bad-answer) for a body of another shape."""
    if not isinstance(body, dict):
        raise bad_answer()
    flagged = body.get("flagged")
    if not (flagged is None or isinstance(flagged, bool)):
        raise bad_answer()
    return Save(
        given=body.get("answer"),
        seq=_whole(body.get("seq"), 1, saving.HIGHEST_SEQ),
        flagged=flagged,
        client_id=_client_id(body.get("client_id")),
        seconds=_whole(body.get("seconds", 0), 0, MOST_SECONDS),
    )


def _whole(value: Any, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise bad_answer()
    return value


def _client_id(value: Any) -> str | None:
    try:
        return None if value is None else str(UUID(value))
    except (ValueError, TypeError, AttributeError) as error:
        raise bad_answer() from error


def _acknowledged(saved: Saved) -> Response:
    return jsonify(
        saved_at=saved.saved_at.isoformat(),
        deadline=saved.deadline_at.isoformat() if saved.deadline_at else None,
        seq=saved.seq,
        stored=saved.stored,
    )


def _refused(refusal: RuleBroken, status: int, **more: bool) -> tuple[Response, int]:
    return jsonify(errors=[{"code": refusal.code, "message": explain(refusal), "where": None}], **more), status


@blueprint.app_template_global("rich")
def rich(vietnamese: str, english: str | None = None) -> str:
    """Short rich text in the reader's language, for templates."""
    return parts.block(vietnamese, english)
