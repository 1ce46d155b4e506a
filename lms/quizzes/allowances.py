"""How long, how often and until when one person may take a quiz: its rules and what was allowed to that person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from lms.core.db import session
from lms.quizzes.attempt_models import Accommodation
from lms.quizzes.models import Quiz


@dataclass(frozen=True)
class Allowance:
    """The rules as they hold for one person; None is no limit."""

    published: bool
    minutes: int | None
    attempts: int | None
    opens_at: datetime | None
    closes_at: datetime | None

    def open_at(self, moment: datetime) -> bool:
        """Whether the quiz is published and the moment lies in the person's window."""
        begun = self.opens_at is None or self.opens_at <= moment
        return self.published and begun and (self.closes_at is None or moment < self.closes_at)

    def attempts_left(self, used: int) -> bool:
        """Whether another attempt is allowed after so many."""
        return self.attempts is None or used < self.attempts

    def deadline(self, start: datetime, *, window: bool = True) -> datetime | None:
        """When an attempt begun at `start` is over; without `window` only the time limit counts."""
        ends = [start + timedelta(minutes=self.minutes)] if self.minutes else []
        if self.closes_at is not None and window:
            ends.append(self.closes_at)
        return min(ends, default=None)


def allowance_of(quiz: Quiz, person_id: int) -> Allowance:
    """What holds for the person, in one statement."""
    extra = session().scalar(
        select(Accommodation).where(
            Accommodation.quiz_id == quiz.id,
            Accommodation.person_id == person_id,
            Accommodation.withdrawn_at.is_(None),
        )
    )
    return allowed(quiz, extra)


def allowed(quiz: Quiz, extra: Accommodation | None) -> Allowance:
    """The rules of a quiz with what is allowed beyond them."""
    minutes, attempts, closes_at = quiz.time_limit_minutes, quiz.attempts_allowed, quiz.closes_at
    if extra is not None:
        minutes = minutes + extra.extra_minutes if minutes else minutes
        attempts = attempts + extra.extra_attempts if attempts is not None else None
        closes_at = extra.closes_at or closes_at
    return Allowance(quiz.published_at is not None, minutes, attempts, quiz.opens_at, closes_at)


def closed_for_all_at(quiz: Quiz) -> datetime | None:
    """When the last person's window closes: only then does a result help nobody; None while the quiz has no end."""
    if quiz.closes_at is None:
        return None
    latest = session().scalar(
        select(func.max(Accommodation.closes_at)).where(
            Accommodation.quiz_id == quiz.id, Accommodation.withdrawn_at.is_(None)
        )
    )
    return max(quiz.closes_at, latest) if latest else quiz.closes_at
