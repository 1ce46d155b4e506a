"""Official papers in Word, read back: page, margins, styles, language, text, rules, page numbers, repeated heads."""

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.document import Document as Read
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lms.core.letterhead import MOTTO, PARTY
from lms.core.pdf import Typeface
from lms.core.typefaces import text_width
from lms.paperwork.layout_docx import draw
from tests.paperwork.papers import CALL, HEAD, INVITATION, PARTY_CALL, PARTY_INVITATION, quotas

TWIP = 635
"""Word rounds lengths to a twentieth of a point."""


def read(file: bytes) -> Read:
    return Document(io.BytesIO(file))


def cell_lines(document: Read, table: int, row: int, column: int) -> list[str]:
    return [one.text for one in document.tables[table].cell(row, column).paragraphs if one.text]


def test_every_section_is_a4_with_the_decrees_margins() -> None:
    document = read(draw(CALL))
    assert len(document.sections) == 2
    for section in document.sections:
        page, margins = [section.page_width, section.page_height], [section.top_margin, section.bottom_margin]
        assert page == pytest.approx([Mm(210), Mm(297)], abs=TWIP)
        assert margins == pytest.approx([Mm(20), Mm(20)], abs=TWIP)
        assert [section.left_margin, section.right_margin] == pytest.approx([Mm(30), Mm(15)], abs=TWIP)


def test_the_head_is_a_table_without_borders() -> None:
    document = read(draw(CALL))
    assert cell_lines(document, 0, 0, 0) == [
        "BỘ VĂN HÓA,\nTHỂ THAO VÀ DU LỊCH",
        "CỤC THÔNG TIN CƠ SỞ\nVÀ THÔNG TIN ĐỐI NGOẠI",
    ]
    assert cell_lines(document, 0, 0, 1) == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", MOTTO]
    assert cell_lines(document, 0, 1, 0) == [
        "Số: 07/TTCSTTĐN-TTĐN",
        "V/v cử đại biểu tham dự Hội nghị tập huấn công tác thông tin đối ngoại",
    ]
    assert cell_lines(document, 0, 1, 1) == ["Hòa Bình, ngày 05 tháng 02 năm 2024"]
    head = document.tables[0]
    assert head._tbl.find(f".//{qn('w:tblBorders')}") is None
    assert head.style is None or head.style.name == "Normal Table"
    assert [column.width for column in head.columns] == pytest.approx([Mm(74), Mm(91)], abs=TWIP)


def test_a_party_body_writes_under_the_partys_head() -> None:
    document = read(draw(PARTY_INVITATION))
    assert cell_lines(document, 0, 0, 0) == ["TỈNH ỦY LAM KHÊ", "BAN TUYÊN GIÁO\nVÀ DÂN VẬN", "*"]
    assert cell_lines(document, 0, 0, 1) == [PARTY]
    assert cell_lines(document, 0, 1, 0) == ["Số 12-GM/BTGTU"]
    assert cell_lines(document, 0, 1, 1) == ["Lam Khê, ngày 07 tháng 8 năm 2026"]
    left, right = (document.tables[0].cell(0, column).paragraphs for column in (0, 1))
    assert [one._p.find(f".//{qn('w:pBdr')}") is not None for one in left] == [False, False, False]
    (ruled,) = [one for one in right if one._p.find(f".//{qn('w:pBdr')}") is not None]
    indent = ruled.paragraph_format.left_indent
    assert indent is not None
    assert 91 - 2 * indent.mm == pytest.approx(text_width(PARTY, Typeface.SERIF_BOLD, 15), abs=0.2)
    looks = [(one.style.font.size, one.style.font.bold) for one in left if one.style is not None]
    assert looks == [(Pt(14), False), (Pt(14), True), (Pt(14), False)]
    assert cell_lines(read(draw(PARTY_CALL)), 0, 1, 0)[0] == "Số 07-CV/BTGTU"


def test_parts_are_in_styles_of_the_decrees_sizes() -> None:
    document = read(draw(CALL))
    sizes = {
        "Quốc hiệu": (12, True, False),
        "Tiêu ngữ": (13, True, False),
        "Cơ quan chủ quản": (12, False, False),
        "Cơ quan ban hành": (12, True, False),
        "Số và ký hiệu": (13, False, False),
        "Địa danh và thời gian": (13, False, True),
        "Trích yếu công văn": (12, False, False),
        "Tên loại": (14, True, False),
        "Nội dung": (14, False, False),
        "Chức vụ người ký": (14, True, False),
        "Nơi nhận": (12, True, True),
        "Danh sách nơi nhận": (11, False, False),
        "Phụ lục": (14, True, False),
        "Số trang": (13, False, False),
    }
    for name, expected in sizes.items():
        font = document.styles[name].font  # type: ignore[attr-defined]
        assert (font.size.pt, font.bold, font.italic) == expected, name
    body = document.styles["Nội dung"].paragraph_format  # type: ignore[attr-defined]
    assert body.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert body.first_line_indent == Mm(12.7)
    assert body.space_before == Pt(6)
    assert 1 <= body.line_spacing <= 1.5
    used = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert {"Nội dung", "Kính gửi", "Phụ lục", "Tên phụ lục", "Chỉ dẫn kèm theo"} <= used
    assert not any("," in style.name for style in document.styles if style.name)


def test_the_face_is_times_new_roman_and_the_language_vietnamese() -> None:
    with zipfile.ZipFile(io.BytesIO(draw(CALL))) as file:
        assert file.testzip() is None
        styles = file.read("word/styles.xml").decode()
        settings = file.read("word/settings.xml").decode()
    defaults = styles[styles.index("<w:docDefaults>") : styles.index("</w:docDefaults>")]
    assert 'w:ascii="Times New Roman"' in defaults
    assert 'w:hAnsi="Times New Roman"' in defaults
    assert 'w:lang w:val="vi-VN"' in defaults
    assert "Theme=" not in defaults
    assert 'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"' in settings
    document = read(draw(CALL))
    assert document.styles["Normal"].font.name == "Times New Roman"  # type: ignore[attr-defined]
    assert document.core_properties.language == "vi-VN"
    assert document.core_properties.author == HEAD.agency


def test_the_rule_under_the_motto_is_as_long_as_the_motto() -> None:
    cell = read(draw(CALL)).tables[0].cell(0, 1)
    rule = cell.paragraphs[-1]
    assert rule._p.find(f".//{qn('w:pBdr')}/{qn('w:bottom')}") is not None
    form = rule.paragraph_format
    assert form.left_indent is not None
    assert form.right_indent is not None
    length = 91 - form.left_indent.mm - form.right_indent.mm
    assert length == pytest.approx(text_width(MOTTO, Typeface.SERIF_BOLD, 13), abs=0.2)


def test_page_numbers_stand_in_the_middle_from_the_second_page_and_begin_anew_in_an_appendix() -> None:
    document = read(draw(CALL))
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml
        number = section.header.paragraphs[0]
        assert number.style is not None
        assert number.style.name == "Số trang"
        left = number.paragraph_format.left_indent
        assert left is not None
        assert (30 + left.mm + 195) / 2 == pytest.approx(105, abs=0.1)
    first, second = (section._sectPr.find(qn("w:pgNumType")) for section in document.sections)
    assert first is None
    assert second.get(qn("w:start")) == "1"


def test_the_quota_table_repeats_its_head_and_parts_no_row() -> None:
    table = read(draw(CALL)).tables[-1]
    head, *rows = table.rows
    assert head._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert [cell.text for cell in head.cells] == ["STT", "Cơ quan, đơn vị", "Số đại biểu"]
    assert len(rows) == 64
    assert [cell.text for cell in rows[-1].cells] == ["", "Tổng cộng", "315"]
    assert rows[-1].cells[1].paragraphs[0].runs[0].bold
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in rows)


def test_addressees_and_foot() -> None:
    document = read(draw(CALL))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:3] == ["Kính gửi:", "- Ủy ban nhân dân tỉnh Lam Khê;", "- Sở Ngoại vụ."]
    assert cell_lines(document, 1, 0, 0) == [
        *("Nơi nhận:", "- Như trên;", "- Bộ trưởng (để báo cáo);", "- Lưu: VT, TTĐN (05).")
    ]
    assert cell_lines(document, 1, 0, 1) == ["TL. BỘ TRƯỞNG", "CỤC TRƯỞNG", "Người Ký Mẫu"]
    last = next(paragraph for paragraph in reversed(document.paragraphs) if paragraph.text.startswith("Thực hiện"))
    assert last.paragraph_format.keep_with_next


def test_an_invitation_bears_its_kind_and_leaves_room_for_number_and_day() -> None:
    document = read(draw(INVITATION))
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert texts[:3] == [
        "GIẤY MỜI",
        "Dự Hội nghị tập huấn công tác thông tin đối ngoại",
        "Kính gửi: đồng chí Phạm S",
    ]
    assert cell_lines(document, 0, 1, 0) == ["Số:      /GM-SNgV"]
    assert cell_lines(document, 0, 1, 1) == ["Hòa Bình, ngày     tháng     năm     "]


def test_a_specimen_says_so_on_first_and_further_pages() -> None:
    document = read(draw(replace(CALL, specimen=True)))
    for section in document.sections:
        for header in (section.header, section.first_page_header):
            assert 'string="MẪU · SPECIMEN"' in header._element.xml
        for footer in (section.footer, section.first_page_footer):
            assert footer.paragraphs[0].text == "MẪU · SPECIMEN"
    assert "SPECIMEN" not in read(draw(CALL)).sections[0].header._element.xml


def test_a_group_row_spans_the_table_and_an_empty_table_says_so() -> None:
    table = replace(quotas(1), rows=(), empty="Chưa phân bổ chỉ tiêu")
    drawn = read(draw(replace(INVITATION, blocks=(table,)))).tables[1]
    assert [cell.text for cell in drawn.rows[1].cells] == ["Chưa phân bổ chỉ tiêu"] * 3
    assert len({cell._tc for cell in drawn.rows[1].cells}) == 1


def test_a_name_without_a_face_is_written_with_a_box() -> None:
    cell = read(draw(replace(CALL, head=replace(HEAD, agency="Sở 王")))).tables[0].cell(0, 0)
    assert "SỞ □" in cell.text


def test_no_line_of_its_own_ends_the_paper_before_an_appendix() -> None:
    document = read(draw(CALL))
    (ending,) = [one for one in document.paragraphs if one._p.pPr is not None and one._p.pPr.sectPr is not None]
    assert ending.style is not None
    assert ending.style.name == "Đường kẻ"
