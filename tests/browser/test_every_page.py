"""Every page that can be reached by links, for each role, in both languages, on a phone and on a desk.

The walk follows links from the front page and opens one page of every address pattern. Each is photographed in both
languages and widths, and must be free of console errors and sideways scrolling; axe-core judges the Vietnamese phone
and the English desk.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROLES = (None, "trainee", "organizer", "instructor", "admin")
FEWEST = {None: 10, "trainee": 14, "organizer": 24, "instructor": 14, "admin": 12}
"""How many kinds of page each role must at least have reached: a walk that ends early proves nothing."""
NOT_PAGES = (".pdf", ".xlsx", ".csv", ".svg", "/file", ".json")
OWN_ROOMS = {"admin": {"home", "people", "units", "accounts_manage", "certificates"}}
"""Whoever may see everything is judged only on the pages that no other role has been."""
JUDGED = {("vi", 360), ("en", 1280)}
FRESH = 2
"""Of each address pattern, how many different pages are opened while looking for links."""


def kinds_of_page(visitor: Visitor, addresses: Map) -> dict[str, str]:
    """One address of every pattern the visitor can reach, by endpoint."""
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
        opened.setdefault(endpoint, []).append(path)
        for link in visitor.links():
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    return {endpoint: paths[0] for endpoint, paths in opened.items()}


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_without_fault(application: Flask, visitor: Callable[..., Visitor], role: str | None) -> None:
    pages = kinds_of_page(visitor(role), application.url_map)
    assert len(pages) >= FEWEST[role], sorted(pages)
    faults: dict[str, list[str]] = {}
    for language, width in (("vi", 360), ("en", 1280), ("en", 360), ("vi", 1280)):
        window = visitor(role, language=language, width=width)
        for endpoint, path in pages.items():
            if role in OWN_ROOMS and endpoint.partition(".")[0] not in OWN_ROOMS[role]:
                continue
            window.open(path)
            window.picture(endpoint.replace(".", "-"))
            if found := window.check(axe=(language, width) in JUDGED):
                faults[f"{path} {language} {width}"] = found
    assert faults == {}
