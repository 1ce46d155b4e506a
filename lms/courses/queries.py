"""Reads of the catalogue."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from lms.accounts.models import Account
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.permissions import Permission
from lms.core.text import like_pattern, search_terms
from lms.courses.models import Course, CourseStaff, Figure, Lesson, Module
from lms.units import queries as units
from lms.units.models import Unit


def listed(text: str = "") -> Select[Course]:
    """Courses on offer, by title, narrowed by words."""
    statement = select(Course).where(Course.retired_at.is_(None)).order_by(Course.title)
    for term in search_terms(text):
        statement = statement.where(Course.search.like(like_pattern(term), escape="\\"))
    return statement


def get(slug: str) -> Course:
    """A course on offer, with its final test; raises NotFound."""
    course = session().scalar(
        select(Course).where(Course.slug == slug, Course.retired_at.is_(None)).options(joinedload(Course.final_test))
    )
    if course is None:
        raise NotFound
    return course


def outline(course: Course) -> list[Module]:
    """The modules of a course with their lessons, in order: two statements."""
    statement = (
        select(Module)
        .where(Module.course_id == course.id, Module.retired_at.is_(None))
        .order_by(Module.position)
        .options(selectinload(Module.lessons.and_(Lesson.retired_at.is_(None))))
    )
    return list(session().scalars(statement))


def get_lesson(course: Course, number: int) -> Lesson:
    """A lesson with its text; raises NotFound."""
    lesson = session().scalar(
        select(Lesson)
        .where(Lesson.course_id == course.id, Lesson.number == number, Lesson.retired_at.is_(None))
        .options(undefer(Lesson.html), undefer(Lesson.html_en), joinedload(Lesson.module), joinedload(Lesson.quiz))
    )
    if lesson is None:
        raise NotFound
    return lesson


def lesson_count(course: Course) -> int:
    """How many lessons the course has."""
    return (
        session().scalar(
            select(func.count()).select_from(Lesson).where(Lesson.course_id == course.id, Lesson.retired_at.is_(None))
        )
        or 0
    )


def lesson_counts(course_ids: Sequence[int]) -> dict[int, int]:
    """How many lessons each of these courses has."""
    rows = session().execute(
        select(Lesson.course_id, func.count())
        .where(Lesson.course_id.in_(course_ids), Lesson.retired_at.is_(None))
        .group_by(Lesson.course_id)
    )
    return {one.course_id: one[1] for one in rows}


def find_figure(slug: str, path: str) -> Figure | None:
    """A picture of a course."""
    return session().scalar(select(Figure).join(Course).where(Course.slug == slug, Figure.path == path))


def taught_by(account: Account) -> ColumnElement[bool]:
    """Condition on Course: the account teaches it, by a role on its unit or as its staff."""
    in_units = select(Unit.id).where(units.below(account.unit_paths(Permission.RESULTS)))
    as_staff = select(CourseStaff.course_id).where(CourseStaff.account_id == account.id)
    return or_(Course.unit_id.in_(in_units), Course.id.in_(as_staff))


def is_taught_by(course: Course, account: Account) -> bool:
    """Whether the account teaches the course."""
    return session().scalar(select(Course.id).where(Course.id == course.id, taught_by(account))) is not None


def is_staff(account_id: int) -> bool:
    """Whether the account is staff of any course."""
    return (
        session().scalar(select(CourseStaff.course_id).where(CourseStaff.account_id == account_id).limit(1)) is not None
    )
