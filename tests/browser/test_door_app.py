"""The check-in app in a real browser: without a network, with tabs that die, with several devices, and how it looks."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, expect

from lms.core.text import fold
from tests.browser.conftest import SCREENSHOTS
from tests.browser.door_event import (
    DEVICES,
    FORTY,
    GONE,
    KEY,
    NAMED,
    REMOTE,
    SUBSTITUTE,
    DoorKeeper,
    Served,
    conference,
    film,
)
from tests.browser.provision import find

pytestmark = pytest.mark.browser

DUC, HUONG, KHANH, PHAM, CHU, QUY, ANH, PIN, PHAY, HOANG = (name for name, _unit in NAMED)
HELD = """new Promise(done => {
  const asked = indexedDB.open("door");
  asked.onsuccess = () => {
    const all = asked.result.transaction(["state", "queue"]);
    const [keys, waiting] = [all.objectStore("state").getAllKeys(), all.objectStore("queue").count()];
    all.oncomplete = () => { asked.result.close(); done([keys.result, waiting.result]); };
  };
})"""
"""What the browser holds: the names of what is kept, and how many lines wait."""
UNCOVERED = """selector => {
  const one = document.querySelector(selector), { left, right, top, bottom } = one.getBoundingClientRect();
  const corners = [[left + 1, top + 1], [right - 1, top + 1], [left + 1, bottom - 1], [right - 1, bottom - 1]];
  return corners.every(([x, y]) => document.elementFromPoint(x, y) === one);
}"""
"""Whether nothing lies over an element and none of it is off the screen."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A conference of today."""
    with conference(tmp_path_factory.mktemp("door-app")) as made:
        yield made


@pytest.fixture
def door(served: Served, chromium: Browser) -> Iterator[Callable[..., DoorKeeper]]:
    """`door("Bàn 2")`: a phone of its own with the app open."""
    opened: list[DoorKeeper] = []

    def pair(name: str, point: str | None = None, *, dark: bool = False) -> DoorKeeper:
        opened.append(DoorKeeper.paired(chromium, served, name, point, dark=dark))
        return opened[-1]

    yield pair
    for one in opened:
        one.close()


def test_forty_badges_without_a_network_and_two_tabs_that_die(
    served: Served, chromium: Browser, tmp_path: Path
) -> None:
    video = tmp_path / "badges.y4m"
    video.write_bytes(film([served.tickets[name] for name in FORTY]))
    arguments = [
        *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-fake-ui-for-media-stream"),
        *("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}"),
    ]
    browser = chromium.browser_type.launch(executable_path=find(), args=arguments)
    keeper = DoorKeeper(
        browser, served.server.url, SCREENSHOTS, role="organizer", language="vi", width=360, worker=True
    )
    keeper.page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    keeper.open(DEVICES)
    keeper.page.fill("#open-name", "Cửa chính")
    keeper.page.click("#open-form .btn-primary")
    keeper.ready()
    keeper.page.close()
    served.server.kill()
    keeper.offline(True)

    def scans_until(present: str) -> None:
        """A new tab, started from what the browser kept; the camera sees the badges from the first one again."""
        page = keeper.new_page()
        try:
            page.goto(f"{served.server.url}/door/", timeout=3_000)
        except Error:  # the browser has not noticed yet that the service worker died with the tab
            page.goto(f"{served.server.url}/door/")
        expect(page.locator("#counts [data-total]")).to_have_text(re.compile(rf"^{present}/"), timeout=60_000)

    try:
        scans_until("([6-9]|..)")
        keeper.picture("door-app-camera")
        keeper.crash()
        scans_until("(1[4-9]|[234].)")
        keeper.page.close()
        scans_until("40")
        expect(keeper.page.locator("#pending")).to_have_text("Ngoại tuyến, 40 lượt giữ trên máy")
        assert served.came() == {}
    finally:
        served.server.start()
    keeper.offline(False)
    keeper.sends_all()
    assert served.came() == dict.fromkeys(FORTY, 1), "none lost, none twice"
    assert [served.scans_of(name) for name in FORTY] == [[("in", "qr", None, False)]] * 40
    keeper.close()
    browser.close()


def test_five_plates_and_letting_in_by_exception(served: Served, door: Callable[..., DoorKeeper]) -> None:
    keeper = door("Bàn Nậm Khoang", "Nậm Khoang")
    keeper.page.fill("#entry", "duc dang")
    expect(keeper.page.locator("#matches button")).to_have_count(1)
    keeper.picture("door-app-found")
    keeper.page.locator("#matches button").click()
    keeper.sees("in", "Mời vào", DUC)
    keeper.picture("door-app-welcome")
    keeper.sees("ready", "Sẵn sàng")
    keeper.wedge(served.tickets[DUC].lower())
    keeper.sees("again", who=DUC)
    expect(keeper.page.locator("#plate .word")).to_contain_text("Đã vào lúc")
    keeper.picture("door-app-already")
    keeper.wedge("2222-2222")
    keeper.sees("none", "Không có trong danh sách", "Mã 2222-2222")
    keeper.picture("door-app-not-listed")
    keeper.wedge(served.tickets[GONE])
    keeper.sees("cancelled", "Đăng ký đã hủy", GONE)
    expect(keeper.page.locator("#plate .detail")).to_have_text(f"Thay bằng {SUBSTITUTE}")
    keeper.picture("door-app-cancelled")
    keeper.wedge(served.tickets[REMOTE])
    keeper.sees("other", "Vé của điểm cầu Bình Sa", served.tickets[REMOTE])
    keeper.picture("door-app-other")
    assert keeper.check() == []
    keeper.page.click("#exception-form .btn-primary")
    expect(keeper.page.locator("#exception-error")).to_have_text("Chưa ghi lý do.")
    keeper.page.fill("#exception-reason", "Đổi điểm vì mưa lũ")
    keeper.page.click("#exception-form .btn-primary")
    keeper.sees("in", "Mời vào")
    keeper.sends_all()
    assert served.scans_of(REMOTE) == [("in", "qr", "Đổi điểm vì mưa lũ", False)]
    assert served.scans_of(DUC) == [("in", "manual", None, False)]


def test_a_scanner_that_types_is_heard_wherever_the_focus_is(served: Served, door: Callable[..., DoorKeeper]) -> None:
    keeper = door("Bàn 2")
    keeper.page.click("#kind-out")
    keeper.page.evaluate("document.activeElement.blur()")
    keeper.wedge(served.tickets[HUONG])
    keeper.sees("again", "Đã ghi lượt ra", HUONG)
    expect(keeper.page.locator("#plate .detail")).to_have_text("Chưa ghi lượt vào ở buổi này")
    keeper.page.click("#undo")
    keeper.page.click("#kind-in")
    keeper.page.focus("#entry")
    keeper.wedge(served.tickets[HUONG])
    keeper.sees("in", who=HUONG)
    expect(keeper.page.locator("#entry")).to_have_value("")
    keeper.page.focus("#menu-open")
    keeper.wedge(served.tickets[HUONG])
    keeper.sees("again", who=HUONG)
    keeper.page.click("#kind-out")
    keeper.page.evaluate("document.activeElement.blur()")
    keeper.wedge(served.tickets[HUONG])
    keeper.sees("in", "Đã ghi lượt ra", HUONG)
    keeper.page.click("#kind-in")
    keeper.wedge(served.tickets[HUONG])
    keeper.sees("in", "Mời vào", HUONG)
    keeper.sends_all()
    assert [(kind, undone) for kind, *_rest, undone in served.scans_of(HUONG)] == [
        ("out", True),
        ("in", False),
        ("out", False),
        ("in", False),
    ]
    keeper.sees("ready")
    assert keeper.check() == []


def test_someone_put_on_the_list_a_moment_ago(served: Served, door: Callable[..., DoorKeeper]) -> None:
    keeper = door("Bàn thư ký")
    ticket = served.enrol("Chảo Vừa Ghi")
    keeper.wedge(ticket)
    keeper.sees("none", who=f"Mã {ticket}")
    expect(keeper.page.locator("#plate .who")).to_have_text("Chảo Vừa Ghi", timeout=15_000)
    keeper.sends_all()
    assert served.scans_of("Chảo Vừa Ghi") == [("in", "qr", None, False)]


def test_a_plate_stays_for_someone_who_types_and_goes_when_they_search_again(
    served: Served, door: Callable[..., DoorKeeper]
) -> None:
    badge = served.enrol("Lò Thị Nhanh")
    for name in ("Tẩn Láo Từ Từ", "Tẩn Láo Thong Thả"):
        served.enrol(name)
    keeper = door("Bàn gõ tên")
    keeper.page.clock.install()
    keeper.page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=30))
    keeper.wedge(badge)
    keeper.sees("in", who="Lò Thị Nhanh")
    keeper.page.clock.run_for(1_300)
    assert keeper.looks() == "ready", "a badge: the next one is at hand"
    keeper.choose("tan lao tu tu")
    keeper.sees("in", who="Tẩn Láo Từ Từ")
    keeper.page.clock.run_for(3_900)
    assert keeper.looks() == "in"
    keeper.page.clock.run_for(200)
    assert keeper.looks() == "ready"
    keeper.choose("thong tha")
    keeper.sees("in", who="Tẩn Láo Thong Thả")
    keeper.page.fill("#entry", "ng")
    keeper.sees("ready", "Sẵn sàng")
    expect(keeper.page.locator("#matches button").first).to_be_visible()


def test_who_came_and_who_is_inside_are_two_numbers(served: Served, door: Callable[..., DoorKeeper]) -> None:
    keeper = door("Cửa ra vào", "Nậm Khoang")
    total, inside = keeper.page.locator("#counts [data-total]"), keeper.page.locator("#counts [data-inside]")
    expect(inside).to_be_hidden()
    before = int(total.inner_text().partition("/")[0])
    came = [served.enrol(name) for name in ("Giàng Thị Vào", "Lầu A Ra", "Thào Mí Quên")]
    keeper.sends_all()
    for ticket in came[:2]:
        keeper.wedge(ticket)
        keeper.sees("in", "Mời vào")
    expect(total).to_have_text(re.compile(f"^{before + 2}/"))
    keeper.page.click("#kind-out")
    keeper.page.evaluate("document.activeElement.blur()")
    keeper.wedge(came[1])
    keeper.sees("in", "Đã ghi lượt ra")
    keeper.wedge(came[2])  # nobody saw them come in
    keeper.sees("again", "Đã ghi lượt ra")
    expect(total).to_have_text(re.compile(f"^{before + 2}/"))
    expect(inside).to_have_text(f"Trong hội trường {before + 1}")
    keeper.page.click("#counts summary")
    expect(keeper.page.get_by_role("columnheader", name="Đang trong hội trường")).to_be_visible()
    assert keeper.check() == []
    keeper.picture("door-app-inside")
    keeper.page.click("#counts summary")
    keeper.page.click("#kind-in")
    keeper.page.evaluate("document.activeElement.blur()")
    keeper.wedge(came[1])
    keeper.sees("in", "Mời vào")
    expect(inside).to_be_hidden()
    expect(total).to_have_text(re.compile(f"^{before + 2}/"))


def test_a_search_says_how_many_and_a_second_tap_leaves_the_answer(
    served: Served, door: Callable[..., DoorKeeper]
) -> None:
    keeper = door("Bàn tìm tên")
    keeper.page.set_viewport_size({"width": 360, "height": 740})
    keeper.page.fill("#entry", "nguoi thu")
    expect(keeper.page.locator("#matches button")).to_have_count(8)
    expect(keeper.page.locator("#matches p")).to_contain_text("8 trên 40 người. Gõ thêm")
    keeper.page.fill("#entry", "x" * 500)
    expect(keeper.page.locator("#matches p")).to_have_text(f"Không thấy ai tên “{'x' * 40}…” trong danh sách.")
    keeper.page.click("#menu-open")
    keeper.page.select_option("#session", index=0)
    keeper.page.click("#menu [data-close]")
    keeper.offline(True)
    keeper.page.fill("#entry", GONE)
    keeper.page.locator("#matches button").first.click()
    keeper.sees("cancelled", who=GONE)
    keeper.page.evaluate("document.getElementById('plate').click()")
    assert keeper.looks() == "cancelled", "the second of two taps on the name"
    keeper.page.fill("#entry", "")
    keeper.wedge("2222-2222")
    keeper.sees("none")
    expect(keeper.page.locator("#pending")).to_be_visible()
    keeper.picture("door-app-refused-small")
    assert keeper.page.evaluate(UNCOVERED, "#plate .detail"), "where to go next is on the screen"


def test_undo_without_a_network(served: Served, door: Callable[..., DoorKeeper]) -> None:
    keeper = door("Bàn 3")
    keeper.offline(True)
    keeper.choose("khanh")
    keeper.sees("in", who=KHANH)
    before = keeper.page.locator("#counts [data-total]")
    expect(keeper.page.locator("#undo-name")).to_have_text(KHANH)
    keeper.page.click("#undo")
    expect(keeper.page.locator("#plate .word")).to_have_text("Đã hoàn tác")
    expect(keeper.page.locator("#undo")).to_be_hidden()
    expect(before).to_contain_text("/")
    expect(keeper.page.locator("#pending")).to_have_text("Ngoại tuyến, 2 lượt giữ trên máy")
    keeper.picture("door-app-offline")
    keeper.offline(False)
    keeper.sends_all()
    assert served.scans_of(KHANH) == [("in", "manual", None, True)]
    keeper.choose("khanh")
    keeper.sees("in", "Mời vào", KHANH)
    keeper.sends_all()
    assert [undone for *_rest, undone in served.scans_of(KHANH)] == [True, False]


def test_two_doors_tell_each_other(served: Served, door: Callable[..., DoorKeeper]) -> None:
    first, second = door("Cửa Đông"), door("Cửa Tây")
    first.wedge(served.tickets[PHAM])
    first.sees("in", who=PHAM)
    first.sends_all()
    second.sends_all()
    expect(second.page.locator("#counts [data-total]")).to_have_text(
        first.page.locator("#counts [data-total]").inner_text()
    )
    second.wedge(served.tickets[PHAM])
    second.sees("again", who=PHAM)
    second.offline(True)
    first.wedge(served.tickets[CHU])
    first.sees("in", who=CHU)
    first.sends_all()
    second.wedge(served.tickets[CHU])
    second.sees("in", "Mời vào", CHU)
    second.offline(False)
    second.sends_all()
    second.sees("again", who=CHU)
    expect(second.page.locator("#plate .word")).to_contain_text("Đã vào ở Cửa Đông lúc")
    assert served.came()[PHAM] == 1
    assert served.came()[CHU] == 2, "both scans are kept; the person is present once"


def test_someone_who_walked_in(served: Served, door: Callable[..., DoorKeeper]) -> None:
    keeper = door("Bàn hỗ trợ")
    keeper.page.click("#kind-out")  # left from before: whoever is put on the list comes in all the same
    keeper.offline(True)
    keeper.opens("walk-in")
    keeper.picture("door-app-walk-in")
    keeper.page.click("#walk-in-form .btn-primary")
    expect(keeper.page.locator("#walk-in-name-error")).to_have_text("Chưa ghi họ và tên.")
    expect(keeper.page.locator("#walk-in-unit-error")).to_have_text("Chưa chọn đơn vị.")
    keeper.page.fill("#walk-in-name", QUY.lower())
    keeper.page.select_option("#walk-in-unit", label="Nậm Khoang")
    keeper.page.click("#walk-in-form .btn-primary")
    expect(keeper.page.locator("#walk-in-known button")).to_contain_text(QUY)
    keeper.faults.clear()
    assert keeper.check() == []
    keeper.page.fill("#walk-in-name", "Mùa Thị Mới")
    keeper.page.fill("#walk-in-post", "Bí thư Đoàn xã")
    keeper.page.click("#walk-in-form .btn-primary")
    keeper.sees("in", "Mời vào", "Mùa Thị Mới")
    expect(keeper.page.locator("#kind-out")).to_have_attribute("aria-pressed", "true")
    ticket = keeper.page.locator("#plate .detail").inner_text().removeprefix("Mã thẻ ")
    keeper.page.reload()
    keeper.ready()
    keeper.page.click("#kind-in")
    keeper.page.evaluate("document.activeElement.blur()")
    keeper.wedge(ticket)
    keeper.sees("again", who="Mùa Thị Mới")
    keeper.offline(False)
    keeper.sends_all()
    assert served.scans_of("Mùa Thị Mới") == [("in", "manual", None, False)]


def test_an_unattended_device(served: Served, door: Callable[..., DoorKeeper]) -> None:
    keeper = door("Bàn tự phục vụ")
    keeper.page.click("#menu-open")
    keeper.page.select_option("#session", index=0)
    keeper.page.click("[data-opens=kiosk]")
    keeper.page.fill("#kiosk-code", "12")
    keeper.page.click("#kiosk-form .btn-primary")
    expect(keeper.page.locator("#kiosk-code-error")).to_have_text("Cần đúng 4 chữ số.")
    keeper.page.fill("#kiosk-code", "2468")
    keeper.page.click("#kiosk-form .btn-primary")
    expect(keeper.page.locator("#kiosk-code-error")).to_contain_text("chưa dùng được máy quay")  # it has none
    keeper.page.click("#kiosk-form .btn-primary")
    expect(keeper.page.locator("#plate .word")).to_have_text(
        "Chưa dùng được máy quay. Dùng máy quét, hoặc đến bàn hỗ trợ."
    )
    expect(keeper.page.locator("#plate .detail")).to_have_text("Đưa mã trên thẻ vào máy quét")
    expect(keeper.page.locator("#entry-form")).to_be_hidden()
    keeper.page.reload()
    keeper.ready()
    expect(keeper.page.locator("#kiosk-leave")).to_be_visible()
    expect(keeper.page.locator("#entry-form")).to_be_hidden()
    keeper.wedge(served.tickets[ANH])
    keeper.sees("in", "Mời vào", ANH)
    keeper.picture("door-app-kiosk")
    keeper.page.click("#kiosk-leave")
    keeper.page.fill("#leave-code", "1111")
    keeper.page.click("#leave-form .btn-primary")
    expect(keeper.page.locator("#leave-code-error")).to_contain_text("Mã chưa đúng")
    keeper.page.fill("#leave-code", "2468")
    keeper.page.click("#leave-form .btn-primary")
    expect(keeper.page.locator("#entry-form")).to_be_visible()
    keeper.sends_all()
    assert served.scans_of(ANH) == [("in", "kiosk", None, False)]


def test_rows_of_a_signed_sheet(served: Served, door: Callable[..., DoorKeeper]) -> None:
    keeper = door("Bàn giấy")
    keeper.page.click("#menu-open")
    keeper.page.select_option("#session", index=0)
    keeper.page.check("#method-sheet")
    keeper.page.click("#menu [data-close]")
    keeper.sees("ready", "Quét mã trên danh sách ký")
    keeper.wedge(served.tickets[PIN])
    keeper.sees("in", "Đã ghi có mặt", PIN)
    keeper.sends_all()
    assert served.scans_of(PIN) == [("in", "sheet", None, False)]


def test_a_revoked_device_wipes_its_list_and_keeps_what_it_scanned(
    served: Served, door: Callable[..., DoorKeeper], tmp_path: Path
) -> None:
    keeper = door("Máy thất lạc")
    keeper.offline(True)
    keeper.wedge(served.tickets[PHAY])
    keeper.sees("in", who=PHAY)
    served.revoke("Máy thất lạc")
    keeper.offline(False)
    keeper.page.evaluate("dispatchEvent(new Event('online'))")
    expect(keeper.page.locator("#gone-title")).to_have_text("Máy này đã bị thu hồi")
    expect(keeper.page.locator("#gone-lines")).to_contain_text("1 lượt chưa gửi vẫn giữ trên máy")
    keeper.picture("door-app-revoked")
    keys, waiting = keeper.page.evaluate(HELD)
    assert (sorted(keys), waiting) == (["device", "lines-key"], 1)
    with keeper.page.expect_download() as download:
        keeper.page.click("#gone-save")
    handed_over = tmp_path / "luot.ndjson"
    download.value.save_as(handed_over)
    assert PHAY not in handed_over.read_text(encoding="utf-8"), "a line names nobody"
    answer = json.loads(served.server.command("attendance", "sync", KEY, str(handed_over), "--json"))
    assert (answer["stored"], answer["refused"]) == (1, 0)
    assert served.scans_of(PHAY) == [("in", "qr", None, False)]
    keeper.page.click("#gone-clear")
    expect(keeper.page.locator("#paste")).to_be_visible()
    keeper.page.fill("#paste", "không phải liên kết")
    keeper.page.click("#paste-form .btn-primary")
    expect(keeper.page.locator("#pair-refused")).to_contain_text("Mã ghép máy không đúng")
    keeper.faults.clear()
    assert keeper.check() == []


def test_the_list_goes_once_the_event_has_closed_also_without_a_network(
    served: Served, door: Callable[..., DoorKeeper]
) -> None:
    keeper = door("Máy để quên")
    keeper.page.close()
    keeper.offline(True)
    page = keeper.new_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(days=4))
    page.goto(f"{served.server.url}/door/")
    expect(page.locator("#gone-title")).to_have_text("Sự kiện đã khép lại")
    expect(page.locator("#gone-lines")).to_have_text("Mọi lượt quét đã gửi xong.")
    keys, waiting = page.evaluate(HELD)
    assert (sorted(keys), waiting) == (["device", "lines-key"], 0)


def test_pairing_another_phone_and_closing_it(
    served: Served, chromium: Browser, door: Callable[..., DoorKeeper]
) -> None:
    organizer = DoorKeeper(
        chromium, served.server.url, SCREENSHOTS, role="organizer", language="vi", width=360, worker=True
    )
    organizer.open(DEVICES)
    organizer.page.select_option("#pairing_point", label="Nậm Khoang")
    organizer.page.get_by_role("button", name="Hiện mã ghép máy").click()
    expect(organizer.page.locator("img.qr-sheet")).to_be_visible()
    assert organizer.page.evaluate(UNCOVERED, "img.qr-sheet"), "all of the code can be seen as the page opens"
    organizer.page.wait_for_function("document.querySelector('img.qr-sheet').naturalWidth > 0")
    organizer.picture("door-app-pairing")
    organizer.page.get_by_role("button", name="Chép liên kết").click()
    expect(organizer.page.locator("#link-copied")).to_have_text(re.compile("^(Đã chép liên kết|Trình duyệt không)"))
    assert organizer.check() == []
    link = organizer.page.locator("#link").input_value()
    phone = DoorKeeper(chromium, served.server.url, SCREENSHOTS, role=None, language="vi", width=360, worker=True)
    phone.open(f"{link[:-4]}xxxx")
    expect(phone.page.locator("#pair-refused")).to_contain_text("Mã ghép máy không đúng")
    expect(phone.page.locator("#pair-name")).to_be_hidden()
    phone.page.evaluate("location.hash = 'pair=%C3%'")  # cut short: the browser alone sees it
    expect(phone.page.locator("#pair-refused")).to_contain_text("Mã ghép máy không đúng")
    phone.page.evaluate("link => location.assign(link)", link)  # a fresh one, in the same tab
    phone.page.click("#pair-form .btn-primary")
    expect(phone.page.locator("#pair-name-error")).to_contain_text("Chưa đặt tên máy")
    assert "#" not in phone.page.url, "the code does not stay in the address"
    phone.page.fill("#pair-name", "Điện thoại của Pín")
    phone.page.evaluate("for (const _ of [1, 2]) document.getElementById('pair-form').requestSubmit()")
    phone.ready()
    expect(phone.page.locator("#place")).to_contain_text("Nậm Khoang")
    phone.offline(True)
    phone.choose("hoang y")
    phone.sees("in", who=HOANG)
    phone.opens("device")
    phone.page.click("#device-close")
    expect(phone.page.locator("#device-error")).to_contain_text("Còn 1 lượt chưa gửi được")
    phone.offline(False)
    phone.sends_all()
    expect(phone.page.locator("#sent")).to_have_text("Đã gửi hết 1 lượt")
    phone.page.click("#device-close")
    expect(phone.page.locator("#paste")).to_be_visible()
    assert phone.page.evaluate(HELD) == [[], 0]
    assert served.scans_of(HOANG) == [("in", "manual", None, False)]
    organizer.open(DEVICES)
    closed = organizer.page.get_by_role("row").filter(has_text="Điện thoại của Pín")
    expect(closed).to_have_count(1)  # however often it was tapped
    expect(closed).to_contain_text("Đã đóng")
    for one in (organizer, phone):
        one.close()


def test_closing_with_lines_that_are_only_in_a_file_says_so(
    served: Served, door: Callable[..., DoorKeeper], tmp_path: Path
) -> None:
    served.enrol("Vù Chỉ Trong Tệp")
    keeper = door("Máy mất mạng")
    keeper.sends_all()
    keeper.offline(True)
    keeper.choose("trong tep")
    keeper.sees("in", who="Vù Chỉ Trong Tệp")
    keeper.opens("device")
    with keeper.page.expect_download() as download:
        keeper.page.click("#device-save")
    download.value.save_as(tmp_path / "luot.ndjson")
    keeper.page.click("#device-close")
    told = f"1 lượt chỉ còn trong tệp {download.value.suggested_filename}. Hãy nộp tệp ở Điểm danh → Nộp tệp."
    expect(keeper.page.locator("#closing-words")).to_have_text(told)
    expect(keeper.page.locator("#closing-silent")).to_be_visible()
    keeper.faults.clear()
    assert keeper.check() == []
    keeper.picture("door-app-closing")
    assert keeper.page.evaluate(HELD)[1] == 1, "nothing is wiped before it is confirmed"
    keeper.page.get_by_role("button", name="Đóng máy, lượt chưa gửi ở trong tệp").click()
    expect(keeper.page.locator("#closed-note")).to_contain_text(told)
    assert keeper.page.evaluate(HELD) == [[], 0]
    keeper.offline(False)
    answer = json.loads(served.server.command("attendance", "sync", KEY, str(tmp_path / "luot.ndjson"), "--json"))
    assert (answer["stored"], answer["refused"]) == (1, 0)


def test_one_window_keeps_the_door(door: Callable[..., DoorKeeper]) -> None:
    keeper = door("Bàn 4")
    first, second = keeper.page, keeper.new_page()
    second.goto(first.url)
    expect(second.get_by_role("heading", name="Đang mở ở cửa sổ khác")).to_be_visible()
    assert keeper.check() == []
    second.click("#steal")
    expect(second.locator("#entry-form")).to_be_visible()
    expect(first.get_by_role("heading", name="Đang mở ở cửa sổ khác")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_the_screens_are_without_fault(door: Callable[..., DoorKeeper], dark: bool) -> None:
    keeper = door("Máy sáng" if not dark else "Máy tối", dark=dark)
    name = "dark" if dark else "light"
    faults = {"ready": keeper.check()}
    keeper.picture(f"door-app-ready-{name}")
    for dialog in ("walk-in", "kiosk", "device"):
        keeper.page.click("#menu-open")
        faults["menu"] = keeper.check()
        keeper.page.click(f"[data-opens={dialog}]")
        faults[dialog] = keeper.check()
        keeper.picture(f"door-app-{dialog}-{name}")
        keeper.page.click(f"#{dialog} [data-close]")
    keeper.page.click("#counts summary")
    faults["counts"] = keeper.check()
    keeper.page.click("#counts summary")
    keeper.offline(True)
    keeper.wedge("2222-2222")
    keeper.sees("none")
    expect(keeper.page.locator("#pending")).to_be_visible()
    keeper.faults.clear()
    faults["offline"] = keeper.check()
    assert {place: found for place, found in faults.items() if found} == {}


def test_the_app_folds_and_reads_as_the_server_does(served: Served, door: Callable[..., DoorKeeper]) -> None:
    keeper = door("Máy thử")
    address = keeper.page.evaluate(
        "[...document.querySelectorAll('script[src]')].map(one => one.src).find(src => src.endsWith('door-app.js'))"
    ).replace("door-app", "door-verdicts")
    texts = [*served.tickets, "ĐẶNG  Văn\tĐức", "Ỷ Ễ Ợ ữ", "Thie\u0323\u0302u", "Ma Rốc  ", "Nguyễn-Lê O'Hà"]
    folded = keeper.page.evaluate(
        "async ([address, texts]) => { const { fold } = await import(address); return texts.map(fold); }",
        [address, texts],
    )
    assert folded == [fold(text) for text in texts]
