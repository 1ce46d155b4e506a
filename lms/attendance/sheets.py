"""The sign-in sheet of one half-day: a row and a box for the signature of each delegate, by NĐ 30/2020/NĐ-CP.

Sixteen rows to an A4 page. The totals and the signature of whoever kept the sheet stand on the last page only, with
some rows above them. Every row prints: what is long shrinks, to no less than LEAST, and is then cut with "…"
(`lms.core.fitting`). Positions in mm from the top-left corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from lms.core.fitting import cut, fit_or_cut, fit_whole
from lms.core.letterhead import BOTTOM, LEFT, RIGHT, official_head, page_number, specimen_mark
from lms.core.pdf import A4_PORTRAIT, BLACK, GREY, Document, Setting, Sheet, Typeface

ROWS_PER_PAGE = 16
_ROW = 12.5
_HEAD = 9.5
_CLOSING = 34.0  # height of totals and signature
_KEPT_TOGETHER = 4  # rows that move to the last page with the signature
_SHADE = HexColor("#efece4")
_CELL_LEADING = 1.12
_WIDTH = RIGHT - LEFT
LEAST = {"name": 7.0, "post": 6.0, "title": 8.0}
"""The smallest sizes in points; the unit's is the post's, the session's line the title's."""
_COLUMNS = (
    (10.0, "TT", "No."),
    (15.0, "Mã", "Code"),
    (46.0, "Họ và tên", "Full name"),
    (60.0, "Chức vụ, đơn vị", "Post, unit"),
    (34.0, "Ký tên", "Signature"),
)


@dataclass(frozen=True)
class SignInRow:
    """One person expected; `ticket` is what their badge says (at most 20 letters, digits and "-")."""

    ticket: str
    name: str
    post: str
    unit: str


@dataclass(frozen=True)
class SignInSheet:
    """What one half-day's sheet says; `session` is its line, such as "Buổi sáng, ngày 07 tháng 8 năm 2024, …".

    `printed` says of when the list is, so that whoever enters the signed paper later finds its rows again.
    """

    agency: str
    event: str
    session: str
    rows: Sequence[SignInRow] = field(default_factory=tuple)
    superior: str = ""
    specimen: bool = False
    printed: str = ""


def draw(sheet: SignInSheet) -> bytes:
    """The sheet as a PDF. Raises TextDoesNotFit for a ticket longer than its code."""
    return draw_all([sheet])


def draw_all(sheets: Sequence[SignInSheet]) -> bytes:
    """Sheets of one half-day, at least one, in one PDF, each numbered by itself. Raises as `draw`."""
    document = _document(sheets[0])
    for sheet in sheets:
        _draw(document, sheet)
    return document.finish()


def rows_on_pages(sheet: SignInSheet) -> list[int]:
    """How many rows each printed page carries."""
    top = _draw_first_head(_document(sheet).sheet(), sheet)
    return _pages(len(sheet.rows), top, _NextHead.of(sheet).height)


def _document(sheet: SignInSheet) -> Document:
    return Document(
        title=f"Danh sách điểm danh · {sheet.session}", author=sheet.agency, subject=sheet.event, paper=A4_PORTRAIT
    )


def _draw(document: Document, sheet: SignInSheet) -> None:
    first = document.sheet()
    top = _draw_first_head(first, sheet)
    if sheet.printed:
        said = f"Danh sách in lúc {sheet.printed}"
        first.text(LEFT, top - 2, said, Typeface.SERIF_ITALIC, 10, BLACK, "left")
    pages = _pages(len(sheet.rows), top, _NextHead.of(sheet).height)
    start = 0
    for number, count in enumerate(pages, start=1):
        page = first if number == 1 else document.sheet()
        if number > 1:
            top = _draw_next_head(page, sheet, number)
        if sheet.specimen:
            specimen_mark(page, 112.5, 170, 200, 50)
        part = f"tờ {number}/{len(pages)}"
        page.text(RIGHT, top - 2, f"{part} · sheet {number} of {len(pages)}", Typeface.SERIF_ITALIC, 11, BLACK, "right")
        y = _draw_table(page, top, sheet.rows[start : start + count], start + 1)
        start += count
    _draw_closing(page, y, len(sheet.rows))


def _pages(rows: int, first_top: float, next_top: float) -> list[int]:
    """How many rows each page carries, when the first table begins at `first_top` and the others at `next_top`."""
    pages: list[int] = []
    top, left = first_top, rows
    while left > _room(top, _CLOSING):
        count = min(left, _room(top, 0))
        if count == left:  # all would fit, were it not for the signature
            count -= _KEPT_TOGETHER
        pages.append(count)
        top, left = next_top, left - count
    return [*pages, left]


def _room(top: float, closing: float) -> int:
    """How many rows stand between a table's head at `top` and the bottom margin, with `closing` mm after them."""
    return min(ROWS_PER_PAGE, int((BOTTOM - top - _HEAD - closing) / _ROW))


def _draw_first_head(page: Sheet, sheet: SignInSheet) -> float:
    """Headings and title; returns the y where the table begins."""
    y = official_head(page, sheet.superior, sheet.agency) + 6
    page.text(112.5, y, "DANH SÁCH ĐIỂM DANH", Typeface.SERIF_BOLD, 14, BLACK)
    page.text(112.5, y + 4.6, "Attendance sheet", Typeface.SERIF_ITALIC, 10.5, GREY)
    title = fit_or_cut(
        sheet.event, Typeface.SERIF_BOLD, _WIDTH, (12.5, 11.5, 1), (12, 10.5, 2), (10.5, LEAST["title"], 5)
    )
    y = page.lines(112.5, y + 10.4, title, 1.2, BLACK)
    session = fit_or_cut(
        sheet.session, Typeface.SERIF_ITALIC, _WIDTH, (12, 10, 1), (10.5, 10, 2), (10, LEAST["title"], 5)
    )
    return page.lines(112.5, y + 5.4, session, 1.2, BLACK) + 6.6


@dataclass(frozen=True)
class _NextHead:
    """The fitted lines above the table from the second page on."""

    title: Setting
    session: Setting

    @classmethod
    def of(cls, sheet: SignInSheet) -> "_NextHead":
        title = fit_or_cut(sheet.event, Typeface.SERIF_BOLD, _WIDTH, (11.5, 10, 1), (10, 9, 2), (9, LEAST["title"], 5))
        session = fit_or_cut(sheet.session, Typeface.SERIF_ITALIC, _WIDTH - 36, (11, 9, 1), (9, LEAST["title"], 5))
        return cls(title, session)

    @property
    def height(self) -> float:
        """Where the table begins, in mm."""
        further = [max(0, len(setting.lines) - 1) * 1.2 * setting.line_height for setting in (self.title, self.session)]
        return 25 + 5 + 2 + sum(further)


def _draw_next_head(page: Sheet, sheet: SignInSheet, number: int) -> float:
    page_number(page, number)
    head = _NextHead.of(sheet)
    y = page.lines(LEFT, 25, head.title, 1.2, BLACK, "left")
    page.lines(LEFT, y + 5, head.session, 1.2, BLACK, "left")
    return head.height


def _draw_table(page: Sheet, y: float, rows: Sequence[SignInRow], first_number: int) -> float:
    """The head and these rows; returns the lower edge."""
    x = LEFT
    for width, label, english in _COLUMNS:
        page.rect(x, y, width, _HEAD, 0.35, BLACK, _SHADE)
        page.text(x + width / 2, y + 4.4, label, Typeface.SERIF_BOLD, 11.5, BLACK)
        page.text(x + width / 2, y + 8.0, english, Typeface.SERIF_ITALIC, 9, GREY)
        x += width
    y += _HEAD
    if not rows:
        page.rect(LEFT, y, _WIDTH, _ROW, 0.35, BLACK)
        note = "Chưa có người nào trong danh sách · No one is on the list yet"
        page.text(LEFT + _WIDTH / 2, y + 7.6, note, Typeface.SERIF_ITALIC, 11.5, BLACK)
        return y + _ROW
    for number, row in enumerate(rows, start=first_number):
        _draw_row(page, y, number, row)
        y += _ROW
    return y


def _draw_row(page: Sheet, y: float, number: int, row: SignInRow) -> None:
    x = LEFT
    for width, _, _ in _COLUMNS:
        page.rect(x, y, width, _ROW, 0.35, BLACK)
        x += width
    page.text(LEFT + 5, y + 7.6, str(number), Typeface.SERIF, 12, BLACK)
    page.qr(LEFT + 12.5, y + 1.25, 10, row.ticket.upper(), version=1, field="ticket")
    name = fit_or_cut(row.name, Typeface.SERIF, 43, (12.5, 11, 1), (12, 9, 2), (9, 8, 3), (7.5, LEAST["name"], 4))
    leading = 1.2 if len(name.lines) < 4 else 1.1
    top = _first_baseline(y, name.line_height * leading, len(name.lines))
    page.lines(LEFT + 27, top, name, leading, BLACK, "left")
    post, unit = _post_and_unit(row)
    line = _CELL_LEADING * unit.line_height
    baseline = _first_baseline(y, line, len(post.lines) + len(unit.lines))
    for setting in (post, unit):
        for text in setting.lines:
            page.text(LEFT + 73, baseline, text, setting.face, setting.size, BLACK, "left")
            baseline += line


def _post_and_unit(row: SignInRow) -> tuple[Setting, Setting]:
    """Both in one size, on as many lines as the row has room for: two at 11 points, four at 6, where both are cut."""
    for half_points in range(22, int(2 * LEAST["post"]) - 1, -1):
        size = half_points / 2
        room = int((_ROW - 0.7) * mm / (_CELL_LEADING * size))
        post = fit_whole(row.post, Typeface.SERIF, 57, (size, size, 9))
        unit = fit_whole(row.unit, Typeface.SERIF, 57, (size, size, 9))
        if post is not None and unit is not None and len(post.lines) + len(unit.lines) <= room:
            return post, unit
    unit = cut(row.unit, Typeface.SERIF, 57, size, room // 2)
    post = cut(row.post, Typeface.SERIF, 57, size, room - len(unit.lines))
    return post, cut(row.unit, Typeface.SERIF, 57, size, room - len(post.lines))


def _first_baseline(top: float, line: float, lines: int) -> float:
    """The first baseline of `lines` lines centred in a row."""
    return top + _ROW / 2 + 0.27 * line - (lines - 1) * line / 2


def _draw_closing(page: Sheet, y: float, listed: int) -> None:
    """Totals on the left, the signature on the right."""
    page.text(LEFT, y + 7, f"Danh sách có {listed} người.", Typeface.SERIF, 12, BLACK, "left")
    page.text(LEFT, y + 13, "Có mặt: ……… người. Vắng: ……… người.", Typeface.SERIF, 12, BLACK, "left")
    english = f"{listed} listed; ……… present; ……… absent"
    page.text(LEFT, y + 18.4, english, Typeface.SERIF_ITALIC, 10, GREY, "left")
    page.text(155, y + 7, "NGƯỜI PHỤ TRÁCH ĐIỂM DANH", Typeface.SERIF_BOLD, 12, BLACK)
    page.text(155, y + 12, "(Ký, ghi rõ họ tên · Signature, full name)", Typeface.SERIF_ITALIC, 10.5, BLACK)
