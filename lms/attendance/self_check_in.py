"""Checking oneself in by the code on the hall's screen: one phone, one person; a late code waits for the organizers."""

from datetime import datetime, timedelta

from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import policy, service
from lms.attendance.answers import Answer, Verdict
from lms.attendance.half_days import OPENS_BEFORE, begins_at, ends_at
from lms.attendance.models import Scan, ScanMethod, SheetDoubt
from lms.attendance.rotating import Shown
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, HalfDay, Point
from lms.registration.models import Delegate

LATE_LIFE = timedelta(hours=24)
"""How long after it was shown a code may still be handed in by a phone that had no network."""


def switch(event: Event, on: bool, by: Account) -> None:
    """Let people check themselves in at this event, or no longer."""
    policy.refuse_cancelled(event)
    if event.self_check_in == on:
        return
    event.self_check_in = on
    session().flush()
    audit.record("event.self-check-in", f"event:{event.id}", actor_id=by.id, on=on)


def is_open(half_day: HalfDay, now: datetime) -> bool:
    """Whether the half-day's code is on a screen at all: from two hours before it begins until it ends."""
    return begins_at(half_day) - OPENS_BEFORE <= now <= ends_at(half_day)


def admit(half_day: HalfDay, point: Point | None, delegate: Delegate, phone: str) -> Answer:
    """Note that someone is there, by a code their phone has just read.

    Raises RuleBroken: the event lets nobody check themselves in ("self-off"), it is not the time ("not-now"), or the
    phone has checked in someone else ("another-person").
    """
    _refuse_closed(half_day)
    if not is_open(half_day, clock.now()):
        raise RuleBroken(N_("Buổi này chưa mở hoặc đã khép lại việc tự điểm danh."), code="not-now")
    _refuse_other_person(half_day, delegate, phone)
    return service.check_in(half_day, delegate, None, ScanMethod.SELF, point=point, device=phone)


def hand_in_late(shown: Shown, half_day: HalfDay, delegate: Delegate, phone: str) -> SheetDoubt | Answer:
    """A phone that had no network shows which code it read; a person decides. The same again is once.

    Someone who is in already gets that answer. Raises RuleBroken as `admit` does, or: too late ("too-late").
    """
    _refuse_closed(half_day)
    if shown.at + LATE_LIFE < clock.now():
        message = N_("Mã này đã quá một ngày nên không gửi được nữa. Hãy báo ban tổ chức.")
        raise RuleBroken(message, code="too-late")
    earlier = service.standing_entry(half_day, delegate)
    if earlier is not None:
        return Answer(Verdict.ALREADY, delegate, earlier)
    _refuse_other_person(half_day, delegate, phone)
    waiting = SheetDoubt.decided_at.is_(None), SheetDoubt.half_day_id == half_day.id
    found = session().scalar(
        select(SheetDoubt).where(*waiting, SheetDoubt.delegate_id == delegate.id, SheetDoubt.method == ScanMethod.SELF)
    )
    if found is not None:
        return found
    late = SheetDoubt(
        half_day=half_day,
        delegate=delegate,
        method=ScanMethod.SELF,
        at=shown.at,
        device=phone,
        doubt=N_("Quét mã trên màn lúc không có mạng, gửi sau"),
    )
    session().add(late)
    session().flush()
    return late


def _refuse_closed(half_day: HalfDay) -> None:
    policy.refuse_cancelled(half_day.event)
    if not half_day.event.self_check_in:
        message = N_("Sự kiện này không dùng tự điểm danh. Hãy đến bàn điểm danh.")
        raise RuleBroken(message, code="self-off")


def _refuse_other_person(half_day: HalfDay, delegate: Delegate, phone: str) -> None:
    """One phone checks in one person at a half-day, at once or late."""
    scans = select(Scan.id).where(
        Scan.half_day_id == half_day.id, Scan.device == phone, Scan.delegate_id != delegate.id
    )
    late = select(SheetDoubt.id).where(
        SheetDoubt.half_day_id == half_day.id, SheetDoubt.device == phone, SheetDoubt.delegate_id != delegate.id
    )
    if session().scalar(scans.limit(1)) is not None or session().scalar(late.limit(1)) is not None:
        message = N_("Điện thoại này đã điểm danh cho một người khác ở buổi này. Hãy đến bàn điểm danh.")
        raise RuleBroken(message, code="another-person")
