"""Who takes which course and how far they are; progress is what was finished, never an estimate."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base
from lms.courses.models import Course, Lesson
from lms.people.models import Person


class Enrolment(Base):
    """A person takes a course; `completed_at` is set once, when every lesson of the day's edition was finished."""

    __tablename__ = "enrolments"
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    enrolled_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    last_lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id"))

    person: Mapped[Person] = relationship()
    course: Mapped[Course] = relationship()
    last_lesson: Mapped[Lesson | None] = relationship()


class LessonProgress(Base):
    """A lesson opened and perhaps finished. `place` is the heading last read (an element id), to come back to."""

    __tablename__ = "lesson_progress"
    __table_args__ = (UniqueConstraint("enrolment_id", "lesson_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    opened_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    place: Mapped[str | None]
