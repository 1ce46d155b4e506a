"""Which of a person's attempts counts for a quiz."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from lms.quizzes.models import GradePolicy


class Graded(Protocol):
    """What grading needs of an attempt."""

    id: int
    score: float | None
    handed_in_at: datetime | None


Attempt = TypeVar("Attempt", bound=Graded)


def counted(attempts: Iterable[Attempt], policy: GradePolicy) -> Attempt | None:
    """The attempt that counts: of those handed in the last, or the best and of equals the first; None without one."""
    closed = sorted((one for one in attempts if one.handed_in_at is not None), key=lambda one: one.id)
    if not closed:
        return None
    return closed[-1] if policy == GradePolicy.LAST else max(closed, key=lambda one: one.score or 0)
