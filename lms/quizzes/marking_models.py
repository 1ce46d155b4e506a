"""What people add to the marks of a machine: judged essays, regrades after a corrected key, appeals."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import Base
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.models import Question, QuestionVersion, Quiz


class EssayMark(Base):
    """How one marker judged one essay: points a criterion (by its id in the rubric) and of the question.

    `settling`: the third judgement that stands where two markers were too far apart.
    """

    __tablename__ = "essay_marks"
    __table_args__ = (UniqueConstraint("attempt_item_id", "marker_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_items.id", ondelete="CASCADE"))
    marker_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    levels: Mapped[dict[str, int]] = mapped_column(JSON)
    points: Mapped[float]
    comment: Mapped[str] = mapped_column(Text, default="")
    settling: Mapped[bool] = mapped_column(default=False)
    marked_at: Mapped[datetime] = mapped_column(default=clock.now)

    item: Mapped[AttemptItem] = relationship()
    marker: Mapped[Account] = relationship()


class Regrade(Base):
    """A corrected key put over attempts that had seen the old one: who, why, and how many changed."""

    __tablename__ = "regrades"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    key_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    reason: Mapped[str] = mapped_column(String(1000))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    quiz: Mapped[Quiz] = relationship()
    question: Mapped[Question] = relationship()
    key_version: Mapped[QuestionVersion] = relationship()
    account: Mapped[Account] = relationship()
    changes: Mapped[list["RegradeChange"]] = relationship(back_populates="regrade")


class RegradeChange(Base):
    """One answer whose points a regrade changed, and what that did to its attempt; scores are in points."""

    __tablename__ = "regrade_changes"

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrades.id"), primary_key=True)
    attempt_item_id: Mapped[int] = mapped_column(
        ForeignKey("attempt_items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    points_before: Mapped[float | None]
    points_after: Mapped[float | None]
    score_before: Mapped[float | None]
    score_after: Mapped[float | None]
    passed_before: Mapped[bool | None]
    passed_after: Mapped[bool | None]

    regrade: Mapped[Regrade] = relationship(back_populates="changes")
    item: Mapped[AttemptItem] = relationship()


class Appeal(Base):
    """A person's request to look at one question of an own attempt again, and the answer with its reason."""

    __tablename__ = "appeals"
    __table_args__ = (UniqueConstraint("attempt_item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), index=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_items.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(2000))
    filed_at: Mapped[datetime] = mapped_column(default=clock.now)
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]
    points_before: Mapped[float | None]
    points_after: Mapped[float | None]

    attempt: Mapped[Attempt] = relationship()
    item: Mapped[AttemptItem] = relationship()
    answered_by: Mapped[Account | None] = relationship()
