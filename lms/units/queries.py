"""Reads of the register: who existed on a day, who became whom."""

from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased

from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.text import like_pattern, search_terms
from lms.units.models import Succession, Unit, UnitKind


def alive_on(day: date) -> ColumnElement[bool]:
    """Condition: the unit existed on that day."""
    return (Unit.valid_from.is_(None) | (Unit.valid_from <= day)) & (Unit.valid_to.is_(None) | (Unit.valid_to > day))


def below(paths: list[str]) -> ColumnElement[bool]:
    """Condition: the unit is one of these or below one of them; "" stands for every unit."""
    if "" in paths:
        return Unit.id.is_not(None)
    return or_(Unit.id.in_([]), *(Unit.path.startswith(path, autoescape=True) for path in paths))


def listed(text: str = "", kind: UnitKind | None = None, as_of: date | None = None) -> Select[Unit]:
    """Units in protocol order, narrowed by words, kind and day."""
    statement = select(Unit).order_by(Unit.sort_key, Unit.id)
    if kind is not None:
        statement = statement.where(Unit.kind == kind)
    if as_of is not None:
        statement = statement.where(alive_on(as_of))
    for term in search_terms(text):
        statement = statement.where(Unit.search.like(like_pattern(term), escape="\\"))
    return statement


def find(key: str) -> Unit | None:
    """The unit with this register key."""
    return session().scalar(select(Unit).where(Unit.key == key))


def get(key: str) -> Unit:
    """The unit with this register key; raises NotFound."""
    unit = find(key)
    if unit is None:
        raise NotFound
    return unit


def named_on(name: str, day: date) -> list[Unit]:
    """Units of that day called so (full or short name, accents and case forgiven)."""
    terms = search_terms(name)
    candidates = list(session().scalars(listed(name, as_of=day))) if terms else []
    wanted = " ".join(terms)
    return [unit for unit in candidates if wanted in {_plain(unit.name), _plain(unit.short_name)}]


def successors(unit: Unit) -> list[Succession]:
    """What the unit became."""
    return list(
        session().scalars(
            select(Succession)
            .where(Succession.predecessor_id == unit.id)
            .order_by(Succession.on, Succession.successor_id)
        )
    )


def predecessors(unit: Unit) -> list[Succession]:
    """What the unit came from, in protocol order."""
    former = aliased(Unit)
    return list(
        session().scalars(
            select(Succession)
            .join(former, former.id == Succession.predecessor_id)
            .where(Succession.successor_id == unit.id)
            .order_by(former.sort_key)
        )
    )


def trace(unit: Unit, to: date) -> list[Unit]:
    """The units that `unit` has become, or came from, as they existed on `to`; itself when it existed then."""
    if unit.existed_on(to):
        return [unit]
    forward = unit.valid_to is not None and unit.valid_to <= to
    found: dict[int, Unit] = {}
    border = [unit]
    while border:
        steps = [step for one in border for step in (successors(one) if forward else predecessors(one))]
        border = []
        for step in steps:
            other = step.successor if forward else step.predecessor
            if other.existed_on(to):
                found[other.id] = other
            else:
                border.append(other)
    return sorted(found.values(), key=lambda one: one.sort_key)


def _plain(name: str) -> str:
    return " ".join(search_terms(name))
