"""A quiz's attempts as a matrix for `analysis`: who was asked what, and what came of it.

Of each person the first attempt handed in: whoever comes back knows the questions. What was left blank earned nothing;
a question that a person's paper did not hold was not asked. Attempts that wait for a marker are not in it yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from lms.core.db import session
from lms.core.errors import NotFound
from lms.people.models import Post
from lms.quizzes.analysis.groups import Comparison, compare
from lms.quizzes.analysis.matrix import Floats, Responses
from lms.quizzes.analysis.options import OptionTable, Thirds, option_table, thirds
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.chosen import Part, chosen, rows_of
from lms.quizzes.models import Question, QuestionKind, QuestionVersion, Quiz, QuizItem
from lms.units.models import Unit


@dataclass(frozen=True)
class Asked:
    """A question that attempts were asked, with the words of today; `number` counts from 1 in the quiz's order."""

    question_id: int
    number: int
    key: str
    kind: QuestionKind
    stem: str
    stem_en: str | None


@dataclass(frozen=True, eq=False)
class Answers:
    """The matrix of a quiz; rows of `responses` are `attempt_ids` of `person_ids`, its columns are `questions`.

    `waiting`: first attempts left out because a marker is still to judge them.
    """

    quiz_id: int
    responses: Responses | None
    questions: tuple[Asked, ...]
    attempt_ids: tuple[int, ...]
    person_ids: tuple[int, ...]
    waiting: int


@dataclass(frozen=True)
class VersionOptions:
    """The distractor table of one version of a question; `parts` say what its rows are, in their order."""

    number: int
    table: OptionTable
    parts: tuple[Part, ...]


def answers_of(quiz: Quiz) -> Answers:
    """The quiz's matrix, in three statements; `responses` is None while there are no marked attempts."""
    firsts = session().execute(
        select(Attempt.id, Attempt.person_id, Attempt.marked_at)
        .where(Attempt.id.in_(_first_attempts(quiz.id)))
        .order_by(Attempt.id)
    )
    rows = [(row.id, row.person_id, row.marked_at is not None) for row in firsts]
    marked = [(attempt_id, person_id) for attempt_id, person_id, done in rows if done]
    waiting = len(rows) - len(marked)
    cells = _cells(quiz, {attempt_id for attempt_id, _person in marked}) if marked else []
    scored = {row[0] for row in cells}
    marked = [one for one in marked if one[0] in scored]
    if not marked:
        return Answers(quiz.id, None, (), (), (), waiting)
    places = {attempt_id: place for place, (attempt_id, _person) in enumerate(marked)}
    questions = _questions(quiz, {question_id for _attempt, question_id, *_rest in cells})
    attempt_ids, person_ids = zip(*marked, strict=True)
    return Answers(quiz.id, _matrix(cells, places, questions), questions, attempt_ids, person_ids, waiting)


def units_compared(answers: Answers) -> Comparison[tuple[str, str] | None]:
    """The share of all points by the unit at the top of each person's own (their province, ministry or board), in two
    statements; groups are (short name, name in English), None: people without a post.

    Only this one grouping is offered: from two that nest a small one could be computed.
    """
    if answers.responses is None:
        return Comparison((), 0, None)
    top = _top_units(answers.quiz_id)
    return compare(answers.responses.shares, [top.get(person_id) for person_id in answers.person_ids])


def get_asked(answers: Answers, quiz: Quiz, question_id: int) -> Asked:
    """A question of the matrix, or one that the quiz will ask; raises NotFound."""
    for one in answers.questions:
        if one.question_id == question_id:
            return one
    found = _questions(quiz, {question_id})
    held = session().scalar(select(QuizItem.id).where(QuizItem.quiz_id == quiz.id, QuizItem.question_id == question_id))
    if not found or held is None:
        raise NotFound
    return found[0]


def options_of(answers: Answers, question_id: int) -> list[VersionOptions]:
    """What was chosen, a table for each version that was asked, the newest first, in two statements; empty for kinds
    whose answers cannot be counted (essays, points on an image)."""
    if answers.responses is None:
        return []
    shares = answers.responses.shares
    third = thirds(shares)
    places = {attempt_id: place for place, attempt_id in enumerate(answers.attempt_ids)}
    given: dict[int, list[tuple[int, Any]]] = {}
    for version_id, attempt_id, answer in session().execute(
        select(AttemptItem.question_version_id, AttemptItem.attempt_id, AttemptItem.answer)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(QuestionVersion.question_id == question_id, Attempt.quiz_id == answers.quiz_id)
        .order_by(AttemptItem.attempt_id)
    ):
        if attempt_id in places:
            given.setdefault(version_id, []).append((places[attempt_id], answer))
    versions = session().scalars(
        select(QuestionVersion).where(QuestionVersion.id.in_(list(given))).order_by(QuestionVersion.number.desc())
    )
    tables = [_version_options(version, given[version.id], third, shares) for version in versions]
    return [one for one in tables if one.parts]


def _version_options(
    version: QuestionVersion, given: Sequence[tuple[int, Any]], third: Thirds, shares: Floats
) -> VersionOptions:
    content = version.content
    people = [place for place, _answer in given]
    parts = rows_of(content, [answer for _place, answer in given])
    picks = [{part.key for part in chosen(content, answer)} for _place, answer in given]
    keys = [part.key for part in parts]
    table = option_table(picks, third[people], shares[people], keys)
    return VersionOptions(version.number, table, tuple(parts))


def _first_attempts(quiz_id: int) -> Select[int]:
    return (
        select(func.min(Attempt.id))
        .where(Attempt.quiz_id == quiz_id, Attempt.preview.is_(False), Attempt.handed_in_at.is_not(None))
        .group_by(Attempt.person_id)
    )


def _cells(quiz: Quiz, attempt_ids: set[int]) -> list[Any]:
    """Every scored answer of these attempts, as rows (attempt, question, points, score, seconds)."""
    rows = session().execute(
        select(
            AttemptItem.attempt_id,
            QuestionVersion.question_id,
            AttemptItem.points,
            AttemptItem.score,
            AttemptItem.seconds,
        )
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(AttemptItem.attempt_id.in_(_first_attempts(quiz.id)), AttemptItem.score.is_not(None))
        .where(AttemptItem.points > 0)
        .order_by(AttemptItem.attempt_id)
    )
    return [row for row in rows if row[0] in attempt_ids]


def _matrix(cells: Sequence[Any], places: dict[int, int], questions: Sequence[Asked]) -> Responses:
    """The cells as a matrix; a question is worth what the last attempt says."""
    columns = {question.question_id: column for column, question in enumerate(questions)}
    return Responses.of_cells(
        [
            (places[attempt_id], columns[question_id], score / points, points, seconds)
            for attempt_id, question_id, points, score, seconds in cells
        ],
        [question.key for question in questions],
        [str(attempt_id) for attempt_id in places],
    )


def _questions(quiz: Quiz, question_ids: set[int]) -> tuple[Asked, ...]:
    """Questions in the quiz's order; those drawn, or no longer in it, after them by bank."""
    current = aliased(QuestionVersion)
    rows = session().execute(
        select(Question.id, Question.key, Question.kind, current.stem, current.stem_en)
        .join(current, (current.question_id == Question.id) & (current.number == Question.current_number))
        .outerjoin(QuizItem, (QuizItem.question_id == Question.id) & (QuizItem.quiz_id == quiz.id))
        .where(Question.id.in_(question_ids))
        .order_by(QuizItem.position.is_(None), QuizItem.position, Question.bank_id, Question.position, Question.id)
    )
    return tuple(
        Asked(question_id, number, key, QuestionKind(kind), stem, stem_en)
        for number, (question_id, key, kind, stem, stem_en) in enumerate(rows, 1)
    )


def _top_units(quiz_id: int) -> dict[int, tuple[str, str]]:
    """The names of the unit above all of each person's first post; people without a post are left out."""
    people = select(Attempt.person_id).where(Attempt.id.in_(_first_attempts(quiz_id)))
    posts = session().execute(
        select(Post.person_id, Unit.path)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.person_id.in_(people))
        .order_by(Post.person_id, Post.rank, Post.id)
    )
    tops: dict[int, int] = {}
    for person_id, path in posts:
        tops.setdefault(person_id, int(path.split("/")[1]))
    units = session().execute(select(Unit.id, Unit.short_name, Unit.name_en).where(Unit.id.in_(set(tops.values()))))
    names = {unit_id: (short_name, name_en) for unit_id, short_name, name_en in units}
    return {person_id: names[top] for person_id, top in tops.items()}
