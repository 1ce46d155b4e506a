"""An event's life: draft, published, moved, cancelled, copied, deleted."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

import pytest

from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken, RulesBroken
from lms.events import agenda, arrangements, copying, planning, queries, service, uploads
from lms.events.half_days import Span
from lms.events.models import Event, EventKind, Half, HostRole, StaffRole, TrainingPlan
from lms.people.models import Person
from tests.events.conftest import DAY, MORNING
from tests.world import World


def test_half_days_and_hours_are_made_from_the_dates(make_event: Callable[..., Event]) -> None:
    event = make_event(span=Span(DAY, Half.AFTERNOON, DAY + timedelta(days=1), Half.AFTERNOON))
    assert [one.key for one in event.sessions] == ["2024-08-07-chieu", "2024-08-08-sang", "2024-08-08-chieu"]
    assert (event.hours, event.state, event.key) == (12, "draft", "hoi-nghi-tap-huan-cong-tac-thong-tin-doi-ngoai-2024")
    assert event.sessions[0].starts_at == time(13, 30)


def test_the_same_form_sent_twice_makes_one_draft(make_event: Callable[..., Event]) -> None:
    assert make_event().id == make_event().id


def test_two_events_of_one_title_get_different_addresses(make_event: Callable[..., Event]) -> None:
    first, second = make_event(), make_event(place="Thị trấn khác")
    assert second.key == f"{first.key}-2"


@pytest.mark.parametrize(
    "span",
    [
        Span(DAY, Half.AFTERNOON, DAY, Half.MORNING),
        Span(DAY, Half.MORNING, DAY - timedelta(days=1), Half.MORNING),
        Span(DAY, Half.MORNING, DAY + timedelta(days=60), Half.MORNING),
    ],
)
def test_days_out_of_order_or_endless_are_refused(make_event: Callable[..., Event], span: Span) -> None:
    with pytest.raises(RulesBroken) as refused:
        make_event(span=span)
    assert refused.value.refusals[0].field == "ends_on"


def test_publishing_names_everything_that_is_missing(world: World, make_event: Callable[..., Event]) -> None:
    event = make_event(kind=EventKind.HYBRID, place=" ", host=None)
    agenda.remove_half_day(world.organizer, event, event.sessions[0])
    with pytest.raises(RulesBroken) as refused:
        service.publish(world.organizer, event)
    assert {one.code for one in refused.value.refusals} == {"sessions", "host", "place", "points"}
    assert event.published_at is None


def test_publishing_freezes_the_posts_of_the_day(world: World, draft: Event, speaker: Person) -> None:
    service.publish(world.organizer, draft)
    shown = draft.sessions[0].topics[0].speakers[0]
    expected = "Chủ tịch HĐND tỉnh Lam Khê; Giám đốc Sở Văn hóa, Thể thao và Du lịch tỉnh Lam Khê"
    assert shown.posts_held == expected
    speaker.posts[0].name = "Đã đổi"
    service.publish(world.organizer, draft)
    assert shown.posts_held == expected, "publishing again changes nothing"
    agenda.renew_posts(world.organizer, draft, draft.sessions[0].topics[0], shown.id)
    assert shown.posts_held.startswith("Đã đổi")


def test_a_published_event_is_edited_but_keeps_its_address(world: World, published: Event) -> None:
    details = service.Details(title="Tên mới", kind=EventKind.CLASS, place="Nơi khác")
    service.edit_event(world.organizer, published, details, MORNING)
    assert (published.title, published.hours) == ("Tên mới", 4)
    with pytest.raises(RuleBroken) as refused:
        service.edit_event(world.organizer, published, details, MORNING, key="dia-chi-khac")
    assert refused.value.field == "key"
    assert "ten moi" in published.search
    assert "tinh lam khe" in published.search


def test_a_draft_takes_another_address_unless_it_is_taken(world: World, make_event: Callable[..., Event]) -> None:
    first, second = make_event(), make_event("Lớp khác")
    details = service.Details(title="Lớp khác", kind=EventKind.CLASS, place="Nơi khác")
    service.edit_event(world.organizer, second, details, MORNING, key="lop-khac")
    assert second.key == "lop-khac"
    for wrong in (first.key, "new", "Có Dấu"):
        with pytest.raises(RuleBroken):
            service.edit_event(world.organizer, second, details, MORNING, key=wrong)


def test_moving_keeps_the_agenda_and_prints_the_posts_of_the_new_day(world: World, published: Event) -> None:
    moved = MORNING.beginning_on(date(2025, 8, 8))
    details = service.Details(title=published.title, kind=EventKind.CONFERENCE, place=published.place)
    service.edit_event(world.organizer, published, details, moved)
    assert [one.key for one in published.sessions] == ["2025-08-08-sang"]
    assert [topic.title for topic in published.sessions[0].topics] == ["Khai mạc", "Quan điểm chỉ đạo"]
    assert published.sessions[0].topics[0].speakers[0].posts_held == "Bí thư Tỉnh ủy Lam Khê"


def test_moving_three_days_by_one_never_collides(world: World, make_event: Callable[..., Event]) -> None:
    span = Span(DAY, Half.MORNING, DAY + timedelta(days=2), Half.AFTERNOON)
    event = make_event(span=span)
    for by in (1, -1):
        service.move(event, service.span_of(event).beginning_on(event.starts_on + timedelta(days=by)))
        session().flush()
    assert service.span_of(event) == span
    assert len(event.sessions) == 6


def test_shortening_drops_empty_half_days_only(world: World, make_event: Callable[..., Event]) -> None:
    event = make_event(span=Span(DAY, Half.MORNING, DAY, Half.AFTERNOON))
    agenda.add_topic(world.organizer, event, event.sessions[1], agenda.TopicWords("Chuyên đề chiều"))
    with pytest.raises(RuleBroken) as refused:
        service.move(event, MORNING)
    assert refused.value.code == "topics"
    agenda.remove_topic(world.organizer, event, event.sessions[1].topics[0])
    service.move(event, MORNING)
    assert [one.half for one in event.sessions] == [Half.MORNING]


@pytest.fixture
def attended() -> Iterator[list[int]]:
    """Half-days that a feature above says were attended."""
    ids: list[int] = []
    service.attended_sources.append(lambda _event: ids)
    yield ids
    service.attended_sources.pop()


def test_an_attended_half_day_is_neither_moved_nor_removed(
    world: World, make_event: Callable[..., Event], attended: list[int]
) -> None:
    event = make_event()
    attended.append(event.sessions[0].id)
    with pytest.raises(RuleBroken) as refused:
        service.move(event, MORNING.beginning_on(DAY + timedelta(days=1)))
    assert refused.value.code == "attended"
    with pytest.raises(RuleBroken):
        agenda.remove_half_day(world.organizer, event, event.sessions[0])


def test_cancelling_keeps_the_event_in_sight_and_closes_it(world: World, published: Event) -> None:
    service.cancel(world.organizer, published, "Bão số 3")
    service.cancel(world.organizer, published, "Lý do khác")
    assert (published.state, published.cancel_reason) == ("cancelled", "Bão số 3")
    assert queries.get_visible_event(None, published.key) is published
    with pytest.raises(RuleBroken):
        arrangements.add_host(world.organizer, published, world.units["binh-sa"], HostRole.CO_HOST)


def test_a_draft_is_deleted_and_a_published_event_is_not(world: World, draft: Event) -> None:
    with pytest.raises(RuleBroken):
        service.cancel(world.organizer, draft, "Chưa công bố")
    key = draft.key
    service.publish(world.organizer, draft)
    with pytest.raises(RuleBroken):
        service.delete(world.organizer, draft)
    draft.published_at = None
    service.delete(world.organizer, draft)
    assert session().query(Event).filter_by(key=key).count() == 0


def test_a_draft_that_was_copied_is_not_deleted(world: World, draft: Event) -> None:
    copying.copy_event(world.organizer, draft, title="Bản chép", starts_on=DAY)
    with pytest.raises(RuleBroken) as refused:
        service.delete(world.organizer, draft)
    assert refused.value.code == "in_use"


def test_a_copy_has_the_structure_and_no_history(world: World, published: Event, plan: TrainingPlan) -> None:
    published.plan = plan
    actor = world.organizer
    arrangements.add_host(actor, published, world.units["bo-thu"], HostRole.CO_HOST)
    arrangements.set_points(actor, published, [(None, "Điểm cầu Nậm Khoang", "UBND xã", None)])
    arrangements.set_quotas(actor, published, {world.units["nam-khoang"]: 5, world.units["binh-sa"]: 3})
    arrangements.set_staff(actor, published, world.trainee, StaffRole.DOOR)
    upload = uploads.checked("Tài liệu.pdf", b"%PDF-1.7 x")
    arrangements.add_document(actor, published, upload, "Tài liệu")
    arrangements.set_rule(actor, published, attendance_percent=80, test=None, courses=[])
    world.units["binh-sa"].valid_to = date(2025, 7, 1)
    copy = copying.copy_event(actor, published, title=published.title, starts_on=date(2025, 8, 20))
    assert copying.copy_event(actor, published, title=published.title, starts_on=date(2025, 8, 20)) is copy
    assert (copy.state, copy.plan, copy.attendance_percent, copy.ends_on) == ("draft", plan, 80, date(2025, 8, 20))
    assert copy.key.endswith("-2025")
    assert copy.copied_from_id == published.id
    assert [one.key for one in copy.sessions] == ["2025-08-20-sang"]
    topics = copy.sessions[0].topics
    assert [(one.title, one.starts_at) for one in topics] == [
        ("Khai mạc", time(8, 0)),
        ("Quan điểm chỉ đạo", time(8, 30)),
    ]
    assert [(one.person.full_name, one.posts_held) for one in topics[0].speakers] == [("Bùi Đức Thử", "")]
    assert [(one.unit.key, one.role) for one in copy.hosts] == [("lam-khe", "host"), ("bo-thu", "co-host")]
    assert [(one.name, one.place) for one in copy.points] == [("Điểm cầu Nậm Khoang", "UBND xã")]
    assert [(one.unit.key, one.seats) for one in copy.quotas] == [("nam-khoang", 5)]
    assert [one.file for one in copy.documents] == [one.file for one in published.documents]
    assert [one.account_id for one in copy.staff] == [world.trainee.id]
    assert [unit.key for unit in copying.units_left_out(published, copy.starts_on)] == ["binh-sa"]


def test_every_act_is_in_the_record(world: World, published: Event) -> None:
    verbs = {one.verb for one in session().query(AuditEntry).filter_by(subject=f"event:{published.id}")}
    assert {"event.create", "topic.add", "speaker.add", "event.publish"} <= verbs


def test_a_plan_number_is_used_once_a_year(world: World, plan: TrainingPlan) -> None:
    words = planning.PlanWords(
        number=plan.number,
        title=plan.title,
        issuer=plan.issuer,
        issued_on=plan.issued_on,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
    )
    assert planning.create_plan(world.organizer, plan.unit, words) is plan
    other = planning.PlanWords(**{**vars(words), "title": "Kế hoạch khác"})
    with pytest.raises(RuleBroken) as refused:
        planning.create_plan(world.organizer, plan.unit, other)
    assert refused.value.field == "number"
    backwards = planning.PlanWords(**{**vars(words), "ends_on": date(2024, 1, 1)})
    with pytest.raises(RuleBroken):
        planning.edit_plan(world.organizer, plan, backwards, [], [])
