"""What Word needs below the level of python-docx: rules of a given length, plain tables, page numbers, watermark."""

from collections.abc import Sequence

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer, _Header
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from lms.core.fitting import readable
from lms.core.typefaces import NO_BREAK_SPACE, Typeface, text_width
from lms.paperwork import layout

_SON = RGBColor(0x9A, 0x2B, 0x26)
_WATERMARK = """<w:r {names}><w:rPr><w:noProof/></w:rPr><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"
 path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>
<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>
<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>
<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>
<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"
 o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="specimen{number}" type="#_x0000_t136" alt="{words}" style="position:absolute;margin-left:0;margin-top:0;
width:500pt;height:62pt;rotation:310;z-index:-251658752;mso-position-horizontal:center;
mso-position-horizontal-relative:page;mso-position-vertical:center;mso-position-vertical-relative:page"
 fillcolor="#9a2b26" stroked="f"><v:fill opacity="0.12"/>
<v:textpath style="font-family:&quot;Times New Roman&quot;;font-weight:bold" string="{words}"/></v:shape>
</w:pict></w:r>"""
_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def add(container: Document | _Cell, text: str, style: str) -> Paragraph:
    """A paragraph in a named style; the empty one that a new cell holds is filled first."""
    text = readable(text).replace(NO_BREAK_SPACE, " ")
    if isinstance(container, _Cell) and not container.paragraphs[0].text and len(container.paragraphs) == 1:
        paragraph: Paragraph = container.paragraphs[0]
        if paragraph.style is not None and paragraph.style.name == "Normal":
            paragraph.style = style
            paragraph.add_run(text)
            return paragraph
    added: Paragraph = container.add_paragraph(text, style=style)
    return added


def lines(container: Document | _Cell, texts: Sequence[str], style: str) -> Paragraph:
    """One paragraph whose lines are broken where the PDF breaks them, so that the rule below has the right length."""
    paragraph = add(container, texts[0] if texts else "", style)
    for text in texts[1:]:
        paragraph.add_run().add_break()
        paragraph.add_run(text)
    return paragraph


def rule(container: Document | _Cell, width: float, texts: Sequence[str], size: float, share: float) -> None:
    """A solid line under a bold text: `share` of its widest line, centred in `width` mm (Tinos measures it)."""
    length = share * max((text_width(text, Typeface.SERIF_BOLD, size) for text in texts), default=0.0)
    paragraph = add(container, "", "Đường kẻ")
    side = Mm(max(0.0, (width - length) / 2))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    borders = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
    )
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, *_AFTER_BORDERS)


_AFTER_BORDERS = (
    *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct"),
    *("w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind"),
    *("w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment"),
    *("w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)


def grid(document: Document, widths: Sequence[float], *, rows: int = 1) -> Table:
    """A table of fixed widths in mm without borders or padding, for the two-column head and foot."""
    table: Table = document.add_table(rows, len(widths))
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.LEFT
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        _size(row, widths)
    unpad(table)
    return table


def unpad(table: Table) -> None:
    """Leave no padding in a table's cells."""
    sides = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    _before(table._tbl.tblPr, parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"), "w:tblLook")


def _size(row: _Row, widths: Sequence[float]) -> None:
    """Set the widths (mm) of a row's cells and keep the row on one page."""
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Mm(width)
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def number_pages(section: Section, *, restart: bool = False) -> None:
    """The page number in the middle of the page's top margin, from the second page on; `restart` at 1."""
    section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.style = "Số trang"
    # The text is not in the middle of the page; the number is, as in the PDF.
    paragraph.paragraph_format.left_indent = Mm(layout.MARGIN_RIGHT - layout.MARGIN_LEFT)
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>')
    )
    if restart:
        numbers = OxmlElement("w:pgNumType")
        numbers.set(qn("w:start"), "1")
        properties = section._sectPr
        _before(properties, numbers, "w:cols", "w:titlePg", "w:docGrid")


def mark_specimen(section: Section, first_number: int) -> None:
    """MẪU · SPECIMEN across every page, and in words at its foot for programs that draw no watermark."""
    for number, header in enumerate((section.first_page_header, section.header), start=first_number):
        _watermark(header, number)
    for footer in (section.first_page_footer, section.footer):
        footer.is_linked_to_previous = False
        _name_specimen(footer)


def _watermark(header: _Header, number: int) -> None:
    header.paragraphs[0]._p.append(parse_xml(_WATERMARK.format(names=_NAMES, number=number, words=layout.SPECIMEN)))


def _name_specimen(footer: _Footer) -> None:
    paragraph = footer.paragraphs[0]
    paragraph.style = "Số trang"
    run = paragraph.add_run(layout.SPECIMEN)
    run.font.size, run.font.color.rgb = Pt(9), _SON


def _before(parent: BaseOxmlElement, child: BaseOxmlElement, *tags: str) -> None:
    """Put the child where the schema wants it: before the first of these elements."""
    for element in parent:
        if element.tag in {qn(tag) for tag in tags}:
            element.addprevious(child)
            return
    parent.append(child)
