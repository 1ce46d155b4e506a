"""Taking a quiz at the service: start, save, hand in, deadline; every act repeated."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.core import clock, jobs
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.quizzes import queries, service, taking
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.kinds.content import Both
from lms.quizzes.models import GradePolicy, QuestionBank, QuestionKind, Quiz
from lms.quizzes.outcomes import outcome_of
from lms.quizzes.signals import handed_in
from lms.quizzes.wording import Labels, Words
from tests.quizzes.conftest import (
    SINGLE,
    answer_all,
    item_of,
    questions_of,
    taken,
)
from tests.world import World

Counting = Callable[[], AbstractContextManager[list[str]]]


def refused(code: str) -> "pytest.RaisesExc[RuleBroken]":
    """Expect a refusal with this code."""
    return pytest.raises(RuleBroken, check=lambda refusal: refusal.code == code)


def test_starting_twice_gives_one_attempt(world: World, admitted: Quiz) -> None:
    first = taking.start(world.trainee, admitted)
    again = taking.start(world.trainee, admitted)
    assert again.id == first.id
    assert first.deadline_at == first.started_at + timedelta(minutes=20)
    assert sorted(item.position for item in first.items) == [1, 2, 3, 4]
    assert first.max_score == 4


def test_the_database_itself_holds_one_open_attempt(world: World, attempt: Attempt) -> None:
    twin = Attempt(quiz_id=attempt.quiz_id, person_id=attempt.person_id, started_at=clock.now(), max_score=1)
    savepoint = session().begin_nested()
    session().add(twin)
    with pytest.raises(IntegrityError):
        session().flush()
    savepoint.rollback()


def test_attempts_allowed(world: World, admitted: Quiz) -> None:
    for _time in range(2):
        taken(world.trainee, admitted)
    with refused("no-attempts-left"):
        taking.start(world.trainee, admitted)


def test_the_window(world: World, admitted: Quiz) -> None:
    moment = clock.now()
    admitted.opens_at, admitted.closes_at = moment + timedelta(hours=1), moment + timedelta(hours=2)
    with refused("not-open"):
        taking.start(world.trainee, admitted)
    with clock.stopped_at(moment + timedelta(minutes=110)):
        begun = taking.start(world.trainee, admitted)
    assert begun.deadline_at == admitted.closes_at
    with clock.stopped_at(moment + timedelta(hours=3)), refused("not-open"):
        taking.start(world.other_trainee, admitted)


def test_a_draft_is_not_started(world: World, admitted: Quiz) -> None:
    service.withdraw(world.instructor, admitted)
    with refused("not-open"):
        taking.start(world.trainee, admitted)


def test_all_right_is_full_and_passed(world: World, admitted: Quiz) -> None:
    attempt = taken(world.trainee, admitted)
    assert (attempt.score, attempt.passed, attempt.closed_by) == (4.0, True, "person")


def test_half_right_is_not_passed(world: World, admitted: Quiz) -> None:
    attempt = taken(world.trainee, admitted, wrong=(QuestionKind.SINGLE, QuestionKind.SHORT))
    assert (attempt.score, attempt.passed) == (2.0, False)
    assert item_of(attempt, QuestionKind.SINGLE).score == 0
    assert item_of(attempt, QuestionKind.MULTIPLE).score == 1


def test_handing_in_twice_changes_nothing_and_is_told_once(world: World, attempt: Attempt) -> None:
    heard: list[int] = []

    def listen(closed: Attempt) -> None:
        heard.append(closed.id)

    with handed_in.connected_to(listen):
        first = taking.hand_in(world.trainee.person_id, attempt.id).handed_in_at
        with clock.stopped_at(clock.now() + timedelta(days=1)):
            assert taking.hand_in(world.trainee.person_id, attempt.id).handed_in_at == first
    assert heard == [attempt.id]


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


def test_nothing_is_saved_after_the_deadline_or_handing_in(world: World, attempt: Attempt) -> None:
    person_id = world.trainee.person_id
    assert attempt.deadline_at is not None
    with clock.stopped_at(attempt.deadline_at), refused("time-over"):
        taking.save_answer(person_id, attempt.id, 1, None, 1)
    taking.hand_in(person_id, attempt.id)
    with refused("handed-in"):
        taking.save_answer(person_id, attempt.id, 1, None, 1)


def test_the_job_closes_at_the_deadline_with_what_was_saved(world: World, attempt: Attempt) -> None:
    answer_all(world.trainee, attempt, wrong=(QuestionKind.SHORT,))
    assert attempt.deadline_at is not None
    job = session().scalars(select(jobs.Job).where(jobs.Job.kind == taking.CLOSING_JOB)).one()
    assert job.run_at == attempt.deadline_at
    heard: list[Attempt] = []
    with clock.stopped_at(attempt.deadline_at + timedelta(seconds=2)), handed_in.connected_to(heard.append):
        expected = outcome_of(queries.get_own_attempt(world.trainee, attempt.id), clock.now())
        jobs.run_here(job)
    assert (attempt.closed_by, attempt.handed_in_at, attempt.score, attempt.passed) == (
        "deadline",
        attempt.deadline_at,
        3.0,
        True,
    )
    assert heard == [attempt]
    assert expected is not None
    assert (expected.score, expected.passed, expected.answered) == (3.0, True, 3)
    assert outcome_of(queries.get_own_attempt(world.trainee, attempt.id), clock.now()) == expected


def test_an_expired_attempt_is_closed_before_a_new_one_begins(world: World, attempt: Attempt) -> None:
    assert attempt.deadline_at is not None
    with clock.stopped_at(attempt.deadline_at + timedelta(minutes=1)):
        second = taking.start(world.trainee, attempt.quiz)
    assert second.id != attempt.id
    assert attempt.closed_by == "deadline"


def test_handing_in_late_counts_as_the_deadline(world: World, attempt: Attempt) -> None:
    assert attempt.deadline_at is not None
    with clock.stopped_at(attempt.deadline_at + timedelta(seconds=1)):
        closed = taking.hand_in(world.trainee.person_id, attempt.id)
    assert (closed.closed_by, closed.handed_in_at) == ("deadline", attempt.deadline_at)


def test_a_preview_is_never_counted(world: World, admitted: Quiz) -> None:
    heard: list[Attempt] = []
    with handed_in.connected_to(heard.append):
        preview = taking.start(world.instructor, admitted, preview=True)
        taking.hand_in(world.instructor.person_id, preview.id)
    assert preview.handed_in_at is not None
    assert heard == []
    assert queries.best_result(world.instructor.person_id, admitted.id) is None
    assert list(queries.attempts_of(world.instructor.person_id, admitted.id)) == []


def test_a_preview_begins_anew_when_the_paper_changed(world: World, bank: QuestionBank, quiz: Quiz) -> None:
    service.withdraw(world.instructor, quiz)
    first = taking.start(world.instructor, quiz, preview=True)
    assert taking.start(world.instructor, quiz, preview=True) is first
    service.remove_item(quiz, quiz.items[0].id)
    second = taking.start(world.instructor, quiz, preview=True)
    assert len(second.items) == 3
    assert session().scalars(select(Attempt).where(Attempt.quiz_id == quiz.id)).all() == [second]


def test_results_follow_the_quizs_policy_in_one_statement(
    world: World, admitted: Quiz, count_statements: Counting
) -> None:
    taken(world.trainee, admitted)
    taken(world.trainee, admitted, wrong=(QuestionKind.SINGLE, QuestionKind.SHORT))
    people = [world.trainee.person_id, world.other_trainee.person_id]
    with count_statements() as statements:
        assert queries.results_of(admitted.id, people) == {world.trainee.person_id: (100.0, True)}
    assert len(statements) == 1
    admitted.grade_policy = GradePolicy.LAST
    session().flush()
    assert queries.best_result(world.trainee.person_id, admitted.id) == (50.0, False)


def test_saving_is_one_read_and_one_write(world: World, attempt: Attempt, count_statements: Counting) -> None:
    item = item_of(attempt, QuestionKind.SINGLE)
    session().flush()
    with count_statements() as statements:
        taking.save_answer(world.trainee.person_id, attempt.id, item.position, {"chosen": ["a"]}, 1)
    assert [statement.split()[0] for statement in statements] == ["SELECT", "UPDATE"]


def test_an_attempt_keeps_the_words_it_saw(world: World, bank: QuestionBank, attempt: Attempt) -> None:
    question = questions_of(bank)[0]
    seen = item_of(attempt, QuestionKind.SINGLE).question_version_id
    service.edit_question(question, replaced_stem("Ai nói thay tỉnh?"), Labels("m1", question.difficulty))
    assert question.current_number == 2
    assert item_of(attempt, QuestionKind.SINGLE).question_version_id == seen
    assert item_of(attempt, QuestionKind.SINGLE).question_version.stem == SINGLE.stem.vi
    service.edit_question(question, replaced_stem("Ai nói?"), Labels("m1", question.difficulty))
    assert question.current_number == 2
    assert question.current_version.stem == "Ai nói?"


def replaced_stem(stem: str) -> Words:
    """The single-choice words with another stem."""
    return replace(SINGLE, stem=Both(stem))


@given(saves=st.lists(st.tuples(st.integers(1, 12), st.sampled_from("abc")), min_size=1, max_size=10), data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_saves_in_any_order_with_repeats_leave_the_highest(
    world: World, quiz: Quiz, saves: list[tuple[int, str]], data: st.DataObject
) -> None:
    given_answers = dict(saves)
    sent = data.draw(st.permutations([*given_answers.items(), *list(given_answers.items())[:3]]))
    quiz.attempts_allowed = None
    attempt = taking.start(world.trainee, quiz)
    place = item_of(attempt, QuestionKind.SINGLE).position
    acknowledged = [
        taking.save_answer(world.trainee.person_id, attempt.id, place, {"chosen": [letter]}, seq)
        for seq, letter in sent
    ]
    assert [one.stored for one in acknowledged] == [
        seq > max((earlier for earlier, _letter in sent[:before]), default=0)
        for before, (seq, _letter) in enumerate(sent)
    ]
    session().expire_all()
    item = item_of(attempt, QuestionKind.SINGLE)
    highest = max(given_answers)
    assert (item.answer, item.saved_seq) == ({"chosen": [given_answers[highest]]}, highest)
    taking.hand_in(world.trainee.person_id, attempt.id)
