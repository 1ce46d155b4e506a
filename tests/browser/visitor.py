"""Someone at a browser window: signs in, opens pages, and finds fault with each."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from tests.servers import PASSWORD

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
_RUN_AXE = (
    "(window.axe ? Promise.resolve() : Promise.reject('no axe')).then(() => "
    "axe.run(document, {resultTypes: ['violations']}))"
    ".then(found => JSON.stringify(found.violations.map("
    "one => one.id + ': ' + one.nodes.slice(0, 2).map(node => node.html.slice(0, 200)).join(' | '))))"
)


class Visitor:
    """A window of a width and a language; `faults` gathers console errors and failed requests since last asked.

    `dark`: of the looks the dark one; `worker`: service workers may run.
    """

    taking_pictures = False
    """Whether `picture` keeps anything: a run asks for it with `--pictures`, for it costs a third of a page's time."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        screenshots: Path,
        *,
        role: str | None,
        language: str,
        width: int,
        dark: bool = False,
        worker: bool = False,
    ) -> None:
        self.url, self.language, self.width, self.role = url, language, width, role or "visitor"
        self._screenshots = screenshots
        self._context = browser.new_context(
            viewport={"width": width, "height": 800},
            service_workers="allow" if worker else "block",
            locale="vi-VN",
            accept_downloads=True,
            color_scheme="dark" if dark else "light",
        )
        self._context.add_cookies([{"name": "lms_language", "value": language, "url": url}])
        self.faults: list[str] = []
        self.page: Page = self.new_page()
        if role:
            self.sign_in(f"{role}@example.vn", PASSWORD)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form."""
        self.open("/sign-in")
        self.page.fill("#email", email)
        self.page.fill("#password", password)
        self.page.click("main .btn-primary")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def new_page(self) -> Page:
        """Another tab, in the place of the one before."""
        self.page = self._context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        return self.page

    def crash(self) -> None:
        """End the tab's process, as a phone does that is short of memory."""
        with self.page.expect_event("crash"), suppress(Error):
            self.page.goto("chrome://crash")
        self.page.close()

    def offline(self, cut: bool) -> None:
        """Cut the network off, or give it back."""
        self._context.set_offline(cut)

    def open(self, path: str) -> int:
        """Open a page of the site; its status."""
        answer = self.page.goto(self.url + path if path.startswith("/") else path)
        return answer.status if answer else 0

    def picture(self, name: str) -> None:
        """Keep a screenshot of the whole page, to be looked at, in a run that asked for pictures."""
        if not self.taking_pictures:
            return
        self._screenshots.mkdir(exist_ok=True)
        path = self._screenshots / f"{self.role}-{name}-{self.language}-{self.width}.jpeg"
        self.page.screenshot(path=path, full_page=True, type="jpeg", quality=70)

    def resize(self, width: int) -> None:
        """Make the window as wide as a phone or a desk; the page stays."""
        if width != self.width:
            self.width = width
            self.page.set_viewport_size({"width": width, "height": 800})

    def check(self, *, closely: bool = True) -> list[str]:
        """What is wrong with the page shown: console, sideways scrolling and, if looked at closely, axe-core."""
        found = [*(self.axe() if closely else ()), *self.faults]
        self.faults.clear()
        across = self.page.evaluate("document.documentElement.scrollWidth")
        if across > self.width:
            found.append(f"scrolls sideways: {across} px")
        return found

    def axe(self) -> list[str]:
        """Violations that axe-core finds; run past the page's own CSP, which forbids foreign script."""
        session = self._context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": f"if (!window.axe) {{ {AXE} }}"})
        answer: dict[str, Any] = session.send(
            "Runtime.evaluate", {"expression": _RUN_AXE, "awaitPromise": True, "returnByValue": True}
        )
        session.detach()
        violations: list[str] = json.loads(answer["result"]["value"])
        return violations

    def links(self) -> list[str]:
        """Addresses on this site that the page links to, without fragments."""
        found: list[str] = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        own = [one.partition("#")[0] for one in found if one.startswith(self.url)]
        return [one.removeprefix(self.url) or "/" for one in own]

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")
