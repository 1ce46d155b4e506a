"""What Moodle's two formats share: category paths, shares in percent, numbers, accepted forms with wildcards."""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from lms.core.errors import N_
from lms.core.text import tidy
from lms.quizzes.exchange.entries import Unfit
from lms.quizzes.kinds.content import read_share

_CONTEXT = re.compile(r"^\$\w+\$/?")
_TOP = re.compile(r"^top(?:/|$)")
_PART = re.compile(r"(?<!/)/(?!/)")
_PERCENT = re.compile(r"^-?\d{1,3}(?:\.\d{1,12})?$")
_NUMBER = re.compile(r"^[+-]?(?:\d{1,40}(?:[.,]\d{0,40})?|[.,]\d{1,40})(?:[eE][+-]?\d{1,2})?$")
_WILD = re.compile(r"(?<!\\)\*")


def category_of(path: str) -> str:
    """Our category for a path of Moodle's, "$course$/top/A/B"; a "/" in a name, which Moodle doubles, becomes "-"."""
    rest = _TOP.sub("", _CONTEXT.sub("", path.strip()))
    return "/".join(part for part in (tidy(one.replace("//", "-")) for one in _PART.split(rest)) if part)


def path_of(category: str) -> str:
    """Moodle's path for a category of ours."""
    return f"$course$/top/{category}" if category else "$course$/top"


def share_of(percent: str) -> Fraction:
    """A share written in percent, -100 to 100; raises Unfit."""
    text = percent.strip()
    if not _PERCENT.match(text) or abs(Fraction(text)) > 100:
        raise Unfit("share", N_("“%(text)s” không phải phần điểm từ -100 đến 100 phần trăm."), text=text[:40])
    return read_share(text)


def number_of(text: str) -> Decimal:
    """A number with a point or a comma before its decimals; raises Unfit."""
    text = text.strip()
    try:
        if not _NUMBER.match(text):
            raise InvalidOperation
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise Unfit("number", N_("“%(text)s” không phải một số."), text=text[:40]) from None


def number_text(number: Decimal) -> str:
    """A number as both formats read it: no exponent, no thousands."""
    return f"{number:f}"


def form_of(text: str) -> str | None:
    """An accepted form as it is meant; None for "*", which means every other answer; raises Unfit for a pattern."""
    if text == "*":
        return None
    if _WILD.search(text):
        message = N_(
            "Câu trả lời “%(text)s” có dấu * thay cho chữ bất kỳ, không nhập được. Hãy ghi rõ từng câu trả lời."
        )
        raise Unfit("wildcard", message, text=text[:40])
    return text.replace("\\*", "*")


def form_text(text: str) -> str:
    """An accepted form with its stars shielded."""
    return text.replace("*", "\\*")
