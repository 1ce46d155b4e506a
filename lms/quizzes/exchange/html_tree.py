"""HTML from outside as a small tree: cleaned first, so that nothing in it can run, and of the elements we know."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

DEEPEST = 24
INLINE = {"a", "b", "br", "code", "em", "i", "img", "strong", "sub", "sup"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_KEPT = INLINE | HEADINGS | {
    "blockquote", "div", "hr", "li", "ol", "p", "pre", "table", "td", "th", "tr", "ul", "dt", "dd",
}  # fmt: skip
_KNOWN = _KEPT | {
    "script", "style", "span", "u", "s", "strike", "del", "ins", "font", "center", "tbody", "thead", "tfoot", "caption",
    "col", "colgroup", "section", "article", "header", "footer", "figure", "figcaption", "iframe", "object", "embed",
    "svg", "math", "video", "audio", "source", "input", "form", "button", "select", "option", "textarea", "label", "dl",
    "small", "big", "q", "cite", "abbr", "mark", "kbd", "samp", "var", "tt", "html", "body", "head", "meta", "link",
    "title", "base", "picture", "noscript", "template", "details", "summary", "address", "nav", "main", "aside", "map",
    "area", "param", "track", "canvas", "dialog", "frame", "frameset", "applet", "marquee", "wbr", "nobr", "lang",
}  # fmt: skip
_NAMES = "|".join(sorted(_KNOWN))
_STRAY = re.compile(rf"<(?!/?(?:{_NAMES})(?![\w-])[^<>]*>|!--)", re.IGNORECASE)
"""A "<" that begins no tag: 'a<b and c' says what it says."""
TAG = re.compile(rf"</?(?:{_NAMES})(?![\w-])[^>]*>|<!--|&(?:#\d+|#x[\da-f]+|\w+);", re.IGNORECASE)
"""What makes a text HTML: a tag that exists, a comment, an entity."""
_VOID = {"br", "hr", "img"}


@dataclass
class Element:
    """An element; its children are elements and words."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)


class _Reader(HTMLParser):
    """The tree of cleaned HTML; deeper than allowed, only its words are kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]
        self.beyond = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag not in _VOID and len(self.open) > DEEPEST:
            self.beyond += 1
            return
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        if tag in _VOID:
            return
        if self.beyond:
            self.beyond -= 1
        elif len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Words."""
        self.open[-1].children.append(data)


def tree_of(source: str) -> Element:
    """The cleaned tree of an HTML text."""
    cleaned = nh3.clean(
        _STRAY.sub("&lt;", source),
        tags=_KEPT,
        attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "data", "figure"},
        link_rel=None,
        clean_content_tags={"script", "style"},
    )
    reader = _Reader()
    reader.feed(cleaned)
    reader.close()
    return reader.root
