"""The delegate list in a real browser: the table follows what is typed, many are withdrawn and brought back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LIST = "/events/da-lat-2024/delegates"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_table_follows_what_is_typed(visitor: Callable[..., Visitor], width: int) -> None:
    window = visitor("organizer", width=width)
    page = window.page
    window.open(LIST)
    box, names, told = page.locator("#search-q"), page.locator("tbody th a"), page.locator("#list-told")
    expect(names).to_have_count(50)
    box.press_sequentially("vang a", delay=20)
    expect(told).to_contain_text("đại biểu")
    assert page.evaluate("document.activeElement.id") == "search-q"
    assert page.url.endswith("?q=vang+a")
    assert all("Vàng" in name for name in names.all_inner_texts())
    box.fill("không có ai tên này")
    expect(told).to_have_text("Không thấy ai khớp với bộ lọc.")
    box.fill("")
    expect(names).to_have_count(50)
    assert page.url.endswith(LIST)
    page.get_by_text("Bộ lọc và thứ tự").click()
    page.select_option("#filter-order", "-registered")
    expect(told).to_contain_text("mới ghi trước")
    assert page.url.endswith("?order=-registered")
    assert window.check() == []
    window.picture("delegates")


def test_many_are_withdrawn_and_brought_back(visitor: Callable[..., Visitor]) -> None:
    window = visitor("organizer")
    page = window.page
    window.open(f"{LIST}?order=name")
    names = page.locator("tbody th a").all_inner_texts()[:3]
    bar = page.locator(".bulk")
    expect(bar).to_be_hidden()
    page.get_by_label("Chọn cả trang").check()
    expect(bar).to_contain_text("Đã chọn 50 người")
    for number in range(3, 50):
        page.locator("tbody .pick input").nth(number).uncheck()
    expect(bar).to_contain_text("Đã chọn 3 người")
    assert window.check() == []
    page.select_option("#bulk-act", "withdraw")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("h1")).to_have_text("Rút khỏi danh sách: 3 người")
    assert [text.splitlines()[0] for text in page.locator("main li").all_inner_texts()[-3:]] == names
    assert window.check() == []
    page.fill("#reason", "Hoãn lớp")
    page.get_by_role("button", name="Rút khỏi danh sách").click()
    expect(page.locator("main .msg")).to_contain_text("Đã rút 3 đại biểu.")
    assert not set(names) & set(page.locator("tbody th a").all_inner_texts())
    assert window.check() == []
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("main .msg")).to_contain_text("Đã hoàn tác: 3 đại biểu trở lại như trước.")
    assert page.locator("tbody th a").all_inner_texts()[:3] == names
    assert window.check() == []


@pytest.mark.parametrize(
    "address",
    [f"{LIST}?columns=post.unit.phone.email.role.point.ticket.state.registered.note", "/events/da-lat-2024/quotas"],
)
def test_rows_stack_on_a_phone_and_no_cell_covers_another(visitor: Callable[..., Visitor], address: str) -> None:
    window = visitor("organizer", width=360)
    page = window.page
    window.open(address)
    if "quotas" in address:
        page.locator("td input[name^='seats-']").first.fill("1")
        page.get_by_role("button", name="Lưu chỉ tiêu").click()
        expect(page.locator("td .wrong-text")).to_be_visible()
    shapes = page.locator("tbody tr").first.evaluate(
        """row => [...row.children].map(cell => cell.getBoundingClientRect()).filter(box => box.height)
            .map(box => [box.left, box.top, box.right, box.bottom])"""
    )
    covering = [
        (one, other)
        for number, one in enumerate(shapes)
        for other in shapes[:number]
        if min(one[2], other[2]) - max(one[0], other[0]) > 1 and min(one[3], other[3]) - max(one[1], other[1]) > 1
    ]
    assert covering == []
    assert min(right - left for left, _top, right, _bottom in shapes) >= 20
    assert [told for told in window.check() if "422" not in told] == []
