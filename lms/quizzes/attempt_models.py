"""Attempts at quizzes: the paper as one person saw it, every answer as it came, and what was allowed to one person."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import clock
from lms.core.db import Base
from lms.people.models import Person
from lms.quizzes.models import QuestionVersion, Quiz, QuizSection


class Attempt(Base):
    """One person taking a quiz once. The deadline is the server's, fixed at the start; scores are in points.

    `handed_in_at` is set once, by the person or, at the deadline, by the server (`closed_by` "person" or "deadline").
    `marked_at` is set then too, or, where an essay waits for its markers, when the last of them is done: only then does
    `passed` say anything. `seed` is what the paper was drawn and shuffled by.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_quiz_person", "quiz_id", "person_id"),
        Index(
            "uq_attempts_one_open",
            "quiz_id",
            "person_id",
            "preview",
            unique=True,
            sqlite_where=text("handed_in_at IS NULL"),
            postgresql_where=text("handed_in_at IS NULL"),
        ),
        Index(
            "ix_attempts_open_deadline",
            "deadline_at",
            sqlite_where=text("handed_in_at IS NULL"),
            postgresql_where=text("handed_in_at IS NULL"),
        ),
        Index(
            "ix_attempts_to_mark",
            "quiz_id",
            sqlite_where=text("handed_in_at IS NOT NULL AND marked_at IS NULL"),
            postgresql_where=text("handed_in_at IS NOT NULL AND marked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    preview: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(10))
    marked_at: Mapped[datetime | None]
    seed: Mapped[int] = mapped_column(default=0, server_default="0")
    score: Mapped[float | None]
    max_score: Mapped[float]
    passed: Mapped[bool | None]

    quiz: Mapped[Quiz] = relationship()
    person: Mapped[Person] = relationship()
    items: Mapped[list["AttemptItem"]] = relationship(
        back_populates="attempt", order_by="AttemptItem.position", cascade="all, delete-orphan"
    )

    @property
    def percent(self) -> float:
        """The score as a percentage of all points, 0 while there is none."""
        return 100 * (self.score or 0.0) / self.max_score if self.max_score else 0.0

    def over_at(self, moment: datetime) -> bool:
        """Whether it takes no more answers: handed in, or its deadline has come."""
        return self.handed_in_at is not None or (self.deadline_at is not None and self.deadline_at <= moment)


class AttemptItem(Base):
    """A question as this attempt saw it, and the answer given.

    `answer` has the shape of its kind, see `lms.quizzes.kinds`; `saved_seq` is the browser's counter of saves: a save
    with a lower one came late and changes nothing. `key_version_id`: the version whose key marks it, where a regrade
    put another in place of the one that was seen. `seconds`: how long the question stood before the person, as the
    browser counts. `score` is None while a marker has not judged it; `comment` is the marker's to the person.
    """

    __tablename__ = "attempt_items"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int]
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    key_version_id: Mapped[int | None] = mapped_column(ForeignKey("question_versions.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_sections.id", ondelete="SET NULL"))
    option_order: Mapped[list[str]] = mapped_column(JSON, default=list)
    points: Mapped[int]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    saved_at: Mapped[datetime | None]
    saved_seq: Mapped[int] = mapped_column(default=0)
    flagged: Mapped[bool] = mapped_column(default=False)
    seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    score: Mapped[float | None]
    comment: Mapped[str | None] = mapped_column(Text)

    attempt: Mapped[Attempt] = relationship(back_populates="items")
    question_version: Mapped[QuestionVersion] = relationship(foreign_keys=[question_version_id])
    key_version: Mapped[QuestionVersion | None] = relationship(foreign_keys=[key_version_id])
    section: Mapped[QuizSection | None] = relationship()


class AnswerEvent(Base):
    """An answer as it came from a browser, kept whatever became of it; a `client_id` comes in once for a question.

    `counted` is False for one that came after the deadline or after a later one.
    """

    __tablename__ = "answer_events"
    __table_args__ = (UniqueConstraint("attempt_item_id", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_items.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(36))
    seq: Mapped[int]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    counted: Mapped[bool]


class Accommodation(Base):
    """What one person is allowed at one quiz beyond its rules, with the reason; withdrawn, not deleted.

    `extra_minutes` lengthen the attempt under way and each begun after it; `closes_at` takes the place of the quiz's
    own.
    """

    __tablename__ = "quiz_accommodations"
    __table_args__ = (
        Index(
            "uq_quiz_accommodations_standing",
            "quiz_id",
            "person_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    extra_minutes: Mapped[int] = mapped_column(default=0)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    closes_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500))
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]

    quiz: Mapped[Quiz] = relationship()
    person: Mapped[Person] = relationship()
