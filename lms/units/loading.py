"""Load the register: the 63 provinces, the 34 that followed them, central bodies and their offices."""

import csv
from datetime import date
from typing import Any

import yaml
from sqlalchemy import select

from lms.core.db import session
from lms.core.text import fold
from lms.places import PACKAGE
from lms.units.models import Succession, Unit, UnitKind

REORGANISED_ON = date(2025, 7, 1)
"""First day of the 34 provinces (Nghị quyết 202/2025/QH15, adopted 12/6/2025)."""
HUE_A_CITY_ON = date(2025, 1, 1)
_DOCUMENT = "Nghị quyết 202/2025/QH15"
_DATA = PACKAGE / "units" / "data"


def load() -> int:
    """Write what is missing and correct what differs; units entered by hand stay. The number of units loaded."""
    known = {unit.key: unit for unit in session().scalars(select(Unit))}
    rows = [*_provinces(), *_central_units()]
    for row in rows:
        _keep(known, row)
    session().flush()
    for row in rows:
        parent = row.get("parent")
        unit = known[row["key"]]
        unit.parent = known[parent] if parent else None
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.id}/"
        unit.index_names()
    session().flush()
    _keep_successions(known)
    return len(rows)


def province_key(name: str) -> str:
    """The register's key of a province by its name: "Tỉnh Hà Giang" → "ha-giang"."""
    return fold(bare_name(name)).replace(" - ", "-").replace(" ", "-")


def bare_name(name: str) -> str:
    """A province's name without what it is: "Tỉnh Hà Giang" → "Hà Giang"."""
    return name.removeprefix("Tỉnh ").removeprefix("Thành phố ")


def _keep(known: dict[str, Unit], row: dict[str, Any]) -> None:
    unit = known.get(row["key"])
    if unit is None:
        unit = known[row["key"]] = Unit(key=row["key"], path="")
        session().add(unit)
    unit.code, unit.kind = row.get("code", row["key"]), UnitKind(row["kind"])
    unit.name, unit.name_en, unit.short_name = row["name"], row["name_en"], row["short"]
    unit.symbol = row.get("symbol", "")
    unit.valid_from, unit.valid_to = row.get("from"), row.get("to")


def _keep_successions(known: dict[str, Unit]) -> None:
    there = {(one.predecessor_id, one.successor_id) for one in session().scalars(select(Succession))}
    for old, new, on, document in _successions():
        pair = (known[old].id, known[new].id)
        if pair not in there:
            session().add(Succession(predecessor_id=pair[0], successor_id=pair[1], on=on, document=document))
    session().flush()


def _provinces() -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for line in _lines():
        unchanged = line["relation"] == "unchanged"
        old_key = province_key(line["old_name"])
        rows[old_key] = _province(old_key, line["old_name"], line["old_code"], to=None if unchanged else REORGANISED_ON)
        if not unchanged:
            key = _new_key(line)
            rows[key] = _province(key, line["new_name"], line["new_code"], since=REORGANISED_ON)
    rows["hue"]["from"] = HUE_A_CITY_ON
    rows["thua-thien-hue"] = _province("thua-thien-hue", "Tỉnh Thừa Thiên Huế", "46", to=HUE_A_CITY_ON)
    return list(rows.values())


def _province(key: str, name: str, code: str, since: date | None = None, to: date | None = None) -> dict[str, Any]:
    bare = bare_name(name)
    english = f"{bare} City" if name.startswith("Thành phố") else f"{bare} Province"
    return {
        "key": key, "code": code, "kind": "province", "name": name, "name_en": english, "short": bare,
        "symbol": "", "from": since, "to": to,
    }  # fmt: skip


def _new_key(line: dict[str, str]) -> str:
    return f"{province_key(line['new_name'])}-2025"


def _successions() -> list[tuple[str, str, date, str]]:
    found = [
        (province_key(line["old_name"]), _new_key(line), REORGANISED_ON, _DOCUMENT)
        for line in _lines()
        if line["relation"] != "unchanged"
    ]
    return found + [(one["from"], one["to"], one["day"], one["document"]) for one in _yaml()["successions"]]


def _central_units() -> list[dict[str, Any]]:
    units: list[dict[str, Any]] = _yaml()["units"]
    return units


def _lines() -> list[dict[str, str]]:
    with (_DATA / "provinces_63_to_34.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _yaml() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((_DATA / "units.yaml").read_text(encoding="utf-8"))
    return content
