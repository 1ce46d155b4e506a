"""The answer sheet: circles to fill in for choices, boxes for letters, lines for words, room for essays, figures."""

from collections.abc import Sequence

from lms.core.pdf import BLACK, Sheet, Typeface
from lms.quizzes.kinds.choice import Single
from lms.quizzes.kinds.cloze import Cloze
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.hotspot import Hotspot
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.printing import flow
from lms.quizzes.printing.flow import LEFT, WIDTH, Box
from lms.quizzes.printing.paper import Asked, FigureBytes, Paper
from lms.quizzes.printing.questions import bubble, new_document
from lms.quizzes.printing.text import Run

_ROW = 7.6
_BUBBLE = 6.6
_NUMBER = 14.0
_FEW_LETTERS = 5
_WORDS_A_LINE = 11
_FEWEST_LINES, _MOST_LINES = 10, 60


def draw_sheets(papers: Sequence[Paper]) -> bytes:
    """The answer sheets of all codes in one PDF, each numbered by itself. Raises TextDoesNotFit."""
    document = new_document(papers[0], "Phiếu trả lời")
    for paper in papers:
        flow.draw_pages(document, _boxes(paper), f"Phiếu trả lời · {paper.title} · Mã đề {paper.code}")
    return document.finish()


def _boxes(paper: Paper) -> list[Box]:
    boxes = flow.head(paper.agency, "PHIẾU TRẢ LỜI", [paper.title], paper.code)
    boxes += [*_names(), flow.space(2.0)]
    boxes += flow.paragraph(
        [Run("Tô kín vòng tròn của phương án chọn. Muốn đổi, gạch chéo vòng đã tô rồi tô vòng khác.", italic=True)],
        size=9, after=2.0,
    )  # fmt: skip
    bubbled: list[Asked] = []
    for asked in paper.questions:
        if asked.is_bubbled:
            bubbled.append(asked)
            continue
        boxes += [*_bubbles(bubbled), *_written(asked, paper.figures)]
        bubbled = []
    return boxes + _bubbles(bubbled)


def _names() -> list[Box]:
    rows = (
        (flow.field("Họ và tên:", LEFT, 105), flow.field("Ngày sinh:", LEFT + 109, WIDTH - 109)),
        (flow.field("Đơn vị:", LEFT, 105), flow.field("Chữ ký:", LEFT + 109, WIDTH - 109)),
    )

    def drawer(row: Sequence[flow.Draw]) -> flow.Draw:
        def draw(sheet: Sheet, y: float) -> None:
            for one in row:
                one(sheet, y)

        return draw

    return [Box(9.0, drawer(row)) for row in rows]


def _bubbles(questions: Sequence[Asked]) -> list[Box]:
    """Questions answered by a mark, in columns read downwards."""
    if not questions:
        return []
    columns = 3 if max(len(one.letters) for one in questions) <= _FEW_LETTERS else 1
    width = WIDTH / columns
    rows = -(-len(questions) // columns)

    def drawer(row: int) -> flow.Draw:
        def draw(sheet: Sheet, y: float) -> None:
            for column, asked in enumerate(questions[row::rows]):
                x = LEFT + column * width
                sheet.text(x + 9, y + 5.0, f"{asked.number}.", Typeface.SANS_BOLD, 10, BLACK, "right")
                for place, letter in enumerate(asked.letters):
                    bubble(sheet, x + _NUMBER + place * _BUBBLE, y + 3.8, letter)

        return draw

    return [*(Box(_ROW, drawer(row)) for row in range(rows)), flow.space(2.0)]


def _written(asked: Asked, figures: FigureBytes) -> list[Box]:
    content = asked.content
    marker = f"Câu {asked.number}."
    match content:
        case Matching():
            return _letter_boxes(marker, content.prompt_ids())
        case Ordering():
            return _letter_boxes(marker, [str(place) for place in range(1, len(content.items) + 1)])
        case Cloze():
            return _gaps(marker, asked, content)
        case Essay():
            lines = min(max(content.most_words // _WORDS_A_LINE + 2, _FEWEST_LINES), _MOST_LINES)
            return [*_label(marker), *flow.ruled(lines), flow.space(3.0)]
        case Hotspot():
            size = (content.width, content.height)
            picture = flow.figure(content.figure, content.alternative.vi, figures, 10.0, size=size)
            return [*_label(f"{marker} Đánh dấu × vào {len(content.zones)} chỗ."), picture, flow.space(2.0)]
    return [Box(10.0, flow.field(marker, LEFT, WIDTH, 9.0))]


def _label(words: str) -> list[Box]:
    return flow.paragraph([Run(words, bold=True)], keep=True)


def _letter_boxes(marker: str, numbers: Sequence[str]) -> list[Box]:
    """A square for a letter under each number."""
    rows = [numbers[start : start + 10] for start in range(0, len(numbers), 10)]

    def drawer(row: Sequence[str], first: bool) -> flow.Draw:
        def draw(sheet: Sheet, y: float) -> None:
            if first:
                sheet.text(LEFT, y + 6.4, marker, Typeface.SANS_BOLD, 10, BLACK, "left")
            for place, number in enumerate(row):
                x = LEFT + 26 + place * 14.5
                sheet.text(x - 1.5, y + 6.4, number, Typeface.SANS, 9, BLACK, "right")
                sheet.rect(x, y + 1.0, 8.0, 8.0, 0.6, BLACK)

        return draw

    return [Box(11.0, drawer(row, row is rows[0])) for row in rows]


def _gaps(marker: str, asked: Asked, content: Cloze) -> list[Box]:
    boxes = _label(marker)
    for number, gap in content.numbered():
        if isinstance(gap.filler, Single):
            letters = list(asked.gap_labels(number).values())
            boxes.append(Box(_ROW, _gap_bubbles(number, letters)))
        else:
            boxes.append(Box(9.0, flow.field(f"({number})", LEFT + 8, 110)))
    return [*boxes, flow.space(2.0)]


def _gap_bubbles(number: str, letters: Sequence[str]) -> flow.Draw:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT + 8, y + 5.2, f"({number})", Typeface.SANS, 10, BLACK, "left")
        for place, letter in enumerate(letters):
            bubble(sheet, LEFT + 20 + place * _BUBBLE, y + 3.8, letter)

    return draw
