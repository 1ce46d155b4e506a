"""Name badges as a Word file: the same eight to a page of A4, in a table to be cut along its lines.

The same words in the same sizes as in the PDF (`badges.words_of`), shrunk and cut alike, under a band in the role's
colour that fills the badge's width. The QR code is a picture with its quiet zone of four modules; the face is one that
every office has. The place of the lines is Word's: only the PDF is exact to the millimetre.
"""

import io
from collections.abc import Sequence

import segno
from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from lms.core.pdf import Setting, TextDoesNotFit
from lms.core.typefaces import NO_BREAK_SPACE, nfc
from lms.paperwork.layout import SPECIMEN
from lms.paperwork.layout_docx import saved
from lms.paperwork.layout_docx_parts import unpad
from lms.paperwork.layout_docx_styles import new_paper
from lms.registration.badges import ROLES, Badge, Words, words_of

WIDTH, HEIGHT = 95.0, 68.0
"""Of one badge, in mm, as in the PDF."""
_FACE = "Arial"
_PADDING = 5.0
_CODE = 29.0  # mm with the quiet zone: 21 + 8 modules of 1 mm
_TEXT = WIDTH - _CODE - 2 * _PADDING
_MODULES, _QUIET, _SCALE = 21, 4, 10
_BAND = 11.0
_FOOT = HEIGHT - 2.0  # where the lowest line ends
_INK, _GREY = RGBColor(0x1C, 0x26, 0x29), RGBColor(0x4D, 0x59, 0x5D)
_WHITE, _SON = RGBColor(0xFF, 0xFF, 0xFF), RGBColor(0x9A, 0x2B, 0x26)


def draw(badges: Sequence[Badge]) -> bytes:
    """The badges as .docx. Raises ValueError if there is none, TextDoesNotFit for a ticket longer than its code."""
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
    words = words_of(badge)
    _write_band(cell, badge)
    below = words.post_y - 1.05 * words.post.line_height  # where the post begins, as in the PDF
    line = 1.3 * words.name.line_height
    name = cell.paragraphs[0]
    form = name.paragraph_format
    form.left_indent, form.line_spacing = Mm(_PADDING), Mm(line)
    form.space_before = Mm(max(0.0, words.name_y - _BAND - 0.8 * line))
    form.space_after = Mm(max(0.0, below - words.name_y - (len(words.name.lines) - 0.8) * line))
    for number, text in enumerate(words.name.lines):
        if number:
            name.add_run().add_break()
        _say(name, text, words.name.size, bold=True, colour=_INK)
    _write_below(cell, badge, words, below)
    cell.paragraphs[-1].style = "Đường kẻ"  # a cell may not end with a table


def _write_band(cell: _Cell, badge: Badge) -> None:
    """A coloured row as wide as the badge, the role in both languages; the cell's own first paragraph follows it."""
    role, role_en, colour = ROLES[badge.role]
    table = cell.add_table(1, 2)
    table.autofit = False
    row = table.rows[0]
    row.height_rule, row.height = WD_ROW_HEIGHT_RULE.EXACTLY, Mm(_BAND)
    unpad(table)
    for column, share in zip(table.columns, (0.62, 0.38), strict=True):
        column.width = Mm(WIDTH * share)
    for place, (one, share) in enumerate(zip(row.cells, (0.62, 0.38), strict=True)):
        one.width, one.vertical_alignment = Mm(WIDTH * share), WD_ALIGN_VERTICAL.CENTER
        fill = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour.hexval()[2:].upper()}"/>')
        one._tc.get_or_add_tcPr().append(fill)
        said = one.paragraphs[0]
        if place:
            said.alignment, said.paragraph_format.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Mm(_PADDING)
            _say(said, role_en, 10.5, colour=_WHITE)
        else:
            said.paragraph_format.left_indent = Mm(_PADDING)
            _say(said, role, 13, bold=True, colour=_WHITE)
    cell.paragraphs[0]._p.addprevious(table._tbl)
    cell._tc.remove(cell.paragraphs[-1]._p)  # the paragraph that python-docx adds after a table


def _write_below(cell: _Cell, badge: Badge, words: Words, top: float) -> None:
    """Post and unit from `top` mm down, the event at the foot, the code beside them; rows of fixed height."""
    table = cell.add_table(2, 2)
    table.autofit = False
    unpad(table)
    for column, width in zip(table.columns, (_TEXT + _PADDING, _CODE + _PADDING), strict=True):
        column.width = Mm(width)
    event_top = words.event_y - 1.3 * words.event.line_height
    for row, height in zip(table.rows, (event_top - top, _FOOT - event_top), strict=True):
        row.height_rule, row.height = WD_ROW_HEIGHT_RULE.EXACTLY, Mm(height)
    (left, _right), (foot, _corner) = (row.cells for row in table.rows)
    _write_person(left, badge, words)
    _set(foot.paragraphs[0], badge.event, words.event, colour=_GREY)
    foot.paragraphs[0].paragraph_format.left_indent = Mm(_PADDING)
    foot.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
    _write_code(table.cell(0, 1).merge(table.cell(1, 1)), badge.ticket.upper(), min(_CODE, _FOOT - top - 4))


def _write_person(cell: _Cell, badge: Badge, words: Words) -> None:
    """Post, unit, and that it is a specimen."""
    said = [(badge.post, words.post), (badge.unit, words.unit)]
    for number, (text, setting) in enumerate(one for one in said if one[0].strip()):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.space_before = Mm(_PADDING), Pt(3 * number)
        _set(paragraph, text, setting, colour=_INK)
    if badge.specimen:
        mark = cell.add_paragraph()
        mark.paragraph_format.left_indent, mark.paragraph_format.space_before = Mm(_PADDING), Pt(2)
        _say(mark, SPECIMEN, 8, bold=True, colour=_SON)


def _set(
    paragraph: Paragraph, text: str, setting: Setting, *, bold: bool = False, colour: RGBColor | None = None
) -> None:
    """The text in the size of its setting; on the setting's own lines where words were parted or the end is cut."""
    shown = " ".join(setting.lines)
    whole = shown.replace(NO_BREAK_SPACE, " ").split() == nfc(text).replace(NO_BREAK_SPACE, " ").split()
    for number, line in enumerate([shown] if whole else setting.lines):
        if number:
            paragraph.add_run().add_break()
        _say(paragraph, line, setting.size, bold=bold, colour=colour)


def _write_code(cell: _Cell, ticket: str, side: float) -> None:
    """The code, `side` mm with its quiet zone, over the ticket in letters."""
    picture, code = cell.paragraphs[0], cell.paragraphs[-1] if len(cell.paragraphs) > 1 else cell.add_paragraph()
    cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
    picture.alignment = code.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = picture.add_run().add_picture(io.BytesIO(_picture(ticket)), width=Mm(side))
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
