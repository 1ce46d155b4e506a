"""Write checked course folders into the database; keys are stable, so progress outlives a new edition."""

from pathlib import Path

from sqlalchemy import select

from lms.core import clock, files
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.text import fold
from lms.courses.checking import checked
from lms.courses.models import Course, Figure, Lesson, Module
from lms.courses.source import FIGURE_TYPES, CourseSource, LessonSource, ModuleSource
from lms.quizzes import loading as quizzes_loading
from lms.quizzes.models import Quiz
from lms.units import queries as units
from lms.units.models import Unit

DEFAULT_UNIT = "ban-bien-soan"
"""The unit that owns a course whose course.yaml names none."""


def load(root: Path) -> int:
    """Load every course below `root`; raises RulesBroken with all mistakes. The number of courses."""
    sources = checked(root)
    known = {course.slug: course for course in session().scalars(select(Course))}
    for source in sources:
        course = known.pop(source.slug, None)
        if course is None or course.edition != source.edition or course.retired_at is not None:
            _write(course, source)
    for gone in known.values():
        gone.retired_at = gone.retired_at or clock.now()
    session().flush()
    return len(sources)


def _write(course: Course | None, source: CourseSource) -> None:
    unit = units.find(source.unit or DEFAULT_UNIT)
    if unit is None:
        raise RuleBroken("Không có đơn vị mang mã %(key)s.", code="unknown-unit", where=source.slug, key=source.unit)
    if course is None:
        course = Course(slug=source.slug)
        session().add(course)
    course.unit, course.edition, course.loaded_at, course.retired_at = unit, source.edition, clock.now(), None
    for name, (vietnamese, english) in source.facts.items():
        setattr(course, name, vietnamese)
        setattr(course, f"{name}_en", english)
    course.objectives, course.hours = list(source.objectives), source.hours
    course.search = fold(" ".join(text for pair in source.facts.values() for text in pair))
    quizzes = _quizzes(source, unit)
    course.final_test = quizzes.get(source.final_test or "")
    session().flush()
    _write_figures(course, source)
    _write_modules(course, source, quizzes)


def _quizzes(source: CourseSource, unit: Unit) -> dict[str, Quiz]:
    if source.questions is None:
        return {}
    return quizzes_loading.load_bank(source.questions, unit).quizzes


def _write_figures(course: Course, source: CourseSource) -> None:
    known = {figure.path: figure for figure in session().scalars(select(Figure).where(Figure.course_id == course.id))}
    for path, file in source.figures.items():
        figure = known.get(path)
        if figure is None:
            figure = Figure(course_id=course.id, path=path)
            session().add(figure)
        figure.file = files.store(file.read_bytes())
        figure.media_type = FIGURE_TYPES[file.suffix.lower()]


def _write_modules(course: Course, source: CourseSource, quizzes: dict[str, Quiz]) -> None:
    modules = {module.key: module for module in session().scalars(select(Module).where(Module.course_id == course.id))}
    lessons = {lesson.key: lesson for lesson in session().scalars(select(Lesson).where(Lesson.course_id == course.id))}
    kept: set[str] = set()
    number = 0
    for position, part in enumerate(source.modules, start=1):
        module = _write_module(modules.get(part.key), course, part, position)
        for place, lesson_source in enumerate(part.lessons, start=1):
            number += 1
            lesson = lessons.get(lesson_source.key)
            if lesson is None:
                lesson = Lesson(course_id=course.id, key=lesson_source.key)
                session().add(lesson)
            lesson.module, lesson.position, lesson.number, lesson.retired_at = module, place, number, None
            _fill(lesson, lesson_source, quizzes)
            kept.add(lesson.key)
    present = {part.key for part in source.modules}
    for key, module in modules.items():
        module.retired_at = None if key in present else module.retired_at or clock.now()
    for key, lesson in lessons.items():
        if key not in kept:
            lesson.retired_at, lesson.number = lesson.retired_at or clock.now(), 0
    session().flush()


def _write_module(module: Module | None, course: Course, source: ModuleSource, position: int) -> Module:
    if module is None:
        module = Module(course_id=course.id, key=source.key)
        session().add(module)
    module.position = position
    module.title, module.title_en = source.title
    module.objective, module.objective_en = source.objective
    session().flush()
    return module


def _fill(lesson: Lesson, source: LessonSource, quizzes: dict[str, Quiz]) -> None:
    lesson.kind, lesson.minutes = source.kind, source.minutes
    lesson.title, lesson.title_en = source.title
    lesson.summary, lesson.summary_en = source.summary
    lesson.html, lesson.html_en = source.html
    lesson.cites = list(source.cites)
    lesson.quiz = quizzes.get(source.quiz or "")
    lesson.file = files.store(source.file.read_bytes()) if source.file else None
    lesson.file_name = source.file.name if source.file else None
