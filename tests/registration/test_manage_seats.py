"""The organizer's pages about seats: approvals, the waiting list, focal points, quotas, corrections."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.events import service as events
from lms.events.models import Event, PointQuota, Quota, SelfRegistration
from lms.events.signals import event_published
from lms.people import merging
from lms.people import service as people
from lms.people.models import Likeness
from lms.registration import applications, service
from lms.registration.models import Application, Delegate, FocalPoint
from lms.registration.same_person import Said
from lms.registration.service import Candidate
from tests.registration.conftest import Register, mails_to
from tests.world import World

HERE = "/events/lam-khe-2024"


def test_the_organizer_approves_or_refuses_and_names_focal_points(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event
) -> None:
    coming.self_registration = SelfRegistration.APPROVAL
    asked = [
        applications.ask(coming, Candidate(name, world.units["binh-sa"], email=f"{number}@example.vn"))
        for number, name in enumerate(("Phạm S", "Vàng A Chứ"))
    ]
    organizer = client_of(world.organizer)
    there = [f"{HERE}/applications/{one.id}" for one in asked]
    page = organizer.post(f"{there[0]}/approval", follow_redirects=True).get_data(as_text=True)
    assert "Đã ghi Phạm S vào danh sách" in page
    assert organizer.post(f"{there[1]}/refusal", data={"reason": " "}).status_code == 422
    organizer.post(f"{there[1]}/refusal", data={"reason": "Không thuộc đối tượng"})
    assert session().scalar(select(Application.answer).where(Application.id == asked[1].id)) == "Không thuộc đối tượng"

    named = {"unit": "Bình Sa", "full_name": "Trịnh Văn Mới", "email": "moi@binh-sa.example.vn"}
    page = organizer.post(f"{HERE}/focal-points", data=named, follow_redirects=True).get_data(as_text=True)
    assert "Trịnh Văn Mới là đầu mối của Tỉnh Bình Sa" in page
    organizer.post(f"{HERE}/focal-points", data=named)
    assert mails_to("moi@binh-sa.example.vn") == ["[Đầu mối] Hội nghị tập huấn Lam Khê"]
    other = organizer.post(f"{HERE}/focal-points", data={**named, "full_name": "Người Khác"})
    assert (other.status_code, "là của Trịnh Văn Mới" in other.get_data(as_text=True)) == (422, True)
    without = organizer.post(f"{HERE}/focal-points", data={**named, "unit": "Bộ Thử nghiệm"})
    assert (without.status_code, "chưa có chỉ tiêu" in without.get_data(as_text=True)) == (422, True)
    one = session().scalars(select(FocalPoint)).one()
    organizer.post(f"{HERE}/focal-points/{one.unit_id}/{one.account_id}/removal")
    assert session().scalars(select(FocalPoint)).all() == []


def test_focal_points_are_copied_from_an_earlier_event(
    client_of: Callable[[Account], FlaskClient], focal: Account, world: World, coming: Event
) -> None:
    day = clock.today() + timedelta(days=90)
    later = Event(
        key="lan-sau", unit=coming.unit, kind=coming.kind, title="Lần sau", place="Lam Khê", starts_on=day, ends_on=day,
        quotas=[Quota(unit=world.units["binh-sa"], seats=2)],
    )  # fmt: skip
    session().add(later)
    session().flush()
    organizer = client_of(world.organizer)
    assert "lam-khe-2024" in organizer.get("/events/lan-sau/focal-points").get_data(as_text=True)
    organizer.post("/events/lan-sau/focal-points/copies", data={"earlier": "lam-khe-2024"})
    named = select(FocalPoint.account_id).where(FocalPoint.event_id == later.id)
    assert session().scalars(named).all() == [focal.id]


def test_left_over_seats_are_given_by_a_button_after_the_deadline(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    register("Lý A Một", "binh-sa")
    waits = applications.ask(coming, Candidate("Phạm S", world.units["binh-sa"], email="s@example.vn"))
    organizer = client_of(world.organizer)
    page = organizer.post(f"{HERE}/waiting-list/promotion", follow_redirects=True).get_data(as_text=True)
    assert "Chưa có chỗ nào trao được theo quy tắc." in page
    coming.reply_by = clock.today() - timedelta(days=1)
    session().flush()
    assert "Trao chỗ còn trống" in organizer.get(f"{HERE}/waiting-list").get_data(as_text=True)
    page = organizer.post(f"{HERE}/waiting-list/promotion", follow_redirects=True).get_data(as_text=True)
    assert "Đã trao 1 chỗ." in page
    assert session().scalar(select(Application.state).where(Application.id == waits.id)) == "seated"


def test_seats_in_all_and_shares_are_set_on_the_quota_pages(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    organizer, unit, point = client_of(world.organizer), world.units["lam-khe"], coming.points[0]
    register("Lý A Một", "binh-sa")
    answer = organizer.post(f"{HERE}/seats", data={"limit": "0", "self_registration": "open"})
    assert answer.status_code == 422
    organizer.post(f"{HERE}/seats", data={"limit": "9", "self_registration": "approval"})
    assert session().execute(select(Event.seats, Event.self_registration)).one() == (9, "approval")
    shares = f"{HERE}/quotas/{unit.id}"
    assert "Tổng cộng 3 chỗ" in organizer.get(shares).get_data(as_text=True)
    wrong = organizer.post(shares, data={f"seats-{point.id}": "4"})
    assert (wrong.status_code, "cộng lại là 4 chỗ" in wrong.get_data(as_text=True)) == (422, True)
    organizer.post(shares, data={f"seats-{point.id}": "3"})
    assert session().scalar(select(PointQuota.seats)) == 3
    fewer = organizer.post(f"{HERE}/quotas", data={f"seats-{unit.id}": "2", f"seats-{world.units['binh-sa'].id}": "1"})
    assert (fewer.status_code, "đã chia 3 chỗ theo điểm cầu" in fewer.get_data(as_text=True)) == (422, True)


def test_the_delegates_page_tells_who_came_in_whose_place(
    client_of: Callable[[Account], FlaskClient], world: World, event: Event, register: Register
) -> None:
    delegate = register("Lý A Một", "binh-sa")
    named = service.substitute(delegate, Candidate("Phạm S", world.units["binh-sa"]), world.organizer, "Đi công tác")
    organizer = client_of(world.organizer)
    assert "Người thay:" in organizer.get(f"{HERE}/delegates/{delegate.id}").get_data(as_text=True)
    assert "Được cử thay:" in organizer.get(f"{HERE}/delegates/{named.id}").get_data(as_text=True)


def test_the_focal_points_of_a_draft_hear_when_it_is_published_and_of_the_end(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event
) -> None:
    coming.published_at = None
    session().flush()
    organizer = client_of(world.organizer)
    named = {"unit": "Bình Sa", "full_name": "Trịnh Văn Mới", "email": "moi@binh-sa.example.vn"}
    page = organizer.post(f"{HERE}/focal-points", data=named, follow_redirects=True).get_data(as_text=True)
    assert "thư gửi khi công bố sự kiện" in page
    assert mails_to("moi@binh-sa.example.vn") == []
    published(coming, world)
    assert mails_to("moi@binh-sa.example.vn") == ["[Đầu mối] Hội nghị tập huấn Lam Khê"]
    applications.ask(coming, Candidate("Lý A Một", world.units["bo-thu"], email="mot@example.vn"))
    organizer.post(f"{HERE}/cancellation", data={"reason": "Lũ quét"})
    assert mails_to("moi@binh-sa.example.vn")[-1] == "[Đã hủy] Hội nghị tập huấn Lam Khê"
    assert mails_to("mot@example.vn")[-1] == "[Đã hủy] Hội nghị tập huấn Lam Khê"
    assert "Cử đầu mối" not in organizer.get(f"{HERE}/focal-points").get_data(as_text=True)
    assert "Lũ quét" in organizer.get(f"{HERE}/registration").get_data(as_text=True)
    assert organizer.get(f"{HERE}/delegates/new").location.endswith("/delegates")


def published(event: Event, world: World) -> None:
    """The draft made public, whatever it lacks."""
    events.freeze_posts(event)
    event.published_at = clock.now()
    session().flush()
    event_published.send(event)


def test_withdrawing_says_who_got_the_seat(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    delegate = register("Lý A Một", "binh-sa")
    applications.ask(coming, Candidate("Phạm S", world.units["binh-sa"], email="s@example.vn"))
    there = f"{HERE}/delegates/{delegate.id}/withdrawal"
    page = client_of(world.organizer).post(there, data={"reason": "Bận việc"}, follow_redirects=True)
    assert "Chỗ này đã trao cho người đang chờ: Phạm S." in page.get_data(as_text=True)


def test_a_name_or_a_unit_written_wrongly_is_put_right(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    delegate = register("Vàng A Chư", "nam-khoang")
    organizer, there = client_of(world.organizer), f"{HERE}/delegates/{delegate.id}"
    organizer.post(f"{there}/correction", data={"full_name": "Vàng A Chứ", "unit": "Tỉnh Bình Sa"})
    found = session().execute(select(Delegate.full_name, Delegate.unit_id, Delegate.quota_unit_id)).one()
    unit_id = world.units["binh-sa"].id
    assert tuple(found) == ("Vàng A Chứ", unit_id, unit_id)
    assert session().get_one(Quota, (coming.id, unit_id)).taken == 1
    assert "Vàng A Chư → Vàng A Chứ" in organizer.get(there).get_data(as_text=True)
    assert organizer.post(f"{there}/correction", data={"full_name": "", "unit": "Sở Lạ"}).status_code == 422
    full = register("Lý A Một", "lam-khe")
    answer = organizer.post(f"{HERE}/delegates/{full.id}/correction", data={"full_name": "Lý A Một", "unit": "Bình Sa"})
    assert (answer.status_code, "đã dùng hết 1 chỗ" in answer.get_data(as_text=True)) == (422, True)


def test_the_name_of_someone_who_signs_in_is_not_a_lists_to_change(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    world.trainee.password_hash = "x"
    delegate = register("Đặng Văn Đức", "lam-khe", email="trainee@example.vn")
    sent = {"full_name": "Đặng Văn Đực", "unit": "Lam Khê"}
    answer = client_of(world.organizer).post(f"{HERE}/delegates/{delegate.id}/correction", data=sent)
    assert (answer.status_code, "đã có tài khoản" in answer.get_data(as_text=True)) == (422, True)


def _asked(coming: Event, world: World, name: str, unit: str = "lam-khe", **more: str) -> Application:
    """Someone who registered by the link and waits for approval."""
    coming.self_registration = SelfRegistration.APPROVAL
    return applications.ask(coming, Candidate(name, world.units[unit], email="moi@binh-sa.example.vn", **more))


@pytest.mark.parametrize(
    ("said", "known", "likeness"),
    [("yes", True, None), ("no", False, "dismissed"), ("", False, "open")],
)
def test_the_organizer_says_whether_a_registration_is_someone_known_and_is_seated_by_it(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, said: str, known: bool, likeness: str
) -> None:
    someone = people.find_or_create("Cầm Bá Thước", world.units["binh-sa"], "Phó Trưởng phòng")
    asked = _asked(coming, world, "Cầm Bá Thước", post="Trưởng phòng")
    coming.seats = 0
    session().flush()
    organizer, there = client_of(world.organizer), f"{HERE}/applications/{asked.id}/approval"
    page = organizer.get(f"{HERE}/waiting-list").text
    assert "cùng tên, khác đơn vị" in page
    assert "Cầm Bá Thước, Phó Trưởng phòng, Tỉnh Bình Sa" in page
    assert organizer.post(there, data={"same": said, "alike": someone.id}).status_code == 303
    assert asked.delegate is None
    coming.seats = 5
    session().flush()
    service.seats_changed(coming)
    session().expire_all()
    assert asked.delegate is not None
    assert (asked.delegate.person_id == someone.id) is known
    assert asked.delegate.post == "Trưởng phòng"
    found = session().scalars(select(Likeness).where(Likeness.first_id == someone.id)).all()
    assert [("dismissed" if one.dismissed_at else "open") for one in found] == ([likeness] if likeness else [])
    record = session().scalars(select(AuditEntry.detail).where(AuditEntry.verb == "application.approve")).one()
    assert record == {"alike": someone.id, "same": {"yes": True, "no": False, "": None}[said]}


def test_the_same_person_is_not_seated_twice_and_a_choice_about_someone_else_is_refused(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    listed = register("Cầm Bá Thước", "binh-sa", reason="Được thêm chỗ")
    asked = _asked(coming, world, "Cầm Bá Thước")
    organizer, there = client_of(world.organizer), f"{HERE}/applications/{asked.id}/approval"
    assert "Người đã có đang ở trong danh sách của sự kiện này" in organizer.get(f"{HERE}/waiting-list").text
    twice = organizer.post(there, data={"same": "yes", "alike": listed.person_id})
    assert twice.status_code == 422
    assert "Cầm Bá Thước đã có trong danh sách của sự kiện." in twice.text
    assert f'id="same-{asked.id}-yes" name="same" value="yes" checked' in twice.text
    other = organizer.post(there, data={"same": "yes", "alike": world.trainee.person_id})
    assert other.status_code == 422
    assert "vừa thay đổi" in other.text
    session().expire_all()
    assert asked.state == "requested"
    assert organizer.post(there, data={"same": "no", "alike": listed.person_id}).status_code == 303
    assert asked.delegate is not None
    assert asked.delegate.person_id != listed.person_id


def test_approving_someone_who_has_a_seat_meanwhile_says_that_they_have_it(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    asked = _asked(coming, world, "Cầm Bá Thước")
    register("Cầm Bá Thước", email="moi@binh-sa.example.vn", reason="Được thêm chỗ")
    there = f"{HERE}/applications/{asked.id}/approval"
    page = client_of(world.organizer).post(there, follow_redirects=True).text
    assert "Cầm Bá Thước đã có trong danh sách nên không ghi thêm chỗ nào." in page
    assert "vào danh sách chờ." not in page


def test_who_was_merged_since_the_approval_is_seated_as_whom_they_are_now(world: World, coming: Event) -> None:
    someone = people.find_or_create("Cầm Bá Thước", world.units["binh-sa"], "Phó Trưởng phòng")
    asked = _asked(coming, world, "Cầm Bá Thước")
    coming.seats = 0
    session().flush()
    applications.approve(asked, world.organizer, Said(someone.id, same=True))
    kept = people.create("Cầm Bá Thước")
    merging.merge(kept, someone, None)
    coming.seats = 5
    session().flush()
    service.seats_changed(coming)
    assert asked.delegate is not None
    assert asked.delegate.person_id == kept.id
