"""Every text of a question at once: changed by one function, and the figures they show."""

from collections.abc import Callable
from dataclasses import replace

from lms.core import rich_text
from lms.quizzes.kinds.choice import Choice
from lms.quizzes.kinds.cloze import Cloze, Filler
from lms.quizzes.kinds.content import Both, Content
from lms.quizzes.kinds.essay import Criterion, Essay, Level
from lms.quizzes.kinds.hotspot import Hotspot
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Short
from lms.quizzes.wording import Words

Change = Callable[[Both], Both]


def rewritten(words: Words, change: Change) -> Words:
    """The words with every Markdown text changed; accepted forms, numbers and units are not Markdown."""
    return replace(
        words, stem=change(words.stem), feedback=change(words.feedback), content=_content(words.content, change)
    )


def figures_of(words: Words) -> list[str]:
    """Digests of the figures a question shows, each once, in order."""
    found: dict[str, None] = {}
    texts = [words.stem, words.feedback, *words.content.pieces()]
    for text in (text for both in texts for text in (both.vi, both.en) if "figure:" in text):
        found |= dict.fromkeys(rich_text.figures(text))
    if isinstance(words.content, Hotspot):
        found[words.content.figure] = None
    return list(found)


def _content(content: Content, change: Change) -> Content:
    if isinstance(content, Choice | Short | Numeric):
        return _filler(content, change)
    if isinstance(content, Essay):
        return _essay(content, change)
    changed: Content = content
    if isinstance(content, Matching):
        prompts = tuple((change(text), match) for text, match in content.prompts)
        changed = replace(content, prompts=prompts, choices=tuple(change(one) for one in content.choices))
    elif isinstance(content, Ordering):
        changed = replace(content, items=tuple(change(one) for one in content.items))
    elif isinstance(content, Cloze):
        changed = Cloze(tuple(replace(gap, filler=_gap(gap.filler, change)) for gap in content.gaps))
    elif isinstance(content, Hotspot):
        zones = tuple(replace(zone, label=change(zone.label)) for zone in content.zones)
        changed = replace(content, alternative=change(content.alternative), zones=zones)
    return changed


def _essay(content: Essay, change: Change) -> Essay:
    rubric = tuple(
        Criterion(change(one.name), tuple(Level(level.points, change(level.text)) for level in one.levels))
        for one in content.rubric
    )
    return replace(content, rubric=rubric, guide=change(Both(content.guide)).vi)


def _gap(filler: Filler, change: Change) -> Filler:
    changed = _filler(filler, change)
    assert isinstance(changed, Filler)
    return changed


def _filler(content: Choice | Short | Numeric, change: Change) -> Choice | Short | Numeric:
    if isinstance(content, Short):
        return replace(content, accepted=tuple(replace(one, feedback=change(one.feedback)) for one in content.accepted))
    if isinstance(content, Numeric):
        return replace(content, values=tuple(replace(one, feedback=change(one.feedback)) for one in content.values))
    fixed = content.kind == "truefalse"
    options = tuple(
        replace(one, text=one.text if fixed else change(one.text), feedback=change(one.feedback))
        for one in content.options
    )
    return replace(content, options=options)
