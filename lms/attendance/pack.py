"""What a door device holds: the half-days, the people it may let in, and who is in already."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.attendance.devices import closes_at
from lms.attendance.models import Scan
from lms.attendance.outcomes import times_of
from lms.core import clock
from lms.core.db import session
from lms.core.i18n import in_language
from lms.events.models import Event, Point
from lms.registration.models import Delegate
from lms.units.models import Unit

OVERLAP = 200
"""How many scans before the cursor are told again: one with a lower id may have been committed later."""
MOST_MARKS = 5000


def pack(event: Event, point: Point | None) -> dict[str, Any]:
    """The event for one device as plain JSON.

    `people` are rows [ticket, name, unit's place in `units`, post, point's id, withdrawn, the ticket of whom they
    replace]: with a name only those whom the device may let in; of the people of other points only ticket and point.
    """
    half_days = [times_of(one) for one in event.sessions]
    units: dict[int, int] = {}
    names: list[list[Any]] = []
    rows: list[list[Any]] = []
    for row in _people(event):
        if point is not None and row.point_id not in {None, point.id}:
            rows.append([row.ticket, "", -1, "", row.point_id, row.withdrawn_at is not None, None])
            continue
        if row.unit_id not in units:
            units[row.unit_id] = len(names)
            names.append([row.unit_id, row.unit])
        gone = row.withdrawn_at is not None
        place = units[row.unit_id]
        rows.append([row.ticket, row.full_name, place, row.post, row.point_id, gone, row.replaced_ticket])
    return {
        "event": {
            "key": event.key,
            "title": in_language(event.title, event.title_en),
            "cancelled": event.cancelled_at is not None,
            "specimen": event.specimen,
            "closes_at": closes_at(event).isoformat(),
        },
        "point": point.id if point is not None else None,
        "points": [[one.id, one.name] for one in event.points],
        "sessions": [
            {"key": one.key, "starts_at": one.starts_at.isoformat(), "ends_at": one.ends_at.isoformat()}
            for one in half_days
        ],
        "units": names,
        "people": rows,
    }


def marks_since(event: Event, after: int, since: datetime | None) -> dict[str, Any]:
    """Scans stored after the cursor, and those taken back since a moment: what other devices did.

    `marks` are rows [ticket, half-day's key, kind, at, uuid, device]; `voided` are uuids; `after` is the next cursor,
    `more` whether there is more to ask for at once.
    """
    keys = {one.id: one.key for one in event.sessions}
    base = (
        select(Scan.id, Delegate.ticket, Scan.half_day_id, Scan.kind, Scan.at, Scan.uuid, Scan.device)
        .join(Delegate, Delegate.id == Scan.delegate_id)
        .where(Scan.half_day_id.in_(keys), Scan.voided_at.is_(None), Scan.id > max(0, after - OVERLAP))
        .order_by(Scan.id)
        .limit(MOST_MARKS)
    )
    rows = session().execute(base).all()
    voided: list[str] = []
    if since is not None:
        lately = since - timedelta(minutes=1)
        taken_back = select(Scan.uuid).where(Scan.half_day_id.in_(keys), Scan.voided_at >= lately)
        voided = list(session().scalars(taken_back))
    return {
        "marks": [
            [row.ticket, keys[row.half_day_id], row.kind, row.at.isoformat(), row.uuid, row.device] for row in rows
        ],
        "voided": voided,
        "after": rows[-1].id if rows else after,
        "more": len(rows) == MOST_MARKS,
        "now": clock.now().isoformat(),
    }


def _people(event: Event) -> Sequence[Any]:
    before = aliased(Delegate)
    return (
        session()
        .execute(
            select(
                *(Delegate.ticket, Delegate.full_name, Delegate.unit_id, Unit.short_name.label("unit"), Delegate.post),
                *(Delegate.point_id, Delegate.withdrawn_at, before.ticket.label("replaced_ticket")),
            )
            .join(Unit, Unit.id == Delegate.unit_id)
            .outerjoin(before, before.id == Delegate.replaces_id)
            .where(Delegate.event_id == event.id)
            .order_by(Delegate.sort_key, Delegate.id)
        )
        .all()
    )
