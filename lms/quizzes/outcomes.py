"""What came of an attempt: its points a question, their sum, whether it is a pass; computed the same at any time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from lms.quizzes import marking
from lms.quizzes.models import Attempt, AttemptItem

BY_PERSON = "person"
BY_DEADLINE = "deadline"


@dataclass(frozen=True)
class Marks:
    """Points of a paper; `by_position` gives each question's, keyed by its place from 1."""

    by_position: dict[int, Fraction]
    score: Fraction
    passed: bool


@dataclass(frozen=True)
class Outcome:
    """A closed attempt as its result page tells it."""

    handed_in_at: datetime
    closed_by: str
    score: float
    max_score: float
    passed: bool
    by_position: dict[int, float]
    answered: int
    questions: int
    time_used: timedelta

    @property
    def percent(self) -> float:
        """The score as a percentage of all points."""
        return 100 * self.score / self.max_score if self.max_score else 0.0


def marks_of(items: Iterable[AttemptItem], max_score: float, pass_percent: int) -> Marks:
    """Mark every answer of a paper; the items' versions should be loaded."""
    parts = [(item, marking.fraction(item.question_version, item.answer)) for item in items]
    score = marking.total([(share, item.points) for item, share in parts])
    return Marks(
        by_position={item.position: share * item.points for item, share in parts},
        score=score,
        passed=marking.is_pass(score, Fraction(max_score), pass_percent),
    )


def outcome_of(attempt: Attempt, moment: datetime) -> Outcome | None:
    """The outcome, None while answers may still come.

    An attempt whose deadline has come but which no job has closed yet is marked here as the job will mark it, so that
    a reader never sees it open.
    """
    if not attempt.over_at(moment):
        return None
    if attempt.handed_in_at is not None:
        ended, closed_by = attempt.handed_in_at, attempt.closed_by or BY_PERSON
        score, passed = attempt.score or 0.0, bool(attempt.passed)
        by_position = {item.position: item.score or 0.0 for item in attempt.items}
    else:
        marks = marks_of(attempt.items, attempt.max_score, attempt.quiz.pass_percent)
        ended, closed_by = attempt.deadline_at or moment, BY_DEADLINE
        score, passed = float(marks.score), marks.passed
        by_position = {position: float(points) for position, points in marks.by_position.items()}
    return Outcome(
        handed_in_at=ended,
        closed_by=closed_by,
        score=score,
        max_score=attempt.max_score,
        passed=passed,
        by_position=by_position,
        answered=sum(item.answer is not None for item in attempt.items),
        questions=len(attempt.items),
        time_used=ended - attempt.started_at,
    )
