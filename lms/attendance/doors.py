"""A door device as each of its requests meets it: found by its token, and heard of."""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, select, update

from lms.attendance.models import DoorDevice
from lms.core import clock
from lms.core.db import session
from lms.events.models import Event

HEARD_EVERY = timedelta(seconds=10)

# Built once, and run on the connection: every scan of every door begins with them.
_BY_TOKEN = (
    select(
        *(DoorDevice.id, DoorDevice.key, DoorDevice.event_id, DoorDevice.point_id, DoorDevice.opened_by_id),
        *(DoorDevice.revoked_at, DoorDevice.heard_at, DoorDevice.waiting),
    )
    .join(Event, Event.id == DoorDevice.event_id)
    .where(DoorDevice.token == bindparam("digest"), Event.key == bindparam("event"))
)
_HEARD = (
    update(cast(Table, DoorDevice.__table__))
    .where(DoorDevice.id == bindparam("device"))
    .values(heard_at=bindparam("now"), waiting=bindparam("number"))
)


class Door(NamedTuple):
    """The columns of a device that its requests need."""

    id: int
    key: str
    event_id: int
    point_id: int | None
    opened_by_id: int
    revoked_at: datetime | None
    heard_at: datetime
    waiting: int


def find_door(event_key: str, token: str) -> Door | None:
    """The device of this token, revoked or not, where it serves the event. One statement."""
    values = {"digest": digest(token), "event": event_key}
    row = session().connection().execute(_BY_TOKEN, values).first()
    return Door(*row) if row is not None else None


def heard(door: Door, waiting: int | None) -> None:
    """The device was heard of; `waiting` is how many scans it said it still has.

    Written at most every few seconds, unless the number changed: a busy door sends a scan every other second.
    """
    now, number = clock.now(), door.waiting if waiting is None else waiting
    if number != door.waiting or now - door.heard_at >= HEARD_EVERY:
        session().connection().execute(_HEARD, {"device": door.id, "now": now, "number": number})


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
