"""What a merge asks of the database, in a few statements for a thousand lines."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Executable,
    Integer,
    String,
    and_,
    bindparam,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from lms.attendance.models import Annulment, Scan, ScanKind
from lms.core.db import Moment, session
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate

# Built once, and run on the connection: at a door, building a statement costs more than running it.
_LOCK = select(Event.id).where(Event.id == bindparam("event_id")).with_for_update(key_share=True)
_HALF_DAYS = select(HalfDay.id, HalfDay.on, HalfDay.half).where(HalfDay.event_id == bindparam("event_id"))
_UUIDS: BindParameter[Any] = bindparam("uuids", expanding=True)
_NUMBER, _MOMENT = null().cast(Integer), null().cast(Moment)
_KNOWN: CompoundSelect[Any] = union_all(
    select(
        literal_column("'scan'", String).label("what"),
        Scan.uuid.label("name"),
        *(Scan.half_day_id, Scan.delegate_id, Scan.kind, Scan.at, Scan.claimed_at),
    ).where(Scan.uuid.in_(_UUIDS)),
    select(
        *(literal_column("'annulled'", String), Annulment.scan_uuid),
        *(_NUMBER, _NUMBER, Annulment.device, _MOMENT, _MOMENT),
    ).where(Annulment.event_id == bindparam("event_id"), Annulment.scan_uuid.in_(_UUIDS)),
    select(
        *(literal_column("'ticket'", String), Delegate.ticket),
        *(Delegate.event_id, Delegate.id, null().cast(String), _MOMENT, _MOMENT),
    ).where(Delegate.ticket.in_(bindparam("tickets", expanding=True))),
)
"""All that is known of a chunk's claims. A ticket is sought alone: with the event, SQLite reads the whole list."""
_ANNULMENTS = select(Annulment.uuid, Annulment.scan_uuid).where(Annulment.uuid.in_(bindparam("uuids", expanding=True)))
_OWN = (
    select(Scan.uuid, Scan.half_day_id, Scan.delegate_id, Scan.at)
    .where(Scan.uuid.in_(bindparam("uuids", expanding=True)), Scan.kind == ScanKind.IN, Scan.voided_at.is_(None))
    .subquery()
)
_EARLIER = (
    select(_OWN.c.uuid, Scan.at, Scan.device)
    .join(_OWN, (_OWN.c.half_day_id == Scan.half_day_id) & (_OWN.c.delegate_id == Scan.delegate_id))
    .where(Scan.kind == ScanKind.IN, Scan.voided_at.is_(None))
    .where(or_(Scan.at < _OWN.c.at, and_(Scan.at == _OWN.c.at, Scan.uuid < _OWN.c.uuid)))
    .order_by(Scan.at.desc(), Scan.uuid.desc())
)


class Earlier(NamedTuple):
    """A scan that brought the same person into the same half-day before this one: when (UTC), and on which device."""

    at: datetime
    device: str | None


def lock(event_id: int) -> None:
    """Let one transaction at a time merge for this event."""
    _rows(_LOCK, event_id=event_id)


def half_days(event_id: int) -> dict[str, int]:
    """The ids of the event's half-days by their keys."""
    return {f"{on.isoformat()}-{half}": id_ for id_, on, half in _rows(_HALF_DAYS, event_id=event_id)}


def known(event_id: int, uuids: Collection[str], tickets: Collection[str]) -> Sequence[Any]:
    """What is known of scans and tickets; `what` says of which kind a row is, `name` which uuid or ticket it is of.

    "scan": its columns; "annulled": the device that took it back, in `kind`; "ticket": the event, in `half_day_id`, and
    the delegate.
    """
    return _rows(_KNOWN, event_id=event_id, uuids=list(uuids), tickets=list(tickets))


def annulments(uuids: Collection[str]) -> Sequence[Any]:
    """The annulments of these uuids, and the scans they are of."""
    return _rows(_ANNULMENTS, uuids=list(uuids)) if uuids else ()


def came_before(uuids: list[str]) -> dict[str, Earlier]:
    """For scans "in" that stand: the first other one of the same person at the same half-day, where it is earlier."""
    if not uuids:
        return {}
    return {uuid: Earlier(at, device) for uuid, at, device in _rows(_EARLIER, uuids=uuids)}


def _rows(statement: Executable, **values: Any) -> Sequence[Any]:
    return session().connection().execute(statement, values).all()
