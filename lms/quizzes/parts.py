"""What a question of each kind shows besides its stem: in the reader's language, in the attempt's order, as given.

What tells the key (`right`, `feedback`, `accepted` …) stands beside what was answered; templates show it only after
handing in, or to those who write.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import url_for
from markupsafe import Markup

from lms.core import rich_text
from lms.core.i18n import in_language
from lms.quizzes.kinds.choice import Choice, Single
from lms.quizzes.kinds.cloze import GAP, Cloze, Gap
from lms.quizzes.kinds.content import EMPTY, WHOLE, Answer, Both, Content
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.hotspot import Hotspot, Zone
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, UnitRule
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Short
from lms.quizzes.masking import mask

_plain = lru_cache(maxsize=4096)(rich_text.plain)
_TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")


@dataclass(frozen=True)
class ShownOption:
    """One option; `words` is its text without marks, for lists that hold no more."""

    id: str
    text: Markup
    words: str
    chosen: bool
    right: bool
    feedback: Markup


@dataclass(frozen=True)
class Chosen:
    """Options to choose from."""

    options: list[ShownOption]


@dataclass(frozen=True)
class Typed:
    """A few words or a number: what was typed, what would be accepted, what is said to the form that was met."""

    text: str
    accepted: list[str]
    feedback: Markup
    units: list[str]
    unit_rule: str
    right: bool


@dataclass(frozen=True)
class ShownPrompt:
    """A prompt with the choice made for it and the right one, as words."""

    id: str
    text: Markup
    chosen: str
    chosen_words: str
    right_words: str
    right: bool


@dataclass(frozen=True)
class Matched:
    """Prompts, and the choices they all have."""

    prompts: list[ShownPrompt]
    choices: list[ShownOption]


@dataclass(frozen=True)
class ShownItem:
    """An item to be put in order; `id` tells nothing of the right place. Places count from 1, 0 is none."""

    id: str
    text: Markup
    words: str
    place: int
    right_place: int


@dataclass(frozen=True)
class Ordered:
    """Items as they stand now, and in their right order."""

    items: list[ShownItem]
    right: list[ShownItem]


@dataclass(frozen=True)
class ShownGap:
    """A gap of a cloze: options of a chosen one, text of a typed one."""

    number: str
    options: list[ShownOption]
    text: str
    written: str
    accepted: str
    feedback: Markup
    right: bool


@dataclass(frozen=True)
class Filled:
    """The stem cut where its gaps are; gaps that are nowhere in it stand in `rest`."""

    pieces: list[Markup | ShownGap]
    rest: list[ShownGap]


@dataclass(frozen=True)
class ShownCriterion:
    """A criterion of a rubric and the share of the points it is worth, in percent."""

    name: str
    percent: int


@dataclass(frozen=True)
class Written:
    """An essay, the length asked for in words (0 is no limit), and what it is judged by."""

    text: str
    words: int
    fewest: int
    most: int
    criteria: list[ShownCriterion]


@dataclass(frozen=True)
class ShownPoint:
    """A point set on an image, in its pixels, and whether it lies in a right zone."""

    x: int
    y: int
    right: bool


@dataclass(frozen=True)
class Pointed:
    """An image of `width` by `height` pixels, the points set on it, and the zones that are right."""

    address: str
    width: int
    height: int
    alternative: str
    most: int
    points: list[ShownPoint]
    zones: list[Zone]
    labels: list[str]


Parts = Chosen | Typed | Matched | Ordered | Filled | Written | Pointed


def figure_address(digest: str) -> str:
    """Where a browser loads a stored figure from."""
    return url_for("quizzes.figure", digest=digest)


def line(both: Both) -> Markup:
    """A text in the reader's language, as one line of HTML."""
    return rich_text.render_inline(in_language(both.vi, both.en or None), figure_address)


def block(vietnamese: str, english: str | None) -> Markup:
    """A text in the reader's language, as blocks of HTML."""
    return rich_text.render(in_language(vietnamese, english), figure_address)


def words(both: Both) -> str:
    """A text in the reader's language, without marks."""
    return _plain(in_language(both.vi, both.en or None))


def parts_of(content: Content, stem: Markup, order: Sequence[str], answer: Answer) -> Parts:
    """The parts of a question; `order` as the attempt keeps it, `answer` {} where nothing is answered."""
    parts: Parts
    match content:
        case Choice():
            parts = Chosen(_options(content, order, answer.get("chosen", ())))
        case Short() | Numeric():
            parts = _typed(content, answer)
        case Matching():
            parts = _matched(content, order, answer.get("pairs", {}))
        case Ordering():
            parts = _ordered(content, order, answer.get("order", ()))
        case Cloze():
            parts = _filled(content, stem, order, answer.get("gaps", {}))
        case Essay():
            parts = _written(content, str(answer.get("text", "")))
        case Hotspot():
            parts = _pointed(content, answer.get("points", ()))
        case _:
            raise TypeError(content.kind)
    return parts


def _options(content: Choice, order: Sequence[str], chosen: Collection[str]) -> list[ShownOption]:
    by_id = content.by_id()
    right = set(content.key()["chosen"])
    return [
        ShownOption(
            id=option_id,
            text=line(by_id[option_id].text),
            words=words(by_id[option_id].text),
            chosen=option_id in chosen,
            right=option_id in right,
            feedback=line(by_id[option_id].feedback),
        )
        for option_id in order
        if option_id in by_id
    ]


def _typed(content: Short | Numeric, answer: Answer) -> Typed:
    text = str(answer.get("text", ""))
    met = content.match(text) if text else None
    if isinstance(content, Short):
        accepted = [form.text for form in content.accepted if form.share == WHOLE]
        units, rule = [], str(UnitRule.NONE)
    else:
        accepted = [str(content.key()["text"])] if any(one.share == WHOLE for one in content.values) else []
        units, rule = [unit.name for unit in content.units], str(content.unit_rule)
    feedback = line(met.feedback) if met else Markup()
    return Typed(text, accepted, feedback, units, rule, right=met is not None and met.share == WHOLE)


def _matched(content: Matching, order: Sequence[str], pairs: dict[str, str]) -> Matched:
    texts = dict(zip(content.choice_ids(), content.choices, strict=True))
    key = content.key()["pairs"]
    prompts = [
        ShownPrompt(
            id=prompt_id,
            text=line(text),
            chosen=pairs.get(prompt_id, ""),
            chosen_words=words(texts.get(pairs.get(prompt_id, ""), EMPTY)),
            right_words=words(texts[key[prompt_id]]),
            right=pairs.get(prompt_id) == key[prompt_id],
        )
        for prompt_id, (text, _match) in zip(content.prompt_ids(), content.prompts, strict=True)
    ]
    ids = [one for one in order if one in texts] or list(texts)
    choices = [ShownOption(one, line(texts[one]), words(texts[one]), False, False, Markup()) for one in ids]
    return Matched(prompts, choices)


def _ordered(content: Ordering, order: Sequence[str], given: Sequence[str]) -> Ordered:
    ids = content.ids()
    texts = dict(zip(ids, content.items, strict=True))
    shown = {
        one: ShownItem(
            id=mask(order, one),
            text=line(texts[one]),
            words=words(texts[one]),
            place=given.index(one) + 1 if one in given else 0,
            right_place=ids.index(one) + 1,
        )
        for one in ids
    }
    return Ordered([shown[one] for one in given or order if one in shown], [shown[one] for one in ids])


def _filled(content: Cloze, stem: Markup, order: Sequence[str], given: dict[str, Answer]) -> Filled:
    gaps = {number: _gap(number, gap, order, given.get(number, {})) for number, gap in content.numbered()}
    pieces: list[Markup | ShownGap] = []
    html = ""
    placed = set()
    for part in _TAG.split(stem):
        # Only between tags: in an attribute, such as the words of an image, a gap stays as it is written.
        texts = [part] if part.startswith("<") else GAP.split(part)
        for place, text in enumerate(texts):
            if place % 2 == 0:
                html += text
            elif text in gaps and text not in placed:
                placed.add(text)
                pieces += [Markup(html), gaps[text]]
                html = ""
    pieces.append(Markup(html))
    return Filled(pieces, [gap for number, gap in gaps.items() if number not in placed])


def _gap(number: str, gap: Gap, order: Sequence[str], answer: Answer) -> ShownGap:
    filler = gap.filler
    right = bool(answer) and filler.fraction(answer) == WHOLE
    if isinstance(filler, Single):
        ids = [one.partition(":")[2] for one in order if one.startswith(f"{number}:")] or filler.ids()
        options = _options(filler, ids, answer.get("chosen", ()))
        written = next((one.words for one in options if one.chosen), "")
        accepted = next((one.words for one in options if one.right), "")
        feedback = next((one.feedback for one in options if one.chosen), Markup())
        return ShownGap(number, options, "", written, accepted, feedback, right)
    typed = _typed(filler, answer)
    return ShownGap(number, [], typed.text, typed.text, "; ".join(typed.accepted), typed.feedback, right)


def _written(content: Essay, text: str) -> Written:
    whole = content.most_points or 1
    criteria = [ShownCriterion(words(one.name), round(100 * one.most / whole)) for one in content.rubric]
    return Written(text, len(text.split()), content.fewest_words, content.most_words, criteria)


def _pointed(content: Hotspot, points: Sequence[Any]) -> Pointed:
    return Pointed(
        address=figure_address(content.figure) if content.figure else "",
        width=content.width,
        height=content.height,
        alternative=words(content.alternative),
        most=len(content.zones),
        points=[ShownPoint(x, y, any(zone.holds((x, y)) for zone in content.zones)) for x, y in points],
        zones=list(content.zones),
        labels=[words(zone.label) for zone in content.zones],
    )
