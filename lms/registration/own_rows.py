"""Rows that a unit's focal point brought: as many take a seat as are free, the others stand in line like anyone."""

from collections.abc import Sequence
from typing import Final

from lms.accounts.models import Account
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, Quota
from lms.registration import applications, seating
from lms.registration.entering import Candidate
from lms.registration.models import Application, ApplicationState, DelegateImport
from lms.registration.rows import SheetRow
from lms.units.models import Unit

MOST: Final = 300
"""As many rows a unit may bring at once."""


def refuse_too_many(rows: Sequence[SheetRow]) -> None:
    """Raise RuleBroken for a file of more rows than a unit may bring."""
    if len(rows) > MOST:
        message = N_(
            "Tệp có %(count)d dòng; mỗi lần một đơn vị nhập tối đa %(most)d. Hãy chia tệp hoặc gửi ban tổ chức."
        )
        raise RuleBroken(message, field="file", code="too-many", count=len(rows), most=MOST)


def free_seats(event: Event, unit_id: int) -> int:
    """Seats still free for a unit: in its quota and in the event. `seating.lock` the event first, to be sure."""
    quota = session().get(Quota, (event.id, unit_id), populate_existing=True)
    free = quota.seats - quota.taken if quota is not None else 0
    whole = event.seats - event.seats_taken if event.seats is not None else free
    return max(0, min(free, whole))


def stand_in_line(imported: DelegateImport, rows: Sequence[SheetRow], actor: Account | None) -> int:
    """Let whoever found no seat ask for one in the order of the file; each row learns its application. How many wait.

    Who waits already does not ask twice. Raises RuleBroken as `applications.ask` does.
    """
    waiting = 0
    for row in rows:
        asked = applications.ask(imported.event, _candidate(row), actor, by_unit=True)
        row.application_id = asked.id
        waiting += asked.state == ApplicationState.WAITING
    return waiting


def take_back(rows: Sequence[SheetRow], actor: Account | None) -> list[Application]:
    """Take back the applications that still wait; those that came to a seat meanwhile."""
    ids = [row.application_id for row in rows if row.application_id is not None]
    found = [one for number in ids if (one := session().get(Application, number)) is not None]
    for one in found:
        applications.take_back(one, actor)
    return [one for one in found if one.state == ApplicationState.SEATED]


def _candidate(row: SheetRow) -> Candidate:
    values = row.values
    return Candidate(
        full_name=values["full_name"],
        unit=session().get_one(Unit, values["unit_id"]),
        post=values.get("post", ""),
        phone=values.get("phone", ""),
        email=values.get("email", ""),
        note=values.get("note", ""),
        role=seating.SEATED,
    )
