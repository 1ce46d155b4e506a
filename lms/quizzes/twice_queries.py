"""Reads of what is said twice: questions that say the same, or nearly the same, as others one may write."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from lms.accounts.models import Account
from lms.core.db import chunks, session
from lms.core.permissions import Permission
from lms.quizzes import likeness
from lms.quizzes.bank_queries import is_current
from lms.quizzes.models import Question, QuestionBank, QuestionVersion
from lms.quizzes.queries import within

MOST_COMPARED = 5000


def same_elsewhere(account: Account, fingerprints: Collection[str]) -> dict[str, int]:
    """How many questions say the same in the banks the account may write in: fingerprint -> number, if two or more."""
    if not fingerprints:
        return {}
    statement = (
        select(Question.fingerprint, func.count())
        .join(Question.bank)
        .join(QuestionBank.unit)
        .where(within(account, Permission.QUESTIONS), Question.retired_at.is_(None))
        .where(Question.fingerprint.in_(fingerprints), Question.fingerprint != "")
        .group_by(Question.fingerprint)
        .having(func.count() > 1)
    )
    return {str(one): int(n) for one, n in session().execute(statement)}


def fingerprints_in(bank: QuestionBank, fingerprints: Collection[str]) -> set[str]:
    """Those of the fingerprints that a question of the bank has which is not retired."""
    found: set[str] = set()
    for part in chunks(list(fingerprints)):
        statement = select(Question.fingerprint).where(Question.bank_id == bank.id, Question.retired_at.is_(None))
        found |= set(session().scalars(statement.where(Question.fingerprint.in_(part))))
    return found


def alike(account: Account, question: Question) -> list[tuple[Question, QuestionVersion, float]]:
    """Questions that say the same (1.0) in any bank the account may write in, or nearly the same in this one."""
    same = (
        select(Question.id)
        .join(Question.bank)
        .join(QuestionBank.unit)
        .where(within(account, Permission.QUESTIONS), Question.retired_at.is_(None), Question.id != question.id)
        .where(Question.fingerprint == question.fingerprint, Question.fingerprint != "")
        .limit(10)
    )
    shares = {int(one): 1.0 for one in session().scalars(same)}
    others = select(Question.id, Question.search).where(
        Question.bank_id == question.bank_id, Question.retired_at.is_(None), Question.id != question.id
    )
    texts = {int(one): str(text) for one, text in session().execute(others.limit(MOST_COMPARED))}
    for one, share in likeness.alike(question.search, texts)[:10]:
        shares.setdefault(one, share)
    return [(one, version, shares[one.id]) for one, version in _with_versions(shares)]


def said_twice(account: Account, bank: QuestionBank) -> list[tuple[list[tuple[Question, QuestionVersion]], float]]:
    """Groups of a bank's questions that say the same (1.0, also with questions of other banks) or nearly the same."""
    own = select(Question.id, Question.search, Question.fingerprint).where(
        Question.bank_id == bank.id, Question.retired_at.is_(None)
    )
    rows = session().execute(own.order_by(Question.id).limit(MOST_COMPARED)).all()
    same = same_elsewhere(account, {str(row[2]) for row in rows})
    exact = (
        select(Question.id, Question.fingerprint)
        .join(Question.bank)
        .join(QuestionBank.unit)
        .where(within(account, Permission.QUESTIONS), Question.retired_at.is_(None))
        .where(Question.fingerprint.in_(list(same)[:200]))
    )
    groups: dict[str, list[int]] = {}
    for question_id, fingerprint in session().execute(exact.order_by(Question.id)) if same else ():
        groups.setdefault(str(fingerprint), []).append(int(question_id))
    prints = {int(row[0]): str(row[2]) for row in rows}
    near = {
        pair: share
        for pair, share in likeness.pairs({int(row[0]): str(row[1]) for row in rows}).items()
        if prints[pair[0]] != prints[pair[1]]
    }
    wanted = [(ids, 1.0) for ids in groups.values()]
    wanted += [([*pair], share) for pair, share in sorted(near.items(), key=lambda one: -one[1])[:100]]
    shown = {one.id: (one, version) for one, version in _with_versions({i for ids, _share in wanted for i in ids})}
    return [([shown[one] for one in ids if one in shown], share) for ids, share in wanted]


def _with_versions(ids: Collection[int]) -> Sequence[Any]:
    if not ids:
        return []
    statement = (
        select(Question, QuestionVersion)
        .join(QuestionVersion, is_current())
        .where(Question.id.in_(ids))
        .options(selectinload(Question.bank))
    )
    return session().execute(statement.order_by(Question.bank_id, Question.position)).all()
