"""Verbs over banks and questions, and, handed on, those over quizzes of `papers`; flushes, never commits."""

from collections.abc import Sequence

from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken, RulesBroken
from lms.core.text import fold
from lms.quizzes.attempt_models import AttemptItem
from lms.quizzes.models import Question, QuestionBank, QuestionTag, QuestionVersion, Quiz, QuizItem
from lms.quizzes.origins import refuse_files
from lms.quizzes.papers import (
    add_items,
    apply_rules,
    create_quiz,
    move_item,
    publish,
    remove_item,
    set_points,
    set_rules,
    withdraw,
)
from lms.quizzes.wording import Labels, Words, faults, says_the_same
from lms.units.models import Unit

__all__ = [
    "add_items",
    "add_question",
    "add_questions",
    "apply_rules",
    "create_bank",
    "create_quiz",
    "current_version",
    "edit_question",
    "file_under",
    "is_seen",
    "move_item",
    "publish",
    "remove_item",
    "rename_bank",
    "restore",
    "retire",
    "reword",
    "set_points",
    "set_rules",
    "store_question",
    "withdraw",
]


def create_bank(account: Account, unit: Unit, title: str, title_en: str | None = None) -> QuestionBank:
    """A new, empty bank of a unit."""
    bank = QuestionBank(unit=unit)
    bank.rename(title, title_en)
    session().add(bank)
    session().flush()
    audit.record("question-bank.create", f"question-bank:{bank.id}", actor_id=account.id, title=title)
    return bank


def rename_bank(bank: QuestionBank, title: str, title_en: str | None) -> None:
    """Change a bank's titles; raises RuleBroken for one that comes from files."""
    refuse_files(bank)
    bank.rename(title, title_en)
    session().flush()


def add_question(bank: QuestionBank, words: Words, labels: Labels) -> Question:
    """A new question at the end of a bank; raises RulesBroken for faulty words."""
    refuse_files(bank)
    _refuse_faults(words)
    last = session().scalar(select(func.max(Question.position)).where(Question.bank_id == bank.id)) or 0
    return store_question(bank, f"C{last + 1:03d}", last + 1, words, labels)


def add_questions(bank: QuestionBank, questions: Sequence[tuple[Words, Labels]]) -> list[Question]:
    """New questions at the end of a bank, all or none; raises RulesBroken for faulty words of any."""
    refuse_files(bank)
    for words, _labels in questions:
        _refuse_faults(words)
    last = session().scalar(select(func.max(Question.position)).where(Question.bank_id == bank.id)) or 0
    return [
        store_question(bank, f"C{place:03d}", place, words, labels)
        for place, (words, labels) in enumerate(questions, last + 1)
    ]


def store_question(bank: QuestionBank, key: str, position: int, words: Words, labels: Labels) -> Question:
    """Write a question with its first version, unchecked."""
    question = Question(bank=bank, key=key, position=position, kind=words.kind, current_number=1)
    question.versions.append(QuestionVersion(number=1, **words.columns()))
    session().add(question)
    file_under(question, labels)
    _find_by(question, words)
    session().flush()
    return question


def edit_question(question: Question, words: Words, labels: Labels) -> None:
    """Change a question's words and labels; raises RulesBroken for faulty words."""
    refuse_files(question.bank)
    _refuse_faults(words)
    file_under(question, labels)
    reword(question, words)


def file_under(question: Question, labels: Labels) -> None:
    """Set what a question is filed and found under; a tag written twice stands once, as first written."""
    question.topic, question.difficulty = labels.topic, labels.difficulty
    question.title, question.category = labels.title, labels.category
    wanted: dict[str, str] = {}
    for tag in labels.tags:
        wanted.setdefault(fold(tag), tag)
    kept = {tag.folded: tag for tag in question.tags}
    for folded, one in kept.items():
        if folded not in wanted:
            question.tags.remove(one)
    for folded, tag in wanted.items():
        if folded in kept:
            kept[folded].tag = tag
        elif folded:
            question.tags.append(QuestionTag(folded=folded, tag=tag))


def _find_by(question: Question, words: Words) -> None:
    question.kind, question.search, question.fingerprint = words.kind, words.search_text(), words.fingerprint()


def reword(question: Question, words: Words) -> bool:
    """Store words: over the current version while no attempt has seen it, else as a new one; whether they changed."""
    version = current_version(question)
    _find_by(question, words)
    if says_the_same(version, words):
        session().flush()
        return False
    if is_seen(version):
        newest = session().scalar(
            select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == question.id)
        )
        question.current_number = (newest or 0) + 1
        session().add(QuestionVersion(question_id=question.id, number=question.current_number, **words.columns()))
    else:
        for name, value in words.columns().items():
            setattr(version, name, value)
    session().flush()
    session().expire(question, ["current_version", "versions"])
    return True


def current_version(question: Question) -> QuestionVersion:
    """The version asked next."""
    return (
        session()
        .scalars(
            select(QuestionVersion).where(
                QuestionVersion.question_id == question.id, QuestionVersion.number == question.current_number
            )
        )
        .one()
    )


def is_seen(version: QuestionVersion) -> bool:
    """Whether any attempt, a preview too, keeps this version."""
    seen = select(AttemptItem.id).where(AttemptItem.question_version_id == version.id).limit(1)
    return session().scalar(seen) is not None


def retire(account: Account, question: Question) -> None:
    """Offer the question to no new quiz; raises RuleBroken while a published quiz asks it."""
    refuse_files(question.bank)
    asked_in = session().scalar(
        select(Quiz.title)
        .join(QuizItem)
        .where(QuizItem.question_id == question.id, Quiz.published_at.is_not(None))
        .limit(1)
    )
    if asked_in is not None:
        message = N_("Câu này đang nằm trong bài đã công bố “%(title)s”. Hãy bỏ khỏi bài trước.")
        raise RuleBroken(message, code="in-use", title=asked_in)
    if question.retired_at is None:
        question.retired_at = clock.now()
        audit.record("question.retire", f"question:{question.id}", actor_id=account.id)
    session().flush()


def restore(question: Question) -> None:
    """Offer a retired question again."""
    refuse_files(question.bank)
    question.retired_at = None
    session().flush()


def _refuse_faults(words: Words) -> None:
    if found := faults(words):
        raise RulesBroken(found)
