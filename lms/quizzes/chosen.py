"""What an answer chose, in parts that can be counted over many people; pure.

Options for choices, pairs for matching, the written text for short answers and numbers, the whole order for orderings,
and the same within the gaps of a cloze. Essays and points on an image have no such parts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lms.quizzes.kinds.choice import Choice, Credit
from lms.quizzes.kinds.cloze import Cloze
from lms.quizzes.kinds.content import NOTHING, Answer, Both, Content, sameness
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Short

MOST_PARTS = 24
LONGEST = 120


@dataclass(frozen=True)
class Part:
    """One thing that may be chosen: the same `key` is the same thing; `right` if it earns points."""

    key: str
    words: Both
    right: bool


def offered(content: Content) -> list[Part]:
    """What stands to be chosen before anybody answers, in the order written; nothing where answers are written."""
    if isinstance(content, Choice):
        return [Part(key, option.text, _pays(content, key)) for key, option in content.by_id().items()]
    if isinstance(content, Matching):
        return [_pair(content, prompt, choice) for prompt, choice in content.key()["pairs"].items()]
    if isinstance(content, Cloze):
        return [_in_gap(number, part) for number, gap in content.numbered() for part in offered(gap.filler)]
    return []


def chosen(content: Content, answer: Answer | None) -> list[Part]:
    """The parts of one answer; nothing for a blank."""
    return list(_chosen(content, answer)) if answer else []


def rows_of(content: Content, answers: Iterable[Answer | None]) -> list[Part]:
    """The parts to be counted: all that are offered, and what else was given, the most frequent first."""
    found = {part.key: part for part in offered(content)}
    counts: dict[str, int] = {}
    for answer in answers:
        for part in chosen(content, answer):
            if part.key not in found or part.key in counts:
                found.setdefault(part.key, part)
                counts[part.key] = counts.get(part.key, 0) + 1
    given = sorted(counts, key=lambda key: (-counts[key], key))
    kept = [key for key in found if key not in counts] + given
    return [found[key] for key in kept[: max(MOST_PARTS, len(found) - len(counts))]]


def _chosen(content: Content, answer: Answer) -> Iterator[Part]:
    if isinstance(content, Choice):
        by_id = content.by_id()
        for key in answer.get("chosen", ()):
            if key in by_id:
                yield Part(key, by_id[key].text, _pays(content, key))
    elif isinstance(content, Matching):
        for prompt, choice in answer.get("pairs", {}).items():
            if prompt in content.prompt_ids() and choice in content.choice_ids():
                yield _pair(content, prompt, choice)
    elif isinstance(content, Short | Numeric):
        text = str(answer.get("text", ""))[:LONGEST]
        yield Part(f"={sameness(text) or text}", Both(text), content.fraction(answer) > NOTHING)
    elif isinstance(content, Ordering):
        yield _order(content, answer)
    elif isinstance(content, Cloze):
        given = answer.get("gaps", {})
        for number, gap in content.numbered():
            if given.get(number):
                yield from (_in_gap(number, part) for part in _chosen(gap.filler, given[number]))


def _pays(content: Choice, key: str) -> bool:
    option = content.by_id()[key]
    return option.right if content.credit != Credit.SHARES else (option.share or NOTHING) > NOTHING


def _pair(content: Matching, prompt: str, choice: str) -> Part:
    text, match = content.prompts[content.prompt_ids().index(prompt)]
    place = content.choice_ids().index(choice)
    return Part(f"{prompt}:{choice}", _joined(" → ", text, content.choices[place]), match == place)


def _order(content: Ordering, answer: Answer) -> Part:
    places = {key: place for place, key in enumerate(content.ids(), 1)}
    order = [places[key] for key in answer.get("order", ()) if key in places]
    return Part("-".join(map(str, order)), Both(" → ".join(map(str, order))), order == sorted(order))


def _in_gap(number: str, part: Part) -> Part:
    return Part(f"{number}/{part.key}", _joined(" ", Both(f"[[{number}]]"), part.words), part.right)


def _joined(between: str, left: Both, right: Both) -> Both:
    english = f"{left.en or left.vi}{between}{right.en or right.vi}" if left.en or right.en else ""
    return Both(f"{left.vi}{between}{right.vi}", english)
