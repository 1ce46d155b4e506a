"""Leave to be absent, to come late or to leave early: given and withdrawn by a person, each with its reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from lms.accounts.models import Account
from lms.attendance import changes, policy
from lms.attendance.changes import Cause
from lms.attendance.models import Excuse
from lms.attendance.queries import name_of
from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate

WITHDRAWN = N_("Rút phép")


def excuse(half_days: Sequence[HalfDay], delegate: Delegate, by: Account, reason: str) -> list[Excuse]:
    """Excuse someone at these half-days of one event; those at which they are excused already stay as they are.

    Of someone who was there it covers coming late and leaving early only. Raises RuleBroken: no reason, no half-day,
    excused at all of them already, or no longer on the list.
    """
    reason = text.tidy(reason)
    if not reason:
        raise RuleBroken(N_("Chưa ghi lý do xin phép. Hãy ghi ngắn gọn."), field="reason", code="reason-missing")
    if not half_days:
        raise RuleBroken(N_("Chưa chọn buổi. Hãy chọn một buổi."), field="half_day", code="no-half-day")
    policy.refuse_cancelled(half_days[0].event)
    if delegate.withdrawn_at is not None:
        message = N_("Người này đã rút khỏi danh sách nên không cần phép.")
        raise RuleBroken(message, field="half_day", code="withdrawn")
    _lock(delegate)
    already = {one.half_day_id for one in _standing(delegate)}
    wanted = [one for one in half_days if one.id not in already]
    if not wanted:
        message = N_("Người này đã có phép ở buổi đó. Muốn đổi lý do thì rút phép cũ trước.")
        raise RuleBroken(message, field="half_day", code="already-excused")
    given = [Excuse(half_day_id=one.id, delegate_id=delegate.id, reason=reason, approved_by_id=by.id) for one in wanted]
    with changes.recorded(half_days[0].event, delegate, Cause.EXCUSE, by, reason):
        session().add_all(given)
    detail = {"sessions": [one.key for one in wanted], "reason": reason}
    audit.record("excuse.give", f"delegate:{delegate.id}", actor_id=by.id, **detail)
    return given


def withdraw(excuse: Excuse, by: Account, reason: str = "") -> None:
    """Take leave back; twice is harmless. The excuse stays to be seen, with when it was withdrawn."""
    delegate = session().get_one(Delegate, excuse.delegate_id)
    _lock(delegate)
    session().refresh(excuse)
    if excuse.withdrawn_at is not None:
        return
    half_day = session().get_one(HalfDay, excuse.half_day_id)
    reason = text.tidy(reason) or WITHDRAWN
    with changes.recorded(half_day.event, delegate, Cause.EXCUSE, by, reason):
        excuse.withdrawn_at = clock.now()
    detail = {"session": half_day.key, "reason": reason}
    audit.record("excuse.withdraw", f"delegate:{delegate.id}", actor_id=by.id, **detail)


def get_excuse(event: Event, delegate_id: int, excuse_id: int) -> Excuse:
    """An excuse of the delegate at this event; raises NotFound."""
    found = session().scalar(
        select(Excuse)
        .join(HalfDay, HalfDay.id == Excuse.half_day_id)
        .where(HalfDay.event_id == event.id, Excuse.delegate_id == delegate_id, Excuse.id == excuse_id)
    )
    if found is None:
        raise NotFound
    return found


def of_person(event: Event, delegate_id: int) -> Mapping[int, Sequence[Row[Any]]]:
    """Every excuse of a person by half-day, in the order they were given: reason, who approved it, when, withdrawn."""
    rows = session().execute(
        select(
            *(Excuse.id, Excuse.half_day_id, Excuse.reason, Excuse.approved_at, Excuse.withdrawn_at),
            name_of(Excuse.approved_by_id).label("by"),
        )
        .join(HalfDay, HalfDay.id == Excuse.half_day_id)
        .where(HalfDay.event_id == event.id, Excuse.delegate_id == delegate_id)
        .order_by(Excuse.approved_at, Excuse.id)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.half_day_id, []).append(row)
    return found


def _lock(delegate: Delegate) -> None:
    """One transaction at a time decides about a person."""
    session().execute(select(Delegate.id).where(Delegate.id == delegate.id).with_for_update(key_share=True))


def _standing(delegate: Delegate) -> Sequence[Excuse]:
    return (
        session().scalars(select(Excuse).where(Excuse.delegate_id == delegate.id, Excuse.withdrawn_at.is_(None))).all()
    )
