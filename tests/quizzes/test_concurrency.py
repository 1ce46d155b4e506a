"""Several at once, each in a transaction of its own: one attempt of a double click, no answer lost in handing in."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import create_app
from lms.accounts.models import Account
from lms.config import Settings
from lms.core import clock, jobs, migrations
from lms.core.db import db, session, transaction
from lms.core.errors import RuleBroken
from lms.quizzes import saving, taking
from lms.quizzes.attempt_models import AnswerEvent, Attempt, AttemptItem
from lms.quizzes.models import Quiz
from lms.quizzes.saving import Save
from tests.quizzes.conftest import build_bank, build_quiz
from tests.servers import disconnect
from tests.world import World, build_world

AT_ONCE = 8


@pytest.fixture
def crowd(own_database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application over a database of its own that holds the world and a quiz of one attempt."""
    app = create_app(Settings(tmp_path / "crowd", own_database, "a key for tests only", "http://lms.test"))
    with app.app_context():
        migrations.upgrade(db.engine)
        with transaction():
            build_world()
            world = World.load()
            build_quiz(world, build_bank(world), attempts_allowed=1, shuffle=False)
    yield app
    disconnect(app)


def all_at_once(app: Flask, acts: list[Callable[[], Any]]) -> list[Any]:
    """What each act gives, or the code it is refused with, run side by side in transactions of their own."""

    def run(act: Callable[[], Any]) -> Any:
        with app.app_context():
            try:
                with transaction():
                    return act()
            except RuleBroken as refusal:
                return refusal.code

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def trainee() -> Account:
    """The trainee, in the running session."""
    return World.load().trainee


def start() -> int:
    """Start the one quiz."""
    return taking.start(trainee(), session().scalars(select(Quiz)).one()).id


def test_a_press_repeated_at_once_begins_one_attempt(crowd: Flask) -> None:
    begun = all_at_once(crowd, [start] * AT_ONCE)
    assert len(set(begun)) == 1
    with crowd.app_context():
        assert session().scalar(select(func.count()).select_from(Attempt)) == 1
        assert session().scalar(select(func.count()).select_from(AttemptItem)) == 4
        assert session().scalar(select(func.count()).select_from(jobs.Job)) == 1


def test_the_same_save_at_once_is_one_and_told_alike(crowd: Flask) -> None:
    with crowd.app_context(), transaction():
        attempt_id, person_id = start(), trainee().person_id
    sent = Save({"chosen": ["a"]}, 1, client_id="2a0f1c0e-7c3b-4f5e-9d0a-0a1b2c3d4e5f")

    def save() -> tuple[bool, int]:
        saved = saving.save(person_id, attempt_id, 1, sent)
        return saved.stored, saved.seq

    assert all_at_once(crowd, [save] * AT_ONCE) == [(True, 1)] * AT_ONCE
    with crowd.app_context():
        assert session().scalars(select(AnswerEvent.counted)).all() == [True]


def test_an_answer_is_either_marked_or_refused(crowd: Flask) -> None:
    with crowd.app_context(), transaction():
        attempt_id, person_id = start(), trainee().person_id

    def saving(position: int, seq: int) -> Callable[[], Any]:
        answer = {1: {"chosen": ["a"]}, 2: {"chosen": ["a", "b"]}, 3: {"chosen": ["true"]}, 4: {"text": "nghị định 72"}}

        def save() -> Any:
            saved = taking.save_answer(person_id, attempt_id, position, answer[position], seq)
            return saved.refusal.code if saved.refusal else (position, saved.stored)

        return save

    def handing_in() -> str:
        taking.hand_in(person_id, attempt_id)
        return "closed"

    acts: list[Callable[[], Any]] = [saving(1 + n % 4, 1 + n // 4) for n in range(AT_ONCE)]
    told = all_at_once(crowd, [*acts[:5], handing_in, *acts[5:], handing_in])
    right = {one[0] for one in told if isinstance(one, tuple)}
    assert {one for one in told if isinstance(one, str)} <= {"closed", "handed-in"}
    with crowd.app_context():
        attempt = session().get_one(Attempt, attempt_id)
        assert attempt.handed_in_at is not None
        assert attempt.handed_in_at <= clock.now()
        assert {item.position for item in attempt.items if item.answer} == right
        assert attempt.score == len(right) == sum(item.score or 0 for item in attempt.items)
