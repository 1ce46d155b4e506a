"""The paper of an attempt: fixed questions, and those that each line of a blueprint draws by the attempt's seed.

The same pool, the same seed and the same past give the same paper. No question stands in a paper twice, and lines
that share questions hand them to one another, so that a paper that can be filled is filled. A draw goes by kinds of
question, best first: those that are not too well known, of them those the person has not had; it takes as many of
the better kind as the lines allow (augmenting paths never give up a question that is taken).

A line that finds too few questions keeps a quiz from being published. Where questions were put away afterwards, a
start draws what there is: nobody is sent away from the hall, percentages are of that paper's own points, and the
quiz's page says which line falls short.
"""

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import String, cast, func, select

from lms.core.db import session
from lms.core.text import fold
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.models import (
    Question,
    QuestionTag,
    QuestionVersion,
    Quiz,
    QuizDraw,
    QuizItem,
    QuizSection,
)
from lms.quizzes.shuffling import shuffled

ATTEMPTS = "attempts"
"""In `Quiz.exposure`: how many attempts were counted."""

Paper = list[tuple[QuestionVersion, int, int | None]]
"""Questions as they are asked now, what each is worth, and its section's id."""


@dataclass(frozen=True)
class Line:
    """A line to draw: how many of which questions, by id."""

    id: int
    count: int
    pool: Sequence[int]


def draw(
    lines: Sequence[Line],
    seed: int,
    fixed: Collection[int] = (),
    seen: Collection[int] = (),
    known: Collection[int] = (),
) -> dict[int, list[int]]:
    """Questions for each line, by its id; fewer where there are no more.

    `fixed` stand in the paper already, `seen` the person had before, `known` too many people had.
    """
    slots = [line for line in lines for _place in range(line.count)]
    choices = {line.id: _in_kinds(line, seed, set(fixed), set(seen), set(known)) for line in lines}
    taken: dict[int, int] = {}  # question -> slot
    filled: dict[int, int] = {}  # slot -> question
    for kind in range(_KINDS):
        for slot in range(len(slots)):
            if slot not in filled:
                _fill(slot, slots, choices, kind, taken, filled)
    found: dict[int, list[int]] = {line.id: [] for line in lines}
    for slot, line in enumerate(slots):
        if slot in filled:
            found[line.id].append(filled[slot])
    return found


_KINDS = 4


def _in_kinds(
    line: Line, seed: int, fixed: Collection[int], seen: Collection[int], known: Collection[int]
) -> list[list[int]]:
    """The line's pool in the order of the seed, parted by how gladly it is drawn."""
    kinds: list[list[int]] = [[] for _kind in range(_KINDS)]
    mixed = sorted(line.pool)
    random.Random(f"{seed}/draw/{line.id}").shuffle(mixed)
    for question in mixed:
        if question not in fixed:
            kinds[2 * (question in known) + (question in seen)].append(question)
    return kinds


def _fill(
    start: int,
    slots: Sequence[Line],
    choices: Mapping[int, list[list[int]]],
    kind: int,
    taken: dict[int, int],
    filled: dict[int, int],
) -> None:
    """Find `start` a question of this kind or a better one, where need be by giving other slots others."""
    came_from: dict[int, int] = {}  # question -> the slot that looked at it
    waiting = [start]
    looked = {start}
    for slot in waiting:
        for question in (one for better in choices[slots[slot].id][: kind + 1] for one in better):
            if question in came_from:
                continue
            came_from[question] = slot
            holder = taken.get(question)
            if holder is None:
                _hand_on(question, came_from, taken, filled)
                return
            if holder not in looked:
                looked.add(holder)
                waiting.append(holder)


def _hand_on(question: int | None, came_from: Mapping[int, int], taken: dict[int, int], filled: dict[int, int]) -> None:
    while question is not None:
        slot = came_from[question]
        before = filled.get(slot)
        filled[slot], taken[question] = question, slot
        question = before


def paper_of(quiz: Quiz, person_id: int | None, seed: int) -> Paper:
    """What an attempt with this seed asks, section after section, in each the fixed questions before those drawn.

    None as person: nobody's, for a look at a paper; the past then plays no part. A bounded number of statements,
    however many questions the banks hold and however many attempts there were.
    """
    lines = draws_of(quiz)
    fixed = _fixed(quiz)
    if not lines:
        return [(version, points, section_id) for _place, version, points, section_id in fixed]
    standing = {version.question_id for _place, version, _points, _section_id in fixed}
    seen = _seen(quiz, person_id) if person_id is not None else set()
    known = too_well_known(quiz.exposure, quiz.exposure_percent) if person_id is not None else set()
    found = draw(_with_pools([line for line, _place in lines]), seed, standing, seen, known)
    versions = _versions([question for drawn in found.values() for question in drawn])
    drawn = [
        (place, versions[question], line.points, line.section_id)
        for line, place in lines
        for question in found[line.id]
        if question in versions
    ]
    # A stable sort: in each section the fixed questions stay before the drawn ones, each in their order.
    whole = sorted([*fixed, *drawn], key=lambda one: one[0])
    return [(version, points, section_id) for _place, version, points, section_id in whole]


def questions_of(paper: Paper) -> dict[int, Question]:
    """The questions of a paper by id, in one statement."""
    ids = [version.question_id for version, _points, _section_id in paper]
    return {one.id: one for one in session().scalars(select(Question).where(Question.id.in_(ids)))}


def in_order(paper: Paper, seed: int, shuffle: bool) -> Paper:
    """The paper as an attempt of this seed asks it: questions change places within their section only."""
    if not shuffle:
        return paper
    ordered: Paper = []
    for section_id, part in groupby(paper, key=lambda one: one[2]):
        ordered += shuffled(list(part), seed, str(section_id or ""))
    return ordered


def option_order(version: QuestionVersion, seed: int, shuffle: bool) -> list[str]:
    """The parts of a question as an attempt of this seed shows them."""

    def mix(ids: Sequence[str], part: str) -> list[str]:
        return shuffled(ids, seed, f"{version.question_id}/{part}")

    return version.content.arranged(mix if shuffle else None)


def too_well_known(exposure: Mapping[str, int], percent: int | None) -> set[int]:
    """Questions that more than `percent` of the counted attempts have had; None: there is no such limit."""
    if percent is None:
        return set()
    most = exposure.get(ATTEMPTS, 0) * percent
    return {int(key) for key, count in exposure.items() if key.isdecimal() and 100 * count > most}


def available(lines: Sequence[QuizDraw]) -> dict[int, int]:
    """How many questions fit each line, by its id, whatever else draws from them."""
    return {line.id: len(line.pool) for line in _with_pools(lines)}


def shortfalls(quiz: Quiz) -> list[tuple[QuizDraw, int]]:
    """Lines that cannot be filled along with all others, each with how many it gets."""
    lines = [line for line, _place in draws_of(quiz)]
    if not lines:
        return []
    fixed = set(session().scalars(select(QuizItem.question_id).where(QuizItem.quiz_id == quiz.id)))
    found = draw(_with_pools(lines), 0, fixed)
    return [(line, len(found[line.id])) for line in lines if len(found[line.id]) < line.count]


def draws_of(quiz: Quiz) -> list[tuple[QuizDraw, int]]:
    """The lines of a quiz's blueprint in order, each with the place of its section."""
    place = func.coalesce(QuizSection.position, -1)
    rows = session().execute(
        select(QuizDraw, place)
        .outerjoin(QuizSection, QuizSection.id == QuizDraw.section_id)
        .where(QuizDraw.quiz_id == quiz.id)
        .order_by(place, QuizDraw.position, QuizDraw.id)
    )
    return [(line, section_place) for line, section_place in rows]


def _fixed(quiz: Quiz) -> list[tuple[int, QuestionVersion, int, int | None]]:
    place = func.coalesce(QuizSection.position, -1)
    rows = session().execute(
        select(place, QuestionVersion, QuizItem.points, QuizItem.section_id)
        .join(Question, Question.id == QuizItem.question_id)
        .join(
            QuestionVersion,
            (QuestionVersion.question_id == Question.id) & (QuestionVersion.number == Question.current_number),
        )
        .outerjoin(QuizSection, QuizSection.id == QuizItem.section_id)
        .where(QuizItem.quiz_id == quiz.id)
        .order_by(place, QuizItem.position)
    )
    return [(section_place, version, points, section_id) for section_place, version, points, section_id in rows]


def _seen(quiz: Quiz, person_id: int) -> set[int]:
    """Questions of the person's own attempts at the quiz."""
    statement = (
        select(QuestionVersion.question_id)
        .join(AttemptItem, AttemptItem.question_version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.quiz_id == quiz.id, Attempt.person_id == person_id, Attempt.preview.is_(False))
    )
    return set(session().scalars(statement))


def _versions(question_ids: Collection[int]) -> dict[int, QuestionVersion]:
    statement = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.id.in_(question_ids), QuestionVersion.number == Question.current_number)
    )
    return {version.question_id: version for version in session().scalars(statement)}


def _with_pools(draws: Sequence[QuizDraw]) -> list[Line]:
    """The lines with the questions that fit each.

    The database hands over one row for each cell of topic, category, difficulty and kind with all its ids in one text:
    a bank of thousands costs a few rows.
    """
    banks = {one.bank_id for one in draws}
    cell = (Question.bank_id, Question.category, Question.topic, Question.difficulty, Question.kind)
    rows = session().execute(
        select(*cell, func.aggregate_strings(cast(Question.id, String), ","))
        .where(Question.bank_id.in_(banks), Question.retired_at.is_(None))
        .group_by(*cell)
    )
    cells = [(_Cell(*row[:5]), [int(one) for one in row[5].split(",")]) for row in rows]
    tagged = _tagged({fold(one.tag) for one in draws if one.tag}, banks)
    lines = []
    for one in draws:
        pool = [question for about, ids in cells if _fits(one, about) for question in ids]
        if one.tag:
            pool = [question for question in pool if question in tagged.get(fold(one.tag), ())]
        lines.append(Line(one.id, one.count, pool))
    return lines


def _tagged(tags: Collection[str], banks: Iterable[int]) -> dict[str, set[int]]:
    if not tags:
        return {}
    rows = session().execute(
        select(QuestionTag.folded, func.aggregate_strings(cast(QuestionTag.question_id, String), ","))
        .join(Question, Question.id == QuestionTag.question_id)
        .where(QuestionTag.folded.in_(tags), Question.bank_id.in_(banks))
        .group_by(QuestionTag.folded)
    )
    return {folded: {int(one) for one in ids.split(",")} for folded, ids in rows}


class _Cell(NamedTuple):
    """What questions that are drawn alike have in common, but for tags."""

    bank_id: int
    category: str
    topic: str
    difficulty: str
    kind: str


def _fits(line: QuizDraw, cell: _Cell) -> bool:
    return (
        line.bank_id == cell.bank_id
        and (not line.category or f"{cell.category}/".startswith(f"{line.category}/"))
        and (not line.topic or cell.topic == line.topic)
        and (not line.difficulty or cell.difficulty == line.difficulty)
        and (not line.kind or cell.kind == line.kind)
    )
