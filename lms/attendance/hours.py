"""Other hours of a half-day once people have come: whose results they change, and keeping those with the reason."""

from dataclasses import replace
from datetime import time

from sqlalchemy import bindparam, select

from lms.accounts.models import Account
from lms.attendance import previews
from lms.attendance.changes import Cause
from lms.attendance.previews import Judging, Preview
from lms.core import clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, HalfDay

_LOCK = select(Event.id).where(Event.id == bindparam("event_id")).with_for_update()


def preview(half_day: HalfDay, starts_at: time, ends_at: time) -> Preview:
    """What these hours would change; nothing is written."""
    return previews.preview(half_day.event, _judging(half_day, starts_at, ends_at))


def keep(half_day: HalfDay, *, starts_at: time, ends_at: time, actor: Account, reason: str) -> None:
    """Before a half-day gets these hours, keep every outcome that they change.

    Raises RuleBroken ("reason-missing") when outcomes change and no reason is given.
    """
    session().execute(_LOCK, {"event_id": half_day.event_id})
    message = N_("Giờ mới đổi kết quả điểm danh của một số người. Hãy ghi lý do.")
    refusal = RuleBroken(message, field="reason", code="reason-missing")
    new = _judging(half_day, starts_at, ends_at)
    previews.keep(half_day.event, new, Cause.HOURS, actor, reason, refusal)


def _judging(half_day: HalfDay, starts_at: time, ends_at: time) -> Judging:
    now = previews.as_it_is(half_day.event)
    starts, ends = (clock.at_local(half_day.on, hour) for hour in (starts_at, ends_at))
    return replace(
        now,
        half_days=[
            one._replace(starts_at=starts, ends_at=ends) if one.id == half_day.id else one for one in now.half_days
        ],
    )
