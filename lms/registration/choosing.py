"""Look-ups for forms and imports: units by name as they were on the event's first day, people already known."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Account
from lms.core.db import session
from lms.core.permissions import Permission
from lms.core.text import like_pattern, search_terms
from lms.events import queries as events
from lms.events.models import Event, Quota
from lms.people.models import Person, Post
from lms.registration.models import Delegate, FocalPoint
from lms.registration.own_units import OwnUnits
from lms.registration.unit_names import UnitIndex, UnitName
from lms.registration.unit_times import is_alive, on_other_days
from lms.units.models import Succession, Unit


def unit_index(event: Event) -> UnitIndex:
    """The register as it stood on the event's first day, to be looked up by name; units of other days lead to it."""
    day = event.starts_on
    names = (Unit.id, Unit.name, Unit.short_name, Unit.symbol, Unit.path, Unit.sort_key)
    rows = session().execute(select(*names, Unit.valid_from, Unit.valid_to).order_by(Unit.id)).all()
    steps = session().execute(select(Succession.predecessor_id, Succession.successor_id))
    others = on_other_days(rows, ((old, new) for old, new in steps), day)
    return UnitIndex.of((UnitName(*row[:6]) for row in rows if is_alive(row, day)), others)


def units_for(event: Event, unit_id: int | None) -> UnitIndex:
    """The units a list may name: all, or those that the quota of one unit covers."""
    register = unit_index(event)
    if unit_id is None:
        return register
    quotas = set(session().scalars(select(Quota.unit_id).where(Quota.event_id == event.id)))
    return OwnUnits.within(register, unit_id, quotas)


def find_unit(event: Event, written: str) -> Unit | None:
    """The one unit of the event's first day written exactly so; None where it takes the whole register to tell."""
    day = event.starts_on
    found = (
        session()
        .scalars(
            select(Unit)
            .where(or_(Unit.name == written, Unit.short_name == written))
            .where(or_(Unit.valid_from.is_(None), Unit.valid_from <= day))
            .where(or_(Unit.valid_to.is_(None), Unit.valid_to > day))
            .limit(2)
        )
        .all()
    )
    return found[0] if len(found) == 1 else None


def unit_suggestions(event: Event, limit: int = 200) -> Sequence[str]:
    """Names for the unit box: units with a quota first, then the rest of the register of that day."""
    day = event.starts_on
    with_quota = and_(Quota.unit_id == Unit.id, Quota.event_id == event.id)
    return (
        session()
        .scalars(
            select(Unit.name)
            .outerjoin(Quota, with_quota)
            .where(
                or_(Unit.valid_from.is_(None), Unit.valid_from <= day),
                or_(Unit.valid_to.is_(None), Unit.valid_to > day),
            )
            .order_by(Quota.seats.is_(None), Unit.sort_key, Unit.id)
            .limit(limit)
        )
        .all()
    )


def find_people(text: str, event: Event, limit: int = 10) -> Sequence[Any]:
    """Known people by name: id, full_name, post, unit and whether they are delegates already; no contacts are told."""
    terms = search_terms(text)
    if not terms:
        return []
    held = aliased(Post)
    first_post = (
        select(held.id)
        .where(held.person_id == Person.id)
        .order_by(held.rank, held.id)
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    on_list = select(Delegate.id).where(Delegate.event_id == event.id, Delegate.person_id == Person.id).exists()
    statement = (
        select(Person.id, Person.full_name, Post.name.label("post"), Unit.name.label("unit"), on_list.label("on_list"))
        .select_from(Person)
        .outerjoin(Post, Post.id == first_post)
        .outerjoin(Unit, Unit.id == Post.unit_id)
        .where(*(Person.search.like(like_pattern(term), escape="\\") for term in terms))
        .where(Person.merged_into_id.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    return session().execute(statement.limit(limit)).all()


def units_below(event: Event, unit: Unit) -> Sequence[str]:
    """Names of the units below one, as they were on the event's first day."""
    day = event.starts_on
    below = Unit.path.startswith(unit.path) & (Unit.id != unit.id)
    living = and_(
        or_(Unit.valid_from.is_(None), Unit.valid_from <= day), or_(Unit.valid_to.is_(None), Unit.valid_to > day)
    )
    return session().scalars(select(Unit.name).where(below, living).order_by(Unit.sort_key, Unit.id).limit(200)).all()


def quota_units(event: Event) -> Sequence[str]:
    """Names of the units with a quota, in list order."""
    statement = select(Unit.name).join(Quota, Quota.unit_id == Unit.id).where(Quota.event_id == event.id)
    return session().scalars(statement.order_by(Unit.sort_key, Unit.id)).all()


def earlier_events(account: Account, event: Event, limit: int = 20) -> Sequence[Event]:
    """Events of the account before this one that had focal points, the latest first."""
    had = select(FocalPoint.event_id).where(FocalPoint.event_id != event.id)
    statement = events.managed_events(account, Permission.DELEGATES).where(Event.id.in_(had))
    return session().scalars(statement.order_by(Event.starts_on.desc()).limit(limit)).all()
