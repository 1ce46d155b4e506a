"""Name badges as a Word file: the same eight to a page of A4, in a table to be cut along its lines.

The QR code is a picture with its quiet zone of four modules; the faces are those every office has.
"""

import io
from collections.abc import Sequence

import segno
from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from lms.core.pdf import TextDoesNotFit, Typeface, fit
from lms.paperwork.layout import SPECIMEN
from lms.paperwork.layout_docx import saved
from lms.paperwork.layout_docx_parts import unpad
from lms.paperwork.layout_docx_styles import new_paper
from lms.registration.badges import ROLES, Badge

WIDTH, HEIGHT = 95.0, 68.0
"""Of one badge, in mm, as in the PDF."""
_FACE = "Arial"
_PADDING = 5.0
_CODE = 29.0  # mm with the quiet zone: 21 + 8 modules of 1 mm
_TEXT = WIDTH - _CODE - 2 * _PADDING
_MODULES, _QUIET, _SCALE = 21, 4, 10
_GREY, _WHITE, _SON = RGBColor(0x4D, 0x59, 0x5D), RGBColor(0xFF, 0xFF, 0xFF), RGBColor(0x9A, 0x2B, 0x26)


def draw(badges: Sequence[Badge]) -> bytes:
    """The badges as .docx. Raises TextDoesNotFit; ValueError if there is none to draw."""
    if not badges:
        raise ValueError("no badge to draw")
    document = new_paper(title=f"Thẻ đại biểu · {badges[0].event}", author="Ban tổ chức", subject=badges[0].event)
    section = document.sections[0]
    section.left_margin = section.right_margin = Mm(10)
    section.top_margin, section.bottom_margin = Mm(12.5), Mm(8)
    section.header_distance = section.footer_distance = Mm(4)
    _write_table(document, badges)
    document.add_paragraph("", style="Đường kẻ")
    return saved(document)


def _write_table(document: Document, badges: Sequence[Badge]) -> None:
    table = document.add_table(-(-len(badges) // 2), 2, style="Table Grid")
    table.autofit = False
    unpad(table)
    for place, row in enumerate(table.rows):
        row.height_rule, row.height = WD_ROW_HEIGHT_RULE.EXACTLY, Mm(HEIGHT)
        for cell, badge in zip(row.cells, badges[2 * place : 2 * place + 2], strict=False):
            _write_badge(cell, badge)
        for cell in row.cells:
            cell.width = Mm(WIDTH)
    for column in table.columns:
        column.width = Mm(WIDTH)


def _write_badge(cell: _Cell, badge: Badge) -> None:
    """The band, the name across, below it post, unit and event on the left and the code on the right."""
    role, role_en, colour = ROLES[badge.role]
    band = cell.paragraphs[0]
    _shade(band, colour.hexval()[2:])
    band.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH - _PADDING), WD_TAB_ALIGNMENT.RIGHT)
    band.paragraph_format.left_indent = Mm(_PADDING)
    band.paragraph_format.space_before = band.paragraph_format.space_after = Pt(5)
    _say(band, role, 13, bold=True, colour=_WHITE)
    _say(band, f"\t{role_en}", 10.5, colour=_WHITE)
    # Be Vietnam Pro is wider than the face of the file: what fits in it fits here.
    name = fit(badge.name, Typeface.SANS_BOLD, WIDTH - 2 * _PADDING, (24, 20, 1), (19, 14, 2), field="name")
    words = cell.add_paragraph()
    words.paragraph_format.left_indent, words.paragraph_format.space_before = Mm(_PADDING), Pt(4)
    _say(words, badge.name, name.size, bold=True)
    _write_below(cell, badge)
    cell.paragraphs[-1].style = "Đường kẻ"  # a cell may not end with a table


def _write_below(cell: _Cell, badge: Badge) -> None:
    below = cell.add_table(1, 2)
    below.autofit = False
    left, right = below.rows[0].cells
    left.width, right.width = Mm(_TEXT + _PADDING), Mm(_CODE + _PADDING)
    unpad(below)
    post = fit(badge.post, Typeface.SANS, _TEXT, (11, 9.5, 1), (10, 8.5, 2), (8.5, 7.5, 3), field="post")
    unit = fit(badge.unit, Typeface.SANS, _TEXT, (11, 9, 3), (9, 7.5, 4), field="unit")
    event = fit(badge.event, Typeface.SANS, _TEXT, (8, 6.5, 2), (6.5, 5.5, 5), field="event")
    first = left.paragraphs[0]
    for paragraph, text, size, colour in (
        (first, badge.post, post.size, None),
        (left.add_paragraph(), badge.unit, unit.size, None),
        (left.add_paragraph(), badge.event, event.size, _GREY),
    ):
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.space_before = Mm(_PADDING), Pt(3)
        _say(paragraph, text, size, colour=colour)
    if badge.specimen:
        mark = left.add_paragraph()
        mark.paragraph_format.left_indent, mark.paragraph_format.space_before = Mm(_PADDING), Pt(3)
        _say(mark, SPECIMEN, 9, bold=True, colour=_SON)
    _write_code(right, badge.ticket.upper())


def _write_code(cell: _Cell, ticket: str) -> None:
    picture, code = cell.paragraphs[0], cell.add_paragraph()
    cell.vertical_alignment = WD_ALIGN_VERTICAL.TOP
    picture.alignment = code.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = picture.add_run().add_picture(io.BytesIO(_picture(ticket)), width=Mm(_CODE))
    shape._inline.docPr.set("descr", f"QR {ticket}")
    _say(code, ticket, 8, colour=_GREY)


def _picture(ticket: str) -> bytes:
    """The code of the PDF's badge as a picture of (21 + 8) · 10 dots."""
    buffer = io.BytesIO()
    try:
        code = segno.make_qr(ticket, version=1, error="m", mask=3)
    except segno.DataOverflowError as error:
        raise TextDoesNotFit("ticket", ticket) from error
    code.save(buffer, kind="png", scale=_SCALE, border=_QUIET)
    return buffer.getvalue()


def _say(
    paragraph: Paragraph, text: str, size: float, *, bold: bool = False, colour: RGBColor | None = None
) -> None:  # fmt: skip
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = _FACE, Pt(size), bold
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), _FACE)
    if colour is not None:
        run.font.color.rgb = colour


def _shade(paragraph: Paragraph, colour: str) -> None:
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour.upper()}"/>')
    paragraph._p.get_or_add_pPr().insert(0, shade)
