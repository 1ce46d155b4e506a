"""The styles, page and language of an official paper in Word: named as the decree names its parts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from docx import Document as new_document
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from lms.core.fitting import readable
from lms.core.text import fold
from lms.paperwork import layout

FACE: Final = "Times New Roman"
_LEFT, _CENTER, _BOTH = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_PROPERTY: Final = 255  # letters that a property of the file may have
_WORD_2013: Final = "15"  # else Word opens the file in its compatibility mode


@dataclass(frozen=True)
class Look:
    """Size in points, weight, posture, capitals are typed; spaces in points, `indent` of the first line in mm."""

    size: float
    align: WD_ALIGN_PARAGRAPH = _CENTER
    bold: bool = False
    italic: bool = False
    before: float = 0.0
    after: float = 0.0
    indent: float = 0.0
    line: float = 1.0
    keep: bool = False
    outline: int | None = None


STYLES: Final[dict[str, Look]] = {
    "Quốc hiệu": Look(layout.SIZE_NATION, bold=True),
    "Tiêu ngữ": Look(layout.SIZE_MOTTO, bold=True),
    "Cơ quan chủ quản": Look(layout.SIZE_AGENCY),
    "Cơ quan ban hành": Look(layout.SIZE_AGENCY, bold=True),
    "Tiêu đề Đảng": Look(layout.SIZE_PARTY, bold=True),
    "Cơ quan đảng cấp trên": Look(layout.SIZE_PARTY_HEAD),
    "Cơ quan đảng ban hành": Look(layout.SIZE_PARTY_HEAD, bold=True),
    "Dấu sao": Look(layout.SIZE_PARTY_HEAD),
    "Số và ký hiệu của Đảng": Look(layout.SIZE_PARTY_HEAD),
    "Địa danh và thời gian của Đảng": Look(layout.SIZE_PARTY_HEAD, italic=True),
    "Đường kẻ": Look(3),
    "Số và ký hiệu": Look(layout.SIZE_NUMBER, before=4),
    "Địa danh và thời gian": Look(layout.SIZE_DATE, italic=True, before=4),
    "Trích yếu công văn": Look(layout.SIZE_REGARDING, before=layout.PARAGRAPH_SPACE),
    "Tên loại": Look(layout.SIZE_TITLE, bold=True, before=18, keep=True, outline=0),
    "Trích yếu": Look(layout.SIZE_TITLE, bold=True, keep=True),
    "Ghi chú dưới trích yếu": Look(layout.SIZE_REFERENCE, italic=True, keep=True),
    "Kính gửi": Look(layout.SIZE_BODY, before=12, after=layout.PARAGRAPH_SPACE),
    "Nội dung": Look(
        layout.SIZE_BODY, _BOTH, before=layout.PARAGRAPH_SPACE, indent=layout.INDENT, line=layout.LINE / 1.15
    ),
    "Chức vụ người ký": Look(layout.SIZE_SIGNATURE, bold=True, keep=True),
    "Họ tên người ký": Look(layout.SIZE_SIGNATURE, bold=True),
    "Nơi nhận": Look(layout.SIZE_RECIPIENTS, _LEFT, bold=True, italic=True),
    "Danh sách nơi nhận": Look(layout.SIZE_RECIPIENT, _LEFT),
    "Phụ lục": Look(layout.SIZE_APPENDIX, bold=True, keep=True, outline=0),
    "Tên phụ lục": Look(layout.SIZE_TITLE, bold=True, keep=True),
    "Chỉ dẫn kèm theo": Look(layout.SIZE_REFERENCE, italic=True, keep=True),
    "Đầu bảng": Look(layout.SIZE_TABLE, bold=True, before=2, after=2),
    "Ô bảng": Look(layout.SIZE_TABLE, _LEFT, before=2, after=2),
    "Số trang": Look(layout.SIZE_PAGE_NUMBER),
}
"""Every part of a paper by the decree's name for it; Word reads a comma in a name as an alias, so there is none."""


def new_paper(*, title: str, author: str, subject: str) -> Document:
    """An empty document of A4 with the decree's margins, faces, styles and language."""
    document = cast(Callable[[], Document], new_document)()
    for name, look in STYLES.items():
        _add_style(document, name, look)
    _speak_vietnamese(document)
    properties = document.core_properties
    properties.title, properties.author, properties.subject = (
        readable(one)[:_PROPERTY] for one in (title, author, subject)
    )
    properties.language, properties.comments, properties.last_modified_by = "vi-VN", "", properties.author
    shape(document.sections[0])
    return document


def shape(section: Section) -> None:
    """A4 and margins; the first page bears no number."""
    section.page_width, section.page_height = Mm(layout.PAPER[0]), Mm(layout.PAPER[1])
    section.top_margin, section.bottom_margin = Mm(layout.MARGIN_TOP), Mm(layout.MARGIN_BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.MARGIN_LEFT), Mm(layout.MARGIN_RIGHT)
    section.header_distance, section.footer_distance = Mm(9), Mm(9)
    section.different_first_page_header_footer = True


def style_id(name: str) -> str:
    """The name of a style inside the file: ASCII, whatever the language of its name."""
    return "".join(word.capitalize() for word in fold(name).split())


def _add_style(document: Document, name: str, look: Look) -> None:
    style = cast(ParagraphStyle, document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
    style.base_style = cast(ParagraphStyle, document.styles["Normal"])
    style.quick_style = True
    style.element.styleId = style_id(name)
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, look.italic
    form = style.paragraph_format
    form.alignment, form.first_line_indent, form.line_spacing = look.align, Mm(look.indent), round(look.line, 3)
    form.space_before, form.space_after, form.keep_with_next = Pt(look.before), Pt(look.after), look.keep
    form.widow_control = True
    if look.outline is not None:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(look.outline))
        style.element.get_or_add_pPr().append(level)


def _speak_vietnamese(document: Document) -> None:
    """The face for every script, and Vietnamese for the spelling checker."""
    normal = cast(ParagraphStyle, document.styles["Normal"])
    normal.font.name, normal.font.size, normal.font.color.rgb = FACE, Pt(layout.SIZE_BODY), RGBColor(0, 0, 0)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(0), 1.0
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for properties in (normal.element.get_or_add_rPr(), defaults):
        fonts = properties.find(qn("w:rFonts"))
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FACE)
        language = properties.find(qn("w:lang"))
        if language is None:
            language = OxmlElement("w:lang")
            properties.append(language)
        for kind in ("val", "eastAsia", "bidi"):
            language.set(qn(f"w:{kind}"), "vi-VN")
    _be_modern(document)


def _be_modern(document: Document) -> None:
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), _WORD_2013)
