"""Reads of banks for those who write them: folders, tags, usage, figures of each question."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, cast, func, or_, select
from sqlalchemy.orm import selectinload

from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.paging import Page, paginate
from lms.core.text import fold, like_pattern, search_terms
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.models import (
    Difficulty,
    Question,
    QuestionBank,
    QuestionImport,
    QuestionKind,
    QuestionTag,
    QuestionVersion,
    QuizItem,
)

FEWEST_FOR_FIGURES = 5
"""Answers below which a question's figures say nothing."""


@dataclass(frozen=True)
class BankFilter:
    """What a bank's list is narrowed to; empty or None is everything. `category` takes the folders below it in."""

    text: str = ""
    category: str = ""
    tag: str = ""
    topic: str = ""
    difficulty: Difficulty | None = None
    kind: QuestionKind | None = None
    retired: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is left out but what is retired."""
        return self != BankFilter()


@dataclass(frozen=True)
class Usage:
    """Where a question is asked and how it went over closed attempts that count.

    `facility`: the mean share of its points, 0 to 1. `discrimination`: the correlation of that share with the share of
    the rest of the paper, -1 to 1; None where too few answered or none differ.
    """

    quizzes: int = 0
    attempts: int = 0
    facility: float | None = None
    discrimination: float | None = None


@dataclass
class Folder:
    """A folder of a bank, how many questions stand in it and below, and the folders in it."""

    path: str
    name: str
    count: int = 0
    folders: list["Folder"] = field(default_factory=list)


def bank_list(bank: QuestionBank, wanted: BankFilter, number: int) -> Page[Any]:
    """Questions of a bank in their order, as rows (question with its tags, version asked next)."""
    statement = narrowed(bank.id, wanted).options(selectinload(Question.tags))
    return paginate(session(), statement.order_by(Question.position, Question.id), number, scalars=False)


def found_ids(bank: QuestionBank, wanted: BankFilter) -> list[int]:
    """Ids of all questions of a bank that a filter lets through."""
    statement = narrowed(bank.id, wanted).with_only_columns(Question.id).order_by(Question.position, Question.id)
    return list(session().scalars(statement))


def categories(bank: QuestionBank) -> Sequence[str]:
    """Paths of folders in use, in order."""
    statement = select(Question.category).where(Question.bank_id == bank.id, Question.category != "").distinct()
    return session().scalars(statement.order_by(Question.category)).all()


def tree(bank: QuestionBank) -> list[Folder]:
    """The folders of a bank's questions that are not retired."""
    statement = (
        select(Question.category, func.count())
        .where(Question.bank_id == bank.id, Question.retired_at.is_(None), Question.category != "")
        .group_by(Question.category)
        .order_by(Question.category)
    )
    roots: list[Folder] = []
    known: dict[str, Folder] = {}
    for path, count in session().execute(statement):
        parts = str(path).split("/")
        level = roots
        for depth, name in enumerate(parts, 1):
            at = "/".join(parts[:depth])
            if at not in known:
                known[at] = Folder(at, name)
                level.append(known[at])
            known[at].count += count
            level = known[at].folders
    return roots


def tags(bank: QuestionBank) -> Sequence[tuple[str, int]]:
    """Tags of a bank's questions that are not retired and how many bear each, in order."""
    statement = (
        select(func.min(QuestionTag.tag), func.count())
        .join(Question, Question.id == QuestionTag.question_id)
        .where(Question.bank_id == bank.id, Question.retired_at.is_(None))
        .group_by(QuestionTag.folded)
        .order_by(QuestionTag.folded)
    )
    return [(str(tag), int(count)) for tag, count in session().execute(statement)]


def usage(question_ids: Collection[int]) -> dict[int, Usage]:
    """How each question is used and how it went, in two statements; one that no attempt has seen has no figures."""
    if not question_ids:
        return {}
    asked = select(QuizItem.question_id, func.count()).where(QuizItem.question_id.in_(question_ids))
    quizzes = {int(one): int(n) for one, n in session().execute(asked.group_by(QuizItem.question_id))}
    figures = {int(row[0]): row[1:] for row in session().execute(_sums(question_ids))}
    found = {}
    for question_id in question_ids:
        sums = figures.get(question_id)
        found[question_id] = _usage(quizzes.get(question_id, 0), sums) if sums else Usage(quizzes.get(question_id, 0))
    return found


def versions_of(question: Question) -> Sequence[Any]:
    """All versions of a question, the newest first, as rows (version, attempts that saw it, previews left out)."""
    seen = (
        select(func.count(Attempt.id.distinct()))
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .where(AttemptItem.question_version_id == QuestionVersion.id, Attempt.preview.is_(False))
        .correlate(QuestionVersion)
        .scalar_subquery()
    )
    statement = select(QuestionVersion, seen).where(QuestionVersion.question_id == question.id)
    return session().execute(statement.order_by(QuestionVersion.number.desc())).all()


def imports(bank: QuestionBank) -> Sequence[QuestionImport]:
    """The ten files handed in last for a bank, the newest first."""
    statement = select(QuestionImport).where(QuestionImport.bank_id == bank.id)
    return session().scalars(statement.order_by(QuestionImport.id.desc()).limit(10)).all()


def get_import(bank: QuestionBank, file_id: int) -> QuestionImport:
    """A file handed in for the bank; raises NotFound."""
    found = session().get(QuestionImport, file_id)
    if found is None or found.bank_id != bank.id:
        raise NotFound
    return found


def narrowed(bank_id: int, wanted: BankFilter) -> Select[Any]:
    """Questions of a bank that a filter lets through, as rows (question, version asked next), in no order."""
    statement: Any = select(Question, QuestionVersion).join(QuestionVersion, is_current())
    statement = statement.where(
        Question.bank_id == bank_id,
        Question.retired_at.is_not(None) if wanted.retired else Question.retired_at.is_(None),
    )
    if wanted.category:
        below = Question.category.startswith(f"{wanted.category}/", autoescape=True)
        statement = statement.where(or_(Question.category == wanted.category, below))
    if wanted.tag:
        bearing = select(QuestionTag.question_id).where(QuestionTag.folded == fold(wanted.tag))
        statement = statement.where(Question.id.in_(bearing))
    if wanted.topic:
        statement = statement.where(Question.topic == wanted.topic)
    if wanted.difficulty is not None:
        statement = statement.where(Question.difficulty == wanted.difficulty)
    if wanted.kind is not None:
        statement = statement.where(Question.kind == wanted.kind)
    for term in search_terms(wanted.text):
        pattern = like_pattern(term)
        statement = statement.where(
            or_(Question.search.like(pattern, escape="\\"), func.lower(Question.key).like(pattern, escape="\\"))
        )
    found: Select[Any] = statement
    return found


def is_current() -> ColumnElement[bool]:
    """The condition that a joined version is the one asked next."""
    return (QuestionVersion.question_id == Question.id) & (QuestionVersion.number == Question.current_number)


def _sums(question_ids: Collection[int]) -> Select[Any]:
    """Per question: answers, and the sums of the share x of its points and y of the rest of the paper."""
    x = cast(AttemptItem.score, Float) / AttemptItem.points
    rest = func.nullif(Attempt.max_score - AttemptItem.points, 0)
    y = (Attempt.score - AttemptItem.score) / rest
    statement: Any = (
        select(
            QuestionVersion.question_id,
            func.count(),
            func.sum(x),
            func.count(y),
            func.sum(y),
            func.sum(x * y),
            func.sum(x * x),
            func.sum(y * y),
        )
        .select_from(AttemptItem)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(QuestionVersion.question_id.in_(question_ids))
        .where(Attempt.preview.is_(False), Attempt.handed_in_at.is_not(None), AttemptItem.score.is_not(None))
        .group_by(QuestionVersion.question_id)
    )
    found: Select[Any] = statement
    return found


def _usage(quizzes: int, sums: Any) -> Usage:
    n, sum_x, n_rest, sum_y, sum_xy, sum_xx, sum_yy = sums
    if n < FEWEST_FOR_FIGURES:
        return Usage(quizzes, n)
    discrimination = None
    if n_rest == n:
        across = (n * sum_xx - sum_x**2) * (n * sum_yy - sum_y**2)
        if across > 1e-9:
            discrimination = (n * sum_xy - sum_x * sum_y) / sqrt(across)
    return Usage(quizzes, n, sum_x / n, discrimination)
