"""Name badges: eight to a page of A4, each with the role in words and colour and a QR code of the ticket.

Positions in mm from the top-left corner of the sheet. Every badge prints: what is long shrinks, to no less than LEAST,
and is then cut with "…" (`lms.core.fitting`); the name last of all, the ticket never.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm

from lms.core.fitting import cut, fit_or_cut, fit_whole
from lms.core.letterhead import specimen_mark
from lms.core.pdf import (
    A4_PORTRAIT,
    GREY,
    INK,
    LAM,
    SON,
    WHITE,
    Document,
    Setting,
    Sheet,
    Typeface,
    fit,
)

_COLUMNS, _ROWS = 2, 4
_WIDTH, _HEIGHT = 95.0, 68.0
_LEFT, _TOP = 10.0, 12.5
_PADDING = 6.0
_BAND = 11.0
_CODE = 22.0
_BESIDE = _WIDTH - 2 * _PADDING - _CODE - 8  # what is left of the code for post, unit and event
_GAP = 5.2  # from the last line of the post to the first of the unit
_CUT = HexColor("#9aa3a5")

LEAST: Final = {"name": 10.0, "post": 6.5, "unit": 6.5, "event": 5.5}
"""The smallest sizes in points."""
NAME: Final = ((24, 20, 1), (19, 14, 2), (13, 11, 3), (10.5, LEAST["name"], 4))
POST: Final = ((11, 9.5, 1), (10, 8.5, 2), (8.5, 7.5, 3))
UNIT: Final = ((11, 9, 3), (9, 7.5, 4))
EVENT: Final = ((8, 6.5, 1), (7, 6, 2), (6.5, 6, 3), (6, LEAST["event"], 5))
"""The steps of `fit`, from the largest down; the last line of a name or an event that is longer still ends in "…"."""
_SETTINGS: Final = (
    (POST, UNIT, 1.3, 1.0),
    (((9, 8, 2), (8, 7, 3)), ((9, 8, 3), (8, 7, 4)), 1.25, 0.85),
    (((8.5, 7.5, 5), (7.5, 7, 7)), ((8.5, 7.5, 4), (7.5, 7, 5)), 1.25, 0.85),
    (((7.5, 6.5, 12),), ((7.5, 6.5, 9),), 1.2, 0.7),
)
"""Post and unit as large as they go, and closer where they would else run into the event below: the steps of `fit`
for each, the leading in ems, and the part of the usual gap above each."""

ROLES: Final[dict[str, tuple[str, str, Color]]] = {
    "delegate": ("ĐẠI BIỂU", "Delegate", LAM),
    "speaker": ("BÁO CÁO VIÊN", "Speaker", SON),
    "guest": ("KHÁCH MỜI", "Guest", HexColor("#7b4a94")),
    "press": ("BÁO CHÍ", "Press", HexColor("#764700")),
    "organizer": ("BAN TỔ CHỨC", "Organizer", INK),
}
"""Role key: the words in Vietnamese and English, and the colour of the band."""


@dataclass(frozen=True)
class Badge:
    """What stands on one badge; `role` is a key of ROLES, `ticket` at most 20 letters, digits and "-"."""

    name: str
    post: str
    unit: str
    role: str
    ticket: str
    event: str
    specimen: bool = False


def draw(badges: Sequence[Badge]) -> bytes:
    """The badges as a PDF, eight to an A4 page.

    Raises ValueError if there is none to draw, TextDoesNotFit for a ticket longer than its code.
    """
    if not badges:
        raise ValueError("no badge to draw")
    document = Document(
        title=f"Thẻ đại biểu · {badges[0].event}",
        author="Ban tổ chức",
        subject=badges[0].event,
        paper=A4_PORTRAIT,
        first_face=Typeface.SANS,
    )
    per_page = _COLUMNS * _ROWS
    for first in range(0, len(badges), per_page):
        sheet = document.sheet()
        for place, badge in enumerate(badges[first : first + per_page]):
            row, column = divmod(place, _COLUMNS)
            _draw_badge(sheet, _LEFT + column * _WIDTH, _TOP + row * _HEIGHT, badge)
    return document.finish()


@dataclass(frozen=True)
class Words:
    """What a badge says, fitted, with the first baselines in mm below its upper edge; `leading` is in ems."""

    name: Setting
    post: Setting
    unit: Setting
    event: Setting
    name_y: float
    post_y: float
    unit_y: float
    event_y: float
    leading: float


def words_of(badge: Badge) -> Words:
    """Name across the badge; post and unit beside the code, ending above the event, which ends at the lower edge."""
    name = fit_or_cut(badge.name, Typeface.SANS_BOLD, _WIDTH - 2 * _PADDING, *NAME)
    event = fit_or_cut(badge.event, Typeface.SANS, _BESIDE, *EVENT)
    name_y = (24, 21.5, 19.5, 18.5)[max(0, len(name.lines) - 1)]
    event_y = _HEIGHT - 3.2 - (_end(event, 0, 1.2))
    below, lowest = _end(name, name_y, 1.3), event_y - 3.2
    usual = 8.5 if len(name.lines) < 2 else 7.0
    for posts, units, leading, gap in _SETTINGS:
        post_y = below + usual * gap
        post = fit_whole(badge.post, Typeface.SANS, _BESIDE, *posts)
        unit = fit_whole(badge.unit, Typeface.SANS, _BESIDE, *units)
        if post is None or unit is None:
            continue
        unit_y = _after(post, post_y, leading, gap)
        if _end(unit, unit_y, leading) <= lowest:
            return Words(name, post, unit, event, name_y, post_y, unit_y, event_y, leading)
    post, unit = _cut_to_room(badge, lowest - post_y - _GAP * gap, leading)
    return Words(name, post, unit, event, name_y, post_y, _after(post, post_y, leading, gap), event_y, leading)


def _draw_badge(sheet: Sheet, left: float, top: float, badge: Badge) -> None:
    role, role_en, color = ROLES[badge.role]
    right, bottom, x = left + _WIDTH - _PADDING, top + _HEIGHT, left + _PADDING
    sheet.rect(left, top, _WIDTH, _BAND, 0, fill=color)
    sheet.rect(left, top, _WIDTH, _HEIGHT, 0.25, _CUT)
    if badge.specimen:
        specimen_mark(sheet, left + _WIDTH / 2, top + (_HEIGHT + _BAND) / 2, _WIDTH - 14, 18)
    sheet.text(x, top + 7.4, role, Typeface.SANS_BOLD, 13, WHITE, "left")
    sheet.text(right, top + 7.4, role_en, Typeface.SANS, 10.5, WHITE, "right")
    words = words_of(badge)
    sheet.lines(x, top + words.name_y, words.name, align="left")
    sheet.lines(x, top + words.post_y, words.post, words.leading, INK, "left")
    sheet.lines(x, top + words.unit_y, words.unit, words.leading, INK, "left")
    sheet.lines(x, top + words.event_y, words.event, 1.2, GREY, "left")
    ticket = badge.ticket.upper()
    sheet.qr(right - _CODE, bottom - 7.5 - _CODE, _CODE, ticket, version=1, field="ticket")
    code = fit(ticket, Typeface.SANS, 30, (8, 6.5, 1), field="ticket")
    sheet.lines(right - _CODE / 2, bottom - 3.2, code, color=GREY)


def _end(setting: Setting, y: float, leading: float) -> float:
    """The last baseline of a text whose first one is at `y`."""
    return y + max(0, len(setting.lines) - 1) * leading * setting.line_height


def _after(post: Setting, y: float, leading: float, gap: float) -> float:
    """The first baseline of the unit: below the post, or in its place where there is none."""
    return _end(post, y, leading) + _GAP * gap if post.lines else y


def _cut_to_room(badge: Badge, room: float, leading: float) -> tuple[Setting, Setting]:
    """Post and unit in their smallest size on the lines that `room` mm have: the unit at most half of them."""
    size = LEAST["post"]
    lines = max(2, int(room / (leading * size / mm)) + 2)
    unit = cut(badge.unit, Typeface.SANS, _BESIDE, size, lines // 2)
    post = cut(badge.post, Typeface.SANS, _BESIDE, size, lines - len(unit.lines))
    return post, cut(badge.unit, Typeface.SANS, _BESIDE, size, lines - len(post.lines))
