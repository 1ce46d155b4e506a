"""Load a course's `questions.yaml`: its bank, questions and quizzes by their keys, again and again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.core import clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken, RulesBroken
from lms.quizzes import service
from lms.quizzes.checking import BankFile, QuizEntry, read_bank
from lms.quizzes.models import Question, QuestionBank, Quiz, QuizItem
from lms.units.models import Unit


@dataclass(frozen=True)
class LoadedBank:
    """What stands in the database after loading; `reworded` counts questions whose words changed or are new."""

    bank: QuestionBank
    questions: dict[str, Question]
    quizzes: dict[str, Quiz]
    reworded: int


def check_bank(data: Any) -> list[RuleBroken]:
    """What is wrong with the parsed file; `where` is a path such as "questions[3].options[1].text.vi"."""
    return read_bank(data).refusals


def load_bank(data: Any, unit: Unit) -> LoadedBank:
    """Bring the unit's bank of the file's key to what the file says; raises RulesBroken, then nothing is written.

    A question gone from the file is retired, one that comes back is asked again; a quiz gone from it goes back to
    draft. Words seen by an attempt stay; changed words become a new version.
    """
    file = read_bank(data)
    if file.refusals:
        raise RulesBroken(file.refusals)
    bank = _bank(file, unit)
    questions, reworded = _load_questions(file, bank)
    known = _known_quizzes(file, bank)
    quizzes = {entry.key: _load_quiz(entry, known.get(entry.key), bank, questions) for entry in file.quizzes}
    for key, quiz in known.items():
        if key not in quizzes:
            quiz.published_at = None
    session().flush()
    return LoadedBank(bank, questions, quizzes, reworded)


def _bank(file: BankFile, unit: Unit) -> QuestionBank:
    bank = session().scalar(select(QuestionBank).where(QuestionBank.key == file.key))
    if bank is None:
        bank = QuestionBank(key=file.key, unit=unit)
        session().add(bank)
    bank.unit = unit
    bank.rename(file.title, file.title_en)
    session().flush()
    return bank


def _load_questions(file: BankFile, bank: QuestionBank) -> tuple[dict[str, Question], int]:
    statement = select(Question).where(Question.bank_id == bank.id)
    stored = {question.key: question for question in session().scalars(statement)}
    questions: dict[str, Question] = {}
    reworded = 0
    for position, entry in enumerate(file.questions, 1):
        question = stored.pop(entry.key, None)
        if question is None:
            question = service.store_question(bank, entry.key, position, entry.words, entry.labels)
            reworded += 1
        else:
            question.position, question.retired_at = position, None
            service.file_under(question, entry.labels)
            reworded += service.reword(question, entry.words)
        questions[entry.key] = question
    for place, gone in enumerate(stored.values(), len(file.questions) + 1):
        gone.position, gone.retired_at = place, gone.retired_at or clock.now()
    return questions, reworded


def _known_quizzes(file: BankFile, bank: QuestionBank) -> dict[str, Quiz]:
    """Quizzes of the file's keys, and those that ask this bank's questions and come from files."""
    of_bank = select(QuizItem.quiz_id).join(Question).where(Question.bank_id == bank.id)
    keys = [entry.key for entry in file.quizzes]
    found = session().scalars(
        select(Quiz)
        .where(Quiz.key.is_not(None), Quiz.key.in_(keys) | Quiz.id.in_(of_bank))
        .options(selectinload(Quiz.items))
    )
    return {str(quiz.key): quiz for quiz in found}


def _load_quiz(entry: QuizEntry, quiz: Quiz | None, bank: QuestionBank, questions: dict[str, Question]) -> Quiz:
    if quiz is None:
        quiz = Quiz(key=entry.key, unit=bank.unit)
        session().add(quiz)
    elif any(item.question_id not in {one.id for one in bank.questions} for item in quiz.items):
        message = N_("Khóa “%(key)s” đã là một bài của ngân hàng khác.")
        raise RuleBroken(message, code="bad-question-file", key=entry.key, where="quizzes")
    quiz.unit = bank.unit
    service.apply_rules(quiz, entry.rules)
    kept = {item.question_id: item for item in quiz.items}
    wanted = [questions[key] for key in entry.questions]
    for question_id, item in kept.items():
        if question_id not in {question.id for question in wanted}:
            quiz.items.remove(item)
    for position, question in enumerate(wanted, 1):
        if question.id in kept:
            kept[question.id].position = position
        else:
            quiz.items.append(QuizItem(question=question, position=position, points=1))
    quiz.published_at = quiz.published_at or clock.now()
    session().flush()
    session().expire(quiz, ["items"])
    return quiz
