"""The certificate on paper: one A4 landscape page in Vietnamese and English, with its register number and QR code.

Drawing is a pure function of the face, so a certificate frozen at its issue is the same file whenever it is drawn.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from reportlab.lib.colors import Color

from lms.certificates.designs import DESIGNS, Design
from lms.core.letterhead import agency_block, national_heading, specimen_mark
from lms.core.pdf import (
    A4_LANDSCAPE,
    BLACK,
    GREY,
    INK,
    Document,
    Setting,
    Sheet,
    TextDoesNotFit,
    Typeface,
    fit,
)

_TEXT_WIDTH = 226.0
_BODY_START = 75.5
_BODY_END = 147.5  # the last baseline, clear of place and date
_CLOSEST = 0.75  # of the usual distances; tighter than this the parts run into each other
_DONE_EN = "has completed"


@dataclass(frozen=True)
class CertificateFace:
    """Every word on one certificate, as it was frozen at its issue.

    `certifier` is the line above the name ("… chứng nhận đồng chí"), `post_unit` the post and unit on the day, `done`
    and `done_en` what the person did, `when` and `when_en` days, place and hours. `signer_post` may have two lines
    ("KT. CỤC TRƯỞNG\\nPHÓ CỤC TRƯỞNG"). `url` goes into the QR code; `code` lets a reader check without a camera.
    """

    kind: str
    kind_en: str
    superior: str
    agency: str
    certifier: str
    name: str
    post_unit: str
    done: str
    event: str
    event_en: str
    when: str
    when_en: str
    place_date: str
    signer_post: str
    signer: str
    register_number: str
    code: str
    url: str
    design: str = "trang-trong"
    specimen: bool = False
    done_en: str = _DONE_EN
    issued_on: datetime.date | None = None


def draw(face: CertificateFace) -> bytes:
    """One certificate as a PDF of one page. Raises TextDoesNotFit with the attribute that cannot be printed."""
    return draw_many([face])


def draw_many(faces: Sequence[CertificateFace]) -> bytes:
    """Certificates in one PDF, a page each. Raises TextDoesNotFit, and ValueError if there is none to draw."""
    if not faces:
        raise ValueError("no certificate to draw")
    first = faces[0]
    title = f"{first.kind.capitalize()} {first.register_number}"
    document = Document(
        title=title if len(faces) == 1 else f"{title} … {faces[-1].register_number}",
        author=first.agency,
        subject=first.event,
        paper=A4_LANDSCAPE,
        day=first.issued_on,
    )
    for face in faces:
        _draw_page(document.sheet(), face)
    return document.finish()


def _draw_page(sheet: Sheet, face: CertificateFace) -> None:
    design = DESIGNS[face.design]
    design.draw_paper(sheet)
    if face.specimen:
        specimen_mark(sheet, design.centre, 108, 232, 24)
    agency_block(sheet, 84, 25, face.superior, face.agency)
    national_heading(sheet, design.heading_x, 25)
    _draw_title(sheet, face, design)
    _draw_body(sheet, face, design)
    _draw_register(sheet, face, design)
    _draw_signature(sheet, face, design)


def _draw_title(sheet: Sheet, face: CertificateFace, design: Design) -> None:
    title = fit(face.kind.upper(), design.title_face, _TEXT_WIDTH, (design.title_size, 24, 1), field="kind")
    sheet.lines(design.centre, 56, title, color=design.title_color)
    english = fit(face.kind_en, Typeface.SERIF_ITALIC, _TEXT_WIDTH, (14, 11, 1), field="kind_en")
    sheet.lines(design.centre, 64.3, english, color=GREY)


@dataclass(frozen=True)
class _Block:
    """A fitted text, `gap` mm below the last baseline of the block above it."""

    gap: float
    setting: Setting
    leading: float = 1.3
    color: Color = INK

    @property
    def depth(self) -> float:
        """From its first to its last baseline, in mm."""
        return (len(self.setting.lines) - 1) * self.leading * self.setting.line_height


def _draw_body(sheet: Sheet, face: CertificateFace, design: Design) -> None:
    """From the certifier's line to the English: centred in the free height, or drawn together if it is long."""
    for scale in (design.scale, 1.0):
        blocks = _body(face, design, scale)
        gaps = sum(block.gap for block in blocks)
        spare = _BODY_END - _BODY_START - gaps - sum(block.depth for block in blocks)
        closer = 1 + min(0.0, spare) / gaps
        if closer >= _CLOSEST:
            break
    else:
        raise TextDoesNotFit("event", face.event)
    y = _BODY_START + max(0.0, min(8.0, spare / 2))
    for block in blocks:
        gap = max(block.gap * closer, min(block.gap, 1.25 * block.setting.line_height))
        y = sheet.lines(design.centre, y + gap, block.setting, block.leading, block.color)


def _body(face: CertificateFace, design: Design, scale: float) -> list[_Block]:
    def sized(largest: float, smallest: float, lines: int) -> tuple[float, float, int]:
        return largest * scale, smallest * scale, lines

    plain, strong, italic, width = design.plain, design.strong, Typeface.SERIF_ITALIC, _TEXT_WIDTH
    english = f"{face.done_en} {face.event_en} · {face.when_en}"
    certifier = fit(face.certifier, plain, width, sized(12.5, 10, 1), field="certifier")
    name = fit(face.name, design.name_face, width - 10, (31, 20, 1), (20, 18, 2), field="name")
    post_unit = fit(face.post_unit, plain, width, sized(13, 10, 1), sized(10.5, 9.5, 2), field="post_unit")
    done = fit(face.done, plain, width, sized(12.5, 10, 1), field="done")
    event = fit(face.event, strong, width, sized(17.5, 12.5, 2), sized(12.5, 11.5, 3), field="event")
    when = fit(face.when, plain, width, sized(12.5, 10, 1), sized(10.5, 10, 2), field="when")
    translation = fit(english, italic, width, (11.5, 10, 1), (10.5, 9.5, 2), (9, 9, 3), field="event_en")
    blocks = [
        _Block(0, certifier, color=GREY),
        _Block(14 if len(name.lines) == 1 else 11, name, 1.25, design.name_color),
        _Block(8.5, post_unit),
        _Block(10, done, color=GREY),
        _Block(9, event, 1.42),
        _Block(1.42 * event.line_height + 0.4, when),
        _Block(6.4, translation, 1.28, GREY),
    ]
    return [block for block in blocks if block.setting.lines]


def _draw_register(sheet: Sheet, face: CertificateFace, design: Design) -> None:
    """QR code, number in the register, code, and where to check."""
    x, top, size = design.code_x, 157.5, 25.0
    sheet.qr(x, top, size, face.url, field="url")
    sheet.link(x, top, size, size, face.url)
    x += 29.5
    for y, label, value, field in (
        (160.0, "Số vào sổ / Register No.", face.register_number, "register_number"),
        (170.4, "Mã kiểm tra / Code", face.code, "code"),
    ):
        sheet.text(x, y, label, design.plain, 8.5, GREY, "left")
        setting = fit(value, design.strong, 84, (11.5, 9, 1), field=field)
        sheet.lines(x, y + 4.8, setting, align="left")
    address = f"Kiểm tra tại / Verify at {_address(face.url)}"
    sheet.lines(x, 182.3, fit(address, design.plain, 88, (8.5, 6, 1), field="url"), color=GREY, align="left")


def _address(url: str) -> str:
    """What a reader types: the host and the first part of the path."""
    parts = urlsplit(url)
    return parts.netloc + "/".join(parts.path.split("/")[:2])


def _draw_signature(sheet: Sheet, face: CertificateFace, design: Design) -> None:
    x, width = design.signature_x, 100.0
    place = fit(face.place_date, Typeface.SERIF_ITALIC, width, (13, 11, 1), field="place_date")
    sheet.lines(x, 154, place, color=BLACK)
    y = 160.5
    for line in face.signer_post.splitlines():
        post = fit(line.upper(), Typeface.SERIF_BOLD, width, (13, 11, 1), (11, 10, 2), field="signer_post")
        y = sheet.lines(x, y, post, 1.25, BLACK) + 5.6
    signer = fit(face.signer, Typeface.SERIF_BOLD, width, (14, 11, 1), field="signer")
    sheet.lines(x, 187, signer, color=INK)
