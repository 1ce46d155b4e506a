"""Reads of delegates. Lists are read as rows of columns, in a number of statements that never grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.paging import PER_PAGE, Page, paginate
from lms.core.text import like_pattern, search_terms
from lms.events.models import Event, Point, Quota
from lms.people.models import Person
from lms.registration import tickets
from lms.registration.models import Delegate, DelegateImport
from lms.registration.quotas import QuotaLine, QuotaPicture
from lms.units.models import Unit

STATES: Final = ("active", "uninvited", "invited", "withdrawn", "all")
ORDERS: Final = ("unit", "name")

DelegateLine: TypeAlias = Any
"""One row of a list: id, person_id, full_name, post, role, ticket, note, phone, email, unit_id, unit, unit_name,
unit_kind, point_id, point, invited_at, withdrawn_at, withdraw_reason, registered_at, sort_key."""

_COLUMNS: Final[list[Any]] = [
    *(Delegate.id, Delegate.person_id, Delegate.full_name, Delegate.post, Delegate.role, Delegate.ticket),
    *(Delegate.note, Person.phone, Person.email, Delegate.unit_id, Unit.short_name.label("unit")),
    *(Unit.name.label("unit_name"), Unit.kind.label("unit_kind"), Delegate.point_id, Point.name.label("point")),
    *(Delegate.invited_at, Delegate.withdrawn_at, Delegate.withdraw_reason, Delegate.registered_at),
    Delegate.sort_key,
]
_ALL_LINES: Final[Select[Any]] = (
    select(*_COLUMNS)
    .select_from(Delegate)
    .join(Person, Person.id == Delegate.person_id)
    .join(Unit, Unit.id == Delegate.unit_id)
    .outerjoin(Point, Point.id == Delegate.point_id)
)


@dataclass(frozen=True)
class Filters:
    """What a list of delegates shows: `text` searches name, unit and phone; a unit means all below it too."""

    text: str = ""
    unit_id: int | None = None
    state: str = "active"
    order: str = "unit"
    ids: tuple[int, ...] = ()


def list_delegates(event: Event, filters: Filters, page: int = 1, per_page: int = PER_PAGE) -> Page[DelegateLine]:
    """One page of the list."""
    conditions = _conditions(event.id, filters)
    total = session().scalar(select(func.count()).select_from(Delegate).where(*conditions)) or 0
    number = min(max(1, page), max(1, -(-total // per_page)))
    statement = _lines(conditions, filters.order).limit(per_page).offset((number - 1) * per_page)
    return Page(session().execute(statement).all(), number, per_page, total)


def all_delegates(event: Event, filters: Filters) -> Sequence[DelegateLine]:
    """The whole list, for an export or a print."""
    return session().execute(_lines(_conditions(event.id, filters), filters.order)).all()


def delegates_of(event: Event) -> Sequence[DelegateLine]:
    """Everyone on the list who has not withdrawn, by unit and name."""
    return all_delegates(event, Filters())


def search_delegates(event_id: int, text: str, limit: int = 20) -> Sequence[DelegateLine]:
    """For the door: delegates whose name, unit or phone holds every word, accents forgiven, withdrawn ones too."""
    conditions = [Delegate.event_id == event_id, *_text_conditions(text)]
    return session().execute(_lines(conditions, "name").limit(limit)).all()


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


def without_email(event: Event, page: int = 1) -> Page[DelegateLine]:
    """A page of those on the list who cannot be invited because no address is known."""
    nobody = (Delegate.event_id == event.id, Delegate.withdrawn_at.is_(None), Delegate.invited_at.is_(None))
    return paginate(session(), _lines([*nobody, Person.email.is_(None)], "name"), page, scalars=False)


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
    """(id, short name) of the units on the list, in list order: choices of the filter."""
    on_list = select(Delegate.unit_id).where(Delegate.event_id == event.id).distinct()
    statement = select(Unit.id, Unit.short_name).where(Unit.id.in_(on_list)).order_by(Unit.sort_key, Unit.id)
    return [(unit_id, name) for unit_id, name in session().execute(statement)]


def get_import(event: Event, import_id: int) -> DelegateImport:
    """An import of this event; raises NotFound for one of another event."""
    found = session().scalar(
        select(DelegateImport).where(DelegateImport.event_id == event.id, DelegateImport.id == import_id)
    )
    if found is None:
        raise NotFound
    return found


def imports_of(event: Event, limit: int = 10) -> Sequence[DelegateImport]:
    """The latest imports of the event."""
    statement = select(DelegateImport).where(DelegateImport.event_id == event.id)
    return session().scalars(statement.order_by(DelegateImport.id.desc()).limit(limit)).all()


def earlier_import(event: Event, digest: str) -> DelegateImport | None:
    """The last time the same file was written to this event's list, unless that was taken back."""
    return session().scalar(
        select(DelegateImport)
        .where(
            *(DelegateImport.event_id == event.id, DelegateImport.file == digest),
            *(DelegateImport.written_at.is_not(None), DelegateImport.undone_at.is_(None)),
            DelegateImport.written_count > 0,
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


def _lines(conditions: Sequence[ColumnElement[bool]], order: str) -> Select[Any]:
    by_name = (Delegate.sort_key, Delegate.id)
    statement = _ALL_LINES.where(*conditions)
    return statement.order_by(*by_name) if order == "name" else statement.order_by(Delegate.unit_sort_key, *by_name)


def _conditions(event_id: int, filters: Filters) -> list[ColumnElement[bool]]:
    conditions = [Delegate.event_id == event_id, *_text_conditions(filters.text)]
    if filters.ids:
        conditions.append(Delegate.id.in_(filters.ids))
    if filters.state == "withdrawn":
        conditions.append(Delegate.withdrawn_at.is_not(None))
    elif filters.state != "all":
        conditions.append(Delegate.withdrawn_at.is_(None))
    if filters.state in {"invited", "uninvited"}:
        sent = Delegate.invited_at.is_not(None)
        conditions.append(sent if filters.state == "invited" else ~sent)
    if filters.unit_id is not None:
        path = select(Unit.path).where(Unit.id == filters.unit_id).scalar_subquery()
        below = select(Unit.id).where(func.substr(Unit.path, 1, func.length(path)) == path)
        conditions.append(Delegate.unit_id.in_(below))
    return conditions


def _text_conditions(text: str) -> list[ColumnElement[bool]]:
    return [Delegate.search.like(like_pattern(term), escape="\\") for term in search_terms(text)]
