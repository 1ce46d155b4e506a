"""What a merge writes: new scans, moments that moved earlier, annulments; a statement for each kind."""

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from lms.attendance.models import Annulment, Scan
from lms.attendance.service import UNDONE_AT_DOOR
from lms.core.db import session
from lms.events.models import HalfDay

_SCANS, _ANNULMENTS = cast(Table, Scan.__table__), cast(Table, Annulment.__table__)
_OF_EVENT = select(HalfDay.id).where(HalfDay.event_id == bindparam("event"))
_INSERT_SCANS, _INSERT_ANNULMENTS = insert(_SCANS), insert(_ANNULMENTS)
_MOVE = update(_SCANS).where(_SCANS.c.uuid == bindparam("of")).values(at=bindparam("to"))
_TAKE_BACK = (
    update(_SCANS)
    .where(
        _SCANS.c.uuid == bindparam("of"),
        _SCANS.c.device == bindparam("by"),
        _SCANS.c.voided_at.is_(None),
        _SCANS.c.half_day_id.in_(_OF_EVENT),
    )
    .values(voided_at=bindparam("then"), void_reason=UNDONE_AT_DOOR)
)

Rows = Collection[dict[str, Any]]


def write(event_id: int, scans: Rows, moved: Rows, annulments: Rows) -> None:
    """Write rows of scans and annulments, by column; `moved` says of a uuid its moment: `{"of", "to"}`.

    An annulment takes back the scan of its device where that is stored and stands.
    """
    connection = session().connection()
    if scans:
        connection.execute(_INSERT_SCANS, list(scans))
    if moved:
        connection.execute(_MOVE, list(moved))
    if annulments:
        connection.execute(_INSERT_ANNULMENTS, list(annulments))
        connection.execute(
            _TAKE_BACK,
            [
                {"of": one["scan_uuid"], "by": one["device"], "then": one["stored_at"], "event": event_id}
                for one in annulments
            ],
        )
