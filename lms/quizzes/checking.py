"""Check the data of a `questions.yaml` and turn it into words and rules: pure, every mistake with its place.

A place is the path in the data, "questions[3].options[1].text.vi", which a reader of the file can turn into a line.
"""

from dataclasses import dataclass, field
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.quizzes.checking_kinds import CONTENTS, FIELDS, PARTS
from lms.quizzes.file_values import FileReader
from lms.quizzes.kinds.content import Content
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.models import Difficulty, QuestionKind, ShowRule
from lms.quizzes.rules import Rules
from lms.quizzes.wording import Labels, Words, faults

_QUESTION_FIELDS = {"key", "kind", "title", "category", "topic", "tags", "difficulty", "stem", "feedback", "cites"}
LONGEST_TAG = 60
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
    reader = FileReader(bank.refusals)
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


def _question(reader: FileReader, entry: dict[str, Any], where: str) -> QuestionEntry | None:
    key = reader.key(entry.get("key"), f"{where}.key", 40)
    kind = reader.one_of(QuestionKind, entry.get("kind"), f"{where}.kind")
    reader.refuse_unknown(entry, _QUESTION_FIELDS | (FIELDS.get(kind, set()) if kind else set(entry)), where)
    difficulty = reader.one_of(Difficulty, entry.get("difficulty"), f"{where}.difficulty", Difficulty.MEDIUM)
    stem = reader.both(entry.get("stem"), f"{where}.stem")
    feedback = reader.both_or_none(entry.get("feedback"), f"{where}.feedback")
    if kind is None or difficulty is None:
        return None
    if kind not in CONTENTS:
        reader.refuse(N_("Cần một trong: %(choices)s."), f"{where}.kind", choices=", ".join(CONTENTS))
        return None
    words = Words(
        content=CONTENTS[kind](reader, entry, where),
        stem=stem,
        feedback=feedback,
        cites=reader.texts(entry.get("cites") or [], f"{where}.cites"),
    )
    for fault in faults(words) if stem.vi else []:
        reader.refuse(fault.message, f"{where}.{_place(fault, words.content)}", **fault.params)
    return QuestionEntry(key, words, _labels(reader, entry, where, difficulty))


def _labels(reader: FileReader, entry: dict[str, Any], where: str, difficulty: Difficulty) -> Labels:
    filed = {
        name: "" if entry.get(name) is None else reader.text(str(entry[name]), f"{where}.{name}", longest)
        for name, longest in (("topic", 80), ("title", 200), ("category", 300))
    }
    tags = tuple(reader.texts(entry.get("tags") or [], f"{where}.tags"))
    for place, tag in enumerate(tags):
        if len(tag) > LONGEST_TAG:
            reader.refuse(N_("Dài quá %(max)s ký tự. Hãy rút ngắn."), f"{where}.tags[{place}]", max=LONGEST_TAG)
    return Labels(difficulty=difficulty, tags=tags, **filed)


def _place(fault: RuleBroken, content: Content) -> str:
    """The part of a content in a file's own names: "options-2" is options[2]; choices begin with those of the pairs."""
    part, dash, number = str(fault.field or "").partition("-")
    if part == "choices" and number and isinstance(content, Matching):
        number = str(max(int(number) - len({match for _text, match in content.prompts}), 0))
    part = PARTS.get(part, part).replace("stem_en", "stem.en")
    return f"{part}[{number}]" if dash else part


def _quiz(reader: FileReader, entry: dict[str, Any], where: str, known: set[str]) -> QuizEntry | None:
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
