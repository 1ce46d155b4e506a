"""A unit's page at an event, for its focal point."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.events.models import Event, Quota
from lms.registration import focal_points, invitations, service
from lms.registration.models import Delegate, SeatRequest
from tests.registration.conftest import Register, mails_to
from tests.world import World

HERE = "/events/lam-khe-2024"
UNIT = f"{HERE}/units/binh-sa"
PERSON = {"full_name": "Phạm S", "post": "Chánh Văn phòng", "phone": "0912 345 679", "email": "s@binh-sa.example.vn"}


def test_a_focal_point_fills_the_units_seats(
    client_of: Callable[[Account], FlaskClient], focal: Account, coming: Event
) -> None:
    browser = client_of(focal)
    assert "0/1 chỗ đã có người" in browser.get(UNIT).get_data(as_text=True)
    page = browser.post(f"{UNIT}/delegates", data=PERSON, follow_redirects=True).get_data(as_text=True)
    assert "Đã ghi Phạm S vào danh sách" in page
    page = browser.post(f"{UNIT}/delegates", data={"full_name": "Lý A Hai"}, follow_redirects=True).get_data(
        as_text=True
    )
    assert "Đơn vị đã dùng hết 1 chỗ; Lý A Hai vào danh sách chờ, thứ 1." in page
    wrong = browser.post(f"{UNIT}/delegates", data={"full_name": ""})
    assert (wrong.status_code, "Họ và tên" in wrong.get_data(as_text=True)) == (422, True)
    other = browser.post(f"{UNIT}/delegates", data={"full_name": "Lý A Ba", "unit": "Xã Nậm Khoang"})
    assert (other.status_code, "không thuộc" in other.get_data(as_text=True)) == (422, True)


def test_a_focal_point_substitutes_and_withdraws(
    client_of: Callable[[Account], FlaskClient], focal: Account, coming: Event, register: Register
) -> None:
    browser, delegate = client_of(focal), register("Lý A Một", "binh-sa")
    there = f"{UNIT}/delegates/{delegate.id}"
    assert "Cử người thay Lý A Một" in browser.get(f"{there}/substitute").get_data(as_text=True)
    assert browser.post(f"{there}/substitute", data={"full_name": ""}).status_code == 422
    page = browser.post(
        f"{there}/substitute", data={"full_name": "Phạm S", "reason": "Đi công tác"}, follow_redirects=True
    )
    assert "Đã cử Phạm S thay Lý A Một" in page.get_data(as_text=True)
    named = session().scalars(select(Delegate).where(Delegate.full_name == "Phạm S")).one()
    there = f"{UNIT}/delegates/{named.id}"
    assert browser.post(f"{there}/withdrawal", data={"reason": ""}).status_code == 422
    page = browser.post(f"{there}/withdrawal", data={"reason": "Bận việc"}, follow_redirects=True).get_data(
        as_text=True
    )
    assert "Đã rút Phạm S khỏi danh sách" in page
    assert "Đi công tác" in page


def test_a_focal_point_puts_right_what_was_written_wrongly(
    client_of: Callable[[Account], FlaskClient], focal: Account, coming: Event, register: Register, world: World
) -> None:
    browser, delegate = client_of(focal), register("Lý A Mọt", "binh-sa", post="Chuyên viên", phone="0987654321")
    there = f"{UNIT}/delegates/{delegate.id}/correction"
    assert f'href="{there}"' in browser.get(UNIT).get_data(as_text=True)
    assert 'value="0987654321"' in browser.get(there).get_data(as_text=True)
    right = {"full_name": "Lý A Một", "post": "Phó Trưởng phòng", "phone": "0987 654 322"}
    page = browser.post(there, data=right, follow_redirects=True).get_data(as_text=True)
    assert "Đã lưu thay đổi của Lý A Một." in page
    assert (delegate.full_name, delegate.post, delegate.person.phone) == ("Lý A Một", "Phó Trưởng phòng", "0987654322")
    page = browser.get(there).get_data(as_text=True)
    assert "Lý A Mọt → Lý A Một" in page
    assert "Chuyên viên → Phó Trưởng phòng" in page
    assert focal.name in page
    for wrong, words in (
        ({"full_name": ""}, "Mục này còn trống"),
        ({"full_name": "Phạm Văn Sĩ"}, "“Phạm Văn Sĩ” khác hẳn “Lý A Một”. Nếu là người khác, hãy cử người thay."),
        ({"phone": "12"}, "có 2 chữ số"),
    ):
        refused = browser.post(there, data=right | wrong)
        assert (refused.status_code, words in refused.get_data(as_text=True)) == (422, True)
    service.withdraw(delegate, world.organizer, "Bận")
    assert "đã rút khỏi danh sách nên không sửa được nữa" in browser.post(there, data=right).get_data(as_text=True)


def test_a_unit_puts_right_its_own_people_only_and_while_the_event_lasts(
    client: FlaskClient, client_of: Callable[[Account], FlaskClient], focal: Account, coming: Event,
    register: Register, world: World,
) -> None:  # fmt: skip
    own, other = register("Lý A Một", "binh-sa"), register("Lý A Hai", "lam-khe")
    there = f"{UNIT}/delegates/{own.id}/correction"
    assert client.get(there).status_code == 303
    assert client_of(world.trainee).get(there).status_code == 403
    assert client_of(world.stranger).get(there).status_code == 404
    browser = client_of(focal)
    assert browser.get(f"{UNIT}/delegates/{other.id}/correction").status_code == 404
    register("Bùi Thị Ngọc Ánh", "binh-sa", reason="Thêm", email="other_trainee@example.vn", phone="0912345678")
    signs_in = session().scalars(select(Delegate).where(Delegate.person_id == focal.person_id)).one()
    renamed = {"full_name": "Bùi Ngọc Ánh"}
    refused = browser.post(f"{UNIT}/delegates/{signs_in.id}/correction", data=renamed).get_data(as_text=True)
    assert "Người này đã có tài khoản; họ tên chỉ quản trị hệ thống sửa được." in refused
    coming.starts_on = coming.ends_on = clock.today() - timedelta(days=1)
    session().flush()
    late = browser.post(there, data={"full_name": "Lý A Mốt"})
    assert (late.status_code, "Sự kiện đã kết thúc" in late.get_data(as_text=True)) == (422, True)


def test_who_comes_for_someone_invited_is_invited(
    client_of: Callable[[Account], FlaskClient], focal: Account, register: Register, world: World
) -> None:
    delegate = register("Lý A Một", "binh-sa", email="mot@binh-sa.example.vn")
    invitations.invite(delegate, world.organizer.id)
    client_of(focal).post(f"{UNIT}/delegates/{delegate.id}/substitute", data=PERSON)
    named = session().scalars(select(Delegate).where(Delegate.full_name == "Phạm S")).one()
    assert named.invited_at is not None
    assert mails_to("s@binh-sa.example.vn")[0].startswith("[Mời] Hội nghị tập huấn Lam Khê")


def test_a_focal_point_asks_and_the_organizer_answers(
    client_of: Callable[[Account], FlaskClient], focal: Account, world: World, coming: Event
) -> None:
    browser, organizer = client_of(focal), client_of(world.organizer)
    assert browser.post(f"{UNIT}/requests", data={"seats": "0", "reason": "x"}).status_code == 422
    browser.post(f"{UNIT}/requests", data={"seats": "2", "reason": "Có hai cán bộ mới"})
    request = session().scalars(select(SeatRequest)).one()
    assert "Có hai cán bộ mới" in organizer.get(f"{HERE}/waiting-list").get_data(as_text=True)
    answer = f"{HERE}/seat-requests/{request.id}/answer"
    assert organizer.post(answer, data={"granted": "nhiều"}).status_code == 422
    more = organizer.post(answer, data={"granted": "3", "answer": "Đồng ý"})
    assert (more.status_code, "chỉ giao được từ 0 đến 2" in more.get_data(as_text=True)) == (422, True)
    refused = organizer.post(answer, data={"granted": "0", "answer": ""})
    assert (refused.status_code, "Chưa ghi lý do" in refused.get_data(as_text=True)) == (422, True)
    organizer.post(answer, data={"granted": "2", "answer": "Đồng ý"})
    assert session().get_one(Quota, (coming.id, world.units["binh-sa"].id)).seats == 3
    assert "Được thêm 2 chỗ" in browser.get(UNIT).get_data(as_text=True)
    assert "giao thêm 2 (Đồng ý)" in organizer.get(f"{HERE}/waiting-list").get_data(as_text=True)
    assert "[Trả lời xin thêm chỗ] Hội nghị tập huấn Lam Khê" in mails_to("other_trainee@example.vn")


def test_a_focal_point_sees_no_other_units_page(
    client_of: Callable[[Account], FlaskClient], focal: Account, world: World, client: FlaskClient, register: Register
) -> None:
    other = register("Lý A Một", "lam-khe")
    assert client_of(focal).get(f"{HERE}/units/lam-khe").status_code == 404
    assert client_of(focal).get(f"{UNIT}/delegates/{other.id}/substitute").status_code == 404
    assert client_of(focal).get(f"{HERE}/delegates").status_code == 403
    assert client_of(world.trainee).get(UNIT).status_code == 403
    assert client_of(world.stranger).get(UNIT).status_code == 404
    assert client_of(world.organizer).get(UNIT).status_code == 200
    assert client.get(UNIT).status_code == 303


def test_after_the_deadline_the_page_adds_nobody_but_still_changes(
    client_of: Callable[[Account], FlaskClient], focal: Account, coming: Event, register: Register
) -> None:
    register("Lý A Một", "binh-sa")
    coming.reply_by = clock.today() - timedelta(days=1)
    session().flush()
    page = client_of(focal).get(UNIT).get_data(as_text=True)
    assert "Đã hết hạn gửi danh sách" in page
    assert "Cử người thay" in page
    assert client_of(focal).post(f"{UNIT}/delegates", data=PERSON).status_code == 422
    coming.starts_on = coming.ends_on = clock.today() - timedelta(days=1)
    session().flush()
    assert "Cử người thay" not in client_of(focal).get(UNIT).get_data(as_text=True)
    assert client_of(focal).post(f"{UNIT}/requests", data={"seats": "1", "reason": "Thêm"}).status_code == 422


def test_the_front_pages_show_what_to_fill_and_what_to_answer(
    client_of: Callable[[Account], FlaskClient], focal: Account, world: World, coming: Event
) -> None:
    page = client_of(focal).get("/").get_data(as_text=True)
    assert f'href="{UNIT}"' in page
    assert "0/1 chỗ" in page
    focal_points.ask_for_seats(coming, world.units["binh-sa"], 2, "Có thêm cán bộ", focal)
    page = client_of(world.organizer).get("/").get_data(as_text=True)
    assert "1 việc chờ trả lời" in page
    assert f'href="{UNIT}"' not in page
