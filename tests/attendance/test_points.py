"""A remote point: its leader, confirming who is there, counting heads, closing and opening again."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms.attendance import outcomes, point_counts, point_queries, points, service
from lms.attendance.half_days import current
from lms.attendance.models import PointLeader, PointReport, Scan, ScanMethod
from lms.attendance.point_counts import Count
from lms.attendance.points import Ticks, refusal_to_close
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.permissions import Permission
from lms.events import arrangements
from lms.events import service as events
from lms.events.models import Event, Half, HalfDay, Point
from lms.people import privacy
from lms.registration.models import Delegate
from tests.attendance.conftest import at
from tests.registration.conftest import mails_to
from tests.world import World

Put = Callable[..., Delegate]


@pytest.fixture
def point(event: Event) -> Point:
    """Nậm Khoang."""
    return event.points[0]


@pytest.fixture
def three(put: Put, point: Point) -> list[Delegate]:
    """Three people listed at the point."""
    return [put(name, "nam-khoang", point=point) for name in ("Vàng A Chứ", "Lò Thị Mẩy", "Đặng Văn Đức")]


def ids(*people: Delegate) -> frozenset[int]:
    return frozenset(one.id for one in people)


def leader_scans() -> list[Scan]:
    return list(session().scalars(select(Scan).where(Scan.method == ScanMethod.LEADER).order_by(Scan.id)))


def test_ticks_become_scans_and_unticking_takes_back_only_those(
    world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    first, second, third = three
    with clock.stopped_at(at(8)):
        service.check_in(morning, first, world.organizer, ScanMethod.QR)
        done = points.report(point, morning, world.trainee, Ticks(added=ids(first, second, third)), Count())
        assert (done.added, done.taken) == (2, 0)
        assert [scan.at for scan in leader_scans()] == [at(7, 30)] * 2
        assert {scan.reason for scan in leader_scans()} == {points.CONFIRMED}
        done = points.report(point, morning, world.trainee, Ticks(taken=ids(first, second)), Count())
        assert (done.added, done.taken) == (0, 1)
    assert point_queries.present_of(point, morning) == 2
    assert [scan.voided_at is None for scan in leader_scans()] == [False, True]
    verbs = session().scalars(select(AuditEntry.verb).where(AuditEntry.subject == f"point:{point.id}")).all()
    assert verbs == ["point.confirm", "point.confirm"]


def test_before_the_beginning_the_moment_is_that_of_the_tick(
    world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    with clock.stopped_at(at(7)):
        points.report(point, morning, world.trainee, Ticks(added=ids(three[0])), Count())
    assert [scan.at for scan in leader_scans()] == [at(7)]
    with clock.stopped_at(at(5)), pytest.raises(RuleBroken) as refusal:
        points.report(point, morning, world.trainee, Ticks(added=ids(three[1])), Count())
    assert refusal.value.code == "too-early"


def test_only_people_of_the_point_are_confirmed(
    world: World, event: Event, morning: HalfDay, point: Point, three: list[Delegate], put: Put
) -> None:
    other, hall = put("Trần Thị Quỳ", "binh-sa", point=event.points[1]), put("Phạm S", "binh-sa")
    three[0].withdrawn_at = at(6)
    with clock.stopped_at(at(8)):
        done = points.report(point, morning, world.trainee, Ticks(added=ids(other, hall, *three)), Count())
    assert (done.added, done.gone) == (2, 3)
    assert {scan.delegate_id for scan in leader_scans()} == ids(*three[1:])


def test_closing_asks_for_heads_and_for_a_word_about_a_difference(
    world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    ticks = Ticks(added=ids(*three))
    session().commit()
    with clock.stopped_at(at(7)), pytest.raises(RuleBroken, match="chưa bắt đầu"):
        points.close(point, morning, world.trainee, ticks, Count(3))
    session().rollback()
    with clock.stopped_at(at(8)):
        with pytest.raises(RuleBroken) as refusal:
            points.close(point, morning, world.trainee, ticks, Count())
        assert (refusal.value.field, refusal.value.code) == ("heads", "heads-missing")
        with pytest.raises(RuleBroken) as refusal:
            points.close(point, morning, world.trainee, ticks, Count(5))
        assert (refusal.value.field, refusal.value.params["present"]) == ("explanation", 3)
        closed = points.close(point, morning, world.trainee, ticks, Count(5, "  Hai người dự thay  "))
        assert (closed.head_count, closed.named_present, closed.explanation) == (5, 3, "Hai người dự thay")
        assert (closed.closed_at, closed.reported_by_id) == (at(8), world.trainee.id)


def test_what_is_closed_stays_until_it_is_opened_again(
    world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    first, second, third = three
    with clock.stopped_at(at(8)):
        points.close(point, morning, world.trainee, Ticks(added=ids(first, second)), Count(2))
    with clock.stopped_at(at(8, 10)):
        with pytest.raises(RuleBroken) as refusal:
            points.report(point, morning, world.trainee, Ticks(added=ids(third)), Count(3))
        assert refusal.value.code == "point-closed"
        again = points.close(point, morning, world.organizer, Ticks(added=ids(third)), Count(9))
        assert (again.head_count, again.named_present, again.closed_at) == (2, 2, at(8))
        service.check_in(morning, third, world.organizer, ScanMethod.QR)
    tally = point_queries.tallies(point.event, morning, point)[0]
    assert (tally.present, tally.named, tally.stored_after, tally.difference) == (3, 2, 1, 0)
    assert tally.moved
    with clock.stopped_at(at(9)):
        with pytest.raises(RuleBroken) as refusal:
            points.reopen(again, world.organizer, "  ")
        assert refusal.value.field == "reason"
        points.reopen(again, world.organizer, "Có người đến muộn")
        points.reopen(again, world.organizer, "Lần nữa")
        points.close(point, morning, world.trainee, Ticks(), Count(3))
    history = point_queries.history(point, morning)
    assert [(row.verb, row.detail["named"]) for row in history] == [
        ("point.close", 3),
        ("point.reopen", 2),
        ("point.close", 2),
    ]
    assert history[1].detail["reason"] == "Có người đến muộn"


def test_heads_can_be_noted_and_corrected_before_the_closing(world: World, morning: HalfDay, point: Point) -> None:
    with clock.stopped_at(at(8)):
        with pytest.raises(RuleBroken) as refusal:
            points.report(point, morning, world.trainee, Ticks(), Count(None, "Vì sao"))
        assert refusal.value.field == "heads"
        for heads in (-1, point_counts.MOST_HEADS + 1):
            with pytest.raises(RuleBroken, match="Cần một số"):
                points.report(point, morning, world.trainee, Ticks(), Count(heads))
        points.report(point, morning, world.trainee, Ticks(), Count(4))
        points.report(point, morning, world.organizer, Ticks(), Count(5, "Đếm lại"))
    report = session().scalars(select(PointReport)).one()
    assert (report.head_count, report.explanation, report.reported_by_id) == (5, "Đếm lại", world.organizer.id)
    assert report.closed_at is None


def test_a_cancelled_event_confirms_and_closes_nothing(
    world: World, event: Event, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    event.cancelled_at = at(6)
    with clock.stopped_at(at(8)):
        for act in (points.report, points.close):
            with pytest.raises(RuleBroken, match="đã hủy"):
                act(point, morning, world.trainee, Ticks(added=ids(three[0])), Count(1))
        with pytest.raises(RuleBroken, match="đã hủy"):
            points.name_leader(point, "Lý A Hai", "hai@example.vn", world.organizer)


def test_a_confirmed_presence_counts_unless_the_rule_leaves_it_out(
    world: World, event: Event, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    with clock.stopped_at(at(10)):
        points.report(point, morning, world.trainee, Ticks(added=ids(three[0])), Count())
    event.late_minutes = 15
    assert outcomes.summary(event)[0].as_json()["late"] == 0
    assert outcomes.counted_half_days(event) == {three[0].id: {morning.id}}
    event.evidence = "qr"
    assert outcomes.counted_half_days(event) == {}


def test_naming_a_leader_makes_an_account_and_writes_once(world: World, event: Event, point: Point) -> None:
    leader = points.name_leader(point, "Lý A Hai", "hai@example.vn", world.organizer)
    assert points.name_leader(point, "Lý A Hai", "hai@example.vn", world.organizer) is leader
    assert mails_to("hai@example.vn") == ["[Điểm cầu] Nậm Khoang: Hội nghị tập huấn Lam Khê"]
    assert leader.account.has_permission(Permission.POINT)
    assert not leader.account.has_permission(Permission.DOOR)
    with pytest.raises(RuleBroken) as refusal:
        points.name_leader(point, "Lý A Ba", "hai@example.vn", world.organizer)
    assert refusal.value.code == "email-taken"
    points.remove_leader(leader, world.organizer)
    assert not leader.account.has_permission(Permission.POINT)


def test_leaders_of_a_draft_are_written_to_when_it_is_public_and_when_it_is_off(
    world: World, event: Event, point: Point
) -> None:
    event.published_at = None
    for one in event.points:
        points.name_leader(one, "Đặng Văn Đức", "trainee@example.vn", world.organizer)
    assert mails_to("trainee@example.vn") == []
    points.published(event)
    assert len(mails_to("trainee@example.vn")) == 2
    event.published_at = at(6)
    events.cancel(world.organizer, event, "Bão")
    assert mails_to("trainee@example.vn")[2:] == ["[Đã hủy] Hội nghị tập huấn Lam Khê"]


def test_a_point_without_people_goes_with_its_leader_and_one_with_a_report_stays(
    world: World, event: Event, morning: HalfDay, point: Point
) -> None:
    points.name_leader(event.points[1], "Đặng Văn Đức", "trainee@example.vn", world.organizer)
    session().commit()
    arrangements.set_points(world.organizer, event, [(point.id, point.name, point.place, None)])
    assert session().scalars(select(PointLeader)).all() == []
    with clock.stopped_at(at(8)):
        points.report(point, morning, world.trainee, Ticks(), Count(1))
    session().commit()
    with pytest.raises(RuleBroken):
        arrangements.set_points(world.organizer, event, [(None, "Điểm khác", "", None)])


def test_leading_a_point_is_told_among_what_is_held_of_a_person(world: World, point: Point) -> None:
    points.name_leader(point, "Đặng Văn Đức", "trainee@example.vn", world.organizer)
    held = {one.category.key: one.records for one in privacy.held(world.trainee.person)}
    told = {"event": "Hội nghị tập huấn Lam Khê", "on": "2024-08-07", "point": "Nậm Khoang"}
    assert held["point-leaders"] == [told]


def test_points_of_today_and_coming_are_listed_for_their_leader(world: World, event: Event, point: Point) -> None:
    points.name_leader(point, "Đặng Văn Đức", "trainee@example.vn", world.organizer)
    with clock.stopped_at(at(8)):
        points.close(point, event.sessions[0], world.trainee, Ticks(), Count(0))
        rows = [(row.name, row.closed, row.half_days) for row in point_queries.led_by(world.trainee.id)]
        assert rows == [("Nậm Khoang", 1, 2)]
        assert point_queries.led_by(world.organizer.id) == []
    with clock.stopped_at(at(8) + timedelta(days=1)):
        assert point_queries.led_by(world.trainee.id) == []


def test_the_figures_of_every_point_take_a_bounded_number_of_statements(
    world: World,
    event: Event,
    morning: HalfDay,
    put: Put,
    count_statements: Callable[..., AbstractContextManager[list[str]]],
) -> None:
    def statements() -> int:
        session().expire_all()
        with count_statements() as seen:
            point_queries.tallies(event, morning)
            point_queries.leaders(event)
            point_queries.closed_counts(event)
        return len(seen)

    def close_all(some: Sequence[Point]) -> None:
        with clock.stopped_at(at(8)):
            for one in some:
                delegate = put(f"Lò Văn {one.position}", "nam-khoang", point=one)
                points.close(one, morning, world.trainee, Ticks(added=ids(delegate)), Count(1))
                points.name_leader(one, "Đặng Văn Đức", "trainee@example.vn", world.organizer)

    close_all(event.points)
    few = statements()
    more = [Point(position=place, name=f"Điểm {place}") for place in range(3, 40)]
    event.points += more
    session().flush()
    close_all(more)
    assert statements() == few
    assert all(tally.closed and tally.difference == 0 for tally in point_queries.tallies(event, morning))


@given(
    begun=st.booleans(),
    heads=st.none() | st.integers(0, 50),
    present=st.integers(0, 50),
    explanation=st.sampled_from(("", "   ", "\n", "Hai người dự thay")),
)
def test_a_point_closes_only_when_begun_counted_and_explained(
    begun: bool, heads: int | None, present: int, explanation: str
) -> None:
    refusal = refusal_to_close(begun, heads, present, explanation)
    explained = heads == present or bool(explanation.strip())
    assert (refusal is None) == (begun and heads is not None and explained)


@given(
    shown=st.frozensets(st.integers(1, 9)),
    sent=st.frozensets(st.integers(1, 9)),
    others=st.frozensets(st.integers(1, 9)),
)
def test_ticks_leave_alone_what_others_did_meanwhile(
    shown: frozenset[int], sent: frozenset[int], others: frozenset[int]
) -> None:
    ticks = Ticks.between(shown, sent)
    stands = others | shown
    after = (stands | ticks.added) - ticks.taken
    assert after & (shown | sent) == sent
    assert after - (shown | sent) == others - (shown | sent)


@given(minute=st.integers(-600, 2000))
def test_the_half_day_meant_is_the_one_running_else_the_next_else_the_last(minute: int) -> None:
    day = date(2024, 8, 7)
    halves = [
        HalfDay(on=day, half=Half.MORNING, starts_at=time(7, 30), ends_at=time(11, 30)),
        HalfDay(on=day, half=Half.AFTERNOON, starts_at=time(13, 30), ends_at=time(17, 0)),
    ]
    now: datetime = at(0) + timedelta(minutes=minute)
    meant = current(halves, now)
    assert meant is (halves[0] if now < at(11, 30) else halves[1])
    assert current([], now) is None
