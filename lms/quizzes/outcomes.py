"""What came of an attempt: its points a question, their sum, whether it is a pass; computed the same at any time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from lms.quizzes import marking
from lms.quizzes.attempt_models import Attempt, AttemptItem

BY_PERSON = "person"
BY_DEADLINE = "deadline"


@dataclass(frozen=True)
class Marks:
    """Points of a paper; `by_position` gives each question's, keyed by its place from 1, None while it waits for a
    marker; `score` is the sum of what is known; `passed` is None while something waits."""

    by_position: dict[int, Fraction | None]
    score: Fraction
    passed: bool | None


@dataclass(frozen=True)
class Outcome:
    """A closed attempt as its result page tells it; `passed` is None while essays wait for a marker."""

    handed_in_at: datetime
    closed_by: str
    score: float
    max_score: float
    passed: bool | None
    by_position: dict[int, float | None]
    answered: int
    questions: int
    time_used: timedelta

    @property
    def percent(self) -> float:
        """The score as a percentage of all points."""
        return 100 * self.score / self.max_score if self.max_score else 0.0

    @property
    def waiting(self) -> int:
        """Questions that wait for a marker."""
        return sum(points is None for points in self.by_position.values())

    def judged_points(self, items: Iterable[AttemptItem]) -> int:
        """What the questions are worth that have been marked."""
        return sum(item.points for item in items if self.by_position[item.position] is not None)


def marks_of(items: Iterable[AttemptItem], max_score: float, pass_percent: int) -> Marks:
    """Mark every answer of a paper, by the key put in place of the one seen where there is one.

    What a person judged stays as judged. The items' versions should be loaded.
    """
    by_position = {item.position: points_of(item) for item in items}
    score = sum((points for points in by_position.values() if points is not None), Fraction(0))
    whole = None not in by_position.values()
    return Marks(by_position, score, marking.is_pass(score, Fraction(max_score), pass_percent) if whole else None)


def points_of(item: AttemptItem) -> Fraction | None:
    """The points of one answer; None while it waits for a marker."""
    version = item.key_version if item.key_version_id is not None else item.question_version
    share = marking.fraction((version or item.question_version).content, item.answer)
    if share is None:
        return None if item.score is None else Fraction(item.score)
    return share * item.points


def outcome_of(attempt: Attempt, moment: datetime) -> Outcome | None:
    """The outcome, None while answers may still come.

    An attempt whose deadline has come but which no job has closed yet is marked here as the job will mark it, so that
    a reader never sees it open.
    """
    if not attempt.over_at(moment):
        return None
    if attempt.handed_in_at is not None:
        ended, closed_by = attempt.handed_in_at, attempt.closed_by or BY_PERSON
        score, passed = attempt.score or 0.0, attempt.passed
        by_position = {item.position: item.score for item in attempt.items}
    else:
        marks = marks_of(attempt.items, attempt.max_score, attempt.quiz.pass_percent)
        ended, closed_by = attempt.deadline_at or moment, BY_DEADLINE
        score, passed = float(marks.score), marks.passed
        by_position = {place: None if one is None else float(one) for place, one in marks.by_position.items()}
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
