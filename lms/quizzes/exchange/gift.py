"""Reading GIFT, as Moodle's documentation describes it and its importer takes it: questions parted by empty lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from lms.core.errors import N_
from lms.core.text import tidy
from lms.quizzes.exchange import html_text
from lms.quizzes.exchange.entries import MOST_QUESTIONS, Entry, Reading, Refused, Unfit, checked
from lms.quizzes.exchange.losses import DEFAULT_RUBRIC, choice_of, matching_of
from lms.quizzes.exchange.moodle_names import category_of, form_of, number_of, share_of
from lms.quizzes.exchange.sources import decoded
from lms.quizzes.kinds.choice import Multiple, Single, TrueFalse, true_false
from lms.quizzes.kinds.content import NOTHING, WHOLE, Both, Content
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Value
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.wording import Labels, Words

_HIDDEN = dict(zip(":#={}~n\\", "\x01\x02\x03\x04\x05\x06\x07\x0e", strict=True))
_SHOWN = str.maketrans({hidden: "\n" if shown == "n" else shown for shown, hidden in _HIDDEN.items()})
_ESCAPE = re.compile(r"\\([:#={}~n\\])")
_FORM = re.compile(r"^\[(html|markdown|plain|moodle)\]")
_TAG = re.compile(r"(?<!\\)\[tag:((?:\\\]|[^\]])+)\]")
_WEIGHT = re.compile(r"^%([^%]*)%")
_CATEGORY = "$CATEGORY:"
_TRUE, _FALSE = {"T", "TRUE"}, {"F", "FALSE"}


@dataclass
class _Block:
    """The lines of one question; `line` is the number of the first that is no comment."""

    line: int = 0
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def read(content: bytes) -> Reading:
    """The questions of a GIFT file."""
    reading = Reading("gift")
    try:
        text = decoded(content)
    except Unfit as unfit:
        reading.refused.append(unfit.at(""))
        return reading
    category = ""
    for block in _blocks(text):
        where = f"line {block.line}"
        if block.lines[0].startswith(_CATEGORY):
            category = category_of(block.lines.pop(0)[len(_CATEGORY) :])
            if not block.lines:
                continue
        if len(reading.entries) + len(reading.refused) >= MOST_QUESTIONS:
            message = N_("Tệp có quá %(most)s câu hỏi. Hãy chia tệp ra.")
            reading.refused.append(Refused(where, "too-many", message, {"most": MOST_QUESTIONS}))
            break
        try:
            reading.entries.append(_entry(block, category, where))
        except Unfit as unfit:
            reading.refused.append(unfit.at(where))
    if not reading.entries and not reading.refused:
        reading.refused.append(Refused("", "empty", N_("Tệp không có câu hỏi nào.")))
    return reading


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block()
    for number, line in enumerate([*text.split("\n"), ""], 1):
        stripped = line.strip()
        if stripped.startswith("//"):
            block.comments.append(stripped[2:])
        elif stripped:
            block.line = block.line or number
            block.lines.append(stripped)
        elif block.lines:
            yield block
            block = _Block()
        else:
            block = _Block()


def _entry(block: _Block, category: str, where: str) -> Entry:
    text = _ESCAPE.sub(lambda found: _HIDDEN[found[1]], "\n".join(block.lines))
    title = ""
    if text.startswith("::") and "::" in text[2:]:
        title, _mark, text = text[2:].partition("::")
        title = tidy(title.translate(_SHOWN))
    before, answers, after = _parts(text)
    stem = f"{before}_____{after}" if after.strip() else before
    stem = stem.strip()
    found = _FORM.match(stem)
    parser = _Answers(found[1] if found else html_text.MOODLE)
    feedback = ""
    if "####" in answers:
        answers, _mark, feedback = answers.rpartition("####")
    content = parser.content(answers.strip())
    said = parser.text(feedback)
    words = Words(content, parser.text(stem), parser.with_catch_all(said))
    tags = [tidy(tag.replace("\\]", "]")) for comment in block.comments for tag in _TAG.findall(comment)]
    return checked(Entry(words, Labels(title=title, category=category, tags=tuple(dict.fromkeys(tags))), where))


def _parts(text: str) -> tuple[str, str, str]:
    """What stands before the braces, in them, behind them."""
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        raise Unfit("no-answers", N_("Câu không có phần trả lời trong ngoặc {}, chỉ là lời dẫn."))
    if start < 0 or end < start:
        raise Unfit("braces", N_("Ngoặc { và } không đi với nhau. Hãy kiểm tra lại câu này."))
    if "{" in text[end:] or "}" in text[end + 1 :]:
        raise Unfit("braces", N_("Câu có nhiều phần trả lời trong ngoặc {}; GIFT chỉ có một."))
    return text[:start], text[start + 1 : end], text[end + 1 :]


class _Answers:
    """Reads what stands in the braces; `form` is that of the question's text."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.catch_all: list[Both] = []

    def content(self, answers: str) -> Content:
        """The content, by Moodle's rules of which marks make which kind."""
        if not answers:
            return Essay(DEFAULT_RUBRIC)
        if answers.startswith("#"):
            return self.numeric(answers[1:])
        if "~" in answers:
            return self.choice(answers)
        if "=" in answers and "->" in answers:
            return self.matching(answers)
        truth = answers.partition("#")[0].strip().upper()
        return self.true_false(answers) if truth in _TRUE | _FALSE else self.short(answers)

    def text(self, raw: str, *, inline: bool = False) -> Both:
        """A text with its own form before it, or in that of the question."""
        raw = raw.strip()
        found = _FORM.match(raw)
        form = found[1] if found else self.form
        text = (raw[found.end() :] if found else raw).translate(_SHOWN)
        return html_text.read(form, text, _no_figure, inline=inline)

    def with_catch_all(self, feedback: Both) -> Both:
        """The feedback of the question with what was to be said to any other answer."""
        parts = [one for one in (feedback, *self.catch_all) if one.vi]
        return Both("\n\n".join(one.vi for one in parts), "\n\n".join(one.en for one in parts if one.en))

    def commented(self, raw: str) -> tuple[str, Both]:
        """An answer and its feedback."""
        answer, _mark, feedback = raw.partition("#")
        return answer.strip(), self.text(feedback)

    def choice(self, answers: str) -> Single | Multiple:
        """A single choice where some option is marked "=", else a multiple one."""
        options = []
        for raw in _split(answers, "~="):
            share, rest = (WHOLE if raw.startswith("=") else NOTHING), raw.lstrip("=~")
            weight = _WEIGHT.match(rest) if not raw.startswith("=") else None
            if weight:
                share, rest = share_of(weight[1]), rest[weight.end() :]
            answer, feedback = self.commented(rest)
            options.append((self.text(answer, inline=True), share, feedback))
        return choice_of(options, multiple="=" not in answers)

    def matching(self, answers: str) -> Matching:
        """Pairs."""
        pairs = []
        for raw in _split(answers, "="):
            prompt, arrow, choice = raw.lstrip("=").partition("->")
            if not arrow:
                raise Unfit("pair", N_("Cặp “%(text)s” thiếu dấu ->."), text=raw.translate(_SHOWN)[:40])
            kept = html_text.read(html_text.HTML, choice.strip().translate(_SHOWN), _no_figure, inline=True)
            pairs.append((self.text(prompt, inline=True), kept))
        return matching_of(pairs)

    def true_false(self, answers: str) -> TrueFalse:
        """True or false; first what is said to the wrong answer, then to the right one."""
        truth, wrong, right = [*answers.split("#", 2), "", ""][:3]
        said_wrong, said_right = self.text(wrong), self.text(right)
        if truth.strip().upper() in _TRUE:
            return true_false(True, said_right, said_wrong)
        return true_false(False, said_wrong, said_right)

    def short(self, answers: str) -> Short:
        """Accepted forms."""
        forms = []
        for raw in _split(answers, "="):
            rest = raw.removeprefix("=").strip()
            weight = _WEIGHT.match(rest)
            share = share_of(weight[1]) if weight else WHOLE
            answer, feedback = self.commented(rest[weight.end() :] if weight else rest)
            form = form_of(_FORM.sub("", answer).translate(_SHOWN).strip())
            if form is None:
                self.catch_all.append(feedback)
            else:
                forms.append(Form(form, share, feedback))
        return Short(tuple(forms))

    def numeric(self, answers: str) -> Numeric:
        """Numbers with a tolerance, or a range."""
        answers, wrong, said = answers.partition("~")
        if wrong:
            self.catch_all.append(self.text(said.partition("#")[2]))
        values = []
        for raw in _split(answers, "="):
            rest = raw.removeprefix("=").strip()
            weight = _WEIGHT.match(rest)
            share = share_of(weight[1]) if weight else WHOLE
            answer, feedback = self.commented(rest[weight.end() :] if weight else rest)
            if answer == "*":
                self.catch_all.append(feedback)
                continue
            low, dots, high = answer.partition("..")
            if dots:
                least, most = number_of(low), number_of(high)
                values.append(Value((least + most) / 2, (most - least) / 2, share=share, feedback=feedback))
                continue
            number, _mark, tolerance = answer.partition(":")
            room = number_of(tolerance) if tolerance.strip() else number_of("0")
            values.append(Value(number_of(number), room, share=share, feedback=feedback))
        return Numeric(tuple(values))


def _split(answers: str, marks: str) -> list[str]:
    """The pieces that begin with one of the marks; words before the first are a piece too."""
    pieces = re.split(f"(?=[{marks}])", answers)
    return [piece.strip() for piece in pieces if piece.strip()]


def _no_figure(_address: str) -> NoReturn:
    raise Unfit("figure", N_("Câu hỏi có hình, mà tệp loại này không mang hình theo. Hãy nhập bằng Moodle XML."))
