"""House rules of every page that a test sees: valid HTML, a title, labels, unique ids, nothing inline."""

import re
from typing import Any
from xml.etree import ElementTree

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.core.db import db

_FIELDS = {"input", "select", "textarea"}
_UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


_TOKENS = re.compile(r'(csrf[-_]token"[^>]*?(?:content|value)=")[^"]+|(name="next" value=")[^"]*')
_right: set[int] = set()
"""Pages found right, by the hash of what they say apart from tokens: the same page is not parsed again."""


class CheckedClient(FlaskClient):
    """A test browser that refuses a page breaking the house rules."""

    judging = True
    """Off in a run on PostgreSQL: its pages are those that the run on SQLite judges."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make the request, then check an HTML answer that is a whole page.

        The test's own session is committed first (into the test's savepoint) and reads anew afterwards; the request
        gets an application context of its own, as in production, so that nothing leaks between requests.
        """
        db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.expire_all()
        whole = response.mimetype == "text/html" and response.data.lstrip()[:9].lower() == b"<!doctype"
        if whole and self.judging:
            page = response.get_data(as_text=True)
            told = hash(_TOKENS.sub("", page))
            if told not in _right:
                check_page(page)
                _right.add(told)
        return response


def check_page(html: str) -> ElementTree.Element:
    """Parse a page strictly and assert the house rules; the parsed tree, without namespaces."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree: ElementTree.Element = parser.parse(html)
    assert not parser.errors, [f"{place}: {code} {data}" for place, code, data in parser.errors][:5]
    title = tree.findtext(".//title")
    assert (title or "").strip(), "a page without a title"
    assert len(tree.findall(".//h1")) == 1, f"{len(tree.findall('.//h1'))} h1 on “{title}”"
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    doubled = {one for one in ids if ids.count(one) > 1}
    assert not doubled, f"ids used twice: {doubled}"
    labelled = {element.get("for") for element in tree.iter("label")}
    wrapped = {id(field) for label in tree.iter("label") for field in label.iter()}
    for element in tree.iter():
        assert element.get("style") is None, f"style attribute on <{element.tag}>"
        inline = [name for name in element.attrib if re.match(r"on[a-z]+$", name)]
        assert not inline, f"{inline} on <{element.tag}>"
        if element.tag == "script":
            assert element.get("src") or element.get("type") in {"application/json", "application/ld+json"}, (
                "inline script"
            )
        if element.tag in _FIELDS and element.get("type") not in _UNLABELLED:
            named = element.get("id") in labelled or id(element) in wrapped or element.get("aria-label")
            assert named or element.get("aria-labelledby"), f"no label for {element.attrib}"
    return tree
