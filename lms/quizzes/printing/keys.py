"""The key for markers: the right answer of every question as its code prints it, and how partly right ones are paid."""

from collections.abc import Sequence

from lms.core import rich_text
from lms.core.pdf import SON, Sheet
from lms.quizzes.kinds import choice, ordering
from lms.quizzes.kinds.choice import Choice, Single, TrueFalse
from lms.quizzes.kinds.cloze import GAP, Cloze, Gap
from lms.quizzes.kinds.content import WHOLE, Content, write_share
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.hotspot import Hotspot, Shape
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, UnitRule, Value
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Short
from lms.quizzes.printing import flow, text
from lms.quizzes.printing.flow import Box
from lms.quizzes.printing.paper import Asked, FigureBytes, Paper
from lms.quizzes.printing.questions import new_document
from lms.quizzes.printing.text import Run

_INDENT = 8.0
GAP_SHOWN = r"(\1) …"
"""A gap in the words of a question."""


def draw_keys(papers: Sequence[Paper]) -> bytes:
    """The keys of all codes in one PDF, each numbered by itself. Raises TextDoesNotFit."""
    document = new_document(papers[0], "Đáp án")
    for paper in papers:
        flow.draw_pages(document, _boxes(paper), f"Đáp án · {paper.title} · Mã đề {paper.code}")
    return document.finish()


def _boxes(paper: Paper) -> list[Box]:
    facts = f"{len(paper.questions)} câu · {paper.points} điểm · chỉ dành cho người chấm"
    boxes = [*flow.head(paper.agency, "ĐÁP ÁN", [paper.title, facts], paper.code), flow.space(2.0)]
    for asked in paper.questions:
        about = f"{rich_text.plain(GAP.sub(GAP_SHOWN, asked.stem))[:90]} [{asked.key}] · {asked.points} điểm"
        boxes += flow.paragraph(
            [Run(answer_of(asked), bold=True)], marker=f"{asked.number}.", keep=True, after=0.0, bold_marker=True
        )
        boxes += flow.paragraph([Run(about)], _INDENT, size=8.5, keep=bool(_more(asked, paper.figures)))
        boxes += _more(asked, paper.figures)
        boxes.append(flow.space(1.2))
    return boxes


def answer_of(asked: Asked) -> str:
    """The right answer in the letters that the paper prints."""
    content = asked.content
    labels = asked.labels()
    said: str = _typed(asked.content)
    match content:
        case TrueFalse():
            said = "Đúng" if content.key()["chosen"] == ["true"] else "Sai"
        case Choice():
            said = _chosen(content, labels)
        case Matching():
            said = "; ".join(f"{prompt} – {labels[one]}" for prompt, one in content.key()["pairs"].items())
        case Ordering():
            said = " – ".join(labels[one] for one in content.ids()) + _ordering_rule(content)
        case Cloze():
            said = "; ".join(f"({number}) {_gap(asked, number, gap)}" for number, gap in content.numbered())
        case Hotspot():
            said = f"{len(content.zones)} chỗ, xem hình"
        case Essay():
            said = "Tự luận, chấm theo tiêu chí"
    return said


def _chosen(content: Choice, labels: dict[str, str]) -> str:
    by_id = content.by_id()
    if content.credit == choice.Credit.SHARES:
        return "; ".join(f"{label}: {write_share(by_id[one].share or WHOLE * 0)}%" for one, label in labels.items())
    right = ", ".join(label for one, label in labels.items() if one in content.key()["chosen"])
    if content.kind != "multiple":
        return right
    rule = "phải đúng hết" if content.credit == choice.Credit.ALL else "mỗi phương án sai trừ một phương án đúng"
    return f"{right} ({rule})"


def _ordering_rule(content: Ordering) -> str:
    rules = {
        ordering.Credit.NEIGHBOURS: "tính từng cặp liền nhau đúng",
        ordering.Credit.PLACES: "tính từng mục đúng chỗ",
        ordering.Credit.ALL: "phải đúng hết",
    }
    return f" ({rules[content.credit]})"


def _typed(content: Content) -> str:
    if isinstance(content, Short):
        rule = " (đúng từng chữ)" if content.exact else ""
        forms = (
            one.text if one.share == WHOLE else f"{one.text} ({write_share(one.share)}%)" for one in content.accepted
        )
        return " hoặc ".join(forms) + rule
    if isinstance(content, Numeric):
        return " hoặc ".join(_number(one) for one in content.values) + _units(content)
    return ""


def _number(value: Value) -> str:
    said = f"{value.number:f}".replace(".", ",")
    if value.tolerance:
        room = f"{value.tolerance * 100 if value.relative else value.tolerance:f}".replace(".", ",")
        said += f" ± {room}{'%' if value.relative else ''}"
    return said if value.share == WHOLE else f"{said} ({write_share(value.share)}%)"


def _units(content: Numeric) -> str:
    if content.unit_rule == UnitRule.NONE:
        return ""
    names = ", ".join(unit.name for unit in content.units)
    return f" (đơn vị {names}{'' if content.unit_rule == UnitRule.REQUIRED else ', không bắt buộc'})"


def _gap(asked: Asked, number: str, gap: Gap) -> str:
    if isinstance(gap.filler, Single):
        return _chosen(gap.filler, asked.gap_labels(number))
    return _typed(gap.filler)


def _more(asked: Asked, figures: FigureBytes) -> list[Box]:
    match asked.content:
        case Essay():
            return _rubric(asked.content)
        case Hotspot():
            content = asked.content
            size = (content.width, content.height)
            return [
                flow.figure(content.figure, content.alternative.vi, figures, _INDENT, size=size, over=_zones(content))
            ]
    return []


def _rubric(essay: Essay) -> list[Box]:
    boxes = []
    for criterion in essay.rubric:
        levels = "; ".join(f"{level.points}: {level.text.vi}" for level in criterion.levels)
        boxes += flow.paragraph(
            [*text.one_line(criterion.name.vi), Run(" – "), *text.one_line(levels)], _INDENT, size=9
        )
    if essay.guide:
        boxes += flow.paragraph([Run("Hướng dẫn chấm: ", bold=True), *text.one_line(essay.guide)], _INDENT, size=9)
    return boxes


def _zones(content: Hotspot) -> flow.Over:
    def draw(sheet: Sheet, x: float, y: float, scale: float) -> None:
        for zone in content.zones:
            numbers = [one * scale for one in zone.coordinates]
            if zone.shape == Shape.CIRCLE:
                sheet.circle(x + numbers[0], y + numbers[1], numbers[2], 1.2, SON)
            elif zone.shape == Shape.RECTANGLE:
                left, right = sorted((numbers[0], numbers[2]))
                top, bottom = sorted((numbers[1], numbers[3]))
                sheet.rect(x + left, y + top, right - left, bottom - top, 1.2, SON)
            else:
                points = zip(numbers[::2], numbers[1::2], strict=True)
                sheet.polygon([(x + one, y + other) for one, other in points], 1.2, SON)

    return draw
