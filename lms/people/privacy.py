"""What is held about a person, by category, with its purpose; a copy of it; and erasing what may be erased.

Each feature hands in its own categories, as for merging. Records are plain JSON. Erasing takes contacts, private
details and free text; what the law asks an agency to keep stays, and so does the name where such a record bears it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from sqlalchemy import select

from lms.core import audit
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.people.models import Person

Record: TypeAlias = dict[str, Any]
Ids: TypeAlias = Sequence[int]
NAMELESS: Final = "Người đã xóa dữ liệu"
"""The name that takes the place of one that was erased; it is data, not a word of a page."""


@dataclass(frozen=True)
class Category:
    """A category of what is held. Texts are message ids.

    `records` gives everything held of these people (one person and whoever was merged into them), each record under the
    names of `fields`, which are told by their message ids. `erase` gets the person, the same ids and whether the name
    goes too; `goes` and `stays` say what it takes and what remains. `keeps_name`: its records bear the name by law.
    `hindrance`: why erasing must wait.
    """

    key: str
    label: str
    purpose: str
    seen_by: str
    kept: str
    fields: dict[str, str]
    records: Callable[[Ids], list[Record]]
    goes: str = ""
    stays: str = ""
    erase: Callable[[Person, Ids, bool], None] | None = None
    keeps_name: bool = False
    hindrance: Callable[[Ids], RuleBroken | None] = field(default=lambda _ids: None)


_known: dict[str, Category] = {}


def hand_in(*categories: Category) -> None:
    """Let people know what else is held of a person; handing in twice is once."""
    for one in categories:
        _known[one.key] = one


def categories() -> list[Category]:
    """All categories, features below first."""
    return list(_known.values())


@dataclass(frozen=True)
class Holding:
    """A category with what it holds of one person."""

    category: Category
    records: list[Record]


def ids_of(person: Person) -> list[int]:
    """The person's id and those of all records merged into theirs, at once or in the end."""
    found, waiting = [person.id], [person.id]
    while waiting:
        waiting = list(
            session().scalars(select(Person.id).where(Person.merged_into_id.in_(waiting)).order_by(Person.id))
        )
        found += waiting
    return found


def held(person: Person) -> list[Holding]:
    """Everything held about a person, category by category; empty categories too."""
    ids = ids_of(person)
    return [Holding(one, one.records(ids)) for one in categories()]


@dataclass(frozen=True)
class Erasure:
    """What erasing would do: categories with something in them, whether the name goes, and what hinders it."""

    holdings: list[Holding]
    name_goes: bool
    hindrances: list[RuleBroken]


def erasure(person: Person) -> Erasure:
    """A preview of erasing; writes nothing."""
    ids = ids_of(person)
    holdings = [holding for holding in held(person) if holding.records]
    hindrances = [found for one in categories() if (found := one.hindrance(ids)) is not None]
    return Erasure(holdings, not any(one.category.keeps_name for one in holdings), hindrances)


def erase(person: Person, actor_id: int | None) -> Erasure:
    """Erase what may go. Raises the first hindrance; returns what was found before."""
    before = erasure(person)
    if before.hindrances:
        raise before.hindrances[0]
    ids = ids_of(person)
    # Those who refer to the person by their contacts come first, the person's own row last.
    for holding in reversed(before.holdings):
        if holding.category.erase is not None:
            holding.category.erase(person, ids, before.name_goes)
    session().flush()
    session().expire_all()
    counts = {holding.category.key: len(holding.records) for holding in before.holdings}
    audit.record("person.erase", f"person:{person.id}", actor_id=actor_id, found=counts, name=before.name_goes)
    return before


OWN_PURPOSE: Final = N_("Lập danh sách, mời dự, điểm danh, cấp giấy chứng nhận")
STAFF: Final = N_("Người tổ chức sự kiện, quản trị hệ thống")
"""Words that several categories share."""
