"""Badges in Word: eight to a page, the role in words and colour, a code that a scanner reads."""

import dataclasses
import io

import pytest
import zxingcpp
from docx import Document
from docx.document import Document as Read
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from PIL import Image

from lms.core.pdf import TextDoesNotFit
from lms.registration.badges import ROLES, Badge, words_of
from lms.registration.badges_docx import draw
from tests.printed import flat, texts_up_to
from tests.registration.test_badges import LONGEST, USUAL, numbered


def read(file: bytes) -> Read:
    return Document(io.BytesIO(file))


def pictures(document: Read) -> list[Image.Image]:
    images = [part for part in document.part.package.iter_parts() if part.content_type == "image/png"]
    return [Image.open(io.BytesIO(part.blob)) for part in sorted(images, key=lambda part: int(part.partname.idx or 0))]


def test_four_rows_of_two_fill_a_page() -> None:
    document = read(draw(numbered(9)))
    section, table = document.sections[0], document.tables[0]
    rows = list(table.rows)
    assert len(rows) == 5
    heights = [row.height for row in rows]
    assert all(height == pytest.approx(Mm(68), abs=635) for height in heights)
    assert section.page_height is not None
    assert section.top_margin is not None
    assert section.bottom_margin is not None
    room = section.page_height - section.top_margin - section.bottom_margin
    assert 4 * Mm(68) < room < 5 * Mm(68)
    assert [column.width for column in table.columns] == pytest.approx([Mm(95), Mm(95)], abs=635)
    assert rows[4].cells[1].text == ""


def flat_cell(cell: _Cell) -> str:
    return flat(" ".join(paragraph.text for paragraph in cell.paragraphs))


@pytest.mark.parametrize("badge", [USUAL, LONGEST, dataclasses.replace(USUAL, name="A", post="")])
def test_a_badge_says_everything_in_the_sizes_of_the_pdf(badge: Badge) -> None:
    cell = read(draw([badge])).tables[0].cell(0, 0)
    band, below = cell.tables
    assert [one.text for one in band.rows[0].cells] == ["ĐẠI BIỂU", "Delegate"]
    assert flat_cell(cell) == badge.name
    assert [one.text for one in below.cell(0, 0).paragraphs] == [one for one in (badge.post, badge.unit) if one]
    assert below.cell(1, 0).text == badge.event
    assert below.cell(0, 1).paragraphs[1].text == badge.ticket.upper()
    words = words_of(badge)
    said = [cell.paragraphs[0], below.cell(0, 0).paragraphs[-1], below.cell(1, 0).paragraphs[0]]
    for paragraph, setting in zip(said, (words.name, words.unit, words.event), strict=True):
        size = paragraph.runs[0].font.size
        assert size is not None
        assert size.pt == setting.size


def test_its_rows_fill_a_badge_and_no_more() -> None:
    for badge in (USUAL, LONGEST, dataclasses.replace(LONGEST, name="Hoàng " * 20, post="Trưởng " * 57)):
        cell = read(draw([badge])).tables[0].cell(0, 0)
        band, below = cell.tables
        form, lines = cell.paragraphs[0].paragraph_format, len(words_of(badge).name.lines)
        heights = [row.height for table in (band, below) for row in table.rows]
        between = [form.space_before, form.space_after, Mm(form.line_spacing / Mm(1) * lines)]  # type: ignore[operator]
        assert Mm(60) < sum(one for one in (*heights, *between) if one is not None) <= Mm(67)
        assert {row.height_rule for table in (band, below) for row in table.rows} == {WD_ROW_HEIGHT_RULE.EXACTLY}


@given(name=texts_up_to(120, least=1), post=texts_up_to(400), unit=texts_up_to(300), event=texts_up_to(400))
@hypothesis_settings(deadline=None, max_examples=15)
def test_whatever_is_said_is_written(**parts: str) -> None:
    badge = dataclasses.replace(USUAL, **parts)
    cell = read(draw([badge])).tables[0].cell(0, 0)
    assert flat_cell(cell) == flat(" ".join(words_of(badge).name.lines))


def test_the_code_has_its_quiet_zone_and_scans() -> None:
    document = read(draw(numbered(3)))
    found = pictures(document)
    assert [zxingcpp.read_barcodes(one)[0].text for one in found] == [f"HB24-7K4M9QX{number:02}" for number in range(3)]
    (size,) = {one.size for one in found}
    assert size == (290, 290)  # (21 + 2 · 4) modules of ten dots: version 1
    edge = found[0].convert("L").crop((0, 0, 290, 40))
    assert edge.getextrema() == (255, 255)
    assert [shape.width for shape in document.inline_shapes] == pytest.approx([Mm(29)] * 3, abs=635)


def test_each_role_has_its_colour() -> None:
    document = read(draw([dataclasses.replace(USUAL, role=role) for role in ROLES]))
    cells = [cell for row in document.tables[0].rows for cell in row.cells][: len(ROLES)]
    for cell, (words, english, colour) in zip(cells, ROLES.values(), strict=True):
        band = cell.tables[0].rows[0].cells
        assert [one.text for one in band] == [words, english]
        assert {one._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")) for one in band} == {colour.hexval()[2:].upper()}
        assert sum(one.width or 0 for one in band) == pytest.approx(Mm(95), abs=1270)


def test_a_specimen_says_so() -> None:
    marked = read(draw([dataclasses.replace(USUAL, specimen=True)]))
    assert "MẪU · SPECIMEN" in marked.tables[0].cell(0, 0).tables[1].cell(0, 0).text
    assert "SPECIMEN" not in read(draw([USUAL])).tables[0].cell(0, 0).tables[1].cell(0, 0).text


def test_a_ticket_longer_than_its_code_is_refused() -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        draw([dataclasses.replace(USUAL, ticket="A" * 21)])
    assert refusal.value.field == "ticket"
    with pytest.raises(ValueError, match="no badge"):
        draw([])
