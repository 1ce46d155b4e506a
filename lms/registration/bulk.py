"""One act on many delegates: withdraw, another point, another role; and its undo for whoever stayed as it left them.

What an act changed stands in one audit entry, with the values before; an undo is an entry of its own and done once.
Seats are counted as for one person (`seat_ledger`), and what becomes free goes to whoever waits, as ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import insert, select, update

from lms.accounts.models import Account
from lms.core import audit, clock, text
from lms.core.audit import AuditEntry
from lms.core.db import chunks, session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.events.models import Event
from lms.people.models import Person
from lms.registration import policy, seating, waiting
from lms.registration.models import Delegate
from lms.registration.seat_ledger import Ledger
from lms.units.models import Unit

VERB: Final = "delegates.bulk"
UNDO: Final = "delegates.bulk-undo"
REASONS: Final[dict[str, str]] = {
    "event": N_("sự kiện đã đủ chỗ"),
    "outside": N_("đơn vị không có chỉ tiêu"),
    "quota": N_("đơn vị đã dùng hết chỗ"),
    "point": N_("điểm cầu đã đủ chỗ"),
    "point-quota": N_("đơn vị đã dùng hết chỗ ở điểm cầu"),
    "changed": N_("đã đổi sau đó"),
    "substituted": N_("đã có người thay"),
    "gone": N_("điểm cầu cũ không còn"),
}
"""Why someone was left as they were."""
_TOLD: Final = 100


class Act(StrEnum):
    """What can be done to many at once and undone."""

    WITHDRAW = "withdraw"
    POINT = "point"
    ROLE = "role"


@dataclass(frozen=True)
class Outcome:
    """What an act (or its undo, with `undone_at`) came to: how many, and who was left: (id, name, code of REASONS)."""

    id: int
    act: Act
    number: int
    left: Sequence[tuple[int, str, str]] = ()
    left_number: int = 0
    undone_at: datetime | None = None


@dataclass(frozen=True)
class Done:
    """An act that was done: what it came to (or its undo), when (UTC), by whom, and how many it changed."""

    outcome: Outcome
    at: datetime
    by: str
    number: int


@dataclass
class _Change:
    """New values of one delegate's columns, and what the history says of it."""

    row: Any
    values: dict[str, Any]
    verb: str
    detail: dict[str, Any]


@dataclass
class _Settled:
    """Who gets what, and who is left as they were."""

    changes: list[_Change] = field(default_factory=list)
    left: list[tuple[int, str, str]] = field(default_factory=list)


def do(
    event: Event, ids: Sequence[int], act: Act, value: Any, actor: Account | None, over_quota_reason: str = ""
) -> Outcome:
    """Do one act to those of these on the list; `value` is the reason, the point's id (None: the hall) or the role.

    With `over_quota_reason` those who find no seat where they go get one beyond what there is; it is noted of them
    alone. Without it they are left as they were, also who sat beyond a quota before: that leave was for another seat.
    Raises RuleBroken: the event is cancelled, or nobody is left of whom it would change anything ("nobody").
    """
    policy.refuse_cancelled(event)
    if act == Act.WITHDRAW and not (value := text.tidy(value)):
        raise RuleBroken(N_("Chưa ghi lý do rút. Hãy ghi ngắn gọn."), field="reason", code="reason-missing")
    seating.lock(event)
    ledger, moment, settled = Ledger(event), clock.now(), _Settled()
    reason = text.tidy(over_quota_reason)
    for row in _rows(event, ids):
        change = _wanted(row, act, value, moment)
        if change is not None:
            _settle(ledger, change, settled, reason)
    if not settled.changes and not settled.left:
        raise RuleBroken(N_("Không còn ai trong số đã chọn cần đổi."), code="nobody")
    before = [[change.row.id, _value(change.row, act)] for change in settled.changes]
    entry = audit.record(
        VERB, f"event:{event.id}", actor_id=audit.id_of(actor), act=str(act), value=value, at=moment.isoformat(),
        before=before, left=settled.left[:_TOLD], left_number=len(settled.left), **_leave_given(settled, reason),
    )  # fmt: skip
    _write(event, ledger, settled.changes, actor)
    return _outcome(entry, None)


def undo(event: Event, entry_id: int, actor: Account | None) -> Outcome:
    """Give back what an act changed to those who still are as it left them; the others are named. Twice is once.

    Raises NotFound for no act of this event, RuleBroken when the event is cancelled.
    """
    policy.refuse_cancelled(event)
    seating.lock(event)
    entry = _entry(event, entry_id)
    if entry is None:
        raise NotFound
    if (done := _undoing(entry)) is not None:
        return _outcome(entry, done)
    act, before = Act(entry.detail["act"]), dict(entry.detail["before"])
    ledger, settled = Ledger(event), _Settled()
    given, leave = entry.detail.get("over_quota"), dict(entry.detail.get("leave", ()))
    substituted = _substituted(event)
    for row in _rows(event, list(before)):
        code = _why_left(entry, row, substituted)
        if code is None and act == Act.POINT and not ledger.has_point(before[row.id]):
            code = "gone"
        if code is not None:
            settled.left.append((row.id, row.full_name, code))
        else:
            change, held = _restored(row, act, before[row.id]), row.over_quota_reason
            if row.id in leave and held == given:
                change.values["over_quota_reason"] = held = leave[row.id]
            _settle(ledger, change, settled, held or "")
    done = audit.record(
        UNDO, f"{VERB}:{entry.id}", actor_id=audit.id_of(actor), event=event.id, restored=len(settled.changes),
        left=settled.left[:_TOLD], left_number=len(settled.left),
    )  # fmt: skip
    _write(event, ledger, settled.changes, actor)
    return _outcome(entry, done)


def find_outcome(event: Event, entry_id: int) -> Outcome | None:
    """What an act on this event's list came to, or its undo, if it was undone."""
    entry = _entry(event, entry_id)
    return _outcome(entry, _undoing(entry)) if entry is not None else None


def recent(event: Event, limit: int = 50) -> list[Done]:
    """The latest acts on many of this event, done or undone, the last first; three statements."""
    rows = (
        session()
        .execute(
            select(AuditEntry, Person.full_name)
            .outerjoin(Account, Account.id == AuditEntry.actor_id)
            .outerjoin(Person, Person.id == Account.person_id)
            .where(AuditEntry.subject == f"event:{event.id}", AuditEntry.verb == VERB)
            .order_by(AuditEntry.id.desc())
            .limit(limit)
        )
        .all()
    )
    subjects = [f"{VERB}:{entry.id}" for entry, _name in rows]
    undone = {one.subject: one for one in session().scalars(select(AuditEntry).where(AuditEntry.subject.in_(subjects)))}
    return [
        Done(_outcome(entry, undone.get(f"{VERB}:{entry.id}")), entry.at, name or "", len(entry.detail["before"]))
        for entry, name in rows
    ]


def _rows(event: Event, ids: Sequence[int]) -> list[Any]:
    """What is asked of the delegates with these ids, in that order; those of other events are left out."""
    columns = (
        *(Delegate.id, Delegate.full_name, Delegate.role, Delegate.point_id, Delegate.quota_unit_id, Unit.path),
        *(Delegate.withdrawn_at, Delegate.withdraw_reason, Delegate.over_quota_reason),
    )
    statement = select(*columns).join(Unit, Unit.id == Delegate.unit_id).where(Delegate.event_id == event.id)
    found = {
        row.id: row
        for chunk in chunks(ids)
        for row in session().execute(statement.where(Delegate.id.in_(chunk)))
    }  # fmt: skip
    return [found[one] for one in ids if one in found]


def _wanted(row: Any, act: Act, value: Any, moment: datetime) -> _Change | None:
    """The change an act makes to a row; None for who has withdrawn or has that value already."""
    if row.withdrawn_at is not None or (act != Act.WITHDRAW and _value(row, act) == value):
        return None
    if act == Act.WITHDRAW:
        values = {"withdrawn_at": moment, "withdraw_reason": value}
        return _Change(row, values, "delegate.withdraw", {"reason": value})
    return _moved(row, act, value)


def _restored(row: Any, act: Act, before: Any) -> _Change:
    if act == Act.WITHDRAW:
        return _Change(row, {"withdrawn_at": None, "withdraw_reason": None}, "delegate.restore", {})
    return _moved(row, act, before)


def _moved(row: Any, act: Act, value: Any) -> _Change:
    name = "role" if act == Act.ROLE else "point_id"
    return _Change(row, {name: value}, "delegate.change", {"changed": {name: [_value(row, act), value]}})


def _value(row: Any, act: Act) -> Any:
    """The value that an act changes."""
    return {Act.WITHDRAW: None, Act.POINT: row.point_id, Act.ROLE: str(row.role)}[act]


def _settle(ledger: Ledger, change: _Change, settled: _Settled, reason: str) -> None:
    """Move the seat of a row as its new values ask; where there is none and no reason is given, leave it as it was.

    Leave to sit beyond a quota is for that quota: it is asked for anew only where something else stands in the way.
    """
    row = change.row
    after = {"withdrawn_at": row.withdrawn_at, "role": row.role, "point_id": row.point_id, **change.values}
    quota = ledger.covering(row.path) if after["role"] == seating.SEATED else None
    held = row.withdrawn_at is None and row.role == seating.SEATED
    if held:
        ledger.take((row.quota_unit_id, row.point_id), -1)
    if after["withdrawn_at"] is None and after["role"] == seating.SEATED:
        allowed = set(ledger.shortages((row.quota_unit_id, row.point_id))) if held and row.over_quota_reason else set()
        lacking = (one for one in ledger.shortages((quota, after["point_id"])) if one not in allowed)
        code, _place = next(lacking, (None, None))
        if code is not None and not reason:
            if held:
                ledger.take((row.quota_unit_id, row.point_id))
            settled.left.append((row.id, row.full_name, code))
            return
        if code is not None:
            change.values["over_quota_reason"] = change.detail["over_quota"] = reason
        ledger.take((quota, after["point_id"]))
    if after["withdrawn_at"] is None:
        change.values["quota_unit_id"] = quota
    settled.changes.append(change)


def _leave_given(settled: _Settled, reason: str) -> dict[str, Any]:
    """The reason and, of each who was given a seat beyond what there is, the reason that stood there before."""
    given = [[one.row.id, one.row.over_quota_reason] for one in settled.changes if "over_quota_reason" in one.values]
    return {"over_quota": reason, "leave": given} if given else {}


def _write(event: Event, ledger: Ledger, changes: Sequence[_Change], actor: Account | None) -> None:
    """Write the rows, a statement for each set of new values and five hundred people; then seats and history."""
    session().flush()
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for change in changes:
        alike.setdefault(tuple(sorted(change.values.items())), []).append(change.row.id)
    for values, ids in alike.items():
        for chunk in chunks(ids):
            statement = update(Delegate).where(Delegate.id.in_(chunk)).values(**dict(values))
            session().execute(statement.execution_options(synchronize_session=False))
    moment, actor_id = clock.now(), audit.id_of(actor)
    common = {"at": moment, "actor_id": actor_id}
    history = [
        {**common, "verb": one.verb, "subject": f"delegate:{one.row.id}", "detail": one.detail} for one in changes
    ]
    if history:
        session().execute(insert(AuditEntry), history)
    for delegate in [one for one in session().identity_map.values() if isinstance(one, Delegate)]:
        session().expire(delegate)
    seating.take_many(event, ledger.changes)
    waiting.promote(event)


def _why_left(entry: AuditEntry, row: Any, substituted: set[int]) -> str | None:
    """Why a row is not as the act left it, or cannot go back."""
    act, value = Act(entry.detail["act"]), entry.detail["value"]
    if act != Act.WITHDRAW:
        return None if _value(row, act) == value else "changed"
    if row.withdrawn_at is None or row.withdrawn_at.isoformat() != entry.detail["at"] or row.withdraw_reason != value:
        return "changed"
    return "substituted" if row.id in substituted else None


def _substituted(event: Event) -> set[int]:
    statement = select(Delegate.replaces_id).where(
        Delegate.event_id == event.id, Delegate.replaces_id.is_not(None), Delegate.withdrawn_at.is_(None)
    )
    return {one for one in session().scalars(statement) if one is not None}


def _entry(event: Event, entry_id: int) -> AuditEntry | None:
    found = session().get(AuditEntry, entry_id)
    return found if found is not None and (found.verb, found.subject) == (VERB, f"event:{event.id}") else None


def _undoing(entry: AuditEntry) -> AuditEntry | None:
    return session().scalar(select(AuditEntry).where(AuditEntry.subject == f"{VERB}:{entry.id}"))


def _outcome(entry: AuditEntry, done: AuditEntry | None) -> Outcome:
    detail: Mapping[str, Any] = entry.detail if done is None else done.detail
    number = len(entry.detail["before"]) if done is None else detail["restored"]
    left = [(one, name, code) for one, name, code in detail["left"]]
    undone_at = done.at if done is not None else None
    return Outcome(entry.id, Act(entry.detail["act"]), number, left, detail["left_number"], undone_at)
