"""Registering, changing, withdrawing and putting back; quotas; who is already known."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event, Quota
from lms.people.models import Person
from lms.registration import known, queries, service
from lms.registration.models import DelegateRole
from lms.registration.queries import Filters
from tests.registration.conftest import Register
from tests.world import World


def people() -> int:
    return session().scalar(select(func.count()).select_from(Person)) or 0


def verbs(subject: str) -> list[str]:
    return list(session().scalars(select(AuditEntry.verb).where(AuditEntry.subject == subject).order_by(AuditEntry.id)))


def test_a_new_person_gets_their_post_and_a_ticket(register: Register, world: World) -> None:
    before = people()
    delegate = register("Vừ Mí Kẻ", post="Chuyên viên", phone="0987654321", email="ke@example.vn")
    assert people() == before + 1
    (post,) = delegate.person.posts
    assert (post.name, post.unit.key, delegate.person.email) == ("Chuyên viên", "lam-khe", "ke@example.vn")
    assert len(delegate.ticket) == 9
    assert delegate.sort_key == delegate.person.sort_key
    assert verbs(f"delegate:{delegate.id}") == ["delegate.register"]


@pytest.mark.parametrize(
    "more",
    [
        {"full_name": "DANG VAN DUC", "phone": "0912345678"},
        {"full_name": "Đặng Văn Đức", "unit": "binh-sa", "email": "trainee@example.vn"},
        {"full_name": "Đặng Văn Đức", "unit": "nam-khoang", "post": "công chức văn hóa – xã hội"},
    ],
)
def test_a_known_person_is_used_again(register: Register, world: World, more: dict[str, str]) -> None:
    before = people()
    delegate = register(**more)
    assert delegate.person_id == world.trainee.person_id
    assert people() == before
    assert delegate.full_name == "Đặng Văn Đức"


@pytest.mark.parametrize(
    "more",
    [
        {"full_name": "Đặng Văn Đực", "unit": "nam-khoang", "post": "Công chức văn hóa – xã hội"},
        {"full_name": "Đặng Văn Đức", "unit": "nam-khoang", "post": "Chủ tịch"},
        {
            "full_name": "Đặng Văn Đức",
            "unit": "nam-khoang",
            "post": "Công chức văn hóa – xã hội",
            "phone": "0999999999",
        },
    ],
)
def test_someone_only_alike_is_someone_else(register: Register, world: World, more: dict[str, str]) -> None:
    assert register(**more).person_id != world.trainee.person_id


def test_nobody_is_on_the_list_twice(register: Register) -> None:
    first = register("Phạm Văn Sĩ", post="Chuyên viên")
    with pytest.raises(RuleBroken) as twice:
        register("Phạm Văn Sĩ", post="Chuyên viên")
    assert (twice.value.code, twice.value.field) == ("known", "full_name")
    service.withdraw(first, None, "Bận công tác")
    with pytest.raises(RuleBroken, match="đã rút"):
        register("Phạm Văn Sĩ", post="Chuyên viên")


def test_a_quota_holds_for_the_unit_and_those_below_it(register: Register, event: Event, world: World) -> None:
    register("Lý A Một", "lam-khe")
    register("Lý A Hai", "so-lam-khe")
    register("Lý A Ba", "nam-khoang")
    with pytest.raises(RuleBroken) as full:
        register("Lý A Bốn", "nam-khoang")
    assert (full.value.code, full.value.params) == ("over-quota", {"unit": "Lam Khê", "seats": 3})
    beyond = register("Lý A Bốn", "nam-khoang", reason="Báo cáo viên dự bị")
    assert beyond.over_quota_reason == "Báo cáo viên dự bị"
    register("Lý A Khách", "lam-khe", role=DelegateRole.GUEST)
    with pytest.raises(RuleBroken, match="không có chỉ tiêu"):
        register("Lý A Lạ", "bo-thu")
    picture = queries.quota_picture(event)
    assert [(line.unit, line.registered, line.seats, line.over) for line in picture.lines] == [
        ("Bình Sa", 0, 1, 0),
        ("Lam Khê", 4, 3, 1),
    ]
    assert (picture.seats, picture.registered, picture.outside) == (4, 4, 0)


def test_a_quota_of_its_own_takes_a_unit_out_of_the_one_above(register: Register, event: Event, world: World) -> None:
    event.quotas.append(Quota(unit=world.units["nam-khoang"], seats=1))
    session().flush()
    register("Lý A Một", "nam-khoang")
    with pytest.raises(RuleBroken, match="Nậm Khoang đã dùng hết 1 chỗ"):
        register("Lý A Hai", "nam-khoang")
    assert {line.unit: line.registered for line in queries.quota_picture(event).lines}["Lam Khê"] == 0


def test_withdrawing_keeps_the_history_and_frees_the_seat(register: Register, event: Event, world: World) -> None:
    delegate = register("Lý A Một", "binh-sa")
    with pytest.raises(RuleBroken, match="lý do"):
        service.withdraw(delegate, world.organizer, "  ")
    service.withdraw(delegate, world.organizer, "Nghỉ ốm")
    service.withdraw(delegate, world.organizer, "Nghỉ ốm")
    assert queries.counts(event) == queries.Counts(active=0, withdrawn=1)
    other = register("Lý A Hai", "binh-sa")
    with pytest.raises(RuleBroken) as full:
        service.put_back(delegate, world.organizer)
    assert full.value.code == "over-quota"
    service.withdraw(other, world.organizer, "Nhường chỗ")
    service.put_back(delegate, world.organizer)
    assert delegate.withdrawn_at is None
    assert delegate.withdraw_reason is None
    assert verbs(f"delegate:{delegate.id}") == ["delegate.register", "delegate.withdraw", "delegate.restore"]
    assert [entry.actor for entry in queries.history_of(delegate)] == ["Lò Thị Mẩy"] * 3


def test_a_change_is_kept_with_what_stood_before(register: Register, event: Event, world: World) -> None:
    delegate = register("Lý A Một", post="Chuyên viên")
    service.change(delegate, world.organizer, post="Phó Trưởng phòng", phone="0987654321", point_id=event.points[0].id)
    service.change(delegate, world.organizer, post="Phó Trưởng phòng")
    (entry, _registered) = queries.history_of(delegate)
    assert entry.detail["changed"] == {
        "post": ["Chuyên viên", "Phó Trưởng phòng"],
        "phone": ["", "0987654321"],
        "point_id": [None, event.points[0].id],
    }
    assert [line.id for line in queries.search_delegates(event.id, "0987654")] == [delegate.id]


def test_the_address_someone_signs_in_with_is_not_changed_from_a_list(register: Register, world: World) -> None:
    delegate = register("Đặng Văn Đức", "nam-khoang", phone="0912345678")
    world.trainee.password_hash = "set already"
    with pytest.raises(RuleBroken) as refused:
        service.change(delegate, world.organizer, email="thief@example.vn")
    assert (refused.value.code, refused.value.field) == ("has-account", "email")


def test_a_cancelled_event_keeps_its_list(register: Register, event: Event, world: World) -> None:
    delegate = register("Lý A Hai")
    event.cancelled_at = event.published_at
    with pytest.raises(RuleBroken) as refused:
        register("Lý A Một")
    assert refused.value.code == "event-cancelled"
    with pytest.raises(RuleBroken) as refused:
        service.withdraw(delegate, world.organizer, "Bận")
    assert refused.value.code == "event-cancelled"
    assert delegate.withdrawn_at is None


def test_the_list_goes_by_unit_or_by_name_and_is_searched_without_accents(register: Register, event: Event) -> None:
    for name, unit in (
        ("Nguyễn Văn Ý", "binh-sa"),
        ("Đặng Đức", "lam-khe"),
        ("Hoàng Đạo", "so-lam-khe"),
        ("Hoàng Ân", "lam-khe"),
    ):
        register(name, unit)
    by_unit = [line.full_name for line in queries.delegates_of(event)]
    assert by_unit == ["Nguyễn Văn Ý", "Hoàng Ân", "Đặng Đức", "Hoàng Đạo"]
    by_name = [line.full_name for line in queries.list_delegates(event, Filters(order="name")).rows]
    assert by_name == ["Hoàng Ân", "Hoàng Đạo", "Đặng Đức", "Nguyễn Văn Ý"]
    assert [line.full_name for line in queries.search_delegates(event.id, "dang duc")] == ["Đặng Đức"]
    assert [line.full_name for line in queries.search_delegates(event.id, "hoang so vhttdl")] == ["Hoàng Đạo"]
    lam_khe = event.quotas[0].unit if event.quotas[0].unit.key == "lam-khe" else event.quotas[1].unit
    assert queries.list_delegates(event, Filters(unit_id=lam_khe.id)).total == 3


def test_a_ticket_is_read_as_scanned_or_typed_and_only_at_its_event(register: Register, event: Event) -> None:
    delegate = register("Lý A Một")
    for written in (delegate.ticket, delegate.ticket.lower(), delegate.ticket.replace("-", " ")):
        assert queries.find_by_ticket(event.id, written) is delegate
    assert queries.find_by_ticket(event.id + 1, delegate.ticket) is None
    assert queries.find_by_ticket(event.id, "' OR 1=1 --") is None


def test_a_seat_admits_to_the_event_and_its_test_until_withdrawn(
    register: Register, event: Event, world: World
) -> None:
    delegate = register("Đặng Văn Đức", "nam-khoang", phone="0912345678")
    person_id = world.trainee.person_id
    assert [seat.event.key for seat in queries.events_of_person(person_id)] == [event.key]
    assert not queries.admits_to_test(person_id, 1)
    service.withdraw(delegate, None, "Bận")
    assert queries.events_of_person(person_id) == []


def test_a_corrected_name_follows_to_the_lists(register: Register, event: Event) -> None:
    delegate = register("Lý A Mot")
    delegate.person.rename("Lý A Một")
    service.follow_person(delegate.person)
    session().flush()
    assert [line.full_name for line in queries.search_delegates(event.id, "mot")] == ["Lý A Một"]


def test_looking_people_up_takes_a_bounded_number_of_statements(app: Flask, world: World, count_statements) -> None:  # type: ignore[no-untyped-def]
    rows = [
        {"full_name": f"Lý A {number}", "unit_id": 1, "post": "", "phone": "", "email": ""} for number in range(400)
    ]
    with count_statements() as statements:
        assert known.match_people(rows) == [None] * 400
    assert len(statements) == 3


@pytest.mark.parametrize(
    ("typed", "same"),
    [("Đỗ Văn Ân", True), ("do van an", True), ("Do Van An", True), ("Đỗ Vân Ân", False), ("Đỗ Văn Ấn", False)],
)
def test_a_shared_phone_makes_no_other_name_the_same_person(
    register: Register, event: Event, world: World, typed: str, same: bool
) -> None:
    known_one = register("Đỗ Văn Ân", "nam-khoang", phone="0912345678")
    row = {"full_name": typed, "unit_id": world.units["lam-khe"].id, "post": "", "phone": "0912345678", "email": ""}
    [match] = known.look_up([row])
    assert match.person_id == (known_one.person_id if same else None)
    assert (match.alike or {}).get("why") == (None if same else "contact")
    if not same:
        assert register(typed, "lam-khe", phone="0912345678").full_name == typed
