"""Questions in plain text, the ways Vietnamese teachers write them: pure, every mistake with its line.

A question begins at "Câu 1.", "Câu 1:", "Câu hỏi 1)", "Question 1.", or at a number alone ("1.", "1)", "1/"); where one
begins with "Câu", numbers alone begin none. Options are lines "A.", "a)", "A/", also several on one line; a right one
bears an asterisk before or after its letter or at its end, or is named in "Đáp án: B", "ĐA: A, C", "Answer: B". "Giải
thích:", "Lời giải:" begins the feedback. Without options "Đáp án: Đúng" makes a true/false question, any other answer a
short one ("Hà Nội | Ha Noi" are two accepted forms). A list of answers at the end, "1.A 2.C 3.B", is understood too.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.core.text import fold, tidy
from lms.quizzes.kinds.choice import MOST_OPTIONS, Multiple, Option, Single, true_false
from lms.quizzes.kinds.content import Both, Content
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.wording import Words, faults

MOST_QUESTIONS = 300
LONGEST = 300_000
"""Characters that are read at once."""

_NAMED = re.compile(r"^\s*(?:câu(?:\s+hỏi)?|question|q)\s*(?:số\s*)?(\d{1,4})\s*[.:)\]/–-]?\s*(.*)$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*(\d{1,4})\s*[.):/]\s*(?!\d)(.*)$")
_OPTION = re.compile(r"^\s*(\*?)\s*\(?([A-La-l])(\*?)\s*[.):/]\s*(\*?)\s*(.*?)\s*$")
_INLINE = re.compile(r"(?:(?<=\s)|^)(\*?\s?\(?[A-L]\*?[.)/]\s)")
_ANSWER = re.compile(
    r"^\s*(?:đáp\s*án(?:\s+đúng)?|đ\s*/?\s*a|trả\s+lời|answers?|key|ans)\s*(?:là)?\s*[:.=-]\s*(.*)$", re.IGNORECASE
)
_WHY = re.compile(
    r"^\s*(?:giải\s*thích|lời\s*giải|hướng\s*dẫn(?:\s*giải)?|explanation|feedback)\s*[:.]\s*(.*)$", re.IGNORECASE
)
_LETTERS = re.compile(r"^\s*[A-La-l](?:\s*(?:[,;&+/]|\s|và|and)\s*[A-La-l])*\s*\.?\s*$")
_KEY_LINE = re.compile(r"^\s*(?:(?:câu\s*)?\d{1,4}\s*[.:)\-–]?\s*[A-La-l]\b[\s,;.|]*){2,}$", re.IGNORECASE)
_KEY_PAIR = re.compile(r"(\d{1,4})\s*[.:)\-–]?\s*([A-La-l])\b", re.IGNORECASE)
_TRUE = {"dung", "d", "true", "t"}
_FALSE = {"sai", "s", "false", "f"}


@dataclass(frozen=True)
class Problem:
    """What was not understood at a line (from 1); `message` is a catalogue id."""

    line: int
    message: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass
class Pasted:
    """One question as it was read: its number as written, the lines it stands on, its words, what is wrong with it."""

    number: str
    first_line: int
    last_line: int
    words: Words
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Draft:
    number: str
    first_line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[int, str, str, bool]] = field(default_factory=list)
    """Line, letter, text, whether marked right."""
    answer: tuple[int, str] | None = None
    why: list[str] = field(default_factory=list)
    last_line: int = 0
    part: str = "stem"


def read(text: str) -> list[Pasted]:
    """The questions of a text, in order; raises RuleBroken for one that is too long or holds too many."""
    if len(text) > LONGEST:
        raise RuleBroken(N_("Dài quá %(max)s ký tự. Hãy dán từng phần."), field="text", code="too-long", max=LONGEST)
    drafts, keys = _drafts(text.splitlines())
    if len(drafts) > MOST_QUESTIONS:
        message = N_("Có %(n)s câu; mỗi lần dán nhiều nhất %(most)s câu. Hãy dán từng phần.")
        raise RuleBroken(message, field="text", code="too-many", n=len(drafts), most=MOST_QUESTIONS)
    for draft in drafts:
        if draft.answer is None and draft.number in keys:
            draft.answer = keys[draft.number]
    return [_finished(draft) for draft in drafts]


def parts(text: str, questions: Sequence[Pasted]) -> list[str]:
    """The lines of each question with what follows it up to the next: joined by newlines they are the whole text."""
    lines = text.splitlines()
    starts = [0, *(one.first_line - 1 for one in questions[1:])]
    ends = [*starts[1:], len(lines)]
    return ["\n".join(lines[start:end]) for start, end in zip(starts, ends, strict=True)]


def _drafts(lines: Sequence[str]) -> tuple[list[_Draft], dict[str, tuple[int, str]]]:
    begins = _NAMED if any(_NAMED.match(line) for line in lines) else _NUMBERED
    drafts: list[_Draft] = []
    keys: dict[str, tuple[int, str]] = {}
    for place, line in enumerate(_without_marks(lines), 1):
        if not line.strip():
            continue
        if _KEY_LINE.match(line) and (not drafts or begins is not _NUMBERED or drafts[-1].options):
            keys |= {pair[1]: (place, pair[2]) for pair in _KEY_PAIR.finditer(line)}
            continue
        opening = begins.match(line)
        if opening:
            drafts.append(_Draft(opening[1], place, last_line=place))
        elif not drafts:
            drafts.append(_Draft("", place, last_line=place))
        _take(drafts[-1], place, opening[2] if opening else line)
    return drafts, keys


def _take(draft: _Draft, place: int, line: str) -> None:
    """Put a line where it belongs in the question it stands in."""
    draft.last_line = place
    if answer := _ANSWER.match(line):
        draft.answer, draft.part = (place, answer[1]), "answer"
    elif why := _WHY.match(line):
        draft.why.append(why[1])
        draft.part = "why"
    elif draft.part != "why" and (found := _options(line, draft)):
        draft.options += [(place, letter, text, right) for letter, text, right in found]
        draft.part = "options"
    elif draft.part == "why":
        draft.why.append(line)
    elif draft.part == "options":
        at, letter, text, right = draft.options[-1]
        draft.options[-1] = (at, letter, f"{text} {line}", right)
    elif draft.part == "answer" and draft.answer and not draft.answer[1].strip():
        draft.answer = (place, line)
    elif draft.part == "answer":
        draft.why.append(line)
    else:
        draft.stem.append(line)


def _options(line: str, draft: _Draft) -> list[tuple[str, str, bool]]:
    """Options on a line: their letters follow those that stand already, so that "C. Mác" in a text is none."""
    pieces = [line]
    cuts = [found.start(1) for found in _INLINE.finditer(line)]
    if len(cuts) > 1 and _OPTION.match(line):
        ends = [*cuts[1:], len(line)]
        pieces = [line[start:end] for start, end in zip(cuts, ends, strict=True)]
    found: list[tuple[str, str, bool]] = []
    wanted = len(draft.options)
    for piece in pieces:
        match = _OPTION.match(piece)
        if match is None or ord(match[2].upper()) - ord("A") != wanted + len(found):
            return [] if not found and len(pieces) == 1 else _as_one(line, wanted)
        text = match[5]
        starred = bool(match[1] or match[3] or match[4]) or text.endswith("*") or text.startswith("*")
        found.append((match[2].upper(), text.strip("* "), starred))
    return found


def _as_one(line: str, wanted: int) -> list[tuple[str, str, bool]]:
    match = _OPTION.match(line)
    if match is None or ord(match[2].upper()) - ord("A") != wanted:
        return []
    text = match[5]
    return [(match[2].upper(), text.strip("* "), bool(match[1] or match[3] or match[4]) or text.endswith("*"))]


def _finished(draft: _Draft) -> Pasted:
    problems: list[Problem] = []
    content = _content(draft, problems)
    stem = "\n".join(tidy(line) for line in draft.stem).strip()
    feedback = "\n".join(tidy(line) for line in draft.why).strip()
    words = Words(content, Both(stem), Both(feedback))
    if not problems:
        problems = [Problem(_line_of(fault, draft), fault.message, fault.params) for fault in faults(words)]
    return Pasted(draft.number, draft.first_line, draft.last_line, words, problems)


def _line_of(fault: RuleBroken, draft: _Draft) -> int:
    name, _dash, number = (fault.field or "").partition("-")
    if name == "options" and number.isdecimal() and int(number) < len(draft.options):
        return draft.options[int(number)][0]
    return draft.first_line


def _content(draft: _Draft, problems: list[Problem]) -> Content:
    line, answer = draft.answer or (draft.last_line, "")
    if not draft.options:
        return _without_options(draft, answer, problems)
    if len(draft.options) > MOST_OPTIONS:
        problems.append(
            Problem(draft.options[MOST_OPTIONS][0], N_("Nhiều nhất %(most)s phương án."), {"most": MOST_OPTIONS})
        )
    marked = {letter for _line, letter, _text, right in draft.options if right}
    named = _named(answer, draft, problems, line)
    if marked and named and marked != named:
        message = N_("Dấu * ở %(marked)s nhưng đáp án ghi %(named)s. Hãy sửa cho khớp.")
        params = {"marked": ", ".join(sorted(marked)), "named": ", ".join(sorted(named))}
        problems.append(Problem(line, message, params))
    right = marked or named
    if not right and not problems:
        message = N_("Chưa biết phương án nào đúng. Thêm dấu * trước phương án đúng hoặc dòng “Đáp án: B”.")
        problems.append(Problem(draft.last_line, message))
    options = tuple(Option(Both(tidy(text)), letter in right) for _line, letter, text, _right in draft.options)
    return Multiple(options) if len(right) > 1 else Single(options)


def _named(answer: str, draft: _Draft, problems: list[Problem], line: int) -> set[str]:
    """Letters of the options that the line of the answer names, by letter or by their words."""
    if not answer.strip():
        return set()
    letters = {letter for _line, letter, _text, _right in draft.options}
    if _LETTERS.match(answer):
        named = {letter.upper() for letter in re.findall(r"\b[A-La-l]\b", answer)} or {answer.strip(" .").upper()}
        if missing := named - letters:
            message = N_("Đáp án ghi %(letters)s nhưng không có phương án ấy.")
            problems.append(Problem(line, message, {"letters": ", ".join(sorted(missing))}))
        return named & letters
    said = answer.strip()
    opening = re.match(r"^\(?([A-La-l])\s*[.)]\s*(.*)$", said)
    if opening and opening[1].upper() in letters:
        return {opening[1].upper()}
    same = {letter for _line, letter, text, _right in draft.options if fold(text) == fold(said.rstrip("."))}
    if not same:
        message = N_("Không hiểu đáp án “%(answer)s”. Hãy ghi chữ cái, ví dụ Đáp án: B.")
        problems.append(Problem(line, message, {"answer": said[:60]}))
    return same


def _without_options(draft: _Draft, answer: str, problems: list[Problem]) -> Content:
    said = fold(answer).strip(" .")
    if not said:
        tail = re.search(
            r"[\[(]\s*(đúng|sai|true|false|đ|s)\s*[\])]\s*$", draft.stem[-1] if draft.stem else "", re.IGNORECASE
        )
        if tail:
            draft.stem[-1] = draft.stem[-1][: tail.start()]
            said = fold(tail[1])
    if said in _TRUE | _FALSE:
        return true_false(said in _TRUE)
    forms = [tidy(one) for one in re.split(r"\s*[|;]\s*|\s+/\s+|\s+hoặc\s+", answer) if tidy(one)]
    if not forms:
        message = N_("Chưa thấy phương án nào và cũng chưa có đáp án. Thêm các dòng “A. …” hoặc dòng “Đáp án: …”.")
        problems.append(Problem(draft.last_line, message))
    return Short(tuple(Form(form) for form in forms))


def _without_marks(lines: Iterable[str]) -> Iterable[str]:
    """Lines without what word processors leave: soft hyphens, tabs, bold marks around a whole option."""
    for line in lines:
        plain = line.replace("\t", "  ").replace("\u00ad", "").replace("\u200b", "").replace("\u00a0", " ")
        bold = re.match(r"^\s*\*\*([A-La-l]\s*[.):/].*?)\*\*\s*$", plain)
        yield f"*{bold[1]}" if bold else plain


def written(questions: Sequence[Words]) -> str:
    """Choice, true/false and short questions as such a text; reading it gives them back, but for what it cannot say."""
    blocks = []
    for number, words in enumerate(questions, 1):
        lines = [f"Câu {number}. {words.stem.vi}"]
        content = words.content
        if isinstance(content, Single | Multiple):
            for letter, option in zip("ABCDEFGHIJKL", content.options, strict=False):
                lines.append(f"{'*' if option.right else ''}{letter}. {option.text.vi}")
        elif isinstance(content, Short):
            lines.append("Đáp án: " + " | ".join(form.text for form in content.accepted))
        else:
            lines.append("Đáp án: " + ("Đúng" if content.key() == {"chosen": ["true"]} else "Sai"))
        if words.feedback.vi:
            lines.append(f"Giải thích: {words.feedback.vi}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
