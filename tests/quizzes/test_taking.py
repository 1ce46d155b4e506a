"""Taking a quiz at the service: start, save, hand in, deadline; every act repeated."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.core import clock, jobs
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.quizzes import queries, service, taking
from lms.quizzes.attempt_models import Accommodation, Attempt
from lms.quizzes.kinds.content import Both
from lms.quizzes.models import GradePolicy, QuestionBank, QuestionKind, Quiz, QuizSection
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


def test_what_was_allowed_to_one_person_holds_for_that_person(world: World, admitted: Quiz) -> None:
    moment = clock.now()
    admitted.closes_at = moment + timedelta(minutes=1)
    allow(world, admitted, extra_minutes=10, extra_attempts=1, closes_at=moment + timedelta(hours=3))
    with clock.stopped_at(moment + timedelta(minutes=5)):
        for _time in range(3):
            attempt = taking.start(world.trainee, admitted)
            assert attempt.deadline_at == clock.now() + timedelta(minutes=30)
            taking.hand_in(world.trainee.person_id, attempt.id)
        with refused("no-attempts-left"):
            taking.start(world.trainee, admitted)
        with refused("not-open"):
            taking.start(world.other_trainee, admitted)


def test_what_was_withdrawn_holds_no_more(world: World, admitted: Quiz) -> None:
    allow(world, admitted, extra_minutes=10).withdrawn_at = clock.now()
    session().flush()
    attempt = taking.start(world.trainee, admitted)
    assert attempt.deadline_at == attempt.started_at + timedelta(minutes=20)


def allow(world: World, quiz: Quiz, **extra: Any) -> Accommodation:
    """Allow the trainee something at the quiz."""
    made = Accommodation(
        quiz=quiz, person=world.trainee.person, reason="Khuyết tật vận động", granted_by_id=world.organizer.id, **extra
    )
    session().add(made)
    session().flush()
    return made


def test_a_practice_is_marked_but_counts_nowhere(world: World, admitted: Quiz) -> None:
    admitted.practice = True
    heard: list[Attempt] = []
    with handed_in.connected_to(heard.append):
        assert taken(world.trainee, admitted).score == 4
    assert heard == []
    assert queries.best_result(world.trainee.person_id, admitted.id) is None


def test_questions_change_places_within_their_section_only(world: World, admitted: Quiz) -> None:
    section = QuizSection(quiz=admitted, position=1, title="Phần một")
    session().add(section)
    session().flush()
    for item in admitted.items[2:]:
        item.section_id = section.id
    session().flush()
    loose = {item.question_id for item in admitted.items[:2]}
    orders = set()
    for person in (world.trainee, world.other_trainee, world.organizer, world.instructor, world.stranger, world.admin):
        attempt = taking.start(person, admitted)
        asked = [item.question_version.question_id for item in attempt.items]
        assert set(asked[:2]) == loose
        assert [item.section_id for item in attempt.items] == [None, None, section.id, section.id]
        orders.add(tuple(asked))
    assert len(orders) <= 4


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
