"""Saving an answer: as it comes, in any order, twice, late; what is acknowledged is there.

Whether it counts is decided by the server's clock. A save holds a share of the attempt's row while closing holds all of
it (on SQLite a writing transaction is alone anyway), so an answer is either stored and marked, or told that it is not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.core import clock
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.quizzes import kinds
from lms.quizzes.attempt_models import AnswerEvent, Attempt, AttemptItem
from lms.quizzes.kinds.content import Fields
from lms.quizzes.masking import unmask, unmask_fields
from lms.quizzes.models import QuestionVersion

HIGHEST_SEQ = 2**31 - 1
HANDED_IN = RuleBroken(N_("Bài này đã nộp, không nhận thêm câu trả lời."), code="handed-in")
TIME_OVER = RuleBroken(N_("Hết giờ làm bài. Câu trả lời này đến sau giờ nên không tính."), code="time-over")


@dataclass(frozen=True)
class Save:
    """One answer as it comes from a browser.

    `given` is what the kind's `checked` takes, or, from a form, its fields. `seq` counts a browser's saves of this
    question; None is a form without a counter: it follows whatever is stored. `client_id` is made by the browser for
    each save; None makes one. `seconds`: how long the question has stood before the person.
    """

    given: Any = None
    seq: int | None = None
    flagged: bool | None = None
    client_id: str | None = None
    seconds: int = 0
    fields: Fields | None = None


@dataclass(frozen=True)
class Saved:
    """The server's acknowledgement: whatever it says, the answer is kept as an event.

    `stored` is False where a later save was there first, or where the attempt takes no more answers: then `refusal`
    says why (handed-in, time-over). `seq` is the stored one's.
    """

    saved_at: datetime
    deadline_at: datetime | None
    seq: int
    stored: bool
    refusal: RuleBroken | None = None


_SAVING = (
    select(
        AttemptItem.id,
        AttemptItem.saved_seq,
        AttemptItem.saved_at,
        AttemptItem.flagged,
        AttemptItem.option_order,
        QuestionVersion.kind,
        QuestionVersion.body,
        Attempt.started_at,
        Attempt.handed_in_at,
        Attempt.deadline_at,
        AnswerEvent.counted,
        AnswerEvent.received_at,
    )
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
    .outerjoin(
        AnswerEvent, (AnswerEvent.attempt_item_id == AttemptItem.id) & (AnswerEvent.client_id == bindparam("client"))
    )
    .where(
        Attempt.id == bindparam("attempt"),
        Attempt.person_id == bindparam("person"),
        AttemptItem.position == bindparam("place"),
    )
    .with_for_update(read=True, of=Attempt)
)
_STORE = (
    update(AttemptItem)
    .where(AttemptItem.id == bindparam("item"), AttemptItem.saved_seq < bindparam("seq"))
    .values(
        answer=bindparam("new_answer", type_=AttemptItem.answer.type),
        saved_at=bindparam("moment", type_=AttemptItem.saved_at.type),
        saved_seq=bindparam("seq"),
        flagged=bindparam("flag"),
        seconds=case((AttemptItem.seconds < bindparam("spent"), bindparam("spent")), else_=AttemptItem.seconds),
    )
)
_REMEMBER = {
    name: dialect.insert(AnswerEvent)
    .on_conflict_do_nothing(index_elements=["attempt_item_id", "client_id"])
    .returning(AnswerEvent.id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def save(person_id: int, attempt_id: int, position: int, sent: Save) -> Saved:
    """Store one answer of the person's own attempt: one read, one write and its event, without loading the paper.

    A save not above the stored `seq` is acknowledged and changes nothing, so does a `client_id` seen before, which is
    answered as it was then. An answer to an attempt that is over is kept as an event that does not count. Raises
    NotFound, RuleBroken (bad-answer).
    """
    client_id = sent.client_id or str(uuid4())
    wanted = {"attempt": attempt_id, "person": person_id, "place": position, "client": client_id}
    row = session().execute(_SAVING, wanted).one_or_none()
    if row is None:
        raise NotFound
    if row.counted is not None:
        return _known(row)
    moment = clock.now()
    refusal = _refusal(row.handed_in_at, row.deadline_at, moment)
    answer = _answer(row, sent)
    seq = row.saved_seq + 1 if sent.seq is None else sent.seq
    stored = refusal is None and seq > row.saved_seq and _store(row, sent, answer, seq, moment)
    event = {
        "attempt_item_id": row.id,
        "client_id": client_id,
        "seq": seq,
        "answer": answer,
        "received_at": moment,
        "counted": stored,
    }
    remember = _REMEMBER[session().get_bind().dialect.name]
    if session().connection().execute(remember, event).scalar() is None:
        # The same save came twice at once; the other was first.
        return _known(session().execute(_SAVING, wanted).one())
    if stored:
        return Saved(moment, row.deadline_at, seq, stored=True)
    return Saved(row.saved_at or moment, row.deadline_at, max(seq, row.saved_seq), stored=False, refusal=refusal)


def save_answer(
    person_id: int, attempt_id: int, position: int, given: Any, seq: int | None, flagged: bool | None = None
) -> Saved:
    """`save` for an answer in the shape of its kind."""
    return save(person_id, attempt_id, position, Save(given, seq, flagged))


def late_answers(attempt_id: int, ended_at: datetime) -> int:
    """Questions of an attempt to which an answer came after its end."""
    return (
        session().scalar(
            select(func.count(AnswerEvent.attempt_item_id.distinct()))
            .join(AttemptItem, AttemptItem.id == AnswerEvent.attempt_item_id)
            .where(AttemptItem.attempt_id == attempt_id)
            .where(AnswerEvent.counted.is_(False), AnswerEvent.received_at >= ended_at)
        )
        or 0
    )


def _store(row: Any, sent: Save, answer: dict[str, Any] | None, seq: int, moment: datetime) -> bool:
    values = {
        "item": row.id,
        "seq": seq,
        "new_answer": answer,
        "moment": moment,
        "flag": row.flagged if sent.flagged is None else sent.flagged,
        "spent": min(sent.seconds, int((moment - row.started_at).total_seconds())),
    }
    return bool(session().connection().execute(_STORE, values).rowcount)


def _answer(row: Any, sent: Save) -> dict[str, Any] | None:
    """The answer to store; pages know the items of an ordering by other ids than their own."""
    content = kinds.read(row.kind, row.body)
    masked = row.kind == "ordering"
    if sent.fields is None:
        return content.checked(unmask(row.option_order, sent.given) if masked else sent.given)
    return content.checked(content.given(unmask_fields(row.option_order, sent.fields) if masked else sent.fields))


def _known(row: Any) -> Saved:
    """What a save was answered that comes again."""
    refusal = None if row.counted else _refusal(row.handed_in_at, row.deadline_at, row.received_at)
    return Saved(row.received_at, row.deadline_at, row.saved_seq, stored=row.counted, refusal=refusal)


def _refusal(handed_in_at: datetime | None, deadline_at: datetime | None, moment: datetime) -> RuleBroken | None:
    """Why an answer of this moment does not count: the attempt was over."""
    if handed_in_at is not None and handed_in_at <= moment:
        return HANDED_IN
    return TIME_OVER if deadline_at is not None and deadline_at <= moment else None
