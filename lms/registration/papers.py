"""The delegate list as an official paper in Word, and the places that the organizer gave on it."""

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import audit
from lms.core.db import session
from lms.events.models import Event
from lms.paperwork.layout import Column, Head, Paper, Row, Table
from lms.registration.list_pdf import DelegateList, roman
from lms.registration.models import Delegate

_COLUMNS = (Column("TT", 12, "center"), Column("Họ và tên", 53), Column("Chức vụ", 65), Column("Điện thoại", 35))


def list_paper(content: DelegateList) -> Paper:
    """The list as it is printed in the PDF: groups with their number of people (with a numeral
    where there are several), names counted through."""
    rows: list[Row] = []
    number = 0
    for order, group in enumerate(content.groups, start=1):
        numeral = f"{roman(order)}. " if len(content.groups) > 1 else ""
        rows.append(Row((f"{numeral}{group.unit} ({len(group.delegates)} người)",), "group"))
        for delegate in group.delegates:
            number += 1
            rows.append(Row((str(number), delegate.name, delegate.post, delegate.phone)))
    return Paper(
        head=Head(content.agency, content.superior),
        title="Danh sách đại biểu",
        summary=content.event,
        note=content.when,
        blocks=(Table(_COLUMNS, tuple(rows), empty="Chưa có đại biểu nào"), content.closing),
        specimen=content.specimen,
    )


def places_given(event: Event) -> dict[int, int]:
    """The places on the scale of precedence that the organizer gave, by delegate id."""
    statement = select(Delegate.id, Delegate.protocol_rank).where(
        Delegate.event_id == event.id, Delegate.protocol_rank.is_not(None)
    )
    return {delegate_id: rank for delegate_id, rank in session().execute(statement) if rank is not None}


def give_places(event: Event, places: dict[int, int | None], by: Account) -> int:
    """Give delegates of the event their places, None for the proposed one; how many changed."""
    statement = select(Delegate).where(Delegate.event_id == event.id, Delegate.id.in_(places))
    changed = [one for one in session().scalars(statement) if one.protocol_rank != places[one.id]]
    for delegate in changed:
        before, delegate.protocol_rank = delegate.protocol_rank, places[delegate.id]
        changed_places = {"protocol_rank": [before, delegate.protocol_rank]}
        audit.record("delegate.change", f"delegate:{delegate.id}", actor_id=by.id, changed=changed_places)
    session().flush()
    return len(changed)
