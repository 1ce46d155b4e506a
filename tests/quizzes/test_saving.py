"""Saving answers: as they come, twice, in any order, late, of every kind; and what the marks then come to."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.core import clock
from lms.core.db import session
from lms.core.errors import NotFound
from lms.quizzes import saving, taking
from lms.quizzes.attempt_models import AnswerEvent, Attempt, AttemptItem
from lms.quizzes.masking import mask
from lms.quizzes.models import QuestionKind, Quiz
from lms.quizzes.saving import Save
from tests.quizzes.conftest import item_of
from tests.quizzes.every_kind import as_fields, right
from tests.world import World

Counting = Callable[[], AbstractContextManager[list[str]]]
CLIENT_ID = "2a0f1c0e-7c3b-4f5e-9d0a-0a1b2c3d4e5f"
KINDS = sorted(QuestionKind)
saves_to_send = st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=8)


def test_another_persons_attempt_is_not_there(world: World, attempt: Attempt) -> None:
    person_id = world.other_trainee.person_id
    with pytest.raises(NotFound):
        taking.save_answer(person_id, attempt.id, 1, None, 1)
    with pytest.raises(NotFound):
        taking.hand_in(person_id, attempt.id)
    with pytest.raises(NotFound):
        taking.save_answer(world.trainee.person_id, attempt.id, 99, None, 1)


def test_a_late_save_of_an_older_answer_is_acknowledged_and_ignored(world: World, attempt: Attempt) -> None:
    item = item_of(attempt, QuestionKind.SINGLE)
    person_id = world.trainee.person_id
    assert taking.save_answer(person_id, attempt.id, item.position, {"chosen": ["a"]}, 5).stored
    late = taking.save_answer(person_id, attempt.id, item.position, {"chosen": ["b"]}, 4)
    assert (late.stored, late.seq) == (False, 5)
    session().expire_all()
    assert item.answer == {"chosen": ["a"]}


def test_a_form_without_a_counter_follows_what_is_stored(world: World, attempt: Attempt) -> None:
    item = item_of(attempt, QuestionKind.SINGLE)
    taking.save_answer(world.trainee.person_id, attempt.id, item.position, {"chosen": ["a"]}, 7)
    saved = taking.save_answer(
        world.trainee.person_id, attempt.id, item.position, {"chosen": ["b"]}, None, flagged=True
    )
    session().expire_all()
    assert (saved.seq, item.answer, item.flagged) == (8, {"chosen": ["b"]}, True)


def test_an_answer_after_the_end_is_kept_and_not_counted(world: World, attempt: Attempt) -> None:
    person_id = world.trainee.person_id
    assert attempt.deadline_at is not None
    item = item_of(attempt, QuestionKind.SINGLE)
    with clock.stopped_at(attempt.deadline_at):
        late = saving.save(person_id, attempt.id, item.position, Save({"chosen": ["a"]}, 1, client_id=CLIENT_ID))
        assert late.refusal is saving.TIME_OVER
        again = saving.save(person_id, attempt.id, item.position, Save({"chosen": ["a"]}, 1, client_id=CLIENT_ID))
    assert (late.stored, again.stored, again.refusal) == (False, False, saving.TIME_OVER)
    taking.hand_in(person_id, attempt.id)
    with clock.stopped_at(clock.now() + timedelta(seconds=1)):
        assert saving.save(person_id, attempt.id, item.position, Save(None, 2)).refusal is saving.HANDED_IN
    session().expire_all()
    assert (item.answer, item.saved_seq) == (None, 0)
    assert [(one.answer, one.counted) for one in events_of(item)] == [({"chosen": ["a"]}, False), (None, False)]


def test_a_save_whose_answer_got_lost_is_told_again_even_after_the_end(world: World, attempt: Attempt) -> None:
    person_id = world.trainee.person_id
    item = item_of(attempt, QuestionKind.SINGLE)
    first = saving.save(person_id, attempt.id, item.position, Save({"chosen": ["a"]}, 1, client_id=CLIENT_ID))
    taking.hand_in(person_id, attempt.id)
    again = saving.save(person_id, attempt.id, item.position, Save({"chosen": ["b"]}, 7, client_id=CLIENT_ID))
    assert (again.stored, again.saved_at, again.refusal) == (True, first.saved_at, None)
    assert [one.answer for one in events_of(item)] == [{"chosen": ["a"]}]


def test_the_same_save_from_two_windows_at_once_is_one(world: World, attempt: Attempt) -> None:
    item = item_of(attempt, QuestionKind.SINGLE)
    event = AnswerEvent(attempt_item_id=item.id, client_id=CLIENT_ID, seq=1, answer=None, counted=True)
    savepoint = session().begin_nested()
    session().add_all([event, AnswerEvent(attempt_item_id=item.id, client_id=CLIENT_ID, seq=2, counted=False)])
    with pytest.raises(IntegrityError):
        session().flush()
    savepoint.rollback()


def test_time_before_a_question_only_grows_and_never_passes_the_servers(world: World, attempt: Attempt) -> None:
    item, person_id = item_of(attempt, QuestionKind.SINGLE), world.trainee.person_id
    with clock.stopped_at(attempt.started_at + timedelta(seconds=60)):
        saving.save(person_id, attempt.id, item.position, Save({"chosen": ["a"]}, 1, seconds=40))
        saving.save(person_id, attempt.id, item.position, Save({"chosen": ["b"]}, 2, seconds=9))
        session().expire_all()
        assert item.seconds == 40
        saving.save(person_id, attempt.id, item.position, Save({"chosen": ["b"]}, 3, seconds=999))
    session().expire_all()
    assert item.seconds == 60


def events_of(item: AttemptItem) -> list[AnswerEvent]:
    """Every answer to the question as it came."""
    statement = select(AnswerEvent).where(AnswerEvent.attempt_item_id == item.id).order_by(AnswerEvent.id)
    return list(session().scalars(statement))


def test_saving_is_one_read_one_write_and_its_event(world: World, attempt: Attempt, count_statements: Counting) -> None:
    item = item_of(attempt, QuestionKind.SINGLE)
    session().flush()
    sent = Save({"chosen": ["a"]}, 1, client_id=CLIENT_ID)
    for verbs in (["SELECT", "UPDATE", "INSERT"], ["SELECT"]):
        with count_statements() as statements:
            saving.save(world.trainee.person_id, attempt.id, item.position, sent)
        assert [statement.split()[0] for statement in statements] == verbs


@given(saves=saves_to_send, repeats=st.lists(st.integers(0, 7), max_size=4), kind=st.sampled_from(KINDS))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_saves_in_any_order_with_repeats_leave_the_highest(
    world: World, every_kind: Quiz, saves: list[tuple[int, bool]], repeats: list[int], kind: QuestionKind
) -> None:
    """Whatever the kind; a save that comes again changes nothing and is answered as it was."""
    attempt = taking.start(world.trainee, every_kind)
    item, person_id = item_of(attempt, kind), world.trainee.person_id
    before = item.saved_seq
    made = [Save(right(item) if full else None, before + seq, client_id=str(uuid4())) for seq, full in saves]
    highest = before
    for sent in made:
        saved = saving.save(person_id, attempt.id, item.position, sent)
        assert saved.stored == (sent.seq > highest)  # type: ignore[operator]
        highest = max(highest, sent.seq or 0)
    held = stored_of(item)
    assert held[1] == highest
    assert held[0] == next(sent.given for sent in made if sent.seq == highest)
    for place in repeats:
        sent = made[place % len(made)]
        first = next(one for one in events_of(item) if one.client_id == sent.client_id)
        again = saving.save(person_id, attempt.id, item.position, sent)
        assert (again.stored, again.saved_at) == (first.counted, first.received_at)
    assert stored_of(item) == held
    assert len([one for one in events_of(item) if one.seq > before]) == len(made)


def stored_of(item: AttemptItem) -> tuple[Any, int]:
    """What the database holds of the answer."""
    session().expire(item)
    return item.answer, item.saved_seq


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_points_stay_within_bounds_and_the_rest_waits(world: World, every_kind: Quiz, data: st.DataObject) -> None:
    attempt = taking.start(world.trainee, every_kind)
    answered = data.draw(st.sets(st.sampled_from(KINDS)))
    for item in attempt.items:
        if item.question_version.kind in answered:
            taking.save_answer(world.trainee.person_id, attempt.id, item.position, right(item), None)
    closed = taking.hand_in(world.trainee.person_id, attempt.id)
    machine = len(answered - {QuestionKind.ESSAY})
    assert closed.score == pytest.approx(machine)
    assert closed.passed == (None if QuestionKind.ESSAY in answered else machine >= 6)
    assert (closed.marked_at is None) == (QuestionKind.ESSAY in answered)
    assert all(item.score is None or 0 <= item.score <= item.points for item in closed.items)


def test_an_ordering_is_answered_by_ids_that_tell_nothing(world: World, every_kind: Quiz) -> None:
    attempt = taking.start(world.trainee, every_kind)
    item = item_of(attempt, QuestionKind.ORDERING)
    assert item.option_order != ["a", "b", "c", "d"]
    masked = [mask(item.option_order, one) for one in "abcd"]
    taking.save_answer(world.trainee.person_id, attempt.id, item.position, {"order": masked}, 1)
    assert stored_of(item)[0] == {"order": ["a", "b", "c", "d"]}
    fields = {name: [str(value)] for name, value in as_fields(item, {"order": ["d", "c", "b", "a"]}).items()}
    saving.save(world.trainee.person_id, attempt.id, item.position, Save(fields=fields))
    assert stored_of(item)[0] == {"order": ["d", "c", "b", "a"]}
