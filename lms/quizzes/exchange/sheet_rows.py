"""One row of our spreadsheet as a question: what each cell means for each kind."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from lms.core.errors import N_
from lms.core.text import fold, tidy
from lms.quizzes.exchange import cloze_code, sheet_columns
from lms.quizzes.exchange.entries import Entry, Unfit, checked
from lms.quizzes.exchange.html_text import clean
from lms.quizzes.exchange.losses import DEFAULT_RUBRIC, matching_of
from lms.quizzes.exchange.moodle_names import number_of, share_of
from lms.quizzes.exchange.sheet_columns import LETTERS
from lms.quizzes.kinds import choice, ordering
from lms.quizzes.kinds.choice import Multiple, Option, Single, TrueFalse, true_false
from lms.quizzes.kinds.cloze import Cloze
from lms.quizzes.kinds.content import NOTHING, WHOLE, Both, Content
from lms.quizzes.kinds.essay import Criterion, Essay, Level
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Unit, UnitRule, Value
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.models import Difficulty
from lms.quizzes.wording import Labels, Words

Cells = Mapping[str, str]
"""Key of a column -> the words of its cell."""

ARROW = "=>"
_MARKED = re.compile(r"^([A-L])(?:\s*=\s*(-?\d{1,3}(?:\.\d{1,12})?))?$")
_LEVEL = re.compile(r"^(\d{1,3}):\s*(.*)$")
_LENGTH = re.compile(r"^(\d{0,6})\s*[-\u2013]\s*(\d{0,6})$")


def entry_of(cells: Cells, where: str) -> Entry:
    """The question of a row; raises Unfit."""
    row = Row({key: clean(text) for key, text in cells.items()})
    kind = row.kind()
    words = Words(_READERS[kind](row), row.both("stem"), row.both("feedback"), row.parts("cites"))
    difficulty = fold(row.cell("difficulty"))
    if difficulty and difficulty not in sheet_columns.DIFFICULTIES_READ:
        raise Unfit("difficulty", N_("Độ khó “%(text)s” không phải dễ, vừa hay khó."), text=row.cell("difficulty")[:40])
    labels = Labels(
        topic=tidy(row.cell("topic")),
        difficulty=sheet_columns.DIFFICULTIES_READ.get(difficulty, Difficulty.MEDIUM),
        title=tidy(row.cell("title")),
        category="/".join(part for part in (tidy(one) for one in row.cell("category").split("/")) if part),
        tags=tuple(dict.fromkeys(row.parts("tags"))),
    )
    return checked(Entry(words, labels, where))


class Row:
    """The cells of a row."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells

    def cell(self, key: str) -> str:
        """The words of a cell."""
        return self.cells.get(key, "")

    def both(self, key: str) -> Both:
        """A cell and its English."""
        return Both(self.cell(key), self.cell(f"{key} en"))

    def parts(self, key: str) -> list[str]:
        """The parts of a cell between semicolons."""
        return [part for part in (tidy(one) for one in self.cell(key).split(";")) if part]

    def filled(self) -> list[str]:
        """The letters up to the last that says anything."""
        last = max((place for place, letter in enumerate(LETTERS, 1) if self.cell(letter)), default=0)
        return list(LETTERS[:last])

    def kind(self) -> str:
        """The kind named, or the one that the answer shows."""
        named = fold(self.cell("kind"))
        if named:
            if named not in sheet_columns.KINDS_READ:
                raise Unfit("kind", N_("Loại câu hỏi “%(kind)s” không có."), kind=self.cell("kind")[:40])
            return sheet_columns.KINDS_READ[named]
        if fold(self.cell("answer")) in sheet_columns.TRUTHS and not self.filled():
            return "truefalse"
        return "multiple" if len(self.marked()) > 1 else "single"

    def marked(self) -> dict[str, Fraction | None]:
        """The letters of the answer, with what each earns where that is said."""
        found: dict[str, Fraction | None] = {}
        for piece in re.split(r"\s*[,;]\s*|\s+(?=[A-Z])", self.cell("answer").upper()):
            match = _MARKED.match(piece.strip())
            if match:
                found[match[1]] = share_of(match[2]) if match[2] else None
            elif piece.strip():
                raise Unfit("answer", N_("Đáp án “%(text)s” không phải chữ của một phương án."), text=piece[:40])
        return found

    def marking(self, known: Mapping[str, object]) -> str:
        """The way of marking, folded; raises Unfit for one that this kind does not have."""
        named = fold(self.cell("marking"))
        if named and named not in known:
            message = N_("Cách chấm “%(text)s” không có cho loại câu này.")
            raise Unfit("marking", message, text=self.cell("marking")[:40])
        return named

    def shares(self) -> dict[str, Fraction]:
        """What accepted forms and numbers earn, the whole where nothing is said."""
        marked = self.marked()
        return {letter: WHOLE if (share := marked.get(letter)) is None else share for letter in LETTERS}

    def keeps_order(self) -> bool:
        """Whether the options stay as written."""
        return fold(self.cell("keep_order")) in sheet_columns.YESES


def _choice(row: Row, kind: type[Single] | type[Multiple]) -> Single | Multiple:
    credits = {fold(words): one for one, words in sheet_columns.CHOICE_MARKING.items()}
    credit = credits.get(row.marking(credits), choice.Credit.BALANCED)
    marked = row.marked()
    if any(share is not None for share in marked.values()):
        credit = choice.Credit.SHARES
    options = []
    for letter in row.filled():
        said, right, share = row.both(f"said {letter}"), letter in marked, None
        if credit == choice.Credit.SHARES:
            share = (marked[letter] if marked[letter] is not None else WHOLE) if letter in marked else NOTHING
            assert share is not None
            right = share > 0 if kind is Multiple else share == WHOLE
        options.append(Option(row.both(letter), right, said, share))
    if set(marked) - set(row.filled()):
        raise Unfit("answer", N_("Đáp án “%(text)s” không phải chữ của một phương án."), text=row.cell("answer")[:40])
    return kind(tuple(options), credit, keep_order=row.keeps_order())


def _true_false(row: Row) -> TrueFalse:
    truth = sheet_columns.TRUTHS.get(fold(row.cell("answer")))
    if truth is None:
        raise Unfit("truth", N_("Chưa chọn Đúng hay Sai. Hãy chọn."))
    return true_false(truth, row.both("said A"), row.both("said B"))


def _short(row: Row) -> Short:
    exact = row.marking({fold(sheet_columns.EXACT): True}) != ""
    shares = row.shares()
    forms = (Form(row.cell(one), shares[one], row.both(f"said {one}")) for one in row.filled() if row.cell(one))
    return Short(tuple(forms), exact=exact)


def _numeric(row: Row) -> Numeric:
    rules = {fold(words): one for one, words in sheet_columns.UNIT_MARKING.items()}
    rule = rules.get(row.marking(rules), UnitRule.NONE)
    shares = row.shares()
    values = []
    for letter in row.filled():
        number, _mark, room = row.cell(letter).partition("±")
        relative = room.strip().endswith("%")
        tolerance = number_of(room.strip().removesuffix("%").strip()) if room.strip() else Decimal(0)
        tolerance = tolerance / 100 if relative else tolerance
        values.append(Value(number_of(number), tolerance, relative, shares[letter], row.both(f"said {letter}")))
    units = []
    for part in row.parts("units"):
        name, _mark, factor = part.partition("=")
        units.append(Unit(tidy(name), number_of(factor) if factor.strip() else Decimal(1)))
    return Numeric(tuple(values), tuple(units), rule)


def _matching(row: Row) -> Matching:
    pairs = []
    for letter in row.filled():
        prompt, arrow, one = row.cell(letter).partition(ARROW)
        if not arrow:
            raise Unfit("pair", N_("Cặp “%(text)s” thiếu dấu =>."), text=row.cell(letter)[:40])
        prompt_en, _arrow, one_en = row.cell(f"{letter} en").partition(ARROW)
        pairs.append((Both(prompt.strip(), prompt_en.strip()), Both(one.strip(), one_en.strip())))
    return matching_of(pairs)


def _ordering(row: Row) -> Ordering:
    credits = {fold(words): one for one, words in sheet_columns.ORDER_MARKING.items()}
    credit = credits.get(row.marking(credits), ordering.Credit.NEIGHBOURS)
    return Ordering(tuple(row.both(letter) for letter in row.filled()), credit)


def _cloze(row: Row) -> Cloze:
    gaps = []
    for letter in row.filled():
        text, found, _catch_all = cloze_code.held(row.cell(letter), lambda words: Both(clean(words)))
        if len(found) != 1 or text != f"{cloze_code.OPEN}1{cloze_code.CLOSE}":
            raise Unfit(
                "gap", N_("Ô %(letter)s phải có đúng một chỗ trống, như {1:SHORTANSWER:=Hà Nội}."), letter=letter
            )
        gaps += found
    return Cloze(tuple(gaps))


def _essay(row: Row) -> Essay:
    fewest, most = 0, 0
    if row.cell("length"):
        found = _LENGTH.match(row.cell("length"))
        if found is None:
            raise Unfit("length", N_("Số chữ ghi như 100-300, nay ghi “%(text)s”."), text=row.cell("length")[:40])
        fewest, most = int(found[1] or 0), int(found[2] or 0)
    rubric = tuple(_criterion(row.cell(letter), row.cell(f"{letter} en")) for letter in row.filled())
    return Essay(rubric or DEFAULT_RUBRIC, fewest, most, row.cell("guide"))


def _criterion(text: str, english: str) -> Criterion:
    """A name, then a line "points: words" for each level."""
    name, *lines = text.splitlines()
    lines_en = english.splitlines()
    name_en = lines_en.pop(0) if lines_en and not _LEVEL.match(lines_en[0]) else ""
    words_en = {found[1]: found[2] for line in lines_en if (found := _LEVEL.match(line.strip()))}
    levels = []
    for line in lines:
        found = _LEVEL.match(line.strip())
        if found is None:
            raise Unfit("rubric", N_("Mức “%(text)s” của tiêu chí phải ghi như 2: Đạt."), text=line[:40])
        levels.append(Level(int(found[1]), Both(found[2], words_en.get(found[1], ""))))
    return Criterion(Both(name.strip(), name_en.strip()), tuple(levels))


_READERS: dict[str, Callable[[Row], Content]] = {
    "single": lambda row: _choice(row, Single),
    "multiple": lambda row: _choice(row, Multiple),
    "truefalse": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _essay,
}
