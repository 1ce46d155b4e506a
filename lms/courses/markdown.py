"""Lesson text: CommonMark with tables, citations, boxes and figures, turned into clean HTML.

`[@nd-72-2015 Điều 6]` cites; `::: situation` … `:::` is a box; an image alone in a paragraph is a figure.
No raw HTML passes, neither from the text nor through the sanitiser.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from lms.core.text import fold

BOXES = ("situation", "good", "bad", "task", "answer", "monday", "note")
"""Kinds of box; the stylesheet names each in the page's language, an answer is folded."""
_ANSWER_LABELS = {"vi": "Xem bài làm mẫu", "en": "Show a model answer"}

_CITATION = re.compile(r"\[@([a-z0-9-]+)(?:\s+([^\]\[]+))?\]")
_FENCE = re.compile(r"^:::\s*(\S*)\s*$")
_TAGS = {
    "a", "blockquote", "br", "code", "dd", "details", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3",
    "h4", "hr", "img", "li", "ol", "p", "pre", "section", "strong", "summary", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "class", "title"},
    "div": {"class", "role", "aria-label", "tabindex"},
    "details": {"class"},
    "figure": {"class"},
    "h2": {"id", "class"},
    "h3": {"id", "class"},
    "h4": {"id", "class"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    "p": {"class"},
    "table": {"class"},
    "td": {"class"},
    "th": {"class", "scope"},
}


@dataclass
class Rendered:
    """HTML of a lesson's text, what it cites in order, the figures it shows, and what is wrong (line, message)."""

    html: str = ""
    cites: list[dict[str, str]] = field(default_factory=list)
    figures: list[tuple[int, str]] = field(default_factory=list)
    mistakes: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)


def render(
    text: str, *, language: str, labels: Mapping[str, str], figure_url: Callable[[str], str], first_line: int = 0
) -> Rendered:
    """Render a lesson's text; `labels` gives each citable document's short label, `first_line` the
    lines of the file above it."""
    rendered = Rendered()
    renderer = _parser(language, labels)
    environment: dict[str, Any] = {}
    tokens = renderer.parse(text, environment)
    _check_fences(text, rendered)
    _walk(tokens, rendered, labels)
    _point_images(tokens, figure_url)
    html = renderer.renderer.render(tokens, renderer.options, environment)
    rendered.html = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None, url_schemes={"http", "https", "mailto"}
    )
    first = first_line + 1
    rendered.mistakes = [(line + first, message, params) for line, message, params in rendered.mistakes]
    rendered.figures = [(line + first, path) for line, path in rendered.figures]
    return rendered


def _parser(language: str, labels: Mapping[str, str]) -> MarkdownIt:
    english = language == "en"
    parser = MarkdownIt("commonmark", {"html": True, "typographer": False}).enable("table")
    parser.inline.ruler.before("link", "citation", _citation)
    for name in BOXES:
        container_plugin(parser, name, render=_box(name, _ANSWER_LABELS[language]))
    parser.add_render_rule("citation", _render_citation(labels))
    parser.add_render_rule("table_open", _render_table_open(english))
    parser.add_render_rule("table_close", lambda *_rest: "</table></div>\n")
    return parser


def _citation(state: StateInline, silent: bool) -> bool:
    match = _CITATION.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.meta = {"key": match[1], "place": (match[2] or "").strip()}
    state.pos = match.end()
    return True


def _render_citation(labels: Mapping[str, str]) -> Callable[..., str]:
    def render_one(_self: RendererHTML, tokens: list[Token], index: int, _options: Any, _environment: Any) -> str:
        key, place = tokens[index].meta["key"], tokens[index].meta["place"]
        label = ", ".join(part for part in (labels.get(key, key), place) if part)
        return f'(<a class="cite" href="#doc-{escape(key)}">{escape(label)}</a>)'

    return render_one


def _render_table_open(english: bool) -> Callable[..., str]:
    label = "Table" if english else "Bảng"

    def render_one(*_rest: Any) -> str:
        return f'<div class="scroll" role="region" aria-label="{label}" tabindex="0"><table class="table">\n'

    return render_one


def _box(name: str, label: str) -> Callable[..., str]:
    def render_one(_self: RendererHTML, tokens: list[Token], index: int, _options: Any, _environment: Any) -> str:
        opening = tokens[index].nesting == 1
        if name == "answer":
            return f'<details class="answer"><summary>{label}</summary>\n' if opening else "</details>\n"
        return f'<div class="{name}">\n' if opening else "</div>\n"

    return render_one


def _walk(tokens: list[Token], rendered: Rendered, labels: Mapping[str, str]) -> None:
    seen: set[tuple[str, str]] = set()
    ids: set[str] = set()
    level = 1
    for index, token in enumerate(tokens):
        line = token.map[0] if token.map else 0
        if token.type == "html_block":
            rendered.mistakes.append((line, "Không dùng HTML trong bài; chỉ dùng Markdown.", {}))
            token.content = ""
        elif token.type in {"heading_open", "heading_close"}:
            level = _heading(tokens, index, level, ids, rendered)
        elif token.type == "inline":
            _inline(token, line, rendered, labels, seen)
            if _lone_image(tokens, index):
                _figure(tokens, index)


def _heading(tokens: list[Token], index: int, level: int, ids: set[str], rendered: Rendered) -> int:
    token = tokens[index]
    if token.type == "heading_close":
        token.tag = f"h{level}"
        return level
    written = int(token.tag[1])
    if written == 1:
        rendered.mistakes.append((token.map[0] if token.map else 0, "Tiêu đề trong bài bắt đầu từ “##”.", {}))
    level = min(max(written, 2), level + 1, 4)
    if level != written:
        token.attrSet("class", f"h{written}")
    token.tag = f"h{level}"
    base = "-".join(re.findall(r"[a-z0-9]+", fold(tokens[index + 1].content)))[:60] or "muc"
    name, number = f"s-{base}", 2
    while name in ids:
        name, number = f"s-{base}-{number}", number + 1
    ids.add(name)
    token.attrSet("id", name)
    return level


def _inline(token: Token, line: int, rendered: Rendered, labels: Mapping[str, str], seen: set[tuple[str, str]]) -> None:
    for child in token.children or []:
        if child.type == "html_inline":
            rendered.mistakes.append((line, "Không dùng HTML trong bài; chỉ dùng Markdown.", {}))
            child.content = ""
        elif child.type == "citation":
            key, place = child.meta["key"], child.meta["place"]
            if key not in labels:
                rendered.mistakes.append((line, "Không có văn bản nào mang mã %(key)s.", {"key": key}))
            elif (key, place) not in seen:
                seen.add((key, place))
                rendered.cites.append({"key": key, "place": place})
        elif child.type == "image":
            if not child.content.strip():
                rendered.mistakes.append((line, "Hình chưa có lời mô tả thay thế.", {}))
            rendered.figures.append((line, str(child.attrGet("src") or "")))
        elif child.type == "text" and "[@" in child.content:
            rendered.mistakes.append((line, "Dẫn văn bản viết sai; mẫu đúng: [@nd-72-2015 Điều 6].", {}))


def _lone_image(tokens: list[Token], index: int) -> bool:
    children = tokens[index].children or []
    return len(children) == 1 and children[0].type == "image" and tokens[index - 1].type == "paragraph_open"


def _figure(tokens: list[Token], index: int) -> None:
    image = (tokens[index].children or [])[0]
    tokens[index - 1].tag = tokens[index + 1].tag = "figure"
    caption = image.attrGet("title")
    image.attrs.pop("title", None)
    image.attrSet("loading", "lazy")
    if caption:
        closing = Token("html_inline", "", 0, content=f"<figcaption>{escape(str(caption))}</figcaption>")
        tokens[index].children = [image, closing]


def _point_images(tokens: list[Token], figure_url: Callable[[str], str]) -> None:
    for token in tokens:
        for child in token.children or []:
            if child.type == "image":
                child.attrSet("src", figure_url(str(child.attrGet("src") or "")))


def _check_fences(text: str, rendered: Rendered) -> None:
    opened: list[int] = []
    for line, content in enumerate(text.splitlines()):
        match = _FENCE.match(content)
        if match is None:
            continue
        if not match[1]:
            if opened:
                opened.pop()
            else:
                rendered.mistakes.append((line, "Dòng “:::” này không đóng khung nào.", {}))
        elif match[1] in BOXES:
            opened.append(line)
        else:
            opened.append(line)
            rendered.mistakes.append((line, "Không có khung nào tên “%(name)s”.", {"name": match[1]}))
    rendered.mistakes += [(line, "Khung mở ở đây chưa đóng bằng “:::”.", {}) for line in opened]
