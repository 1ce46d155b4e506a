"""Form fields as Vietnamese offices write them, and the words for what they cannot read."""

from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import DateField, Field, TextAreaField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import TextInput

from lms.core.i18n import _, lazy
from lms.core.text import tidy


def given() -> InputRequired:
    """Something must be typed; unlike `required`, what could not be read keeps its own refusal."""
    return InputRequired(lazy("Mục này còn trống. Hãy điền."))


class DayField(DateField):
    """A day: the browser's date box, or typed as 07/8/2024."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%d", "%d/%m/%Y"], **options)


class FigureField(Field):
    """A figure typed either way: 1.234,56 or 1234.56; None when left empty."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}".replace(".", ",")

    def process_formdata(self, values: list[str]) -> None:
        """Read the figure; raises ValueError for what is none or has more than two decimals."""
        text = values[0].strip().replace(" ", "") if values else ""
        if not text:
            self.data = None
            return
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        try:
            self.data = Decimal(text)
        except InvalidOperation:
            raise ValueError(_("Cần một số, ví dụ 34,8.")) from None
        if not self.data.is_finite() or abs(self.data) >= Decimal(10) ** 12 or self.data != round(self.data, 2):
            self.data = None
            raise ValueError(_("Cần một số có nhiều nhất hai chữ số thập phân."))


class ParagraphsField(TextAreaField):
    """Text of several lines: NFC, no control characters, lines trimmed, at most two line ends in a row."""

    def process_formdata(self, values: list[str]) -> None:
        """Read the text, line by line, in its stored form."""
        self.data = paragraphs(values[0]) if values else ""

    def pre_validate(self, form: Any) -> None:
        """Refuse a text that no page would hold; raises ValidationError."""
        if self.data and len(self.data) > 20_000:
            raise ValidationError(_("Dài quá %(max)d ký tự. Hãy rút ngắn.", max=20_000))


def paragraphs(text: str) -> str:
    """The stored form of a text whose lines matter."""
    lines = [tidy(line) for line in text.splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip()
