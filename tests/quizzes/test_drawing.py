"""Papers drawn by a blueprint: as full as they can be, no question twice, the same again by the same seed."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core import clock, jobs
from lms.core.db import session
from lms.people.models import Person
from lms.quizzes import drawing, exposure, papers, service, taking
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.drawing import Line, draw
from lms.quizzes.models import (
    Difficulty,
    Question,
    QuestionBank,
    QuestionKind,
    QuestionVersion,
    Quiz,
    QuizDraw,
    QuizSection,
)
from lms.quizzes.wording import Labels
from tests.quizzes.conftest import ALL_WORDS, RULES, SINGLE
from tests.world import World

Counting = Callable[[], AbstractContextManager[list[str]]]

IDS = st.integers(1, 12)
POOLS = st.lists(st.tuples(st.integers(0, 4), st.sets(IDS).map(sorted)), max_size=5)
LINES = POOLS.map(lambda pools: [Line(place, count, pool) for place, (count, pool) in enumerate(pools)])
SOME = st.sets(IDS, max_size=6)
SEEDS = st.integers(0, 2**31)


@settings(max_examples=150)
@given(LINES, SEEDS, SOME, SOME, SOME)
def test_a_draw_is_whole_without_doubles_and_the_same_again(
    lines: list[Line], seed: int, fixed: set[int], seen: set[int], known: set[int]
) -> None:
    found = draw(lines, seed, fixed, seen, known)
    drawn = [question for line in lines for question in found[line.id]]
    assert len(set(drawn)) == len(drawn)
    assert not set(drawn) & fixed
    assert all(set(found[line.id]) <= set(line.pool) and len(found[line.id]) <= line.count for line in lines)
    assert len(drawn) == _most(lines, set(range(13)) - fixed)
    mixed = [Line(line.id, line.count, line.pool[::-1]) for line in lines]
    assert draw(mixed, seed, fixed, seen, known) == found


@settings(max_examples=150)
@given(LINES, SEEDS, SOME, SOME)
def test_as_many_as_can_be_are_little_known_then_unseen(
    lines: list[Line], seed: int, seen: set[int], known: set[int]
) -> None:
    drawn = {one for ids in draw(lines, seed, (), seen, known).values() for one in ids}
    every = set(range(13))
    for better in (every - seen - known, every - known, every - (seen & known)):
        assert len(drawn & better) == _most(lines, better)


def _most(lines: list[Line], allowed: set[int]) -> int:
    """The most questions that the lines can hold, by Hall's theorem (the deficit of the worst set of slots)."""
    slots = [set(line.pool) & allowed for line in lines for _place in range(line.count)]
    groups = [(line.count, set(line.pool) & allowed) for line in lines]
    worst = 0
    for chosen in range(2 ** len(groups)):
        some = [group for place, group in enumerate(groups) if chosen >> place & 1]
        worst = max(worst, sum(count for count, _pool in some) - len(set().union(*(pool for _count, pool in some))))
    return len(slots) - worst


def test_every_question_is_drawn_about_as_often() -> None:
    times = dict.fromkeys(range(1, 11), 0)
    for seed in range(600):
        for question in draw([Line(1, 2, range(1, 11))], seed)[1]:
            times[question] += 1
    assert min(times.values()) > 80
    assert max(times.values()) < 160


@given(st.dictionaries(st.integers(1, 50), st.integers(0, 40)), st.integers(1, 40), st.integers(1, 100))
def test_too_well_known_is_more_than_the_share(counts: dict[int, int], attempts: int, percent: int) -> None:
    stored = {str(key): count for key, count in counts.items()} | {drawing.ATTEMPTS: attempts, exposure.UP_TO: 7}
    expected = {key for key, count in counts.items() if count / attempts > percent / 100 + 1e-12}
    assert drawing.too_well_known(stored, percent) == expected
    assert drawing.too_well_known(stored, None) == set()


@pytest.fixture
def drawn_quiz(world: World) -> Quiz:
    """A draft with a blueprint over a bank of two topics in three degrees, four questions a cell."""
    bank = filled_bank(world, 4)
    quiz = service.create_quiz(world.instructor, bank.unit, RULES)
    section = QuizSection(quiz=quiz, position=1, title="Phần I")
    session().add(section)
    session().flush()
    for place, topic in enumerate(("m1", "m2"), 1):
        quiz.draws.append(QuizDraw(bank=bank, topic=topic, position=place, count=3, points=2, section_id=section.id))
    quiz.draws.append(QuizDraw(bank=bank, difficulty=Difficulty.HARD, position=3, count=1))
    session().flush()
    return quiz


def filled_bank(world: World, each: int) -> QuestionBank:
    """A bank of `each` questions in every cell of two topics and three degrees."""
    bank = service.create_bank(world.instructor, world.units["so-lam-khe"], "Ngân hàng rút đề")
    for topic in ("m1", "m2"):
        for difficulty in Difficulty:
            for number in range(each):
                key, labels = f"{topic}{difficulty}{number}", Labels(topic, difficulty, category="Khung/Nghị định")
                service.store_question(bank, key, number, ALL_WORDS[number % 4], labels)
    return bank


def test_a_paper_follows_the_blueprint_and_its_seed(drawn_quiz: Quiz) -> None:
    paper = drawing.paper_of(drawn_quiz, None, 11)
    about = [(version.question.topic, version.question.difficulty, points) for version, points, _section in paper]
    assert [section for _version, _points, section in paper] == [None] + [drawn_quiz.sections[0].id] * 6
    assert (about[0][1], about[0][2]) == (Difficulty.HARD, 1)
    assert [(topic, points) for topic, _difficulty, points in about[1:]] == [("m1", 2)] * 3 + [("m2", 2)] * 3
    assert len({version.question_id for version, _points, _section in paper}) == 7
    assert drawing.paper_of(drawn_quiz, None, 11) == paper
    assert any(drawing.paper_of(drawn_quiz, None, seed) != paper for seed in range(5))


def test_what_narrows_a_line(world: World, drawn_quiz: Quiz) -> None:
    line = drawn_quiz.draws[0]
    question = session().query(Question).filter_by(topic="m1", difficulty=Difficulty.EASY).first()
    assert question is not None
    service.file_under(question, Labels("m1", Difficulty.EASY, category="Khung pháp lý", tags=("Đối ngoại",)))
    session().flush()
    assert drawing.available([line]) == {line.id: 12}
    line.category = "Khung"
    assert drawing.available([line]) == {line.id: 11}
    line.category, line.tag = "", "doi ngoai"
    assert drawing.available([line]) == {line.id: 1}
    line.tag, line.kind = "", QuestionKind.SHORT
    assert drawing.available([line]) == {line.id: 3}
    line.kind, question.retired_at = None, clock.now()
    assert drawing.available([line]) == {line.id: 11}


def attempt_of(quiz: Quiz, person: Person, seed: int, **more: object) -> Attempt:
    """A closed attempt with the paper of its seed."""
    paper = drawing.paper_of(quiz, person.id, seed)
    now = clock.now()
    attempt = Attempt(quiz=quiz, person=person, started_at=now, handed_in_at=now, max_score=1.0, **more)
    for place, (version, points, section_id) in enumerate(paper, 1):
        attempt.items.append(
            AttemptItem(position=place, question_version=version, points=points, section_id=section_id)
        )
    session().add(attempt)
    session().flush()
    return attempt


def asked(attempt: Attempt) -> set[int]:
    """Questions of an attempt."""
    return {item.question_version.question_id for item in attempt.items}


def test_a_person_gets_other_questions_the_next_time(world: World, drawn_quiz: Quiz) -> None:
    attempts = [attempt_of(drawn_quiz, world.trainee.person, seed) for seed in range(2)]
    assert not asked(attempts[0]) & asked(attempts[1])
    others = attempt_of(drawn_quiz, world.other_trainee.person, 0)
    assert asked(others) == asked(attempts[0])


def test_what_many_had_is_drawn_last_and_counted_in_steps(
    world: World, drawn_quiz: Quiz, count_statements: Counting
) -> None:
    drawn_quiz.exposure_percent = 10
    # One paper leaves at least one hard question, whatever it holds: two could take all eight.
    first = attempt_of(drawn_quiz, world.trainee.person, 1)
    attempt_of(drawn_quiz, world.instructor.person, 3, preview=True)
    exposure.refresh(drawn_quiz)
    exposure.refresh(drawn_quiz)
    assert session().query(jobs.Job).filter_by(kind=exposure.COUNT_JOB).count() == 1
    exposure.add_new_attempts(drawn_quiz)
    known = asked(first)
    assert drawing.too_well_known(drawn_quiz.exposure, 10) == known
    assert drawn_quiz.exposure[drawing.ATTEMPTS] == 1
    other = attempt_of(drawn_quiz, world.other_trainee.person, 1)
    assert not asked(other) & known
    exposure.add_new_attempts(drawn_quiz)
    assert drawn_quiz.exposure[drawing.ATTEMPTS] == 2
    assert sum(drawn_quiz.exposure[str(one)] for one in asked(other)) == 7
    before = session().query(jobs.Job).count()
    exposure.refresh(drawn_quiz)
    assert session().query(jobs.Job).count() == before


def test_a_paper_costs_as_few_statements_from_a_bank_of_two_thousand(
    world: World, drawn_quiz: Quiz, count_statements: Counting
) -> None:
    attempt_of(drawn_quiz, world.trainee.person, 1)
    session().expire_all()
    with count_statements() as few:
        drawing.paper_of(drawn_quiz, world.trainee.person_id, 1)
    bank = drawn_quiz.draws[0].bank
    for number in range(2000):
        question = Question(bank=bank, key=f"N{number}", position=number, kind=QuestionKind.SINGLE, topic="m1")
        question.versions.append(QuestionVersion(number=1, **SINGLE.columns()))
        session().add(question)
    session().flush()
    for seed in range(5):
        attempt_of(drawn_quiz, world.trainee.person, seed)
    session().expire_all()
    with count_statements() as many:
        assert len(drawing.paper_of(drawn_quiz, world.trainee.person_id, 9)) == 7
    assert len(many) == len(few) <= 7


def test_lines_that_fall_short(world: World, drawn_quiz: Quiz) -> None:
    assert drawing.shortfalls(drawn_quiz) == []
    drawn_quiz.draws[1].count = 13
    assert [(line.position, found) for line, found in drawing.shortfalls(drawn_quiz)] == [(2, 12)]
    drawn_quiz.draws[1].count = 3
    fixed = session().query(Question).filter_by(topic="m1").limit(10).all()
    papers.add_items(drawn_quiz, fixed)
    assert [(line.position, found) for line, found in drawing.shortfalls(drawn_quiz)] == [(1, 2)]
    assert len(drawing.paper_of(drawn_quiz, None, 1)) == 10 + 2 + 3 + 1


def test_an_attempt_keeps_the_paper_of_its_seed(world: World, drawn_quiz: Quiz) -> None:
    papers.publish(world.instructor, drawn_quiz)
    drawn_quiz.exposure_percent = 50
    attempt = taking.start(world.trainee, drawn_quiz)
    kept = {(item.question_version_id, item.points, item.section_id) for item in attempt.items}
    paper = drawing.paper_of(drawn_quiz, None, attempt.seed)
    assert kept == {(version.id, points, section_id) for version, points, section_id in paper}
    assert attempt.max_score == drawn_quiz.max_score == 13
    assert session().query(jobs.Job).filter_by(kind=exposure.COUNT_JOB).count() == 1
    tried = taking.start(world.instructor, drawn_quiz, preview=True)
    assert taking.start(world.instructor, drawn_quiz, preview=True) is tried
    drawn_quiz.draws[0].count = 2
    session().flush()
    assert len(taking.start(world.instructor, drawn_quiz, preview=True).items) == 6
