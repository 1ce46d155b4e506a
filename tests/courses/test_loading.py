"""Loading: idempotent, keyed, all or nothing; progress outlives a new edition."""

from pathlib import Path

import pytest
from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import RulesBroken
from lms.corpus import loading as corpus_loading
from lms.courses import loading
from lms.courses.models import Course, Lesson
from lms.learning import queries as learning
from lms.learning import service
from lms.units.models import Unit
from tests.courses.folder import change
from tests.world import World


def load(folder: Path) -> Course:
    corpus_loading.load(folder)
    loading.load(folder)
    return session().scalars(select(Course).where(Course.slug == "thu")).one()


def lessons(course: Course) -> list[tuple[int, str]]:
    statement = select(Lesson).where(Lesson.course_id == course.id, Lesson.retired_at.is_(None)).order_by(Lesson.number)
    return [(lesson.number, lesson.key) for lesson in session().scalars(statement)]


def test_a_course_is_loaded_with_its_lessons_and_quizzes(folder: Path, board: Unit) -> None:
    course = load(folder)
    assert lessons(course) == [(1, "m1/dau"), (2, "m1/tu-kiem")]
    assert course.final_test is not None
    assert course.final_test.key == "thu-cuoi"


def test_loading_twice_keeps_ids(folder: Path, board: Unit) -> None:
    first = {lesson.key: lesson.id for lesson in session().scalars(select(Lesson)) if load(folder)}
    load(folder)
    assert {lesson.key: lesson.id for lesson in session().scalars(select(Lesson))} | first == {
        lesson.key: lesson.id for lesson in session().scalars(select(Lesson))
    }


def test_progress_outlives_a_renumbered_lesson(folder: Path, board: Unit, world: World) -> None:
    course = load(folder)
    enrolment = service.enrol(world.trainee.person_id, course)
    first = session().scalars(select(Lesson).where(Lesson.key == "m1/dau")).one()
    service.finish_lesson(enrolment, first)
    for language in ("vi", "en"):
        (folder / f"thu/01-mot/01-dau.{language}.md").rename(folder / f"thu/01-mot/03-dau.{language}.md")
    change(folder, "thu/01-mot/module.yaml", "[01-dau, 02-tu-kiem]", "[02-tu-kiem, 03-dau]")
    course = load(folder)
    assert lessons(course) == [(1, "m1/tu-kiem"), (2, "m1/dau")]
    (progress,) = learning.courses_of(world.trainee.person_id)
    assert (progress.finished, progress.total, progress.next_number) == (1, 2, 1)


def test_a_wrong_folder_writes_nothing(folder: Path, board: Unit) -> None:
    course = load(folder)
    change(folder, "thu/course.yaml", "Khóa thử", "Khóa đã đổi tên")
    change(folder, "thu/01-mot/01-dau.vi.md", "[@nd-1-2020 Điều 5]", "[@nd-9 Điều 5]")
    with pytest.raises(RulesBroken):
        loading.load(folder)
    session().refresh(course)
    assert course.title == "Khóa thử"


def test_a_course_whose_folder_is_gone_is_retired_and_may_come_back(
    folder: Path, board: Unit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    course = load(folder)
    empty = tmp_path_factory.mktemp("empty")
    loading.load(empty)
    session().refresh(course)
    assert course.retired_at is not None
    assert load(folder).retired_at is None
