"""The blueprint of a quiz as a grid: topics by degrees of difficulty, in each cell how many questions to draw.

A grid speaks of one bank, one section and one choice of folder, tag and kind; a quiz may have several. Each cell that
asks for questions is a line (`QuizDraw`). Flushes, never commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken, RulesBroken
from lms.core.text import fold
from lms.quizzes.models import Difficulty, Question, QuestionKind, QuestionTag, Quiz, QuizDraw, QuizItem
from lms.quizzes.origins import refuse_files
from lms.quizzes.papers import refuse_shortfalls

MOST_IN_A_CELL = 200
MOST_TOPICS = 100
COLUMNS: tuple[Difficulty | None, ...] = (Difficulty.EASY, Difficulty.MEDIUM, Difficulty.HARD, None)
"""Degrees of a grid; None draws from any."""

Place = tuple[str, Difficulty | None]
"""A cell: topic and degree; "" and None are any."""


@dataclass(frozen=True)
class Scope:
    """What all lines of a grid have in common; "" and None narrow nothing, no section is before all sections."""

    bank_id: int
    section_id: int | None = None
    category: str = ""
    tag: str = ""
    kind: QuestionKind | None = None

    def holds(self, line: QuizDraw) -> bool:
        """Whether a line belongs to this grid."""
        theirs = (line.bank_id, line.section_id, line.category, fold(line.tag), line.kind)
        return theirs == (self.bank_id, self.section_id, self.category, fold(self.tag), self.kind)

    @classmethod
    def of(cls, line: QuizDraw) -> "Scope":
        """The grid a line belongs to."""
        return cls(
            line.bank_id, line.section_id, line.category, line.tag, QuestionKind(line.kind) if line.kind else None
        )


@dataclass(frozen=True)
class Cell:
    """A cell: how many questions there are, how many are drawn."""

    available: int
    count: int


@dataclass(frozen=True)
class Row:
    """A topic with its cells in the order of COLUMNS; "" is any topic."""

    topic: str
    cells: list[Cell]


@dataclass(frozen=True)
class Grid:
    """Rows, and for each column what a question is worth."""

    rows: list[Row]
    points: list[int]


def grid(quiz: Quiz, scope: Scope) -> Grid:
    """The grid as it stands, any topic first, in two statements."""
    there = _available(scope)
    lines = {(line.topic, line.difficulty): line for line in reversed(quiz.draws) if scope.holds(line)}
    topics = sorted({topic for topic, _degree in there if topic} | {topic for topic, _degree in lines if topic})
    rows = [
        Row(topic, [Cell(_sum(there, topic, one), _count(lines.get((topic, one)))) for one in COLUMNS])
        for topic in ["", *topics[:MOST_TOPICS]]
    ]
    points = [next((line.points for (_topic, degree), line in lines.items() if degree == one), 1) for one in COLUMNS]
    return Grid(rows, points)


def fill(quiz: Quiz, scope: Scope, counts: Mapping[Place, int], points: Mapping[Difficulty | None, int]) -> None:
    """Draw as many as the cells say; those not named stay, 0 takes a line out.

    Raises RulesBroken, each refusal's `field` "count-TOPIC-DEGREE" or "points-DEGREE": more than there are, points
    outside 1 to 100; of a published quiz also where lines find too few together, or nothing would be left to ask.
    """
    refuse_files(quiz)
    _refuse_more_than_there_are(scope, counts)
    _refuse_points(points)
    lines = {(line.topic, line.difficulty): line for line in reversed(quiz.draws) if scope.holds(line)}
    last = max((line.position for line in quiz.draws), default=0)
    for (topic, degree), count in counts.items():
        line = lines.get((topic, degree))
        if count == 0:
            if line is not None:
                quiz.draws.remove(line)
            continue
        if line is None:
            last += 1
            line = QuizDraw(
                bank_id=scope.bank_id, section_id=scope.section_id, category=scope.category, tag=scope.tag,
                kind=scope.kind, topic=topic, difficulty=degree, position=last,
            )  # fmt: skip
            quiz.draws.append(line)
        line.count = count
        line.points = points.get(degree, line.points or 1)
    session().flush()
    _refuse_for_the_published(quiz)


def remove(quiz: Quiz, line_id: int) -> None:
    """Take a line out; raises NotFound, RuleBroken where nothing would be left to ask in a published quiz."""
    refuse_files(quiz)
    line = next((one for one in quiz.draws if one.id == line_id), None)
    if line is None:
        raise NotFound
    quiz.draws.remove(line)
    session().flush()
    _refuse_for_the_published(quiz)


def _refuse_for_the_published(quiz: Quiz) -> None:
    if quiz.published_at is None:
        return
    if not quiz.items and not quiz.draws:
        raise RuleBroken(N_("Bài đã công bố phải còn ít nhất một câu. Hãy thêm câu khác trước."), code="last-question")
    refuse_shortfalls(quiz)


def _refuse_more_than_there_are(scope: Scope, counts: Mapping[Place, int]) -> None:
    there = _available(scope)
    found = []
    for (topic, degree), count in counts.items():
        field = f"count-{topic}-{degree or 'any'}"
        most = min(_sum(there, topic, degree), MOST_IN_A_CELL)
        if count < 0:
            found.append(RuleBroken(N_("Số câu là một số từ 0 trở lên."), field=field))
        elif count > most:
            message = N_("Chủ đề “%(topic)s”: cần %(count)s câu, ngân hàng chỉ có %(found)s câu như vậy.")
            if not topic:
                message = N_("Mọi chủ đề: cần %(count)s câu, ngân hàng chỉ có %(found)s câu như vậy.")
            found.append(RuleBroken(message, field=field, topic=topic, count=count, found=most))
    if found:
        raise RulesBroken(found)


def _refuse_points(points: Mapping[Difficulty | None, int]) -> None:
    wrong = [degree for degree, value in points.items() if not 1 <= value <= 100]
    if wrong:
        message = N_("Điểm mỗi câu từ 1 đến 100.")
        raise RulesBroken([RuleBroken(message, field=f"points-{degree or 'any'}") for degree in wrong])


def _available(scope: Scope) -> dict[tuple[str, str], int]:
    """How many questions the bank has in each topic and degree."""
    statement: Any = (
        select(Question.topic, Question.difficulty, func.count())
        .where(Question.bank_id == scope.bank_id, Question.retired_at.is_(None))
        .group_by(Question.topic, Question.difficulty)
    )
    if scope.category:
        above = f"{scope.category}/"
        below = func.substr(Question.category, 1, len(above)) == above
        statement = statement.where(or_(Question.category == scope.category, below))
    if scope.kind is not None:
        statement = statement.where(Question.kind == scope.kind)
    if scope.tag:
        tagged = select(QuestionTag.question_id).where(QuestionTag.folded == fold(scope.tag))
        statement = statement.where(Question.id.in_(tagged))
    return {(topic, degree): count for topic, degree, count in session().execute(statement)}


def _sum(there: Mapping[tuple[str, str], int], topic: str, degree: Difficulty | None) -> int:
    return sum(
        count
        for (one, difficulty), count in there.items()
        if (not topic or one == topic) and (degree is None or difficulty == degree)
    )


def _count(line: QuizDraw | None) -> int:
    return line.count if line is not None else 0


def categories(bank_id: int) -> Sequence[str]:
    """Folders of a bank with those above them, in order."""
    paths = session().scalars(
        select(Question.category).where(Question.bank_id == bank_id, Question.category != "").distinct()
    )
    found = set()
    for path in paths:
        parts = path.split("/")
        found |= {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return sorted(found)


def tags(bank_id: int) -> Sequence[str]:
    """Tags of a bank's questions, each once, in order."""
    rows = session().execute(
        select(QuestionTag.folded, func.min(QuestionTag.tag))
        .join(Question, Question.id == QuestionTag.question_id)
        .where(Question.bank_id == bank_id)
        .group_by(QuestionTag.folded)
        .order_by(QuestionTag.folded)
    )
    return [tag for _folded, tag in rows]


def may_ask_essay(quiz: Quiz) -> bool:
    """Whether an essay stands in the quiz or may be drawn into it, so that people mark."""
    fixed = (
        select(Question.id)
        .join(QuizItem, QuizItem.question_id == Question.id)
        .where(QuizItem.quiz_id == quiz.id, Question.kind == QuestionKind.ESSAY)
    )
    drawn = (
        select(Question.id)
        .join(QuizDraw, QuizDraw.bank_id == Question.bank_id)
        .where(QuizDraw.quiz_id == quiz.id, Question.kind == QuestionKind.ESSAY, Question.retired_at.is_(None))
        .where(or_(QuizDraw.kind.is_(None), QuizDraw.kind == Question.kind))
        .where(or_(QuizDraw.topic == "", QuizDraw.topic == Question.topic))
        .where(or_(QuizDraw.difficulty.is_(None), QuizDraw.difficulty == Question.difficulty))
    )
    return any(session().scalar(statement.limit(1)) is not None for statement in (fixed, drawn))
