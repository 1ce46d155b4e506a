"""Texts of questions in the two forms that Moodle's formats know: HTML, and Markdown where HTML would change them.

A text goes out as HTML when reading that HTML gives the same text again, else as Markdown, in which every "<" is
written `&#60;` so that no tag comes of it. A text in two languages goes out as Moodle's filter for content in several
languages expects it, as `<span lang="vi" class="multilang">` and another for English.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt

from lms.core import rich_text
from lms.core.errors import N_
from lms.quizzes.exchange.entries import Unfit
from lms.quizzes.exchange.html_markdown import Resolve, from_html, from_plain
from lms.quizzes.exchange.html_tree import TAG
from lms.quizzes.kinds.content import Both

HTML, MARKDOWN, PLAIN, MOODLE = "html", "markdown", "plain", "moodle"
LONGEST_SOURCE = 400_000
_SPAN = re.compile(
    r"<span(?=[^>]*\sclass=[\"']?multilang)[^>]*\slang=[\"']?([a-z]+)[^>]*>(.*?)</span>", re.IGNORECASE | re.DOTALL
)
_AUTOLINK = r"<https?://[^\s<>]*>"
_CODES = "60|62|123"
_OUT = re.compile(rf"{_AUTOLINK}|&#(0*)({_CODES});|<|(?<=-)>", re.IGNORECASE)
_OUT_BRACES = re.compile(_OUT.pattern + r"|\{", re.IGNORECASE)
_BACK = re.compile(rf"&#(0*)({_CODES});")
_RAW_TAG = re.compile(rf"(?!{_AUTOLINK})<[a-zA-Z/!?]")
_FIGURE = re.compile(r"(!\[[^\]]*\]\()figure:([0-9a-f]{64})")
_FILE = re.compile(r"(!\[[^\]]*\]\()<?(@@PLUGINFILE@@/[^)\s>]+)>?")
_WITH_HTML = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable("table")

Address = Callable[[str], str]
"""Gives the address of a figure in the file, by its digest."""


@dataclass(frozen=True)
class Told:
    """A text and the form it is in."""

    form: str
    text: str


def clean(text: str) -> str:
    """Composed letters (NFC), no control characters but line ends, no spaces around."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (
        c for c in composed if c in "\n\t" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in "\ufffe\uffff")
    )
    return "".join(kept).strip()


def told(both: Both, address: Address, *, inline: bool = False) -> Told:
    """A text as it is written to a file."""
    pieces = [both.vi, both.en] if both.en else [both.vi]
    as_html = [_html(piece, address, inline) for piece in pieces]
    whole = [piece for piece in as_html if piece is not None]
    if len(whole) == len(pieces):
        return Told(HTML, _joined(whole))
    return Told(MARKDOWN, _joined([_markdown(piece, address) for piece in pieces]))


def told_alike(texts: Sequence[tuple[str, bool]], address: Address) -> tuple[str, list[str]]:
    """Texts (each with whether it is inline) that share one form, every "{" shielded: the form and how each is told."""
    as_html = [_html(text, address, inline) for text, inline in texts]
    whole = [one.replace("{", "&#123;") for one in as_html if one is not None]
    if len(whole) == len(texts):
        return HTML, whole
    return MARKDOWN, [_markdown(text, address, braces=True) for text, _inline in texts]


def in_one_language(text: str) -> str:
    """A text for the filter of several languages in Vietnamese alone, or in its first language."""
    languages = [found[1].lower() for found in _SPAN.finditer(text)]
    main = "vi" if "vi" in languages else next(iter(languages), "")
    return _SPAN.sub(lambda found: found[2] if found[1].lower() == main else "", text)


def told_as_html(both: Both) -> str:
    """A line as HTML, where a format leaves no choice: what is read again may have lost marks of Markdown."""
    pieces = [both.vi, both.en] if both.en else [both.vi]
    return _joined([str(rich_text.render_inline(piece, lambda _digest: "")) for piece in pieces])


def read(form: str, text: str, resolve: Resolve, *, inline: bool = False) -> Both:
    """A text of a file; raises Unfit for one that is too long, and what `resolve` raises."""
    if len(text) > LONGEST_SOURCE:
        raise Unfit("too-long", N_("Một đoạn chữ dài quá %(most)s ký tự."), most=LONGEST_SOURCE)
    if form == PLAIN:
        return Both(clean(from_plain(clean(text), inline=inline)))
    spans = list(_SPAN.finditer(text))
    if not spans:
        return Both(_one(form, text, resolve, inline))
    languages = {found[1].lower() for found in spans}
    main = "vi" if "vi" in languages else min(languages - {"en"} or languages)
    vi = _SPAN.sub(lambda found: found[2] if found[1].lower() == main else "", text)
    en = _SPAN.sub(lambda found: found[2] if found[1].lower() == "en" else "", text) if "en" in languages else ""
    return Both(_one(form, vi, resolve, inline), _one(form, en, resolve, inline) if main != "en" else "")


def _one(form: str, text: str, resolve: Resolve, inline: bool) -> str:
    if form == MARKDOWN:
        return clean(_from_markdown(clean(text), resolve, inline))
    if form == MOODLE:
        if not TAG.search(text):
            return clean(from_plain(clean(text), inline=inline))
        text = clean(text).replace("\n", "<br>")
    return clean(from_html(clean(text), resolve, inline=inline))


def _from_markdown(text: str, resolve: Resolve, inline: bool) -> str:
    if _RAW_TAG.search(text):
        html = _WITH_HTML.renderInline(text) if inline else _WITH_HTML.render(text)
        return from_html(str(html), resolve, inline=inline)
    text = _FILE.sub(lambda found: f"{found[1]}{resolve(found[2])}", text)
    return _BACK.sub(lambda found: _letter(found[2]) if not found[1] else f"&#{found[1][1:]}{found[2]};", text)


def _letter(code: str) -> str:
    return chr(int(code))


def _html(text: str, address: Address, inline: bool) -> str | None:
    """The text as HTML that is read as the same text again; None where there is none."""
    names: dict[str, str] = {}

    def name(digest: str) -> str:
        names[address(digest)] = f"figure:{digest}"
        return address(digest)

    html = str((rich_text.render_inline if inline else rich_text.render)(text, name))
    html = html.replace('<div class="scroll" tabindex="0"><table class="table">', "<table>")
    html = html.replace("</table></div>", "</table>").replace(' loading="lazy"', "").replace(' rel="nofollow"', "")
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html[3:-4]
    try:
        again = _one(HTML, html, lambda source: names[source], inline)
    except KeyError:
        return None
    return html if again == text else None


def _markdown(text: str, address: Address, braces: bool = False) -> str:
    text = (_OUT_BRACES if braces else _OUT).sub(_shielded, text)
    return _FIGURE.sub(lambda found: f"{found[1]}{address(found[2])}", text)


def _shielded(found: re.Match[str]) -> str:
    if found[0] in "<>{":
        return f"&#{ord(found[0])};"
    return f"&#0{found[1]}{found[2]};" if found[2] else found[0]


def _joined(pieces: list[str]) -> str:
    if len(pieces) == 1:
        return pieces[0]
    vi, en = pieces
    return f'<span lang="vi" class="multilang">{vi}</span><span lang="en" class="multilang">{en}</span>'
