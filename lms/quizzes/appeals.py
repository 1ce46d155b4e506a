"""Phúc khảo: a person asks to look at one question of an own attempt again; whoever sees the results answers with a
reason, and where it is granted sets the points."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.quizzes import standing
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.disclosure import disclosure_of
from lms.quizzes.marking_models import Appeal
from lms.quizzes.models import Quiz

APPEAL_DAYS = 7
"""How long after the marks are known an appeal may be filed."""
SHORTEST_REASON = 10


def may_appeal(attempt: Attempt) -> bool:
    """Whether appeals to the attempt are still taken: marked, counting, and not longer than APPEAL_DAYS ago."""
    until = open_until(attempt)
    if attempt.preview or attempt.quiz.practice or until is None or not may_see(attempt):
        return False
    return clock.now() <= until


def may_see(attempt: Attempt) -> bool:
    """Whether the person sees the single questions, so that there is something to appeal against."""
    return attempt.marked_at is not None and disclosure_of(attempt, clock.now()).answers


def open_until(attempt: Attempt) -> datetime | None:
    """The last moment an appeal is taken, None while nothing is marked."""
    return None if attempt.marked_at is None else attempt.marked_at + timedelta(days=APPEAL_DAYS)


def file(attempt: Attempt, position: int, reason: str) -> Appeal:
    """Ask for one question to be looked at again; the same again is given back.

    Raises NotFound, RuleBroken (too-late, no-reason).
    """
    item = next((one for one in attempt.items if one.position == position), None)
    if item is None:
        raise NotFound
    standing_appeal = session().scalar(select(Appeal).where(Appeal.attempt_item_id == item.id))
    if standing_appeal is not None:
        return standing_appeal
    if not may_appeal(attempt):
        message = N_("Phúc khảo nhận trong %(days)s ngày từ khi có điểm; nay đã quá hạn.")
        raise RuleBroken(message, code="too-late", days=APPEAL_DAYS)
    if len(reason.strip()) < SHORTEST_REASON:
        raise RuleBroken(N_("Hãy nói rõ vì sao đề nghị chấm lại câu này."), field="reason", code="no-reason")
    appeal = Appeal(attempt_id=attempt.id, attempt_item_id=item.id, reason=reason.strip(), points_before=item.score)
    session().add(appeal)
    session().flush()
    return appeal


def answer(account: Account, appeal: Appeal, points: float | None, words: str) -> None:
    """Answer once: `points` is what the question earns now, None where it stays as it is.

    Raises RuleBroken (answered, no-answer, points).
    """
    item = session().get_one(AttemptItem, appeal.attempt_item_id)
    attempt = session().scalars(select(Attempt).where(Attempt.id == appeal.attempt_id).with_for_update()).one()
    session().refresh(appeal)
    if appeal.answered_at is not None:
        raise RuleBroken(N_("Đề nghị này đã được trả lời."), code="answered")
    if not words.strip():
        raise RuleBroken(N_("Hãy ghi lý do để người làm bài đọc."), field="answer", code="no-answer")
    if points is not None and not 0 <= points <= item.points:
        raise RuleBroken(N_("Điểm của câu này từ 0 đến %(most)s."), field="points", code="points", most=item.points)
    appeal.granted = points is not None and points != item.score
    appeal.answer, appeal.answered_by_id, appeal.answered_at = words.strip(), account.id, clock.now()
    appeal.points_before, appeal.points_after = item.score, item.score if points is None else points
    if appeal.granted:
        item.score = points
        standing.settle(attempt)
    audit.record("appeal.answer", f"appeal:{appeal.id}", actor_id=account.id, granted=appeal.granted, points=points)
    session().flush()


def appeals_of(quiz: Quiz) -> Sequence[Appeal]:
    """Every appeal of a quiz, those without an answer first, the earliest first."""
    statement = (
        select(Appeal)
        .join(Attempt, Attempt.id == Appeal.attempt_id)
        .where(Attempt.quiz_id == quiz.id)
        .options(
            joinedload(Appeal.attempt).joinedload(Attempt.person),
            joinedload(Appeal.item).joinedload(AttemptItem.question_version),
        )
        .order_by(Appeal.answered_at.is_not(None), Appeal.id)
    )
    return session().scalars(statement).all()


def count_open(quiz: Quiz) -> int:
    """How many wait for an answer."""
    statement = select(func.count()).select_from(Appeal).join(Attempt, Attempt.id == Appeal.attempt_id)
    return session().scalar(statement.where(Attempt.quiz_id == quiz.id, Appeal.answered_at.is_(None))) or 0


def get_appeal(quiz: Quiz, appeal_id: int) -> Appeal:
    """An appeal at this quiz; raises NotFound."""
    found = session().scalar(
        select(Appeal)
        .join(Attempt, Attempt.id == Appeal.attempt_id)
        .where(Appeal.id == appeal_id, Attempt.quiz_id == quiz.id)
    )
    if found is None:
        raise NotFound
    return found


def of_attempt(attempt: Attempt) -> dict[int, Appeal]:
    """The attempt's appeals by the item they are about."""
    found = session().scalars(select(Appeal).where(Appeal.attempt_id == attempt.id))
    return {appeal.attempt_item_id: appeal for appeal in found}


def by_position(attempt: Attempt) -> dict[int, Appeal | None]:
    """The attempt's appeals by the place of their question, None at each place that may still be appealed."""
    by_item, may = of_attempt(attempt), may_appeal(attempt)
    return {one.position: by_item.get(one.id) for one in attempt.items if may or one.id in by_item}
