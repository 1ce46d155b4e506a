"""What a door device holds: the half-days and the people it may let in; who is in already is news."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from lms.attendance.devices import closes_at
from lms.attendance.models import DoorDevice
from lms.attendance.outcomes import times_of
from lms.attendance.words import half_day_words
from lms.core.db import session
from lms.core.i18n import in_language
from lms.events.models import Event, Point
from lms.registration.models import Delegate, SecondTicket
from lms.units.models import Unit


def pack(event: Event, point: Point | None) -> dict[str, Any]:
    """The event for one device as plain JSON.

    `people` are rows [ticket, name, unit's place in `units`, post, point's id, withdrawn, the ticket of whom they
    replace]: with a name only those whom the device may let in; of the people of other points only ticket and point.
    `second_tickets` are rows [ticket, the first ticket of the same person]. `devices` are rows [key, name]: who else
    keeps the doors here.
    """
    half_days = [(half_day_words(one), times_of(one)) for one in event.sessions]
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
            {"key": one.key, "name": name, "starts_at": one.starts_at.isoformat(), "ends_at": one.ends_at.isoformat()}
            for name, one in half_days
        ],
        "devices": _devices(event, point),
        "units": names,
        "people": rows,
        "second_tickets": _second_tickets(event),
    }


def _devices(event: Event, point: Point | None) -> list[list[str]]:
    """Key and name of the devices in use, at a point those of that point and of the whole event."""
    statement = select(DoorDevice.key, DoorDevice.name).where(DoorDevice.event_id == event.id)
    if point is not None:
        statement = statement.where(or_(DoorDevice.point_id.is_(None), DoorDevice.point_id == point.id))
    return [list(row) for row in session().execute(statement.order_by(DoorDevice.id))]


def _second_tickets(event: Event) -> list[list[str]]:
    statement = (
        select(SecondTicket.ticket, Delegate.ticket)
        .join(Delegate, Delegate.id == SecondTicket.delegate_id)
        .where(Delegate.event_id == event.id)
    )
    return [list(row) for row in session().execute(statement.order_by(SecondTicket.ticket))]


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
