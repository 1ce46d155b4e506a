"""Question banks, quizzes made from them, and attempts: an attempt keeps the version of each question it saw."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import clock
from lms.core.db import Base
from lms.core.text import fold
from lms.people.models import Person
from lms.units.models import Unit


class QuestionKind(StrEnum):
    """Kinds of question."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "truefalse"
    SHORT = "short"


class Difficulty(StrEnum):
    """How hard a question is meant to be."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class ShowRule(StrEnum):
    """What a person sees after handing in."""

    NONE = "none"
    SCORE = "score"
    FULL = "full"


class GradePolicy(StrEnum):
    """Which of several attempts counts."""

    BEST = "best"
    LAST = "last"


class QuestionBank(Base):
    """A collection of questions owned by a unit; `key` is set for a bank loaded from a course's files."""

    __tablename__ = "question_banks"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str | None] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    search: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    unit: Mapped[Unit] = relationship()
    questions: Mapped[list["Question"]] = relationship(back_populates="bank", order_by="Question.position")

    @property
    def from_files(self) -> bool:
        """Whether a course's files say what is in it; the browser then only shows it."""
        return self.key is not None

    def rename(self, title: str, title_en: str | None) -> None:
        """Set both titles and the folded text they are found by."""
        self.title, self.title_en = title, title_en or None
        self.search = fold(f"{title} {title_en or ''}")[:400]


class Question(Base):
    """A question; its words are versions, of which `current_number` is asked next: an attempt keeps what it saw."""

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("bank_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("question_banks.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(String(12))
    topic: Mapped[str] = mapped_column(String(80), default="")
    difficulty: Mapped[Difficulty] = mapped_column(String(8), default=Difficulty.MEDIUM)
    search: Mapped[str] = mapped_column(Text, default="")
    retired_at: Mapped[datetime | None]
    current_number: Mapped[int] = mapped_column(default=1)

    bank: Mapped[QuestionBank] = relationship(back_populates="questions")
    current_version: Mapped["QuestionVersion"] = relationship(
        primaryjoin="and_(QuestionVersion.question_id == Question.id, "
        "foreign(QuestionVersion.number) == Question.current_number)",
        viewonly=True,
        uselist=False,
    )
    versions: Mapped[list["QuestionVersion"]] = relationship(
        back_populates="question", order_by="QuestionVersion.number"
    )


class QuestionVersion(Base):
    """The words of a question at one time.

    `options`: list of `{"id": "a", "text", "text_en", "right", "feedback", "feedback_en"}` for single, multiple and
    truefalse; `accepted`: right answers of a short one; `exact`: whether accents, case and spaces count in it.
    Frozen once an attempt has seen it. `cites`: a document's key and the place in it, "nd-72-2015 Điều 6".
    """

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    number: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(String(12))
    stem: Mapped[str] = mapped_column(Text)
    stem_en: Mapped[str | None] = mapped_column(Text)
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    accepted: Mapped[list[str]] = mapped_column(JSON, default=list)
    exact: Mapped[bool] = mapped_column(default=False)
    feedback: Mapped[str] = mapped_column(Text, default="")
    feedback_en: Mapped[str | None] = mapped_column(Text)
    cites: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    question: Mapped[Question] = relationship(back_populates="versions")


class Quiz(Base):
    """A paper: questions with points, and the rules of taking it. `pass_percent` is of all points, 0 to 100."""

    __tablename__ = "quizzes"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str | None] = mapped_column(String(200))
    intro: Mapped[str] = mapped_column(Text, default="")
    intro_en: Mapped[str | None] = mapped_column(Text)
    time_limit_minutes: Mapped[int | None]
    attempts_allowed: Mapped[int | None]
    pass_percent: Mapped[int] = mapped_column(default=50)
    show: Mapped[ShowRule] = mapped_column(String(8), default=ShowRule.FULL)
    grade_policy: Mapped[GradePolicy] = mapped_column(String(8), default=GradePolicy.BEST)
    shuffle: Mapped[bool] = mapped_column(default=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    unit: Mapped[Unit] = relationship()
    items: Mapped[list["QuizItem"]] = relationship(
        back_populates="quiz", order_by="QuizItem.position", cascade="all, delete-orphan"
    )

    @property
    def from_files(self) -> bool:
        """Whether a course's files say what is in it; the browser then only shows it."""
        return self.key is not None

    @property
    def max_score(self) -> int:
        """All points."""
        return sum(item.points for item in self.items)

    def rename(self, title: str, title_en: str | None) -> None:
        """Set both titles and the folded text they are found by."""
        self.title, self.title_en = title, title_en or None
        self.search = fold(f"{title} {title_en or ''}")[:400]

    def open_at(self, moment: datetime) -> bool:
        """Whether it is published and the moment lies in its window."""
        return (
            self.published_at is not None
            and (self.opens_at is None or self.opens_at <= moment)
            and (self.closes_at is None or moment < self.closes_at)
        )


class QuizItem(Base):
    """A question's place in a quiz, worth `points`."""

    __tablename__ = "quiz_items"
    __table_args__ = (UniqueConstraint("quiz_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    position: Mapped[int]
    points: Mapped[int] = mapped_column(default=1)

    quiz: Mapped[Quiz] = relationship(back_populates="items")
    question: Mapped[Question] = relationship()


class Attempt(Base):
    """One person taking a quiz once. The deadline is the server's, fixed at the start; scores are in points.

    `handed_in_at` is set once, by the person or, at the deadline, by the server (`closed_by` "person" or "deadline").
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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    preview: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(10))
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

    `answer`: {"chosen": ["a", "c"]} or {"text": "…"}; `saved_seq` is the browser's counter of saves: a save with a
    lower one came late and changes nothing.
    """

    __tablename__ = "attempt_items"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int]
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    option_order: Mapped[list[str]] = mapped_column(JSON, default=list)
    points: Mapped[int]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    saved_at: Mapped[datetime | None]
    saved_seq: Mapped[int] = mapped_column(default=0)
    flagged: Mapped[bool] = mapped_column(default=False)
    score: Mapped[float | None]

    attempt: Mapped[Attempt] = relationship(back_populates="items")
    question_version: Mapped[QuestionVersion] = relationship()
