"""Checking the rows of a delegate list: what is wrong, what was mended, who stands there twice. No database here."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from lms.core.errors import N_, RuleBroken
from lms.core.text import fold
from lms.registration import cells
from lms.registration.cells import MAX_NOTE, MAX_POST, check_name, check_phone, check_value
from lms.registration.headings import LABELS, Field
from lms.registration.identity import apart, identity_keys, one_name
from lms.registration.lines import Line
from lms.registration.unit_names import UnitIndex

__all__ = [
    "MAX_NOTE",
    "MAX_POST",
    "Columns",
    "Correction",
    "SheetRow",
    "check_name",
    "check_phone",
    "check_row",
    "check_rows",
    "check_value",
]

OWN: Final = "own"
"""How the unit of a row is known that names none in a unit's own list: it goes without saying."""
_RAW_KEPT: Final = 500
_SHEET: Final = 100_000
_NAMESAKES: Final = 50
"""As many rows of one name are looked at for each further row of it."""


@dataclass
class SheetRow:
    """One row as it was read, what will be written of it, and what stands in the way.

    `raw` (the file's text), `typed` (what a person wrote instead) and `values` are by field name. `errors`: dicts of
    field, column, heading, code, message, params; `repairs`: dicts of field, column, heading, from, to, encoding.
    `mended` is what was read in place of `raw` before anything was checked, with how it was wrong: `[text, source]`;
    the fields in `kept` are to stand as they are in the file. `same_as_row` is the key of an earlier row with the same
    person, `person_id` a person already known, `duplicate_of` the id of a delegate who is already on the list. `alike`
    is a known person who may be the same (see `known`), `same` what was answered to that. `created` names what writing
    the row made: "person", "phone", "email"; `application_id` whom a unit brought beyond its free seats: they wait.
    """

    row: int
    raw: dict[str, str]
    sheet: str = ""
    sheet_number: int = 0
    mended: dict[str, list[str]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    repairs: list[dict[str, str]] = field(default_factory=list)
    same_as_row: int | None = None
    person_id: int | None = None
    duplicate_of: int | None = None
    skipped: bool = False
    alike: dict[str, Any] | None = None
    same: bool | None = None
    created: list[str] = field(default_factory=list)
    application_id: int | None = None

    @property
    def key(self) -> int:
        """The row's own number among all sheets; on the first sheet that of the row."""
        return self.sheet_number * _SHEET + self.row

    @property
    def state(self) -> str:
        """skipped, error, known (already a delegate) or new."""
        if self.skipped:
            return "skipped"
        if self.errors:
            return "error"
        return "known" if self.duplicate_of is not None else "new"

    @property
    def version(self) -> str:
        """Changes with all that a person said of the row: by it a page knows that the row was changed elsewhere."""
        said = json.dumps([self.typed, self.kept, self.skipped], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def cell(self, name: str) -> str:
        """The text of a field as it stands now: what will be written, else what was typed, else the file's."""
        wrong = any(error["field"] == name for error in self.errors if error["code"] != "double")
        if name in self.typed and (wrong or name not in self.values):
            return self.typed[name]
        if wrong:
            return self.raw.get(name, "") if name in self.kept else self.mended.get(name, [self.raw.get(name, "")])[0]
        return str(self.values.get(name, ""))

    def plain(self) -> dict[str, Any]:
        """The row as plain JSON, its lists and dicts shared."""
        return dict(vars(self))


@dataclass(frozen=True)
class Correction:
    """What was said on the page of one row; what the page did not ask stays as it is.

    `typed`: texts by field. `kept`: whether a field is to stand as it is in the file. `same`: whether the person is the
    known one who is alike. `seen`: the version of the row that the page showed.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    skipped: bool | None = None
    same: bool | None = None
    kept: Mapping[str, bool] = field(default_factory=dict)
    seen: str | None = None

    def is_outdated(self, row: SheetRow) -> bool:
        """Whether the row was changed elsewhere since the page showed it, to something else than is said here."""
        if self.seen is None or self.seen == row.version:
            return False
        return self.skipped != row.skipped or any(row.cell(name) != cell.strip() for name, cell in self.typed.items())


@dataclass(frozen=True)
class Columns:
    """Letter and heading of each field's column, for naming a cell."""

    letters: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, name: str) -> dict[str, str]:
        """`{"field", "column", "heading"}` of a field; one that has no column is named by its own label."""
        letter, heading = self.letters.get(name, ("", LABELS[Field(name)]))
        return {"field": name, "column": letter, "heading": heading}


def check_rows(
    lines: Iterable[Line], columns: Columns, units: UnitIndex, sheet: str = "", number: int = 0
) -> list[SheetRow]:
    """Every row of one sheet checked by itself; `number` counts the sheets from 0."""
    return [
        check_row(
            SheetRow(
                line.row,
                {str(name): cell for name, cell in line.cells.items()},
                sheet,
                number,
                {str(name): list(how) for name, how in line.mended.items()},
            ),
            columns,
            units,
        )
        for line in lines
    ]


def check_row(read: SheetRow, columns: Columns, units: UnitIndex) -> SheetRow:
    """One row checked: each cell's value, or the refusal with its place; a day of birth is looked at and dropped."""
    born = str(Field.BORN)
    row = SheetRow(
        read.row,
        {name: cell[:_RAW_KEPT] for name, cell in read.raw.items() if name != born},
        read.sheet,
        read.sheet_number,
        {name: how for name, how in read.mended.items() if name != born},
        read.kept,
        {name: cell for name, cell in read.typed.items() if name != born},
        skipped=read.skipped,
        same=read.same,
    )
    for name in read.raw.keys() | read.typed.keys():
        try:
            _check_cell(row, read, Field(name), columns, units)
        except RuleBroken as refusal:
            row.errors.append(_error(columns.of(name), refusal))
            for texts, kept in ((read.raw, row.raw), (read.typed, row.typed)):
                if name in texts:
                    kept[name] = texts[name][:_RAW_KEPT]
    order = list(Field)
    row.errors.sort(key=lambda error: order.index(Field(error["field"])))
    row.repairs.sort(key=lambda repair: order.index(Field(repair["field"])))
    return row


def _check_cell(row: SheetRow, read: SheetRow, name: Field, columns: Columns, units: UnitIndex) -> None:
    raw = read.raw.get(name, "")
    text_, source = read.mended.get(name, (raw, ""))
    if name in read.typed:
        value, how = cells.check_value(name, read.typed[name])
    elif name in read.kept:
        value, how = cells.as_it_is(name, raw), ""
    else:
        value, how = cells.check_value(name, text_)
    if name is Field.UNIT and value:
        unit = units.get(value)
        row.values |= {"unit": unit.name, "unit_id": unit.id}
    elif name is not Field.BORN:
        row.values[str(name)] = value
    asked = name is not Field.BORN and name not in read.typed and name not in read.kept
    if asked and (source or how) and source != OWN:
        row.repairs.append({**columns.of(name), "from": raw[:_RAW_KEPT], "to": value, "encoding": source or how})


def correct_row(row: SheetRow, said: Correction, columns: Columns, units: UnitIndex) -> SheetRow:
    """The row with what was said of it on the page; the file's own text stays in `raw`.

    What was typed over a cell counts more than that the cell was to stand as it is in the file.
    """
    row.skipped = row.skipped if said.skipped is None else said.skipped
    row.same = row.same if said.same is None else said.same
    changed = {name: cell for name, cell in said.typed.items() if cell != row.cell(name) or name in row.typed}
    kept = {*row.kept} - {name for name, keeps in said.kept.items() if not keeps}
    kept |= {name for name, keeps in said.kept.items() if keeps and name in row.raw}
    kept -= changed.keys()
    if not changed and kept == {*row.kept}:
        return row
    return check_row(replace(row, typed={**row.typed, **changed}, kept=sorted(kept)), columns, units)


def mark_doubles(rows: Iterable[SheetRow], columns: Callable[[SheetRow], Columns]) -> None:
    """Refuse each row whose person stands in an earlier row; skipped rows and rows with other errors do not count."""
    seen: dict[tuple[str, ...], list[tuple[SheetRow, dict[str, Any]]]] = {}
    for row in rows:
        row.errors = [error for error in row.errors if error["code"] != "double"]
        row.same_as_row = None
        if row.state not in {"new", "known"}:
            continue
        values = compared(row)
        keys = identity_keys(values)
        earlier = next(
            (other for key in keys for other, theirs in seen.get(key, ()) if _same(key[0], values, theirs)), None
        )
        if earlier is None:
            for key in keys:
                seen.setdefault(key, []).append((row, values))
            continue
        row.errors.append(double_error(row, earlier, columns(row)))


def _same(kind: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rows that share a key of this kind mean one person."""
    return not apart(one, other) if kind == "post" else one_name(one["full_name"], other["full_name"])


def compared(row: SheetRow) -> dict[str, Any]:
    """The values of a row as they would be had no cell been kept as in the file: "Đ/c Lan" kept is still Lan."""
    values = dict(row.values)
    for name in {*row.kept} - row.typed.keys() - {str(Field.UNIT)}:
        with suppress(RuleBroken):
            values[name] = check_value(Field(name), row.mended.get(name, [row.raw[name]])[0])[0]
    return values


def look_alikes(rows: Iterable[SheetRow]) -> dict[int, SheetRow]:
    """Key of a row → another row of the file that may mean the same person, for each such pair with someone new.

    Alike: the same name but perhaps for accents, in one unit with no phone or address that tells them apart, or with
    the same phone or address.
    """
    found: dict[int, SheetRow] = {}
    named: dict[str, list[tuple[SheetRow, dict[str, Any]]]] = {}
    for row in rows:
        if row.state not in {"new", "known"}:
            continue
        values = compared(row)
        others = named.setdefault(fold(values["full_name"]), [])
        for other, theirs in others:
            if "new" in {row.state, other.state} and _alike(values, theirs):
                found.setdefault(row.key, other)
                found.setdefault(other.key, row)
                break
        if len(others) < _NAMESAKES:
            others.append((row, values))
    return found


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    reached = any(one.get(name) and one[name] == other.get(name) for name in ("phone", "email"))
    return reached or (one["unit_id"] == other["unit_id"] and not apart(one, other))


def double_error(row: SheetRow, earlier: SheetRow, columns: Columns) -> dict[str, Any]:
    """The refusal of a row whose person stands in an earlier row too; the row learns which."""
    row.same_as_row = earlier.key
    if earlier.sheet_number == row.sheet_number:
        message = N_("Người này đã có ở dòng %(row)d. Hãy bỏ qua một trong hai dòng.")
        refusal = RuleBroken(message, code="double", row=earlier.row)
    else:
        message = N_("Người này đã có ở dòng %(row)d của trang “%(sheet)s”. Hãy bỏ qua một trong hai dòng.")
        refusal = RuleBroken(message, code="double", row=earlier.row, sheet=earlier.sheet)
    return _error(columns.of(Field.FULL_NAME), refusal)


def _error(place: dict[str, str], refusal: RuleBroken) -> dict[str, Any]:
    return {**place, "code": refusal.code, "message": refusal.message, "params": refusal.params}
