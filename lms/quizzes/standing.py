"""The sum of an attempt from the points that stand, after a marker, a corrected key or an appeal changed one."""

from fractions import Fraction

from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.marking import is_pass
from lms.quizzes.signals import marked


def total(points: list[float | None]) -> Fraction:
    """The points known so far; thirds that were stored as floating point come back as thirds."""
    return sum((Fraction(one).limit_denominator(1_000_000) for one in points if one is not None), Fraction(0))


def sums(attempt: Attempt, before: float | None, after: float) -> tuple[float, bool | None]:
    """Score and pass of a closed attempt once one answer's points are `after` instead of `before`.

    From the sum that stands, so that no other answer need be read; passed is None while something else waits.
    """
    return _judged(attempt, total([attempt.score, -(before or 0.0), after]))


def settle(attempt: Attempt) -> None:
    """Sum up a closed attempt anew; where nothing waits any more it is marked, and the rooms above are told.

    The attempt's row must be locked by the caller or be alone.
    """
    session().flush()
    points = list(session().scalars(select(AttemptItem.score).where(AttemptItem.attempt_id == attempt.id)))
    if None not in points:
        attempt.marked_at = attempt.marked_at or clock.now()
    attempt.score, attempt.passed = _judged(attempt, total(points))
    tell(attempt)


def tell(attempt: Attempt) -> None:
    """Let the rooms above hear what an attempt comes to now, once nothing in it waits."""
    session().flush()
    if attempt.marked_at is not None and not attempt.preview:
        marked.send(attempt)


def _judged(attempt: Attempt, score: Fraction) -> tuple[float, bool | None]:
    whole = attempt.marked_at is not None
    return float(score), is_pass(score, Fraction(attempt.max_score), attempt.quiz.pass_percent) if whole else None
