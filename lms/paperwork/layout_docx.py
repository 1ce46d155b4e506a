"""Official papers as Word files: the same description and measures as the PDF, in named styles that can be edited."""

import io
from collections.abc import Sequence

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import _Cell

from lms.core.fitting import fit_or_cut
from lms.core.letterhead import MOTTO, NATION, PARTY
from lms.core.pdf import Typeface
from lms.core.typefaces import text_width
from lms.paperwork import layout, layout_docx_table
from lms.paperwork.layout import Appendix, Block, Head, Paper, Signature, Table
from lms.paperwork.layout_docx_parts import add, grid, lines, mark_specimen, number_pages, rule
from lms.paperwork.layout_docx_styles import new_paper, shape, style_id

_LEFT_WIDTH, _RIGHT_WIDTH = layout.HEAD_WIDTHS
_INNER = 72.0  # mm that the agency's names may fill
_TO_SIGN = 72.0  # points of room for signature and seal


def draw(paper: Paper) -> bytes:
    """The paper as .docx."""
    document = new_paper(title=paper.name, author=paper.head.agency, subject=paper.summary)
    _write_head(document, paper)
    _write_title(document, paper)
    _write_addressees(document, paper.addressees)
    _write_blocks(document, paper.blocks, tied=paper.signature is not None)
    if paper.signature is not None:
        _write_foot(document, paper.signature, paper.recipients)
    number_pages(document.sections[0])
    for appendix in paper.appendices:
        section = _new_section(document)
        number_pages(section, restart=True)
        _write_appendix(document, appendix)
    if paper.specimen:
        for number, section in enumerate(document.sections):
            mark_specimen(section, 2 * number + 1)
    return saved(document)


def _new_section(document: Document) -> Section:
    """A section that begins a page; the one before it ends in its own last line, where an added line could spill over.

    Word gives a section's end a paragraph of its own, which alone on a full page would make an empty one.
    """
    last = document.paragraphs[-1]
    section: Section = document.add_section(WD_SECTION.NEW_PAGE)
    ending = document.paragraphs[-1]
    if last.text == "" and ending._p.getprevious() is last._p:
        last._p.get_or_add_pPr().append(ending._p.get_or_add_pPr().sectPr)
        ending._p.getparent().remove(ending._p)
    shape(section)
    return section


def saved(document: Document) -> bytes:
    """The document's file."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _write_head(document: Document, paper: Paper) -> None:
    head = paper.head
    left, right = grid(document, layout.HEAD_WIDTHS, rows=2).columns
    (_write_party if head.party else _write_nation)(left.cells[0], right.cells[0], head)
    suffix = " của Đảng" if head.party else ""
    if head.symbol:
        add(left.cells[1], layout.number_line(head), f"Số và ký hiệu{suffix}")
    if not paper.title:
        add(left.cells[1], layout.regarding(paper.summary), "Trích yếu công văn")
    if head.place:
        add(right.cells[1], layout.place_and_date(head), f"Địa danh và thời gian{suffix}")


def _write_nation(left: _Cell, right: _Cell, head: Head) -> None:
    if head.superior.strip():
        lines(left, _broken(head.superior.upper(), Typeface.SERIF, _INNER), "Cơ quan chủ quản")
    agency = _broken(head.agency.upper(), Typeface.SERIF_BOLD, _INNER)
    lines(left, agency, "Cơ quan ban hành")
    rule(left, _LEFT_WIDTH, agency, layout.SIZE_AGENCY, layout.AGENCY_RULE)
    add(right, NATION, "Quốc hiệu")
    add(right, MOTTO, "Tiêu ngữ")
    rule(right, _RIGHT_WIDTH, [MOTTO], layout.SIZE_MOTTO, 1.0)


def _write_party(left: _Cell, right: _Cell, head: Head) -> None:
    size = layout.SIZE_PARTY_HEAD
    if head.superior.strip():
        lines(left, _broken(head.superior.upper(), Typeface.SERIF, _INNER, size), "Cơ quan đảng cấp trên")
    lines(left, _broken(head.agency.upper(), Typeface.SERIF_BOLD, _INNER, size), "Cơ quan đảng ban hành")
    add(left, "*", "Dấu sao")
    add(right, PARTY, "Tiêu đề Đảng")
    rule(right, _RIGHT_WIDTH, [PARTY], layout.SIZE_PARTY, 1.0)


def _write_title(document: Document, paper: Paper) -> None:
    if not paper.title:
        return
    add(document, paper.title.upper(), "Tên loại")
    summary = _broken(paper.summary, Typeface.SERIF_BOLD, layout.TEXT_WIDTH - 10, layout.SIZE_TITLE)
    lines(document, summary, "Trích yếu")
    if paper.note:
        add(document, paper.note, "Ghi chú dưới trích yếu")
    rule(document, layout.TEXT_WIDTH, summary, layout.SIZE_TITLE, layout.AGENCY_RULE)


def _write_addressees(document: Document, addressees: Sequence[str]) -> None:
    """ "Kính gửi:" with one name beside it, or with a line for each under its colon."""
    label, size_ = "Kính gửi:", layout.SIZE_BODY
    wide = text_width(label, Typeface.SERIF, size_)
    if len(addressees) == 1:
        add(document, f"{label} {addressees[0]}", "Kính gửi")
        return
    for number, line in enumerate(layout.listed(tuple(addressees))):
        if not number:
            first = add(document, label, "Kính gửi")
            first.alignment, first.paragraph_format.left_indent = WD_ALIGN_PARAGRAPH.LEFT, Mm(20)
            first.paragraph_format.space_after, first.paragraph_format.keep_with_next = Pt(0), True
        one = add(document, line, "Kính gửi")
        one.alignment, one.paragraph_format.left_indent = WD_ALIGN_PARAGRAPH.LEFT, Mm(20 + wide - 1.5)
        one.paragraph_format.space_before, one.paragraph_format.space_after = Pt(3), Pt(0)


def _write_blocks(document: Document, blocks: Sequence[Block], *, tied: bool = False) -> None:
    for number, block in enumerate(blocks, start=1):
        if isinstance(block, Table):
            _write_table(document, block)
        else:
            paragraph = add(document, block, "Nội dung")
            if tied and number == len(blocks):
                paragraph.paragraph_format.keep_with_next = True


def _write_table(document: Document, content: Table) -> None:
    add(document, "", "Đường kẻ")
    layout_docx_table.write(document, content, head_style=style_id("Đầu bảng"), cell_style=style_id("Ô bảng"))


def _write_foot(document: Document, signature: Signature, recipients: Sequence[str]) -> None:
    add(document, "", "Đường kẻ").paragraph_format.keep_with_next = True
    left, right = grid(document, layout.HEAD_WIDTHS).rows[0].cells
    listed = layout.listed(tuple(recipients))
    if listed:
        add(left, "Nơi nhận:", "Nơi nhận")
        for line in listed:
            add(left, line, "Danh sách nơi nhận")
    for text in (signature.authority, signature.post):
        if text.strip():
            add(right, text.upper(), "Chức vụ người ký")
    name = add(right, signature.name, "Họ tên người ký")
    name.paragraph_format.space_before = Pt(_TO_SIGN)
    add(document, "", "Đường kẻ")


def _write_appendix(document: Document, appendix: Appendix) -> None:
    add(document, appendix.label, "Phụ lục")
    title = _broken(appendix.title.upper(), Typeface.SERIF_BOLD, layout.TEXT_WIDTH - 10, layout.SIZE_TITLE)
    lines(document, title, "Tên phụ lục")
    add(document, appendix.reference, "Chỉ dẫn kèm theo")
    rule(document, layout.TEXT_WIDTH, title, layout.SIZE_TITLE, layout.AGENCY_RULE)
    _write_blocks(document, appendix.blocks)
    add(document, "", "Đường kẻ")


def _broken(text: str, face: Typeface, width: float, size_: float = layout.SIZE_AGENCY) -> Sequence[str]:
    """The text on the lines on which the PDF prints it."""
    return fit_or_cut(text, face, width, *layout.ladder(size_)).lines
