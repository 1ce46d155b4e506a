"""Blocks set one below another over numbered pages: measured first, so that each page knows how many there are.

Positions and heights in millimetres from the top-left corner of an A4 page.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image

from lms.core.pdf import BLACK, GREY, Document, Sheet, Typeface
from lms.quizzes.printing import text
from lms.quizzes.printing.paper import FigureBytes
from lms.quizzes.printing.text import Run

LEFT, RIGHT, TOP, BOTTOM = 20.0, 195.0, 16.0, 279.0
WIDTH = RIGHT - LEFT
_FOOT = 287.0
_INDENT = 5.0
_LARGEST_FIGURE = (120.0, 90.0)
_CELL = 1.6  # between the rule of a table and its words

Draw = Callable[[Sheet, float], None]
"""Draws a block on a sheet, its top at this height."""

Over = Callable[[Sheet, float, float, float], None]
"""Draws on an image: gets the sheet, the image's left and top, and millimetres to a pixel."""


@dataclass(frozen=True)
class Box:
    """Something of a height; `keep` holds it on the page of the next one."""

    height: float
    draw: Draw
    keep: bool = False


def set_pages(boxes: Sequence[Box]) -> list[list[tuple[float, Box]]]:
    """The boxes of each page with their heights on it; one taller than a page stands on a page of its own."""
    pages: list[list[tuple[float, Box]]] = [[]]
    y = TOP
    for group in _kept_together(boxes):
        high = sum(box.height for box in group)
        if y + high > BOTTOM and y > TOP and high <= BOTTOM - TOP:
            pages.append([])
            y = TOP
        for box in group:
            if y + box.height > BOTTOM and y > TOP:
                pages.append([])
                y = TOP
            pages[-1].append((y, box))
            y += box.height
    return pages


def _kept_together(boxes: Sequence[Box]) -> list[list[Box]]:
    groups: list[list[Box]] = [[]]
    for box in boxes:
        groups[-1].append(box)
        if not box.keep:
            groups.append([])
    return [group for group in groups if group]


def draw_pages(document: Document, boxes: Sequence[Box], foot: str) -> None:
    """Draw the boxes on as many pages as they need, each with `foot` and its number."""
    pages = set_pages(boxes)
    for number, page in enumerate(pages, 1):
        sheet = document.sheet()
        for y, box in page:
            box.draw(sheet, y)
        sheet.text(LEFT, _FOOT, foot, Typeface.SANS, 8.5, GREY, "left")
        sheet.text(RIGHT, _FOOT, f"Trang {number}/{len(pages)}", Typeface.SANS, 8.5, GREY, "right")


def space(height: float) -> Box:
    """Nothing, so high."""
    return Box(height, lambda _sheet, _y: None)


def paragraph(
    runs: Sequence[Run], indent: float = 0.0, marker: str = "", *, size: float = text.SIZE, keep: bool = False,
    after: float = 1.0, bold_marker: bool = False,
) -> list[Box]:  # fmt: skip
    """A paragraph line by line, `marker` in the margin before its first line; `keep` binds it to what follows."""
    hang = _marker_width(marker, size, bold_marker)
    lines = text.wrap(runs, WIDTH - indent - hang, size) or ([()] if marker else [])
    boxes = []
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        # No first line alone at the foot of a page, no last line alone at the head of one.
        bound = keep or (number in {0, len(lines) - 2} and not last)
        high = text.line_height(size) + (after if last else 0.0)
        boxes.append(
            Box(high, _line_drawer(line, LEFT + indent, hang, marker if number == 0 else "", size, bold_marker), bound)
        )
    return boxes


def _marker_width(marker: str, size: float, bold: bool) -> float:
    if not marker:
        return 0.0
    return max(text.width_of([Run(marker, bold=bold)], size) + 1.8, _INDENT)


def _line_drawer(line: text.Line, x: float, hang: float, marker: str, size: float, bold: bool) -> Draw:
    def draw(sheet: Sheet, y: float) -> None:
        if marker:
            text.draw_lines(sheet, x, y, text.wrap([Run(marker, bold=bold)], WIDTH, size), size)
        text.draw_lines(sheet, x + hang, y, [line], size)

    return draw


def rich(words: str, figures: FigureBytes, indent: float = 0.0, marker: str = "", *, keep: bool = False) -> list[Box]:
    """A Markdown text; `marker` before its first paragraph."""
    boxes: list[Box] = []
    for place, block in enumerate(text.blocks(words)):
        first = marker if place == 0 else ""
        if isinstance(block, text.Text):
            if first:
                runs = (Run(f"{block.marker} "), *block.runs) if block.marker else block.runs
                boxes += paragraph(runs, indent, first, keep=keep, bold_marker=True)
            else:
                inner = indent + (_INDENT if marker else 0.0) + _INDENT * max(block.depth - 1, 0)
                boxes += paragraph(block.runs, inner, block.marker, keep=keep)
            continue
        if first:
            boxes += paragraph((), indent, first, keep=True, bold_marker=True)
        if isinstance(block, text.Figure):
            boxes.append(figure(block.digest, block.words, figures, indent + _INDENT, keep=keep))
        else:
            boxes.append(cells(block.cells, indent + _INDENT, keep=keep))
    return boxes or (paragraph((), indent, marker, keep=keep, bold_marker=True) if marker else [])


def cells(row: Sequence[Sequence[Run]], indent: float, *, keep: bool = False) -> Box:
    """A row of a table with equal columns."""
    width = (WIDTH - indent) / max(len(row), 1)
    set_cells = [text.wrap(runs, width - 2 * _CELL) for runs in row]
    high = max((len(lines) for lines in set_cells), default=1) * text.line_height() + 2 * _CELL

    def draw(sheet: Sheet, y: float) -> None:
        for place, lines in enumerate(set_cells):
            x = LEFT + indent + place * width
            sheet.rect(x, y, width, high, 0.4, BLACK)
            text.draw_lines(sheet, x + _CELL, y + _CELL, lines)

    return Box(high, draw, keep)


def figure(
    digest: str, words: str, figures: FigureBytes, indent: float, *, size: tuple[int, int] = (400, 300),
    over: Over | None = None, keep: bool = False,
) -> Box:  # fmt: skip
    """An image as large as is legible; where it is missing an empty frame with its words, of `size` pixels."""
    content = figures(digest)
    pixels = _size_of(content) or size
    scale = min(_LARGEST_FIGURE[0] / pixels[0], _LARGEST_FIGURE[1] / pixels[1], 25.4 / 96)
    width, high = pixels[0] * scale, pixels[1] * scale
    described = text.wrap([Run(words or "Hình")], max(width - 4, 10), 9)

    def draw(sheet: Sheet, y: float) -> None:
        if content is None:
            sheet.rect(LEFT + indent, y, width, high, 0.5, GREY)
            room = max(int(high / text.line_height(9)), 1)
            text.draw_lines(sheet, LEFT + indent + 2, y, described[:room], 9)
        else:
            sheet.image(LEFT + indent, y, width, high, content)
        if over is not None:
            over(sheet, LEFT + indent, y, scale)

    return Box(high + 2.0, draw, keep)


def _size_of(content: bytes | None) -> tuple[int, int] | None:
    if content is None:
        return None
    with Image.open(io.BytesIO(content)) as picture:
        return picture.size


def rule(after: float = 2.0) -> Box:
    """A line across the page."""
    return Box(after, lambda sheet, y: sheet.line(LEFT, y, RIGHT, y, 0.5, BLACK))


def ruled(lines: int, height: float = 8.0, indent: float = 0.0) -> list[Box]:
    """Dotted lines to write on."""

    def draw(sheet: Sheet, y: float) -> None:
        _dotted(sheet, LEFT + indent, RIGHT, y + height - 1.2)

    return [Box(height, draw) for _line in range(lines)]


def _dotted(sheet: Sheet, x1: float, x2: float, y: float) -> None:
    sheet.canvas.saveState()
    sheet.canvas.setDash(0.6, 2.0)
    sheet.line(x1, y, x2, y, 0.5, GREY)
    sheet.canvas.restoreState()


def field(label: str, x: float, width: float, height: float = 8.0) -> Draw:
    """A label with a dotted line to write on after it, to be drawn at a height."""
    start = x + text.width_of([Run(label)]) + 1.5

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(x, y + height - 2.2, label, Typeface.SANS, text.SIZE, BLACK, "left")
        _dotted(sheet, start, x + width, y + height - 1.6)

    return draw


def head(agency: str, title: str, lines: Sequence[str], code: str) -> list[Box]:
    """Agency and title on the left, the code in a frame on the right."""
    left = WIDTH - 42
    set_agency = text.wrap([Run(agency)], left, 9.5)
    set_title = text.wrap([Run(title, bold=True)], left, 14)
    set_lines = [line for one in lines for line in text.wrap([Run(one)], left, 9.5)]
    small, large = text.line_height(9.5), text.line_height(14)
    high = max(len(set_agency) * small + len(set_title) * large + len(set_lines) * small + 3, 22.0)

    def draw(sheet: Sheet, y: float) -> None:
        text.draw_lines(sheet, LEFT, y, set_agency, 9.5)
        text.draw_lines(sheet, LEFT, y + len(set_agency) * small, set_title, 14)
        text.draw_lines(sheet, LEFT, y + len(set_agency) * small + len(set_title) * large, set_lines, 9.5)
        sheet.rect(RIGHT - 36, y, 36, 19, 1.0, BLACK)
        sheet.text(RIGHT - 18, y + 6, "MÃ ĐỀ", Typeface.SANS, 9, BLACK)
        sheet.text(RIGHT - 18, y + 15.4, code, Typeface.SANS_BOLD, 20, BLACK)

    return [Box(high, draw)]
