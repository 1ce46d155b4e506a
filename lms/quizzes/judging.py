"""Essays before their markers: whose turn it is, one judgement by the rubric, two of them brought together.

A marker sees an answer under a code, never a name. With two markers the second does not see the first's judgement;
where the two are no further apart than the quiz allows, their mean stands, else a third person settles it. A marker may
judge anew until the question's points stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.core.permissions import Permission
from lms.core.tokens import keyed_digest
from lms.quizzes import standing
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.marking_models import EssayMark
from lms.quizzes.models import QuestionVersion, Quiz
from lms.quizzes.queries import within
from lms.units.models import Unit

LONGEST_COMMENT = 4000
_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Queue:
    """A quiz whose essays wait: how many for this marker, how many in all."""

    quiz: Quiz
    mine: int
    waiting: int


@dataclass(frozen=True)
class Judgement:
    """What a marker says of an essay: points for each criterion by its number, and words to the person."""

    levels: Mapping[str, int]
    comment: str = ""


def code_of(attempt_id: int) -> str:
    """What markers call an attempt: five letters and digits that tell nothing of the person."""
    digest = keyed_digest(f"attempt:{attempt_id}")
    return "".join(_CODE_LETTERS[byte % len(_CODE_LETTERS)] for byte in digest[:5])


def queues(marker: Account) -> list[Queue]:
    """Quizzes with essays that wait, those the marker can go on with first."""
    waiting = session().execute(
        select(Quiz, func.count())
        .join(Attempt, Attempt.quiz_id == Quiz.id)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(Unit, Unit.id == Quiz.unit_id)
        .where(within(marker, Permission.RESULTS), _waits())
        .group_by(Quiz.id)
        .order_by(Quiz.title, Quiz.id)
    )
    counted = [(quiz, count) for quiz, count in waiting]
    of_marker = session().execute(
        select(Attempt.quiz_id, func.count().label("essays"))
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(_waits(), _for(marker), Quiz.id.in_([quiz.id for quiz, _count in counted]))
        .group_by(Attempt.quiz_id)
    )
    mine = {row.quiz_id: row.essays for row in of_marker}
    found = [Queue(quiz, mine.get(quiz.id, 0), count) for quiz, count in counted]
    return sorted(found, key=lambda one: one.mine == 0)


def queue_of(marker: Account, quiz: Quiz) -> Queue:
    """How many essays of one quiz wait."""
    waiting = select(func.count()).select_from(AttemptItem).join(Attempt).where(Attempt.quiz_id == quiz.id, _waits())
    mine = waiting.join(Quiz, Quiz.id == Attempt.quiz_id).where(_for(marker))
    return Queue(quiz, session().scalar(mine) or 0, session().scalar(waiting) or 0)


def next_for(marker: Account, quiz: Quiz, after: int = 0) -> AttemptItem | None:
    """The next essay of the quiz for this marker: question by question, so that one question is judged in a row.

    `after` passes over everything up to that item, once round.
    """
    statement = (
        _essays()
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id == quiz.id, _waits(), _for(marker))
        .order_by(AttemptItem.id <= after, QuestionVersion.question_id, AttemptItem.id)
    )
    return session().scalar(statement.limit(1))


def get_essay(quiz: Quiz, item_id: int) -> AttemptItem:
    """An essay handed in at this quiz; raises NotFound."""
    statement = _essays().where(Attempt.quiz_id == quiz.id, AttemptItem.id == item_id)
    found = session().scalar(statement.where(Attempt.preview.is_(False), Attempt.handed_in_at.is_not(None)))
    if found is None:
        raise NotFound
    return found


def marks_of(item: AttemptItem) -> Sequence[EssayMark]:
    """The judgements of an essay, the first first."""
    statement = select(EssayMark).where(EssayMark.attempt_item_id == item.id).options(joinedload(EssayMark.marker))
    return session().scalars(statement.order_by(EssayMark.id)).all()


def apart(quiz: Quiz, item: AttemptItem, marks: Sequence[EssayMark]) -> bool:
    """Whether the first two judgements are further apart than the quiz allows."""
    first = [mark for mark in marks if not mark.settling]
    if len(first) < 2:
        return False
    return abs(first[0].points - first[1].points) * 100 > quiz.marking_gap * item.points


def judge(marker: Account, quiz: Quiz, item_id: int, judgement: Judgement) -> AttemptItem:
    """Keep a marker's judgement, and set the points where it was the last one needed.

    Raises NotFound; RuleBroken: (rubric) for a criterion without a level, (too-long), (judged) where the points stand
    already, (not-yours) where enough others have judged.
    """
    if len(judgement.comment) > LONGEST_COMMENT:
        message = N_("Nhận xét dài quá %(max)s ký tự. Hãy rút ngắn.")
        raise RuleBroken(message, field="comment", code="too-long", max=LONGEST_COMMENT)
    item = get_essay(quiz, item_id)
    # One judgement of an attempt at a time: the last of two must see the other.
    session().execute(select(Attempt.id).where(Attempt.id == item.attempt_id).with_for_update())
    session().refresh(item, ["score"])
    if item.score is not None:
        raise RuleBroken(N_("Bài này đã có điểm. Muốn sửa điểm, hãy trả lời phúc khảo."), code="judged")
    share = _essay(item).earned(judgement.levels)
    marks = list(marks_of(item))
    mark = next((one for one in marks if one.marker_id == marker.id), None)
    if mark is None:
        if len(marks) >= quiz.markers and not apart(quiz, item, marks):
            raise RuleBroken(N_("Bài này đã đủ người chấm."), code="not-yours")
        mark = EssayMark(attempt_item_id=item.id, marker_id=marker.id, settling=len(marks) >= quiz.markers)
        session().add(mark)
        marks.append(mark)
    mark.levels, mark.points = dict(judgement.levels), float(share * item.points)
    mark.comment, mark.marked_at = judgement.comment, clock.now()
    session().flush()
    _settle(quiz, item, marks)
    return item


def _settle(quiz: Quiz, item: AttemptItem, marks: list[EssayMark]) -> None:
    """Set the points once enough judgements stand."""
    settled = next((mark for mark in marks if mark.settling), None)
    if settled is None and (len(marks) < quiz.markers or apart(quiz, item, marks)):
        return
    counted = [settled] if settled else marks
    points = sum((Fraction(mark.points) for mark in counted), Fraction(0)) / len(counted)
    item.score = float(points)
    item.comment = "\n\n".join(mark.comment for mark in counted if mark.comment) or None
    session().flush()
    standing.settle(session().get_one(Attempt, item.attempt_id))


def _essay(item: AttemptItem) -> Essay:
    content = item.question_version.content
    if not isinstance(content, Essay):
        raise NotFound
    return content


def _essays() -> Select[AttemptItem]:
    return (
        select(AttemptItem)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .options(joinedload(AttemptItem.question_version))
        .where(QuestionVersion.kind == "essay", AttemptItem.answer.is_not(None))
    )


def _waits() -> ColumnElement[bool]:
    """An answer in a closed attempt that counts, without points."""
    return and_(
        Attempt.handed_in_at.is_not(None),
        Attempt.marked_at.is_(None),
        Attempt.preview.is_(False),
        AttemptItem.score.is_(None),
    )


def _for(marker: Account) -> ColumnElement[bool]:
    """Not yet judged by this marker, and still short of markers, or judged by two who are too far apart."""
    of_item = EssayMark.attempt_item_id == AttemptItem.id
    own = select(EssayMark.id).where(of_item, EssayMark.marker_id == marker.id).exists()
    count = select(func.count()).where(of_item).correlate(AttemptItem).scalar_subquery()
    gap = select(func.max(EssayMark.points) - func.min(EssayMark.points)).where(of_item).correlate(AttemptItem)
    too_far = and_(Quiz.markers > 1, gap.scalar_subquery() * 100 > Quiz.marking_gap * AttemptItem.points)
    return and_(~own, or_(count < Quiz.markers, too_far))
