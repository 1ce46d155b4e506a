"""Reads of events and plans: which rows a person may see or manage."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, case, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.paging import Page, paginate
from lms.core.permissions import Permission
from lms.core.text import like_pattern, search_terms
from lms.events.models import Event, EventDocument, EventHost, EventStaff, HalfDay, Quota, Speaker, Topic, TrainingPlan
from lms.events.policy import STAFF_PERMISSIONS
from lms.people.models import Person, Post
from lms.units.models import Unit

Row = TypeVar("Row")
_BESIDE = (joinedload(Event.unit), joinedload(Event.plan))


def staff_permissions(account_id: int) -> frozenset[Permission]:
    """The permissions an account holds through roles on single events."""
    roles = session().scalars(select(EventStaff.role).where(EventStaff.account_id == account_id).distinct())
    return frozenset(permission for role in roles for permission in STAFF_PERMISSIONS[role])


def visible_events(account: Account | None) -> Select[Event]:
    """Published and cancelled events; for organizers and staff also the drafts they work on."""
    public = Event.published_at.is_not(None)
    if account is None:
        return select(Event).where(public)
    staffed = select(EventStaff.event_id).where(EventStaff.account_id == account.id)
    own = in_scope(Event.unit_id, account.unit_paths(Permission.EVENTS))
    return select(Event).where(or_(public, own, Event.id.in_(staffed)))


def managed_events(account: Account, permission: Permission = Permission.EVENTS) -> Select[Event]:
    """The events on which the account holds the permission, through their unit or as their staff."""
    roles = [role for role, permissions in STAFF_PERMISSIONS.items() if permission in permissions]
    staffed = select(EventStaff.event_id).where(EventStaff.account_id == account.id, EventStaff.role.in_(roles))
    return select(Event).where(or_(in_scope(Event.unit_id, account.unit_paths(permission)), Event.id.in_(staffed)))


def get_visible_event(account: Account | None, key: str) -> Event:
    """An event by its address; raises NotFound when there is none that this person may see."""
    return _one(visible_events(account).where(Event.key == key).options(*_BESIDE))


def get_managed_event(account: Account, key: str, permission: Permission = Permission.EVENTS) -> Event:
    """An event on which the account holds the permission; raises NotFound when there is none."""
    return _one(managed_events(account, permission).where(Event.key == key).options(*_BESIDE))


def list_events(account: Account | None, *, search: str = "", own: bool = False, page: int = 1) -> Page[Event]:
    """A page of events: those going on, those to come (the nearest first), those past (the latest first)."""
    statement = managed_events(account) if own and account is not None else visible_events(account)
    for term in search_terms(search):
        statement = statement.where(Event.search.like(like_pattern(term), escape="\\"))
    today = clock.today()
    order = case((Event.ends_on < today, 2), (Event.starts_on > today, 1), else_=0)
    statement = statement.order_by(
        order, case((order == 1, Event.starts_on)), Event.starts_on.desc(), Event.id.desc()
    ).options(selectinload(Event.hosts).joinedload(EventHost.unit))
    return paginate(session(), statement, page)


def get_document(event: Event, document_id: int) -> EventDocument:
    """A document of the event; raises NotFound."""
    return _one(select(EventDocument).where(EventDocument.event_id == event.id, EventDocument.id == document_id))


def get_half_day(event: Event, key: str) -> HalfDay:
    """A half-day session by its key ("2024-08-07-sang"); raises NotFound."""
    for half_day in event.sessions:
        if half_day.key == key:
            return half_day
    raise NotFound


def get_topic(event: Event, topic_id: int) -> Topic:
    """A topic on the event's agenda; raises NotFound."""
    statement = select(Topic).join(HalfDay).where(HalfDay.event_id == event.id, Topic.id == topic_id)
    speakers = selectinload(Topic.speakers).joinedload(Speaker.person)
    return _one(statement.options(speakers.selectinload(Person.posts).joinedload(Post.unit)))


_QUOTA_LINES = (
    select(Unit.short_name, Quota.taken, Quota.seats)
    .join(Unit, Unit.id == Quota.unit_id)
    .where(Quota.event_id == bindparam("event_id"))
    .order_by(Unit.sort_key, Unit.id)
)
_QUOTA_TOTALS = select(func.count(), func.coalesce(func.sum(Quota.seats), 0)).where(
    Quota.event_id == bindparam("event_id")
)


def quota_lines(event: Event) -> list[tuple[str, int, int]]:
    """(unit, seats taken, seats) of each quota in list order, as rows: for a picture of up to a hundred units."""
    return [(name, taken, seats) for name, taken, seats in session().execute(_QUOTA_LINES, {"event_id": event.id})]


def quota_totals(event: Event) -> tuple[int, int]:
    """How many units have a quota, and how many seats they have together."""
    units, seats = session().execute(_QUOTA_TOTALS, {"event_id": event.id}).one()
    return units, int(seats)


def quotas_in_order(event: Event) -> Sequence[Quota]:
    """The event's quotas with their units, in the order of a Vietnamese list."""
    statement = (
        select(Quota)
        .join(Quota.unit)
        .where(Quota.event_id == event.id)
        .options(contains_eager(Quota.unit), selectinload(Quota.at_points))
    )
    return session().scalars(statement.order_by(Unit.sort_key, Unit.id)).all()


def get_quota(event: Event, unit_id: int) -> Quota:
    """A unit's quota with its shares at the points; raises NotFound."""
    statement = select(Quota).where(Quota.event_id == event.id, Quota.unit_id == unit_id)
    return _one(statement.options(joinedload(Quota.unit), selectinload(Quota.at_points)))


def visible_plans(account: Account) -> Select[TrainingPlan]:
    """The plans of the account's units and, to be carried out, of the units above them."""
    prefixes = account.unit_paths(Permission.PLANS)
    above = {int(part) for prefix in prefixes for part in prefix.split("/") if part}
    return select(TrainingPlan).where(or_(in_scope(TrainingPlan.unit_id, prefixes), TrainingPlan.unit_id.in_(above)))


def managed_plans(account: Account) -> Select[TrainingPlan]:
    """The plans that the account writes."""
    return select(TrainingPlan).where(in_scope(TrainingPlan.unit_id, account.unit_paths(Permission.PLANS)))


def get_visible_plan(account: Account, plan_id: int) -> TrainingPlan:
    """A plan to read, with its parts; raises NotFound."""
    return _one(visible_plans(account).where(TrainingPlan.id == plan_id).options(*_whole_plan()))


def get_managed_plan(account: Account, plan_id: int) -> TrainingPlan:
    """A plan to write, with its parts; raises NotFound."""
    return _one(managed_plans(account).where(TrainingPlan.id == plan_id).options(*_whole_plan()))


def list_plans(account: Account, page: int = 1) -> Page[TrainingPlan]:
    """A page of plans, the latest first."""
    statement = visible_plans(account).order_by(TrainingPlan.issued_on.desc(), TrainingPlan.id.desc())
    return paginate(
        session(), statement.options(joinedload(TrainingPlan.issuer), selectinload(TrainingPlan.events)), page
    )


def plans_to_choose(account: Account) -> Sequence[TrainingPlan]:
    """The latest plans an event can stand under."""
    return session().scalars(visible_plans(account).order_by(TrainingPlan.issued_on.desc()).limit(200)).all()


def events_of_plan(account: Account, plan: TrainingPlan) -> Sequence[Event]:
    """The events under a plan that this person may see, by date."""
    statement = visible_events(account).where(Event.plan_id == plan.id).order_by(Event.starts_on)
    return session().scalars(statement.limit(200)).all()


def in_scope(unit_id: InstrumentedAttribute[int], prefixes: Sequence[str]) -> ColumnElement[bool]:
    """Whether the unit lies at or below one of the path prefixes; "" is everywhere."""
    if "" in prefixes:
        return true()
    if not prefixes:
        return false()
    return unit_id.in_(select(Unit.id).where(or_(*(Unit.path.startswith(prefix) for prefix in prefixes))))


def _whole_plan() -> tuple[ORMOption, ...]:
    return (
        joinedload(TrainingPlan.issuer),
        joinedload(TrainingPlan.unit),
        selectinload(TrainingPlan.task_groups),
        selectinload(TrainingPlan.indicators),
    )


def _one(statement: Select[Row]) -> Row:
    row = session().scalars(statement).unique().one_or_none()
    if row is None:
        raise NotFound
    return row
