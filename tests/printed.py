"""Readers for what the product prints: text, faces, places of words and codes, as a stranger's software sees them."""

import ctypes
import io
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from lms.core.pdf import TextDoesNotFit

POINTS_PER_MM = 72 / 25.4
Drawn = TypeVar("Drawn")
Sides: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top."""


def drawn_or_refused(draw: Callable[[], Drawn]) -> Drawn | TextDoesNotFit:
    """What `draw` returns, or the refusal it raises: for properties that hold either way."""
    try:
        return draw()
    except TextDoesNotFit as refusal:
        return refusal


class Box(NamedTuple):
    """A run of text and its place in millimetres from the bottom-left corner of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    glyphs: Sequence[Sides] = ()

    def overlaps(self, other: "Box", tolerance: float = 0.2) -> bool:
        """Whether glyphs of the two run into each other by more than the tolerance, in mm.

        The boxes of two lines may overlap where one letter hangs low and another, elsewhere, stands tall.
        """
        if not _meet(self.sides, other.sides, tolerance):
            return False
        return any(_meet(mine, theirs, tolerance) for mine in self.glyphs for theirs in other.glyphs if mine != theirs)

    @property
    def sides(self) -> Sides:
        """Left, bottom, right, top in mm."""
        return self.left, self.bottom, self.right, self.top


_SYLLABLES = [
    "Sở",
    "Ngoại",
    "vụ",
    "Nguyễn",
    "Phương",
    "thông",
    "tin",
    "Ủy",
    "ban",
    "07/8/2024",
    "H’Ma\u00a0-Niê",
    "🎉",
    "王",
]


def texts_up_to(letters: int, *, least: int = 0) -> st.SearchStrategy[str]:
    """Texts of at most so many letters: anything at all, or many syllables of official names."""
    wild = st.text(st.characters(exclude_categories=["Cs"]), max_size=letters, min_size=least)
    words = st.lists(st.sampled_from(_SYLLABLES), min_size=least, max_size=letters // 3)
    one_word = st.sampled_from(["W", "ộ", "i"]).map(lambda letter: letter * letters)
    return wild | words.map(lambda found: " ".join(found)[:letters]) | one_word


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, as copying or searching finds it."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def flat(text: str) -> str:
    """Text with every run of white space made one space, so that lines that were wrapped read on."""
    return " ".join(text.split())


def paper_sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in whole millimetres."""
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
    return [(round(box.width / POINTS_PER_MM), round(box.height / POINTS_PER_MM)) for box in boxes]


def unembedded_faces(pdf: bytes) -> list[str]:
    """Faces that a printer would have to have of its own, or that are carried whole instead of as a subset."""
    faces: dict[str, bool] = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources = page["/Resources"]
        assert isinstance(resources, DictionaryObject)
        for font in resources["/Font"].values():
            entry = font.get_object()
            descriptor = entry.get("/FontDescriptor", {})
            faces[entry["/BaseFont"]] = "/FontFile2" in descriptor and entry["/BaseFont"][7] == "+"
    return [name for name, carried in faces.items() if not carried]


def codes(pdf: bytes, page: int = 0, scale: float = 3.0) -> list[str]:
    """What a scanner reads from the rendered page, sorted."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[page].render(scale=scale).to_pil().convert("L")
    return sorted(code.text for code in zxingcpp.read_barcodes(picture))


def boxes(pdf: bytes, page: int = 0) -> list[Box]:
    """Every run of text on a page, with its place."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[page].get_textpage()
        glyphs = [_in_mm(text.get_charbox(index)) for index in range(text.count_chars())]
        for index in range(text.count_rects()):
            rectangle = text.get_rect(index)
            words = text.get_text_bounded(*rectangle).strip()
            sides = _in_mm(rectangle)
            found.append(Box(words, *sides, [glyph for glyph in glyphs if _within(glyph, sides)]))
        text.close()
    return [box for box in found if box.text]


def set_in(pdf: bytes, words: str, page: int = 0) -> set[tuple[str, float]]:
    """The faces and sizes (points) in which the first occurrence of these words is printed."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[page].get_textpage()
        start = text.get_text_range().find(words)
        assert start >= 0, f"{words} is not on page {page}"
        found = {_face_and_size(text, start + offset) for offset, one in enumerate(words) if not one.isspace()}
        text.close()
    return found


def _face_and_size(text: pypdfium2.PdfTextPage, index: int) -> tuple[str, float]:
    name = ctypes.create_string_buffer(100)
    pdfium.FPDFText_GetFontInfo(text, index, name, 100, ctypes.c_int())
    return name.value.decode().partition("+")[2] or name.value.decode(), round(
        pdfium.FPDFText_GetFontSize(text, index), 1
    )


def rules(pdf: bytes, page: int = 0) -> list[Sides]:
    """Every horizontal line on a page: left, bottom, right, top in millimetres, from the top down."""
    with pypdfium2.PdfDocument(pdf) as document:
        paths = [_in_mm(path.get_bounds()) for path in document[page].get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])]
    return sorted((sides for sides in paths if sides[3] - sides[1] < 1), key=lambda sides: -sides[1])


def _in_mm(sides: Sides) -> Sides:
    left, bottom, right, top = (side / POINTS_PER_MM for side in sides)
    return left, bottom, right, top


def _within(glyph: Sides, sides: Sides, slack: float = 0.05) -> bool:
    """Whether a glyph belongs to the run of these sides: it lies inside whole."""
    return (
        glyph[0] >= sides[0] - slack
        and glyph[1] >= sides[1] - slack
        and glyph[2] <= sides[2] + slack
        and glyph[3] <= sides[3] + slack
    )


def _meet(one: Sides, other: Sides, tolerance: float) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    upright = min(one[3], other[3]) - max(one[1], other[1])
    return across > tolerance and upright > tolerance


def overlapping(found: list[Box]) -> list[tuple[str, str]]:
    """Pairs of texts that run into each other."""
    pairs = [(a, b) for index, a in enumerate(found) for b in found[index + 1 :]]
    return [(a.text, b.text) for a, b in pairs if a.overlaps(b)]
