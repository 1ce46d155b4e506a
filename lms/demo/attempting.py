"""Attempts at quizzes: begun, answered as well as the person is able, handed in."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.accounts import queries as account_queries
from lms.accounts import service as accounts
from lms.accounts.models import Account
from lms.core import clock, jobs
from lms.core.db import session
from lms.core.text import fold
from lms.demo.people import dice
from lms.people.models import Person
from lms.quizzes import taking
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.kinds.choice import Choice
from lms.quizzes.kinds.short import Short
from lms.quizzes.models import Quiz

_SECONDS_A_QUESTION = 38


def take(account: Account, quiz: Quiz, at: datetime, ability: float) -> Attempt:
    """One attempt from start to hand-in; `ability`, 0 to 1, is the chance of a right answer to each question."""
    chance = dice(account.email, quiz.title, at.date())
    with clock.stopped_at(at):
        attempt = taking.start(account, quiz)
    for item in attempt.items:
        at += timedelta(seconds=_SECONDS_A_QUESTION + chance.randrange(-20, 20))
        with clock.stopped_at(at):
            taking.save_answer(
                account.person_id, attempt.id, item.position, _answer(item, chance.random() < ability), 1
            )
    with clock.stopped_at(at + timedelta(seconds=30)):
        taking.hand_in(account.person_id, attempt.id)
    _end_waiting(attempt)
    return attempt


def account_of(person: Person) -> Account:
    """The person's account; one without a password is made for someone who has none."""
    words = fold(person.full_name).replace("'", "").split()
    email = f"{'.'.join(words)}.{person.id}@example.vn"
    return account_queries.of_person(person.id) or accounts.create_account(person, email)


def _answer(item: AttemptItem, rightly: bool) -> dict[str, Any]:
    content = item.question_version.content
    key = content.key() or {"text": "Chúng tôi đang xác minh và sẽ thông tin lúc 17 giờ."}
    if rightly:
        return key
    if isinstance(content, Choice):
        wrong = [option_id for option_id, option in content.by_id().items() if not option.right]
        return {"chosen": wrong[:1]} if wrong else key
    return {"text": "chưa rõ"} if isinstance(content, Short) else key


def _end_waiting(attempt: Attempt) -> None:
    """The job that would have closed the attempt at its deadline has nothing left to do."""
    waiting = select(jobs.Job).where(
        jobs.Job.kind == taking.CLOSING_JOB,
        jobs.Job.finished_at.is_(None),
        jobs.Job.key.startswith(f"{taking.CLOSING_JOB}:{attempt.id}:"),
    )
    for job in session().scalars(waiting):
        with clock.stopped_at(job.run_at):
            jobs.run_here(job)
