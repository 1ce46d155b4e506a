"""A corrected key put over attempts that saw the old one: who would change, then the change with its reason.

An attempt keeps the words it saw; only its points follow the new key. The new version must ask the same: its kind and
its ids, of options, prompts, items, gaps, are those of the version seen. What an appeal granted stays as granted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from lms.accounts.models import Account
from lms.core import audit
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.quizzes import marking, standing
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.kinds.content import Content
from lms.quizzes.marking_models import Appeal, Regrade, RegradeChange
from lms.quizzes.models import Question, QuestionVersion, Quiz
from lms.quizzes.service import current_version


@dataclass(frozen=True)
class Change:
    """What a new key would do to one answer and its attempt; `passed` is None while an essay waits."""

    item: AttemptItem
    attempt: Attempt
    points: float
    score: float
    passed: bool | None

    @property
    def turns(self) -> bool:
        """Whether passed becomes not passed, or the other way."""
        return self.passed != self.attempt.passed


@dataclass(frozen=True)
class Look:
    """What a regrade would do: who changes, how many keep their points, how many cannot be compared."""

    version: QuestionVersion
    changes: Sequence[Change]
    same: int
    other_shape: int


def look(quiz: Quiz, question: Question) -> Look:
    """What marking every closed attempt by the key of today would change; raises RuleBroken (essay)."""
    version = current_version(question)
    content = version.content
    if content.needs_marker:
        raise RuleBroken(N_("Câu tự luận do người chấm, không chấm lại theo đáp án."), code="essay")
    changes, same, other = [], 0, 0
    shape = _shape(content)
    for item, attempt in _closed(quiz, question):
        if _shape(item.question_version.content) != shape:
            other += 1
            continue
        share = marking.fraction(content, item.answer)
        points = float((share or 0) * item.points)
        if item.score is not None and abs(points - item.score) < 1e-9:
            same += 1
            continue
        score, passed = standing.sums(attempt, item.score, points)
        changes.append(Change(item, attempt, points, score, passed))
    return Look(version, changes, same, other)


def regrade(account: Account, quiz: Quiz, question: Question, reason: str) -> Regrade:
    """Mark by the key of today, keep what was before and why; raises RuleBroken (essay, no-reason, nothing-changes)."""
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do chấm lại."), field="reason", code="no-reason")
    session().execute(
        select(Attempt.id).where(Attempt.quiz_id == quiz.id, Attempt.handed_in_at.is_not(None)).with_for_update()
    )
    found = look(quiz, question)
    if not found.changes:
        raise RuleBroken(N_("Đáp án này không làm thay đổi điểm của ai."), code="nothing-changes")
    made = Regrade(
        quiz_id=quiz.id,
        question_id=question.id,
        key_version_id=found.version.id,
        reason=reason.strip(),
        account_id=account.id,
    )
    session().add(made)
    session().flush()
    for change in found.changes:
        _apply(made, change)
    subject = f"quiz:{quiz.id}"
    audit.record("quiz.regrade", subject, actor_id=account.id, question=question.id, changed=len(found.changes))
    session().flush()
    return made


def regrades_of(quiz: Quiz) -> Sequence[Any]:
    """The regrades of a quiz, the latest first, as rows (regrade, answers changed)."""
    count = select(func.count()).where(RegradeChange.regrade_id == Regrade.id).correlate(Regrade).scalar_subquery()
    statement = (
        select(Regrade, count)
        .where(Regrade.quiz_id == quiz.id)
        .options(joinedload(Regrade.question), joinedload(Regrade.account).joinedload(Account.person))
        .order_by(Regrade.id.desc())
    )
    return session().execute(statement).all()


def newer_keys(quiz: Quiz) -> Sequence[Question]:
    """Questions of which some closed attempt was marked by an older key than the one of today, essays left out."""
    used = func.coalesce(AttemptItem.key_version_id, AttemptItem.question_version_id)
    seen = aliased(QuestionVersion)
    statement = (
        select(Question)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(AttemptItem, AttemptItem.question_version_id == QuestionVersion.id)
        .join(seen, seen.id == used)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.quiz_id == quiz.id, Attempt.preview.is_(False), Attempt.handed_in_at.is_not(None))
        .where(seen.number < Question.current_number, Question.kind != "essay")
        .order_by(Question.key)
        .distinct()
    )
    return session().scalars(statement).all()


def get_question(quiz: Quiz, question_id: int) -> Question:
    """A question that some attempt at the quiz was asked; raises NotFound."""
    asked = (
        select(AttemptItem.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(Attempt.quiz_id == quiz.id, QuestionVersion.question_id == question_id)
        .exists()
    )
    found = session().scalar(select(Question).where(Question.id == question_id, asked))
    if found is None:
        raise NotFound
    return found


def _apply(made: Regrade, change: Change) -> None:
    item, attempt = change.item, change.attempt
    record = RegradeChange(
        regrade_id=made.id,
        attempt_item_id=item.id,
        points_before=item.score,
        points_after=change.points,
        score_before=attempt.score,
        passed_before=attempt.passed,
    )
    item.key_version_id, item.score = made.key_version_id, change.points
    attempt.score, attempt.passed = record.score_after, record.passed_after = change.score, change.passed
    session().add(record)
    standing.tell(attempt)


def _closed(quiz: Quiz, question: Question) -> list[tuple[AttemptItem, Attempt]]:
    """Answers to the question in closed attempts that count, without those an appeal was granted for."""
    granted = select(Appeal.attempt_item_id).where(Appeal.granted.is_(True))
    statement = (
        select(AttemptItem)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(
            Attempt.quiz_id == quiz.id,
            Attempt.preview.is_(False),
            Attempt.handed_in_at.is_not(None),
            QuestionVersion.question_id == question.id,
            AttemptItem.id.not_in(granted),
        )
        .options(
            joinedload(AttemptItem.question_version),
            joinedload(AttemptItem.attempt).joinedload(Attempt.person),
        )
        .order_by(AttemptItem.id)
        .execution_options(populate_existing=True)
    )
    return [(item, item.attempt) for item in session().scalars(statement)]


def _shape(content: Content) -> tuple[Any, ...]:
    """What two versions must share for an answer to one to be an answer to the other."""
    key: Mapping[str, Any] = content.key() or {}
    ids = tuple(sorted(content.arranged(None)))
    parts = tuple(sorted(key.get("pairs") or key.get("gaps") or ()))
    return content.kind, ids, parts
