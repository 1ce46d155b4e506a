"""Short rich text that people write in boxes: a safe part of CommonMark, turned into clean HTML.

Paragraphs, emphasis, lists, tables, code, quotes, links to web and mail addresses, images of stored figures. No raw
HTML passes, neither from the text nor through the sanitiser; a heading becomes a paragraph, so that a page keeps its
outline.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

FIGURE = re.compile(r"^figure:([0-9a-f]{64})$")
"""The address of a stored figure, named by the SHA-256 of its bytes."""

FigureAddress = Callable[[str], str]
"""Gives the address a browser loads a figure from, by its digest."""

_SCHEMES = {"http", "https", "mailto"}
_INLINE_TAGS = {"a", "br", "code", "em", "img", "strong", "sub", "sup"}
_TAGS = _INLINE_TAGS | {
    "blockquote", "div", "hr", "li", "ol", "p", "pre", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "div": {"class", "tabindex"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "table": {"class"},
}
_KEPT = 4096


def render(text: str, figure_address: FigureAddress) -> Markup:
    """The text as blocks."""
    return Markup(_render(text, figure_address, inline=False))


def render_inline(text: str, figure_address: FigureAddress) -> Markup:
    """One line of text without blocks, for options and labels."""
    return Markup(_render(text, figure_address, inline=True))


def plain(text: str) -> str:
    """The words alone, for lists, titles and search: no marks, an image as its words."""
    blocks = [block.children or () for block in _PARSER.parse(text) if block.type == "inline"]
    lines = ("".join(_said(token) for token in block) for block in blocks)
    return " ".join(" ".join(lines).split()) or " ".join(text.split())


def tokens(text: str) -> list[Token]:
    """The text taken apart by markdown-it, for those who set it on paper."""
    return _PARSER.parse(text)


def figures(text: str) -> list[str]:
    """Digests of the figures that the text shows, in order."""
    found = []
    for block in _PARSER.parse(text):
        for token in block.children or ():
            match = FIGURE.match(str(token.attrs.get("src", ""))) if token.type == "image" else None
            found += [match[1]] if match else []
    return found


@lru_cache(maxsize=_KEPT)
def _render(text: str, figure_address: FigureAddress, *, inline: bool) -> str:
    environment: dict[str, Any] = {}
    tokens = (_PARSER.parseInline if inline else _PARSER.parse)(text, environment)
    for token in tokens:
        _flatten_heading(token)
        for child in token.children or ():
            if child.type == "image":
                _point(child, figure_address)
    html = _PARSER.renderer.render(tokens, _PARSER.options, environment)
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table class="table">')
    html = html.replace("</table>", "</table></div>")
    return nh3.clean(
        html, tags=_INLINE_TAGS if inline else _TAGS, attributes=_ATTRIBUTES, link_rel="nofollow", url_schemes=_SCHEMES
    ).strip()


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


_PARSER = _parser()


def _flatten_heading(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = "p"


def _point(image: Token, figure_address: FigureAddress) -> None:
    """Let an image show a stored figure; one from elsewhere is not loaded, its words stay."""
    match = FIGURE.match(str(image.attrs.get("src", "")))
    image.attrs["src"] = figure_address(match[1]) if match else ""
    image.attrs["loading"] = "lazy"


def _said(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return token.content if token.type in {"text", "code_inline", "image"} else ""
