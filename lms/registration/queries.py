"""Reads of one delegate and of an event's numbers; the list itself is `listing`, found here by other features."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import NotFound
from lms.events.models import Event, Quota
from lms.people.models import Person
from lms.registration import tickets
from lms.registration.listing import (
    DelegateLine,
    Filters,
    all_delegates,
    delegates_of,
    list_delegates,
    search_delegates,
)
from lms.registration.models import Delegate, DelegateImport
from lms.registration.quotas import QuotaLine, QuotaPicture
from lms.units.models import Unit

__all__ = [
    "Counts",
    "DelegateLine",
    "Filters",
    "admits_to_test",
    "all_delegates",
    "counts",
    "delegates_of",
    "earlier_import",
    "events_of_person",
    "find_by_ticket",
    "find_delegate",
    "get_delegate",
    "get_import",
    "history_of",
    "imports_of",
    "list_delegates",
    "quota_picture",
    "quota_seats",
    "search_delegates",
    "substitute_of",
    "units_on_list",
    "units_present",
    "units_to_filter",
]


def find_by_ticket(event_id: int, ticket: str) -> Delegate | None:
    """The delegate of this event whose badge was scanned or typed, withdrawn or not; unit and person come with it."""
    code = tickets.normalise(ticket)
    if code is None:
        return None
    statement = select(Delegate).where(Delegate.ticket == code, Delegate.event_id == event_id)
    return session().scalar(statement.options(joinedload(Delegate.unit), joinedload(Delegate.person)))


def find_delegate(event_id: int, person_id: int) -> Delegate | None:
    """The seat of a person at an event, withdrawn or not."""
    return session().scalar(select(Delegate).where(Delegate.event_id == event_id, Delegate.person_id == person_id))


def listed_people(pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Which of these (event, person) have a seat that stands."""
    seats = select(Delegate.event_id, Delegate.person_id).where(
        Delegate.withdrawn_at.is_(None), Delegate.person_id.in_({person_id for _event_id, person_id in pairs})
    )
    return {(event_id, person_id) for event_id, person_id in session().execute(seats)} & set(pairs)


def get_delegate(event: Event, delegate_id: int) -> Delegate:
    """A delegate of the event with person, unit and point; raises NotFound."""
    found = session().scalar(
        select(Delegate)
        .where(Delegate.event_id == event.id, Delegate.id == delegate_id)
        .options(joinedload(Delegate.unit), joinedload(Delegate.person), joinedload(Delegate.point))
    )
    if found is None:
        raise NotFound
    return found


def events_of_person(person_id: int) -> Sequence[Delegate]:
    """The seats a person has at published events, the event with each, the latest first."""
    return (
        session()
        .scalars(
            select(Delegate)
            .join(Delegate.event)
            .where(Delegate.person_id == person_id, Delegate.withdrawn_at.is_(None), Event.published_at.is_not(None))
            .options(joinedload(Delegate.event))
            .order_by(Event.starts_on.desc(), Event.id.desc())
        )
        .all()
    )


def admits_to_test(person_id: int, quiz_id: int) -> bool:
    """Whether the person has a seat at a published event whose test is this quiz."""
    found = session().scalar(
        select(Delegate.id)
        .join(Event, Event.id == Delegate.event_id)
        .where(Event.test_id == quiz_id, Event.published_at.is_not(None), Event.cancelled_at.is_(None))
        .where(Delegate.person_id == person_id, Delegate.withdrawn_at.is_(None))
        .limit(1)
    )
    return found is not None


@dataclass(frozen=True)
class Counts:
    """How many are on the list, were invited, and have withdrawn."""

    active: int = 0
    invited: int = 0
    withdrawn: int = 0

    @property
    def uninvited(self) -> int:
        """Those on the list to whom no invitation went."""
        return self.active - self.invited


def counts(event: Event) -> Counts:
    """The numbers of an event's list, read from an index alone."""
    row = session().execute(_COUNTS.where(Delegate.event_id == event.id)).one()
    return Counts(*row)


_NUMBERS: Final[list[Any]] = [
    func.count().filter(Delegate.withdrawn_at.is_(None)),
    func.count().filter(Delegate.withdrawn_at.is_(None), Delegate.invited_at.is_not(None)),
    func.count().filter(Delegate.withdrawn_at.is_not(None)),
]
_COUNTS: Final[Select[Any]] = select(*_NUMBERS)


def quota_picture(event: Event) -> QuotaPicture:
    """Registered and seats by unit. Speakers, guests, press and organizers take no seat."""
    rows = session().execute(_QUOTAS, {"event_id": event.id}).all()
    seated = session().scalar(_SEATED, {"event_id": event.id}) or 0
    lines = tuple(QuotaLine(*row) for row in rows)
    return QuotaPicture(lines, seated - sum(line.registered for line in lines) if lines else 0)


_QUOTAS: Final = (
    select(Quota.unit_id, Unit.short_name, Unit.path, Quota.seats, Quota.taken)
    .join(Unit, Unit.id == Quota.unit_id)
    .where(Quota.event_id == bindparam("event_id"))
    .order_by(Unit.sort_key, Unit.id)
)
_SEATED: Final[Select[Any]] = select(Event.seats_taken).where(Event.id == bindparam("event_id"))


def substitute_of(delegate: Delegate) -> Delegate | None:
    """Who was named in a delegate's place."""
    return session().scalar(select(Delegate).where(Delegate.replaces_id == delegate.id))


def units_present(event: Event) -> list[tuple[int, str]]:
    """(id, short name) of the units on the list, in list order."""
    on_list = units_on_list(event)
    statement = select(Unit.id, Unit.short_name).where(Unit.id.in_(select(on_list.c.id)))
    return [(unit_id, name) for unit_id, name in session().execute(statement.order_by(Unit.sort_key, Unit.id))]


def units_to_filter(event: Event) -> list[tuple[int, str]]:
    """(id, short name) of the units on the list and of all above them, in list order: choices of the filter."""
    on_list = units_on_list(event)
    upward = select(on_list.c.id).where(on_list.c.id.is_not(None)).cte("upward", recursive=True)
    parent = select(Unit.parent_id).join(upward, upward.c.id == Unit.id).where(Unit.parent_id.is_not(None))
    upward = upward.union(parent)
    statement = select(Unit.id, Unit.short_name).where(Unit.id.in_(select(upward.c.id)))
    return [(unit_id, name) for unit_id, name in session().execute(statement.order_by(Unit.sort_key, Unit.id))]


def units_on_list(event: Event) -> CTE:
    """The numbers of the units on the list, found by leaps through an index: a step a unit, however many delegates."""
    own = Delegate.event_id == event.id
    leaps = select(func.min(Delegate.unit_id).label("id")).where(own).cte("units_on_list", recursive=True)
    following = select(func.min(Delegate.unit_id)).where(own, Delegate.unit_id > leaps.c.id).scalar_subquery()
    return leaps.union_all(select(following).where(leaps.c.id.is_not(None)))


def quota_seats(event: Event) -> int:
    """The seats of all quotas together."""
    return session().scalar(select(func.sum(Quota.seats)).where(Quota.event_id == event.id)) or 0


def get_import(event: Event, import_id: int, unit_id: int | None = None) -> DelegateImport:
    """An import of who runs this event, or of one unit; raises NotFound for any other."""
    found = session().scalar(select(DelegateImport).where(*_imports(event, unit_id), DelegateImport.id == import_id))
    if found is None:
        raise NotFound
    return found


def imports_of(event: Event, unit_id: int | None = None, limit: int = 10) -> Sequence[DelegateImport]:
    """The latest imports of who runs the event, or of one unit."""
    statement = select(DelegateImport).where(*_imports(event, unit_id))
    return session().scalars(statement.order_by(DelegateImport.id.desc()).limit(limit)).all()


def _imports(event: Event, unit_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return DelegateImport.event_id == event.id, DelegateImport.layout["unit"].as_integer().is_not_distinct_from(unit_id)


def earlier_import(event: Event, digest: str, *, undone: bool = False) -> DelegateImport | None:
    """The last time the same file was written to this event's list and not taken back; with `undone`, taken back."""
    return session().scalar(
        select(DelegateImport)
        .where(
            *(DelegateImport.event_id == event.id, DelegateImport.file == digest),
            DelegateImport.undone_at.is_not(None) if undone else DelegateImport.undone_at.is_(None),
            *(DelegateImport.written_at.is_not(None), DelegateImport.written_count > 0),
        )
        .order_by(DelegateImport.id.desc())
        .limit(1)
    )


def history_of(delegate: Delegate, limit: int = 100) -> Sequence[Any]:
    """What was done to a delegate, the latest first: at, verb, detail, actor (full name or None)."""
    actor = (
        select(Person.full_name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.id == AuditEntry.actor_id)
        .scalar_subquery()
    )
    statement = select(AuditEntry.at, AuditEntry.verb, AuditEntry.detail, actor.label("actor"))
    return (
        session()
        .execute(
            statement.where(AuditEntry.subject == f"delegate:{delegate.id}").order_by(AuditEntry.id.desc()).limit(limit)
        )
        .all()
    )
