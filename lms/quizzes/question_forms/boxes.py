"""What is typed in the boxes of a question: lines kept, numbers and percents as Vietnamese and English write them."""

import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wtforms import Field, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from lms.core.forms import length
from lms.core.i18n import _, lazy
from lms.core.text import tidy
from lms.quizzes.kinds.content import Both, read_share, write_share
from lms.quizzes.kinds.numeric import read_numbers

LONGEST_LINE = 2000
LONGEST_STEM = 20_000


def may_be_empty(_form: Any, field: Any) -> None:
    """Validator: an empty box is right, and is not called optional beside every row."""
    if not (field.raw_data and str(field.raw_data[0]).strip()):
        field.errors[:] = []
        raise StopValidation


def kept_lines(value: str | None) -> str | None:
    """Filter: the stored form of Markdown, its lines and their indents kept."""
    if not value:
        return value
    lines = unicodedata.normalize("NFC", value).replace("\t", "    ").splitlines()
    kept = ["".join(c for c in line if unicodedata.category(c)[0] != "C").rstrip() for line in lines]
    return "\n".join(kept).strip("\n").rstrip() if len(kept) > 1 else tidy(value)


def line(label: Any, longest: int = LONGEST_LINE) -> TextAreaField:
    """A box of one line, or of several by Shift+Enter."""
    return TextAreaField(label, [length(longest)], filters=[kept_lines], render_kw={"rows": 1})


def share_box(label: Any) -> StringField:
    """A share of the points in percent."""
    return StringField(label, [may_be_empty, _check_share])


def number_box(label: Any) -> StringField:
    """A number."""
    return StringField(label, [may_be_empty, length(40), _check_number])


def both(field: Field, english: Field) -> Both:
    """The text of two boxes."""
    return Both(field.data or "", english.data or "")


def share_of(text: str | None, default: Fraction) -> Fraction:
    """The share that a box says; `default` for an empty one and for one that says none."""
    try:
        return read_share(_plain(text))
    except (ValueError, ZeroDivisionError):
        return default


def shown_share(share: Fraction) -> str:
    """A share as its box shows it."""
    return write_share(share).replace(".", ",")


def number_of(text: str | None) -> Decimal:
    """The number that a checked box says, decimals first where a mark is ambiguous; not a number for an empty one."""
    numbers, rest = read_numbers(text or "")
    return numbers[0] if numbers and not rest.strip() else Decimal("NaN")


def shown_number(number: Decimal) -> str:
    """A number as its box shows it."""
    return f"{number:f}".replace(".", ",")


def tolerance_of(text: str | None) -> tuple[Decimal, bool]:
    """A tolerance and whether it is relative: "0,5", "5%"; an empty box is none."""
    written = (text or "").strip()
    if not written:
        return Decimal(0), False
    relative = written.endswith("%")
    number = number_of(written.rstrip("% "))
    return (number / 100 if relative else number), relative


def shown_tolerance(tolerance: Decimal, *, relative: bool) -> str:
    """A tolerance as its box shows it."""
    if not tolerance and not relative:
        return ""
    return f"{shown_number((tolerance * 100).normalize())}%" if relative else shown_number(tolerance)


def check_tolerance(_form: Any, field: Field) -> None:
    """Validator: a number or a percentage."""
    if not tolerance_of(field.data)[0].is_finite():
        raise ValidationError(_("Sai số là một số như 0,5 hoặc phần trăm như 5%."))


def _check_share(_form: Any, field: Field) -> None:
    try:
        found = Fraction(_plain(field.data))
    except (ValueError, ZeroDivisionError) as error:
        raise ValidationError(_("Phần điểm là một số phần trăm, ví dụ 100, 50 hoặc -25.")) from error
    if abs(found) > 100:
        raise ValidationError(_("Phần điểm là một số phần trăm, ví dụ 100, 50 hoặc -25."))


def _check_number(_form: Any, field: Field) -> None:
    if not number_of(field.data).is_finite():
        raise ValidationError(_("Cần một số."))


def _plain(text: str | None) -> str:
    return (text or "").strip().rstrip("%").strip().replace(",", ".").replace("\u2212", "-")


ENGLISH = lazy("Bằng tiếng Anh")
FEEDBACK = lazy("Lời nhắn khi trả lời như vậy")
FEEDBACK_EN = lazy("Lời nhắn bằng tiếng Anh")
SHARE = lazy("Phần điểm, %")
