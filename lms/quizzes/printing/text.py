"""Short rich text set on paper: words in faces, lines of a width, blocks; see `lms.core.rich_text` for what it may be.

Widths and heights in millimetres, sizes in points.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from reportlab.lib.units import mm

from lms.core import rich_text
from lms.core.pdf import BLACK, Sheet, Typeface
from lms.core.typefaces import face_for, nfc, text_width

SIZE = 10.5
LEADING = 1.42
SPACE = " "


@dataclass(frozen=True)
class Run:
    """Words in one face."""

    text: str
    bold: bool = False
    italic: bool = False

    @property
    def face(self) -> Typeface:
        """The face of its letters; bold wins over italic."""
        return Typeface.SANS_BOLD if self.bold else Typeface.SANS_ITALIC if self.italic else Typeface.SANS


@dataclass(frozen=True)
class Text:
    """A paragraph; `marker` stands before it, `depth` counts the lists it is in."""

    runs: tuple[Run, ...]
    marker: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Cells:
    """A row of a table."""

    cells: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True)
class Figure:
    """An image with its words."""

    digest: str
    words: str


Block = Text | Cells | Figure


def blocks(text: str) -> list[Block]:
    """A Markdown text as blocks, in order."""
    found: list[Block] = []
    markers: list[Iterator[str]] = []
    waiting = ""
    row: list[tuple[Run, ...]] | None = None
    for token in rich_text.tokens(text):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            markers.append(_markers(token))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            markers.pop()
        elif token.type == "list_item_open" and markers:
            waiting = next(markers[-1])
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            found.append(Cells(tuple(row)))
            row = None
        elif token.type in {"fence", "code_block"}:
            found += [
                Text((Run(line.replace("\t", "    ")),), depth=len(markers)) for line in token.content.splitlines()
            ]
        elif token.type == "inline":
            paragraphs, figures = _inline(token.children or [])
            if row is not None:
                row.append(paragraphs[0] if paragraphs else ())
            else:
                for runs in paragraphs:
                    found.append(Text(runs, waiting, len(markers)))
                    waiting = ""
            found += figures
    return found


def one_line(text: str) -> tuple[Run, ...]:
    """A text of one line as runs, its images as their words."""
    texts = [block for block in blocks(text) if isinstance(block, Text)]
    return tuple(run for block in texts for run in (*block.runs, Run(SPACE)))[:-1]


def _markers(token: Any) -> Iterator[str]:
    number = int(token.attrs.get("start", 1))
    while True:
        yield f"{number}." if token.type == "ordered_list_open" else "–"
        number += 1


def _inline(children: Iterable[Any]) -> tuple[list[tuple[Run, ...]], list[Figure]]:
    """Paragraphs between hard breaks, and the images among them."""
    paragraphs: list[list[Run]] = [[]]
    figures: list[Figure] = []
    style = Run("")
    for token in children:
        if token.type in {"strong_open", "strong_close"}:
            style = replace(style, bold=token.type == "strong_open")
        elif token.type in {"em_open", "em_close"}:
            style = replace(style, italic=token.type == "em_open")
        elif token.type == "hardbreak":
            paragraphs.append([])
        elif token.type == "softbreak":
            paragraphs[-1].append(replace(style, text=SPACE))
        elif token.type == "image":
            match = rich_text.FIGURE.match(str(token.attrs.get("src", "")))
            if match:
                figures.append(Figure(match[1], token.content))
            else:
                paragraphs[-1].append(replace(style, text=token.content))
        elif token.content:
            paragraphs[-1].append(replace(style, text=token.content))
    return [tuple(runs) for runs in paragraphs if runs], figures


@dataclass(frozen=True)
class Piece:
    """Letters of one face within a line, `x` from its left."""

    x: float
    text: str
    face: Typeface


Line = tuple[Piece, ...]


def wrap(runs: Iterable[Run], width: float, size: float = SIZE) -> list[Line]:
    """Lines no wider than `width`; a word that is wider is cut. Raises TextDoesNotFit for a letter no face has."""
    lines: list[Line] = []
    line: list[Piece] = []
    x = 0.0
    space = text_width(SPACE, Typeface.SANS, size)
    for word in _words(runs, width, size):
        wide = sum(piece.x for piece in word)
        gap = space if line else 0.0
        if line and x + gap + wide > width:
            lines.append(tuple(line))
            line, x, gap = [], 0.0, 0.0
        x += gap
        for piece in word:
            line.append(replace(piece, x=x))
            x += piece.x
    return [*lines, tuple(line)] if line else lines


def width_of(runs: Iterable[Run], size: float = SIZE) -> float:
    """The width of runs on one line."""
    lines = wrap(runs, 10_000, size)
    return max(
        (lines[0][-1].x + text_width(lines[0][-1].text, lines[0][-1].face, size) for _one in lines[:1]), default=0
    )


def _words(runs: Iterable[Run], width: float, size: float) -> Iterator[list[Piece]]:
    """Words as pieces, the `x` of each being its width; a word may change its face within."""
    word: list[Piece] = []
    for run in runs:
        text = nfc("".join(one if one.isprintable() else SPACE for one in run.text))
        for place, part in enumerate(text.split(SPACE)):
            if place and word:
                yield word
                word = []
            for letters in _cut(part, run.face, width, size):
                if sum(piece.x for piece in word) + letters.x > width and word:
                    yield word
                    word = []
                word.append(letters)
    if word:
        yield word


def _cut(part: str, face: Typeface, width: float, size: float) -> Iterator[Piece]:
    """A word in pieces that each fit a line."""
    face = face_for(part, face, "text") if part else face
    while part:
        take = len(part)
        while take > 1 and text_width(part[:take], face, size) > width:
            take = take - 1 if take < 40 else take // 2
        yield Piece(text_width(part[:take], face, size), part[:take], face)
        part = part[take:]


def line_height(size: float = SIZE) -> float:
    """From one baseline to the next."""
    return LEADING * size / mm


def draw_lines(sheet: Sheet, x: float, y: float, lines: Iterable[Line], size: float = SIZE) -> None:
    """Print lines, the top of the first at `y`."""
    for number, line in enumerate(lines):
        baseline = y + number * line_height(size) + size / mm
        for piece in line:
            sheet.text(x + piece.x, baseline, piece.text, piece.face, size, BLACK, "left")
