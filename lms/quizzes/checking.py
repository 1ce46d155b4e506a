"""Check the data of a `questions.yaml` and turn it into words and rules: pure, every mistake with its place.

A place is the path in the data, "questions[3].options[1].text.vi", which a reader of the file can turn into a line.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from lms.core.errors import N_, RuleBroken
from lms.core.text import tidy
from lms.quizzes.kinds.choice import Multiple, Option, Single, true_false
from lms.quizzes.kinds.content import EMPTY, Both, Content
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.models import Difficulty, QuestionKind, ShowRule
from lms.quizzes.rules import Rules
from lms.quizzes.wording import Labels, Words, faults

Kind = TypeVar("Kind", bound=StrEnum)

_TEXT_MISSING = N_("Thiếu chữ ở đây. Cần cả vi và en.")
_QUESTION_FIELDS = {
    "key", "kind", "topic", "difficulty", "stem", "options", "answer", "accepted", "exact", "feedback", "cites",
}  # fmt: skip
_QUIZ_FIELDS = {
    "key", "title", "intro", "questions", "time_limit_minutes", "attempts_allowed", "pass_percent", "show", "shuffle",
}  # fmt: skip


@dataclass(frozen=True)
class QuestionEntry:
    """One question of a file."""

    key: str
    words: Words
    labels: Labels


@dataclass(frozen=True)
class QuizEntry:
    """One quiz of a file; `questions` are keys of the same file."""

    key: str
    rules: Rules
    questions: list[str]


@dataclass
class BankFile:
    """What a file says, and the mistakes in it."""

    key: str = ""
    title: str = ""
    title_en: str = ""
    questions: list[QuestionEntry] = field(default_factory=list)
    quizzes: list[QuizEntry] = field(default_factory=list)
    refusals: list[RuleBroken] = field(default_factory=list)


def read_bank(data: Any) -> BankFile:
    """Read the parsed file; nothing is raised, `refusals` tells what is wrong."""
    bank = BankFile()
    reader = _Reader(bank.refusals)
    top = reader.mapping(data, "")
    head = reader.mapping(top.get("bank"), "bank")
    bank.key = reader.key(head.get("key"), "bank.key", 80)
    title = reader.both(head.get("title"), "bank.title", 200)
    bank.title, bank.title_en = title.vi, title.en
    reader.refuse_unknown(top, {"bank", "questions", "quizzes"}, "")
    for where, entry in reader.entries(top.get("questions"), "questions"):
        if question := _question(reader, entry, where):
            bank.questions.append(question)
    known = reader.keys_once([(f"questions[{place}].key", one.key) for place, one in enumerate(bank.questions)])
    for where, entry in reader.entries(top.get("quizzes") or [], "quizzes"):
        if quiz := _quiz(reader, entry, where, known):
            bank.quizzes.append(quiz)
    reader.keys_once([(f"quizzes[{place}].key", one.key) for place, one in enumerate(bank.quizzes)])
    return bank


class _Reader:
    """Takes values out of parsed data and notes what is not as it should be."""

    def __init__(self, refusals: list[RuleBroken]) -> None:
        self.refusals = refusals

    def refuse(self, message: str, where: str, **params: Any) -> None:
        self.refusals.append(RuleBroken(message, code="bad-question-file", where=where or ".", **params))

    def mapping(self, value: Any, where: str) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self.refuse(N_("Cần các cặp tên và giá trị ở đây."), where)
        return {}

    def entries(self, value: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
        if not isinstance(value, list):
            self.refuse(N_("Cần một danh sách ở đây."), where)
            return
        for place, entry in enumerate(value):
            at = f"{where}[{place}]"
            if isinstance(entry, dict):
                yield at, entry
            else:
                self.refuse(N_("Cần các cặp tên và giá trị ở đây."), at)

    def refuse_unknown(self, entry: dict[str, Any], known: set[str], where: str) -> None:
        for name in entry:
            if name not in known:
                at = f"{where}.{name}" if where else str(name)
                self.refuse(N_("Không có mục tên “%(name)s”. Hãy xem lại chính tả."), at, name=name)

    def key(self, value: Any, where: str, longest: int) -> str:
        if isinstance(value, str) and 0 < len(value) <= longest and value == tidy(value) and " " not in value:
            return value
        self.refuse(N_("Cần một khóa không có khoảng trắng, dài nhất %(max)s ký tự."), where, max=longest)
        return ""

    def text(self, value: Any, where: str, longest: int = 4000) -> str:
        text = tidy(value) if isinstance(value, str) else ""
        if not text:
            self.refuse(_TEXT_MISSING, where)
        elif len(text) > longest:
            self.refuse(N_("Dài quá %(max)s ký tự. Hãy rút ngắn."), where, max=longest)
        return text

    def both(self, value: Any, where: str, longest: int = 4000) -> Both:
        if not isinstance(value, dict):
            self.refuse(_TEXT_MISSING, where)
            return EMPTY
        self.refuse_unknown(value, {"vi", "en"}, where)
        return Both(
            self.text(value.get("vi"), f"{where}.vi", longest), self.text(value.get("en"), f"{where}.en", longest)
        )

    def both_or_none(self, value: Any, where: str) -> Both:
        return EMPTY if value is None else self.both(value, where)

    def one_of(self, kind: type[Kind], value: Any, where: str, default: Kind | None = None) -> Kind | None:
        if value is None and default is not None:
            return default
        try:
            return kind(value)
        except ValueError:
            self.refuse(N_("Cần một trong: %(choices)s."), where, choices=", ".join(kind))
            return None

    def flag(self, value: Any, where: str, default: bool | None = None) -> bool:
        if isinstance(value, bool):
            return value
        if value is not None or default is None:
            self.refuse(N_("Cần true hoặc false."), where)
        return bool(default)

    def whole(self, value: Any, where: str, least: int, most: int) -> int | None:
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.refuse(N_("Cần một số nguyên từ %(least)s đến %(most)s."), where, least=least, most=most)
        return None

    def texts(self, value: Any, where: str) -> list[str]:
        if not isinstance(value, list):
            self.refuse(N_("Cần một danh sách ở đây."), where)
            return []
        return [self.text(str(one), f"{where}[{place}]", 500) for place, one in enumerate(value)]

    def keys_once(self, places: list[tuple[str, str]]) -> set[str]:
        seen: set[str] = set()
        for where, key in places:
            if key and key in seen:
                self.refuse(N_("Khóa “%(key)s” đã dùng ở trên."), where, key=key)
            seen.add(key)
        return seen


def _question(reader: _Reader, entry: dict[str, Any], where: str) -> QuestionEntry | None:
    reader.refuse_unknown(entry, _QUESTION_FIELDS, where)
    key = reader.key(entry.get("key"), f"{where}.key", 40)
    kind = reader.one_of(QuestionKind, entry.get("kind"), f"{where}.kind")
    difficulty = reader.one_of(Difficulty, entry.get("difficulty"), f"{where}.difficulty", Difficulty.MEDIUM)
    stem = reader.both(entry.get("stem"), f"{where}.stem")
    feedback = reader.both_or_none(entry.get("feedback"), f"{where}.feedback")
    if kind is None or difficulty is None:
        return None
    if kind not in _CONTENTS:
        reader.refuse(N_("Cần một trong: %(choices)s."), f"{where}.kind", choices=", ".join(_CONTENTS))
        return None
    words = Words(
        content=_CONTENTS[kind](reader, entry, where),
        stem=stem,
        feedback=feedback,
        cites=reader.texts(entry.get("cites") or [], f"{where}.cites"),
    )
    for fault in faults(words) if stem.vi else []:
        place = str(fault.field or "").replace("options-", "options[") + ("]" if "options-" in str(fault.field) else "")
        reader.refuse(fault.message, f"{where}.{place}", **fault.params)
    topic = entry.get("topic")
    topic = "" if topic is None else reader.text(str(topic), f"{where}.topic", 80)
    return QuestionEntry(key, words, Labels(topic, difficulty))


def _options(reader: _Reader, entry: dict[str, Any], where: str) -> tuple[Option, ...]:
    found = []
    for at, option in reader.entries(entry.get("options"), f"{where}.options"):
        reader.refuse_unknown(option, {"text", "right", "feedback"}, at)
        text = reader.both(option.get("text"), f"{at}.text", 1000)
        feedback = reader.both_or_none(option.get("feedback"), f"{at}.feedback")
        right = reader.flag(option.get("right"), f"{at}.right", default=False)
        found.append(Option(text, right, feedback))
    return tuple(found)


def _single(reader: _Reader, entry: dict[str, Any], where: str) -> Content:
    return Single(_options(reader, entry, where))


def _multiple(reader: _Reader, entry: dict[str, Any], where: str) -> Content:
    return Multiple(_options(reader, entry, where))


def _true_false(reader: _Reader, entry: dict[str, Any], where: str) -> Content:
    return true_false(reader.flag(entry.get("answer"), f"{where}.answer"))


def _short(reader: _Reader, entry: dict[str, Any], where: str) -> Content:
    accepted = tuple(Form(text) for text in _accepted(reader, entry, where))
    return Short(accepted, exact=reader.flag(entry.get("exact"), f"{where}.exact", default=False))


_CONTENTS: dict[QuestionKind, Callable[[_Reader, dict[str, Any], str], Content]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.SHORT: _short,
}


def _accepted(reader: _Reader, entry: dict[str, Any], where: str) -> list[str]:
    value = entry.get("accepted")
    if isinstance(value, list):
        return reader.texts(value, f"{where}.accepted")
    languages = reader.mapping(value, f"{where}.accepted")
    reader.refuse_unknown(languages, {"vi", "en"}, f"{where}.accepted")
    both = [one for name in ("vi", "en") for one in reader.texts(languages.get(name) or [], f"{where}.accepted.{name}")]
    return list(dict.fromkeys(both))


def _quiz(reader: _Reader, entry: dict[str, Any], where: str, known: set[str]) -> QuizEntry | None:
    reader.refuse_unknown(entry, _QUIZ_FIELDS, where)
    title = reader.both(entry.get("title"), f"{where}.title", 200)
    intro = reader.both_or_none(entry.get("intro"), f"{where}.intro")
    show = reader.one_of(ShowRule, entry.get("show"), f"{where}.show", ShowRule.FULL)
    questions = reader.texts(entry.get("questions"), f"{where}.questions")
    if not questions:
        reader.refuse(N_("Bài chưa có câu hỏi nào."), f"{where}.questions")
    for place, key in enumerate(questions):
        at = f"{where}.questions[{place}]"
        if key not in known:
            reader.refuse(N_("Không có câu hỏi “%(key)s” trong tệp."), at, key=key)
        elif key in questions[:place]:
            reader.refuse(N_("Câu “%(key)s” đã có trong bài này."), at, key=key)
    pass_percent = reader.whole(entry.get("pass_percent"), f"{where}.pass_percent", 0, 100)
    rules = Rules(
        title=title.vi,
        title_en=title.en,
        intro=intro.vi,
        intro_en=intro.en,
        time_limit_minutes=reader.whole(entry.get("time_limit_minutes"), f"{where}.time_limit_minutes", 1, 1440),
        attempts_allowed=reader.whole(entry.get("attempts_allowed"), f"{where}.attempts_allowed", 1, 100),
        pass_percent=50 if pass_percent is None else pass_percent,
        show=show or ShowRule.FULL,
        shuffle=reader.flag(entry.get("shuffle"), f"{where}.shuffle", default=True),
    )
    return QuizEntry(reader.key(entry.get("key"), f"{where}.key", 80), rules, questions)
