"""A remote point closed from a phone, and the live view that follows without losing one's place, in a real browser."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Dialog, expect
from sqlalchemy import select

from lms import create_app
from lms.accounts import passwords
from lms.attendance.models import PointLeader, PointReport, ScanMethod
from lms.attendance.service import check_in
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

pytestmark = pytest.mark.browser

EVENT = "/events/hoi-nghi-hom-nay"
LONG = "/events/lop-sau-ngay"
NAMES = ("Vàng A Chứ", "Lò Thị Mẩy", "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh", "Phạm S")
WATCHED = """() => {
  window.changed = [];
  new MutationObserver((all) => {
    all.forEach((one) => one.addedNodes.forEach((node) => window.changed.push(node.id)));
  }).observe(document.getElementById("presence"), { childList: true });
}"""
"""Note the sections of the live view that are put in place."""
Served = tuple[Deployment, Flask]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A conference that lasts all of today, with a point of four people for which `trainee` answers."""
    with deployment(tmp_path_factory.mktemp("points")) as made:
        app = create_app(Settings.from_environment(made.environment))
        with app.app_context():
            with transaction():
                build_world()
                _arrange(World.load())
            session().close()
        made.start()
        yield made, app
        with app.app_context():
            db.engine.dispose()


def _arrange(world: World) -> None:
    for account in (world.organizer, world.trainee):
        account.password_hash = passwords.hashed(PASSWORD)
    today = clock.today()
    event = Event(
        key="hoi-nghi-hom-nay",
        unit=world.units["lam-khe"],
        kind=EventKind.HYBRID,
        title="Hội nghị tập huấn Lam Khê",
        title_en="Lam Khê training conference",
        place="Hội trường tỉnh",
        starts_on=today,
        ends_on=today,
        published_at=clock.now(),
    )
    event.points = [Point(position=1, name="Nậm Khoang"), Point(position=2, name="Bình Sa")]
    event.sessions = [HalfDay(on=today, half=Half.MORNING, starts_at=time(0), ends_at=time(23, 59))]
    session().add_all([event, PointLeader(point=event.points[0], account=world.trainee)])
    session().flush()
    for name in NAMES:
        registration.register(event, Candidate(name, world.units["nam-khoang"], point=event.points[0]), None)
    days = [today + timedelta(days=number) for number in range(-4, 2)]
    course = Event(
        key="lop-sau-ngay",
        unit=world.units["lam-khe"],
        kind=EventKind.CLASS,
        title="Lớp bồi dưỡng sáu ngày",
        title_en="A course of six days",
        place="Hội trường tỉnh",
        starts_on=days[0],
        ends_on=days[-1],
        published_at=clock.now(),
    )
    course.sessions = [HalfDay(on=day, half=Half.MORNING, starts_at=time(0), ends_at=time(23, 59)) for day in days]
    session().add(course)
    session().flush()
    for name in ("Sùng Seo Chơ", "Nguyễn Thị Hoàng Phương Khánh"):
        registration.register(course, Candidate(name, world.units["nam-khoang"]), None)


@pytest.fixture
def window(served: Served, chromium: Browser) -> Iterator[Callable[[str, int], Visitor]]:
    """`window("trainee", 360)`: someone's browser."""
    opened: list[Visitor] = []

    def open_window(role: str, width: int) -> Visitor:
        opened.append(Visitor(chromium, served[0].url, SCREENSHOTS, role=role, language="vi", width=width))
        return opened[-1]

    yield open_window
    for one in opened:
        one.close()


def test_the_live_view_follows_and_keeps_ones_place(served: Served, window: Callable[[str, int], Visitor]) -> None:
    organizer = window("organizer", 360)
    page = organizer.page
    organizer.open(f"{EVENT}/presence")
    big, again = page.locator("#live-totals .big dd"), page.get_by_role("link", name="Cập nhật")
    expect(big).to_have_text("0/4")
    assert organizer.check() == []
    page.locator("#live-units summary").click()
    page.locator("#live-missing").scroll_into_view_if_needed()
    again.focus()
    place = page.evaluate("scrollY")
    before = page.request.get(f"{served[0].url}{EVENT}/presence", headers={"HX-Request": "true"}).text()
    with served[1].app_context():
        with transaction():
            delegate = session().scalars(select(Delegate).where(Delegate.full_name == "Phạm S")).one()
            half_day = delegate.event.sessions[0]
            check_in(half_day, delegate, None, ScanMethod.QR)
        session().close()
    page.keyboard.press("Enter")
    expect(big).to_have_text("1/4", timeout=20_000)  # at the next look of the page, where this one was shared
    expect(page.locator("#live-units details")).to_have_attribute("open", "")
    expect(page.locator("#live-missing")).not_to_contain_text("Phạm S")
    expect(page.locator("#live-arrivals svg")).to_be_attached()
    assert page.evaluate("document.activeElement.id") == "presence-again"
    assert abs(page.evaluate("scrollY") - place) <= page.evaluate(
        "document.querySelector('#live-arrivals').offsetHeight"
    )
    assert organizer.check() == []
    organizer.picture("presence-followed")
    page.evaluate(WATCHED)
    page.route("**/presence?*", lambda route: route.fulfill(body=before, content_type="text/html"))
    with page.expect_response("**/presence?*"):
        again.click()
    page.unroute("**/presence?*")
    with page.expect_response("**/presence?*"):
        again.click()
    page.wait_for_function("() => window.changed.includes('live-moment')")
    assert 'data-told="Có mặt 0 trên 4' in before
    assert "live-totals" not in page.evaluate("window.changed"), "what another process saw before is left aside"
    page.context.set_offline(True)
    again.click()
    expect(page.locator(".lost")).to_have_text("Mất kết nối. Số liệu dưới đây là của lúc trước.")
    page.context.set_offline(False)
    again.click()
    expect(page.locator(".lost")).to_be_empty()
    organizer.faults.clear()
    page.get_by_role("button", name="Ngừng tự cập nhật").click()
    expect(page.get_by_role("button", name="Tự cập nhật lại")).to_be_visible()
    assert organizer.check() == []


def test_the_matrix_opens_at_the_half_day_that_runs(served: Served, window: Callable[[str, int], Visitor]) -> None:
    organizer = window("organizer", 360)
    organizer.open(f"{LONG}/attendance")
    places = organizer.page.evaluate(
        """() => ["thead th:first-child", "[data-now]", ".scroll"].map((one) => {
          const { left, right } = document.querySelector(one).getBoundingClientRect();
          return [left, right];
        })"""
    )
    (_, name_ends), (begins, ends), (left, right) = places
    assert name_ends - 1 <= begins, "the names do not cover it"
    assert left <= begins < ends <= right + 1
    assert name_ends - left <= 0.4 * (right - left)
    caption = organizer.page.locator(".scroll caption span").bounding_box()
    assert caption is not None
    assert 0 <= caption["x"] <= 360 - caption["width"]
    assert organizer.check() == []
    organizer.picture("matrix-now")


def test_a_point_is_confirmed_counted_and_closed_on_a_phone(
    served: Served, window: Callable[[str, int], Visitor]
) -> None:
    leader = window("trainee", 360)
    page = leader.page
    page.get_by_role("link", name="Nậm Khoang", exact=True).click()
    told = page.locator("#point-told")
    names = int(told.get_attribute("data-present") or 0)
    page.get_by_label("Vàng A Chứ").check()
    page.get_by_label("Lò Thị Mẩy").check()
    expect(told).to_have_text(f"Có mặt theo danh sách: {names + 2}. Đếm được: –. Lệch: –.")
    page.fill("#heads", str(names + 4))
    expect(told).to_contain_text("Lệch: +2.")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.evaluate("setTimeout(() => location.assign('/'))")
    page.wait_for_event("dialog")
    assert asked == ["beforeunload"]
    assert leader.check() == []
    page.get_by_role("button", name="Chốt điểm cầu").click()
    expect(page.locator(".msg-bad")).to_contain_text("Hãy ghi vì sao lệch")
    expect(page.get_by_label("Vàng A Chứ")).to_be_checked()
    assert leader.axe() == []
    leader.faults.clear()  # the console's own word about an answer of 422
    page.fill("#explanation", "Hai người dự thay chưa có tên")
    page.get_by_role("button", name="Chốt điểm cầu").click()
    expect(page.locator(".msg-warn")).to_contain_text("Lệch: +2")
    assert leader.axe() == []
    leader.faults.clear()
    page.get_by_role("button", name="Chốt với số này").click()
    expect(page.locator("main .msg-ok")).to_contain_text("Đã chốt Nậm Khoang")
    expect(page.locator("input[name=here]")).to_have_count(0)
    assert leader.check() == []
    leader.picture("point-closed")
    with served[1].app_context():
        report = session().scalars(select(PointReport)).one()
        assert (report.head_count, report.named_present) == (names + 4, names + 2)
        session().close()
    organizer = window("organizer", 1280)
    organizer.open(f"{EVENT}/points/")
    expect(organizer.page.locator("main")).to_contain_text("Hai người dự thay chưa có tên")
    assert organizer.check() == []
    organizer.picture("points")
    organizer.resize(360)
    assert organizer.check() == []
    organizer.page.get_by_role("link", name="Phụ trách điểm cầu").click()
    expect(organizer.page.locator("h1")).to_have_text("Phụ trách điểm cầu")
    assert organizer.check() == []
    organizer.picture("point-leaders")
