"""Reading Aiken: a question, its options "A. " or "A) ", a line "ANSWER: B"; plain text, one right option."""

import re
from dataclasses import dataclass, field

from lms.core.errors import N_
from lms.quizzes.exchange import html_text
from lms.quizzes.exchange.entries import MOST_QUESTIONS, Entry, Reading, Refused, Unfit, checked, no_reading
from lms.quizzes.exchange.sources import decoded
from lms.quizzes.kinds.choice import Option, Single
from lms.quizzes.kinds.content import Both
from lms.quizzes.wording import Labels, Words

_OPTION = re.compile(r"^([A-Z])[.)]\s*(.*)$")
_ANSWER = re.compile(r"^ANSWER\s*:\s*(.*?)\s*$", re.IGNORECASE)


@dataclass
class _Draft:
    """A question so far; `line` is where it begins."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)


def read(content: bytes) -> Reading:
    """The questions of an Aiken file."""
    try:
        text = decoded(content)
    except Unfit as unfit:
        return no_reading("aiken", unfit.code, unfit.message, **unfit.params)
    reading = Reading("aiken")
    draft = _Draft()
    for number, raw in enumerate([*text.split("\n"), ""], 1):
        line = raw.strip()
        option, answer = _OPTION.match(line), _ANSWER.match(line)
        if len(reading.entries) + len(reading.refused) >= MOST_QUESTIONS:
            message = N_("Tệp có quá %(most)s câu hỏi. Hãy chia tệp ra.")
            reading.refused.append(Refused(f"line {number}", "too-many", message, {"most": MOST_QUESTIONS}))
            return reading
        if answer:
            _finish(reading, draft, answer[1])
            draft = _Draft()
        elif option and draft.stem:
            draft.options.append((option[1], option[2]))
        elif line:
            if draft.options:
                _finish(reading, draft, None)
                draft = _Draft()
            draft.line = draft.line or number
            draft.stem.append(line)
    if draft.stem:
        _finish(reading, draft, None)
    if not reading.entries and not reading.refused:
        return no_reading("aiken", "empty", N_("Tệp không có câu hỏi nào."))
    return reading


def _finish(reading: Reading, draft: _Draft, answer: str | None) -> None:
    where = f"line {draft.line}"
    try:
        reading.entries.append(_entry(draft, answer, where))
    except Unfit as unfit:
        reading.refused.append(unfit.at(where))


def _entry(draft: _Draft, answer: str | None, where: str) -> Entry:
    if answer is None:
        raise Unfit("answer", N_("Câu không có dòng “ANSWER:”."))
    letters = [letter for letter, _text in draft.options]
    if answer.upper() not in letters:
        raise Unfit("answer", N_("Đáp án “%(text)s” không phải chữ của một phương án."), text=answer[:40])
    if letters != sorted(set(letters)):
        raise Unfit("options", N_("Chữ của các phương án không theo thứ tự A, B, C …"))
    options = tuple(Option(_text(text, inline=True), letter == answer.upper()) for letter, text in draft.options)
    return checked(Entry(Words(Single(options), _text("\n".join(draft.stem), inline=False)), Labels(), where))


def _text(text: str, *, inline: bool) -> Both:
    return html_text.read(html_text.PLAIN, text, lambda address: address, inline=inline)
