"""Writing GIFT as Moodle reads it, and what of a question GIFT can say."""

import re
from collections.abc import Callable, Iterator, Sequence

from lms.quizzes.exchange import html_text
from lms.quizzes.exchange.entries import Entry, Loss, Unfit
from lms.quizzes.exchange.losses import (
    Ledger,
    in_its_own_unit,
    pairs_of,
    said_choice,
    said_essay,
    said_matching,
    shares_of,
)
from lms.quizzes.exchange.moodle_names import category_of, form_text, number_text, path_of
from lms.quizzes.kinds.choice import Choice, TrueFalse
from lms.quizzes.kinds.content import NOTHING, WHOLE, Both, Content, write_share
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric
from lms.quizzes.kinds.short import Short

_RESERVED = re.compile(r"[\\#=~{}:\n]")
_SHAPED = re.compile(r"[<&\n]")


def write(entries: Sequence[Entry]) -> bytes:
    """A GIFT file in UTF-8."""
    pieces: list[str] = []
    category = ""
    for entry in entries:
        kept, _losses = said(entry)
        if kept is None:
            continue
        if kept.labels.category != category:
            category = kept.labels.category
            pieces.append(f"$CATEGORY: {path_of(category)}\n")
        pieces.append(_question(kept))
    return "\n".join(pieces).encode()


def said(entry: Entry) -> tuple[Entry | None, list[Loss]]:
    """What of an entry GIFT can say."""
    ledger = Ledger(entry)
    ledger.tidy()
    ledger.drop_labels(("topic", "difficulty", "cites"))
    ledger.drop_figures()
    ledger.keep_tags(lambda tag: not set(tag) & set("\\\n"))
    ledger.keep_category(category_of(path_of(ledger.entry.labels.category)))
    content = ledger.content
    if isinstance(content, Short):
        if any("->" in one.text for one in content.accepted):
            return ledger.nothing()
        ledger.become(Short(content.accepted), "exact")
    elif isinstance(content, Numeric):
        try:
            absolute = in_its_own_unit(content)
        except Unfit:
            return ledger.nothing("fault")
        ledger.become(absolute, "relative")
        ledger.become(Numeric(absolute.values), "units")
    elif isinstance(content, Matching):
        said_matching(ledger, content)
    elif isinstance(content, Essay):
        said_essay(ledger, content, lengths=False, guide=False)
    elif isinstance(content, Choice) and not isinstance(content, TrueFalse):
        said_choice(ledger, content, keeps_order=False)
    elif not isinstance(content, TrueFalse):
        return ledger.nothing()
    return ledger.result()


def _question(entry: Entry) -> str:
    words, labels = entry.words, entry.labels
    stem = html_text.told(words.stem, str)
    form = html_text.MOODLE if stem.form == html_text.HTML and not _SHAPED.search(stem.text) else stem.form
    text = _Text(form)
    asked = escaped(stem.text)
    if form != html_text.MOODLE or asked.startswith(("[", "//", "$")):
        asked = f"[{stem.form}]{asked}"
    tags = "".join(f" [tag:{tag.replace(']', chr(92) + ']')}]" for tag in labels.tags)
    head = f"//{tags}\n" if tags else ""
    head += f"::{escaped(labels.title)}::" if labels.title else ""
    return f"{head}{asked}{{{text.answers(words.content)}{text.marked('####', words.feedback)}}}\n"


class _Text:
    """Writes the answers of a question whose text is in one form; another form is written before its text."""

    def __init__(self, form: str) -> None:
        self.form = form

    def text(self, both: Both, *, inline: bool = False) -> str:
        """A text."""
        told = html_text.told(both, str, inline=inline)
        text = escaped(told.text)
        same = told.form == self.form or (told.form == html_text.HTML and self._says(told.text))
        return text if same and not text.startswith("[") else f"[{told.form}]{text}"

    def _says(self, html: str) -> bool:
        return self.form == html_text.MOODLE and not _SHAPED.search(html)

    def marked(self, mark: str, both: Both) -> str:
        """A feedback with its mark, or nothing."""
        return f"{mark}{self.text(both)}" if both.vi or both.en else ""

    def answers(self, content: Content) -> str:
        """What stands in the braces."""
        writer = _WRITERS[content.kind]
        lines = list(writer(self, content))
        return lines[0] if len(lines) == 1 and content.kind in {"truefalse", "essay"} else _listed(lines)

    def choice(self, content: Choice) -> Iterator[str]:
        """Options, the right one of a single choice marked "=", others with what they earn."""
        single = content.kind == "single"
        marked = False
        for option, share in zip(content.options, shares_of(content), strict=True):
            text = self.text(option.text, inline=True)
            if single and share == WHOLE and not marked:
                mark, marked = "=", True
            elif share == NOTHING and not text.startswith("%"):
                mark = "~"
            else:
                mark = f"~%{write_share(share)}%"
            yield f"{mark}{text}{self.marked('#', option.feedback)}"

    def true_false(self, content: TrueFalse) -> Iterator[str]:
        """The truth; what is said to the wrong answer comes first."""
        right, wrong = content.options if content.options[0].right else content.options[::-1]
        said_right = self.marked("#", right.feedback)
        said_wrong = self.marked("#", wrong.feedback) or ("#" if said_right else "")
        yield f"{'TRUE' if content.options[0].right else 'FALSE'}{said_wrong}{said_right}"

    def short(self, content: Short) -> Iterator[str]:
        """Accepted forms with what they earn."""
        for one in content.accepted:
            text = escaped(form_text(one.text))
            text = f"[plain]{text}" if text.startswith("[") else text
            yield f"={_weight(write_share(one.share), text)}{text}{self.marked('#', one.feedback)}"

    def numeric(self, content: Numeric) -> Iterator[str]:
        """Numbers with their tolerance."""
        yield "#"
        for one in content.values:
            number = f"{number_text(one.number)}:{number_text(one.tolerance)}"
            yield f"={_weight(write_share(one.share), number)}{number}{self.marked('#', one.feedback)}"

    def matching(self, content: Matching) -> Iterator[str]:
        """Pairs."""
        for prompt, one in pairs_of(content):
            yield f"={self.text(prompt, inline=True)} -> {escaped(html_text.told_as_html(one))}"

    def essay(self, _content: Essay) -> Iterator[str]:
        """Nothing."""
        yield ""


_WRITERS: dict[str, Callable[..., Iterator[str]]] = {
    "single": _Text.choice,
    "multiple": _Text.choice,
    "truefalse": _Text.true_false,
    "short": _Text.short,
    "numeric": _Text.numeric,
    "matching": _Text.matching,
    "essay": _Text.essay,
}


def _listed(lines: list[str]) -> str:
    first = lines.pop(0) if lines[0] == "#" else ""
    return f"{first}\n" + "".join(f"\t{line}\n" for line in lines)


def _weight(percent: str, text: str) -> str:
    return "" if percent == "100" and not text.startswith("%") else f"%{percent}%"


def escaped(text: str) -> str:
    """A text with every mark of GIFT shielded, on one line."""
    return _RESERVED.sub(lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", text)
