"""Reads of banks, questions, quizzes and attempts; every load goes through who asks, a stranger gets NotFound."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.paging import Page, paginate
from lms.core.permissions import Permission
from lms.core.text import like_pattern, search_terms
from lms.quizzes import bank_queries, grading, policy
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.bank_queries import BankFilter
from lms.quizzes.models import (
    Question,
    QuestionBank,
    QuestionVersion,
    Quiz,
    QuizDraw,
    QuizItem,
)
from lms.units.models import Unit, UnitKind

MOST_CHOICES = 400

Model = TypeVar("Model")


def within(account: Account, permission: Permission) -> ColumnElement[bool]:
    """The condition that a joined `Unit` is one the account has the permission on."""
    prefixes = account.unit_paths(permission)
    if "" in prefixes:
        return Unit.id.is_not(None)
    return or_(false(), *(Unit.path.startswith(prefix, autoescape=True) for prefix in prefixes))


def units_to_write_for(account: Account) -> Sequence[Unit]:
    """Units of today that the account may own banks and quizzes for, without communes, in list order."""
    today = clock.today()
    statement = (
        select(Unit)
        .where(within(account, Permission.QUESTIONS), Unit.kind != UnitKind.COMMUNE)
        .where(or_(Unit.valid_to.is_(None), Unit.valid_to > today))
        .order_by(Unit.sort_key, Unit.id)
        .limit(MOST_CHOICES)
    )
    return session().scalars(statement).all()


def bank_page(account: Account, text: str, number: int) -> Page[Any]:
    """Banks the account may write in, as rows (bank, number of questions asked today)."""
    asked = (
        select(func.count())
        .where(Question.bank_id == QuestionBank.id, Question.retired_at.is_(None))
        .correlate(QuestionBank)
        .scalar_subquery()
    )
    statement = (
        select(QuestionBank, asked)
        .join(QuestionBank.unit)
        .options(joinedload(QuestionBank.unit))
        .where(within(account, Permission.QUESTIONS))
        .order_by(QuestionBank.title, QuestionBank.id)
    )
    return paginate(session(), _found_by(statement, QuestionBank.search, text), number, scalars=False)


def bank_choices(account: Account) -> Sequence[QuestionBank]:
    """Banks to choose questions from, by title, at most MOST_CHOICES."""
    statement = select(QuestionBank).join(QuestionBank.unit).where(within(account, Permission.QUESTIONS))
    return session().scalars(statement.order_by(QuestionBank.title, QuestionBank.id).limit(MOST_CHOICES)).all()


def get_bank(account: Account, bank_id: int) -> QuestionBank:
    """A bank the account may write in; raises NotFound."""
    return _one(
        select(QuestionBank)
        .join(QuestionBank.unit)
        .options(joinedload(QuestionBank.unit))
        .where(QuestionBank.id == bank_id, within(account, Permission.QUESTIONS))
    )


def topics(bank: QuestionBank) -> Sequence[str]:
    """Topics of a bank's questions, in order."""
    statement = select(Question.topic).where(Question.bank_id == bank.id, Question.topic != "").distinct()
    return session().scalars(statement.order_by(Question.topic)).all()


def get_question(account: Account, question_id: int) -> Question:
    """A question of a bank the account may write in, with its bank; raises NotFound."""
    return _one(
        select(Question)
        .join(Question.bank)
        .join(QuestionBank.unit)
        .options(joinedload(Question.bank).joinedload(QuestionBank.unit))
        .where(Question.id == question_id, within(account, Permission.QUESTIONS))
    )


def quizzes_asking(question: Question) -> Sequence[Quiz]:
    """Quizzes in which the question stands."""
    return session().scalars(select(Quiz).join(QuizItem).where(QuizItem.question_id == question.id)).all()


def questions_to_choose(account: Account, quiz: Quiz, bank_id: int, text: str, number: int) -> Page[Any]:
    """Questions of one of the account's banks that the quiz does not ask yet, as rows (question, version)."""
    taken = select(QuizItem.question_id).where(QuizItem.quiz_id == quiz.id)
    statement = (
        bank_queries.narrowed(bank_id, BankFilter(text=text))
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .join(Unit, Unit.id == QuestionBank.unit_id)
        .where(within(account, Permission.QUESTIONS), Question.id.not_in(taken))
        .order_by(Question.position, Question.id)
    )
    return paginate(session(), statement, number, scalars=False)


def chosen_questions(account: Account, question_ids: Sequence[int]) -> list[Question]:
    """Those of the ids that lie in banks the account may write in, in bank order."""
    statement = (
        select(Question)
        .join(Question.bank)
        .join(QuestionBank.unit)
        .where(within(account, Permission.QUESTIONS), Question.id.in_(question_ids))
        .order_by(Question.bank_id, Question.position)
    )
    return list(session().scalars(statement))


def quiz_page(account: Account, text: str, number: int) -> Page[Any]:
    """Quizzes the account may manage, the newest first, as rows (quiz, questions, people who took it)."""
    people = (
        select(func.count(Attempt.person_id.distinct()))
        .where(Attempt.quiz_id == Quiz.id, Attempt.preview.is_(False))
        .correlate(Quiz)
        .scalar_subquery()
    )
    statement = (
        select(Quiz, _asked(Quiz.id), people)
        .join(Quiz.unit)
        .options(joinedload(Quiz.unit))
        .where(or_(within(account, Permission.QUESTIONS), within(account, Permission.RESULTS)))
        .order_by(Quiz.created_at.desc(), Quiz.id.desc())
    )
    return paginate(session(), _found_by(statement, Quiz.search, text), number, scalars=False)


def get_managed_quiz(account: Account, quiz_id: int, permission: Permission = Permission.QUESTIONS) -> Quiz:
    """A quiz on whose unit the account has the permission; raises NotFound."""
    return _one(
        select(Quiz)
        .join(Quiz.unit)
        .options(joinedload(Quiz.unit))
        .where(Quiz.id == quiz_id, within(account, permission))
    )


def items_of(quiz: Quiz) -> Sequence[Any]:
    """A quiz's questions in order, as rows (item, question, version asked next)."""
    statement = (
        select(QuizItem, Question, QuestionVersion)
        .join(Question, Question.id == QuizItem.question_id)
        .join(QuestionVersion, bank_queries.is_current())
        .where(QuizItem.quiz_id == quiz.id)
        .order_by(QuizItem.position)
    )
    return session().execute(statement).all()


def get_quiz_to_take(account: Account, quiz_id: int) -> Quiz:
    """A quiz the account's person is admitted to, has taken, or may manage; raises NotFound."""
    quiz = _one(select(Quiz).options(joinedload(Quiz.unit)).where(Quiz.id == quiz_id))
    if policy.may_write(account, quiz):
        return quiz
    admitted = quiz.published_at is not None and policy.is_admitted(account.person_id, quiz.id)
    if admitted or attempts_of(account.person_id, quiz.id):
        return quiz
    raise NotFound


def question_count(quiz: Quiz) -> int:
    """How many questions the quiz asks, fixed and drawn."""
    return session().scalar(select(_asked(quiz.id))) or 0


def _asked(quiz_id: Any) -> Any:
    """How many questions a quiz asks, as a value of a statement; `quiz_id` a number or a column."""
    fixed = select(func.count()).where(QuizItem.quiz_id == quiz_id)
    drawn = select(func.coalesce(func.sum(QuizDraw.count), 0)).where(QuizDraw.quiz_id == quiz_id)
    return fixed.correlate(Quiz).scalar_subquery() + drawn.correlate(Quiz).scalar_subquery()


def get_own_attempt(account: Account, attempt_id: int) -> Attempt:
    """The person's own attempt with its whole paper, in three statements; raises NotFound."""
    return _one(
        select(Attempt)
        .options(joinedload(Attempt.quiz), _PAPER)
        .where(Attempt.id == attempt_id, Attempt.person_id == account.person_id)
    )


def get_attempt_of(quiz: Quiz, attempt_id: int) -> Attempt:
    """Anyone's counted attempt at this quiz, with person and paper; raises NotFound."""
    return _one(
        select(Attempt)
        .options(joinedload(Attempt.quiz), joinedload(Attempt.person), _PAPER)
        .where(Attempt.id == attempt_id, Attempt.quiz_id == quiz.id, Attempt.preview.is_(False))
    )


def attempts_of(person_id: int, quiz_id: int) -> Sequence[Attempt]:
    """A person's counted attempts at a quiz, the first first."""
    statement = select(Attempt).where(
        Attempt.person_id == person_id, Attempt.quiz_id == quiz_id, Attempt.preview.is_(False)
    )
    return session().scalars(statement.order_by(Attempt.id)).all()


def best_result(person_id: int, quiz_id: int) -> tuple[float, bool] | None:
    """The result that counts by the quiz's policy: percent of all points (0 to 100) and passed; None without one."""
    return results_of(quiz_id, [person_id]).get(person_id)


def results_of(quiz_id: int, person_ids: Sequence[int]) -> dict[int, tuple[float, bool]]:
    """The same for many people in one statement: person id -> (percent, passed), without those who have none."""
    statement = (
        select(Attempt, Quiz.grade_policy, Quiz.pass_percent)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id == quiz_id, Attempt.preview.is_(False), Attempt.handed_in_at.is_not(None))
        .where(Attempt.person_id.in_(person_ids), Quiz.practice.is_(False))
    )
    by_person: dict[int, list[Attempt]] = {}
    rows = session().execute(statement).all()
    for attempt, _rule, _percent in rows:
        by_person.setdefault(attempt.person_id, []).append(attempt)
    found = {
        person_id: grading.grade(attempts, rows[0].grade_policy, rows[0].pass_percent)
        for person_id, attempts in by_person.items()
    }
    return {person_id: (grade.percent, bool(grade.passed)) for person_id, grade in found.items() if grade}


_PAPER = selectinload(Attempt.items).options(
    joinedload(AttemptItem.question_version, innerjoin=True),
    joinedload(AttemptItem.key_version),
    joinedload(AttemptItem.section),
)


def _found_by(statement: Select[Any], column: Any, text: str) -> Select[Any]:
    for term in search_terms(text):
        statement = statement.where(column.like(like_pattern(term), escape="\\"))
    return statement


def _one(statement: Select[Model]) -> Model:
    found = session().scalar(statement)
    if found is None:
        raise NotFound
    return found
