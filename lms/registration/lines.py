"""The people under a header: rows that say nothing, totals and signatures left out, units written once filled down."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from lms.registration.headings import plain
from lms.registration.mapping import Field, Mapping

IsUnit = Callable[[str], bool]


@dataclass(frozen=True)
class Line:
    """One person's row: its number in the sheet, and each field's text in the file.

    `mended`: what the field says instead, and how that is known: an encoding, or "merged", "section", "above", "sheet",
    "title-row" for a unit that stands elsewhere.
    """

    row: int
    cells: dict[Field, str]
    mended: dict[Field, tuple[str, str]] = field(default_factory=dict)


_ROMAN = re.compile(r"^\(?(?:[IVX]{1,6}|[A-Z])\)?[.)]?$")
_ROMAN_BEFORE = re.compile(r"^[IVX]{1,6}[.)]\s")
_NUMBERING = re.compile(r"^\s*(?:[IVX]{1,6}|[A-Z]|\d{1,3})\s*[.):/\-–]\s*|\s*[:;.]\s*$|\s*\(\s*\d+[^()]*\)\s*$")
_COUNT = re.compile(r"[\d.,\s%/]*")
_COLUMN_NUMBER = re.compile(r"\(?(?:\d{1,2}|[A-Z])\)?")
_TOTAL = re.compile(r"^\W*(?:tổng|cộng|tong|total)\b", re.IGNORECASE)
_REMARK = re.compile(r"^\W*(?:\(|danh sách (?:này )?(?:có|gồm|trên)|ấn định|ghi chú|lưu ý|\*)", re.IGNORECASE)
_SIGNED = re.compile(
    r"^(?:nguoi (?:lap|ky|tong hop)|lap (?:bieu|danh sach)|thu truong|thu ky$|ky (?:ten|ghi|va|dong dau)|noi nhan"
    r"|xac nhan|tm |t m |tl |kt |tuq )|ngay \d* ?thang \d* ?nam(?: \d*)?$"
)
_SIGNER = re.compile(r"^(?:PHÓ )?(?:GIÁM ĐỐC|CHỦ TỊCH|CHÁNH VĂN PHÒNG|TRƯỞNG (?:BAN|PHÒNG)|BỘ TRƯỞNG|CỤC TRƯỞNG)\b")
_TITLE_UNIT = re.compile(r"^\W*(?:tên )?(?:đơn vị|cơ quan|địa phương)[^:]{0,30}:\s*(.+)$", re.IGNORECASE)
_FILLED_DOWN: Final = (Field.UNIT, Field.POST)


def read(mapping: Mapping, is_unit: IsUnit) -> list[Line]:
    """The people of one sheet. Raises nothing: what is wrong in a row is found when it is checked."""
    walk = _Walk(mapping, is_unit)
    lines = [line for number in range(mapping.first_row, len(mapping.grid.rows) + 1) for line in walk.row(number)]
    _fill_from_above(lines)
    elsewhere = unit_elsewhere(mapping, is_unit)
    if elsewhere and all(not _unit(line) for line in lines):
        for line in lines:
            line.mended[Field.UNIT] = elsewhere
    for line in lines:
        line.cells.setdefault(Field.UNIT, "")
    return lines


def unit_elsewhere(mapping: Mapping, is_unit: IsUnit) -> tuple[str, str] | None:
    """The unit of a whole sheet, and whether its title or its name says so."""
    for row in mapping.grid.rows[: mapping.header_row - 1]:
        for cell in row:
            named = _TITLE_UNIT.match(" ".join(cell.split()))
            if named and is_unit(named.group(1)):
                return named.group(1), "title-row"
    if is_unit(mapping.grid.name):
        return mapping.grid.name, "sheet"
    return None


def unit_known(mapping: Mapping, is_unit: IsUnit) -> bool:
    """Whether a sheet without a column of units says them elsewhere: in its title or name, or in rows between."""
    if unit_elsewhere(mapping, is_unit):
        return True
    walk = _Walk(mapping, is_unit)
    sections = (walk.section_of(row) for row in mapping.grid.rows[mapping.first_row - 1 :])
    return any(section is not None and is_unit(section) for section in sections)


class _Walk:
    """Going down one sheet: which unit stands above, whether the list has ended."""

    def __init__(self, mapping: Mapping, is_unit: IsUnit) -> None:
        self._grid, self._is_unit = mapping.grid, is_unit
        self._columns = [(column.index, column.field) for column in mapping.columns if column.field is not None]
        self._headings = [
            (column.index, column.heading.casefold())
            for column in mapping.columns
            if column.field is not None and column.heading
        ]
        self._order = mapping.order_number()
        self._first = mapping.first_row
        self._merged = _merged_below(mapping)
        self._section = ""
        self._ended = False

    def row(self, number: int) -> Iterable[Line]:
        """The line of a row, if it is a person's."""
        row = self._grid.rows[number - 1]
        texts = [row[index].strip() for index, _field in self._columns]
        if not any(texts):
            self._ended = self._ended or self._signs(row)
            self._section = self.section_of(row) or self._section
            return
        if self._is_header(row):
            self._ended = False
            return
        if self._says_nothing(number, row, texts):
            return
        section = self.section_of(row)
        if section is not None:
            self._section = section
            return
        yield self._line(number, row)

    def section_of(self, row: Sequence[str]) -> str | None:
        """The unit a row names for those below it: its only text, with "II." before it or found in the register."""
        filled = [(index, cell.strip()) for index, cell in enumerate(row) if cell.strip()]
        numbered = bool(filled) and filled[0][0] == self._order and _ROMAN.match(filled[0][1]) is not None
        texts = [text for index, text in filled if index != self._order or not numbered]
        numbered = numbered or any(map(_ROMAN_BEFORE.match, texts))
        texts = [text for text in texts if not _COUNT.fullmatch(text)]
        if len(texts) != 1 or self._counts(row):
            return None
        name = _NUMBERING.sub("", _NUMBERING.sub("", texts[0])).strip()
        return name if name and (numbered or self._is_unit(name)) else None

    def _counts(self, row: Sequence[str]) -> bool:
        return self._order is not None and row[self._order].strip().rstrip(".").isdecimal()

    def _is_header(self, row: Sequence[str]) -> bool:
        """Whether the header is repeated here, as at the top of a printed page."""
        return sum(" ".join(row[index].split()).casefold() == heading for index, heading in self._headings) >= 2

    def _says_nothing(self, number: int, row: Sequence[str], texts: Sequence[str]) -> bool:
        filled = [text for text in texts if text]
        if number == self._first and all(_COLUMN_NUMBER.fullmatch(text) for text in filled):
            return True
        if self._counts(row):
            return self._ended and len(filled) < 2
        cells = [cell.strip() for cell in row if cell.strip()]
        if _TOTAL.match(cells[0]) and all(_COUNT.fullmatch(cell) for cell in cells[1:]):
            return True
        if len(filled) == 1 and _REMARK.match(filled[0]):
            return True
        self._ended = self._ended or self._signs(row)
        return self._ended

    def _signs(self, row: Sequence[str]) -> bool:
        """Whether a list ends here with who made and who signs it; a person's own post does not say so."""
        posts = {index for index, name in self._columns if name in {Field.POST, Field.NOTE}}
        named = any(row[index].strip() for index, name in self._columns if name is Field.FULL_NAME)
        cells = [cell.strip() for index, cell in enumerate(row) if cell.strip() and not (named and index in posts)]
        return any(_SIGNED.search(plain(cell)) or (len(cells) <= 3 and _SIGNER.match(cell)) for cell in cells)

    def _line(self, number: int, row: Sequence[str]) -> Line:
        line = Line(number, {})
        for index, name in self._columns:
            text = row[index]
            raw, source = self._grid.mended.get((number - 1, index), (text, ""))
            above = self._merged.get((number - 1, index))
            if above and not text.strip():
                raw, text, source = "", above, "merged"
            if name is Field.GIVEN:
                _join(line, raw, text, source)
                continue
            line.cells[name] = raw
            if source:
                line.mended[name] = (text, source)
        if self._section and not _unit(line):
            line.mended[Field.UNIT] = (self._section, "section")
        return line


def _join(line: Line, raw: str, text: str, source: str) -> None:
    """Put a given name that stands in a column of its own after the rest of the name."""
    before, how = line.mended.get(Field.FULL_NAME, (line.cells.get(Field.FULL_NAME, ""), ""))
    line.cells[Field.FULL_NAME] = f"{line.cells.get(Field.FULL_NAME, '').strip()} {raw.strip()}".strip()
    if how or source:
        line.mended[Field.FULL_NAME] = (f"{before.strip()} {text.strip()}".strip(), how or source)


def _unit(line: Line) -> str:
    return line.mended.get(Field.UNIT, (line.cells.get(Field.UNIT, ""), ""))[0].strip()


def _merged_below(mapping: Mapping) -> dict[tuple[int, int], str]:
    """Text of the upper cell for each cell under it in the same merged range, in columns that are filled down."""
    places = {column.index for column in mapping.columns if column.field in _FILLED_DOWN}
    rows = mapping.grid.rows
    found = {}
    for first, column, last, _right in mapping.grid.merged:
        if column in places and first >= mapping.first_row - 1 and last > first:
            for row in range(first + 1, min(last, len(rows) - 1) + 1):
                found[row, column] = rows[first][column]
    return found


def _fill_from_above(lines: Sequence[Line]) -> None:
    """Fill blank units from above where the sheet plainly writes each unit once.

    Plainly: the first row has one, at least two and a third as many are blank as are not, and no unit stands in two
    rows running. A single blank in a list that repeats its units is somebody's slip and is asked about.
    """
    units = [_unit(line) for line in lines]
    blank, filled = units.count(""), [unit for unit in units if unit]
    running = any(one and one == next_ for one, next_ in pairwise(units))
    if not units or not units[0] or blank < 2 or blank * 3 < len(filled) or running:
        return
    above = ""
    for line, unit in zip(lines, units, strict=True):
        if unit:
            above = unit
        else:
            line.mended[Field.UNIT] = (above, "above")
