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
    return sum((Fraction(one).limit_denominator(10_000) for one in points if one is not None), Fraction(0))


def settle(attempt: Attempt) -> None:
    """Sum up a closed attempt anew; where nothing waits any more it is marked, and the rooms above are told.

    The attempt's row must be locked by the caller or be alone.
    """
    session().flush()
    points = list(session().scalars(select(AttemptItem.score).where(AttemptItem.attempt_id == attempt.id)))
    score = total(points)
    attempt.score = float(score)
    if None in points:
        attempt.marked_at, attempt.passed = None, None
    else:
        attempt.marked_at = attempt.marked_at or clock.now()
        attempt.passed = is_pass(score, Fraction(attempt.max_score), attempt.quiz.pass_percent)
    session().flush()
    if attempt.marked_at is not None and not attempt.preview:
        marked.send(attempt)
