"""Questions on their way in or out of a file, before they are in a bank: pure, whatever the format."""

import re
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.quizzes.exchange.texts import figures_of
from lms.quizzes.wording import Labels, Words, faults

LARGEST_FILE = 20_000_000
MOST_QUESTIONS = 5_000
LONGEST_TITLE = 200
LONGEST_CATEGORY = 300
LONGEST_TOPIC = 80
LONGEST_TAG = 60
LONGEST_WORDS = 40_000
"""Characters of one text of a question."""

_PLACE = re.compile(r"^(?:question (?P<question>\d+), )?(?P<what>line|row) (?P<number>\d+)$")
_PLACES = {"line": N_("dòng %(n)s"), "row": N_("hàng %(n)s")}


@dataclass(frozen=True)
class Entry:
    """A question read from a file or to be written to one.

    `where`: its place in the file, "line 12", "row 5", "question 3, line 57", for files of a package
    "items/q3.xml, line 2". `figures`: the bytes of every figure its texts and content name, by their SHA-256.
    """

    words: Words
    labels: Labels
    where: str = ""
    figures: dict[str, bytes] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What to call it in a list: its title, or how the question begins."""
        return self.labels.title or self.words.stem.vi[:80]


@dataclass(frozen=True)
class Refused:
    """A question that could not be taken, or with an empty `where` the whole file; `message` is a catalogue id."""

    where: str
    code: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a file says: its format, the questions that can be taken and those that cannot, each in file order."""

    format: str
    entries: list[Entry] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def unreadable(self) -> Refused | None:
        """Why nothing of the file could be read, if so."""
        return next((one for one in self.refused if not one.where), None)


@dataclass(frozen=True)
class Loss:
    """Something of a question that a format cannot say; `code` for machines, `what` is a catalogue id."""

    title: str
    code: str
    what: str
    params: dict[str, Any] = field(default_factory=dict)


class Unfit(Exception):
    """A question that cannot be taken: raised while one is read, turned into a `Refused` with its place."""

    def __init__(self, code: str, message: str, **params: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.params = params

    def at(self, where: str) -> Refused:
        """The refusal of the question at this place."""
        return Refused(where, self.code, self.message, self.params)


def no_reading(form: str, code: str, message: str, **params: Any) -> Reading:
    """The reading of a file that cannot be read at all."""
    return Reading(form, [], [Refused("", code, message, params)])


def checked(entry: Entry) -> Entry:
    """The entry with its labels in the lengths of the tables; raises Unfit for faulty or overlong words."""
    labels = entry.labels
    if not set(figures_of(entry.words)) <= set(entry.figures):
        raise Unfit("figure", N_("Câu hỏi dùng một hình không có trong tệp."))
    texts = [entry.words.stem, entry.words.feedback, *entry.words.content.pieces()]
    if any(len(text) > LONGEST_WORDS for both in texts for text in (both.vi, both.en)):
        raise Unfit("too-long", N_("Một đoạn chữ dài quá %(most)s ký tự."), most=LONGEST_WORDS)
    if len(labels.category) > LONGEST_CATEGORY:
        raise Unfit("category", N_("Tên danh mục dài quá %(most)s ký tự."), most=LONGEST_CATEGORY)
    if len(labels.topic) > LONGEST_TOPIC:
        raise Unfit("topic", N_("Tên chủ đề dài quá %(most)s ký tự."), most=LONGEST_TOPIC)
    if any(len(tag) > LONGEST_TAG for tag in labels.tags):
        raise Unfit("tag", N_("Một nhãn dài quá %(most)s ký tự."), most=LONGEST_TAG)
    found: list[RuleBroken] = faults(entry.words)
    if found:
        raise Unfit(found[0].field or "faulty", found[0].message, **found[0].params)
    return replace(entry, labels=replace(labels, title=labels.title[:LONGEST_TITLE]))


def digest_of(content: bytes) -> str:
    """The name a figure goes by: its SHA-256 in hex."""
    return sha256(content).hexdigest()


def place(where: str) -> tuple[str, dict[str, Any]]:
    """A place for people: a catalogue id and its parameters; an id without parameters is the place itself."""
    found = _PLACE.match(where)
    return (_PLACES[found["what"]], {"n": int(found["number"])}) if found else (where, {})
