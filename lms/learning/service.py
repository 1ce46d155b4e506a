"""Enrolling, reading on, finishing lessons, completing courses."""

import re

from lms.core import clock
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.courses.models import Course, Lesson, LessonKind
from lms.learning import queries
from lms.learning.models import Enrolment, LessonProgress
from lms.quizzes import queries as quizzes
from lms.quizzes.attempt_models import Attempt

_PLACE = re.compile(r"s-[a-z0-9-]{1,80}")


def enrol(person_id: int, course: Course) -> Enrolment:
    """Enrol someone in a course; enrolling twice is harmless."""
    found = queries.find_enrolment(person_id, course.id)
    if found is None:
        found = Enrolment(person_id=person_id, course=course, enrolled_at=clock.now())
        session().add(found)
        session().flush()
    return found


def open_lesson(enrolment: Enrolment, lesson: Lesson, place: str | None = None) -> LessonProgress:
    """Note that a lesson was opened, and the heading last read, to come back to."""
    mark = queries.find_mark(enrolment, lesson)
    if mark is None:
        mark = LessonProgress(enrolment_id=enrolment.id, lesson_id=lesson.id, opened_at=clock.now())
        session().add(mark)
    if place and _PLACE.fullmatch(place):
        mark.place = place
    enrolment.last_lesson_id = lesson.id
    session().flush()
    return mark


def finish_lesson(enrolment: Enrolment, lesson: Lesson) -> None:
    """Finish a lesson that is read or watched; a quiz lesson finishes by passing its quiz."""
    if lesson.kind == LessonKind.QUIZ:
        raise RuleBroken("Bài này xong khi đạt bài kiểm tra.", code="quiz-lesson")
    _finish(enrolment, lesson)


def take_quiz_result(attempt: Attempt) -> None:
    """What a closed attempt means for the person's courses: a quiz passed, as its policy counts the attempts so far,
    finishes its lessons, perhaps the course."""
    if not _passed(attempt.person_id, attempt.quiz_id):
        return
    for enrolment in queries.enrolments_with_quiz(attempt.person_id, attempt.quiz_id):
        for lesson in queries.quiz_lessons(enrolment.course_id, attempt.quiz_id):
            _finish(enrolment, lesson)
        complete_if_done(enrolment)


def complete_if_done(enrolment: Enrolment) -> None:
    """Set the day of completion once all lessons are finished and the final test, if there is one, is passed."""
    if enrolment.completed_at is not None or not queries.all_finished(enrolment):
        return
    test = enrolment.course.final_test_id
    if test is None or _passed(enrolment.person_id, test):
        enrolment.completed_at = clock.now()
        session().flush()


def _finish(enrolment: Enrolment, lesson: Lesson) -> None:
    mark = open_lesson(enrolment, lesson)
    if mark.finished_at is None:
        mark.finished_at = clock.now()
        session().flush()
        complete_if_done(enrolment)


def _passed(person_id: int, quiz_id: int) -> bool:
    result = quizzes.best_result(person_id, quiz_id)
    return result is not None and result[1]
