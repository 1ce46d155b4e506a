"""How long what was recorded of an event's delegates is kept: its day, what will go then, and letting it go.

What is needed to run the event goes: contacts known through this event alone, notes and reasons, what applicants
wrote, private details, the rows of imported files. What documents the event stays: who was on the list, for which unit,
in which post, who attended, who holds a certificate. Nothing goes by itself: someone who saw the preview says so, or
whoever runs `lms registration retention`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, String, delete, func, or_, select, update
from sqlalchemy.orm import aliased, joinedload

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import chunks, session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, Speaker
from lms.people import corrections
from lms.people.models import Person, PrivateDetails
from lms.registration.models import Application, Delegate, DelegateImport, Invitation
from lms.registration.personal import forget_contacts

KINDS: Final[dict[str, str]] = {
    "contacts": N_("Điện thoại, thư điện tử chỉ có từ sự kiện này"),
    "private": N_("Ngày sinh, số căn cước, dân tộc"),
    "notes": N_("Ghi chú, lý do rút, lý do từ chối"),
    "applications": N_("Liên hệ và ghi chú trong đơn đăng ký"),
    "imports": N_("Dòng gốc của các tệp đã nhập"),
}
"""What goes, in words."""
EXAMPLES: Final = 5


@dataclass(frozen=True)
class Part:
    """One kind of what goes: its code in `KINDS`, how many, and the names of some."""

    kind: str
    count: int
    examples: list[str]


def set_day(event: Event, day: date | None, actor_id: int | None) -> None:
    """Say from which day it may go, or that nothing is decided. Raises RuleBroken for a day before the event ends."""
    if day is not None and day <= event.ends_on:
        raise RuleBroken("Ngày này phải sau khi sự kiện kết thúc.", field="keep_until", code="keep-until")
    if event.keep_until == day:
        return
    event.keep_until = day
    audit.record("event.keep-until", f"event:{event.id}", actor_id=actor_id, day=day.isoformat() if day else None)


def preview(event: Event) -> list[Part]:
    """What would go now, kind by kind, with names of some; kinds with nothing are left out. Writes nothing."""
    parts = [
        Part(kind, _count(statement), list(session().scalars(statement.limit(EXAMPLES))))
        for kind, statement in _found(event).items()
    ]
    return [part for part in parts if part.count]


def is_due(event: Event) -> bool:
    """Whether the day has come and there is something left to go."""
    return _day_has_come(event) and any(_count(statement) for statement in _found(event).values())


def let_go(event: Event, actor_id: int | None) -> list[Part]:
    """Delete what goes; what it was. Twice is once. Raises RuleBroken before the day, or where none is set."""
    if event.keep_until is None:
        raise RuleBroken("Chưa đặt ngày giữ đến nên chưa xóa được.", code="no-day")
    if not _day_has_come(event):
        raise RuleBroken("Chưa đến ngày đã đặt nên chưa xóa được.", code="not-yet")
    gone = preview(event)
    if not gone:
        return []
    _forget_contacts(_only_here(event, with_accounts=False))
    _chunked(delete(PrivateDetails), PrivateDetails.person_id, _of_details(event))
    seats = select(Delegate.id).where(Delegate.event_id == event.id)
    session().execute(
        update(Delegate)
        .where(Delegate.event_id == event.id)
        .values(note="", withdraw_reason=None, over_quota_reason=None)
    )
    session().execute(update(Invitation).where(Invitation.delegate_id.in_(seats)).values(reason="", bounce=""))
    session().execute(update(Application).where(Application.event_id == event.id).values(phone="", email="", note=""))
    session().execute(update(DelegateImport).where(DelegateImport.event_id == event.id).values(rows=[]))
    session().flush()
    session().expire_all()
    counts = {part.kind: part.count for part in gone}
    audit.record("event.retention", f"event:{event.id}", actor_id=actor_id, gone=counts)
    return gone


def due() -> list[Event]:
    """Events whose day has come, the earliest first."""
    statement = select(Event).where(Event.keep_until <= clock.today()).order_by(Event.keep_until, Event.id)
    return list(session().scalars(statement))


def _day_has_come(event: Event) -> bool:
    return event.keep_until is not None and event.keep_until <= clock.today()


def _count(statement: Select[Any]) -> int:
    return session().scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0


def _found(event: Event) -> dict[str, Select[Any]]:
    """For each kind the names of what goes, in list order."""
    here = select(Delegate.full_name).where(Delegate.event_id == event.id)
    contacts = _only_here(event, with_accounts=False)
    noted = select(Invitation.delegate_id).where(or_(Invitation.reason != "", Invitation.bounce != ""))
    applied = select(Application.full_name).where(Application.event_id == event.id)
    return {
        "contacts": here.join(Person, Person.id == Delegate.person_id)
        .where(Person.id.in_(contacts), or_(Person.phone.is_not(None), Person.email.is_not(None)))
        .order_by(Delegate.sort_key, Delegate.id),
        "private": here.where(Delegate.person_id.in_(_of_details(event))).order_by(Delegate.sort_key, Delegate.id),
        "notes": here.where(
            or_(
                Delegate.note != "",
                Delegate.withdraw_reason.is_not(None),
                Delegate.over_quota_reason.is_not(None),
                Delegate.id.in_(noted),
            )
        ).order_by(Delegate.sort_key, Delegate.id),
        "applications": applied.where(
            or_(Application.phone != "", Application.email != "", Application.note != "")
        ).order_by(Application.id),
        "imports": select(DelegateImport.file_name)
        .where(DelegateImport.event_id == event.id, DelegateImport.id.in_(_with_rows(event)))
        .order_by(DelegateImport.id),
    }


def _only_here(event: Event, *, with_accounts: bool) -> Select[Any]:
    """Ids of people known through this event alone: on no list whose day has not come, no speaker; without an account,
    which has uses of its own, unless asked for."""
    other = aliased(Delegate)
    elsewhere = (
        select(other.person_id)
        .join(Event, Event.id == other.event_id)
        .where(other.event_id != event.id, or_(Event.keep_until.is_(None), Event.keep_until > clock.today()))
    )
    statement = select(Delegate.person_id).where(
        Delegate.event_id == event.id,
        Delegate.person_id.not_in(elsewhere),
        Delegate.person_id.not_in(select(Speaker.person_id)),
    )
    return statement if with_accounts else statement.where(Delegate.person_id.not_in(select(Account.person_id)))


def _of_details(event: Event) -> Select[Any]:
    """Ids of people whose private details go: those past their day; without a day, those known here alone."""
    own_day = PrivateDetails.keep_until
    return (
        select(PrivateDetails.person_id)
        .where(PrivateDetails.person_id.in_(select(Delegate.person_id).where(Delegate.event_id == event.id)))
        .where(
            or_(
                own_day < clock.today(),
                own_day.is_(None) & PrivateDetails.person_id.in_(_only_here(event, with_accounts=True)),
            )
        )
    )


def _with_rows(event: Event) -> Sequence[int]:
    """Ids of the event's imports that still hold rows; what is in them is not loaded."""
    kept = func.length(func.coalesce(DelegateImport.__table__.c.rows.cast(String), ""))
    return (
        session().scalars(select(DelegateImport.id).where(DelegateImport.event_id == event.id, kept > len("[]"))).all()
    )


def _forget_contacts(people: Select[Any]) -> None:
    ids = session().scalars(people).all()
    for chunk in chunks(ids):
        session().execute(update(Person).where(Person.id.in_(chunk)).values(phone=None, email=None))
        corrections.forget(chunk)
        statement = select(Delegate).where(Delegate.person_id.in_(chunk)).options(joinedload(Delegate.unit))
        for seat in session().scalars(statement):
            forget_contacts(seat)


def _chunked(statement: Any, column: Any, people: Select[Any]) -> None:
    ids = session().scalars(people).all()
    for chunk in chunks(ids):
        session().execute(statement.where(column.in_(chunk)))
