"""A bank of four questions, one of each kind, and a quiz of them that the trainee is admitted to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.quizzes import policy, service, taking
from lms.quizzes.models import Attempt, AttemptItem, Difficulty, Question, QuestionBank, QuestionKind, Quiz
from lms.quizzes.rules import Rules
from lms.quizzes.wording import Option, Words, true_false
from tests.world import World

RULES = Rules(
    title="Kiểm tra cuối khóa", title_en="Final test", time_limit_minutes=20, attempts_allowed=2, pass_percent=60
)

SINGLE = Words(
    kind=QuestionKind.SINGLE,
    stem="Ai phát ngôn cho tỉnh?",
    stem_en="Who speaks for the province?",
    options=[
        Option(
            "Người phát ngôn được giao", True, "The appointed spokesperson", "Đúng người, đúng việc.", "Right person."
        ),
        Option("Bất kỳ công chức nào", False, "Any official", "Chỉ người được giao.", "Only the one appointed."),
        Option("Cơ quan báo chí", False, "A newspaper"),
    ],
    feedback="Việc phát ngôn được giao bằng văn bản.",
    feedback_en="Speaking is assigned in writing.",
    cites=["nd-09-2017 Điều 3"],
)
MULTIPLE = Words(
    kind=QuestionKind.MULTIPLE,
    stem="Tin ban đầu gồm những gì?",
    stem_en="What does a first statement hold?",
    options=[
        Option("Điều đã biết", True, "What is known"),
        Option("Điều đang xác minh", True, "What is being verified"),
        Option("Phỏng đoán nguyên nhân", False, "A guess at the cause"),
    ],
    feedback="Nói điều đã biết và điều đang xác minh.",
)
TRUE_FALSE = Words(
    kind=QuestionKind.TRUE_FALSE,
    stem="Thông tin ban đầu cung cấp trong 24 giờ.",
    stem_en="First information is given within 24 hours.",
    options=true_false(True),
)
SHORT = Words(
    kind=QuestionKind.SHORT,
    stem="Nghị định về thông tin đối ngoại số mấy?",
    stem_en="Which decree is it?",
    accepted=["72/2015/NĐ-CP", "Nghị định 72"],
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
    allowed = {(world.trainee.person_id, quiz.id)}

    def source(person_id: int, quiz_id: int) -> bool:
        return (person_id, quiz_id) in allowed

    policy.admission_sources.append(source)
    yield quiz
    policy.admission_sources.remove(source)


@pytest.fixture
def attempt(world: World, admitted: Quiz) -> Attempt:
    """The trainee's open attempt."""
    return taking.start(world.trainee, admitted)


def build_bank(world: World) -> QuestionBank:
    """The bank of the fixtures."""
    bank = service.create_bank(world.instructor, world.units["so-lam-khe"], "Ngân hàng phát ngôn", "Spokesperson bank")
    for words in ALL_WORDS:
        service.add_question(bank, words, topic="m1", difficulty=Difficulty.MEDIUM)
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
