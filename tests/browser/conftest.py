"""A served demo and a headless Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.provision import find
from tests.browser.visitor import Visitor
from tests.servers import Deployment, deployment

SCREENSHOTS = Path(__file__).parent / "screenshots"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The product with its demo data, served as `make run` serves it."""
    with deployment(tmp_path_factory.mktemp("demo")) as made:
        made.command("demo")
        made.start(workers=2)
        yield made


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A headless Chromium of this machine."""
    Visitor.taking_pictures = request.config.getoption("--pictures")
    path = find()
    assert path, "no Chromium: run tests/browser/provision.py"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    expect.set_options(timeout=15_000)  # two of these browsers may share a slow machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def visitor(demo: Deployment, chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """`visitor("organizer", language="en", width=360)`: a browser window of someone, signed in."""
    opened: list[Visitor] = []

    def open_window(role: str | None = None, *, language: str = "vi", width: int = 1280) -> Visitor:
        opened.append(Visitor(chromium, demo.url, SCREENSHOTS, role=role, language=language, width=width))
        return opened[-1]

    yield open_window
    for one in opened:
        one.close()
