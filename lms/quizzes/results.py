"""Reads of a quiz's attempts for those who run it: the table and its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from lms.core import clock
from lms.core.db import session
from lms.core.paging import Page, paginate
from lms.core.text import like_pattern, search_terms
from lms.people.models import Person, Post
from lms.quizzes import grading
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.models import GradePolicy, Quiz
from lms.units.models import Unit

CLASSES = 10


class Order(StrEnum):
    """How the table is sorted."""

    NAME = "name"
    SCORE = "score"


class State(StrEnum):
    """Where an attempt stands."""

    OPEN = "open"
    CLOSING = "closing"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True)
class View:
    """What the table shows: a search, an order, and whether only the attempt that counts of each person."""

    text: str = ""
    order: Order = Order.NAME
    counted_only: bool = False


@dataclass(frozen=True)
class Row:
    """One attempt in the table."""

    attempt_id: int
    full_name: str
    unit: str
    number: int
    counted: bool
    state: State
    score: float | None
    max_score: float
    started_at: datetime
    handed_in_at: datetime | None

    @property
    def time_used(self) -> timedelta | None:
        """From start to handing in."""
        return None if self.handed_in_at is None else self.handed_in_at - self.started_at

    @property
    def percent(self) -> float | None:
        """The score as a percentage of all points."""
        return None if self.score is None or not self.max_score else 100 * self.score / self.max_score


@dataclass(frozen=True)
class Figures:
    """The class in numbers, over the attempts that count; `classes` counts them by tenths of all points."""

    people: int
    passed: int
    mean_percent: float | None
    classes: tuple[int, ...]


def result_page(quiz: Quiz, view: View, number: int) -> Page[Any]:
    """One page of the table; `rows` are `Row`s."""
    page = paginate(session(), _table(quiz, view), number, scalars=False)
    return Page(_rows(page.rows), page.number, page.per_page, page.total)


def all_results(quiz: Quiz, view: View) -> list[Row]:
    """The whole table, for the spreadsheet."""
    return _rows(session().execute(_table(quiz, view)).all())


def figures(quiz: Quiz) -> Figures:
    """Numbers over the whole class, whatever the table shows; of an average each person's mean is one."""
    ranked = _ranked(quiz)
    mean = func.avg(func.coalesce(Attempt.score, 0.0) / func.nullif(Attempt.max_score, 0))
    people = (
        select(mean.label("share"), _is_pass(quiz, mean).label("pass"))
        .join(ranked, ranked.c.id == Attempt.id)
        .where(ranked.c.place == 1, Attempt.handed_in_at.is_not(None))
        .group_by(Attempt.person_id)
        .subquery()
    )
    share = people.c.share
    tenth = case((share >= 1, CLASSES - 1), else_=func.floor(share * CLASSES))
    statement = select(tenth, func.count(), func.sum(share), func.sum(people.c["pass"])).group_by(tenth)
    classes, shares, passed = [0] * CLASSES, 0.0, 0
    for place, count, part, passes in session().execute(statement):
        classes[int(place or 0)] += count
        shares, passed = shares + (part or 0.0), passed + passes
    total = sum(classes)
    return Figures(total, passed, 100 * shares / total if total else None, tuple(classes))


def _is_pass(quiz: Quiz, mean: Any) -> Any:
    """1 for a person who passed, by the attempt that counts or by the mean of all of them once all are marked."""
    if quiz.grade_policy == GradePolicy.AVERAGE:
        marked = func.min(case((Attempt.passed.is_(None), 0), else_=1)) == 1
        return case((and_(marked, mean * 100 >= quiz.pass_percent - grading.ROUNDING), 1), else_=0)
    return func.max(case((Attempt.passed.is_(True), 1), else_=0))


def _ranked(quiz: Quiz) -> Any:
    """Attempts with their number for the person, and their place by the quiz's policy: 1 counts; of an average all."""
    still_open = case((Attempt.handed_in_at.is_(None), 1), else_=0)
    orders: dict[str, tuple[Any, ...]] = {
        GradePolicy.BEST: (Attempt.score.desc().nulls_last(), Attempt.id),
        GradePolicy.LAST: (Attempt.id.desc(),),
        GradePolicy.FIRST: (Attempt.id,),
    }
    if quiz.grade_policy == GradePolicy.AVERAGE:
        place: Any = 1 + still_open
    else:
        chosen = orders[quiz.grade_policy]
        place = func.row_number().over(partition_by=Attempt.person_id, order_by=(still_open, *chosen))
    return (
        select(
            Attempt.id,
            func.row_number().over(partition_by=Attempt.person_id, order_by=Attempt.id).label("number"),
            place.label("place"),
        )
        .where(Attempt.quiz_id == quiz.id, Attempt.preview.is_(False))
        .subquery()
    )


def _table(quiz: Quiz, view: View) -> Select[Any]:
    ranked = _ranked(quiz)
    unit = (
        select(Unit.short_name)
        .join(Post, Post.unit_id == Unit.id)
        .where(Post.person_id == Person.id)
        .order_by(Post.rank, Post.id)
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    statement: Select[Any] = (
        select(
            Attempt.id,
            Person.full_name,
            unit,
            ranked.c.number,
            ranked.c.place,
            Attempt.score,
            Attempt.max_score,
            Attempt.passed,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.handed_in_at,
        )
        .join(ranked, ranked.c.id == Attempt.id)
        .join(Person, Person.id == Attempt.person_id)
    )
    for term in search_terms(view.text):
        statement = statement.where(Person.search.like(like_pattern(term), escape="\\"))
    if view.counted_only:
        statement = statement.where(ranked.c.place == 1)
    by_score = (Attempt.score.desc().nulls_last(),) if view.order is Order.SCORE else ()
    return statement.order_by(*by_score, Person.sort_key, Person.id, ranked.c.number)


def _rows(found: Sequence[Any]) -> list[Row]:
    moment = clock.now()
    return [
        Row(
            attempt_id=row.id,
            full_name=row.full_name,
            unit=row[2] or "",
            number=row.number,
            counted=row.place == 1 and row.handed_in_at is not None,
            state=_state(row, moment),
            score=row.score,
            max_score=row.max_score,
            started_at=row.started_at,
            handed_in_at=row.handed_in_at,
        )
        for row in found
    ]


def _state(row: Any, moment: datetime) -> State:
    if row.handed_in_at is not None:
        return State.PASSED if row.passed else State.FAILED
    return State.CLOSING if row.deadline_at is not None and row.deadline_at <= moment else State.OPEN
