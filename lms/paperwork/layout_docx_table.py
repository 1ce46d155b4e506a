"""The tables of an official paper in Word, written as XML at once: a list of a thousand rows takes no minute."""

from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from lms.core.fitting import readable
from lms.core.typefaces import NO_BREAK_SPACE
from lms.paperwork.layout import Align, Column, Row, Table

_SIDES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")


def write(document: Document, content: Table, *, head_style: str, cell_style: str) -> None:
    """Append the table: its head repeated on every page, no row parted between two, groups kept with what follows."""
    rows = content.rows or ((Row((content.empty,), "group"),) if content.empty else ())
    head = _row((_cell(one, one.label, head_style, None) for one in content.columns), "<w:tblHeader/>")
    drawn = "".join(_drawn(content.columns, row, cell_style) for row in rows)
    width = sum(_twips(column) for column in content.columns)
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
    properties = (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )
    grid = "".join(f'<w:gridCol w:w="{_twips(column)}"/>' for column in content.columns)
    table = f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{grid}</w:tblGrid>{head}{drawn}</w:tbl>"
    # The last child of the body is the page's description; the table goes before it.
    document.element.body[-1].addprevious(parse_xml(table))


def _drawn(columns: Sequence[Column], row: Row, style: str) -> str:
    if row.kind == "group":
        return _row([_across(columns, row.cells[0], style)])
    bold = row.kind == "total"
    cells = zip(columns, row.cells, strict=True)
    return _row(_cell(column, text, style, column.align, bold=bold) for column, text in cells)


def _row(cells: Iterable[str], more: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(cells)}</w:tr>"


def _across(columns: Sequence[Column], text: str, style: str) -> str:
    width = sum(_twips(column) for column in columns)
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{len(columns)}"/>'
    paragraph = _paragraph(text, f'<w:pStyle w:val="{style}"/><w:keepNext/>', bold=True)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph}</w:tc>"


def _cell(column: Column, text: str, style: str, align: Align | None, *, bold: bool = False) -> str:
    jc = f'<w:jc w:val="{align}"/>' if align else ""
    properties = f'<w:tcW w:w="{_twips(column)}" w:type="dxa"/><w:vAlign w:val="center"/>'
    paragraph = _paragraph(text, f'<w:pStyle w:val="{style}"/>{jc}', bold=bold)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph}</w:tc>"


def _paragraph(text: str, properties: str, *, bold: bool) -> str:
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    said = escape(readable(text).replace(NO_BREAK_SPACE, " "))
    run = f'<w:r>{weight}<w:t xml:space="preserve">{said}</w:t></w:r>' if said else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>"


def _twips(column: Column) -> int:
    twips: int = Mm(column.width).twips
    return twips
