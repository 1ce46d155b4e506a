"""Units that the demo adds to the register: an invented office and province, and offices of 2023 and 2024."""

from typing import Any

from lms.core.db import session
from lms.core.text import fold
from lms.demo.scene import Scene
from lms.demo.source import read
from lms.units.models import Unit, UnitKind


def add(scene: Scene) -> None:
    """Enter them all; one that is there already stays as it is."""
    source = read("units")
    rows = [*source["units"], *_districts(source["districts"]), *_offices(source["offices"])]
    known = dict(scene.units)
    for row in rows:
        if row["key"] not in known:
            known[row["key"]] = _unit(row, known)


def _unit(row: dict[str, Any], known: dict[str, Unit]) -> Unit:
    parent = known[row["parent"]] if "parent" in row else None
    unit = Unit(
        key=row["key"],
        code=row["key"],
        kind=UnitKind(row["kind"]),
        name=row["name"],
        name_en=row["name_en"],
        short_name=row["short"],
        symbol=row.get("symbol", ""),
        parent=parent,
        valid_to=row.get("to"),
        specimen=row.get("specimen", False),
    )
    unit.index_names()
    session().add(unit)
    session().flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    session().flush()
    return unit


def _districts(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The People's Committees below a province, as rows like those of `units`."""
    rows = []
    for group in groups:
        for level, key, english, names in (
            ("thành phố", "tp", "City", group["cities"]),
            ("huyện", "huyen", "District", group["districts"]),
        ):
            rows += [
                {
                    "key": f"ubnd-{key}-{fold(name).replace(' ', '-')}",
                    "name": f"Ủy ban nhân dân {level} {name}, tỉnh {group['suffix']}",
                    "name_en": f"People's Committee of {name} {english}",
                    "short": f"UBND {level} {name}",
                    "kind": "office",
                    "parent": group["province"],
                    "to": group["to"],
                }
                for name in names
            ]
    return rows


def _offices(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "name": name,
            "name_en": english,
            "short": short,
            "kind": "department",
            "parent": group["province"],
            "to": group["to"],
        }
        for group in groups
        for key, (short, english, name) in group["offices"].items()
    ]
