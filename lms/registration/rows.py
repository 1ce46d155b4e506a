"""Checking the rows of a delegate list: what is wrong, what was mended, who stands there twice. No database here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from lms.core import clock, text
from lms.core.errors import N_, RuleBroken
from lms.registration.identity import apart, identity_keys
from lms.registration.mapping import LABELS, Field
from lms.registration.unit_names import UnitIndex

MAX_NAME: Final = 120
MAX_POST: Final = 200
MAX_NOTE: Final = 300
MAX_EMAIL: Final = 254
_RAW_KEPT: Final = 500

_COMRADE = re.compile(r"^(đ\s*/\s*c|đồng chí)[\s.:]+", re.IGNORECASE)
_EMAIL = re.compile(
    r"[a-z0-9._%+'-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+", re.IGNORECASE
)
_NAME_CHARACTER = re.compile(r"[^\w\s.,'’\-–()]|_")
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Repair = tuple[str, str]
"""The mended text, and how it was wrong: "nfd", "phone", "title", "control", or "" where nothing was."""


@dataclass
class SheetRow:
    """One row as it was read, what will be written of it, and what stands in the way.

    `raw` (the file's text), `typed` (what a person wrote instead) and `values` are by field name. `errors`: dicts of
    field, column, heading, code, message, params; `repairs`: dicts of field, column, heading, from, to, encoding.
    `same_as_row` is an earlier row with the same person, `person_id` a person already known, `duplicate_of` the id of
    a delegate who is already on the list.
    """

    row: int
    raw: dict[str, str]
    typed: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    repairs: list[dict[str, str]] = field(default_factory=list)
    same_as_row: int | None = None
    person_id: int | None = None
    duplicate_of: int | None = None
    skipped: bool = False

    @property
    def state(self) -> str:
        """skipped, error, known (already a delegate) or new."""
        if self.skipped:
            return "skipped"
        if self.errors:
            return "error"
        return "known" if self.duplicate_of is not None else "new"

    def cell(self, name: str) -> str:
        """The text of a field as it stands now: what was typed, else what will be written, else the file's."""
        if name in self.typed:
            return self.typed[name]
        wrong = any(error["field"] == name for error in self.errors if error["code"] != "double")
        return self.raw.get(name, "") if wrong else str(self.values.get(name, ""))

    def plain(self) -> dict[str, Any]:
        """The row as plain JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Columns:
    """Letter and heading of each field's column, for naming a cell."""

    letters: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, name: str) -> dict[str, str]:
        """`{"field", "column", "heading"}` of a field; one that has no column is named by its own label."""
        letter, heading = self.letters.get(name, ("", LABELS[Field(name)]))
        return {"field": name, "column": letter, "heading": heading}


def check_rows(cells: Iterable[tuple[int, Mapping[Field, str]]], columns: Columns, units: UnitIndex) -> list[SheetRow]:
    """Every row checked by itself and against the rows before it."""
    rows = [check_row(number, row, columns, units) for number, row in cells]
    mark_doubles(rows, columns)
    return rows


def check_row(number: int, cells: Mapping[Field, str], columns: Columns, units: UnitIndex) -> SheetRow:
    """One row: each cell's value, or the refusal with its place; a day of birth is looked at and dropped."""
    row = SheetRow(number, {str(name): cell[:_RAW_KEPT] for name, cell in cells.items() if name is not Field.BORN})
    for name, cell in cells.items():
        try:
            value, mended = _CHECKS[name](cell)
            if name is Field.UNIT and value:
                unit = units.get(value)
                row.values |= {"unit": unit.name, "unit_id": unit.id}
            elif name is not Field.BORN:
                row.values[str(name)] = value
        except RuleBroken as refusal:
            row.errors.append(_error(columns.of(name), refusal))
            row.raw[str(name)] = cell[:_RAW_KEPT]
        else:
            if mended:
                row.repairs.append({**columns.of(name), "from": cell[:_RAW_KEPT], "to": str(value), "encoding": mended})
    return row


def correct_row(row: SheetRow, typed: Mapping[str, str], columns: Columns, units: UnitIndex) -> SheetRow:
    """The row checked anew with what was typed on the page; the file's own text stays in `raw`."""
    typed = {**row.typed, **{name: cell for name, cell in typed.items() if cell != row.cell(name) or name in row.typed}}
    cells = {Field(name): cell for name, cell in {**row.raw, **typed}.items()}
    checked = check_row(row.row, cells, columns, units)
    checked.repairs = [repair for repair in checked.repairs if repair["field"] not in typed]
    checked.raw, checked.typed, checked.skipped = row.raw, typed, row.skipped
    return checked


def mark_doubles(rows: Iterable[SheetRow], columns: Columns) -> None:
    """Refuse each row whose person stands in an earlier row; skipped rows and rows with other errors do not count."""
    seen: dict[tuple[str, ...], list[SheetRow]] = {}
    for row in rows:
        row.errors = [error for error in row.errors if error["code"] != "double"]
        row.same_as_row = None
        if row.state not in {"new", "known"}:
            continue
        keys = identity_keys(row.values)
        earlier = next(
            (
                other
                for key in keys
                for other in seen.get(key, ())
                if key[0] != "post" or not apart(row.values, other.values)
            ),
            None,
        )
        if earlier is None:
            for key in keys:
                seen.setdefault(key, []).append(row)
            continue
        row.same_as_row = earlier.row
        refusal = RuleBroken(
            "Người này đã có ở dòng %(row)d. Hãy bỏ qua một trong hai dòng.", code="double", row=earlier.row
        )
        row.errors.append(_error(columns.of(Field.FULL_NAME), refusal))


def check_name(cell: str) -> tuple[str, str]:
    """A full name, as it is; "Đ/c" before it is taken off."""
    name, mended = _tidied(cell)
    if _COMRADE.match(name):
        name, mended = _COMRADE.sub("", name), "title"
    if not name:
        raise RuleBroken("Thiếu họ và tên. Hãy điền.", code="name-missing")
    _check_length(name, MAX_NAME)
    if any(character.isdigit() for character in name):
        raise RuleBroken(
            "Họ và tên “%(name)s” có chữ số. Hãy xem lại có nhầm cột không.", code="name-digits", name=name
        )
    if _NAME_CHARACTER.search(name) or not any(character.isalpha() for character in name):
        raise RuleBroken("Họ và tên “%(name)s” có ký tự lạ. Hãy sửa.", code="name-characters", name=name)
    return name, mended


def check_unit(cell: str) -> tuple[str, str]:
    """What the unit is called; whether there is one is asked of the register."""
    unit, mended = _tidied(cell)
    if not unit:
        raise RuleBroken("Thiếu đơn vị. Hãy điền.", code="unit-missing")
    _check_length(unit, MAX_NOTE)
    return unit, mended


def check_phone(cell: str) -> tuple[str, str]:
    """A Vietnamese number in 10 digits (11 for some fixed lines); +84 and a lost leading zero are mended."""
    written = text.tidy(cell)
    if not written:
        return "", ""
    digits = re.sub(r"[\s.\-()]", "", written)
    international = digits.startswith(("+84", "0084")) or (digits.startswith("84") and len(digits) == 11)
    if international:
        digits = "0" + re.sub(r"^(\+84|0084|84)\(?0?\)?", "", digits)
    lost_zero = bool(re.fullmatch(r"[35789]\d{8}", digits))
    if lost_zero:
        digits = "0" + digits
    if not digits.isascii() or not digits.isdigit():
        raise RuleBroken(
            "Điện thoại “%(phone)s” không phải một số. Hãy ghi một số duy nhất.", code="phone-text", phone=written[:40]
        )
    if not re.fullmatch(r"0[35789]\d{8}|02\d{8,9}", digits):
        raise RuleBroken(
            "Điện thoại “%(phone)s” có %(count)d chữ số. Cần 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09.",
            code="phone-digits",
            phone=written[:40],
            count=len(digits),
        )
    return digits, "phone" if international or lost_zero else ""


def check_email(cell: str) -> tuple[str, str]:
    """An address, in small letters."""
    email = re.sub(r"^mailto:", "", text.tidy(cell), flags=re.IGNORECASE)
    if not email:
        return "", ""
    if len(email) > MAX_EMAIL or ".." in email or not _EMAIL.fullmatch(email):
        raise RuleBroken(
            "“%(email)s” chưa đúng dạng ten@coquan.vn. Hãy sửa hoặc để trống.", code="email", email=email[:80]
        )
    return email.casefold(), ""


def check_born(cell: str) -> tuple[str, str]:
    """Look whether a day, month or year of birth can be one; it is never kept."""
    written = text.tidy(cell)
    if not written:
        return "", ""
    if iso := _ISO.fullmatch(written):
        year, month, day = (int(part) for part in iso.groups())
    elif whole := _DAY.fullmatch(written):
        day, month, year = (int(part) for part in whole.groups())
    elif half := _MONTH.fullmatch(written):
        day, (month, year) = 1, (int(part) for part in half.groups())
    elif re.fullmatch(r"\d{4}", written):
        day, month, year = 1, 1, int(written)
    else:
        raise RuleBroken(
            "Ngày sinh “%(born)s” không đọc được. Hãy ghi ngày/tháng/năm hoặc để trống.", code="born", born=written[:40]
        )
    _check_day(year, month, day, written)
    return written, ""


def _check_day(year: int, month: int, day: int, written: str) -> None:
    if not 1 <= month <= 12:
        raise RuleBroken(
            "Ngày sinh “%(born)s”: không có tháng %(month)d. Hãy sửa hoặc để trống.",
            code="born",
            born=written,
            month=month,
        )
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = 28 if month == 2 and not leap else _MONTH_DAYS[month - 1]
    if not 1 <= day <= last:
        raise RuleBroken(
            "Ngày sinh “%(born)s”: tháng %(month)s chỉ có %(last)d ngày. Hãy sửa hoặc để trống.",
            code="born",
            born=written,
            month=f"{month:02d}/{year}",
            last=last,
        )
    if year < 1900 or date(year, month, day) > clock.today():
        raise RuleBroken("Ngày sinh “%(born)s” không thể có. Hãy sửa hoặc để trống.", code="born", born=written)


def _check_post(cell: str) -> tuple[str, str]:
    post, mended = _tidied(cell)
    _check_length(post, MAX_POST)
    return post, mended


def _check_note(cell: str) -> tuple[str, str]:
    note, mended = _tidied(cell)
    _check_length(note, MAX_NOTE)
    return note, mended


_CHECKS: Final = {
    Field.FULL_NAME: check_name,
    Field.UNIT: check_unit,
    Field.POST: _check_post,
    Field.PHONE: check_phone,
    Field.EMAIL: check_email,
    Field.BORN: check_born,
    Field.NOTE: _check_note,
}


def check_value(name: Field, cell: str) -> tuple[str, str]:
    """The value of one cell and how it was mended. Raises RuleBroken."""
    return _CHECKS[name](cell)


def _tidied(cell: str) -> Repair:
    """NFC, single spaces; a letter written with loose marks, or an invisible character, is a repair worth showing."""
    tidy = text.tidy(cell)
    spaced = " ".join(cell.split())
    if spaced == tidy:
        return tidy, ""
    return tidy, "nfd" if text.tidy(spaced) == tidy and len(spaced) > len(tidy) and _has_loose_marks(
        cell
    ) else "control"


def _has_loose_marks(cell: str) -> bool:
    return any(0x300 <= ord(character) <= 0x36F for character in cell)


def _check_length(value: str, maximum: int) -> None:
    if len(value) > maximum:
        raise RuleBroken(
            "Ô này dài %(count)d ký tự, tối đa %(max)d. Hãy rút ngắn.", code="too-long", count=len(value), max=maximum
        )


def _error(place: dict[str, str], refusal: RuleBroken) -> dict[str, Any]:
    return {**place, "code": refusal.code, "message": refusal.message, "params": refusal.params}


ENCODINGS: Final[dict[str, str]] = {
    "nfd": N_("dấu rời"),
    "control": N_("ký tự ẩn"),
    "phone": N_("số điện thoại"),
    "title": N_("bỏ “đ/c”"),
}
"""What was mended, in words."""
