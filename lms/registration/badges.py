"""Name badges: eight to a page of A4, each with the role in words and colour and a QR code of the ticket.

Positions in mm from the top-left corner of the sheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.lib.colors import Color, HexColor

from lms.core.letterhead import specimen_mark
from lms.core.pdf import (
    A4_PORTRAIT,
    GREY,
    INK,
    LAM,
    SON,
    WHITE,
    Document,
    Sheet,
    TextDoesNotFit,
    Typeface,
    fit,
)

_COLUMNS, _ROWS = 2, 4
_WIDTH, _HEIGHT = 95.0, 68.0
_LEFT, _TOP = 10.0, 12.5
_PADDING = 6.0
_BAND = 11.0
_CODE = 22.0
_CUT = HexColor("#9aa3a5")

_SETTINGS: Final = (
    ((((11, 9.5, 1), (10, 8.5, 2), (8.5, 7.5, 3)), ((11, 9, 3), (9, 7.5, 4))), 1.3, 1.0),
    ((((9, 8, 2), (8, 7, 3)), ((9, 8, 3), (8, 7, 4))), 1.25, 0.85),
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
    """The badges as a PDF, eight to an A4 page. Raises TextDoesNotFit; ValueError if there is none to draw."""
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


def _draw_badge(sheet: Sheet, left: float, top: float, badge: Badge) -> None:
    role, role_en, color = ROLES[badge.role]
    right, bottom, x = left + _WIDTH - _PADDING, top + _HEIGHT, left + _PADDING
    sheet.rect(left, top, _WIDTH, _BAND, 0, fill=color)
    sheet.rect(left, top, _WIDTH, _HEIGHT, 0.25, _CUT)
    if badge.specimen:
        specimen_mark(sheet, left + _WIDTH / 2, top + (_HEIGHT + _BAND) / 2, _WIDTH - 14, 18)
    sheet.text(x, top + 7.4, role, Typeface.SANS_BOLD, 13, WHITE, "left")
    sheet.text(right, top + 7.4, role_en, Typeface.SANS, 10.5, WHITE, "right")
    event = fit(badge.event, Typeface.SANS, 53, (8, 6.5, 1), (7, 6, 2), (6.5, 6, 3), (6, 5.5, 5), field="event")
    event_y = bottom - 3.2 - max(0, len(event.lines) - 1) * 1.2 * event.line_height
    _draw_person(sheet, x, top, badge, event_y - 3.2)
    sheet.lines(x, event_y, event, 1.2, GREY, "left")
    ticket = badge.ticket.upper()
    sheet.qr(right - _CODE, bottom - 7.5 - _CODE, _CODE, ticket, version=1, field="ticket")
    code = fit(ticket, Typeface.SANS, 30, (8, 6.5, 1), field="ticket")
    sheet.lines(right - _CODE / 2, bottom - 3.2, code, color=GREY)


def _draw_person(sheet: Sheet, x: float, top: float, badge: Badge, lowest: float) -> None:
    """Name across the badge; post and unit beside the code, the last baseline no lower than `lowest`."""
    width, narrow = _WIDTH - 2 * _PADDING, _WIDTH - 2 * _PADDING - _CODE - 8
    name = fit(badge.name, Typeface.SANS_BOLD, width, (24, 20, 1), (19, 14, 2), field="name")
    single = len(name.lines) == 1
    y = sheet.lines(x, top + (24 if single else 21.5), name, align="left")
    for ladders, leading, gap in _SETTINGS:
        post = fit(badge.post, Typeface.SANS, narrow, *ladders[0], field="post")
        unit = fit(badge.unit, Typeface.SANS, narrow, *ladders[1], field="unit")
        post_y = y + (8.5 if single else 7.0) * gap
        post_end = post_y + max(0, len(post.lines) - 1) * leading * post.line_height
        unit_y = post_end + 5.2 * gap if post.lines else post_y
        if unit_y + max(0, len(unit.lines) - 1) * leading * unit.line_height <= lowest:
            sheet.lines(x, post_y, post, leading, INK, "left")
            sheet.lines(x, unit_y, unit, leading, INK, "left")
            return
    raise TextDoesNotFit("unit", badge.unit)
