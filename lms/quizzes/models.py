"""Question banks and the quizzes made from them; attempts are in `attempt_models`, marking in `marking_models`."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import clock
from lms.core.db import Base
from lms.core.text import fold
from lms.quizzes import kinds
from lms.quizzes.kinds.content import Content
from lms.units.models import Unit


class QuestionKind(StrEnum):
    """Kinds of question."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "truefalse"
    SHORT = "short"
    NUMERIC = "numeric"
    MATCHING = "matching"
    ORDERING = "ordering"
    CLOZE = "cloze"
    ESSAY = "essay"
    HOTSPOT = "hotspot"


class Difficulty(StrEnum):
    """How hard a question is meant to be."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class ShowRule(StrEnum):
    """What a person sees once results are shown: nothing, the score, which answers were right, or all with the key."""

    NONE = "none"
    SCORE = "score"
    MARKS = "marks"
    FULL = "full"


class ShowFrom(StrEnum):
    """Since when results are shown."""

    HANDED_IN = "handed-in"
    CLOSED = "closed"


class GradePolicy(StrEnum):
    """Which of several attempts counts; the average counts them all."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    AVERAGE = "average"


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
    """A question; its words are versions, of which `current_number` is asked next: an attempt keeps what it saw.

    `category` is a path of folders, "Khung pháp lý/Nghị định". `fingerprint` is the same for questions that say the
    same, see `wording.fingerprint`.
    """

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("bank_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("question_banks.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200), default="")
    category: Mapped[str] = mapped_column(String(300), default="")
    topic: Mapped[str] = mapped_column(String(80), default="")
    difficulty: Mapped[Difficulty] = mapped_column(String(8), default=Difficulty.MEDIUM)
    search: Mapped[str] = mapped_column(Text, default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="", index=True)
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
    tags: Mapped[list["QuestionTag"]] = relationship(order_by="QuestionTag.folded", cascade="all, delete-orphan")


class QuestionTag(Base):
    """A word a question is found by; `folded` without accents and case, so that one tag stands once."""

    __tablename__ = "question_tags"

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    folded: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    tag: Mapped[str] = mapped_column(String(60))


class QuestionFigure(Base):
    """An image in questions, named by the SHA-256 of its bytes: `![words](figure:DIGEST)`, so it never changes.

    `width` and `height` in pixels. The bytes lie in `core.files`.
    """

    __tablename__ = "question_figures"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class QuestionImport(Base):
    """A file of questions handed in for a bank: read, looked at, then written once, all or nothing.

    `digest` names the stored bytes; `format` is how it was read; `added` counts the questions written.
    """

    __tablename__ = "question_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("question_banks.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    written_at: Mapped[datetime | None]
    added: Mapped[int] = mapped_column(default=0)

    bank: Mapped[QuestionBank] = relationship()


class QuestionVersion(Base):
    """The words of a question at one time: frozen once an attempt has seen it.

    `stem` and `feedback` are Markdown; `body` is what the kind says besides, read by `lms.quizzes.kinds`;
    `cites`: a document's key and the place in it, "nd-72-2015 Điều 6".
    """

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    number: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(String(12))
    stem: Mapped[str] = mapped_column(Text)
    stem_en: Mapped[str | None] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    feedback: Mapped[str] = mapped_column(Text, default="")
    feedback_en: Mapped[str | None] = mapped_column(Text)
    cites: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    question: Mapped[Question] = relationship(back_populates="versions")

    @property
    def content(self) -> Content:
        """What its kind says, ready to be answered and marked."""
        return kinds.read(self.kind, self.body)


class Quiz(Base):
    """A paper and the rules of taking it: fixed questions, or lines of a blueprint from which each attempt draws.

    `pass_percent` is of all points, 0 to 100. `practice`: each answer is told right or wrong at once, nothing counts.
    `markers`: how many people mark an essay; two whose marks are further apart than `marking_gap`, in percent of the
    question's points, need a third. `exposure_percent`: a question that more than this share of attempts have had is
    drawn only where no other is left; `exposure` is the count that the draws go by, question id -> attempts, as of
    `exposed_at`; also "attempts" -> all that were counted, "up-to" -> the id of the last of them.
    """

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
    show_from: Mapped[ShowFrom] = mapped_column(String(10), default=ShowFrom.HANDED_IN, server_default="handed-in")
    practice: Mapped[bool] = mapped_column(default=False, server_default=false())
    markers: Mapped[int] = mapped_column(default=1, server_default="1")
    marking_gap: Mapped[int] = mapped_column(default=20, server_default="20")
    exposure_percent: Mapped[int | None]
    exposure: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    exposed_at: Mapped[datetime | None]
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
    sections: Mapped[list["QuizSection"]] = relationship(
        back_populates="quiz", order_by="QuizSection.position", cascade="all, delete-orphan"
    )
    draws: Mapped[list["QuizDraw"]] = relationship(
        back_populates="quiz", order_by="QuizDraw.position", cascade="all, delete-orphan"
    )

    @property
    def from_files(self) -> bool:
        """Whether a course's files say what is in it; the browser then only shows it."""
        return self.key is not None

    @property
    def max_score(self) -> int:
        """All points."""
        return sum(item.points for item in self.items) + sum(draw.points * draw.count for draw in self.draws)

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


class QuizSection(Base):
    """A part of a paper under a heading of its own; items and draws without one come first."""

    __tablename__ = "quiz_sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str | None] = mapped_column(String(200))
    intro: Mapped[str] = mapped_column(Text, default="")
    intro_en: Mapped[str | None] = mapped_column(Text)

    quiz: Mapped[Quiz] = relationship(back_populates="sections")


class QuizDraw(Base):
    """A line of a blueprint: `count` questions of a bank that fit what is filled in, worth `points` each."""

    __tablename__ = "quiz_draws"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_sections.id"))
    position: Mapped[int]
    bank_id: Mapped[int] = mapped_column(ForeignKey("question_banks.id"))
    category: Mapped[str] = mapped_column(String(300), default="")
    topic: Mapped[str] = mapped_column(String(80), default="")
    tag: Mapped[str] = mapped_column(String(60), default="")
    difficulty: Mapped[Difficulty | None] = mapped_column(String(8))
    kind: Mapped[QuestionKind | None] = mapped_column(String(12))
    count: Mapped[int]
    points: Mapped[int] = mapped_column(default=1)

    quiz: Mapped[Quiz] = relationship(back_populates="draws")
    bank: Mapped[QuestionBank] = relationship()


class QuizItem(Base):
    """A question's fixed place in a quiz, worth `points`."""

    __tablename__ = "quiz_items"
    __table_args__ = (UniqueConstraint("quiz_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_sections.id"))
    position: Mapped[int]
    points: Mapped[int] = mapped_column(default=1)

    quiz: Mapped[Quiz] = relationship(back_populates="items")
    question: Mapped[Question] = relationship()
