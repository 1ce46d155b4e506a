"""The catalogue, a course, a lesson: for everyone who learns."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock, files
from lms.core.access import public, requires, signed_in
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _, explain, in_language
from lms.core.permissions import Permission
from lms.core.web import download, see
from lms.corpus import queries as corpus
from lms.courses import queries as courses_queries
from lms.courses.models import Lesson
from lms.courses.source import FILE_TYPES
from lms.learning import queries, service
from lms.learning.models import Enrolment

blueprint = Blueprint("learning", __name__, url_prefix="/courses")


@blueprint.get("/")
@public
def courses() -> str:
    """Mine with their progress, then what else is on offer."""
    text = request.args.get("q", "")
    found = list(session().scalars(courses_queries.listed(text)))
    mine = queries.courses_of(current_user.person_id) if current_user.is_authenticated else []
    ids = {course.id for course in found}
    shown = [progress for progress in mine if progress.course.id in ids]
    others = [course for course in found if course.id not in {progress.course.id for progress in mine}]
    counts = courses_queries.lesson_counts([course.id for course in others])
    return render_template("learning/courses.html", q=text, mine=shown, others=others, counts=counts)


@blueprint.get("/<slug>")
@public
def course(slug: str) -> str:
    """A course: what it teaches, its modules and lessons, how far one is, the final test."""
    found = courses_queries.get(slug)
    modules = courses_queries.outline(found)
    enrolment = _enrolment(found.id)
    marks = queries.marks(enrolment)
    lessons = [lesson for module in modules for lesson in module.lessons]
    finished = sum(1 for lesson in lessons if _is_finished(marks, lesson))
    teaches = current_user.is_authenticated and courses_queries.is_taught_by(found, current_user)
    return render_template(
        "learning/course.html",
        course=found,
        modules=modules,
        enrolment=enrolment,
        marks=marks,
        finished=finished,
        total=len(lessons),
        next_lesson=_next(enrolment, lessons, marks),
        minutes=sum(lesson.minutes for lesson in lessons),
        teaches=teaches,
    )


@blueprint.post("/<slug>/enrolment")
@signed_in
def enrol(slug: str) -> Response:
    """Begin a course; pressing twice is harmless."""
    found = courses_queries.get(slug)
    service.enrol(current_user.person_id, found)
    return see(url_for("learning.lesson", slug=slug, number=1))


@blueprint.get("/<slug>/lessons/<int:number>")
@signed_in
def lesson(slug: str, number: int) -> str | Response:
    """A lesson's text, its figures, and the documents it cites with their state today."""
    found = courses_queries.get(slug)
    enrolment = _enrolment(found.id)
    if enrolment is None and not courses_queries.is_taught_by(found, current_user):
        flash(_("Bấm “Bắt đầu học” để vào bài; hệ thống sẽ ghi nhớ đồng chí học đến đâu."), "info")
        return see(url_for("learning.course", slug=slug))
    part = courses_queries.get_lesson(found, number)
    modules = courses_queries.outline(found)
    marks = queries.marks(enrolment)
    lessons = [one for module in modules for one in module.lessons]
    return render_template(
        "learning/lesson.html",
        course=found,
        lesson=part,
        text=in_language(part.html, part.html_en),
        modules=modules,
        marks=marks,
        mark=marks.get(part.id),
        enrolment=enrolment,
        previous=_beside(lessons, part, -1),
        following=_beside(lessons, part, +1),
        sources=_sources(part),
        today=clock.today(),
        media_type=_media_type(part),
    )


@blueprint.post("/<slug>/lessons/<int:number>/progress")
@signed_in
def progress(slug: str, number: int) -> Response | tuple[str, int]:
    """Note the place last read (from the page's script), or finish the lesson and go on to the next."""
    found = courses_queries.get(slug)
    enrolment = _enrolment(found.id)
    if enrolment is None:
        raise NotFound
    part = courses_queries.get_lesson(found, number)
    if not request.form.get("finished"):
        service.open_lesson(enrolment, part, request.form.get("place"))
        return "", 204
    try:
        service.finish_lesson(enrolment, part)
    except RuleBroken as refusal:
        flash(explain(refusal), "info")
        return see(url_for("learning.lesson", slug=slug, number=number))
    lessons = [one for module in courses_queries.outline(found) for one in module.lessons]
    following = _beside(lessons, part, +1)
    if following is None:
        return see(url_for("learning.course", slug=slug))
    return see(url_for("learning.lesson", slug=slug, number=following.number))


@blueprint.get("/<slug>/lessons/<int:number>/file")
@signed_in
def lesson_file(slug: str, number: int) -> Response:
    """The video or file of a lesson, for those who take or teach the course."""
    found = courses_queries.get(slug)
    if _enrolment(found.id) is None and not courses_queries.is_taught_by(found, current_user):
        raise NotFound
    part = courses_queries.get_lesson(found, number)
    if part.file is None:
        raise NotFound
    response = download(files.read(part.file), part.file_name or "file", _media_type(part) or "", inline=True)
    response.set_etag(part.file)
    return response.make_conditional(request, accept_ranges=True, complete_length=response.content_length)


@blueprint.get("/<slug>/learners")
@requires(Permission.RESULTS)
def learners(slug: str) -> str:
    """Who takes the course and how far they are, for those who teach it."""
    found = courses_queries.get(slug)
    if not courses_queries.is_taught_by(found, current_user):
        raise NotFound
    return render_template(
        "learning/learners.html",
        course=found,
        learners=queries.learners(found),
        total=courses_queries.lesson_count(found),
    )


def _enrolment(course_id: int) -> Enrolment | None:
    return queries.find_enrolment(current_user.person_id, course_id) if current_user.is_authenticated else None


def _is_finished(marks: dict[int, Any], lesson: Lesson) -> bool:
    mark = marks.get(lesson.id)
    return mark is not None and mark.finished_at is not None


def _next(enrolment: Enrolment | None, lessons: list[Lesson], marks: dict[int, Any]) -> Lesson | None:
    """Where to go on: the lesson left open last, else the first that is not finished."""
    unfinished = [lesson for lesson in lessons if not _is_finished(marks, lesson)]
    last = [lesson for lesson in unfinished if enrolment is not None and lesson.id == enrolment.last_lesson_id]
    return next(iter(last or unfinished), None)


def _beside(lessons: list[Lesson], lesson: Lesson, step: int) -> Lesson | None:
    numbers = {one.number: one for one in lessons}
    return numbers.get(lesson.number + step)


def _sources(lesson: Lesson) -> list[tuple[Any, list[str]]]:
    """The documents a lesson cites, in order of appearance, each with the places cited."""
    documents = corpus.by_key({cited["key"] for cited in lesson.cites})
    places: dict[str, list[str]] = {}
    for cited in lesson.cites:
        found = places.setdefault(cited["key"], [])
        if cited["place"]:
            found.append(cited["place"])
    return [(documents[key], cited_places) for key, cited_places in places.items() if key in documents]


def _media_type(lesson: Lesson) -> str | None:
    suffix = "." + (lesson.file_name or "").rpartition(".")[2].lower()
    return FILE_TYPES.get(suffix)
