"""The door in a real browser: a name typed, a badge before the camera, undo, a network that fails."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from lms import create_app
from lms.accounts import passwords
from lms.config import Settings
from lms.core.db import db, session, transaction
from lms.registration import service as registration
from lms.registration.service import Candidate
from tests.attendance.conftest import MORNING, build_event
from tests.browser.conftest import SCREENSHOTS
from tests.browser.provision import find
from tests.browser.visitor import Visitor
from tests.servers import PASSWORD, Deployment, deployment
from tests.world import World, build_world

pytestmark = pytest.mark.browser

DOOR = f"/events/lam-khe-2024/sessions/{MORNING}/check-in"
PEOPLE = (
    ("Đặng Văn Đức", "nam-khoang"),
    ("Nguyễn Thị Hường", "lam-khe"),
    ("Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh", "lam-khe"),
    ("Phạm S", "binh-sa"),
)
FRAMES = 30


@dataclass
class Served:
    """A served conference and the tickets of its people by name."""

    server: Deployment
    tickets: dict[str, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small world with a conference of four people, served as in production."""
    with deployment(tmp_path_factory.mktemp("door")) as made:
        app = create_app(Settings.from_environment(made.environment))
        with app.app_context():
            with transaction():
                build_world()
                world = World.load()
                world.organizer.password_hash = passwords.hashed(PASSWORD)
                event = build_event(world)
                delegates = [
                    registration.register(event, Candidate(name, world.units[unit]), None) for name, unit in PEOPLE
                ]
                tickets = {one.full_name: one.ticket for one in delegates}
            session().close()
            db.engine.dispose()
        made.start()
        yield Served(made, tickets)


@pytest.fixture
def keeper(served: Served, chromium: Browser) -> Iterator[Visitor]:
    """The organizer with a phone at the door."""
    window = Visitor(chromium, served.server.url, SCREENSHOTS, role="organizer", language="vi", width=360)
    window.open(DOOR)
    yield window
    window.close()


def plate(page: Page, look: str) -> None:
    """Wait until the plate shows an answer."""
    expect(page.locator("#plate")).to_have_class(f"answer-plate ans-{look}")


def type_and_choose(page: Page, words: str) -> None:
    """Type a name and press the first match."""
    page.locator("#entry").press_sequentially(words)
    page.locator("#matches button").first.click()


def test_a_name_is_typed_then_welcome_then_already(keeper: Visitor) -> None:
    page = keeper.page
    page.locator("#entry").press_sequentially("khanh")
    expect(page.locator("#matches button")).to_have_count(1)
    keeper.picture("door-typed")
    assert keeper.check() == []
    page.locator("#matches button").click()
    plate(page, "in")
    expect(page.locator("#plate .word")).to_have_text("Mời vào")
    expect(page.locator("#plate .who")).to_have_text(PEOPLE[2][0])
    keeper.picture("door-welcome")
    plate(page, "ready")
    expect(page.locator("#counts [data-total]")).to_have_text("1/4")
    type_and_choose(page, "phuong khanh")
    plate(page, "again")
    keeper.picture("door-already")
    assert keeper.check() == []
    page.locator("#plate").click()
    plate(page, "ready")


def test_a_wedge_scanner_types_wherever_the_focus_is(keeper: Visitor, served: Served) -> None:
    page = keeper.page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type(served.tickets["Phạm S"])
    page.keyboard.press("Enter")
    plate(page, "in")
    expect(page.locator("#plate .who")).to_have_text("Phạm S")
    page.keyboard.type("2222-2222")
    page.keyboard.press("Enter")
    plate(page, "none")
    keeper.picture("door-not-listed")
    assert keeper.check() == []


def test_undo_takes_the_last_scan_back(keeper: Visitor, served: Served) -> None:
    page = keeper.page
    type_and_choose(page, "duc")
    plate(page, "in")
    page.locator("#undo button").click()
    expect(page.locator("#plate .word")).to_have_text("Đã hoàn tác")
    type_and_choose(page, "duc")
    plate(page, "in")
    page.locator("#undo button").click()
    expect(page.locator("#plate .word")).to_have_text("Đã hoàn tác")


def test_a_scan_without_network_is_sent_when_it_is_back_and_counts_once(keeper: Visitor) -> None:
    page = keeper.page
    sent: list[str] = []

    def lose_the_answer(route: Route) -> None:
        """The first answer is lost on its way; the scan itself was stored."""
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/scans", lose_the_answer)
    type_and_choose(page, "duc")
    expect(page.locator("#pending")).to_be_visible()
    keeper.picture("door-offline")
    plate(page, "in")
    expect(page.locator("#pending")).to_be_hidden()
    assert len(set(sent)) == 1
    page.locator("#undo button").click()
    expect(page.locator("#plate .word")).to_have_text("Đã hoàn tác")
    keeper.faults.clear()


def test_the_camera_reads_a_badge(served: Served, chromium: Browser, tmp_path: Path) -> None:
    badge = tmp_path / "badge.mjpeg"
    badge.write_bytes(film(served.tickets["Nguyễn Thị Hường"]))
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={badge}",
    ]
    browser = chromium.browser_type.launch(executable_path=find(), args=arguments)
    window = Visitor(browser, served.server.url, SCREENSHOTS, role="organizer", language="vi", width=360)
    window.open(DOOR)
    came = int(window.page.locator("#counts [data-total]").inner_text().partition("/")[0])
    if window.page.locator("#scan").is_visible():
        window.page.locator("#scan").click()
    expect(window.page.locator("#undo-name")).to_have_text("Nguyễn Thị Hường")
    expect(window.page.locator("#plate")).to_be_hidden()
    expect(window.page.locator("#counts [data-total]")).to_have_text(f"{came + 1}/4")
    window.picture("door-camera")
    assert window.check() == []
    window.close()
    browser.close()


def film(ticket: str) -> bytes:
    """A video of a badge held before the camera: JPEG frames one after another."""
    drawn, photo = io.BytesIO(), io.BytesIO()
    segno.make_qr(ticket, version=1, error="m").save(drawn, kind="png", scale=8, border=4)
    frame = Image.new("RGB", (640, 480), "#888")
    frame.paste(Image.open(drawn).convert("RGB"), (200, 120))
    frame.save(photo, "JPEG", quality=90)
    return photo.getvalue() * FRAMES
