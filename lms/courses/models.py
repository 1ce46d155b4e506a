"""The catalogue: course > module > lesson, loaded from files; stable keys let progress outlive a new edition."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Account
from lms.core.db import Base
from lms.quizzes.models import Quiz
from lms.units.models import Unit


class LessonKind(StrEnum):
    """What a lesson consists of."""

    READING = "reading"
    VIDEO = "video"
    FILE = "file"
    QUIZ = "quiz"


class Course(Base):
    """A course as its files last said; `edition` is a digest of those files; `retired_at` when the folder is gone."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    summary_en: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text, default="")
    audience_en: Mapped[str] = mapped_column(Text, default="")
    objectives: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    hours: Mapped[int] = mapped_column(default=0)
    final_test_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id"))
    edition: Mapped[str] = mapped_column(String(64))
    search: Mapped[str] = mapped_column(Text, default="")
    loaded_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    final_test: Mapped[Quiz | None] = relationship()
    modules: Mapped[list["Module"]] = relationship(back_populates="course", order_by="Module.position")


class CourseStaff(Base):
    """Someone who teaches a course: sees its results and marks its work."""

    __tablename__ = "course_staff"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)

    account: Mapped[Account] = relationship()


class Module(Base):
    """A part of a course with one measurable objective."""

    __tablename__ = "modules"
    __table_args__ = (UniqueConstraint("course_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    objective: Mapped[str] = mapped_column(Text)
    objective_en: Mapped[str] = mapped_column(Text)
    retired_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship(back_populates="modules")
    lessons: Mapped[list["Lesson"]] = relationship(back_populates="module", order_by="Lesson.position")


class Lesson(Base):
    """One sitting. `number` counts 1… through the whole course and is its address; `html` is sanitised at loading.

    `cites`: list of `{"key": document key, "place": "Điều 6"}` in order of appearance. `file`: digest of a stored
    video or file, `file_name` what it is called.
    """

    __tablename__ = "lessons"
    __table_args__ = (UniqueConstraint("course_id", "key"), Index("ix_lessons_course_number", "course_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    number: Mapped[int]
    kind: Mapped[LessonKind] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int]
    html: Mapped[str] = mapped_column(Text, default="", deferred=True)
    html_en: Mapped[str] = mapped_column(Text, default="", deferred=True)
    cites: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id"))
    file: Mapped[str | None] = mapped_column(String(64))
    file_name: Mapped[str | None] = mapped_column(String(200))
    retired_at: Mapped[datetime | None]

    module: Mapped[Module] = relationship(back_populates="lessons")
    quiz: Mapped[Quiz | None] = relationship()


class Figure(Base):
    """A picture of a course, kept as a stored file and served under the course's address."""

    __tablename__ = "figures"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    file: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(60))
