"""Forms check the shape of input; every message is in the catalogue; a refusal lands on its field."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms import Form as PlainForm
from wtforms.meta import DefaultMeta
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from lms.core.errors import RuleBroken, RulesBroken
from lms.core.i18n import explain, lazy
from lms.core.text import tidy

__all__ = ["Form", "length", "number_range", "optional", "required", "tidied"]


_FIELD_REFUSALS = {
    "Not a valid date value.": lazy("Ngày này không có trong lịch. Hãy ghi như 07/8/2024."),
    "Not a valid time value.": lazy("Giờ chưa đúng. Hãy ghi như 07:30."),
    "Not a valid datetime value.": lazy("Ngày giờ chưa đúng. Hãy ghi như 07/8/2024 07:30."),
    "Not a valid integer value.": lazy("Cần một số nguyên."),
    "Not a valid float value.": lazy("Cần một số."),
    "Not a valid decimal value.": lazy("Cần một số."),
    "Not a valid choice.": lazy("Mục đã chọn không còn nữa. Hãy chọn lại."),
    "Invalid Choice: could not coerce.": lazy("Mục đã chọn không còn nữa. Hãy chọn lại."),
}


class _Translations:
    """What WTForms asks for the words of its fields' own refusals."""

    def gettext(self, text: str) -> str:
        return str(_FIELD_REFUSALS.get(text, text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return singular if n == 1 else plural


class Form(FlaskForm):
    """Base of every form."""

    class Meta(FlaskForm.Meta):
        """WTForms' settings: the fields' own refusals are in the reader's language."""

        def get_translations(self, _form: Any) -> _Translations:
            """The words of the fields' own refusals."""
            return _Translations()

    def refuse(self, refusal: RuleBroken | RulesBroken) -> None:
        """Put a refusal on its field, or on the whole form when it names none of these fields."""
        for one in refusal.refusals if isinstance(refusal, RulesBroken) else [refusal]:
            field = self._fields.get(one.field or "")
            if field is None:
                self.form_errors.append(explain(one))
            else:
                field.errors = [*field.errors, explain(one)]


class RowForm(PlainForm):
    """One row of a form with many: without a token of its own."""

    class Meta(DefaultMeta):
        """WTForms' settings: the fields' own refusals are in the reader's language."""

        def get_translations(self, _form: Any) -> _Translations:
            """The words of the fields' own refusals."""
            return _Translations()


def required(message: Any = None) -> DataRequired:
    """The field must be filled in."""
    return DataRequired(message or lazy("Mục này còn trống. Hãy điền."))


def chosen(message: Any = None) -> InputRequired:
    """One of the choices must be taken."""
    return InputRequired(message or lazy("Chưa chọn. Hãy chọn một mục."))


def optional() -> Optional:
    """The field may stay empty."""
    return Optional()


def length(maximum: int, minimum: int = 0) -> Length:
    """The text must be within these lengths, in characters."""
    if minimum:
        return Length(minimum, maximum, lazy("Cần từ %(min)d đến %(max)d ký tự."))
    return Length(max=maximum, message=lazy("Dài quá %(max)d ký tự. Hãy rút ngắn."))


def number_range(minimum: int | float | None = None, maximum: int | float | None = None) -> NumberRange:
    """The number must be within these bounds."""
    return NumberRange(minimum, maximum, lazy("Cần một số từ %(min)s đến %(max)s."))


def tidied(value: str | None) -> str | None:
    """Filter: the stored form of a text."""
    return tidy(value) if value else value


def choices(pairs: Sequence[tuple[Any, str]], empty: str | None = None) -> list[tuple[Any, str]]:
    """Choices for a select, with an empty first line where leaving it open is allowed."""
    return [("", empty), *pairs] if empty is not None else list(pairs)


def first_errors(form: FlaskForm) -> list[tuple[Field | None, str]]:
    """Every error of a form with its field, in the form's order, for the summary on top."""
    found: list[tuple[Field | None, str]] = [(None, str(message)) for message in form.form_errors]
    for field in form:
        found += [(field, str(message)) for message in _flat(field.errors)]
    return found


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        return [message for value in errors.values() for message in _flat(value)]
    if isinstance(errors, list | tuple):
        return [message for value in errors for message in _flat(value)]
    return [errors] if errors else []
