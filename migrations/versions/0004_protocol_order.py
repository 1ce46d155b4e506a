"""Order of units by protocol: the level stands before the name in the order key of units and in its copy at delegates."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COMMITTEES = (
    *("tỉnh ủy", "thành ủy", "hội đồng nhân dân", "ủy ban nhân dân", "quận ủy", "huyện ủy", "thị ủy"),
    *("đảng ủy xã", "đảng ủy phường", "đảng ủy đặc khu"),
)
_UNITS = sa.table(
    "units",
    *(sa.column(name, sa.Integer) for name in ("id", "parent_id")),
    *(sa.column(name, sa.String) for name in ("kind", "name", "sort_key")),
)


def upgrade() -> None:
    connection = op.get_bind()
    units = {row.id: row for row in connection.execute(sa.select(_UNITS))}
    change = sa.update(_UNITS).where(_UNITS.c.id == sa.bindparam("unit")).values(sort_key=sa.bindparam("ordered"))
    changes = [{"unit": one.id, "ordered": f"{_level(one, units)} {one.sort_key}"} for one in units.values()]
    if changes:
        connection.execute(change, changes)
    _copy_to_delegates()


def downgrade() -> None:
    op.execute(sa.update(_UNITS).values(sort_key=sa.func.substr(_UNITS.c.sort_key, 3)))
    _copy_to_delegates()


def _copy_to_delegates() -> None:
    op.execute(
        "UPDATE delegates SET unit_sort_key = (SELECT units.sort_key FROM units WHERE units.id = delegates.unit_id)"
    )


def _level(unit: sa.Row, units: dict[int, sa.Row]) -> int:
    """1 central, 2 province and its committees, 3 its other bodies, 4 what lies below; as `Unit.level` at 0004."""
    place: sa.Row | None = unit
    while place is not None and place.kind not in ("province", "commune"):
        place = units.get(place.parent_id)
    if place is None:
        return 3 if unit.kind == "department" and unit.parent_id is None else 1
    if place.kind == "commune":
        return 4
    if place.id == unit.id:
        return 2
    name, whole = _plain(unit.name), _plain(place.name)
    kind = next((start for start in _COMMITTEES if name.startswith(start)), None)
    if kind is None:
        return 3
    bare = whole.removeprefix("tỉnh ").removeprefix("thành phố ")
    return 2 if name.removeprefix(kind).strip() in (whole, bare) else 4


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold().replace("uỷ", "ủy")
