"""One act on many questions of a bank, and its undo for those that stayed as it left them.

What an act changed stands in one audit entry with the values before; an undo is an entry of its own. A question that
may not be changed (retired while a published quiz asks it) is left and named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.audit import AuditEntry
from lms.core.db import chunks, session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.core.text import fold, tidy
from lms.quizzes.models import Difficulty, Question, QuestionBank, QuestionTag, Quiz, QuizItem

VERB: Final = "questions.bulk"
UNDO: Final = "questions.bulk-undo"
LONGEST: Final = {"topic": 80, "category": 300, "tag": 60}


class Act(StrEnum):
    """What can be done to many at once."""

    TOPIC = "topic"
    CATEGORY = "category"
    DIFFICULTY = "difficulty"
    TAG = "tag"
    UNTAG = "untag"
    RETIRE = "retire"
    RESTORE = "restore"
    MOVE = "move"


@dataclass(frozen=True)
class Done:
    """An act that was done: how many it changed, keys of those left as they were, and when (UTC)."""

    entry_id: int
    act: Act
    number: int
    left: list[str]
    at: datetime


def change(account: Account, bank: QuestionBank, ids: Sequence[int], act: Act, value: str) -> Done:
    """Do an act to those of the questions that stand in the bank; raises RuleBroken for nothing chosen or no value.

    `value`: the topic, category (empty takes it away), difficulty, tag, or the other bank's id.
    """
    if bank.from_files:
        raise RuleBroken(N_("Nội dung này nạp từ tệp của khóa học. Hãy sửa trong tệp rồi nạp lại."), code="from-files")
    chosen = _questions(bank, ids)
    if not chosen:
        raise RuleBroken(N_("Chưa chọn câu hỏi nào. Đánh dấu ít nhất một câu."), code="nothing-chosen")
    value = _checked(act, value)
    in_use = _asked_by_published([question.id for question in chosen]) if act == Act.RETIRE else set()
    left = [question.key for question in chosen if question.id in in_use]
    before: list[dict[str, Any]] = []
    taking = [question for question in chosen if question.id not in in_use]
    numbers = _next_positions(int(value)) if act == Act.MOVE else 0
    for question in taking:
        was = _set(question, act, value, numbers + len(before))
        if was is not None:
            before.append({"id": question.id, "was": was, "now": _state(question, act)})
    session().flush()
    detail = {"act": str(act), "value": value, "before": before, "left": left[:100]}
    entry = audit.record(VERB, f"question-bank:{bank.id}", actor_id=account.id, **detail)
    session().flush()
    session().expire(bank, ["questions"])
    return Done(entry.id, act, len(before), left, entry.at)


def undo(account: Account, bank: QuestionBank, entry_id: int) -> Done:
    """Take the last act back where nothing changed since; raises NotFound for any but the last."""
    entry = _last(bank)
    if entry is None or entry.id != entry_id or entry.verb != VERB:
        raise NotFound
    act = Act(entry.detail["act"])
    rows = {row["id"]: row for row in entry.detail["before"]}
    questions: list[Question] = []
    for part in chunks(list(rows)):
        statement = select(Question).where(Question.id.in_(part)).options(selectinload(Question.tags))
        questions += session().scalars(statement)
    number, left = 0, []
    for question in questions:
        row = rows[question.id]
        if _state(question, act) == row["now"] and _put_back(question, act, entry.detail["value"], row["was"]):
            number += 1
        else:
            left.append(question.key)
    session().flush()
    told = audit.record(UNDO, f"question-bank:{bank.id}", actor_id=account.id, of=entry.id, left=left[:100])
    session().flush()
    session().expire(bank, ["questions"])
    return Done(told.id, act, number, left, told.at)


def last_act(bank: QuestionBank) -> Done | None:
    """The act that can be undone, if the last one on this bank was none of undoing."""
    entry = _last(bank)
    if entry is None or entry.verb != VERB or not entry.detail["before"]:
        return None
    return Done(entry.id, Act(entry.detail["act"]), len(entry.detail["before"]), entry.detail["left"], entry.at)


def _last(bank: QuestionBank) -> AuditEntry | None:
    statement = select(AuditEntry).where(
        AuditEntry.subject == f"question-bank:{bank.id}", AuditEntry.verb.in_((VERB, UNDO))
    )
    return session().scalar(statement.order_by(AuditEntry.id.desc()).limit(1))


def _questions(bank: QuestionBank, ids: Sequence[int]) -> list[Question]:
    found: list[Question] = []
    for part in chunks(list(ids)):
        statement = select(Question).where(Question.bank_id == bank.id, Question.id.in_(part))
        found += session().scalars(statement.options(selectinload(Question.tags)).order_by(Question.position))
    return found


def _checked(act: Act, value: str) -> str:
    value = (
        "/".join(part for part in (tidy(one) for one in value.split("/")) if part)
        if act == Act.CATEGORY
        else tidy(value)
    )
    name = {Act.TAG: "tag", Act.UNTAG: "tag"}.get(act, str(act))
    if len(value) > LONGEST.get(name, 300):
        raise RuleBroken(N_("Dài quá %(max)s ký tự. Hãy rút ngắn."), code="too-long", field="value", max=LONGEST[name])
    if act in {Act.TAG, Act.UNTAG} and not fold(value):
        raise RuleBroken(N_("Chưa ghi nhãn. Hãy ghi một nhãn."), code="no-value", field="value")
    if act == Act.DIFFICULTY and value not in set(Difficulty):
        raise RuleBroken(N_("Chưa chọn. Hãy chọn một mục."), code="no-value", field="value")
    return value


def _set(question: Question, act: Act, value: str, position: int) -> Any:
    """Change one question; what was before, None where nothing changed."""
    was = _state(question, act)
    if act in {Act.TOPIC, Act.CATEGORY, Act.DIFFICULTY}:
        setattr(question, str(act), value)
    elif act == Act.TAG:
        if fold(value) not in {tag.folded for tag in question.tags}:
            question.tags.append(QuestionTag(folded=fold(value), tag=value))
    elif act == Act.UNTAG:
        for tag in [one for one in question.tags if one.folded == fold(value)]:
            question.tags.remove(tag)
    elif act == Act.RETIRE:
        question.retired_at = question.retired_at or clock.now()
    elif act == Act.RESTORE:
        question.retired_at = None
    else:
        question.bank_id, question.position, question.key = int(value), position, f"C{position:03d}"
    return was if _state(question, act) != was else None


def _state(question: Question, act: Act) -> Any:
    """What an act changes of a question, as plain JSON."""
    if act in {Act.TAG, Act.UNTAG}:
        return sorted([tag.folded, tag.tag] for tag in question.tags)
    if act in {Act.RETIRE, Act.RESTORE}:
        return question.retired_at is not None
    if act == Act.MOVE:
        return [question.bank_id, question.position, question.key]
    return str(getattr(question, str(act)))


def _put_back(question: Question, act: Act, value: str, was: Any) -> bool:
    if act in {Act.TAG, Act.UNTAG}:
        for tag in [one for one in question.tags if one.folded == fold(value)]:
            question.tags.remove(tag)
        for folded, tag in was:
            if folded == fold(value):
                question.tags.append(QuestionTag(folded=folded, tag=tag))
    elif act in {Act.RETIRE, Act.RESTORE}:
        if was and _asked_by_published([question.id]):
            return False
        question.retired_at = clock.now() if was else None
    elif act == Act.MOVE:
        bank_id, position, key = was
        taken = select(Question.id).where(Question.bank_id == bank_id, Question.key == key)
        if session().scalar(taken) is not None:
            position = _next_positions(bank_id)
            key = f"C{position:03d}"
        question.bank_id, question.position, question.key = bank_id, position, key
        session().flush()
    else:
        setattr(question, str(act), was)
    return True


def _next_positions(bank_id: int) -> int:
    """The first number from which places and keys of a bank are free."""
    last = session().scalar(select(func.max(Question.position)).where(Question.bank_id == bank_id)) or 0
    keys = session().scalars(select(Question.key).where(Question.bank_id == bank_id, Question.key.like("C%")))
    return max([last, *(int(key[1:]) for key in keys if key[1:].isdecimal())]) + 1


def _asked_by_published(ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for part in chunks(list(ids)):
        statement = select(QuizItem.question_id).join(Quiz).where(QuizItem.question_id.in_(part))
        found |= set(session().scalars(statement.where(Quiz.published_at.is_not(None))))
    return found
