"""Shapes of the forms for banks and questions; those of quizzes are in `rule_forms`."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)

from lms.core.errors import RuleBroken, RulesBroken
from lms.core.forms import Form, RowForm, chosen, length, optional, required, tidied
from lms.core.i18n import explain, lazy
from lms.core.text import tidy
from lms.quizzes.kinds import short
from lms.quizzes.kinds.choice import MOST_OPTIONS, Choice, Multiple, Option, Single, TrueFalse, true_false
from lms.quizzes.kinds.content import Both, Content
from lms.quizzes.labels import DIFFICULTIES
from lms.quizzes.models import (
    Difficulty,
    Question,
    QuestionBank,
    QuestionKind,
    QuestionVersion,
)
from lms.quizzes.wording import Labels, Words
from lms.units.models import Unit

CHOICE_KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
_FIRST_OPTIONS = 4


def _unit_choices(units: Iterable[Unit]) -> list[tuple[int, str]]:
    return [(unit.id, unit.short_name) for unit in units]


class BankForm(Form):
    """A bank's titles and its unit."""

    title = StringField(lazy("Tên ngân hàng"), [required(), length(200)], filters=[tidied])
    title_en = StringField(lazy("Tên bằng tiếng Anh"), [optional(), length(200)], filters=[tidied])
    unit_id = SelectField(lazy("Đơn vị quản lý"), [chosen()], coerce=int)

    def offer(self, units: Iterable[Unit]) -> None:
        """Let one of these units be chosen."""
        self.unit_id.choices = _unit_choices(units)


class BankTitleForm(Form):
    """A bank's titles."""

    title = StringField(lazy("Tên ngân hàng"), [required(), length(200)], filters=[tidied])
    title_en = StringField(lazy("Tên bằng tiếng Anh"), [optional(), length(200)], filters=[tidied])

    @classmethod
    def of(cls, bank: QuestionBank) -> "BankTitleForm":
        """The form filled with what stands."""
        return cls(obj=bank)


class OptionForm(RowForm):
    """One option of a choice question."""

    text = StringField(lazy("Phương án"), [length(1000)], filters=[tidied])
    right = BooleanField(lazy("Phương án đúng"))
    feedback = StringField(lazy("Giải thích khi chọn phương án này"), [optional(), length(1000)], filters=[tidied])
    text_en = StringField(lazy("Phương án bằng tiếng Anh"), [optional(), length(1000)], filters=[tidied])
    feedback_en = StringField(lazy("Giải thích bằng tiếng Anh"), [optional(), length(1000)], filters=[tidied])


class QuestionForm(Form):
    """A question of any kind; `kind` is fixed when the question begins, the page shows the fields of that kind."""

    stem = TextAreaField(lazy("Nội dung câu hỏi"), [length(4000)], filters=[tidied])
    stem_en = TextAreaField(lazy("Câu hỏi bằng tiếng Anh"), [optional(), length(4000)], filters=[tidied])
    options = FieldList(FormField(OptionForm), lazy("Các phương án"), max_entries=MOST_OPTIONS)
    truth = RadioField(
        lazy("Điều câu hỏi nói là"), [optional()], choices=[("true", lazy("Đúng")), ("false", lazy("Sai"))]
    )
    accepted = TextAreaField(lazy("Những câu trả lời được chấp nhận"), [optional(), length(4000)])
    exact = BooleanField(lazy("Phải đúng từng chữ, kể cả dấu và chữ hoa"))
    feedback = TextAreaField(lazy("Lời giải thích chung"), [optional(), length(4000)], filters=[tidied])
    feedback_en = TextAreaField(lazy("Lời giải thích bằng tiếng Anh"), [optional(), length(4000)], filters=[tidied])
    topic = StringField(lazy("Chủ đề"), [optional(), length(80)], filters=[tidied])
    difficulty = SelectField(lazy("Độ khó"), choices=list(DIFFICULTIES.items()), default=Difficulty.MEDIUM)
    cites = TextAreaField(lazy("Văn bản làm căn cứ"), [optional(), length(2000)])

    @classmethod
    def blank(cls, kind: QuestionKind) -> "QuestionForm":
        """An empty form with a few empty options."""
        form = cls()
        if kind in CHOICE_KINDS and not form.is_submitted():
            for _place in range(_FIRST_OPTIONS):
                form.options.append_entry()
        return form

    @classmethod
    def of(cls, question: Question, version: QuestionVersion) -> "QuestionForm":
        """The form filled with what is asked today."""
        content = version.content
        accepted = content.accepted if isinstance(content, short.Short) else ()
        return cls(
            data={
                "stem": version.stem,
                "stem_en": version.stem_en,
                "options": [_option_data(one) for one in content.options] if isinstance(content, Choice) else [],
                "truth": content.key()["chosen"][0] if isinstance(content, TrueFalse) else None,
                "accepted": "\n".join(form.text for form in accepted),
                "exact": isinstance(content, short.Short) and content.exact,
                "feedback": version.feedback,
                "feedback_en": version.feedback_en,
                "topic": question.topic,
                "difficulty": question.difficulty,
                "cites": "\n".join(version.cites),
            }
        )

    def words(self, kind: QuestionKind) -> Words:
        """What the form says, as words of a question of this kind."""
        return Words(
            content=self._content(kind),
            stem=Both(self.stem.data or "", self.stem_en.data or ""),
            feedback=Both(self.feedback.data or "", self.feedback_en.data or ""),
            cites=_lines(self.cites.data),
        )

    def labels(self) -> Labels:
        """What the question is filed under."""
        return Labels(topic=self.topic.data or "", difficulty=Difficulty(self.difficulty.data))

    def rearrange(self, act: str) -> None:
        """Add, remove or move an option as a button says: "add", "remove-2", "up-2", "down-2"; others do nothing."""
        verb, _dash, number = act.partition("-")
        values = [entry.data for entry in self.options.entries]
        place = int(number) if number.isdecimal() else -1
        if verb == "add" and len(values) < MOST_OPTIONS:
            values.append({})
        elif not 0 <= place < len(values):
            return
        elif verb == "remove":
            values.pop(place)
        elif verb in {"up", "down"}:
            target = min(max(place + (1 if verb == "down" else -1), 0), len(values) - 1)
            values.insert(target, values.pop(place))
        while self.options.entries:
            self.options.pop_entry()
        for value in values:
            self.options.append_entry(value)

    def refuse(self, refusal: RuleBroken | RulesBroken) -> None:
        """Put each refusal on its field; one of an option on that option's text."""
        for one in refusal.refusals if isinstance(refusal, RulesBroken) else [refusal]:
            name, _dash, number = (one.field or "").partition("-")
            if name == "options" and number.isdecimal() and int(number) < len(self.options.entries):
                text = self.options.entries[int(number)].form.text
                text.errors = [*text.errors, explain(one)]
            elif name == "options" and self.options.entries:
                right = self.options.entries[0].form.right
                right.errors = [*right.errors, explain(one)]
            else:
                super().refuse(one)

    def _content(self, kind: QuestionKind) -> Content:
        if kind is QuestionKind.TRUE_FALSE:
            return true_false(self.truth.data == "true") if self.truth.data else TrueFalse(())
        if kind is QuestionKind.SHORT:
            accepted = tuple(short.Form(line) for line in _lines(self.accepted.data))
            return short.Short(accepted, exact=bool(self.exact.data))
        options = tuple(
            Option(
                text=Both(entry.text.data or "", entry.text_en.data or ""),
                right=bool(entry.right.data),
                feedback=Both(entry.feedback.data or "", entry.feedback_en.data or ""),
            )
            for entry in (one.form for one in self.options.entries)
        )
        return Multiple(options) if kind is QuestionKind.MULTIPLE else Single(options)


def _option_data(option: Option) -> dict[str, Any]:
    return {
        "text": option.text.vi,
        "text_en": option.text.en,
        "right": option.right,
        "feedback": option.feedback.vi,
        "feedback_en": option.feedback.en,
    }


def _lines(text: Any) -> list[str]:
    return [line for line in (tidy(one) for one in (text or "").splitlines()) if line]
