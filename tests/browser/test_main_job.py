"""The main job in a real browser: from a plan to a certificate that a stranger verifies."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from lms.core import clock
from tests.browser.visitor import Visitor
from tests.registration.sheets import delegates
from tests.servers import Deployment

pytestmark = pytest.mark.browser

TITLE = "Hội nghị tập huấn phát ngôn thử nghiệm"
UNIT = "Tỉnh Lam Khê (hư cấu)"
QUIZ_LESSON = "/courses/khung-chinh-sach"
NEW_PASSWORD = "mot mat khau moi"


def press(window: Visitor, words: str) -> None:
    """Press the button with these words."""
    window.page.get_by_role("button", name=words, exact=True).click()
    window.page.wait_for_load_state()


def organize(window: Visitor, day: str) -> str:
    """Create and publish a plan and an event of one morning; its address."""
    page = window.page
    window.open("/plans/new")
    for name, value in {
        "number": "12/KH-TN", "title": "Kế hoạch thử nghiệm", "issued_on": day, "starts_on": day, "ends_on": day,
        "groups-0-title": "Chất lượng đội ngũ", "figures-0-name": "Người được tập huấn", "figures-0-target": "3",
    }.items():  # fmt: skip
        page.fill(f"[name='{name}']", value)
    press(window, "Lưu kế hoạch")
    window.open("/events/new")
    page.fill("[name=title]", TITLE)
    page.check("[name=kind][value=conference]")
    for name, value in {"starts_on": day, "ends_on": day, "place": "Hội trường Lam Khê"}.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=last]", "sang")
    press(window, "Tạo bản nháp")
    assert "Bản nháp" in page.inner_text("main")
    press(window, "Công bố sự kiện")
    return page.url.removeprefix(window.url).removesuffix("/management")


def import_people(window: Visitor, event: str, folder: Path) -> None:
    """A sheet with one row to mend on the page."""
    file = folder / "danh sách.xlsx"
    file.write_bytes(
        delegates(
            ("Vàng A Thử", UNIT, "Chuyên viên", "912345678", "thu.vang@example.vn", ""),
            ("Lý Thị Nghiệm", "Đơn vị không có", "Chuyên viên", "0987654321", "", ""),
        )
    )
    page = window.page
    window.open(f"{event}/imports")
    page.set_input_files("[name=file]", file)
    press(window, "Đọc tệp")
    assert "Đơn vị không có" in page.content(), "the wrong row waits to be mended"
    page.locator("main form input[value='Đơn vị không có']").fill(UNIT)
    page.locator("main form:has(input[name*='unit']) button.btn-primary").first.click()
    page.wait_for_load_state()
    press(window, "Ghi vào danh sách")
    assert "Đã nhập 2 đại biểu" in page.inner_text("main")


def check_in(window: Visitor, event: str, half_day: str) -> None:
    """Type a name without accents: welcome; again: already in."""
    page = window.page
    window.open(f"{event}/sessions/{half_day}/check-in")
    for look in ("in", "again"):
        page.fill("#entry", "vang a thu")
        page.press("#entry", "Enter")
        page.locator(".matches button").first.click()
        page.wait_for_selector(f"#plate.ans-{look}")
        assert "Vàng A Thử" in page.inner_text("#plate")
    window.picture("door")


def accept_invitation(admin: Visitor, guest: Visitor) -> None:
    """Follow the mailed link as the guest and set a password."""
    admin.open("/system")
    admin.page.get_by_role("link", name="thu.vang@example.vn").first.click()
    link = admin.page.locator(".mail-body a[href*='/password/']").first.get_attribute("href")
    assert link
    guest.open(link)
    guest.page.fill("#password", NEW_PASSWORD)
    press(guest, "Đặt mật khẩu")
    assert TITLE in guest.page.inner_text("main")


def take_self_check(window: Visitor) -> None:
    """Begin the course, go to its self-check, answer what can be chosen, see it saved, hand in."""
    page = window.page
    window.open(QUIZ_LESSON)
    press(window, "Bắt đầu học")
    page.get_by_role("button", name="Xong, sang bài tiếp theo").click()
    page.wait_for_url("**/lessons/2")
    window.open(f"{QUIZ_LESSON}/lessons/7")
    page.get_by_role("link", name="Làm bài tự kiểm").click()
    press(window, "Bắt đầu làm bài")
    for position in range(1, 6):
        shown = page.locator(f"#question-{position}")
        shown.wait_for(state="visible")
        if shown.locator("input[type=radio], input[type=checkbox]").count():
            shown.locator("label.choice").first.click()
        else:
            shown.locator("input[type=text], input:not([type])").first.fill("không rõ")
        page.wait_for_selector(".save-ok")
        shown.locator("button.btn-primary").click()
    page.wait_for_url("**/submission")
    press(window, "Nộp bài")
    assert "/result" in page.url
    window.picture("result")


def issue(window: Visitor, event: str) -> str:
    """Say what the certificates say, look again, issue; the verify address of the one issued."""
    page = window.page
    window.open(f"{event}/certificates/programme")
    for name, value in {
        "agency_name": "Trung tâm Bồi dưỡng Mẫu", "symbol": "GCN-THU", "title_en": "the Trial Conference",
        "place": "Lam Khê", "signer_post": "GIÁM ĐỐC", "signer_name": "Người Ký Mẫu",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.check("[name=specimen]")
    press(window, "Lưu nội dung giấy")
    page.get_by_role("link", name="Xem lại rồi cấp").click()
    press(window, "Cấp 1 giấy chứng nhận")
    page.wait_for_selector("text=Đã xong lúc", timeout=30_000)
    window.open(f"{event}/certificates")
    page.get_by_role("link", name="Vàng A Thử").first.click()
    address = re.search(r"/verify/[A-Z0-9-]+", page.inner_text("main"))
    assert address
    return address[0]


def test_from_the_plan_to_a_certificate_a_stranger_can_verify(
    demo: Deployment, visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    day = (clock.today() - timedelta(days=1)).isoformat()
    organizer = visitor("organizer", width=360)
    event = organize(organizer, day)
    import_people(organizer, event, tmp_path)
    organizer.open(f"{event}/invitations")
    press(organizer, "Gửi lời mời cho 1 người")
    organizer.page.wait_for_selector("text=Đã xong lúc", timeout=30_000)
    check_in(organizer, event, f"{day}-sang")
    guest = visitor(None, width=360)
    accept_invitation(visitor("admin"), guest)
    take_self_check(guest)
    address = issue(organizer, event)
    guest.open("/certificates/")
    assert "GCN-THU" in guest.page.inner_text("main")
    stranger = visitor(None, language="en", width=360)
    assert stranger.open(address) == 200
    assert "Vàng A Thử" in stranger.page.inner_text("main")
    assert "valid" in stranger.page.inner_text("main").lower()
    for window in (organizer, guest, stranger):
        assert window.check() == []
