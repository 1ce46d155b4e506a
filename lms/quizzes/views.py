"""Taking a quiz: the page before it, the questions, saving, handing in, the result."""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import clock
from lms.core.access import signed_in
from lms.core.errors import N_, NotAllowed, NotFound, RuleBroken
from lms.core.i18n import _, explain, hour
from lms.core.web import see
from lms.quizzes import outcomes, policy, queries, showing, taking
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.kinds.content import BAD_ANSWER
from lms.quizzes.models import Quiz, ShowRule
from lms.quizzes.pages import blueprint

_OVER = {"handed-in", "time-over"}
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
    """The questions: one is shown, the script moves between them without the network."""
    found = queries.get_own_attempt(current_user, attempt_id)
    if found.over_at(clock.now()):
        return redirect(url_for("quizzes.result", attempt_id=found.id), 303)
    return _paper(found, request.args.get("question", 1, int))


@blueprint.post("/attempts/<int:attempt_id>")
@signed_in
def save_and_go(attempt_id: int) -> BaseResponse | tuple[str, int]:
    """Without a script: save the question shown, then show the one asked for, or the page before handing in."""
    position = request.form.get("position", 0, int)
    go = request.form.get("go", "next")
    flag = request.form.get("flag")
    try:
        taking.save_answer(
            current_user.person_id, attempt_id, position, _form_answer(), None, None if flag is None else flag == "1"
        )
    except RuleBroken as refusal:
        if refusal.code in _OVER:
            flash(explain(refusal), "warn")
            return see(url_for("quizzes.result", attempt_id=attempt_id))
        found = queries.get_own_attempt(current_user, attempt_id)
        return _paper(found, position, explain(refusal)), 422
    return see(_destination(attempt_id, position, position if flag is not None else go))


@blueprint.put("/attempts/<int:attempt_id>/answers/<int:position>")
@signed_in
def save(attempt_id: int, position: int) -> Response | tuple[Response, int]:
    """Save one answer: `{"answer": {"chosen": […]} | {"text": …} | null, "seq": n, "flagged": bool?}`.

    200 `{"saved_at", "deadline", "seq", "stored"}`; 409 handed-in or time-over, 422 bad-answer, 404.
    """
    body = request.get_json(silent=True)
    try:
        given, seq, flagged = _save_request(body)
        saved = taking.save_answer(current_user.person_id, attempt_id, position, given, seq, flagged)
    except RuleBroken as refusal:
        return _refused(refusal, 409 if refusal.code in _OVER else 422)
    except NotFound:
        return _refused(RuleBroken(NO_QUESTION, code="not-found"), 404)
    return jsonify(
        saved_at=saved.saved_at.isoformat(),
        deadline=saved.deadline_at.isoformat() if saved.deadline_at else None,
        seq=saved.seq,
        stored=saved.stored,
    )


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
    """What came of it, as far as the quiz's rule shows it."""
    found = queries.get_own_attempt(current_user, attempt_id)
    outcome = outcomes.outcome_of(found, clock.now())
    if outcome is None:
        return redirect(url_for("quizzes.attempt", attempt_id=found.id), 303)
    show = ShowRule.FULL if found.preview else ShowRule(found.quiz.show)
    questions = shown_paper(found, outcome) if show is ShowRule.FULL else []
    return render_template(
        "quizzes/result.html",
        attempt=found,
        quiz=found.quiz,
        outcome=outcome,
        show=show,
        questions=questions,
        late=min(max(request.args.get("late", 0, int), 0), outcome.questions),
        again=not found.preview and _may_begin(found.quiz, queries.attempts_of(found.person_id, found.quiz_id)),
    )


def shown_paper(attempt: Attempt, outcome: outcomes.Outcome) -> list[showing.ShownQuestion]:
    """Every question of a closed attempt with its marks and cited documents."""
    documents = showing.cited_documents([item.question_version for item in attempt.items])
    return [showing.shown_item(item, outcome.by_position[item.position], documents) for item in attempt.items]


def _before(quiz: Quiz, refusal: RuleBroken | None = None) -> str:
    moment = clock.now()
    attempts = queries.attempts_of(current_user.person_id, quiz.id)
    return render_template(
        "quizzes/quiz.html",
        quiz=quiz,
        questions=queries.question_count(quiz),
        attempts=attempts,
        open_attempt=next((one for one in attempts if not one.over_at(moment)), None),
        may_begin=_may_begin(quiz, attempts),
        may_write=policy.may_write(current_user, quiz),
        not_yet=quiz.opens_at is not None and moment < quiz.opens_at,
        over=quiz.closes_at is not None and quiz.closes_at <= moment,
        refusal=refusal,
    )


def _may_begin(quiz: Quiz, attempts: Any) -> bool:
    """Whether a further attempt may begin now."""
    left = quiz.attempts_allowed is None or len(attempts) < quiz.attempts_allowed
    return left and policy.may_start(current_user, quiz, clock.now())


def _paper(attempt: Attempt, position: int, wrong: str | None = None) -> str:
    last = max((item.saved_at for item in attempt.items if item.saved_at is not None), default=None)
    return render_template(
        "quizzes/attempt.html",
        attempt=attempt,
        quiz=attempt.quiz,
        questions=[showing.shown_item(item) for item in attempt.items],
        position=min(max(position, 1), len(attempt.items)),
        now=clock.now(),
        saved_words=_("Đã lưu %(time)s", time=hour(last)) if last else _("Chưa có câu trả lời"),
        wrong_answer=wrong,
        words=_script_words(),
    )


def _form_answer() -> dict[str, Any] | None:
    if "text" in request.form:
        return {"text": request.form["text"]}
    chosen = request.form.getlist("answer")
    return {"chosen": chosen} if chosen else None


def _destination(attempt_id: int, position: int, go: str | int) -> str:
    if go == "check":
        return url_for("quizzes.check", attempt_id=attempt_id)
    steps = {"next": position + 1, "previous": position - 1}
    target = steps.get(str(go)) or (int(go) if str(go).isdecimal() else position)
    found = queries.get_own_attempt(current_user, attempt_id)
    if target > len(found.items):
        return url_for("quizzes.check", attempt_id=attempt_id)
    return url_for("quizzes.attempt", attempt_id=attempt_id, question=max(target, 1))


def _save_request(body: Any) -> tuple[Any, int, bool | None]:
    """Answer, counter and flag of a save; raises RuleBroken (bad-answer) for a body of another shape."""
    if not isinstance(body, dict):
        raise RuleBroken(BAD_ANSWER, code="bad-answer")
    seq, flagged = body.get("seq"), body.get("flagged")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq <= taking.HIGHEST_SEQ:
        raise RuleBroken(BAD_ANSWER, code="bad-answer")
    if not (flagged is None or isinstance(flagged, bool)):
        raise RuleBroken(BAD_ANSWER, code="bad-answer")
    return body.get("answer"), seq, flagged


def _refused(refusal: RuleBroken, status: int) -> tuple[Response, int]:
    return jsonify(errors=[{"code": refusal.code, "message": explain(refusal), "where": None}]), status


def _script_words() -> dict[str, str]:
    """Words the script shows; {n} and {time} are filled in by it."""
    return {
        "saving": _("Đang lưu…"),
        "saved": _("Đã lưu {time}"),
        "lost": _("Chưa lưu – mất kết nối"),
        "lostTitle": _("Mất kết nối, cứ làm tiếp"),
        "lostText": _("{n} câu trả lời đang giữ trên máy này và sẽ tự gửi khi có mạng. Đừng đóng trang."),
        "lostDeadline": _("Giờ nộp vẫn tính theo máy chủ: {time}."),
        "back": _("Đã gửi {n} câu"),
        "over": _("Hết giờ"),
        "other": _("Đang làm ở cửa sổ khác"),
        "otherText": _("Bài này đang mở ở một cửa sổ khác của trình duyệt. Câu trả lời chỉ gửi từ một cửa sổ."),
        "here": _("Làm tiếp ở đây"),
        "signedOut": _("Phiên đăng nhập đã hết. Đăng nhập lại rồi mở lại bài: câu trả lời đang giữ trên máy này."),
        "signIn": _("Đăng nhập"),
        "stale": _("Trang đã mở quá lâu. Hãy tải lại trang; câu trả lời đang giữ trên máy này."),
        "reload": _("Tải lại trang"),
        "place": _("Câu {n} trong {total}"),
        "map": _("Các câu hỏi: {n} đã trả lời, {left} chưa"),
        "answered": _("Câu {n}, đã trả lời"),
        "unanswered": _("Câu {n}, chưa trả lời"),
        "left": _("Còn lại"),
        "minutes": _("Còn {n} phút"),
        "flag": _("Đánh dấu để xem lại"),
        "unflag": _("Bỏ đánh dấu"),
        "cannotGo": _("Đang mất kết nối nên chưa nộp được. Hệ thống sẽ gửi câu trả lời ngay khi có mạng."),
    }
