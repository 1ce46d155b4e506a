"""Readers for what the product prints: text, faces, places of words and codes, as a stranger's software sees them."""

import io
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import pypdfium2
import zxingcpp
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from lms.core.pdf import TextDoesNotFit

POINTS_PER_MM = 72 / 25.4
Drawn = TypeVar("Drawn")


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

    def overlaps(self, other: "Box", tolerance: float = 0.2) -> bool:
        """Whether the two run into each other by more than `tolerance` mm both ways."""
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.top, other.top) - max(self.bottom, other.bottom)
        return across > tolerance and along > tolerance


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
        for index in range(text.count_rects()):
            left, bottom, right, top = (side / POINTS_PER_MM for side in text.get_rect(index))
            inside = [side * POINTS_PER_MM for side in (left, bottom, right, top)]
            found.append(Box(text.get_text_bounded(*inside).strip(), left, bottom, right, top))
        text.close()
    return [box for box in found if box.text]


def overlapping(found: list[Box]) -> list[tuple[str, str]]:
    """Pairs of texts that run into each other."""
    pairs = [(a, b) for index, a in enumerate(found) for b in found[index + 1 :]]
    return [(a.text, b.text) for a, b in pairs if a.overlaps(b)]
