"""The question paper: what is asked, by one code or several; answers go on the answer sheet."""

from collections.abc import Sequence

from lms.core.pdf import A4_PORTRAIT, BLACK, Document, Sheet, Typeface
from lms.core.typefaces import text_width
from lms.quizzes.kinds.choice import Choice, Multiple, Single, TrueFalse
from lms.quizzes.kinds.cloze import GAP, Cloze
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.hotspot import Hotspot
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, UnitRule
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.printing import flow, text
from lms.quizzes.printing.flow import LEFT, WIDTH, Box
from lms.quizzes.printing.paper import Asked, FigureBytes, Paper
from lms.quizzes.printing.text import Run

_INDENT = 8.0
_GAP = "………………"
_COLUMNS = (4, 2)


def draw_papers(papers: Sequence[Paper]) -> bytes:
    """The question papers of all codes in one PDF, each numbered by itself. Raises TextDoesNotFit."""
    document = new_document(papers[0], "Đề kiểm tra")
    for paper in papers:
        flow.draw_pages(document, _boxes(paper), f"{paper.title} · Mã đề {paper.code}")
    return document.finish()


def new_document(paper: Paper, what: str) -> Document:
    """An empty document about a quiz."""
    return Document(
        title=f"{what} · {paper.title}", author=paper.agency, subject=paper.title, paper=A4_PORTRAIT,
        first_face=Typeface.SANS,
    )  # fmt: skip


def _boxes(paper: Paper) -> list[Box]:
    time = f"Thời gian làm bài: {paper.minutes} phút" if paper.minutes else "Không giới hạn thời gian"
    facts = f"{time} · {len(paper.questions)} câu · {paper.points} điểm"
    boxes = flow.head(paper.agency, paper.title, [facts], paper.code)
    boxes += [_names(), flow.space(3.0)]
    if paper.intro:
        boxes += flow.rich(paper.intro, paper.figures)
    boxes += flow.paragraph([Run("Trả lời trên phiếu trả lời có cùng mã đề.", italic=True)], after=3.0)
    for part in paper.parts:
        if part.title:
            boxes += [flow.space(2.0), *flow.paragraph([Run(part.title, bold=True)], size=12, keep=True, after=1.5)]
        if part.intro:
            boxes += flow.rich(part.intro, paper.figures, keep=True)
        for asked in part.questions:
            boxes += [*_question(asked, paper.figures), flow.space(2.5)]
    return [*boxes, *flow.paragraph([Run("– HẾT –")], indent=WIDTH / 2 - 8)]


def _names() -> Box:
    name, unit = flow.field("Họ và tên:", LEFT, 90), flow.field("Đơn vị:", LEFT + 94, WIDTH - 94)

    def draw(sheet: Sheet, y: float) -> None:
        name(sheet, y)
        unit(sheet, y)

    return Box(9.0, draw)


def _question(asked: Asked, figures: FigureBytes) -> list[Box]:
    stem = _with_gaps(asked.stem) if isinstance(asked.content, Cloze) else asked.stem
    boxes = flow.rich(stem, figures, marker=f"Câu {asked.number}.", keep=True)
    points = f"({asked.points} điểm{_hint(asked)})"
    boxes += flow.paragraph([Run(points, italic=True)], _INDENT, size=9, keep=not isinstance(asked.content, Essay))
    body = _body(asked, figures)
    return [*boxes, *body]


def _hint(asked: Asked) -> str:
    said: str = ""
    match asked.content:
        case Multiple():
            said = "; chọn mọi phương án đúng"
        case TrueFalse():
            said = "; chọn Đúng hoặc Sai"
        case Matching():
            said = "; ghép mỗi ý đánh số với một ý đánh chữ"
        case Ordering():
            said = "; xếp các mục theo đúng thứ tự"
        case Hotspot():
            said = f"; đánh dấu × vào {len(asked.content.zones)} chỗ trên hình ở phiếu trả lời"
        case Numeric() if asked.content.unit_rule != UnitRule.NONE:
            said = "; ghi cả đơn vị: " + ", ".join(unit.name for unit in asked.content.units)
        case Essay():
            said = _length(asked.content)
    return said


def _length(essay: Essay) -> str:
    if essay.fewest_words and essay.most_words:
        return f"; từ {essay.fewest_words} đến {essay.most_words} chữ"
    return f"; nhiều nhất {essay.most_words} chữ" if essay.most_words else ""


def _body(asked: Asked, figures: FigureBytes) -> list[Box]:
    boxes: list[Box] = []
    match asked.content:
        case TrueFalse():
            boxes = []
        case Choice():
            texts = asked.content.by_id()
            boxes = _lettered([(label, texts[one].text.vi) for one, label in asked.labels().items()], figures)
        case Matching():
            boxes = _matching(asked, asked.content, figures)
        case Ordering():
            items = dict(zip(asked.content.ids(), asked.content.items, strict=True))
            boxes = _lettered([(label, items[one].vi) for one, label in asked.labels().items()], figures)
        case Cloze():
            boxes = _gaps(asked, asked.content, figures)
        case Hotspot():
            size = (asked.content.width, asked.content.height)
            words = asked.content.alternative.vi
            boxes = [flow.figure(asked.content.figure, words, figures, _INDENT, size=size)]
        case Essay():
            boxes = _criteria(asked.content)
    return boxes


def _lettered(options: Sequence[tuple[str, str]], figures: FigureBytes) -> list[Box]:
    """Options under their letters: side by side where all are short."""
    shown = [(label, text.blocks(words)) for label, words in options]
    plain = [
        (label, blocks[0].runs)
        for label, blocks in shown
        if len(blocks) == 1 and isinstance(blocks[0], text.Text) and not blocks[0].marker
    ]
    if len(plain) == len(options):
        widest = max((text.width_of(runs) for _label, runs in plain), default=0.0) + 8.0
        for columns in _COLUMNS:
            if widest <= (WIDTH - _INDENT) / columns and len(options) >= columns:
                return _beside(plain, columns)
    boxes: list[Box] = []
    for place, (label, words) in enumerate(options):
        boxes += flow.rich(words, figures, _INDENT, f"{label}.", keep=place < len(options) - 1)
    return boxes


def _beside(options: Sequence[tuple[str, Sequence[Run]]], columns: int) -> list[Box]:
    width = (WIDTH - _INDENT) / columns
    rows = [options[start : start + columns] for start in range(0, len(options), columns)]

    def drawer(row: Sequence[tuple[str, Sequence[Run]]]) -> flow.Draw:
        def draw(sheet: Sheet, y: float) -> None:
            for place, (label, runs) in enumerate(row):
                x = LEFT + _INDENT + place * width
                text.draw_lines(sheet, x, y, text.wrap([Run(f"{label}.", bold=True)], width))
                text.draw_lines(sheet, x + 6.0, y, text.wrap(runs, width))

        return draw

    return [Box(text.line_height() + 1.0, drawer(row), keep=row is not rows[-1]) for row in rows]


def _matching(asked: Asked, content: Matching, figures: FigureBytes) -> list[Box]:
    """Prompts by number with room for a letter, then the choices by letter."""
    boxes: list[Box] = []
    for number, (prompt, _match) in zip(content.prompt_ids(), content.prompts, strict=True):
        boxes += flow.rich(prompt.vi, figures, _INDENT, f"{number}.", keep=True)
    boxes.append(Box(1.5, lambda _sheet, _y: None, keep=True))
    choices = dict(zip(content.choice_ids(), content.choices, strict=True))
    return boxes + _lettered([(label, choices[one].vi) for one, label in asked.labels().items()], figures)


def _with_gaps(stem: str) -> str:
    return GAP.sub(lambda gap: f"({gap[1]})\u00a0{_GAP}", stem)


def _gaps(asked: Asked, content: Cloze, figures: FigureBytes) -> list[Box]:
    """The options of gaps that are chosen from a list."""
    boxes: list[Box] = []
    for number, gap in content.numbered():
        if isinstance(gap.filler, Single):
            texts = gap.filler.by_id()
            runs = [Run(f"({number}) ", bold=True)]
            for one, label in asked.gap_labels(number).items():
                runs += [Run(f"{label}. ", bold=True), *text.one_line(texts[one].text.vi), Run("    ")]
            boxes += flow.paragraph(runs, _INDENT)
    return boxes


def _criteria(essay: Essay) -> list[Box]:
    whole = essay.most_points or 1
    said = "; ".join(f"{one.name.vi} ({round(100 * one.most / whole)}%)" for one in essay.rubric)
    return flow.paragraph([Run("Chấm theo: ", bold=True), *text.one_line(said)], _INDENT)


def bubble(sheet: Sheet, x: float, y: float, letter: str) -> None:
    """A circle of 5 mm with its letter, to be filled in; `x`, `y` its middle."""
    sheet.circle(x, y, 2.5, 0.6, BLACK)
    size = 7.5 if text_width(letter, Typeface.SANS, 7.5) < 4 else 6
    sheet.text(x, y + 1.0, letter, Typeface.SANS, size, BLACK)
