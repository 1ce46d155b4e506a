"""What one person is allowed at a quiz beyond its rules: granted with a reason, withdrawn, never deleted.

An attempt under way gets the longer time at once; a deadline never moves to an earlier moment, so a withdrawal holds
for attempts begun after it. Flushes, never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken, RulesBroken
from lms.core.permissions import Permission
from lms.people import queries as people
from lms.people.models import Person, Post
from lms.quizzes import policy, queries, taking
from lms.quizzes.allowances import allowed
from lms.quizzes.attempt_models import Accommodation, Attempt
from lms.quizzes.models import Quiz
from lms.units.models import Unit

MOST_FOUND = 20
MOST_MINUTES = 480
MOST_ATTEMPTS = 20


@dataclass(frozen=True)
class Terms:
    """What is allowed, and why; `closes_at` is UTC, None leaves the quiz's own."""

    reason: str
    extra_minutes: int = 0
    extra_attempts: int = 0
    closes_at: datetime | None = None


def grant(account: Account, quiz: Quiz, person: Person, terms: Terms) -> Accommodation:
    """Allow a person more; what stood before for them is withdrawn. Raises RulesBroken."""
    # One grant at a time for a quiz: two could not both stand for a person.
    session().execute(select(Quiz.id).where(Quiz.id == quiz.id).with_for_update())
    if found := list(_faults(quiz, terms)):
        raise RulesBroken(found)
    before = find_standing(quiz, person.id)
    if before is not None:
        before.withdrawn_at = clock.now()
        session().flush()
    made = Accommodation(
        quiz=quiz,
        person=person,
        extra_minutes=terms.extra_minutes,
        extra_attempts=terms.extra_attempts,
        closes_at=terms.closes_at,
        reason=terms.reason,
        granted_by_id=account.id,
    )
    session().add(made)
    session().flush()
    _lengthen_open(account, made)
    audit.record("quiz.accommodate", f"quiz:{quiz.id}", actor_id=account.id, person=person.id, accommodation=made.id)
    return made


def withdraw(account: Account, accommodation: Accommodation) -> None:
    """Let the quiz's own rules hold again for attempts begun from now on."""
    if accommodation.withdrawn_at is None:
        accommodation.withdrawn_at = clock.now()
        audit.record(
            "quiz.accommodation-withdraw",
            f"quiz:{accommodation.quiz_id}",
            actor_id=account.id,
            person=accommodation.person_id,
            accommodation=accommodation.id,
        )
    session().flush()


def _faults(quiz: Quiz, terms: Terms) -> list[RuleBroken]:
    found = []
    if not terms.reason:
        found.append(RuleBroken(N_("Chưa ghi lý do. Hãy ghi để người kiểm tra sau này biết."), field="reason"))
    if terms.extra_minutes and not quiz.time_limit_minutes:
        message = N_("Bài không giới hạn thời gian nên không có gì để cộng thêm.")
        found.append(RuleBroken(message, field="extra_minutes"))
    if terms.extra_attempts and quiz.attempts_allowed is None:
        message = N_("Bài không giới hạn số lượt nên không có gì để cộng thêm.")
        found.append(RuleBroken(message, field="extra_attempts"))
    if terms.closes_at is not None:
        found += _closing_faults(quiz, terms.closes_at)
    if not (terms.extra_minutes or terms.extra_attempts or terms.closes_at):
        message = N_("Chưa cho thêm gì. Hãy ghi số phút, số lượt hoặc giờ đóng riêng.")
        found.append(RuleBroken(message, field="extra_minutes"))
    return found


def _closing_faults(quiz: Quiz, closes_at: datetime) -> list[RuleBroken]:
    if quiz.closes_at is None:
        return [RuleBroken(N_("Bài không có giờ đóng nên không cần giờ đóng riêng."), field="closes_at")]
    if closes_at <= quiz.closes_at:
        return [RuleBroken(N_("Giờ đóng riêng phải sau giờ đóng của bài."), field="closes_at")]
    return [RuleBroken(N_("Giờ đóng riêng đã qua."), field="closes_at")] if closes_at <= clock.now() else []


def _lengthen_open(account: Account, made: Accommodation) -> None:
    moment = clock.now()
    attempts = session().scalars(
        select(Attempt)
        .where(Attempt.quiz_id == made.quiz_id, Attempt.person_id == made.person_id, Attempt.handed_in_at.is_(None))
        .where(Attempt.preview.is_(False), Attempt.deadline_at > moment)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )
    for attempt in attempts:
        later = allowed(made.quiz, made).deadline(attempt.started_at)
        if attempt.deadline_at is not None and later is not None and later > attempt.deadline_at:
            attempt.deadline_at = later
            taking.schedule_closing(attempt, account.id)
    session().flush()


def find_standing(quiz: Quiz, person_id: int) -> Accommodation | None:
    """What stands for a person today."""
    return session().scalar(_of(quiz).where(Accommodation.person_id == person_id, Accommodation.withdrawn_at.is_(None)))


def get(quiz: Quiz, accommodation_id: int) -> Accommodation:
    """One of the quiz; raises NotFound."""
    found = session().scalar(_of(quiz).where(Accommodation.id == accommodation_id))
    if found is None:
        raise NotFound
    return found


def all_of(quiz: Quiz) -> Sequence[Accommodation]:
    """All ever granted, those that stand first, by name, with people and their posts."""
    statement = (
        _of(quiz)
        .join(Accommodation.person)
        .options(joinedload(Accommodation.person).selectinload(Person.posts).joinedload(Post.unit))
        .order_by(Accommodation.withdrawn_at.is_not(None), Person.sort_key, Person.id, Accommodation.id.desc())
    )
    return session().scalars(statement).all()


def count(quiz: Quiz) -> int:
    """How many people something stands for."""
    statement = select(func.count()).where(Accommodation.quiz_id == quiz.id, Accommodation.withdrawn_at.is_(None))
    return session().scalar(statement) or 0


def find_people(account: Account, quiz: Quiz, text: str) -> Sequence[Person]:
    """People of the account's units, who took the quiz, or who are admitted to it, by name or unit, accents forgiven;
    at most MOST_FOUND, and as many are asked about at most."""
    if not text.strip():
        return []
    near = session().scalars(_within_reach(account, quiz, people.searched(text)).limit(MOST_FOUND)).all()
    known = [person.id for person in near]
    others = session().scalars(people.searched(text).where(Person.id.not_in(known)).limit(MOST_FOUND - len(near)))
    return [*near, *(person for person in others if policy.is_admitted(person.id, quiz.id))]


def get_person(account: Account, quiz: Quiz, person_id: int) -> Person:
    """One of those that `find_people` may find; raises NotFound."""
    statement = select(Person).where(Person.id == person_id, Person.merged_into_id.is_(None))
    statement = statement.options(selectinload(Person.posts).joinedload(Post.unit))
    if not policy.is_admitted(person_id, quiz.id):
        statement = _within_reach(account, quiz, statement)
    found = session().scalar(statement)
    if found is None:
        raise NotFound
    return found


def _within_reach(account: Account, quiz: Quiz, statement: Select[Person]) -> Select[Person]:
    ours = select(Post.person_id).join(Unit).where(queries.within(account, Permission.QUESTIONS))
    took = select(Attempt.person_id).where(Attempt.quiz_id == quiz.id)
    return statement.where(or_(Person.id.in_(ours), Person.id.in_(took)))


def _of(quiz: Quiz) -> Select[Accommodation]:
    return select(Accommodation).where(Accommodation.quiz_id == quiz.id)
