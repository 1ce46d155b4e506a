"""The text of a text file from outside."""

import codecs

from lms.core.errors import N_
from lms.quizzes.exchange import html_text
from lms.quizzes.exchange.entries import LARGEST_FILE, Unfit

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decoded(content: bytes) -> str:
    """UTF-8, or UTF-16 with its mark; composed letters, plain line ends; raises Unfit (too-large, encoding)."""
    if len(content) > LARGEST_FILE:
        raise Unfit("too-large", N_("Tệp lớn quá %(most)s MB."), most=LARGEST_FILE // 1_000_000)
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Unfit("encoding", N_("Tệp không phải chữ Unicode (UTF-8). Hãy lưu lại tệp bằng UTF-8.")) from None
    before = len(text) - len(text.lstrip())
    return "\n" * text[:before].replace("\r\n", "\n").count("\n") + html_text.clean(text)
