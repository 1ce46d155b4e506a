"""From pieces to pages: what stays together, what is repeated at the top of a page, and paragraphs set line by line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm

from lms.core.fitting import pieces, printable
from lms.core.pdf import BLACK, Sheet, Typeface
from lms.core.typefaces import face_for, text_width
from lms.paperwork.layout import unparted

_ASCENT, _DESCENT = 0.891, 0.216
"""Of Times New Roman and Tinos, in ems."""


@dataclass(frozen=True)
class Piece:
    """Something drawn as a whole at a height: `draw` is told the page and the y of its upper edge, in mm.

    `space` is left above it, but not at the top of a page. `keep`: it never ends a page on which the next piece does
    not begin. `head` is drawn again above it when it begins a page.
    """

    height: float
    draw: Callable[[Sheet, float], None]
    space: float = 0.0
    keep: bool = False
    head: "Piece | None" = None


def place(
    pieces: Sequence[Piece], page: Sheet, y: float, next_page: Callable[[], Sheet], limits: tuple[float, float]
) -> float:
    """Draw the pieces from `y` down, turning pages at `limits` (top and bottom in mm); returns the last lower edge.

    Pieces that must stay together but are higher than a page are drawn one by one.
    """
    top, bottom = limits
    fresh = False
    for chain in _chains(pieces):
        height = sum(piece.space + piece.height for piece in chain)
        whole = height - chain[0].space + (chain[0].head.height if chain[0].head else 0)
        parts = [chain] if whole <= bottom - top else [[piece] for piece in chain]
        for part in parts:
            height = sum(piece.space + piece.height for piece in part)
            if not fresh and y + height > bottom:
                page, y, fresh = next_page(), top, True
                y = _drawn_head(part[0], page, y)
            for piece in part:
                y += 0 if fresh else piece.space
                piece.draw(page, y)
                y, fresh = y + piece.height, False
    return y


def _drawn_head(piece: Piece, page: Sheet, y: float) -> float:
    if piece.head is None:
        return y
    piece.head.draw(page, y)
    return y + piece.head.height


def _chains(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Runs of pieces that may not be parted."""
    chain: list[Piece] = []
    for piece in pieces:
        chain.append(piece)
        if not piece.keep:
            yield chain
            chain = []
    if chain:
        yield chain


def paragraph(
    text: str, left: float, width: float, size: float, *, indent: float = 0.0, leading: float, space: float = 0.0,
    face: Typeface = Typeface.SERIF, justify: bool = True, keep: bool = False, field: str = "body",
) -> list[Piece]:  # fmt: skip
    """One piece a line, `leading` in ems, `space` mm above the first; no page ends or begins with a lonely line.

    `keep` ties the last lines to what follows. A word wider than a line goes on on the next.
    """
    lines = broken(text, width, size, face=face, indent=indent, field=field)
    height = leading * size / mm
    pieces = []
    for number, line in enumerate(lines):
        first, last = number == 0, number == len(lines) - 1
        x = left + (indent if first else 0)
        room = width - (indent if first else 0) if justify and not last else 0.0
        tied = (keep and last) or (not last and (first or number == len(lines) - 2))
        pieces.append(Piece(height, _line(line, x, room, size, face, height, field), space if first else 0.0, tied))
    return pieces


def broken(text: str, width: float, size: float, *, face: Typeface, indent: float = 0.0, field: str) -> list[str]:
    """The text on lines no wider than `width` mm, the first shorter by `indent`, each filled before the next begins."""
    text = unparted(printable(text, face))
    face = face_for(text, face, field)
    space = text_width(" ", face, size)
    lines: list[list[str]] = [[]]
    used, room = 0.0, width - indent
    for word in (one for one in pieces(text, face, size, width - indent) if one):
        wide = text_width(word, face, size)
        if lines[-1] and used + space + wide > room:
            lines.append([])
            used, room = 0.0, width
        used += wide + (space if lines[-1] else 0)
        lines[-1].append(word)
    return [" ".join(words) for words in lines]


def baseline(height: float, size: float) -> float:
    """How far below the top of a line of this height (mm) the baseline of a text of this size (points) lies."""
    em = size / mm
    return float((height - (_ASCENT + _DESCENT) * em) / 2 + _ASCENT * em)


def _line(
    line: str, x: float, room: float, size: float, face: Typeface, height: float, field: str
) -> Callable[[Sheet, float], None]:
    """Draw one line, its spaces stretched so that it fills `room` mm where that is given."""
    spaces = line.count(" ") + line.count("\u00a0")
    own = text_width(line, face_for(line, face, field), size)
    stretch = max(0.0, room - own) / spaces if room and spaces else 0.0
    drop = baseline(height, size)

    def draw(page: Sheet, y: float) -> None:
        page.text(x, y + drop, line, face, size, BLACK, "left", field, stretch=stretch)

    return draw
