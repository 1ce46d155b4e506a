"""Reads of who takes what and how far they are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.core.db import session
from lms.courses.models import Course, Lesson, LessonKind
from lms.learning.models import Enrolment, LessonProgress
from lms.people.models import Person


@dataclass(frozen=True)
class CourseProgress:
    """How far someone is in a course: lessons finished of lessons there are, and the lesson to go on with."""

    enrolment: Enrolment
    finished: int
    total: int
    next_number: int | None

    @property
    def course(self) -> Course:
        """The course."""
        return self.enrolment.course

    @property
    def begun(self) -> bool:
        """Whether a lesson was opened yet."""
        return self.finished > 0 or self.enrolment.last_lesson_id is not None


def find_enrolment(person_id: int, course_id: int) -> Enrolment | None:
    """Someone's enrolment in a course."""
    return session().scalar(select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.course_id == course_id))


def marks(enrolment: Enrolment | None) -> dict[int, LessonProgress]:
    """What was opened and finished, by lesson id."""
    if enrolment is None:
        return {}
    rows = session().scalars(select(LessonProgress).where(LessonProgress.enrolment_id == enrolment.id))
    return {row.lesson_id: row for row in rows}


def find_mark(enrolment: Enrolment, lesson: Lesson) -> LessonProgress | None:
    """The record of one lesson."""
    return session().scalar(
        select(LessonProgress).where(LessonProgress.enrolment_id == enrolment.id, LessonProgress.lesson_id == lesson.id)
    )


# Built once: everybody's front page runs these, and building a statement costs more than running it.
_ENROLMENTS = (
    select(Enrolment)
    .join(Course)
    .where(Enrolment.person_id == bindparam("person_id"), Course.retired_at.is_(None))
    .options(contains_eager(Enrolment.course), joinedload(Enrolment.last_lesson))
    .order_by(Enrolment.completed_at.is_not(None), Enrolment.enrolled_at.desc())
)
_LESSONS = (
    select(Lesson.course_id, Lesson.number, LessonProgress.finished_at.is_not(None))
    .join(Enrolment, Enrolment.course_id == Lesson.course_id)
    .outerjoin(LessonProgress, (LessonProgress.enrolment_id == Enrolment.id) & (LessonProgress.lesson_id == Lesson.id))
    .where(Enrolment.person_id == bindparam("person_id"), Lesson.retired_at.is_(None))
    .order_by(Lesson.course_id, Lesson.number)
)


def courses_of(person_id: int) -> list[CourseProgress]:
    """Someone's courses with their progress, unfinished ones first: two statements, however many courses."""
    enrolments = list(session().scalars(_ENROLMENTS, {"person_id": person_id}))
    if not enrolments:
        return []
    lessons: dict[int, list[tuple[int, bool]]] = {}
    for course_id, number, finished in session().execute(_LESSONS, {"person_id": person_id}):
        lessons.setdefault(course_id, []).append((number, finished))
    return [_progress(enrolment, lessons.get(enrolment.course_id, [])) for enrolment in enrolments]


def _progress(enrolment: Enrolment, lessons: list[tuple[int, bool]]) -> CourseProgress:
    open_numbers = [number for number, finished in lessons if not finished]
    last = enrolment.last_lesson
    next_number = last.number if last is not None and last.number in open_numbers else next(iter(open_numbers), None)
    return CourseProgress(enrolment, len(lessons) - len(open_numbers), len(lessons), next_number)


def all_finished(enrolment: Enrolment) -> bool:
    """Whether every lesson that the course has today was finished."""
    open_lesson = (
        select(Lesson.id)
        .outerjoin(
            LessonProgress,
            (LessonProgress.lesson_id == Lesson.id)
            & (LessonProgress.enrolment_id == enrolment.id)
            & LessonProgress.finished_at.is_not(None),
        )
        .where(Lesson.course_id == enrolment.course_id, Lesson.retired_at.is_(None), LessonProgress.id.is_(None))
        .limit(1)
    )
    return session().scalar(open_lesson) is None


def enrolments_with_quiz(person_id: int, quiz_id: int) -> list[Enrolment]:
    """Someone's enrolments in courses of which the quiz is a lesson or the final test."""
    holding = select(Lesson.course_id).where(Lesson.quiz_id == quiz_id, Lesson.retired_at.is_(None))
    return list(
        session().scalars(
            select(Enrolment)
            .join(Course)
            .where(Enrolment.person_id == person_id)
            .where(or_(Course.id.in_(holding), Course.final_test_id == quiz_id))
            .options(joinedload(Enrolment.course))
        )
    )


def is_admitted(person_id: int, quiz_id: int) -> bool:
    """Whether someone takes a course that contains the quiz."""
    return bool(enrolments_with_quiz(person_id, quiz_id))


def quiz_lessons(course_id: int, quiz_id: int) -> list[Lesson]:
    """The lessons of a course that consist of this quiz."""
    return list(
        session().scalars(
            select(Lesson).where(
                Lesson.course_id == course_id,
                Lesson.quiz_id == quiz_id,
                Lesson.kind == LessonKind.QUIZ,
                Lesson.retired_at.is_(None),
            )
        )
    )


def learners(course: Course) -> list[tuple[str, datetime, datetime | None, int]]:
    """Who takes a course, in list order: name, enrolled, completed, lessons finished; two tables, one statement."""
    finished = (
        select(LessonProgress.enrolment_id, func.count().label("finished"))
        .join(Lesson)
        .where(LessonProgress.finished_at.is_not(None), Lesson.retired_at.is_(None), Lesson.course_id == course.id)
        .group_by(LessonProgress.enrolment_id)
        .subquery()
    )
    rows = session().execute(
        select(Person.full_name, Enrolment.enrolled_at, Enrolment.completed_at, func.coalesce(finished.c.finished, 0))
        .select_from(Enrolment)
        .join(Person)
        .outerjoin(finished, finished.c.enrolment_id == Enrolment.id)
        .where(Enrolment.course_id == course.id, Person.merged_into_id.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    return [tuple(row) for row in rows]
