"""What a person's attempts at a quiz come to, by its policy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Protocol, TypeVar

from lms.quizzes.models import GradePolicy

ROUNDING = 1e-9
"""Percentages this near are equal: scores are stored as floating point."""


class Scored(Protocol):
    """What choosing the attempt that counts needs of it."""

    id: int
    score: float | None
    handed_in_at: datetime | None


class Graded(Scored, Protocol):
    """What a grade needs of an attempt; `passed` is None while something waits for a marker."""

    max_score: float
    passed: bool | None


Attempt = TypeVar("Attempt", bound=Scored)


@dataclass(frozen=True)
class Grade:
    """A person's result: points of so many, and whether it is a pass; None while something waits for a marker.

    Of an average the points are those of the last attempt's paper that make the mean of the percentages.
    """

    score: float
    max_score: float
    passed: bool | None

    @property
    def percent(self) -> float:
        """The score as a percentage of all points."""
        return 100 * self.score / self.max_score if self.max_score else 0.0


def counting(attempts: Iterable[Attempt], policy: GradePolicy) -> list[Attempt]:
    """The attempts that count, of those handed in: the best (of equals the first), the last, the first, or all."""
    closed = sorted((one for one in attempts if one.handed_in_at is not None), key=lambda one: one.id)
    if policy == GradePolicy.AVERAGE or not closed:
        return closed
    if policy == GradePolicy.BEST:
        return [max(closed, key=lambda one: one.score or 0)]
    return [closed[-1] if policy == GradePolicy.LAST else closed[0]]


def grade(attempts: Iterable[Graded], policy: GradePolicy, pass_percent: int) -> Grade | None:
    """What the attempts come to; None without one handed in."""
    closed = counting(attempts, policy)
    if not closed:
        return None
    last = closed[-1]
    if policy != GradePolicy.AVERAGE:
        return Grade(last.score or 0.0, last.max_score, last.passed)
    percent = mean_percent(closed)
    waits = any(one.passed is None for one in closed)
    return Grade(percent * last.max_score / 100, last.max_score, None if waits else reaches(percent, pass_percent))


def mean_percent(attempts: Sequence[Graded]) -> float:
    """The mean of the percentages of at least one attempt."""
    return fmean(100 * (one.score or 0.0) / one.max_score if one.max_score else 0.0 for one in attempts)


def reaches(percent: float, pass_percent: int) -> bool:
    """Whether a mean of percentages is a pass."""
    return percent >= pass_percent - ROUNDING
