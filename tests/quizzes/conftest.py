"""A bank of four questions, one of each kind, and a quiz of them that the trainee is admitted to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from lms.accounts.models import Account
from lms.bench.every_kind import build_quiz as every_kinds_quiz
from lms.core import clock
from lms.core.db import session
from lms.quizzes import policy, service, taking
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.kinds.choice import Multiple, Option, Single, true_false
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.models import Question, QuestionBank, QuestionKind, Quiz
from lms.quizzes.rules import Rules
from lms.quizzes.wording import Labels, Words
from tests.world import World

RULES = Rules(
    title="Kiểm tra cuối khóa", title_en="Final test", time_limit_minutes=20, attempts_allowed=2, pass_percent=60
)

SINGLE = Words(
    content=Single(
        (
            Option(
                Both("Người phát ngôn được giao", "The appointed spokesperson"),
                True,
                Both("Đúng người, đúng việc.", "Right person."),
            ),
            Option(
                Both("Bất kỳ công chức nào", "Any official"),
                False,
                Both("Chỉ người được giao.", "Only the one appointed."),
            ),
            Option(Both("Cơ quan báo chí", "A newspaper")),
        )
    ),
    stem=Both("Ai phát ngôn cho tỉnh?", "Who speaks for the province?"),
    feedback=Both("Việc phát ngôn được giao bằng văn bản.", "Speaking is assigned in writing."),
    cites=["nd-09-2017 Điều 3"],
)
MULTIPLE = Words(
    content=Multiple(
        (
            Option(Both("Điều đã biết", "What is known"), True),
            Option(Both("Điều đang xác minh", "What is being verified"), True),
            Option(Both("Phỏng đoán nguyên nhân", "A guess at the cause")),
        )
    ),
    stem=Both("Tin ban đầu gồm những gì?", "What does a first statement hold?"),
    feedback=Both("Nói điều đã biết và điều đang xác minh."),
)
TRUE_FALSE = Words(
    content=true_false(True),
    stem=Both("Thông tin ban đầu cung cấp trong 24 giờ.", "First information is given within 24 hours."),
)
SHORT = Words(
    content=Short((Form("72/2015/NĐ-CP"), Form("Nghị định 72"))),
    stem=Both("Nghị định về thông tin đối ngoại số mấy?", "Which decree is it?"),
)
ALL_WORDS = (SINGLE, MULTIPLE, TRUE_FALSE, SHORT)
RIGHT_ANSWERS = {
    QuestionKind.SINGLE: {"chosen": ["a"]},
    QuestionKind.MULTIPLE: {"chosen": ["a", "b"]},
    QuestionKind.TRUE_FALSE: {"chosen": ["true"]},
    QuestionKind.SHORT: {"text": "72-2015 nđ cp"},
}


@pytest.fixture
def bank(world: World) -> QuestionBank:
    """A bank of Lam Khê with one question of each kind."""
    return build_bank(world)


@pytest.fixture
def quiz(world: World, bank: QuestionBank) -> Quiz:
    """A published quiz of the bank's four questions: 20 minutes, two attempts, 60 percent."""
    return build_quiz(world, bank)


@pytest.fixture
def admitted(world: World, quiz: Quiz) -> Iterator[Quiz]:
    """The quiz, with the trainee and no one else admitted."""
    with only(world.trainee, quiz):
        yield quiz


@pytest.fixture
def every_kind(world: World) -> Iterator[Quiz]:
    """A quiz with a question of each kind, with the trainee and no one else admitted."""
    made = every_kinds_quiz(world.units["so-lam-khe"], world.instructor, pass_percent=60)
    with only(world.trainee, made):
        yield made


@contextmanager
def only(account: Account, quiz: Quiz) -> Iterator[None]:
    """Admit one account to a quiz."""
    allowed = (account.person_id, quiz.id)

    def source(person_id: int, quiz_id: int) -> bool:
        return (person_id, quiz_id) == allowed

    policy.admission_sources.append(source)
    yield
    policy.admission_sources.remove(source)


@pytest.fixture
def attempt(world: World, admitted: Quiz) -> Attempt:
    """The trainee's open attempt."""
    return taking.start(world.trainee, admitted)


def build_bank(world: World) -> QuestionBank:
    """The bank of the fixtures."""
    bank = service.create_bank(world.instructor, world.units["so-lam-khe"], "Ngân hàng phát ngôn", "Spokesperson bank")
    for words in ALL_WORDS:
        service.add_question(bank, words, Labels("m1"))
    return bank


def build_quiz(world: World, bank: QuestionBank, **rules: object) -> Quiz:
    """A published quiz of every question of the bank."""
    quiz = service.create_quiz(world.instructor, bank.unit, replace(RULES, **rules))  # type: ignore[arg-type]
    service.add_items(quiz, questions_of(bank))
    service.publish(world.instructor, quiz)
    return quiz


def questions_of(bank: QuestionBank) -> list[Question]:
    """The bank's questions in their order."""
    session().expire(bank, ["questions"])
    return list(bank.questions)


def item_of(attempt: Attempt, kind: QuestionKind) -> AttemptItem:
    """The attempt's first question of a kind."""
    return next(item for item in attempt.items if item.question_version.kind == kind)


def answer_all(account: Account, attempt: Attempt, wrong: tuple[QuestionKind, ...] = ()) -> None:
    """Answer every question rightly, those of the kinds in `wrong` not at all."""
    for item in attempt.items:
        kind = QuestionKind(item.question_version.kind)
        if kind not in wrong:
            taking.save_answer(account.person_id, attempt.id, item.position, RIGHT_ANSWERS[kind], 1)
    session().expire_all()


def taken(account: Account, quiz: Quiz, wrong: tuple[QuestionKind, ...] = ()) -> Attempt:
    """A whole attempt, handed in now."""
    attempt = taking.start(account, quiz)
    answer_all(account, attempt, wrong)
    return taking.hand_in(account.person_id, attempt.id)


def local_input(minutes: int) -> str:
    """A moment from now as a browser's datetime field sends it, on a Vietnamese clock."""
    return clock.local(clock.now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")
