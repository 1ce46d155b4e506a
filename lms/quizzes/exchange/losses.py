"""What a format cannot say of a question, and the question as it is without that."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from lms.core import rich_text
from lms.core.errors import N_
from lms.core.text import tidy
from lms.quizzes.exchange import html_text
from lms.quizzes.exchange.entries import LONGEST_TITLE, Entry, Loss, Unfit, checked
from lms.quizzes.exchange.html_text import clean
from lms.quizzes.exchange.moodle_names import number_of, number_text
from lms.quizzes.exchange.texts import figures_of, rewritten
from lms.quizzes.kinds import choice
from lms.quizzes.kinds.choice import Choice, Multiple, Option, Single
from lms.quizzes.kinds.content import NOTHING, WHOLE, Both, Content, read_share, write_share
from lms.quizzes.kinds.essay import Criterion, Essay, Level
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric
from lms.quizzes.kinds.short import Short
from lms.quizzes.wording import Labels

WHAT = {
    "kind": N_("Định dạng này không có loại câu hỏi này: câu không được ghi ra."),
    "fault": N_("Câu hỏi đọc lại sẽ có lỗi: câu không được ghi ra."),
    "topic": N_("Chủ đề."),
    "difficulty": N_("Độ khó."),
    "cites": N_("Căn cứ văn bản."),
    "spaces": N_("Khoảng trắng thừa và ký tự không hiện ra."),
    "title": N_("Tên câu hỏi, được ghi khác đi."),
    "category": N_("Danh mục."),
    "tags": N_("Nhãn."),
    "english": N_("Bản tiếng Anh."),
    "figures": N_("Hình: chỉ còn lời mô tả."),
    "keep-order": N_("Việc giữ nguyên thứ tự phương án."),
    "credit": N_("Cách chấm từng phần: ghi bằng cách khác, điểm không đổi."),
    "credit-all": N_("Cách chấm đúng hết mới có điểm: ghi thành chấm từng phần."),
    "exact": N_("Yêu cầu đúng từng chữ."),
    "relative": N_("Sai số theo phần trăm: ghi thành sai số tuyệt đối, điểm không đổi."),
    "units": N_("Đơn vị đo."),
    "factor": N_("Hệ số đổi đơn vị, bị làm tròn."),
    "choices": N_("Thứ tự các ý được ghép."),
    "marks": N_("Cách trình bày trong các ý được ghép."),
    "rubric": N_("Phiếu chấm: thay bằng phiếu chung."),
    "lengths": N_("Số chữ ít nhất và nhiều nhất."),
    "guide": N_("Hướng dẫn cho người chấm."),
    "columns": N_("Câu hỏi có quá 12 phương án hoặc chỗ trống: câu không được ghi ra."),
    "gaps": N_("Số thứ tự của các chỗ trống."),
    "zones": N_("Cách ghi tọa độ của các vùng."),
    "labels": N_("Tên các vùng trên hình."),
    "alternative": N_("Lời mô tả hình: thay bằng tên câu hỏi."),
}
"""Code -> what is lost, for people."""

DEFAULT_RUBRIC = (
    Criterion(
        Both("Nội dung", "Content"),
        (
            Level(0, Both("Chưa đạt", "Insufficient")),
            Level(1, Both("Đạt một phần", "Partly sufficient")),
            Level(2, Both("Đạt", "Sufficient")),
        ),
    ),
)
"""What an essay is marked by whose file says nothing of it."""


class Ledger:
    """An entry on its way into a format, and what it has lost so far."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.title = entry.title
        self.losses: list[Loss] = []

    @property
    def content(self) -> Content:
        """What the kind says, so far."""
        return self.entry.words.content

    def lose(self, code: str) -> None:
        """Write down a loss, once."""
        if all(one.code != code for one in self.losses):
            self.losses.append(Loss(self.title, code, WHAT[code]))

    def become(self, content: Content, code: str) -> None:
        """Take another content in place of the one before; a loss if it is another."""
        if content != self.content:
            self.lose(code)
            self.take(content)

    def take(self, content: Content) -> None:
        """Take another content; its losses are written down already."""
        self.entry = replace(self.entry, words=replace(self.entry.words, content=content))

    def drop_labels(self, codes: Iterable[str]) -> None:
        """Do without topic, difficulty, category, tags, title or cites, as named."""
        labels = self.entry.labels
        plain = Labels()
        for code in codes:
            if code == "cites":
                if self.entry.words.cites:
                    self.lose(code)
                    self.entry = replace(self.entry, words=replace(self.entry.words, cites=[]))
            elif getattr(labels, code) != getattr(plain, code):
                self.lose(code)
                labels = replace(labels, **{code: getattr(plain, code)})
        self.entry = replace(self.entry, labels=labels)

    def drop_english(self) -> None:
        """Do without the English."""
        words = rewritten(self.entry.words, lambda both: Both(both.vi))
        if words != self.entry.words:
            self.lose("english")
            self.entry = replace(self.entry, words=words)

    def drop_figures(self) -> None:
        """Only the words of figures stay."""
        if not figures_of(self.entry.words):
            return
        self.lose("figures")
        words = rewritten(self.entry.words, lambda both: Both(_without_figures(both.vi), _without_figures(both.en)))
        self.entry = replace(self.entry, words=words, figures={})

    def tidy(self) -> None:
        """Texts without what no format keeps: spaces around, control characters, letters in pieces."""
        words = rewritten(self.entry.words, lambda both: Both(clean(both.vi), clean(both.en)))
        if isinstance(words.content, Short):
            forms = tuple(replace(one, text=clean(one.text)) for one in words.content.accepted)
            words = replace(words, content=replace(words.content, accepted=forms))
        if words != self.entry.words:
            self.lose("spaces")
            self.entry = replace(self.entry, words=words)
        self._tidy_title()

    def _tidy_title(self) -> None:
        """The title as one line."""
        title = tidy(self.entry.labels.title)[:LONGEST_TITLE]
        if title != self.entry.labels.title:
            self.lose("title")
            self.entry = replace(self.entry, labels=replace(self.entry.labels, title=title))

    def keep_tags(self, fits: Callable[[str], bool]) -> None:
        """Only the tags that fit, each once."""
        labels = self.entry.labels
        kept = tuple(dict.fromkeys(tag for tag in labels.tags if fits(tag) and tidy(tag) == tag != ""))
        if kept != labels.tags:
            self.lose("tags")
            self.entry = replace(self.entry, labels=replace(labels, tags=kept))

    def keep_category(self, category: str) -> None:
        """The category as it is read again."""
        if category != self.entry.labels.category:
            self.lose("category")
            self.entry = replace(self.entry, labels=replace(self.entry.labels, category=category))

    def result(self) -> tuple[Entry | None, list[Loss]]:
        """What can be said, and the losses; nothing where what is left is no question."""
        try:
            return checked(self.entry), self.losses
        except Unfit:
            return self.nothing("fault")

    def nothing(self, code: str = "kind") -> tuple[None, list[Loss]]:
        """The question is left out."""
        return None, [Loss(self.title, code, WHAT[code])]


def _without_figures(text: str) -> str:
    for digest in dict.fromkeys(rich_text.figures(text)):
        text = _replaced(text, f"](figure:{digest})")
    return text


def _replaced(text: str, ending: str) -> str:
    """Images that end so, as their words."""
    while (end := text.find(ending)) >= 0:
        start = text.rfind("![", 0, end)
        if start < 0:
            return text.replace(ending, "]")
        text = text[:start] + text[start + 2 : end] + text[end + len(ending) :]
    return text.strip()


def shares_of(content: Choice) -> list[Fraction]:
    """What each option earns, as Moodle's formats say it."""
    if content.credit == choice.Credit.SHARES:
        return [read_share(write_share(option.share or NOTHING)) for option in content.options]
    right = sum(option.right for option in content.options)
    if content.kind != "multiple":
        return [WHOLE if option.right else NOTHING for option in content.options]
    return [Fraction(1 if option.right else -1, right) for option in content.options]


def choice_of(
    options: Iterable[tuple[Both, Fraction, Both]], *, multiple: bool, keep_order: bool = False
) -> Single | Multiple:
    """The choice whose options (text, share, feedback) earn these shares, by the usual rule where that is the same."""
    listed = list(options)
    shares = [share for _text, share, _feedback in listed]
    paid = [share for share in shares if share > 0]
    if multiple:
        usual = bool(paid) and all(share in {Fraction(1, len(paid)), Fraction(-1, len(paid))} for share in shares)
    else:
        usual = sorted(shares) == [NOTHING] * (len(shares) - 1) + [WHOLE]
    made = tuple(
        Option(text, share > 0 if multiple else share == WHOLE, feedback, None if usual else share)
        for text, share, feedback in listed
    )
    credit = choice.Credit.BALANCED if usual else choice.Credit.SHARES
    return (Multiple if multiple else Single)(made, credit, keep_order=keep_order)


def retold(content: Choice, *, keeps_order: bool) -> tuple[Single | Multiple, list[str]]:
    """A single or multiple choice as Moodle's formats give it back, and the codes of what is lost."""
    options = [
        (option.text, share, option.feedback) for option, share in zip(content.options, shares_of(content), strict=True)
    ]
    kept = content.keep_order and keeps_order
    made = choice_of(options, multiple=content.kind == "multiple", keep_order=kept)
    codes = [] if kept == content.keep_order else ["keep-order"]
    if content.kind == "multiple" and content.credit == choice.Credit.ALL:
        codes.append("credit-all")
    elif content.credit != made.credit or content.options != made.options:
        codes.append("credit")
    return made, codes


def said_choice(ledger: Ledger, content: Choice, *, keeps_order: bool) -> None:
    """A single or multiple choice as it is read again."""
    made, codes = retold(content, keeps_order=keeps_order)
    for code in codes:
        ledger.lose(code)
    ledger.take(made)


def in_its_own_unit(content: Numeric) -> Numeric:
    """Tolerances as absolute ones, numbers as numbers; raises Unfit for one with too many digits to be read again."""
    values = tuple(
        replace(one, tolerance=abs(one.number) * one.tolerance, relative=False) if one.relative else one
        for one in content.values
    )
    for one in values:
        if number_of(number_text(one.number)) != one.number or number_of(number_text(one.tolerance)) != one.tolerance:
            raise Unfit("number", N_("“%(text)s” không phải một số."), text=str(one.number))
    return replace(content, values=values)


def matching_of(pairs: Iterable[tuple[Both, Both]]) -> Matching:
    """A matching of pairs (prompt, choice); a pair without a prompt is a choice that fits none."""
    prompts: list[tuple[Both, int]] = []
    choices: list[Both] = []
    for prompt, one in pairs:
        if one not in choices:
            choices.append(one)
        if prompt.vi:
            prompts.append((prompt, choices.index(one)))
    return Matching(tuple(prompts), tuple(choices))


def pairs_of(content: Matching) -> list[tuple[Both, Both]]:
    """The pairs of a matching, those that fit no prompt at the end."""
    used = {match for _text, match in content.prompts}
    pairs = [(text, content.choices[match]) for text, match in content.prompts]
    return pairs + [(Both(), one) for place, one in enumerate(content.choices) if place not in used]


def said_matching(ledger: Ledger, content: Matching) -> None:
    """A matching as Moodle's formats say it: choices in the order of their prompts, and without marks."""
    plain = [(prompt, _without_marks(one)) for prompt, one in pairs_of(content)]
    if plain != pairs_of(content):
        ledger.lose("marks")
    made = matching_of(plain)
    if [_without_marks(one) for one in content.choices] != list(made.choices):
        ledger.lose("choices")
    ledger.take(made)


def _without_marks(both: Both) -> Both:
    return html_text.read(html_text.HTML, html_text.told_as_html(both), lambda _address: "", inline=True)


def said_essay(ledger: Ledger, content: Essay, *, lengths: bool, guide: bool) -> None:
    """An essay as it is read again; `lengths` and `guide`: whether the format knows them."""
    if not lengths and (content.fewest_words or content.most_words):
        ledger.become(replace(content, fewest_words=0, most_words=0), "lengths")
    kept = ledger.content
    assert isinstance(kept, Essay)
    if not guide and kept.guide:
        ledger.become(replace(kept, guide=""), "guide")
    kept = ledger.content
    assert isinstance(kept, Essay)
    ledger.become(replace(kept, rubric=DEFAULT_RUBRIC), "rubric")
