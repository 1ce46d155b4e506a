"""From a file's bytes to checked rows for an event: sheets, headings, people, and who of them is known."""

import hashlib
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event
from lms.registration import choosing, known, lines, mapping, spreadsheet
from lms.registration.grid import Grid
from lms.registration.headings import REQUIRED, Field, is_order_number
from lms.registration.mapping import Mapping
from lms.registration.models import Delegate, DelegateImport
from lms.registration.own_units import OwnUnits
from lms.registration.rows import OWN, Columns, SheetRow, check_rows, compared, double_error, mark_doubles
from lms.registration.unit_names import UnitIndex


@dataclass(frozen=True)
class Choices:
    """What a person said of the columns: letter → field ("" for none), and the sheets to be read (None: as found)."""

    fields: Map[str, str] = field(default_factory=dict)
    sheets: frozenset[str] | None = None


@dataclass(frozen=True)
class Inspection:
    """What a file holds for an event, before anything is kept or written.

    `layout["missing"]` names required fields that no column holds; then there are no rows.
    """

    layout: dict[str, Any]
    rows: list[SheetRow]


def inspect(
    event: Event,
    content: bytes,
    file_name: str,
    choices: Choices | None = None,
    *,
    by_hand: bool = False,
    unit_id: int | None = None,
) -> Inspection:
    """Read and check a file; `choices` are those made on the page, `unit_id` says whose own people alone it may hold.

    Raises RuleBroken or RulesBroken for one that cannot be read as a list of delegates. With `by_hand` a file whose
    headings say too little is no error, as long as there are columns that a person can name.
    """
    grids, units = spreadsheet.read(content, file_name), choosing.units_for(event, unit_id)
    found = _mappings(grids, units, choices or Choices(), by_hand)
    layout = mapping.as_layout(found, grids) | ({"unit": unit_id} if unit_id is not None else {})
    if not _whole(found[0], units):
        layout["missing"] = [str(name) for name in found[0].missing()]
        return Inspection(layout, [])
    rows = [
        row
        for number, one in enumerate(found)
        for row in check_rows(_lines(one, units), columns_of(layout, number), units, one.grid.name, number)
    ]
    if not rows:
        raise RuleBroken(
            "Dưới dòng tiêu đề %(row)d không có người nào. Hãy xem lại tệp.",
            field="file",
            code="no-rows",
            row=found[0].header_row,
        )
    examine(event, rows, layout, hashlib.sha256(content).hexdigest())
    return Inspection(layout, rows)


def columns_of(layout: Map[str, Any], sheet_number: int = 0) -> Columns:
    """Letters and headings by field, of one of the sheets that were read."""
    places = layout.get("places")
    if places is None:
        return Columns({one["field"]: (one["letter"], one["heading"]) for one in layout["columns"] if one["field"]})
    return Columns({name: (letter, heading) for name, (letter, heading) in places[sheet_number].items()})


def examine(event: Event, rows: Sequence[SheetRow], layout: Map[str, Any], file: str) -> None:
    """Find the same person twice in the file, people already known or likely so, and those already on the list.

    `file` is the SHA-256 of the file: whom a row of the very same file brought before is whom it means again. To a unit
    nobody of another is proposed: what is alike is left to those who keep the register of people.
    """
    mark_doubles(rows, lambda row: columns_of(layout, row.sheet_number))
    for row in rows:
        row.person_id = row.duplicate_of = row.alike = None
    right = [row for row in rows if row.state == "new"]
    delegates = session().execute(select(Delegate.person_id, Delegate.id).where(Delegate.event_id == event.id))
    on_list = {one.person_id: one.id for one in delegates}
    before, seen = _brought_before(event, file, on_list), dict[int, SheetRow]()
    for row, match in zip(right, _known_of(right), strict=True):
        person_id = match.person_id or before.get((row.key, row.values["full_name"]))
        if person_id is None:
            row.alike = match.alike
            asked = layout.get("unit") is None
            person_id = match.alike["person_id"] if match.alike and row.same and asked else None
        if person_id is None:
            continue
        if person_id in seen:
            row.errors.append(double_error(row, seen[person_id], columns_of(layout, row.sheet_number)))
            continue
        seen[person_id] = row
        row.person_id, row.duplicate_of = person_id, on_list.get(person_id)


def _known_of(rows: Sequence[SheetRow]) -> list[known.Match]:
    """Whom each row names; where a cell was kept as in the file also whom it would name otherwise."""
    kept = [row for row in rows if row.kept]
    otherwise = dict(zip([row.key for row in kept], known.look_up([compared(row) for row in kept]), strict=True))
    found = known.look_up([row.values for row in rows])
    return [
        otherwise[row.key] if row.kept and match.person_id is None else match
        for row, match in zip(rows, found, strict=True)
    ]


def _brought_before(event: Event, file: str, on_list: Map[int, int]) -> dict[tuple[int, str], int]:
    """(key, name) of the rows of this very file that were written before → the person, if still on the list."""
    written = (DelegateImport.event_id == event.id, DelegateImport.file == file, DelegateImport.written_at.is_not(None))
    return {
        (row.key, row.values["full_name"]): row.person_id
        for rows in session().scalars(select(DelegateImport.rows).where(*written))
        for row in (SheetRow(**one) for one in rows)
        if row.person_id is not None and row.person_id in on_list and "full_name" in row.values
    }


def _mappings(grids: Sequence[Grid], units: UnitIndex, choices: Choices, by_hand: bool) -> list[Mapping]:
    """The sheets that are lists of delegates; those alone that were chosen, with columns named as was chosen."""
    _refuse_twice(choices)
    wanted = [grid for grid in grids if choices.sheets is None or grid.name in choices.sheets] or grids
    found = [one.with_fields(choices.fields) for grid in wanted if (one := mapping.likeliest(grid)) is not None]
    whole = [one for one in found if _whole(one, units)]
    if whole:
        return whole
    best = max(found, key=mapping.worth, default=None)
    if best is not None and (choices.fields or (by_hand and _open_columns(best))):
        return [best]
    raise mapping.missing_columns(best)


def _whole(found: Mapping, units: UnitIndex) -> bool:
    missing = found.missing()
    own = isinstance(units, OwnUnits)
    return not missing or (missing == [Field.UNIT] and (own or lines.unit_known(found, units.has)))


def _lines(found: Mapping, units: UnitIndex) -> list[lines.Line]:
    """The people of a sheet; in a unit's own list whoever stands under no unit is of that one."""
    people = lines.read(found, units.has)
    if isinstance(units, OwnUnits) and units.unit is not None:
        for line in people:
            if not line.mended.get(Field.UNIT, (line.cells.get(Field.UNIT, ""), ""))[0].strip():
                line.mended[Field.UNIT] = (units.unit.name, OWN)
    return people


def _open_columns(found: Mapping) -> bool:
    """Whether any column's meaning is still open."""
    return any(column.field is None and not is_order_number(column.heading) for column in found.all_columns())


def _refuse_twice(choices: Choices) -> None:
    chosen = [name for name in choices.fields.values() if name]
    for name in chosen:
        if chosen.count(name) > 1:
            raise RuleBroken(
                "Hai cột cùng được chọn là “%(label)s”. Hãy chọn lại.",
                code="column-twice",
                label=mapping.LABELS[Field(name)],
            )


__all__ = ["REQUIRED", "Choices", "Inspection", "columns_of", "examine", "inspect"]
