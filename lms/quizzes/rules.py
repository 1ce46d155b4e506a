"""The rules of taking a quiz, as a form or a file says them."""

from dataclasses import dataclass
from datetime import datetime

from lms.quizzes.models import GradePolicy, ShowFrom, ShowRule


@dataclass(frozen=True)
class Rules:
    """All a quiz says besides its questions, see `Quiz`; `pass_percent` is of all points, moments are UTC."""

    title: str
    title_en: str | None = None
    intro: str = ""
    intro_en: str | None = None
    time_limit_minutes: int | None = None
    attempts_allowed: int | None = None
    pass_percent: int = 50
    show: ShowRule = ShowRule.FULL
    grade_policy: GradePolicy = GradePolicy.BEST
    shuffle: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    show_from: ShowFrom = ShowFrom.HANDED_IN
    practice: bool = False
    markers: int = 1
    marking_gap: int = 20
    exposure_percent: int | None = None
