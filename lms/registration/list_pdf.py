"""The delegate list of an event on paper, unit by unit, by NĐ 30/2020/NĐ-CP; positions in mm from the top-left.

An official paper: Vietnamese only, as its Word form (`papers.list_paper`) is. Every row prints: what is long shrinks,
to no less than 7 points, and is then cut with "…" (`lms.core.fitting`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.lib.colors import HexColor

from lms.core.fitting import fit_or_cut
from lms.core.letterhead import BOTTOM, LEFT, RIGHT, official_head, page_number, specimen_mark
from lms.core.pdf import A4_PORTRAIT, BLACK, Document, Setting, Sheet, Typeface

_WIDTH = RIGHT - LEFT
_HEAD = 9.5
_SHADE = HexColor("#efece4")
_PALE = HexColor("#f7f5ef")
_COLUMNS = (
    (12.0, "TT"),
    (58.0, "Họ và tên"),
    (63.0, "Chức vụ"),
    (32.0, "Điện thoại"),
)


@dataclass(frozen=True)
class DelegateRow:
    """One person, with the post held on the day; `phone` may be empty."""

    name: str
    post: str
    phone: str = ""


@dataclass(frozen=True)
class UnitGroup:
    """The delegates of one unit, in the order to print."""

    unit: str
    delegates: Sequence[DelegateRow]


@dataclass(frozen=True)
class DelegateList:
    """The whole list; `when` is the line under the title: days and place.

    `units` is how many units they come from, where the groups are no units.
    """

    agency: str
    event: str
    when: str
    groups: Sequence[UnitGroup] = field(default_factory=tuple)
    superior: str = ""
    specimen: bool = False
    units: int | None = None

    @property
    def people(self) -> int:
        """How many are on it."""
        return sum(len(group.delegates) for group in self.groups)

    @property
    def closing(self) -> str:
        """The line under the list."""
        units = len(self.groups) if self.units is None else self.units
        return f"Danh sách có {self.people} đại biểu của {units} đơn vị."


def draw(delegates: DelegateList) -> bytes:
    """The list as a PDF."""
    return _Printer(delegates).print()


class _Printer:
    """Walks down the page and turns it when a row no longer fits."""

    def __init__(self, delegates: DelegateList) -> None:
        self.list = delegates
        self.document = Document(
            title=f"Danh sách đại biểu · {delegates.event}",
            author=delegates.agency,
            subject=delegates.event,
            paper=A4_PORTRAIT,
        )
        self.page = self._next_page()
        self.y = 25.0

    def print(self) -> bytes:
        """Everything from the headings to the closing line."""
        self._draw_title()
        self._draw_head()
        number = 0
        for order, group in enumerate(self.list.groups, start=1):
            heading = _Heading.of(order if len(self.list.groups) > 1 else 0, group)
            rows = [_Row.of(delegate) for delegate in group.delegates]
            self._make_room(heading.height + sum(row.height for row in rows[:2]))
            self._draw_heading(heading)
            for row in rows:
                number += 1
                if self._make_room(row.height):
                    self._draw_heading(heading, continued=True)
                self._draw_row(number, row)
        self._draw_closing()
        return self.document.finish()

    def _next_page(self) -> Sheet:
        page = self.document.sheet()
        page_number(page, self.document.pages)
        if self.list.specimen:
            specimen_mark(page, 112.5, 160, 200, 50)
        return page

    def _make_room(self, height: float) -> bool:
        """Turn the page if `height` mm no longer fit on this one; whether it was turned."""
        if self.y + height <= BOTTOM:
            return False
        self.page = self._next_page()
        self.y = 20.0
        self._draw_head()
        return True

    def _draw_title(self) -> None:
        page, middle = self.page, (LEFT + RIGHT) / 2
        y = official_head(page, self.list.superior, self.list.agency) + 8
        page.text(middle, y, "DANH SÁCH ĐẠI BIỂU", Typeface.SERIF_BOLD, 14, BLACK)
        event = fit_or_cut(
            self.list.event, Typeface.SERIF_BOLD, _WIDTH, (13, 12, 1), (13, 11, 2), (11, 10, 3), (10, 8, 5)
        )
        y = page.lines(middle, y + 6.5, event, 1.25, BLACK)
        when = fit_or_cut(self.list.when, Typeface.SERIF_ITALIC, _WIDTH, (12.5, 10.5, 1), (11, 10, 2), (10, 8, 4))
        self.y = page.lines(middle, y + 6, when, 1.25, BLACK) + 5

    def _draw_head(self) -> None:
        x = LEFT
        for width, label in _COLUMNS:
            self.page.rect(x, self.y, width, _HEAD, 0.35, BLACK, _SHADE)
            self.page.text(x + width / 2, self.y + 6.2, label, Typeface.SERIF_BOLD, 12, BLACK)
            x += width
        self.y += _HEAD
        if not self.list.groups:
            self.page.rect(LEFT, self.y, _WIDTH, _HEAD, 0.35, BLACK)
            note = "Chưa có đại biểu nào"
            self.page.text((LEFT + RIGHT) / 2, self.y + 6.2, note, Typeface.SERIF_ITALIC, 12, BLACK)
            self.y += _HEAD

    def _draw_heading(self, heading: "_Heading", *, continued: bool = False) -> None:
        page, y, height = self.page, self.y, heading.height
        page.rect(LEFT, y, _WIDTH, height, 0.35, BLACK, _PALE)
        page.lines(LEFT + 6, y + height / 2 + 1.4, heading.order, 1, BLACK)
        page.lines(
            LEFT + (14 if heading.order.lines else 2), heading.unit_baseline(y), heading.unit, 1.2, BLACK, "left"
        )
        count = "tiếp theo" if continued else f"{heading.people} người"
        page.text(RIGHT - 2, y + height / 2 + 1.4, count, Typeface.SERIF_ITALIC, 11, BLACK, "right")
        self.y += height

    def _draw_row(self, number: int, row: "_Row") -> None:
        x = LEFT
        cells = zip((row.name, row.post, row.phone), _COLUMNS[1:], strict=True)
        self.page.rect(x, self.y, _COLUMNS[0][0], row.height, 0.35, BLACK)
        baseline = self.y + row.height / 2 + 1.4
        self.page.text(x + _COLUMNS[0][0] / 2, baseline, str(number), Typeface.SERIF, 12, BLACK)
        x += _COLUMNS[0][0]
        for setting, (width, _) in cells:
            self.page.rect(x, self.y, width, row.height, 0.35, BLACK)
            self.page.lines(x + 2, _centred(setting, self.y, row.height), setting, 1.2, BLACK, "left")
            x += width
        self.y += row.height

    def _draw_closing(self) -> None:
        if self.y + 14 > BOTTOM:
            self.page = self._next_page()
            self.y = 20.0
        self.page.text(LEFT, self.y + 7, self.list.closing, Typeface.SERIF, 12, BLACK, "left")


@dataclass(frozen=True)
class _Heading:
    """The fitted heading of one unit's delegates."""

    order: Setting
    unit: Setting
    people: int
    height: float

    @classmethod
    def of(cls, order: int, group: UnitGroup) -> "_Heading":
        """The heading numbered `order`; 0 for the only group, which bears no numeral."""
        unit = fit_or_cut(group.unit, Typeface.SERIF_BOLD, _WIDTH - 36, (12, 11, 1), (11.5, 9.5, 2), (9, 8, 3))
        numeral = fit_or_cut(roman(order) if order else "", Typeface.SERIF_BOLD, 11, (12, 6, 1))
        return cls(numeral, unit, len(group.delegates), 8.0 if len(unit.lines) < 2 else 12.0)

    def unit_baseline(self, top: float) -> float:
        """The first baseline of the unit's name in a band that begins at `top`."""
        return _centred(self.unit, top, self.height)


@dataclass(frozen=True)
class _Row:
    """The fitted cells of one delegate and the height they need."""

    name: Setting
    post: Setting
    phone: Setting
    height: float

    @classmethod
    def of(cls, delegate: DelegateRow) -> "_Row":
        name = fit_or_cut(delegate.name, Typeface.SERIF, 54, (12, 10.5, 1), (11.5, 9, 2), (9, 8, 3), (8, 7, 4))
        post = fit_or_cut(delegate.post, Typeface.SERIF, 59, (12, 10.5, 1), (11, 9.5, 2), (9.5, 8, 4), (8, 7, 7))
        phone = fit_or_cut(delegate.phone, Typeface.SERIF, 28, (12, 9, 1), (9, 7, 2))
        tallest = max(1.2 * cell.line_height * max(1, len(cell.lines)) for cell in (name, post, phone))
        return cls(name, post, phone, max(7.5, tallest + 2.4))


def _centred(setting: Setting, top: float, height: float) -> float:
    """The first baseline of a text that stands in the middle of a cell."""
    line = 1.2 * setting.line_height
    return top + height / 2 + 0.28 * line - (len(setting.lines) - 1) * line / 2


def roman(number: int) -> str:
    """Roman numeral, as official lists number their groups. Raises ValueError below 1."""
    if number < 1:
        raise ValueError("Roman numerals begin at 1")
    numerals = ""
    for value, letters in (
        *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
        *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
    ):
        count, number = divmod(number, value)
        numerals += letters * count
    return numerals
