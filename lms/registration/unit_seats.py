"""Reads of a unit's seats at an event: whose page it is, who sits in them, who waits, what was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.paging import Page, paginate
from lms.core.permissions import Permission
from lms.events import queries as events
from lms.events.models import Event, Quota
from lms.registration.models import Application, ApplicationState, Delegate, FocalPoint, SeatRequest
from lms.units.models import Unit


@dataclass(frozen=True)
class UnitSeats:
    """A unit's quota at an event."""

    event: Event
    unit: Unit
    seats: int
    taken: int

    @property
    def free(self) -> int:
        """Seats still to be filled."""
        return max(0, self.seats - self.taken)


def get_unit_seats(account: Account, key: str, unit_key: str) -> UnitSeats:
    """A unit's seats, for its focal point and for who runs the event; raises NotFound for anyone else."""
    named = exists().where(
        FocalPoint.event_id == Event.id, FocalPoint.unit_id == Unit.id, FocalPoint.account_id == account.id
    )
    managed = Event.id.in_(events.managed_events(account, Permission.DELEGATES).with_only_columns(Event.id))
    row = (
        session()
        .execute(
            select(Event, Unit, Quota.seats, Quota.taken)
            .join(Quota, Quota.event_id == Event.id)
            .join(Unit, Unit.id == Quota.unit_id)
            .where(Event.key == key, Unit.key == unit_key, or_(named & Event.published_at.is_not(None), managed))
            .options(joinedload(Event.unit))
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return UnitSeats(*row)


def delegates_of(seats: UnitSeats) -> Sequence[Delegate]:
    """Who sits in the unit's quota, then who did: those who withdrew or were replaced."""
    statement = (
        select(Delegate)
        .where(Delegate.event_id == seats.event.id, Delegate.quota_unit_id == seats.unit.id)
        .options(joinedload(Delegate.person), joinedload(Delegate.unit), joinedload(Delegate.point))
        .order_by(Delegate.withdrawn_at.is_not(None), Delegate.sort_key, Delegate.id)
    )
    return session().scalars(statement.limit(1000)).all()


def get_delegate(seats: UnitSeats, delegate_id: int) -> Delegate:
    """A delegate in the unit's quota; raises NotFound."""
    found = session().scalar(
        select(Delegate).where(
            Delegate.event_id == seats.event.id, Delegate.quota_unit_id == seats.unit.id, Delegate.id == delegate_id
        )
    )
    if found is None:
        raise NotFound
    return found


def waiting_of(seats: UnitSeats) -> Sequence[Application]:
    """Who waits for a seat of the unit, in line."""
    waiting = select(Application).where(
        Application.event_id == seats.event.id,
        Application.quota_unit_id == seats.unit.id,
        Application.state == ApplicationState.WAITING,
    )
    return session().scalars(waiting.order_by(Application.asked_at, Application.id).limit(500)).all()


def requests_of(seats: UnitSeats) -> Sequence[SeatRequest]:
    """What the unit asked for, the latest first."""
    asked = (SeatRequest.event_id == seats.event.id, SeatRequest.unit_id == seats.unit.id)
    return session().scalars(select(SeatRequest).where(*asked).order_by(SeatRequest.id.desc()).limit(20)).all()


def open_request_of(seats: UnitSeats) -> SeatRequest | None:
    """The unit's request that waits for an answer."""
    asked = (SeatRequest.event_id == seats.event.id, SeatRequest.unit_id == seats.unit.id)
    return session().scalar(select(SeatRequest).where(*asked, SeatRequest.answered_at.is_(None)))


def answered_requests(event: Event, limit: int = 20) -> Sequence[SeatRequest]:
    """Requests for more seats that were answered, the latest first."""
    statement = (
        select(SeatRequest)
        .where(SeatRequest.event_id == event.id, SeatRequest.answered_at.is_not(None))
        .options(joinedload(SeatRequest.unit))
        .order_by(SeatRequest.answered_at.desc(), SeatRequest.id.desc())
    )
    return session().scalars(statement.limit(limit)).all()


def focal_points_of(event: Event) -> Sequence[FocalPoint]:
    """Everyone named for the event, by unit."""
    statement = (
        select(FocalPoint)
        .join(FocalPoint.unit)
        .where(FocalPoint.event_id == event.id)
        .options(contains_eager(FocalPoint.unit), joinedload(FocalPoint.account))
        .order_by(Unit.sort_key, FocalPoint.account_id)
    )
    return session().scalars(statement).all()


def units_served(event: Event) -> int:
    """How many units have a focal point at the event."""
    statement = select(func.count(FocalPoint.unit_id.distinct())).where(FocalPoint.event_id == event.id)
    return session().scalar(statement) or 0


def get_focal_point(event: Event, unit_id: int, account_id: int) -> FocalPoint:
    """One of them; raises NotFound."""
    found = session().get(FocalPoint, (event.id, unit_id, account_id))
    if found is None:
        raise NotFound
    return found


_SERVED = (
    select(Event, Unit, Quota.seats, Quota.taken)
    .join(FocalPoint, FocalPoint.event_id == Event.id)
    .join(Unit, Unit.id == FocalPoint.unit_id)
    .join(Quota, (Quota.event_id == Event.id) & (Quota.unit_id == Unit.id))
    .where(FocalPoint.account_id == bindparam("account_id"), Event.ends_on >= bindparam("today"))
    .where(Event.published_at.is_not(None), Event.cancelled_at.is_(None))
    .order_by(Event.starts_on, Unit.sort_key)
    .limit(50)
)


def served_by(account_id: int) -> Sequence[UnitSeats]:
    """The units whose seats an account fills, at events that are not over, the nearest first."""
    rows = session().execute(_SERVED, {"account_id": account_id, "today": clock.today()})
    return [UnitSeats(*row) for row in rows]


def to_answer(event_ids: Sequence[int]) -> dict[int, int]:
    """How many registrations and requests for seats wait for the organizer, by event; those with none are left out."""
    applications = select(Application.event_id).where(
        Application.event_id.in_(event_ids), Application.state == ApplicationState.REQUESTED
    )
    requests = select(SeatRequest.event_id).where(
        SeatRequest.event_id.in_(event_ids), SeatRequest.answered_at.is_(None)
    )
    both = applications.union_all(requests).subquery()
    statement = select(both.c.event_id, func.count()).group_by(both.c.event_id)
    return dict(map(tuple, session().execute(statement)))


def seats_permission(account_id: int) -> frozenset[Permission]:
    """What being a focal point of any event allows."""
    named = session().scalar(select(FocalPoint.unit_id).where(FocalPoint.account_id == account_id).limit(1))
    return frozenset({Permission.SEATS}) if named is not None else frozenset()


def open_requests(event: Event) -> Sequence[SeatRequest]:
    """Requests for more seats that wait for an answer, the earliest first."""
    statement = (
        select(SeatRequest)
        .where(SeatRequest.event_id == event.id, SeatRequest.answered_at.is_(None))
        .options(joinedload(SeatRequest.unit))
        .order_by(SeatRequest.asked_at, SeatRequest.id)
    )
    return session().scalars(statement.limit(200)).all()


def get_request(event: Event, request_id: int) -> SeatRequest:
    """A request of this event; raises NotFound."""
    found = session().get(SeatRequest, request_id)
    if found is None or found.event_id != event.id:
        raise NotFound
    return found


def applications_in(event: Event, state: ApplicationState, page: int) -> Page[Application]:
    """A page of applications in a state, the earliest first."""
    statement = (
        select(Application)
        .where(Application.event_id == event.id, Application.state == state)
        .options(joinedload(Application.unit), joinedload(Application.point))
        .order_by(Application.asked_at, Application.id)
    )
    return paginate(session(), statement, page)


def get_application(event: Event, application_id: int) -> Application:
    """An application of this event; raises NotFound."""
    found = session().get(Application, application_id)
    if found is None or found.event_id != event.id:
        raise NotFound
    return found


@dataclass(frozen=True)
class Unanswered:
    """How many wait for the organizer, and how many for a seat."""

    requested: int
    waiting: int
    seat_requests: int

    @property
    def to_answer(self) -> int:
        """Registrations and requests that the organizer has not answered."""
        return self.requested + self.seat_requests


def unanswered(event: Event) -> Unanswered:
    """The numbers of an event."""
    states = select(Application.state, func.count()).where(
        Application.event_id == event.id,
        Application.state.in_([ApplicationState.REQUESTED, ApplicationState.WAITING]),
    )
    numbers = {str(state): number for state, number in session().execute(states.group_by(Application.state))}
    asked = select(func.count()).where(SeatRequest.event_id == event.id, SeatRequest.answered_at.is_(None))
    return Unanswered(numbers.get("requested", 0), numbers.get("waiting", 0), session().scalar(asked) or 0)
