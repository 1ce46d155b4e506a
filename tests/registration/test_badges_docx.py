"""Badges in Word: eight to a page, the role in words and colour, a code that a scanner reads."""

import dataclasses
import io

import pytest
import zxingcpp
from docx import Document
from docx.document import Document as Read
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image

from lms.core.pdf import TextDoesNotFit
from lms.registration.badges import ROLES
from lms.registration.badges_docx import draw
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


@pytest.mark.parametrize("badge", [USUAL, LONGEST, dataclasses.replace(USUAL, name="A", post="")])
def test_a_badge_says_everything(badge: object) -> None:
    badge = dataclasses.replace(badge)  # type: ignore[type-var]
    cell = read(draw([badge])).tables[0].cell(0, 0)
    below = cell.tables[0]
    assert cell.paragraphs[0].text == "ĐẠI BIỂU\tDelegate"
    assert cell.paragraphs[1].text == badge.name
    assert [one.text for one in below.cell(0, 0).paragraphs] == [badge.post, badge.unit, badge.event]
    assert below.cell(0, 1).paragraphs[1].text == badge.ticket.upper()
    size = cell.paragraphs[1].runs[0].font.size
    assert size is not None
    assert 14 <= size.pt <= 24


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
        band = cell.paragraphs[0]
        assert band.text == f"{words}\t{english}"
        shade = band._p.find(f".//{qn('w:shd')}")
        assert shade.get(qn("w:fill")) == colour.hexval()[2:].upper()


def test_a_specimen_says_so() -> None:
    marked = read(draw([dataclasses.replace(USUAL, specimen=True)]))
    assert "MẪU · SPECIMEN" in marked.tables[0].cell(0, 0).tables[0].cell(0, 0).text
    assert "SPECIMEN" not in read(draw([USUAL])).tables[0].cell(0, 0).tables[0].cell(0, 0).text


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        draw([dataclasses.replace(USUAL, name="Công Tằng Tôn Nữ " * 6)])
    assert refusal.value.field == "name"
    with pytest.raises(TextDoesNotFit) as refusal:
        draw([dataclasses.replace(USUAL, ticket="A" * 21)])
    assert refusal.value.field == "ticket"
    with pytest.raises(ValueError, match="no badge"):
        draw([])
