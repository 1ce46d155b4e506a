"""Learning: the class of Nam Định in its required course, the trainee half way, the office's test taken by a class."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.courses import queries as courses
from lms.courses.models import Course, Lesson, LessonKind
from lms.demo import attempting
from lms.demo.people import dice
from lms.demo.quiz import office_quiz
from lms.demo.scene import Scene, get_event
from lms.events.models import Event
from lms.learning import service
from lms.learning.models import Enrolment
from lms.quizzes.models import Quiz
from lms.registration.models import Delegate

COURSE = "nguoi-phat-ngon"
_TRAINEES_LESSONS = 4
_FATES = {"passed": 42, "failed": 12, "under way": 16, "enrolled": 6, "nothing": 24}
"""What becomes of those called to the course, in percent."""


def add_class(scene: Scene) -> None:
    """Nam Định's delegates in the spokesperson course: some completed it, some failed, some are on the way."""
    course = courses.get(COURSE)
    lessons = _lessons(course)
    for delegate in _delegates(scene, get_event("nam-dinh-2024")):
        chance = dice("nam-dinh-2024", "course", delegate.full_name, delegate.unit_id)
        fate = chance.choices(list(_FATES), list(_FATES.values()))[0]
        if fate == "nothing":
            continue
        account = attempting.account_of(delegate.person)
        begun = _evening(scene, -chance.randrange(20, 34), chance.randrange(120))
        read = {"enrolled": 0, "under way": chance.randrange(1, len(lessons) - 1)}.get(fate, len(lessons))
        _study(account, course, lessons[:read], begun)
        if fate in {"passed", "failed"} and course.final_test is not None:
            at = _evening(scene, -chance.randrange(2, 10), chance.randrange(120))
            attempting.take(account, course.final_test, at, 0.88 if fate == "passed" else 0.35)


def add_trainee(scene: Scene) -> None:
    """The trainee has read four lessons, stopped in the fifth, and tried the self-check once."""
    course = courses.get(COURSE)
    lessons = _lessons(course)
    enrolment = _study(scene.trainee, course, lessons[:_TRAINEES_LESSONS], _evening(scene, -12))
    with clock.stopped_at(_evening(scene, -3)):
        service.open_lesson(enrolment, lessons[_TRAINEES_LESSONS])
    for quiz in _quizzes(lessons)[-1:]:
        attempting.take(scene.trainee, quiz, _evening(scene, -4), 0.5)


def add_office_test(scene: Scene) -> None:
    """Three quarters of today's class took the office's test on the days before, a few of them twice."""
    quiz = office_quiz(scene)
    for delegate in _delegates(scene, get_event("lam-khe-hom-nay")):
        chance = dice("lam-khe-hom-nay", "test", delegate.full_name, delegate.unit_id)
        if chance.random() < 0.25:
            continue
        account = attempting.account_of(delegate.person)
        ability = chance.triangular(0.2, 1, 0.75)
        first = attempting.take(account, quiz, _evening(scene, -2, chance.randrange(150)), ability)
        if not first.passed and chance.random() < 0.5:
            attempting.take(account, quiz, _evening(scene, -1, chance.randrange(150)), min(1.0, ability + 0.3))


def _study(account: Account, course: Course, lessons: Sequence[Lesson], begun: datetime) -> Enrolment:
    """Enrol and finish these lessons, two an evening; a quiz lesson by passing its quiz."""
    with clock.stopped_at(begun):
        enrolment = service.enrol(account.person_id, course)
    for number, lesson in enumerate(lessons):
        at = begun + timedelta(days=number // 2, minutes=25 * (1 + number % 2))
        if lesson.kind == LessonKind.QUIZ and lesson.quiz is not None:
            attempting.take(account, lesson.quiz, at, 1.0)
            continue
        with clock.stopped_at(at):
            service.finish_lesson(enrolment, lesson)
    return enrolment


def _lessons(course: Course) -> list[Lesson]:
    return [lesson for module in courses.outline(course) for lesson in module.lessons]


def _quizzes(lessons: Sequence[Lesson]) -> list[Quiz]:
    return [lesson.quiz for lesson in lessons if lesson.quiz is not None]


def _delegates(scene: Scene, event: Event) -> Sequence[Delegate]:
    """Those on the list but the trainee, whose learning is told for itself."""
    return (
        session()
        .scalars(
            select(Delegate)
            .where(Delegate.event_id == event.id, Delegate.withdrawn_at.is_(None))
            .where(Delegate.person_id != scene.trainee.person_id)
            .order_by(Delegate.id)
        )
        .all()
    )


def _evening(scene: Scene, days: int, minutes: int = 0) -> datetime:
    """Some minutes after 19:00 on a day counted from the day of loading."""
    return clock.at_local(scene.today + timedelta(days=days), time(19)) + timedelta(minutes=minutes)
