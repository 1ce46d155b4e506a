"""What a door device is told with each answer: scans that others stored since it last heard, and those taken back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from lms.attendance.lookups import half_days
from lms.attendance.models import Scan
from lms.core import clock
from lms.core.db import session
from lms.registration.models import Delegate

OVERLAP = 200
OVERLAP_TIME = timedelta(seconds=20)
"""How many scans before the cursor, and how old, are told again: one with a lower id may be committed later.

Batches of one event wait for each other, what people enter does not; SQLite has a single writer and needs none of it.
"""
MOST_MARKS = 5000

# Built once, and run on the connection: a busy door asks every other second.
_OF_EVENT = Scan.half_day_id.in_(bindparam("half_days", expanding=True))
_LAST = select(func.max(Scan.id)).where(Scan.id > bindparam("after"), _OF_EVENT)
_MARKS = (
    select(Scan.id, Delegate.ticket, Scan.half_day_id, Scan.kind, Scan.at, Scan.uuid, Scan.device)
    .join(Delegate, Delegate.id == Scan.delegate_id)
    .where(_OF_EVENT, Scan.voided_at.is_(None), Scan.id > bindparam("low"), Scan.id <= bindparam("last"))
    .where(or_(Scan.id > bindparam("after"), Scan.stored_at >= bindparam("lately")))
    .order_by(Scan.id)
    .limit(bindparam("most"))
)
_MARKS_OF_POINT = _MARKS.where(or_(Delegate.point_id.is_(None), Delegate.point_id == bindparam("point")))
_TAKEN_BACK = select(Scan.uuid).where(Scan.voided_at >= bindparam("since"), _OF_EVENT)


def marks_since(event_id: int, point_id: int | None, after: int, since: datetime | None) -> dict[str, Any]:
    """Scans stored after the cursor, and those taken back since a moment (UTC): what other devices did.

    `marks` are rows [ticket, half-day's key, kind, at, uuid, device], at a point only of people it may let in; `voided`
    are uuids; `after` is the next cursor, `more` whether there is more to ask for at once. Three or four statements.
    """
    connection, now = session().connection(), clock.now()
    keys = {id_: key for key, id_ in half_days(event_id).items()}
    places = {"half_days": list(keys)}
    voided: list[str] = []
    if since is not None:
        lately = {"since": since - timedelta(minutes=1)}
        voided = list(connection.execute(_TAKEN_BACK, places | lately).scalars())
    low = after if connection.dialect.name == "sqlite" else max(0, after - OVERLAP)
    last = connection.execute(_LAST, places | {"after": low}).scalar() or after
    values = {"low": low, "last": last, "after": after, "lately": now - OVERLAP_TIME, "most": MOST_MARKS}
    statement = _MARKS if point_id is None else _MARKS_OF_POINT
    rows = connection.execute(statement, places | values | {"point": point_id}).all()
    more = len(rows) == MOST_MARKS
    return {
        "marks": [
            [ticket, keys[place], kind, at.isoformat(), uuid, by] for _id, ticket, place, kind, at, uuid, by in rows
        ],
        "voided": voided,
        "after": rows[-1].id if more else max(last, after),
        "more": more,
        "now": now.isoformat(),
    }
