"""Seats are counted where they are given, and go to whoever waits by the stated rule."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import session
from lms.core.errors import RuleBroken, RulesBroken
from lms.core.mail import OutboxMail
from lms.events import arrangements
from lms.events.models import Event, Point, PointQuota, Quota, SelfRegistration
from lms.registration import applications, focal_points, queries, seating, service, waiting
from lms.registration.models import Application, Delegate, DelegateRole
from lms.registration.service import Candidate
from tests.registration.conftest import Register
from tests.world import World

UNITS = ("lam-khe", "so-lam-khe", "nam-khoang", "binh-sa", "bo-thu")


@pytest.fixture
def ask(coming: Event, world: World) -> Callable[..., Application]:
    """`ask("Phạm S", "binh-sa")` asks for a seat through the event's link."""

    def asking(full_name: str, unit: str = "binh-sa", *, by_unit: bool = False, **more: Any) -> Application:
        email = more.pop("email", f"{full_name.casefold().encode().hex()}@example.vn")
        candidate = Candidate(full_name, world.units[unit], email=email, **more)
        return applications.ask(coming, candidate, by_unit=by_unit)

    return asking


def counted(event: Event) -> dict[str, Any]:
    """The counters as the tables hold them."""
    session().flush()
    session().expire_all()
    return {
        "event": event.seats_taken,
        "quotas": {one.unit_id: one.taken for one in event.quotas},
        "points": {one.id: one.seats_taken for one in event.points},
        "shares": {(one.unit_id, one.point_id): one.taken for quota in event.quotas for one in quota.at_points},
    }


def from_the_rows(event: Event) -> dict[str, Any]:
    """The same numbers counted from the delegates one by one."""
    seated = [
        one
        for one in session().scalars(select(Delegate).where(Delegate.event_id == event.id))
        if one.withdrawn_at is None and one.role == DelegateRole.DELEGATE
    ]

    def quota_of(one: Delegate) -> int | None:
        covering = [quota.unit for quota in event.quotas if one.unit.path.startswith(quota.unit.path)]
        return max(covering, key=lambda unit: len(unit.path)).id if covering else None

    return {
        "event": len(seated),
        "quotas": {quota.unit_id: sum(quota_of(one) == quota.unit_id for one in seated) for quota in event.quotas},
        "points": {point.id: sum(one.point_id == point.id for one in seated) for point in event.points},
        "shares": {
            (share.unit_id, share.point_id): sum(
                quota_of(one) == share.unit_id and one.point_id == share.point_id for one in seated
            )
            for quota in event.quotas
            for share in quota.at_points
        },
    }


def state(application: Application) -> str:
    return str(session().scalar(select(Application.state).where(Application.id == application.id)))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("register", "ask", "withdraw", "return", "role", "point", "quota", "seats", "replace")),
        st.integers(0, 11),
        st.sampled_from(UNITS),
        st.sampled_from((None, 0)),
        st.integers(0, 4),
    ),
    max_size=14,
)


@given(acts=ACTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counters_are_what_the_rows_say_and_nobody_waits_beside_a_free_seat(
    coming: Event, world: World, acts: list[tuple[str, int, str, int | None, int]]
) -> None:
    with session().begin_nested() as savepoint:
        for act in acts:
            with suppress(RuleBroken), session().begin_nested():
                do(coming, world, *act)
        assert counted(coming) == from_the_rows(coming)
        assert waiting._next(coming) is None
        savepoint.rollback()
    session().expire_all()


def do(event: Event, world: World, verb: str, who: int, unit: str, point: int | None, number: int) -> None:
    """One act of an organizer, a unit or a person; refusals are fine."""
    actor, place = world.organizer, event.points[point] if point is not None else None
    candidate = Candidate(f"Lý A {who}", world.units[unit], email=f"ly{who}@example.vn", point=place)
    found = session().scalar(
        select(Delegate).where(Delegate.event_id == event.id, Delegate.full_name == f"Lý A {who}").limit(1)
    )
    if verb == "register":
        service.register(event, candidate, actor, over_quota_reason="Được duyệt thêm" if number == 4 else "")
    elif verb == "ask":
        applications.ask(event, candidate)
    elif verb == "quota":
        with suppress(RulesBroken):
            arrangements.set_quotas(
                actor, event, {**{one.unit: one.seats for one in event.quotas}, world.units[unit]: number}
            )
    elif verb == "seats":
        arrangements.set_seats(actor, event, number * 3 or None, SelfRegistration.OPEN)
    elif found is None:
        return
    elif verb == "withdraw":
        service.withdraw(found, actor, "Bận việc")
    elif verb == "return":
        service.put_back(found, actor)
    elif verb == "role":
        service.change(found, actor, role=DelegateRole.GUEST if number % 2 else DelegateRole.DELEGATE)
    elif verb == "point":
        service.change(found, actor, point_id=place.id if place is not None else None)
    elif verb == "replace":
        service.substitute(found, Candidate(f"Lý B {number}", found.unit), actor, "Cử người khác")


def test_a_freed_seat_goes_to_the_unit_under_its_quota_first(
    ask: Callable[..., Application], register: Register, coming: Event, world: World
) -> None:
    seated = register("Lý A Một", "binh-sa")
    other = [register(f"Giàng A {name}", "nam-khoang") for name in ("Chứ", "Páo", "Sử")]
    early, late = ask("Vàng A Chứ", "nam-khoang"), ask("Phạm S", "binh-sa")
    assert (state(early), state(late)) == ("waiting", "waiting")
    assert (waiting.standing(early), waiting.standing(late)) == (1, 1)

    service.withdraw(seated, world.organizer, "Nghỉ ốm")

    assert (state(early), state(late)) == ("waiting", "seated")
    assert late.delegate is not None
    assert late.delegate.over_quota_reason is None
    service.withdraw(other[0], world.organizer, "Nghỉ ốm")
    assert state(early) == "seated"


def test_before_the_deadline_a_units_seats_are_kept_for_it_and_after_it_the_earliest_gets_them(
    ask: Callable[..., Application], register: Register, coming: Event, world: World
) -> None:
    register("Lý A Một", "binh-sa")
    first, second = ask("Phạm S"), ask("Phạm Duy Hưng")
    assert coming.seats_taken == 1
    assert [state(one) for one in (first, second)] == ["waiting", "waiting"]

    with clock.stopped_at(clock.now() + timedelta(days=15)):
        service.seats_changed(coming)

    assert [state(one) for one in (first, second)] == ["seated", "seated"]
    assert first.delegate is not None
    assert first.delegate.over_quota_reason == waiting.LEFT_OVER
    assert coming.seats_taken == 3


def test_in_line_the_earliest_is_first_and_the_limit_of_the_event_holds(
    ask: Callable[..., Application], coming: Event, world: World
) -> None:
    coming.quotas.clear()
    arrangements.set_seats(world.organizer, coming, 2, SelfRegistration.OPEN)
    asked = [ask(name) for name in ("Lý A Một", "Lý A Hai", "Lý A Ba", "Lý A Bốn")]
    assert [state(one) for one in asked] == ["seated", "seated", "waiting", "waiting"]
    assert waiting.standing(asked[3]) == 2
    arrangements.set_seats(world.organizer, coming, 3, SelfRegistration.OPEN)
    assert [state(one) for one in asked] == ["seated", "seated", "seated", "waiting"]
    with pytest.raises(RuleBroken) as refused:
        arrangements.set_seats(world.organizer, coming, 2, SelfRegistration.OPEN)
    assert refused.value.params == {"taken": 3}


def test_promotion_tells_the_person_and_the_unit_why(
    ask: Callable[..., Application], register: Register, coming: Event, world: World
) -> None:
    focal_points.name(coming, world.units["binh-sa"], "Bùi Thị Ngọc Ánh", "other_trainee@example.vn", world.organizer)
    seated = register("Lý A Một", "binh-sa")
    ask("Phạm S", email="s@binh-sa.example.vn")
    service.withdraw(seated, world.organizer, "Nghỉ ốm")
    mails = {one.recipient: one for one in session().scalars(select(OutboxMail).order_by(OutboxMail.id))}
    assert "người chờ sớm nhất của đơn vị" in mails["s@binh-sa.example.vn"].body
    assert mails["s@binh-sa.example.vn"].subject == "[Đã có chỗ] Hội nghị tập huấn Lam Khê"
    assert "Phạm S (Tỉnh Bình Sa) đã chuyển từ danh sách chờ" in mails["other_trainee@example.vn"].body


def test_asking_twice_is_once_and_someone_on_the_list_is_told(
    ask: Callable[..., Application], register: Register
) -> None:
    register("Lý A Một", "binh-sa")
    first = ask("Phạm S", email="s@binh-sa.example.vn")
    assert ask("Phạm S", email="s@binh-sa.example.vn") is first
    with pytest.raises(RuleBroken) as taken:
        ask("Vàng A Chứ", email="s@binh-sa.example.vn")
    assert taken.value.code == "email-taken"
    register("Đặng Văn Đức", "lam-khe", email="duc@example.com")
    with pytest.raises(RuleBroken) as known:
        ask("Đặng Văn Đức", "lam-khe", email="duc@example.com")
    assert known.value.code == "known"


def test_who_withdrew_and_asks_again_gets_the_same_row(
    ask: Callable[..., Application], register: Register, world: World
) -> None:
    delegate = register("Phạm S", "binh-sa", email="s@binh-sa.example.vn")
    service.withdraw(delegate, world.organizer, "Bận việc")
    again = ask("Phạm S", email="s@binh-sa.example.vn", post="Chánh Văn phòng")
    assert (state(again), again.delegate_id) == ("seated", delegate.id)
    assert (delegate.withdrawn_at, delegate.post) == (None, "Chánh Văn phòng")


def test_with_approval_nothing_is_given_before_the_organizer_says_so(
    ask: Callable[..., Application], coming: Event, world: World
) -> None:
    arrangements.set_seats(world.organizer, coming, None, SelfRegistration.APPROVAL)
    asked, refused = ask("Phạm S"), ask("Vàng A Chứ")
    assert (state(asked), state(refused), coming.seats_taken) == ("requested", "requested", 0)
    applications.approve(asked, world.organizer)
    applications.approve(asked, world.organizer)
    assert (state(asked), coming.seats_taken) == ("seated", 1)
    with pytest.raises(RuleBroken, match="Chưa ghi lý do"):
        applications.refuse(refused, world.organizer, " ")
    applications.refuse(refused, world.organizer, "Không thuộc đối tượng")
    assert (state(refused), refused.answer) == ("refused", "Không thuộc đối tượng")


def test_registration_closes_with_the_deadline_and_opens_for_nobody_by_itself(
    ask: Callable[..., Application], coming: Event
) -> None:
    coming.self_registration = SelfRegistration.CLOSED
    with pytest.raises(RuleBroken) as closed:
        ask("Phạm S")
    assert closed.value.code == "closed"
    coming.self_registration = SelfRegistration.OPEN
    coming.reply_by = clock.today() - timedelta(days=1)
    for by_unit in (True, False):
        with pytest.raises(RuleBroken) as late:
            ask("Phạm S", by_unit=by_unit)
        assert late.value.code == "closed"


def test_points_hold_their_own_number(register: Register, event: Event, world: World) -> None:
    point = event.points[0]
    arrangements.set_points(world.organizer, event, [(point.id, point.name, point.place, 1)])
    register("Lý A Một", "nam-khoang", point=point)
    with pytest.raises(RuleBroken, match="Nậm Khoang đã đủ 1 chỗ"):
        register("Lý A Hai", "nam-khoang", point=point)
    moved = register("Lý A Hai", "nam-khoang")
    with pytest.raises(RuleBroken, match="Nậm Khoang đã đủ 1 chỗ"):
        service.change(moved, world.organizer, point_id=point.id)


def test_a_units_seats_are_shared_among_points(register: Register, event: Event, world: World) -> None:
    point, other = event.points[0], Point(event=event, position=2, name="Bản Mới")
    session().add(other)
    session().flush()
    quota = session().get_one(Quota, (event.id, world.units["lam-khe"].id))
    with pytest.raises(RulesBroken):
        arrangements.share_quota(world.organizer, event, quota, {point: 2, other: 2})
    arrangements.share_quota(world.organizer, event, quota, {point: 1, other: 2})
    register("Lý A Một", "nam-khoang", point=point)
    with pytest.raises(RuleBroken, match="Đơn vị đã dùng hết 1 chỗ ở Nậm Khoang"):
        register("Lý A Hai", "so-lam-khe", point=point)
    register("Lý A Hai", "so-lam-khe", point=other)
    shares = {one.point_id: one.taken for one in session().scalars(select(PointQuota))}
    assert shares == {point.id: 1, other.id: 1}


def test_a_substitute_keeps_the_seat_and_both_rows(register: Register, event: Event, world: World) -> None:
    delegate = register("Lý A Một", "binh-sa", point=event.points[0])
    named = service.substitute(delegate, Candidate("Phạm S", world.units["binh-sa"]), world.organizer, "Đi công tác")
    again = service.substitute(delegate, Candidate("Phạm S", world.units["binh-sa"]), world.organizer, "Đi công tác")
    assert again is named
    assert (named.replaces_id, named.point_id, named.quota_unit_id) == (
        delegate.id,
        delegate.point_id,
        delegate.quota_unit_id,
    )
    assert delegate.withdraw_reason == "Đi công tác"
    assert counted(event) == from_the_rows(event)
    assert event.seats_taken == 1
    with pytest.raises(RuleBroken) as back:
        service.put_back(delegate, world.organizer)
    assert back.value.code == "substituted"
    with pytest.raises(RuleBroken) as second:
        service.substitute(delegate, Candidate("Vàng A Chứ", world.units["binh-sa"]), world.organizer, "")
    assert second.value.code == "substituted"


def test_a_new_quota_below_takes_its_people_along(register: Register, event: Event, world: World) -> None:
    register("Lý A Một", "nam-khoang")
    quotas = {quota.unit: quota.seats for quota in event.quotas}
    arrangements.set_quotas(world.organizer, event, {**quotas, world.units["nam-khoang"]: 1})
    taken = {line.unit: line.registered for line in queries.quota_picture(event).lines}
    assert taken == {"Bình Sa": 0, "Lam Khê": 0, "Nậm Khoang": 1}


def test_a_claim_costs_the_same_however_many_are_registered(
    ask: Callable[..., Application], coming: Event, count_statements: Callable[..., Any], world: World
) -> None:
    arrangements.set_seats(world.organizer, coming, 40, SelfRegistration.OPEN)
    coming.quotas.clear()
    session().flush()
    numbers = []
    for number in range(12):
        with count_statements() as statements:
            ask(f"Lý A {number}")
        numbers.append(len(statements))
    assert len(set(numbers[2:])) == 1
    assert numbers[-1] <= 30


def test_more_seats_are_asked_for_and_granted(coming: Event, world: World, ask: Callable[..., Application]) -> None:
    unit = world.units["binh-sa"]
    first, second = ask("Phạm S"), ask("Phạm Duy Hưng")
    request = focal_points.ask_for_seats(coming, unit, 2, "Có thêm cán bộ mới", world.other_trainee)
    assert focal_points.ask_for_seats(coming, unit, 3, "Có thêm cán bộ mới", world.other_trainee) is request
    with pytest.raises(RuleBroken, match="Chưa ghi lý do"):
        focal_points.answer_request(request, 0, "", world.organizer)
    assert [state(one) for one in (first, second)] == ["seated", "waiting"]

    focal_points.answer_request(request, 1, "Chỉ còn một chỗ", world.organizer)
    focal_points.answer_request(request, 1, "Chỉ còn một chỗ", world.organizer)

    assert session().get_one(Quota, (coming.id, unit.id)).seats == 2
    assert state(second) == "seated"
    mail = session().scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    assert (mail.recipient, "giao thêm 1 chỗ" in mail.body) == ("other_trainee@example.vn", True)


def test_recount_mends_wrong_counters(register: Register, event: Event) -> None:
    register("Lý A Một", "nam-khoang", point=event.points[0])
    event.seats_taken, event.points[0].seats_taken = 7, 9
    session().flush()
    seating.recount(event)
    assert counted(event) == from_the_rows(event)
    assert session().scalar(select(func.count()).select_from(Delegate)) == 1
