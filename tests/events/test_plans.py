"""Training plans in the browser."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from lms.accounts.models import Account
from lms.core.db import session
from lms.events.models import Event, TrainingPlan
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]


def answers(**changes: str) -> dict[str, str]:
    """A plan's form."""
    return {
        "number": "90/KH-UBND",
        "title": "Kế hoạch 2024",
        "unit": "Tỉnh Lam Khê",
        "issuer": "Tỉnh Lam Khê",
        "issued_on": "21/6/2024",
        "starts_on": "2024-07-01",
        "ends_on": "2024-12-31",
        "carries_out": "Nghị quyết 47/NQ-CP\r\nKết luận 57-KL/TW",
        "groups-0-title": "Quán triệt, triển khai",
        "groups-0-detail": "",
        "groups-1-title": "",
        "groups-1-detail": "",
        "figures-0-name": "Thu nhập",
        "figures-0-measure": "triệu đồng/người/năm",
        "figures-0-baseline": "77,59",
        "figures-0-target": "1.080",
        "figures-0-source": "",
    } | changes


@pytest.mark.parametrize("path", ["/plans/", "/plans/{id}", "/plans/new", "/plans/{id}/details"])
def test_every_page_answers_by_role(
    path: str, client: FlaskClient, client_of: ClientOf, world: World, plan: TrainingPlan
) -> None:
    address = path.format(id=plan.id)
    assert client.get(address).status_code == 303
    assert client_of(world.trainee).get(address).status_code == 403
    assert client_of(world.organizer).get(address).status_code == 200
    assert client_of(world.stranger).get(address).status_code == (404 if "{id}" in path else 200)
    browser = client_of(world.organizer)
    browser.set_cookie("lms_language", "en")
    assert browser.get(address).status_code == 200


def test_a_plan_is_written_read_and_changed(client_of: ClientOf, world: World) -> None:
    browser = client_of(world.organizer)
    answer = browser.post("/plans/new", data=answers() | {"figures-0-target": "1080,5"})
    assert answer.status_code == 303
    plan = session().query(TrainingPlan).one()
    assert [one.title for one in plan.task_groups] == ["Quán triệt, triển khai"]
    assert [(one.baseline, one.target) for one in plan.indicators] == [(Decimal("77.59"), Decimal("1080.50"))]
    page = browser.get(answer.location).get_data(as_text=True)
    for words in ("90/KH-UBND", "21/6/2024", "Nghị quyết 47/NQ-CP", "77,59", "1.080,5", "triệu đồng/người/năm"):
        assert words in page, words
    form = browser.get(f"/plans/{plan.id}/details").get_data(as_text=True)
    assert 'value="77,59"' in form
    assert 'value="1080,5"' in form
    changed = answers(**{"title": "Kế hoạch sửa", "groups-0-title": "", "groups-1-title": "Phản bác"})
    assert browser.post(f"/plans/{plan.id}/details", data=changed).status_code == 303
    assert (plan.title, [one.title for one in plan.task_groups]) == ("Kế hoạch sửa", ["Phản bác"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": ""}, "Mục này còn trống."),
        ({"issued_on": "31/02/2024"}, "Ngày này không có trong lịch."),
        ({"ends_on": "2024-01-01"}, "Kế hoạch kết thúc trước khi bắt đầu."),
        ({"issuer": "không có"}, "Không có đơn vị nào tên"),
        ({"unit": "Tỉnh Bình Sa"}, "Không có đơn vị nào tên"),
        ({"figures-0-baseline": "nhiều"}, "Cần một số, ví dụ 34,8."),
        ({"figures-0-baseline": "NaN"}, "nhiều nhất hai chữ số thập phân"),
        ({"figures-0-baseline": "1,234"}, "nhiều nhất hai chữ số thập phân"),
    ],
)
def test_wrong_answers_are_said_on_the_page(
    client_of: ClientOf, world: World, changes: dict[str, str], message: str
) -> None:
    answer = client_of(world.organizer).post("/plans/new", data=answers(**changes))
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)
    assert session().query(TrainingPlan).count() == 0


def test_a_number_taken_is_refused(client_of: ClientOf, world: World, plan: TrainingPlan) -> None:
    answer = client_of(world.organizer).post("/plans/new", data=answers())
    assert answer.status_code == 422
    assert "đã có kế hoạch số 90/KH-UBND trong năm 2024" in answer.get_data(as_text=True)


def test_a_plan_shows_its_events(client_of: ClientOf, world: World, plan: TrainingPlan, draft: Event) -> None:
    draft.plan = plan
    browser = client_of(world.organizer)
    assert draft.title in browser.get(f"/plans/{plan.id}").get_data(as_text=True)
    assert f'<option selected value="{plan.id}">' in browser.get(f"/events/new?plan={plan.id}").get_data(as_text=True)


def test_an_empty_list_says_what_to_do(client_of: ClientOf, world: World) -> None:
    assert "Chưa có kế hoạch nào." in client_of(world.organizer).get("/plans/").get_data(as_text=True)
