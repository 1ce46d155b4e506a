"""The public pages: list, event, documents."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from lms.accounts.models import Account
from lms.core import clock
from lms.events import arrangements, panels, service, tasks, uploads
from lms.events.half_days import Span
from lms.events.models import Event, Half, HostRole
from tests.events.conftest import DAY
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]


def test_the_list_groups_events_by_time(world: World, client: FlaskClient, make_event: Callable[..., Event]) -> None:
    with clock.stopped_at(datetime(2024, 8, 7, 2, tzinfo=UTC)):
        for title, days in (("Lớp đã xong", -9), ("Hội nghị hôm nay", 0), ("Hội nghị sau", 9)):
            day = DAY + timedelta(days=days)
            service.publish(world.organizer, make_event(title, Span(day, Half.MORNING, day, Half.MORNING)))
        page = client.get("/events/").get_data(as_text=True)
    places = [page.index(words) for words in ("Đang diễn ra", "Hội nghị hôm nay", "Sắp tới", "Hội nghị sau", "Đã qua")]
    assert places == sorted(places)
    assert "Tạo sự kiện" not in page


def test_an_empty_list_says_why(client: FlaskClient, client_of: ClientOf, world: World) -> None:
    assert "Chưa có sự kiện nào được công bố." in client.get("/events/").get_data(as_text=True)
    assert "Bắt đầu từ kế hoạch" in client_of(world.organizer).get("/events/").get_data(as_text=True)
    assert "Không có sự kiện nào khớp" in client.get("/events/?q=khong+co").get_data(as_text=True)


def test_the_search_is_blind_to_accents(client: FlaskClient, published: Event) -> None:
    assert published.title in client.get("/events/?q=thong+tin+doi+ngoai").get_data(as_text=True)
    assert published.title not in client.get("/events/?q=kinh+te").get_data(as_text=True)


def test_three_hundred_events_are_a_page_of_bounded_cost(
    world: World, client_of: ClientOf, make_event: Callable[..., Event], count_statements: Callable[..., object]
) -> None:
    for number in range(300):
        make_event(f"Lớp số {number}").published_at = clock.now()
    browser = client_of(world.organizer)
    browser.get("/events/")
    with count_statements() as statements:  # type: ignore[attr-defined]
        page = browser.get("/events/?page=2").get_data(as_text=True)
    assert page.count("card-item") == 50
    assert "Trang sau" in page
    assert len(statements) <= 8


def test_the_event_page_tells_everything(world: World, client: FlaskClient, published: Event) -> None:
    arrangements.add_host(world.organizer, published, world.units["binh-sa"], HostRole.CO_HOST)
    arrangements.set_points(world.organizer, published, [(None, "Điểm cầu Nậm Khoang", "UBND xã", None)])
    page = client.get(f"/events/{published.key}").get_data(as_text=True)
    for words in (
        published.title,
        "07/8/2024",
        "Buổi sáng 07/8/2024",
        "Khai mạc",
        "Bùi Đức Thử",
        "Chủ tịch HĐND tỉnh Lam Khê; Giám đốc Sở Văn hóa",
        "Tỉnh Bình Sa",
        "Điểm cầu Nậm Khoang",
    ):
        assert words in page, words
    assert "Quản lý sự kiện" not in page


def test_the_event_page_in_english(client: FlaskClient, published: Event) -> None:
    client.set_cookie("lms_language", "en")
    page = client.get(f"/events/{published.key}").get_data(as_text=True)
    assert "Training conference" in page
    assert "Opening" in page
    assert "7 August 2024" in page


def test_the_event_page_costs_the_same_for_any_agenda(
    client: FlaskClient, published: Event, count_statements: Callable[..., object]
) -> None:
    client.get(f"/events/{published.key}")
    with count_statements() as statements:  # type: ignore[attr-defined]
        client.get(f"/events/{published.key}")
    assert len(statements) <= 12


def test_drafts_are_not_found_by_others(client: FlaskClient, client_of: ClientOf, world: World, draft: Event) -> None:
    assert client.get(f"/events/{draft.key}").status_code == 404
    assert client_of(world.stranger).get(f"/events/{draft.key}").status_code == 404
    assert client_of(world.organizer).get(f"/events/{draft.key}").status_code == 200
    assert draft.title not in client.get("/events/").get_data(as_text=True)
    assert "Bản nháp" in client_of(world.organizer).get("/events/?own=1").get_data(as_text=True)


def test_a_cancelled_event_stays_with_its_reason(world: World, client: FlaskClient, published: Event) -> None:
    service.cancel(world.organizer, published, "Bão số 3 đổ bộ")
    assert "Bão số 3 đổ bộ" in client.get(f"/events/{published.key}").get_data(as_text=True)
    assert "Đã hủy" in client.get("/events/").get_data(as_text=True)


@pytest.fixture
def document_address(world: World, published: Event) -> str:
    """A document with a Vietnamese name."""
    upload = uploads.checked("Đề cương bài giảng.pdf", b"%PDF-1.7 noi dung")
    made = arrangements.add_document(world.organizer, published, upload, "Đề cương")
    return f"/events/{published.key}/documents/{made.id}"


def test_a_document_downloads_under_its_vietnamese_name(client: FlaskClient, document_address: str) -> None:
    answer = client.get(document_address)
    assert answer.data == b"%PDF-1.7 noi dung"
    assert answer.mimetype == "application/pdf"
    assert quote("Đề cương bài giảng.pdf") in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_documents_are_as_visible_as_their_event(
    client: FlaskClient, client_of: ClientOf, world: World, published: Event, document_address: str
) -> None:
    assert client.get(f"/events/{published.key}/documents/999999").status_code == 404
    published.published_at = None
    assert client.get(document_address).status_code == 404
    assert client_of(world.organizer).get(document_address).status_code == 200


def test_other_features_add_panels_and_tasks(
    app: object, world: World, client_of: ClientOf, published: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = panels.Panel(1, "events/copy.html")
    monkeypatch.setattr(panels, "sources", [lambda _event, _account: [panels.Panel(2, "b"), shown]])
    assert panels.of(published, None) == [shown, panels.Panel(2, "b")]
    task = tasks.Task(5, "Việc của nơi khác", None, "Chờ danh sách", "waiting")
    monkeypatch.setattr(tasks, "sources", [*tasks.sources, lambda _event, _account: [task]])
    page = client_of(world.organizer).get(f"/events/{published.key}/management").get_data(as_text=True)
    assert page.index("Việc của nơi khác") < page.index("Đơn vị chủ trì, phối hợp")
    assert "Chưa đến lúc" in page
