"""Rich text: what is written shows, and nothing in it runs."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core import rich_text

DIGEST = "ab" * 32
SAFE_TAGS = {
    "a", "blockquote", "br", "code", "div", "em", "hr", "img", "li", "ol", "p", "pre", "strong", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip
SAFE_ATTRIBUTES = {"href", "title", "rel", "class", "tabindex", "src", "alt", "loading", "start"}
PIECES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "<svg/onload=alert(1)>",
    "[x](data:text/html,<script>)",
    "<a href='javascript:1'>",
    "| a | b |\n|---|---|\n",
    "&lt;script&gt;",
    f"![h](figure:{DIGEST})",
    "[x](https://example.vn)",
    *("**", "*", "`", "\n", "# ", "- ", "chữ", "<", "\"'"),
]


def address(digest: str) -> str:
    """Where a figure lies, in these tests."""
    return f"/question-figures/{digest}"


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=8).map("".join))
def test_nothing_written_can_run(text: str) -> None:
    seen = _Seen()
    seen.feed(rich_text.render(text, address) + rich_text.render_inline(text, address))
    assert seen.tags <= SAFE_TAGS
    assert {name for name, _value in seen.attributes} <= SAFE_ATTRIBUTES
    for name, value in seen.attributes:
        if name == "href":
            assert (value or "").partition(":")[0].casefold() in {"http", "https", "mailto"} or ":" not in (value or "")
        if name == "src":
            assert value in {"", address(DIGEST)}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Một **hai** *ba*", "<p>Một <strong>hai</strong> <em>ba</em></p>"),
        ("# Đề mục", "<p>Đề mục</p>"),
        ("Dòng một\nDòng hai", "<p>Dòng một<br>\nDòng hai</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        (f"![Sơ đồ](figure:{DIGEST})", f'<p><img src="/question-figures/{DIGEST}" alt="Sơ đồ" loading="lazy"></p>'),
    ],
)
def test_what_is_written_shows(text: str, html: str) -> None:
    assert rich_text.render(text, address) == html


def test_one_line_has_no_blocks() -> None:
    assert rich_text.render_inline("1. Sở *Ngoại vụ*", address) == "1. Sở <em>Ngoại vụ</em>"


def test_the_words_alone() -> None:
    assert (
        rich_text.plain(f"**Nghị định** 72\n\n- một\n- hai ![Sơ đồ](figure:{DIGEST})") == "Nghị định 72 một hai Sơ đồ"
    )


def test_figures_are_found_in_order() -> None:
    other = "cd" * 32
    assert rich_text.figures(f"![a](figure:{other}) chữ\n\n![b](figure:{DIGEST}) ![c](https://x.vn/a.png)") == [
        other,
        DIGEST,
    ]
