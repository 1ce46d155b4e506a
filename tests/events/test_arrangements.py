"""Agenda, hosts, points, quotas, documents, rule, staff."""

from collections.abc import Callable
from datetime import date, time

import pytest

from lms.core.db import session
from lms.core.errors import RuleBroken, RulesBroken
from lms.events import agenda, arrangements, posts_held, uploads
from lms.events.half_days import Span
from lms.events.models import Event, Half, HostRole, StaffRole
from lms.people.models import Person, Post
from lms.registration import service as registration
from lms.registration.service import Candidate
from lms.units.models import Unit, UnitKind
from tests.events.conftest import DAY
from tests.world import World


def test_topics_move_up_and_down_and_between_half_days(world: World, make_event: Callable[..., Event]) -> None:
    event, actor = make_event(span=Span(DAY, Half.MORNING, DAY, Half.AFTERNOON)), world.organizer
    morning, afternoon = event.sessions
    topics = [agenda.add_topic(actor, event, morning, agenda.TopicWords(title)) for title in ("A", "B", "C")]
    agenda.place_topic(actor, event, topics[2], 1)
    agenda.place_topic(actor, event, topics[2], 1)
    assert [one.title for one in morning.topics] == ["C", "A", "B"]
    agenda.edit_topic(actor, event, topics[0], afternoon, agenda.TopicWords("A2", starts_at=time(14, 0)))
    session().expire_all()
    assert [(one.title, one.position) for one in morning.topics] == [("C", 1), ("B", 2)]
    assert [(one.title, one.position) for one in afternoon.topics] == [("A2", 1)]


def test_a_topic_outside_its_half_day_is_refused(world: World, draft: Event) -> None:
    with pytest.raises(RuleBroken) as refused:
        agenda.add_topic(world.organizer, draft, draft.sessions[0], agenda.TopicWords("Muộn", starts_at=time(15, 0)))
    assert refused.value.field == "starts_at"
    assert "07:30" in str(refused.value)


def test_half_days_of_one_day_do_not_overlap(world: World, draft: Event) -> None:
    afternoon = agenda.add_half_day(world.organizer, draft, DAY, Half.AFTERNOON)
    assert agenda.add_half_day(world.organizer, draft, DAY, Half.AFTERNOON) is afternoon
    with pytest.raises(RuleBroken) as refused:
        agenda.set_hours(world.organizer, draft, afternoon, time(11, 0), time(15, 0))
    assert refused.value.code == "clash"
    with pytest.raises(RuleBroken):
        agenda.set_hours(world.organizer, draft, afternoon, time(15, 0), time(14, 0))
    with pytest.raises(RuleBroken):
        agenda.add_half_day(world.organizer, draft, date(2024, 8, 9), Half.MORNING)


def test_a_new_person_becomes_a_speaker_once(world: World, published: Event) -> None:
    topic = published.sessions[0].topics[1]
    new = agenda.NewPerson("  Lê  Thị Mới ", "Trưởng phòng", world.units["so-lam-khe"], "TS")
    first = agenda.add_new_speaker(world.organizer, published, topic, new)
    assert agenda.add_new_speaker(world.organizer, published, topic, new) is first
    assert first.person.full_name == "Lê Thị Mới"
    assert first.person.search == "le thi moi"
    assert first.posts_held == "Trưởng phòng Sở Văn hóa, Thể thao và Du lịch tỉnh Lam Khê"
    agenda.remove_speaker(world.organizer, published, topic, first.id)
    agenda.remove_speaker(world.organizer, published, topic, first.id)
    assert topic.speakers == []


@pytest.mark.parametrize(
    ("post", "unit", "kind", "printed"),
    [
        ("Phó Trưởng Ban", "Ban Tuyên giáo Trung ương", UnitKind.PARTY, "Phó Trưởng Ban Tuyên giáo Trung ương"),
        ("Phó Cục trưởng", "Cục Thông tin đối ngoại", UnitKind.OFFICE, "Phó Cục trưởng Cục Thông tin đối ngoại"),
        ("Phó Chủ tịch UBND tỉnh", "Tỉnh Hòa Bình", UnitKind.PROVINCE, "Phó Chủ tịch UBND tỉnh Hòa Bình"),
        ("Thứ trưởng Bộ Thử", "Bộ Thử", UnitKind.MINISTRY, "Thứ trưởng Bộ Thử"),
        ("Công chức", "Xã Nậm Khoang", UnitKind.COMMUNE, "Công chức xã Nậm Khoang"),
    ],
)
def test_a_post_names_its_unit_once(post: str, unit: str, kind: UnitKind, printed: str) -> None:
    assert posts_held.with_unit(Post(name=post, unit=Unit(name=unit, short_name=unit, kind=kind))) == printed


def test_posts_are_those_of_the_day(speaker: Person) -> None:
    assert posts_held.printed(speaker, date(2025, 4, 1)) == "Chủ tịch HĐND tỉnh Lam Khê"


def test_hosts_stand_before_co_hosts(world: World, draft: Event) -> None:
    actor, units = world.organizer, world.units
    arrangements.add_host(actor, draft, units["binh-sa"], HostRole.CO_HOST)
    arrangements.add_host(actor, draft, units["bo-thu"], HostRole.HOST)
    arrangements.place_host(actor, draft, units["bo-thu"].id, 1)
    assert [host.unit.key for host in draft.hosts] == ["bo-thu", "lam-khe", "binh-sa"]
    assert "binh sa" in draft.search
    arrangements.remove_host(actor, draft, units["binh-sa"].id)
    assert [host.position for host in draft.hosts] == [1, 2]


def test_a_published_event_keeps_a_host_that_lives_on_its_day(world: World, published: Event) -> None:
    with pytest.raises(RuleBroken):
        arrangements.remove_host(world.organizer, published, world.units["lam-khe"].id)
    with pytest.raises(RuleBroken):
        arrangements.add_host(world.organizer, published, world.units["lam-khe"], HostRole.CO_HOST)
    world.units["binh-sa"].valid_from = date(2025, 7, 1)
    with pytest.raises(RulesBroken) as refused:
        arrangements.add_host(world.organizer, published, world.units["binh-sa"], HostRole.HOST)
    assert refused.value.refusals[0].code == "unit"


def test_points_are_written_as_given(world: World, draft: Event) -> None:
    actor = world.organizer
    arrangements.set_points(actor, draft, [(None, "Hội trường", "", None), (None, "Nậm Khoang", "UBND xã", None)])
    first, second = draft.points
    arrangements.set_points(actor, draft, [(second.id, "Nậm Khoang", "Nhà văn hóa", 40), (None, "Bản Mới", "", None)])
    session().expire_all()
    assert [(one.name, one.place) for one in draft.points] == [("Nậm Khoang", "Nhà văn hóa"), ("Bản Mới", "")]
    assert draft.points[0].id == second.id != first.id
    with pytest.raises(RuleBroken):
        arrangements.set_points(actor, draft, [(None, "Trùng", "", None), (None, "trùng", "", None)])


def test_a_quota_never_falls_below_those_registered(world: World, draft: Event) -> None:
    actor, unit, other = world.organizer, world.units["nam-khoang"], world.units["binh-sa"]
    arrangements.set_quotas(actor, draft, {unit: 5, other: 2})
    for name in ("Đặng Văn Đức", "Vàng A Chứ", "Lò Thị Mẩy"):
        registration.register(draft, Candidate(name, unit), actor)
    for fewer in (2, 0):
        with pytest.raises(RulesBroken) as refused:
            arrangements.set_quotas(actor, draft, {unit: fewer, other: 2})
        assert [(one.field, one.params["taken"]) for one in refused.value.refusals] == [(f"seats-{unit.id}", 3)]
    arrangements.set_quotas(actor, draft, {unit: 3, other: 0})
    assert {(one.unit_id, one.seats) for one in draft.quotas} == {(unit.id, 3)}
    arrangements.add_quotas(actor, draft, [other], 4)
    assert {one.unit_id: one.seats for one in draft.quotas} == {unit.id: 3, other.id: 4}


def test_one_seated_beyond_a_quota_binds_no_other_number(world: World, draft: Event) -> None:
    actor, unit, other = world.organizer, world.units["nam-khoang"], world.units["binh-sa"]
    arrangements.set_quotas(actor, draft, {unit: 1, other: 2})
    for name in ("Đặng Văn Đức", "Vàng A Chứ", "Lò Thị Mẩy"):
        registration.register(draft, Candidate(name, unit), actor, over_quota_reason="Công văn bổ sung")
    arrangements.set_quotas(actor, draft, {unit: 1, other: 5})
    arrangements.add_quotas(actor, draft, [other], 6)
    assert {one.unit_id: one.seats for one in draft.quotas} == {unit.id: 1, other.id: 6}
    arrangements.set_quotas(actor, draft, {unit: 2, other: 6})
    with pytest.raises(RulesBroken):
        arrangements.set_quotas(actor, draft, {unit: 1, other: 6})


@pytest.mark.parametrize("seats", [-1, 100_001])
def test_seats_are_within_reason(world: World, draft: Event, seats: int) -> None:
    with pytest.raises(RulesBroken):
        arrangements.set_quotas(world.organizer, draft, {world.units["binh-sa"]: seats})


def test_documents_are_kept_once_and_in_order(world: World, draft: Event) -> None:
    upload = uploads.checked("C:\\Tài liệu\\Đề cương.pdf", b"%PDF-1.7 x")
    first = arrangements.add_document(world.organizer, draft, upload, "")
    assert arrangements.add_document(world.organizer, draft, upload, "") is first
    assert (first.title, first.file_name, first.media_type) == ("Đề cương", "Đề cương.pdf", "application/pdf")
    arrangements.add_document(world.organizer, draft, upload, "Bản khác")
    arrangements.remove_document(world.organizer, draft, first)
    assert [(one.title, one.position) for one in draft.documents] == [("Bản khác", 1)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("cài đặt.exe", b"MZ\x90\x00", "kind"),
        ("tài liệu.pdf.exe", b"%PDF-1.7", "kind"),
        ("không đuôi", b"%PDF-1.7", "kind"),
        ("giả.pdf", b"MZ\x90\x00", "content"),
        ("giả.docx", b"%PDF-1.7", "content"),
        ("rỗng.pdf", b"", "empty"),
        ("lớn.pdf", b"%PDF-" + b"0" * 2000, "size"),
    ],
)
def test_other_files_are_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        uploads.checked(name, content, largest=1024)
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_a_long_name_is_cut_before_its_extension() -> None:
    name = uploads.checked(f"{'dài ' * 80}.pdf", b"%PDF-1.7").file_name
    assert len(name) == 200
    assert name.endswith(".pdf")


def test_staff_take_the_role_given_last(world: World, draft: Event) -> None:
    arrangements.set_staff(world.organizer, draft, world.trainee, StaffRole.DOOR)
    arrangements.set_staff(world.organizer, draft, world.trainee, StaffRole.ORGANIZER)
    assert [(one.account_id, one.role) for one in draft.staff] == [(world.trainee.id, StaffRole.ORGANIZER)]
    arrangements.remove_staff(world.organizer, draft, world.trainee.id)
    assert draft.staff == []
