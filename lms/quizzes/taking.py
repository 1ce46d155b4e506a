"""Taking a quiz: start, save (see `saving`), hand in, and the server's closing at the deadline.

Every act is harmless when repeated. A save and a hand-in of the same attempt exclude each other.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from lms.accounts.models import Account
from lms.core import clock, jobs
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.people.models import Person
from lms.quizzes import exposure
from lms.quizzes.allowances import Allowance, allowance_of
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.drawing import Paper, in_order, option_order, paper_of
from lms.quizzes.models import Quiz
from lms.quizzes.outcomes import BY_DEADLINE, BY_PERSON, marks_of
from lms.quizzes.saving import save_answer
from lms.quizzes.signals import handed_in

__all__ = ["CLOSING_JOB", "close", "close_expired", "hand_in", "save_answer", "schedule_closing", "start"]

CLOSING_JOB = "quizzes.close_expired"
CLOSED_AT_ONCE = 50
HIGHEST_SEED = 2**31 - 1


def start(account: Account, quiz: Quiz, *, preview: bool = False) -> Attempt:
    """Begin an attempt, or give back the open one.

    Raises RuleBroken (not-open, no-attempts-left, no-questions). Whether the person is admitted, or may preview, is
    the caller's question. What was allowed to the person beyond the rules holds. A preview ignores window and number of
    attempts, and begins anew when the paper changed.
    """
    moment = clock.now()
    # One start at a time for a person: two of them cannot both count the attempts used.
    session().execute(select(Person.id).where(Person.id == account.person_id).with_for_update(key_share=True))
    attempt = _find_open(quiz, account.person_id, preview)
    if attempt is not None and attempt.over_at(moment):
        close(attempt, BY_DEADLINE)
    elif attempt is not None and preview and _differs(attempt, paper_of(quiz, None, attempt.seed)):
        session().delete(attempt)
        session().flush()
    elif attempt is not None:
        return attempt
    seed = secrets.randbelow(HIGHEST_SEED)
    paper = paper_of(quiz, None if preview else account.person_id, seed)
    if not paper:
        raise RuleBroken(N_("Bài chưa có câu hỏi nào."), code="no-questions")
    allowance = allowance_of(quiz, account.person_id)
    if not preview:
        _refuse_start(quiz, account.person_id, allowance, moment)
        exposure.refresh(quiz)
    deadline_at = allowance.deadline(moment, window=not preview)
    return _begin(quiz, account, paper, seed, moment, deadline_at, preview=preview)


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
    if not attempt.preview and not attempt.quiz.practice:
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


def _differs(attempt: Attempt, paper: Paper) -> bool:
    kept = {(item.question_version_id, item.points, item.section_id) for item in attempt.items}
    limit = timedelta(minutes=attempt.quiz.time_limit_minutes) if attempt.quiz.time_limit_minutes else None
    given = attempt.deadline_at - attempt.started_at if attempt.deadline_at else None
    return kept != {(version.id, points, section_id) for version, points, section_id in paper} or limit != given


def _refuse_start(quiz: Quiz, person_id: int, allowance: Allowance, moment: datetime) -> None:
    if not allowance.open_at(moment):
        raise RuleBroken(N_("Bài này hiện không mở."), code="not-open")
    if allowance.attempts is not None:
        used = session().scalar(
            select(func.count()).where(
                Attempt.quiz_id == quiz.id, Attempt.person_id == person_id, Attempt.preview.is_(False)
            )
        )
        if not allowance.attempts_left(used or 0):
            message = N_("Đã dùng hết %(n)s lượt làm bài.")
            raise RuleBroken(message, code="no-attempts-left", n=allowance.attempts)


def _begin(
    quiz: Quiz,
    account: Account,
    paper: Paper,
    seed: int,
    moment: datetime,
    deadline_at: datetime | None,
    *,
    preview: bool,
) -> Attempt:
    attempt = Attempt(
        quiz=quiz,
        person_id=account.person_id,
        preview=preview,
        started_at=moment,
        deadline_at=deadline_at,
        max_score=sum(points for _version, points, _section_id in paper),
        seed=seed,
    )
    session().add(attempt)
    session().flush()
    for position, (version, points, section_id) in enumerate(in_order(paper, seed, quiz.shuffle), 1):
        attempt.items.append(
            AttemptItem(
                position=position,
                question_version=version,
                option_order=option_order(version, seed, quiz.shuffle),
                points=points,
                section_id=section_id,
            )
        )
    session().flush()
    schedule_closing(attempt, account.id)
    return attempt


def schedule_closing(attempt: Attempt, owner_id: int) -> None:
    """Have the server close the attempt at its deadline, where it has one."""
    if attempt.deadline_at is not None:
        # SQLite may give a removed preview's id again; the deadline keeps the two apart.
        key = f"{CLOSING_JOB}:{attempt.id}:{attempt.deadline_at.timestamp():.0f}"
        jobs.enqueue(CLOSING_JOB, {}, key=key, owner_id=owner_id, run_at=attempt.deadline_at)
