"""Who sees which events and plans, and how lists are searched."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from lms.core import clock
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.permissions import Permission
from lms.events import arrangements, choosing, policy, queries, service
from lms.events.half_days import Span
from lms.events.models import Event, Half, StaffRole, TrainingPlan
from tests.events.conftest import DAY
from tests.world import World


def test_drafts_are_seen_by_their_organizers_and_staff_only(world: World, draft: Event) -> None:
    for account in (None, world.trainee, world.stranger, world.instructor):
        with pytest.raises(NotFound):
            queries.get_visible_event(account, draft.key)
    arrangements.set_staff(world.organizer, draft, world.trainee, StaffRole.DOOR)
    for account in (world.organizer, world.admin, world.trainee):
        assert queries.get_visible_event(account, draft.key) is draft


@pytest.mark.parametrize(
    ("role", "held"),
    [
        (
            StaffRole.ORGANIZER,
            {
                *(Permission.EVENTS, Permission.DELEGATES, Permission.SEATS, Permission.DOOR, Permission.POINT),
                Permission.CERTIFICATES,
            },
        ),
        (StaffRole.DOOR, {Permission.DOOR}),
    ],
)
def test_staff_hold_permissions_on_their_event_only(
    world: World,
    draft: Event,
    make_event: Callable[..., Event],
    role: StaffRole,
    held: set[Permission],
) -> None:
    other = make_event("Lớp khác")
    arrangements.set_staff(world.organizer, draft, world.trainee, role)
    session().expire(draft, ["staff"])
    for permission in Permission:
        assert world.trainee.has_permission(permission) == (permission in held)
        assert policy.may_manage(world.trainee, draft, permission) == (permission in held)
        if permission in held:
            assert queries.get_managed_event(world.trainee, draft.key, permission) is draft
        else:
            with pytest.raises(NotFound):
                queries.get_managed_event(world.trainee, draft.key, permission)
        with pytest.raises(NotFound):
            queries.get_managed_event(world.trainee, other.key, permission)
    assert not policy.may_create(world.trainee)


def test_a_published_event_of_others_is_seen_but_not_managed(world: World, published: Event) -> None:
    assert queries.get_visible_event(None, published.key) is published
    for account in (world.stranger, world.trainee, world.instructor):
        with pytest.raises(NotFound):
            queries.get_managed_event(account, published.key)


def test_plans_of_units_above_are_read_and_not_written(world: World, plan: TrainingPlan) -> None:
    grant = world.organizer.grants[0]
    grant.unit = world.units["so-lam-khe"]
    assert queries.get_visible_plan(world.organizer, plan.id) is plan
    with pytest.raises(NotFound):
        queries.get_managed_plan(world.organizer, plan.id)
    with pytest.raises(NotFound):
        queries.get_visible_plan(world.stranger, plan.id)
    assert queries.get_managed_plan(world.admin, plan.id) is plan


def test_the_list_goes_now_then_coming_then_past(world: World, make_event: Callable[..., Event]) -> None:
    with clock.stopped_at(datetime(2024, 8, 7, 2, tzinfo=UTC)):
        for days in (-30, 40, 0, 10, -5):
            day = DAY + timedelta(days=days)
            service.publish(
                world.organizer, make_event(f"Cách {days} ngày", Span(day, Half.MORNING, day, Half.MORNING))
            )
        titles = [event.title for event in queries.list_events(None).rows]
    assert titles == ["Cách 0 ngày", "Cách 10 ngày", "Cách 40 ngày", "Cách -5 ngày", "Cách -30 ngày"]


def test_search_is_blind_to_accents_and_finds_hosts(world: World, published: Event) -> None:
    for words in ("doi ngoai", "ĐỐI NGOẠI", "hội trường", "lam khe", published.key):
        assert [event.id for event in queries.list_events(None, search=words).rows] == [published.id]
    assert queries.list_events(None, search="100% không có").total == 0


def test_three_hundred_events_take_as_many_statements_as_three(
    world: World, make_event: Callable[..., Event], count_statements: Callable[..., object]
) -> None:
    counts = []
    for size in (3, 300):
        for number in range(session().query(Event).count(), size):
            make_event(f"Lớp số {number}").published_at = clock.now()
        session().flush()
        session().expire_all()
        with count_statements() as statements:  # type: ignore[attr-defined]
            page = queries.list_events(None, page=1)
            assert [host.unit.name for event in page.rows for host in event.hosts]
        counts.append(len(statements))
    assert page.total == 300
    assert len(page.rows) == 50
    assert counts[0] == counts[1] <= 4


def test_a_unit_is_named_in_part_or_in_full_as_of_a_day(world: World) -> None:
    def named(text: str, day: date = DAY) -> str:
        return choosing.the_unit(text, day, field="unit").key

    assert named("Tỉnh Lam Khê") == "lam-khe"
    assert named("lam khe") == "lam-khe"
    assert named("nam khoang") == "nam-khoang"
    for text, why in (("tinh", "Có nhiều"), ("không có đâu", "Không có"), ("", "Không có")):
        with pytest.raises(RuleBroken) as refused:
            named(text)
        assert why in str(refused.value)
    world.units["nam-khoang"].valid_from = date(2025, 7, 1)
    session().flush()
    with pytest.raises(RuleBroken):
        named("nam khoang")
    with pytest.raises(RuleBroken):
        choosing.the_unit("Bình Sa", DAY, field="unit", account=world.organizer, permission=Permission.EVENTS)


def test_people_are_found_without_accents(world: World) -> None:
    assert [person.full_name for person in choosing.search_people("dang van duc")] == ["Đặng Văn Đức"]
    assert [one.email for one in choosing.search_accounts("trainee@example.vn")] == ["trainee@example.vn"]
    assert choosing.search_people("%") == [] == choosing.search_accounts(" ")
