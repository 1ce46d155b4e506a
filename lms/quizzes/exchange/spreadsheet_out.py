"""Writing our spreadsheet of questions, and what of a question it can say."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook

from lms.quizzes.exchange import cloze_code, sheet_columns
from lms.quizzes.exchange.entries import Entry, Loss, Unfit
from lms.quizzes.exchange.losses import Ledger, pairs_of
from lms.quizzes.exchange.moodle_names import number_text
from lms.quizzes.exchange.moodle_xml_said import said_gap
from lms.quizzes.exchange.sheet_columns import COLUMNS, LETTERS
from lms.quizzes.exchange.sheet_rows import ARROW, entry_of
from lms.quizzes.exchange.texts import rewritten
from lms.quizzes.kinds import choice
from lms.quizzes.kinds.choice import Choice, TrueFalse
from lms.quizzes.kinds.cloze import Cloze
from lms.quizzes.kinds.content import NOTHING, WHOLE, Both, Content, write_share
from lms.quizzes.kinds.essay import Criterion, Essay
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Short

_LONGEST_CELL = 32_000
_WRITTEN = datetime(2026, 1, 1)  # noqa: DTZ001 - the workbook's own clock knows no zone
_WIDE = {"stem": 60, "feedback": 40, "guide": 40}

Cells = dict[str, str]


def write(entries: Sequence[Entry]) -> bytes:
    """A workbook with the columns that are used; no cell is a formula or a link."""
    rows = [cells_of(kept) for kept in (said(entry)[0] for entry in entries) if kept is not None]
    keys = [key for key in COLUMNS if key in {"kind", "stem", "answer"} or any(row.get(key) for row in rows)]
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as workbook:
        # The same questions make the same bytes, whenever they are written.
        workbook.set_properties({"created": _WRITTEN})
        sheet = workbook.add_worksheet("Câu hỏi")
        bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        for column, key in enumerate(keys):
            sheet.set_column(column, column, _WIDE.get(key, 18))
            sheet.write_string(0, column, COLUMNS[key][0], bold)
            for number, row in enumerate(rows, 1):
                if row.get(key):
                    sheet.write_string(number, column, row[key], wrapped)
    return out.getvalue()


def said(entry: Entry) -> tuple[Entry | None, list[Loss]]:
    """What of an entry the spreadsheet can say."""
    ledger = Ledger(entry)
    ledger.tidy()
    ledger.drop_figures()
    ledger.keep_tags(lambda tag: ";" not in tag)
    content = ledger.content
    try:
        if isinstance(content, Cloze):
            _say_cloze(ledger, content)
        elif isinstance(content, Choice) and not isinstance(content, TrueFalse):
            _say_choice(ledger, content)
        elif isinstance(content, Matching):
            _say_matching(ledger, content)
    except Unfit:
        return ledger.nothing("fault")
    if content.kind not in _WRITERS:
        return ledger.nothing()
    if len(list(_lines(ledger.content))) > len(LETTERS):
        return ledger.nothing("columns")
    return ledger.result() if _is_read_again(ledger.entry) else ledger.nothing("fault")


def _is_read_again(entry: Entry) -> bool:
    """Whether the row gives exactly the entry: a tag with a semicolon or a prompt with an arrow would not."""
    cells = cells_of(entry)
    if any(len(text) > _LONGEST_CELL for text in cells.values()):
        return False
    try:
        return entry_of(cells, entry.where) == entry
    except Unfit:
        return False


def _say_choice(ledger: Ledger, content: Choice) -> None:
    options = []
    for option in content.options:
        share = (option.share or NOTHING) if content.credit == choice.Credit.SHARES else None
        right = option.right
        if share is not None:
            right = share > 0 if content.kind == "multiple" else share == WHOLE
        options.append(replace(option, right=right, share=share))
    ledger.become(replace(content, options=tuple(options)), "credit")


def _say_matching(ledger: Ledger, content: Matching) -> None:
    pairs = pairs_of(content)
    order: list[Both] = list(dict.fromkeys(one for _prompt, one in pairs))
    places = {one: place for place, one in enumerate(order)}
    prompts = tuple((text, places[content.choices[match]]) for text, match in content.prompts)
    ledger.become(Matching(prompts, tuple(order)), "choices")


def _say_cloze(ledger: Ledger, content: Cloze) -> None:
    words = ledger.entry.words
    plain = replace(rewritten(words, lambda both: Both(both.vi)), stem=words.stem, feedback=words.feedback)
    assert isinstance(plain.content, Cloze)
    if plain.content != content:
        ledger.lose("english")
    ledger.take(Cloze(tuple(replace(gap, filler=said_gap(ledger, gap.filler)) for gap in plain.content.gaps)))


def cells_of(entry: Entry) -> Cells:
    """The cells of an entry, by the keys of their columns; those that say nothing are left out."""
    words, labels = entry.words, entry.labels
    cells = {
        "kind": sheet_columns.KINDS[words.content.kind],
        "title": labels.title,
        "category": labels.category,
        "topic": labels.topic,
        "difficulty": sheet_columns.DIFFICULTIES[labels.difficulty],
        "tags": "; ".join(labels.tags),
        "cites": "; ".join(words.cites),
        **_both("stem", words.stem),
        **_both("feedback", words.feedback),
        **_WRITERS[words.content.kind](words.content),
    }
    for letter, (both, said_to_it) in zip(LETTERS, _lines(words.content), strict=False):
        cells |= _both(letter, both) | _both(f"said {letter}", said_to_it)
    return {key: text for key, text in cells.items() if text}


def _both(key: str, both: Both) -> Cells:
    return {key: both.vi, f"{key} en": both.en}


def _lines(content: Content) -> Iterator[tuple[Both, Both]]:
    """What stands in the columns A, B … and what is said to it."""
    if isinstance(content, TrueFalse):
        yield from ((Both(), option.feedback) for option in content.options)
    elif isinstance(content, Choice):
        yield from ((option.text, option.feedback) for option in content.options)
    elif isinstance(content, Short):
        yield from ((Both(one.text), one.feedback) for one in content.accepted)
    elif isinstance(content, Numeric):
        yield from ((Both(_number(content, place)), one.feedback) for place, one in enumerate(content.values))
    elif isinstance(content, Matching):
        yield from ((_pair(prompt, one), Both()) for prompt, one in pairs_of(content))
    elif isinstance(content, Ordering):
        yield from ((one, Both()) for one in content.items)
    elif isinstance(content, Essay):
        yield from ((_criterion(one), Both()) for one in content.rubric)
    elif isinstance(content, Cloze):
        for number in range(1, len(content.gaps) + 1):
            held = f"{cloze_code.OPEN}{number}{cloze_code.CLOSE}"
            yield Both(cloze_code.filled(held, content.gaps, lambda both: both.vi)), Both()


def _number(content: Numeric, place: int) -> str:
    one = content.values[place]
    number = number_text(one.number).replace(".", ",")
    if one.relative:
        return f"{number} ± {number_text(one.tolerance * 100).replace('.', ',')}%"
    return f"{number} ± {number_text(one.tolerance).replace('.', ',')}" if one.tolerance else number


def _pair(prompt: Both, one: Both) -> Both:
    english = f"{prompt.en} {ARROW} {one.en}" if prompt.en or one.en else ""
    return Both(f"{prompt.vi} {ARROW} {one.vi}", english)


def _criterion(one: Criterion) -> Both:
    vi = [one.name.vi, *(f"{level.points}: {level.text.vi}" for level in one.levels)]
    en = [one.name.en, *(f"{level.points}: {level.text.en}" for level in one.levels if level.text.en)]
    return Both("\n".join(vi), "\n".join(en) if any(en) else "")


def _choice(content: Choice) -> Cells:
    cells = {"keep_order": sheet_columns.YES if content.keep_order else ""}
    if content.credit == choice.Credit.SHARES:
        paid = zip(LETTERS, content.options, strict=False)
        marks = [f"{letter}={write_share(one.share)}" for letter, one in paid if one.share]
        return cells | {"answer": "; ".join(marks)}
    letters = [letter for letter, one in zip(LETTERS, content.options, strict=False) if one.right]
    return cells | {
        "answer": ", ".join(letters),
        "marking": sheet_columns.CHOICE_MARKING[content.credit] if content.credit != choice.Credit.BALANCED else "",
    }


def _true_false(content: TrueFalse) -> Cells:
    return {"answer": sheet_columns.TRUE if content.options[0].right else sheet_columns.FALSE}


def _short(content: Short) -> Cells:
    paid = zip(LETTERS, content.accepted, strict=False)
    marks = [f"{letter}={write_share(one.share)}" for letter, one in paid if one.share != WHOLE]
    return {"answer": "; ".join(marks), "marking": sheet_columns.EXACT if content.exact else ""}


def _numeric(content: Numeric) -> Cells:
    paid = zip(LETTERS, content.values, strict=False)
    marks = [f"{letter}={write_share(one.share)}" for letter, one in paid if one.share != WHOLE]
    units = [one.name if one.factor == 1 else f"{one.name}={number_text(one.factor)}" for one in content.units]
    rule = sheet_columns.UNIT_MARKING.get(content.unit_rule, "")
    return {"answer": "; ".join(marks), "units": "; ".join(units), "marking": rule}


def _ordering(content: Ordering) -> Cells:
    return {"marking": sheet_columns.ORDER_MARKING[content.credit]}


def _essay(content: Essay) -> Cells:
    lengths = f"{content.fewest_words or ''}-{content.most_words or ''}"
    return {"length": lengths if lengths != "-" else "", "guide": content.guide}


_WRITERS: dict[str, Callable[..., Cells]] = {
    "single": _choice,
    "multiple": _choice,
    "truefalse": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": lambda _content: {},
    "ordering": _ordering,
    "cloze": lambda _content: {},
    "essay": _essay,
}
