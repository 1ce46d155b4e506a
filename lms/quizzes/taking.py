"""Taking a quiz: start, save, hand in, and the server's closing at the deadline.

Every act is harmless when repeated. A save and a hand-in of the same attempt exclude each other: a save holds a share
of the attempt's row, closing holds all of it (on SQLite a writing transaction is alone anyway); so an answer is either
stored and marked, or refused.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import joinedload, selectinload

from lms.accounts.models import Account
from lms.core import clock, jobs
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.people.models import Person
from lms.quizzes import kinds
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.models import Question, QuestionVersion, Quiz, QuizItem
from lms.quizzes.outcomes import BY_DEADLINE, BY_PERSON, marks_of
from lms.quizzes.shuffling import shuffled
from lms.quizzes.signals import handed_in

CLOSING_JOB = "quizzes.close_expired"
CLOSED_AT_ONCE = 50
HIGHEST_SEQ = HIGHEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Saved:
    """The server's acknowledgement: `stored` is False when a later save was there first; `seq` is the stored one's."""

    saved_at: datetime
    deadline_at: datetime | None
    seq: int
    stored: bool


_SAVING = (
    select(
        AttemptItem.id,
        AttemptItem.saved_seq,
        AttemptItem.saved_at,
        AttemptItem.flagged,
        QuestionVersion.kind,
        QuestionVersion.body,
        Attempt.handed_in_at,
        Attempt.deadline_at,
    )
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
    .where(
        Attempt.id == bindparam("attempt"),
        Attempt.person_id == bindparam("person"),
        AttemptItem.position == bindparam("place"),
    )
    .with_for_update(read=True, of=Attempt)
)
_STORE = (
    update(AttemptItem)
    .where(AttemptItem.id == bindparam("item"), AttemptItem.saved_seq < bindparam("seq"))
    .values(
        answer=bindparam("new_answer", type_=AttemptItem.answer.type),
        saved_at=bindparam("moment", type_=AttemptItem.saved_at.type),
        saved_seq=bindparam("seq"),
        flagged=bindparam("flag"),
    )
)


def start(account: Account, quiz: Quiz, *, preview: bool = False) -> Attempt:
    """Begin an attempt, or give back the open one.

    Raises RuleBroken (not-open, no-attempts-left, no-questions). Whether the person is admitted, or may preview, is
    the caller's question. A preview ignores window and number of attempts, and begins anew when the paper changed.
    """
    moment = clock.now()
    # One start at a time for a person: two of them cannot both count the attempts used.
    session().execute(select(Person.id).where(Person.id == account.person_id).with_for_update(key_share=True))
    paper = _paper(quiz)
    attempt = _find_open(quiz, account.person_id, preview)
    if attempt is not None and attempt.over_at(moment):
        close(attempt, BY_DEADLINE)
    elif attempt is not None and preview and _differs(attempt, paper):
        session().delete(attempt)
        session().flush()
    elif attempt is not None:
        return attempt
    if not paper:
        raise RuleBroken(N_("Bài chưa có câu hỏi nào."), code="no-questions")
    if not preview:
        _refuse_start(quiz, account.person_id, moment)
    return _begin(quiz, account, paper, moment, preview)


def save_answer(
    person_id: int, attempt_id: int, position: int, given: Any, seq: int | None, flagged: bool | None = None
) -> Saved:
    """Store one answer of the person's own attempt: one read and one write, without loading the paper.

    `seq` counts a browser's saves of this question; one not above the stored is acknowledged and changes nothing.
    None is a form without a counter: it follows whatever is stored. Raises NotFound, RuleBroken (handed-in,
    time-over, bad-answer).
    """
    row = session().execute(_SAVING, {"attempt": attempt_id, "person": person_id, "place": position}).one_or_none()
    if row is None:
        raise NotFound
    moment = clock.now()
    refuse_if_over(row.handed_in_at, row.deadline_at, moment)
    seq = row.saved_seq + 1 if seq is None else seq
    answer = kinds.read(row.kind, row.body).checked(given)
    if seq > row.saved_seq:
        values = {
            "item": row.id,
            "seq": seq,
            "new_answer": answer,
            "moment": moment,
            "flag": row.flagged if flagged is None else flagged,
        }
        if session().connection().execute(_STORE, values).rowcount:
            return Saved(moment, row.deadline_at, seq, stored=True)
    return Saved(row.saved_at or moment, row.deadline_at, max(seq, row.saved_seq), stored=False)


def refuse_if_over(handed_in_at: datetime | None, deadline_at: datetime | None, moment: datetime) -> None:
    """Raise RuleBroken (handed-in or time-over) for an attempt that takes no more answers."""
    if handed_in_at is not None:
        raise RuleBroken(N_("Bài này đã nộp, không nhận thêm câu trả lời."), code="handed-in")
    if deadline_at is not None and deadline_at <= moment:
        raise RuleBroken(N_("Hết giờ làm bài. Câu trả lời này đến sau giờ nên không tính."), code="time-over")


def hand_in(person_id: int, attempt_id: int) -> Attempt:
    """Close the person's own attempt; one already closed is given back as it is. Raises NotFound."""
    attempt = session().scalar(
        select(Attempt)
        .where(Attempt.id == attempt_id, Attempt.person_id == person_id)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )
    if attempt is None:
        raise NotFound
    if attempt.handed_in_at is None:
        close(attempt, BY_DEADLINE if attempt.over_at(clock.now()) else BY_PERSON)
    return attempt


def close(attempt: Attempt, closed_by: str) -> None:
    """Mark an open attempt and tell the rooms above; its row must be locked by the caller or be alone."""
    items = session().scalars(
        select(AttemptItem)
        .where(AttemptItem.attempt_id == attempt.id)
        .options(joinedload(AttemptItem.question_version))
        .execution_options(populate_existing=True)
    )
    marked = list(items)
    marks = marks_of(marked, attempt.max_score, attempt.quiz.pass_percent)
    for item in marked:
        points = marks.by_position[item.position]
        item.score = None if points is None else float(points)
    attempt.score, attempt.passed, attempt.closed_by = float(marks.score), marks.passed, closed_by
    attempt.handed_in_at = attempt.deadline_at if closed_by == BY_DEADLINE and attempt.deadline_at else clock.now()
    attempt.marked_at = None if marks.passed is None else clock.now()
    session().flush()
    if not attempt.preview:
        handed_in.send(attempt)


def close_expired(limit: int = CLOSED_AT_ONCE) -> int:
    """Close attempts whose deadline has come, the oldest first; how many were closed."""
    expired = (
        session()
        .scalars(
            select(Attempt)
            .where(Attempt.handed_in_at.is_(None), Attempt.deadline_at <= clock.now())
            .order_by(Attempt.deadline_at)
            .limit(limit)
            .options(selectinload(Attempt.quiz))
            .with_for_update(of=Attempt, skip_locked=True)
            .execution_options(populate_existing=True)
        )
        .all()
    )
    for attempt in expired:
        close(attempt, BY_DEADLINE)
    return len(expired)


@jobs.handler(CLOSING_JOB)
def run_closing(_job: jobs.Job) -> jobs.Progress:
    """The job that wakes at an attempt's deadline: closes it and whatever else is due."""
    done = 0
    while closed := close_expired():
        done += closed
        yield done, done


def _find_open(quiz: Quiz, person_id: int, preview: bool) -> Attempt | None:
    return session().scalar(
        select(Attempt)
        .where(
            Attempt.quiz_id == quiz.id,
            Attempt.person_id == person_id,
            Attempt.preview.is_(preview),
            Attempt.handed_in_at.is_(None),
        )
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )


def _paper(quiz: Quiz) -> list[tuple[QuizItem, QuestionVersion]]:
    rows = session().execute(
        select(QuizItem, QuestionVersion)
        .join(Question, Question.id == QuizItem.question_id)
        .join(
            QuestionVersion,
            (QuestionVersion.question_id == Question.id) & (QuestionVersion.number == Question.current_number),
        )
        .where(QuizItem.quiz_id == quiz.id)
        .order_by(QuizItem.position)
    )
    return [(item, version) for item, version in rows]


def _differs(attempt: Attempt, paper: list[tuple[QuizItem, QuestionVersion]]) -> bool:
    kept = {(item.question_version_id, item.points) for item in attempt.items}
    limit = timedelta(minutes=attempt.quiz.time_limit_minutes) if attempt.quiz.time_limit_minutes else None
    given = attempt.deadline_at - attempt.started_at if attempt.deadline_at else None
    return kept != {(version.id, item.points) for item, version in paper} or limit != given


def _refuse_start(quiz: Quiz, person_id: int, moment: datetime) -> None:
    if not quiz.open_at(moment):
        raise RuleBroken(N_("Bài này hiện không mở."), code="not-open")
    if quiz.attempts_allowed is not None:
        used = session().scalar(
            select(func.count()).where(
                Attempt.quiz_id == quiz.id, Attempt.person_id == person_id, Attempt.preview.is_(False)
            )
        )
        if (used or 0) >= quiz.attempts_allowed:
            message = N_("Đã dùng hết %(n)s lượt làm bài.")
            raise RuleBroken(message, code="no-attempts-left", n=quiz.attempts_allowed)


def _begin(
    quiz: Quiz, account: Account, paper: list[tuple[QuizItem, QuestionVersion]], moment: datetime, preview: bool
) -> Attempt:
    attempt = Attempt(
        quiz=quiz,
        person_id=account.person_id,
        preview=preview,
        started_at=moment,
        deadline_at=_deadline(quiz, moment, preview),
        max_score=sum(item.points for item, _version in paper),
        seed=secrets.randbelow(HIGHEST_SEED),
    )
    session().add(attempt)
    session().flush()
    ordered = shuffled(paper, attempt.seed) if quiz.shuffle else paper
    for position, (item, version) in enumerate(ordered, 1):
        attempt.items.append(
            AttemptItem(
                position=position,
                question_version=version,
                option_order=_option_order(version, attempt.seed, quiz.shuffle),
                points=item.points,
            )
        )
    session().flush()
    if attempt.deadline_at is not None:
        # SQLite may give a removed preview's id again; the deadline keeps the two apart.
        key = f"{CLOSING_JOB}:{attempt.id}:{attempt.deadline_at.timestamp():.0f}"
        jobs.enqueue(CLOSING_JOB, {}, key=key, owner_id=account.id, run_at=attempt.deadline_at)
    return attempt


def _deadline(quiz: Quiz, moment: datetime, preview: bool) -> datetime | None:
    ends = [moment + timedelta(minutes=quiz.time_limit_minutes)] if quiz.time_limit_minutes else []
    if quiz.closes_at is not None and not preview:
        ends.append(quiz.closes_at)
    return min(ends, default=None)


def _option_order(version: QuestionVersion, seed: int, shuffle: bool) -> list[str]:
    def draw(ids: Sequence[str], part: str) -> list[str]:
        return shuffled(ids, seed, f"{version.question_id}/{part}")

    return version.content.arranged(draw if shuffle else None)
