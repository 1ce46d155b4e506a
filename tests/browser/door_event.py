"""A served conference of today for the tests of the check-in app: forty badges, two points, doors opened by pairing."""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import segno
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Select, select

from lms import create_app
from lms.accounts import passwords
from lms.attendance import devices
from lms.attendance.models import DoorDevice, Scan
from lms.config import Settings
from lms.core import clock
from lms.core.db import db, session, transaction
from lms.events.models import Event, EventKind, Half, HalfDay, Point
from lms.registration import service as registration
from lms.registration.models import Delegate
from lms.registration.service import Candidate
from tests.browser.conftest import SCREENSHOTS
from tests.browser.visitor import Visitor
from tests.servers import PASSWORD, Deployment, deployment
from tests.world import World, build_world

KEY = "lam-khe-hom-nay"
DEVICES = f"/events/{KEY}/check-in/devices"
NAMED = (
    ("Đặng Văn Đức", "nam-khoang"),
    ("Nguyễn Thị Hường", "lam-khe"),
    ("Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh", "lam-khe"),
    ("Phạm S", "binh-sa"),
    ("Vàng A Chứ", "nam-khoang"),
    ("Trần Thị Quỳ", "binh-sa"),
    ("Bùi Thị Ngọc Ánh", "lam-khe"),
    ("Lò Văn Pín", "nam-khoang"),
    ("Lý Thị Phẩy", "nam-khoang"),
    ("Hoàng Ỷ", "lam-khe"),
)
GONE, SUBSTITUTE = "Mã Đã Rút", "Giàng Thị Thay"
REMOTE = "Sùng Ở Xa"
FORTY = tuple(f"Người Thứ {number}" for number in range(1, 41))
PACE = "F3:1"
"""Frames of the film per second: a badge is held before the camera for a third of a second."""
_REMEMBERS = """document.addEventListener("DOMContentLoaded", () => {
    const plate = document.getElementById("plate");
    if (!plate) {
        return;
    }
    const read = part => plate.querySelector(part).textContent.trim();
    window.answers = [];
    const note = () => window.answers.push([plate.className, read(".word"), read(".who")]);
    note();
    new MutationObserver(note).observe(plate, {attributes: true, childList: true, subtree: true});
});"""
"""The page keeps what its plate has shown: a welcome leaves by itself, and a busy test may look too late."""
_SHOWN = """asked => {
    const fits = shown => asked.every((text, place) => !text || shown[place] === text);
    const found = window.answers.findIndex(fits);
    window.answers.splice(0, found); // what came before is past; the answer found is still on the plate
    return found >= 0;
}"""
_BETWEEN_KEYS = 0.005
"""Seconds between the keys of a scanner."""


@dataclass
class Served:
    """The served conference, its application for looking into its database, and tickets by name."""

    server: Deployment
    app: Flask
    tickets: dict[str, str]

    def came(self) -> Counter[str]:
        """Standing scans "in" by the name of whom they brought in."""
        names = select(Delegate.full_name).join(Scan, Scan.delegate_id == Delegate.id)
        return Counter(self._read(names.where(Scan.kind == "in", Scan.voided_at.is_(None))))

    def scans_of(self, name: str) -> list[tuple[str, str, str | None, bool]]:
        """Every scan of a person: kind, method, reason, whether it was taken back."""
        with self._reading():
            columns = select(Scan.kind, Scan.method, Scan.reason, Scan.voided_at)
            rows = session().execute(
                columns.join(Delegate, Scan.delegate_id == Delegate.id)
                .where(Delegate.full_name == name)
                .order_by(Scan.id)
            )
            return [(str(kind), str(method), reason, voided is not None) for kind, method, reason, voided in rows]

    def pairing_link(self, point: str | None = None) -> str:
        """The address that another phone opens."""
        with self._reading():
            event = session().scalars(select(Event).where(Event.key == KEY)).one()
            here = next((one for one in event.points if one.name == point), None)
            code = devices.pairing_code(event, World.load().organizer, here)
        return f"{self.server.url}/door/#pair={code}"

    def revoke(self, name: str) -> None:
        """Revoke a device by its name."""
        with self.app.app_context():
            with transaction():
                device = session().scalars(select(DoorDevice).where(DoorDevice.name == name)).one()
                devices.revoke(device, World.load().organizer)
            session().close()

    def enrol(self, name: str) -> str:
        """Put someone on the list while the doors are open; their ticket."""
        with self.app.app_context():
            with transaction():
                event = session().scalars(select(Event).where(Event.key == KEY)).one()
                candidate = Candidate(name, World.load().units["lam-khe"])
                ticket = registration.register(event, candidate, None).ticket
            session().close()
        return ticket

    def _read(self, statement: Select[Any]) -> list[Any]:
        with self._reading():
            return list(session().scalars(statement))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self.app.app_context():
            try:
                yield
            finally:
                session().close()


class DoorKeeper(Visitor):
    """Someone with a phone on which the app is open."""

    @classmethod
    def paired(
        cls, browser: Browser, served: Served, name: str, point: str | None = None, *, dark: bool = False
    ) -> "DoorKeeper":
        """A phone without an account, paired and ready."""
        window = cls(
            browser, served.server.url, SCREENSHOTS, role=None, language="vi", width=360, dark=dark, worker=True
        )
        window.open(served.pairing_link(point))
        window.page.fill("#pair-name", name)
        window.page.click("#pair-form .btn-primary")
        window.ready()
        return window

    def new_page(self) -> Page:
        """Another tab, that remembers what its plate has shown."""
        page = super().new_page()
        page.add_init_script(_REMEMBERS)
        return page

    def ready(self) -> None:
        """Wait until the list is there and the app would start without a network."""
        expect(self.page.locator("#counts [data-total]")).not_to_have_text("0/0")
        expect(self.page.locator("#app[data-kept]")).to_be_attached(timeout=30_000)

    def choose(self, words: str) -> None:
        """Type a name and press the first match."""
        self.page.fill("#entry", words)
        self._forgets()
        self.page.locator("#matches button").first.click()

    def wedge(self, code: str) -> None:
        """A scanner that is a keyboard types a code and Enter."""
        self._forgets()
        keys = self._context.new_cdp_session(self.page)
        start = datetime.now(UTC).timestamp()
        for place, letter in enumerate(code):
            key = {"key": letter, "timestamp": start + place * _BETWEEN_KEYS}
            keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": letter, **key})
            keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        enter: dict[str, Any] = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        enter["timestamp"] = start + len(code) * _BETWEEN_KEYS
        keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "\r", **enter})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
        keys.detach()

    def sees(self, look: str, word: str = "", who: str = "") -> None:
        """Wait until the plate shows an answer, or has shown it since the last act and the last answer seen."""
        self.page.wait_for_function(_SHOWN, arg=[f"answer-plate ans-{look}", word, who], timeout=15_000)

    def looks(self) -> str:
        """What the plate looks like now."""
        return (self.page.locator("#plate").get_attribute("class") or "").rpartition("ans-")[2]

    def sends_all(self) -> None:
        """Ask for an exchange, as a network that comes back does, and wait until nothing waits."""
        self.page.evaluate("dispatchEvent(new Event('online'))")
        expect(self.page.locator("#pending")).to_be_hidden()

    def _forgets(self) -> None:
        self.page.evaluate("window.answers = []")

    def opens(self, dialog: str) -> None:
        """Open one of the sheets of "Việc khác"."""
        self.page.click("#menu-open")
        self.page.click(f"[data-opens={dialog}]")


@contextmanager
def conference(folder: Path) -> Iterator[Served]:
    """The conference of today, served as in production."""
    with deployment(folder) as made:
        app = create_app(Settings.from_environment(made.environment))
        with app.app_context():
            with transaction():
                build_world()
                tickets = _enrol(World.load())
            session().close()
        made.start()
        try:
            yield Served(made, app, tickets)
        finally:
            with app.app_context():
                db.engine.dispose()


def _enrol(world: World) -> dict[str, str]:
    world.organizer.password_hash = passwords.hashed(PASSWORD)
    event = Event(
        key=KEY,
        unit=world.units["lam-khe"],
        kind=EventKind.HYBRID,
        title="Hội nghị tập huấn Lam Khê",
        title_en="Lam Khê training conference",
        place="Hội trường tỉnh",
        starts_on=clock.today(),
        ends_on=clock.today(),
        published_at=clock.now(),
    )
    event.points = [Point(position=1, name="Nậm Khoang"), Point(position=2, name="Bình Sa")]
    event.sessions = [
        HalfDay(on=clock.today(), half=Half.MORNING, starts_at=time(7, 30), ends_at=time(11, 30)),
        HalfDay(on=clock.today(), half=Half.AFTERNOON, starts_at=time(13, 30), ends_at=time(17)),
    ]
    session().add(event)
    session().flush()

    def put(name: str, unit: str, point: Point | None = None) -> Delegate:
        return registration.register(event, Candidate(name, world.units[unit], point=point), None)

    listed = [put(name, unit) for name, unit in (*NAMED, *((name, "lam-khe") for name in FORTY))]
    remote, gone = put(REMOTE, "nam-khoang", event.points[1]), put(GONE, "lam-khe")
    registration.substitute(gone, Candidate(SUBSTITUTE, world.units["lam-khe"]), world.organizer, "Đi công tác")
    return {one.full_name: one.ticket for one in (*listed, remote, gone)}


def film(tickets: list[str]) -> bytes:
    """A video (YUV4MPEG2) of badges held before the camera one after the other, a frame each; it begins anew."""
    width, height = 640, 480
    colourless = bytes([128]) * (width * height // 2)
    frames = [f"YUV4MPEG2 W{width} H{height} {PACE} Ip A1:1 C420jpeg\n".encode()]
    for ticket in tickets:
        drawn = io.BytesIO()
        segno.make_qr(ticket, version=1, error="m").save(drawn, kind="png", scale=8, border=4)
        frame = Image.new("L", (width, height), 136)
        frame.paste(Image.open(drawn).convert("L"), (200, 120))
        frames.append(b"FRAME\n" + frame.tobytes() + colourless)
    return b"".join(frames)
