"""What each kind of question says in a `questions.yaml`: pure, every mistake with its place."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from lms.core.errors import N_
from lms.quizzes.file_values import FileReader
from lms.quizzes.kinds import choice, ordering
from lms.quizzes.kinds.choice import Multiple, Option, Single, true_false
from lms.quizzes.kinds.cloze import Cloze, Gap
from lms.quizzes.kinds.content import Both, Content
from lms.quizzes.kinds.essay import Criterion, Essay, Level
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Unit, UnitRule, Value
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.models import QuestionKind

Entry = dict[str, Any]
FIELDS: dict[QuestionKind, set[str]] = {
    QuestionKind.SINGLE: {"options", "keep_order"},
    QuestionKind.MULTIPLE: {"options", "keep_order", "credit"},
    QuestionKind.TRUE_FALSE: {"answer"},
    QuestionKind.SHORT: {"accepted", "exact"},
    QuestionKind.NUMERIC: {"values", "units", "unit_rule"},
    QuestionKind.MATCHING: {"pairs", "extras"},
    QuestionKind.ORDERING: {"items", "credit"},
    QuestionKind.CLOZE: {"gaps"},
    QuestionKind.ESSAY: {"rubric", "fewest_words", "most_words", "guide"},
}
"""What a question of a kind may say besides what all of them say."""
PARTS = {"prompts": "pairs", "choices": "extras"}
"""Parts of a content that a file calls otherwise."""


def single(reader: FileReader, entry: Entry, where: str) -> Single:
    """Options of which one is right."""
    return Single(_options(reader, entry, where), keep_order=_flag(reader, entry, "keep_order", where))


def multiple(reader: FileReader, entry: Entry, where: str) -> Content:
    """Options of which several are right."""
    credit = reader.one_of(choice.Credit, entry.get("credit"), f"{where}.credit", choice.Credit.BALANCED)
    if credit == choice.Credit.SHARES:
        reader.refuse(N_("Cần một trong: %(choices)s."), f"{where}.credit", choices="balanced, all")
    return Multiple(
        _options(reader, entry, where),
        credit or choice.Credit.BALANCED,
        keep_order=_flag(reader, entry, "keep_order", where),
    )


def truth(reader: FileReader, entry: Entry, where: str) -> Content:
    """True or false."""
    return true_false(reader.flag(entry.get("answer"), f"{where}.answer"))


def short(reader: FileReader, entry: Entry, where: str) -> Short:
    """Accepted forms, as a list or one list a language."""
    accepted = tuple(Form(text) for text in _accepted(reader, entry, where))
    return Short(accepted, exact=_flag(reader, entry, "exact", where))


def numeric(reader: FileReader, entry: Entry, where: str) -> Numeric:
    """Accepted numbers and units."""
    values = []
    for at, one in reader.entries(entry.get("values"), f"{where}.values"):
        reader.refuse_unknown(one, {"number", "tolerance", "percent", "share", "feedback"}, at)
        relative = "percent" in one
        tolerance = reader.number(one.get("percent" if relative else "tolerance", 0), f"{at}.tolerance")
        share = Fraction(reader.number(one.get("share", 100), f"{at}.share")) / 100
        feedback = reader.both_or_none(one.get("feedback"), f"{at}.feedback")
        number = reader.number(one.get("number"), f"{at}.number")
        values.append(Value(number, tolerance / 100 if relative else tolerance, relative, share, feedback))
    units = []
    for at, one in reader.entries(entry.get("units") or [], f"{where}.units"):
        reader.refuse_unknown(one, {"name", "factor"}, at)
        name = reader.text(one.get("name"), f"{at}.name", 40)
        units.append(Unit(name, reader.number(one.get("factor", 1), f"{at}.factor")))
    usual = UnitRule.OPTIONAL if units else UnitRule.NONE
    rule = reader.one_of(UnitRule, entry.get("unit_rule"), f"{where}.unit_rule", usual)
    return Numeric(tuple(values), tuple(units), rule or usual)


def matching(reader: FileReader, entry: Entry, where: str) -> Content:
    """Pairs of a prompt and its choice, and choices that fit none; the same choice twice is one."""
    choices: list[Both] = []
    prompts = []
    for at, one in reader.entries(entry.get("pairs"), f"{where}.pairs"):
        reader.refuse_unknown(one, {"prompt", "choice"}, at)
        prompt, chosen = (reader.both(one.get(name), f"{at}.{name}", 1000) for name in ("prompt", "choice"))
        if chosen not in choices:
            choices.append(chosen)
        prompts.append((prompt, choices.index(chosen)))
    for at, one in reader.entries(entry.get("extras") or [], f"{where}.extras"):
        choices.append(reader.both(one, at, 1000))
    return Matching(tuple(prompts), tuple(choices))


def order(reader: FileReader, entry: Entry, where: str) -> Content:
    """Items in their right order."""
    items = tuple(reader.both(one, at, 1000) for at, one in reader.entries(entry.get("items"), f"{where}.items"))
    credit = reader.one_of(ordering.Credit, entry.get("credit"), f"{where}.credit", ordering.Credit.NEIGHBOURS)
    return Ordering(items, credit or ordering.Credit.NEIGHBOURS)


def cloze(reader: FileReader, entry: Entry, where: str) -> Content:
    """Gaps: a single choice, a short answer or a number each."""
    fillers: dict[str, Callable[[FileReader, Entry, str], Single | Short | Numeric]] = {
        "single": single,
        "short": short,
        "numeric": numeric,
    }
    gaps = []
    for at, one in reader.entries(entry.get("gaps"), f"{where}.gaps"):
        kind = str(one.get("kind"))
        if kind not in fillers:
            reader.refuse(N_("Cần một trong: %(choices)s."), f"{at}.kind", choices=", ".join(fillers))
            continue
        reader.refuse_unknown(one, {"kind", "weight"} | FIELDS[QuestionKind(kind)], at)
        weight = reader.whole(one.get("weight"), f"{at}.weight", 1, 100)
        gaps.append(Gap(fillers[kind](reader, one, at), weight or 1))
    return Cloze(tuple(gaps))


def essay(reader: FileReader, entry: Entry, where: str) -> Content:
    """A rubric, the length asked for, the markers' guide."""
    rubric = []
    for at, one in reader.entries(entry.get("rubric"), f"{where}.rubric"):
        reader.refuse_unknown(one, {"name", "levels"}, at)
        levels = []
        for level_at, level in reader.entries(one.get("levels"), f"{at}.levels"):
            reader.refuse_unknown(level, {"points", "text"}, level_at)
            points = reader.whole(level.get("points"), f"{level_at}.points", 0, 100)
            levels.append(Level(points or 0, reader.both(level.get("text"), f"{level_at}.text", 1000)))
        rubric.append(Criterion(reader.both(one.get("name"), f"{at}.name", 1000), tuple(levels)))
    fewest, most = (
        reader.whole(entry.get(name), f"{where}.{name}", 0, 20_000) or 0 for name in ("fewest_words", "most_words")
    )
    guide = entry.get("guide")
    return Essay(tuple(rubric), fewest, most, reader.text(guide, f"{where}.guide") if guide is not None else "")


CONTENTS: dict[QuestionKind, Callable[[FileReader, Entry, str], Content]] = {
    QuestionKind.SINGLE: single,
    QuestionKind.MULTIPLE: multiple,
    QuestionKind.TRUE_FALSE: truth,
    QuestionKind.SHORT: short,
    QuestionKind.NUMERIC: numeric,
    QuestionKind.MATCHING: matching,
    QuestionKind.ORDERING: order,
    QuestionKind.CLOZE: cloze,
    QuestionKind.ESSAY: essay,
}
"""Kinds that a file may hold; a hotspot needs an image and is drawn in the browser."""


def _flag(reader: FileReader, entry: Entry, name: str, where: str) -> bool:
    return reader.flag(entry.get(name), f"{where}.{name}", default=False)


def _options(reader: FileReader, entry: Entry, where: str) -> tuple[Option, ...]:
    found = []
    for at, option in reader.entries(entry.get("options"), f"{where}.options"):
        reader.refuse_unknown(option, {"text", "right", "feedback"}, at)
        text = reader.both(option.get("text"), f"{at}.text", 1000)
        feedback = reader.both_or_none(option.get("feedback"), f"{at}.feedback")
        right = reader.flag(option.get("right"), f"{at}.right", default=False)
        found.append(Option(text, right, feedback))
    return tuple(found)


def _accepted(reader: FileReader, entry: Entry, where: str) -> list[str]:
    value = entry.get("accepted")
    if isinstance(value, list):
        return reader.texts(value, f"{where}.accepted")
    languages = reader.mapping(value, f"{where}.accepted")
    reader.refuse_unknown(languages, {"vi", "en"}, f"{where}.accepted")
    both = [one for name in ("vi", "en") for one in reader.texts(languages.get(name) or [], f"{where}.accepted.{name}")]
    return list(dict.fromkeys(both))
