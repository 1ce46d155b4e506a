"""Verbs over the sections of a quiz: headings under which its questions and draws stand; flushes, never commits."""

from dataclasses import dataclass

from lms.core.db import session
from lms.core.errors import NotFound
from lms.quizzes.models import Quiz, QuizItem, QuizSection
from lms.quizzes.origins import refuse_files


@dataclass(frozen=True)
class Heading:
    """What a section says."""

    title: str
    title_en: str | None = None
    intro: str = ""
    intro_en: str | None = None


def get(quiz: Quiz, section_id: int) -> QuizSection:
    """A section of the quiz; raises NotFound."""
    found = next((one for one in quiz.sections if one.id == section_id), None)
    if found is None:
        raise NotFound
    return found


def add(quiz: Quiz, heading: Heading) -> QuizSection:
    """A new, empty section at the end."""
    refuse_files(quiz)
    last = max((one.position for one in quiz.sections), default=0)
    section = QuizSection(position=last + 1, title=heading.title)
    quiz.sections.append(section)
    _write(section, heading)
    session().flush()
    return section


def change(section: QuizSection, heading: Heading) -> None:
    """Say something else above it, in attempts under way too."""
    refuse_files(section.quiz)
    _write(section, heading)
    session().flush()


def move(quiz: Quiz, section_id: int, step: int) -> None:
    """Move a section with all in it up (-1) or down (1); at the end it stays."""
    refuse_files(quiz)
    ordered = list(quiz.sections)
    place = ordered.index(get(quiz, section_id))
    ordered.insert(min(max(place + step, 0), len(ordered) - 1), ordered.pop(place))
    for position, section in enumerate(ordered, 1):
        section.position = position
    session().flush()
    session().expire(quiz, ["sections"])


def remove(quiz: Quiz, section_id: int) -> None:
    """Take a heading away; its questions and draws stay in the quiz, before all sections."""
    refuse_files(quiz)
    section = get(quiz, section_id)
    for item in quiz.items:
        if item.section_id == section.id:
            item.section_id = None
    for line in quiz.draws:
        if line.section_id == section.id:
            line.section_id = None
    session().flush()
    quiz.sections.remove(section)
    session().flush()


def place(quiz: Quiz, item: QuizItem, section_id: int | None) -> None:
    """Put a question under another heading, after those that stand there; None is before all sections."""
    refuse_files(quiz)
    if item.section_id == section_id:
        return
    if section_id is not None:
        get(quiz, section_id)
    item.section_id = section_id
    item.position = max(one.position for one in quiz.items) + 1
    session().flush()
    session().expire(quiz, ["items"])


def _write(section: QuizSection, heading: Heading) -> None:
    section.title, section.title_en = heading.title, heading.title_en or None
    section.intro, section.intro_en = heading.intro, heading.intro_en or None
