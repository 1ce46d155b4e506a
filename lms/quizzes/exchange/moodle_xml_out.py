"""Writing Moodle XML as Moodle reads it."""

import base64
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from lms.core import rich_text
from lms.quizzes.exchange import cloze_code, html_text
from lms.quizzes.exchange.entries import Entry
from lms.quizzes.exchange.figures import file_name
from lms.quizzes.exchange.losses import pairs_of, shares_of
from lms.quizzes.exchange.moodle_names import form_text, number_text, path_of
from lms.quizzes.exchange.moodle_xml import usual_title
from lms.quizzes.exchange.moodle_xml_kinds import GRADING
from lms.quizzes.exchange.moodle_xml_said import multiplier_of, said
from lms.quizzes.kinds.choice import Choice, Single, TrueFalse
from lms.quizzes.kinds.cloze import GAP, Cloze
from lms.quizzes.kinds.content import Both, write_share
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.hotspot import Hotspot, Shape, Zone
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, UnitRule
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Short

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "truefalse": "truefalse",
    "short": "shortanswer",
    "numeric": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "cloze": "cloze",
    "essay": "essay",
    "hotspot": "ddmarker",
}
"""Our kind -> Moodle's type."""


def write(entries: Sequence[Entry]) -> bytes:
    """A Moodle XML file in UTF-8."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    category = ""
    for entry in entries:
        kept, _losses = said(entry)
        if kept is None:
            continue
        if kept.labels.category != category:
            category = kept.labels.category
            lines += ['<question type="category">', f"<category>{_words(path_of(category))}</category>", "</question>"]
        lines += _Question(kept).lines()
    return "\n".join([*lines, "</quiz>", ""]).encode()


def _words(text: str) -> str:
    return f"<text>{escape(text)}</text>"


def _flag(name: str, value: bool) -> str:
    return f"<{name}>{'true' if value else 'false'}</{name}>"


class _Question:
    """Writes one question."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.names = {digest: file_name(digest, content) for digest, content in entry.figures.items()}

    def lines(self) -> Iterator[str]:
        """The element."""
        words, labels = self.entry.words, self.entry.labels
        content = words.content
        yield f"<question type={quoteattr(TYPES[content.kind])}>"
        yield f"<name>{_words(labels.title or usual_title(words.stem))}</name>"
        yield self.cloze_text(content) if isinstance(content, Cloze) else self.text("questiontext", words.stem)
        yield self.text("generalfeedback", words.feedback)
        yield "<defaultgrade>1</defaultgrade>"
        yield "<penalty>0</penalty>"
        yield "<hidden>0</hidden>"
        writer = _WRITERS.get(content.kind)
        if writer is not None:
            yield from writer(self, content)
        if labels.tags:
            yield f"<tags>{''.join(f'<tag>{_words(tag)}</tag>' for tag in labels.tags)}</tags>"
        yield "</question>"

    def address(self, digest: str) -> str:
        """Where Moodle finds a figure."""
        return f"@@PLUGINFILE@@/{self.names[digest]}"

    def text(self, tag: str, both: Both, *, inline: bool = False, attributes: str = "", inner: str = "") -> str:
        """A text element with its form and its files."""
        told = html_text.told(both, self.address, inline=inline)
        files = self.files([both.vi, both.en])
        return f'<{tag} format="{told.form}"{attributes}>{_words(told.text)}{files}{inner}</{tag}>'

    def files(self, texts: Sequence[str]) -> str:
        """The files that texts show."""
        digests = dict.fromkeys(digest for text in texts if "figure:" in text for digest in rich_text.figures(text))
        return "".join(self.file(digest) for digest in digests)

    def file(self, digest: str) -> str:
        """A file."""
        content = base64.b64encode(self.entry.figures[digest]).decode()
        return f'<file name={quoteattr(self.names[digest])} path="/" encoding="base64">{content}</file>'

    def answer(self, share: Fraction, both: Both, feedback: Both) -> str:
        """An answer with a text of ours."""
        fraction = f' fraction="{write_share(share)}"'
        said_to_it = self.text("feedback", feedback)
        return self.text("answer", both, inline=True, attributes=fraction, inner=said_to_it)

    def plain_answer(self, share: Fraction, text: str, feedback: Both, inner: str = "") -> str:
        """An answer with words as they are."""
        return (
            f'<answer fraction="{write_share(share)}" format="moodle_auto_format">{_words(text)}'
            f"{self.text('feedback', feedback)}{inner}</answer>"
        )

    def choice(self, content: Choice) -> Iterator[str]:
        """Single or multiple choice."""
        yield _flag("single", content.kind == "single")
        yield _flag("shuffleanswers", not content.keep_order)
        yield "<answernumbering>abc</answernumbering>"
        for option, share in zip(content.options, shares_of(content), strict=True):
            yield self.answer(share, option.text, option.feedback)

    def true_false(self, content: TrueFalse) -> Iterator[str]:
        """True or false."""
        for name, option in content.by_id().items():
            yield self.plain_answer(Fraction(option.right), name, option.feedback)

    def short(self, content: Short) -> Iterator[str]:
        """Accepted forms."""
        yield f"<usecase>{int(content.exact)}</usecase>"
        for one in content.accepted:
            yield self.plain_answer(one.share, form_text(one.text), one.feedback)

    def numeric(self, content: Numeric) -> Iterator[str]:
        """Numbers and units."""
        for one in content.values:
            room = f"<tolerance>{number_text(one.tolerance)}</tolerance>"
            yield self.plain_answer(one.share, number_text(one.number), one.feedback, room)
        required = content.unit_rule == UnitRule.REQUIRED
        if content.units:
            yield "<units>"
            for unit in content.units:
                multiplier = f"<multiplier>{number_text(multiplier_of(unit))}</multiplier>"
                yield f"<unit>{multiplier}<unit_name>{escape(unit.name)}</unit_name></unit>"
            yield "</units>"
        yield f"<unitgradingtype>{2 if required else 0}</unitgradingtype>"
        yield f"<unitpenalty>{1 if required else 0.1}</unitpenalty>"
        yield f"<showunits>{0 if content.units else 3}</showunits>"
        yield "<unitsleft>0</unitsleft>"

    def matching(self, content: Matching) -> Iterator[str]:
        """Pairs."""
        yield _flag("shuffleanswers", True)
        for prompt, one in pairs_of(content):
            inner = f"<answer>{_words(html_text.told_as_html(one))}</answer>"
            yield self.text("subquestion", prompt, inline=True, inner=inner)

    def ordering(self, content: Ordering) -> Iterator[str]:
        """Items."""
        yield "<layouttype>VERTICAL</layouttype>"
        yield "<selecttype>ALL</selecttype>"
        yield "<selectcount>0</selectcount>"
        yield f"<gradingtype>{next(name for name, one in GRADING.items() if one == content.credit)}</gradingtype>"
        yield "<showgrading>SHOW</showgrading>"
        for item in content.items:
            yield self.text("answer", item, inline=True, attributes=' fraction="1.0000000"')

    def essay(self, content: Essay) -> Iterator[str]:
        """Lengths and the guide."""
        yield "<responseformat>editor</responseformat>"
        yield "<responserequired>1</responserequired>"
        yield "<responsefieldlines>15</responsefieldlines>"
        if content.fewest_words:
            yield f"<minwordlimit>{content.fewest_words}</minwordlimit>"
        if content.most_words:
            yield f"<maxwordlimit>{content.most_words}</maxwordlimit>"
        yield "<attachments>0</attachments>"
        yield "<attachmentsrequired>0</attachmentsrequired>"
        yield self.text("graderinfo", Both(content.guide))

    def hotspot(self, content: Hotspot) -> Iterator[str]:
        """The image, one marker as many times as there are zones, the zones."""
        yield self.file(content.figure)
        yield "<shuffleanswers/>"
        yield f"<drag><no>1</no>{_words('X')}<noofdrags>{len(content.zones)}</noofdrags></drag>"
        for number, zone in enumerate(content.zones, 1):
            shape, coordinates = _zone(zone)
            yield (
                f"<drop><no>{number}</no><shape>{shape}</shape><coords>{coordinates}</coords><choice>1</choice></drop>"
            )

    def cloze_text(self, content: Cloze) -> str:
        """The text with its gaps in Moodle's language, all in one form."""
        stem = GAP.sub(lambda found: f"{cloze_code.OPEN}{found[1]}{cloze_code.CLOSE}", self.entry.words.stem.vi)
        inner = list(dict.fromkeys(text for gap in content.gaps for text in _texts_of(gap.filler)))
        form, told = html_text.told_alike([(stem, False), *((text, True) for text in inner)], self.address)
        written = dict(zip(inner, told[1:], strict=True))
        text = cloze_code.filled(told[0], content.gaps, lambda both: written[both.vi])
        return f'<questiontext format="{form}">{_words(text)}{self.files([stem, *inner])}</questiontext>'


def _texts_of(filler: Single | Short | Numeric) -> Iterator[str]:
    """The Markdown texts of a gap."""
    if isinstance(filler, Single):
        for option in filler.options:
            yield from (option.text.vi, option.feedback.vi)
    elif isinstance(filler, Short):
        yield from (one.feedback.vi for one in filler.accepted)
    else:
        yield from (one.feedback.vi for one in filler.values)


def _zone(zone: Zone) -> tuple[str, str]:
    numbers = zone.coordinates
    if zone.shape == Shape.CIRCLE:
        return "circle", f"{numbers[0]},{numbers[1]};{numbers[2]}"
    if zone.shape == Shape.RECTANGLE:
        x1, y1, x2, y2 = numbers
        return "rectangle", f"{x1},{y1};{x2 - x1},{y2 - y1}"
    return "polygon", ";".join(f"{x},{y}" for x, y in zone.corners())


_WRITERS: dict[str, Callable[..., Iterator[str]]] = {
    "single": _Question.choice,
    "multiple": _Question.choice,
    "truefalse": _Question.true_false,
    "short": _Question.short,
    "numeric": _Question.numeric,
    "matching": _Question.matching,
    "ordering": _Question.ordering,
    "essay": _Question.essay,
    "hotspot": _Question.hotspot,
}
