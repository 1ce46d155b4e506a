"""Every page that can be reached by links, for each role, in both languages, on a phone and on a desk.

The walk follows links from the front page and opens one page of every address pattern. In both languages and widths
each must be free of console errors and sideways scrolling, on the Vietnamese phone and the English desk also of what
axe-core finds; a page that an earlier role has been to is judged once more, on the Vietnamese phone. A run with
`--pictures` photographs each.
"""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

ROLES = (None, "trainee", "organizer", "instructor", "admin")
FEWEST = {None: 10, "trainee": 14, "organizer": 24, "instructor": 14, "admin": 12}
"""How many kinds of page each role must at least have reached: a walk that ends early proves nothing."""
NOT_PAGES = (".pdf", ".docx", ".xlsx", ".csv", ".ics", ".zip", ".svg", "/file", ".json")
LANGUAGES = ("vi", "en")
WIDTHS = (360, 1280)
CLOSELY = {("vi", 360), ("en", 1280)}
"""Where axe-core looks too, which costs more than all else: between them each text and each layout once."""
GO_EVERYWHERE = {"admin"}
"""Whoever may go everywhere sees there what others see: only pages that no other role has been to are judged."""
FRESH = 1
"""Of each address pattern, how many different pages are opened."""


def walk(visitor: Visitor, addresses: Map, judge: Callable[[str, str], None]) -> dict[str, str]:
    """One address of every pattern the visitor can reach, by endpoint; each is judged as soon as it is open."""
    matcher = addresses.bind("127.0.0.1")
    waiting, seen, opened = ["/"], {"/"}, dict[str, list[str]]()
    while waiting:
        path = waiting.pop(0)
        try:
            endpoint, _values = matcher.match(urlsplit(path).path, method="GET")
        except HTTPException:
            continue
        if len(opened.get(endpoint, [])) >= FRESH or path.partition("?")[0].endswith(NOT_PAGES):
            continue
        if "/documents/" in path and path.startswith("/events/") and not path.endswith("/documents"):
            continue  # a file to download
        status = visitor.open(path)
        assert status == 200, f"{visitor.role}: {path} answers {status}"
        if endpoint not in opened:
            judge(endpoint, path)
        opened.setdefault(endpoint, []).append(path)
        for link in visitor.links():
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    return {endpoint: paths[0] for endpoint, paths in opened.items()}


@pytest.fixture(scope="module")
def looked_at() -> set[str]:
    """Endpoints that an earlier role has seen in every window."""
    return set()


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_without_fault(
    application: Flask, visitor: Callable[..., Visitor], looked_at: set[str], role: str | None
) -> None:
    faults: dict[str, list[str]] = {}
    windows = {language: visitor(role, language=language, width=WIDTHS[0]) for language in LANGUAGES}
    known = looked_at - {"home.index"}

    def judge(window: Visitor, endpoint: str, path: str) -> None:
        if endpoint in known and role in GO_EVERYWHERE:
            return
        for width in WIDTHS[:1] if endpoint in known else WIDTHS:
            window.resize(width)
            window.picture(endpoint.replace(".", "-"))
            if found := window.check(closely=(window.language, width) in CLOSELY):
                faults[f"{path} {window.language} {width}"] = found
        window.resize(WIDTHS[0])

    first, second = LANGUAGES
    pages = walk(windows[first], application.url_map, partial(judge, windows[first]))
    assert len(pages) >= FEWEST[role], sorted(pages)
    for endpoint, path in pages.items():
        if endpoint not in known:
            windows[second].open(path)
            judge(windows[second], endpoint, path)
    looked_at.update(pages)
    assert faults == {}
