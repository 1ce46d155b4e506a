"""What belongs to a person, table by table: each feature hands in its own columns, for merging knows no higher table.

A `Belonging` names the column that says whose a row is, how a reader is told of a row, and what happens where both
people have one of which there can only be one. A test finds any foreign key to `people.id` that is neither handed in
nor listed in `APART` with a reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, func, inspect, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.people.models import DataRequest, Post, PrivateDetails

Attribute: TypeAlias = InstrumentedAttribute[Any]
Clashes: TypeAlias = Callable[[int, int], Mapping[int, int | None]]
"""(who stays, who goes) → rows of the one who goes that cannot move, each with the row in its way, if it is one."""


def never(_kept_id: int, _gone_id: int) -> Mapping[int, int | None]:
    """Nothing stands in the way of any row."""
    return {}


@dataclass(frozen=True)
class Under:
    """Rows under one that stays behind, which move to the row in its way unless that has one of the same `key`."""

    column: Attribute
    key: Attribute


@dataclass(frozen=True)
class Belonging:
    """Rows that belong to a person. `label` is a message id; `told` puts a row in words.

    `clashes`: rows that stay with the person merged away. Of such a row `under` moves and `filled` columns fill what is
    empty in the row in its way. `refusal`: why a row that clashes forbids the merge altogether; None: it only stays.
    """

    column: Attribute
    label: str
    told: Callable[[Any], str]
    clashes: Clashes = never
    refusal: Callable[[Any], RuleBroken | None] = lambda _row: None
    under: Sequence[Under] = ()
    filled: Sequence[Attribute] = ()

    @property
    def name(self) -> str:
        """ "table.column", as a merge records it."""
        return name_of(self.column)


APART: Final[Mapping[str, str]] = {
    "people.merged_into_id": "says who was merged into whom: it is the merge itself",
    "merges.kept_id": "the record of a merge stays as it was made",
    "merges.gone_id": "the record of a merge stays as it was made",
    "likenesses.first_id": "speaks of two records, not of what belongs to either",
    "likenesses.second_id": "speaks of two records, not of what belongs to either",
}
"""Foreign keys to people that no merge moves, and why."""

_known: dict[str, Belonging] = {}


def hand_in(*belongings: Belonging) -> None:
    """Let merging know of rows; handing in twice is once."""
    for one in belongings:
        _known[one.name] = one


def handed_in() -> list[Belonging]:
    """All that was handed in, features below first."""
    return list(_known.values())


def name_of(column: Attribute) -> str:
    """ "table.column" of a mapped column."""
    return f"{column.class_.__tablename__}.{column.key}"


def key_of(column: Attribute) -> Attribute:
    """The primary key of the column's table; these tables have one of a single column."""
    mapper = inspect(column.class_)
    found: Attribute = getattr(column.class_, mapper.get_property_by_column(mapper.primary_key[0]).key)
    return found


def one_each(column: Attribute, *key: Attribute, where: ColumnElement[bool] | None = None) -> Clashes:
    """A person has only one row for each value of `key` (with no key: one at all), among those that fulfil `where`."""

    def clashes(kept_id: int, gone_id: int) -> Mapping[int, int | None]:
        statement = select(column, key_of(column), *key).where(column.in_([kept_id, gone_id]))
        rows = session().execute(statement if where is None else statement.where(where)).all()
        kept = {tuple(row[2:]): row[1] for row in rows if row[0] == kept_id}
        return {row[1]: kept[tuple(row[2:])] for row in rows if row[0] == gone_id and tuple(row[2:]) in kept}

    return clashes


def counts(person_ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    """For each person what belongs to them: (label, how many), one statement a kind."""
    found: dict[int, list[tuple[str, int]]] = {one: [] for one in person_ids}
    for one in handed_in():
        statement = select(one.column, func.count()).where(one.column.in_(person_ids)).group_by(one.column)
        for person_id, number in session().execute(statement):
            found[person_id].append((one.label, number))
    return found


def _post_told(post: Post) -> str:
    return f"{post.name}, {post.unit.name}" if post.name else post.unit.name


hand_in(
    Belonging(
        Post.person_id,
        N_("Chức vụ"),
        _post_told,
        one_each(Post.person_id, Post.unit_id, Post.name, Post.from_on, Post.to_on),
    ),
    Belonging(
        PrivateDetails.person_id,
        N_("Thông tin riêng"),
        lambda details: str(details.purpose),
        one_each(PrivateDetails.person_id),
    ),
    Belonging(DataRequest.person_id, N_("Đề nghị về dữ liệu cá nhân"), lambda request: f"{request.asked_at:%d/%m/%Y}"),
)
