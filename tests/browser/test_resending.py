"""Repairs typed into an import whose session is lost meanwhile: signed in again, one button, and they are there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.visitor import Visitor
from tests.registration.sheets import delegates
from tests.servers import PASSWORD

pytestmark = pytest.mark.browser

EVENT = "/events/lam-khe-sap-toi"


@pytest.mark.parametrize("width", [1280, 360])
def test_repairs_outlive_the_session(visitor: Callable[..., Visitor], tmp_path: Path, width: int) -> None:
    window = visitor("organizer", width=width)
    page, file = window.page, tmp_path / f"danh sách {width}.xlsx"
    file.write_bytes(delegates((f"Lý Thị {'Nghiệm' if width > 400 else 'Thử'}", "Đơn vị không có")))
    window.open(f"{EVENT}/imports")
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Đọc tệp").click()
    page.locator("main form input[value='Đơn vị không có']").fill("Đơn vị vẫn không có <&>")
    page.context.clear_cookies(name="lms_session")
    page.get_by_role("button", name="Kiểm tra lại").last.click()
    assert "Đăng nhập lại để gửi tiếp" in page.inner_text("h1")
    window.faults.clear()  # the console tells that the answer was 400
    assert window.check() == []
    window.picture("sign-in-again")

    page.fill("#email", "organizer@example.vn")
    page.fill("#password", PASSWORD)
    page.locator("main .btn-primary").click()
    assert "Chưa gửi: hãy gửi lại" in page.inner_text("h1")
    assert window.check() == []
    window.picture("resend")

    page.get_by_role("button", name="Gửi lại").click()
    page.wait_for_url("**/imports/*")
    assert page.locator("main form input[name$='-unit']").input_value() == "Đơn vị vẫn không có <&>"
