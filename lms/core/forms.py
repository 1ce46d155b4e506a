"""Forms check the shape of input; every message is in the catalogue; a refusal lands on its field."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from lms.core.errors import RuleBroken, RulesBroken
from lms.core.i18n import explain, lazy
from lms.core.text import tidy

__all__ = ["Form", "length", "number_range", "optional", "required", "tidied"]


class Form(FlaskForm):
    """Base of every form."""

    def refuse(self, refusal: RuleBroken | RulesBroken) -> None:
        """Put a refusal on its field, or on the whole form when it names none of these fields."""
        for one in refusal.refusals if isinstance(refusal, RulesBroken) else [refusal]:
            field = self._fields.get(one.field or "")
            if field is None:
                self.form_errors.append(explain(one))
            else:
                field.errors = [*field.errors, explain(one)]


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
