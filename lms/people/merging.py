"""Merging two records of one person: shown before, done in one transaction, recorded row by row, taken back exactly.

What is printed on papers already issued does not change: a certificate states its holder's name in facts of its own.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import inspect, select, update

from lms.core import audit, clock
from lms.core.db import Base, Moment, session
from lms.core.errors import N_, RuleBroken
from lms.people import belongings
from lms.people.belongings import Belonging, key_of, name_of
from lms.people.models import Merge, Person

FACTS: Final[Mapping[str, str]] = {
    "email": N_("Thư điện tử"),
    "phone": N_("Điện thoại"),
    "title": N_("Học hàm, học vị, cấp bậc"),
}
"""What the person who stays takes over where they have none."""
_TOLD: Final = 100


@dataclass(frozen=True)
class Part:
    """One kind of what belongs to the person who goes: rows that move and rows that stay with them, in words."""

    label: str
    moving: list[str]
    staying: list[str]


@dataclass(frozen=True)
class Plan:
    """What a merge will do. `moved` is what `Merge.moved` will hold; `facts`: (label, value) taken over."""

    parts: list[Part]
    facts: list[tuple[str, str]]
    refusals: list[RuleBroken]
    moved: dict[str, Any]

    @property
    def digest(self) -> str:
        """The same only while the merge would do the same: a page shown an hour ago agrees to nothing new."""
        plain = json.dumps(self.moved, sort_keys=True, default=str)
        return hashlib.sha256(plain.encode()).hexdigest()[:32]


def plan(kept: Person, gone: Person) -> Plan:
    """What merging `gone` into `kept` would do; writes nothing."""
    moved: dict[str, Any] = {"filled": [], "stayed": []}
    parts, refusals = [], _refusals(kept, gone)
    for one in belongings.handed_in():
        part, refused = _part(one, kept.id, gone.id, moved)
        refusals += refused
        if part.moving or part.staying:
            parts.append(part)
    facts = []
    for name, label in FACTS.items():
        value = getattr(gone, name)
        if value and not getattr(kept, name):
            facts.append((label, value))
            moved["filled"].append(["people", kept.id, name, value])
    return Plan(parts, facts, refusals, moved)


def merge(kept: Person, gone: Person, actor_id: int | None, *, seen: str | None = None) -> Merge:
    """Merge `gone` into `kept`. `seen`: the digest of the plan that was agreed to.

    Raises RuleBroken: the plan's first refusal, or "changed" where the plan is no longer what was seen.
    """
    _lock(kept, gone)
    planned = plan(kept, gone)
    if planned.refusals:
        raise planned.refusals[0]
    if seen is not None and seen != planned.digest:
        raise RuleBroken(
            "Từ lúc mở trang đến nay đã có thay đổi. Hãy xem lại những gì sẽ chuyển rồi gộp.", code="changed"
        )
    for name, rows in planned.moved.items():
        if "." in name:
            _set(name, rows, undo=False)
    for table, key, column, value in planned.moved["filled"]:
        _fill(table, key, column, value)
    gone.merged_into_id = kept.id
    record = Merge(kept=kept, gone=gone, moved=planned.moved, merged_at=clock.now(), merged_by_id=actor_id)
    session().add(record)
    session().flush()
    session().expire_all()
    audit.record("person.merge", f"person:{kept.id}", actor_id=actor_id, gone=gone.id, merge=record.id)
    return record


def separate(record: Merge, actor_id: int | None) -> None:
    """Take a merge back: each row that is still where it was put returns, the others are named in `moved["left"]`.

    Taking back twice is once. Raises RuleBroken where the person who stayed was merged on ("merged-on").
    """
    kept, gone = record.kept, record.gone
    _lock(kept, gone)
    session().refresh(record, with_for_update=True)
    if record.undone_at is not None:
        return
    if kept.merged_into_id is not None:
        raise RuleBroken(
            "%(name)s sau đó đã gộp vào hồ sơ khác. Hãy tách lần gộp sau trước.", code="merged-on", name=kept.full_name
        )
    left: list[list[str]] = []
    for name, rows in record.moved.items():
        if "." in name:
            left += _set(name, rows, undo=True)
    for table, key, column, value in record.moved["filled"]:
        _empty(table, key, column, value)
    gone.merged_into_id = None
    record.moved = {**record.moved, "left": left}
    record.undone_at, record.undone_by_id = clock.now(), actor_id
    session().flush()
    session().expire_all()
    audit.record("person.separate", f"person:{kept.id}", actor_id=actor_id, gone=gone.id, merge=record.id)


def _refusals(kept: Person, gone: Person) -> list[RuleBroken]:
    refusals = []
    if kept.id == gone.id:
        refusals.append(RuleBroken("Hai hồ sơ là một nên không có gì để gộp.", code="same"))
    if kept.merged_into_id is not None or gone.merged_into_id is not None:
        refusals.append(RuleBroken("Một trong hai hồ sơ đã gộp vào hồ sơ khác.", code="merged"))
    if kept.specimen != gone.specimen:
        refusals.append(RuleBroken("Một hồ sơ là dữ liệu mẫu, hồ sơ kia là thật: không gộp được.", code="specimen"))
    return refusals


def _part(belonging: Belonging, kept_id: int, gone_id: int, moved: dict[str, Any]) -> tuple[Part, list[RuleBroken]]:
    """The part of one kind of rows; what it moves is written into `moved`."""
    key, column = key_of(belonging.column), belonging.column
    clashes = belonging.clashes(kept_id, gone_id)
    rows = session().scalars(select(column.class_).where(column == gone_id).order_by(key)).all()
    part, refusals = Part(belonging.label, [], []), []
    for row in rows:
        number = getattr(row, key.key)
        if number not in clashes:
            part.moving.append(belonging.told(row))
            moved.setdefault(belonging.name, []).append([kept_id if key is column else number, gone_id, kept_id])
            continue
        part.staying.append(belonging.told(row))
        moved["stayed"].append([belonging.label, belonging.told(row)[:_TOLD]])
        refusal = belonging.refusal(row)
        if refusal is not None:
            refusals.append(refusal)
        _beside(belonging, row, clashes[number], moved)
    return part, refusals


def _beside(belonging: Belonging, row: Any, in_the_way: int | None, moved: dict[str, Any]) -> None:
    """What a row that stays gives to the row in its way: rows under it, and columns that are empty there."""
    if in_the_way is None:
        return
    number = getattr(row, key_of(belonging.column).key)
    for under in belonging.under:
        there = select(under.key).where(under.column == in_the_way)
        keys = session().scalars(
            select(key_of(under.column))
            .where(under.column == number, under.key.not_in(there))
            .order_by(key_of(under.column))
        )
        moves = [[key, number, in_the_way] for key in keys]
        if moves:
            moved.setdefault(name_of(under.column), []).extend(moves)
    model: Any = belonging.column.class_
    other = session().get_one(model, in_the_way)
    for column in belonging.filled:
        value = getattr(row, column.key)
        if value is not None and getattr(other, column.key) is None:
            moved["filled"].append([column.class_.__tablename__, in_the_way, column.key, _plain(value)])


def _set(name: str, rows: list[list[Any]], *, undo: bool) -> list[list[str]]:
    """Move the rows of one "table.column", or move them back; the rows that had to stay, as [table.column, key]."""
    table_name, column_name = name.split(".")
    table = Base.metadata.tables[table_name]
    column, key = table.c[column_name], next(iter(table.primary_key.columns))
    stays = _in_the_way_back(name, rows) if undo else set()
    left = []
    for number, gone_id, kept_id in rows:
        now, then = (kept_id, gone_id) if undo else (gone_id, kept_id)
        here = now if column is key else number
        changed = 0
        if number not in stays:
            statement = update(table).where(key == here, column == now).values({column_name: then})
            changed = session().connection().execute(statement).rowcount
        if not changed:
            left.append([name, str(number)])
    return left


def _in_the_way_back(name: str, rows: list[list[Any]]) -> set[int]:
    """Keys of rows that cannot return, because the person merged away has had one of the kind since."""
    belonging = next((one for one in belongings.handed_in() if one.name == name), None)
    if belonging is None or not rows:
        return set()
    _number, gone_id, kept_id = rows[0]
    return set(belonging.clashes(gone_id, kept_id))


def _fill(table_name: str, key: int, column: str, value: Any) -> None:
    row = _row(table_name, key)
    if row is not None and not getattr(row, column):
        setattr(row, column, _typed(type(row), column, value))
        session().flush()


def _empty(table_name: str, key: int, column: str, value: Any) -> None:
    """Take back what was filled, unless it was changed meanwhile."""
    row = _row(table_name, key)
    if row is not None and _plain(getattr(row, column)) == value:
        nullable = inspect(type(row)).columns[column].nullable
        setattr(row, column, None if nullable else "")
        session().flush()


def _row(table_name: str, key: int) -> Any:
    for mapper in Base.registry.mappers:
        if getattr(mapper.class_, "__tablename__", None) == table_name:
            return session().get(mapper.class_, key, populate_existing=True)
    return None


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _typed(model: type[Any], column: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(inspect(model).columns[column].type, Moment) else value


def _lock(*people: Person) -> None:
    """Hold the rows of both, always in the same order, so that two merges wait for each other."""
    ids = sorted({person.id for person in people})
    session().execute(select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update())
    for person in people:
        session().refresh(person)
