"""Acts on many delegates: seats as if done one by one, undo for whoever stayed as they were, the others named."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.events.models import Event, Point, PointQuota, Quota
from lms.registration import bulk, seating, service
from lms.registration.bulk import Act, Outcome
from lms.registration.models import Application, ApplicationState, Delegate, DelegateRole
from lms.registration.seat_ledger import Ledger
from tests.registration.conftest import Register
from tests.registration.test_listing import crowd
from tests.world import World

GUEST = str(DelegateRole.GUEST)


@pytest.fixture
def people(register: Register) -> list[Delegate]:
    """Two of Lam Khê, one of Nậm Khoang below it (three seats), one of Bình Sa (one seat)."""
    return [
        register("Lý A Một", "lam-khe", email="mot@example.vn"),
        register("Lý A Hai", "lam-khe"),
        register("Vàng A Chứ", "nam-khoang"),
        register("Phạm Văn Sĩ", "binh-sa"),
    ]


def seats(event: Event) -> tuple[int, dict[str, int], list[int]]:
    """Seats counted as taken: of the event, of each quota, of each point."""
    session().expire_all()
    quotas = session().scalars(select(Quota).where(Quota.event_id == event.id))
    return event.seats_taken, {one.unit.key: one.taken for one in quotas}, [one.seats_taken for one in event.points]


def counted_anew(event: Event) -> tuple[int, dict[str, int], list[int]]:
    """The same, counted from the rows."""
    seating.recount(event)
    return seats(event)


def names(outcome: Outcome) -> list[tuple[str, str]]:
    """Who was left, and why."""
    return [(name, code) for _id, name, code in outcome.left]


def test_many_withdraw_and_come_back_as_they_were(event: Event, people: list[Delegate], world: World) -> None:
    people[0].over_quota_reason = "Được duyệt thêm"
    session().flush()
    before = seats(event)
    done = bulk.do(event, [one.id for one in people[:3]], Act.WITHDRAW, "  Hoãn   lớp ", world.organizer)
    assert (done.number, names(done)) == (3, [])
    assert seats(event) == (1, {"lam-khe": 0, "binh-sa": 1}, [0]) == counted_anew(event)
    assert {one.withdraw_reason for one in people[:3]} == {"Hoãn lớp"}
    verbs = session().scalars(select(AuditEntry.verb).where(AuditEntry.subject == f"delegate:{people[0].id}"))
    assert list(verbs) == ["delegate.register", "delegate.withdraw"]
    undone = bulk.undo(event, done.id, world.organizer)
    assert (undone.number, names(undone)) == (3, [])
    assert undone.undone_at is not None
    assert seats(event) == before == counted_anew(event)
    assert [one.withdrawn_at for one in people] == [None] * 4
    assert (people[0].withdraw_reason, people[0].over_quota_reason) == (None, "Được duyệt thêm")


def test_an_undo_happens_once(event: Event, people: list[Delegate], world: World) -> None:
    done = bulk.do(event, [people[0].id, people[1].id], Act.ROLE, GUEST, world.organizer)
    first = bulk.undo(event, done.id, world.organizer)
    people[0].role = DelegateRole.GUEST
    session().flush()
    assert bulk.undo(event, done.id, world.organizer) == first
    session().expire_all()
    assert people[0].role == "guest"
    assert bulk.find_outcome(event, done.id) == first


def test_who_changed_since_is_left_and_named(event: Event, people: list[Delegate], world: World) -> None:
    done = bulk.do(event, [one.id for one in people], Act.WITHDRAW, "Bận", world.organizer)
    session().expire_all()
    service.put_back(people[0], world.organizer)
    service.put_back(people[1], world.organizer)
    service.withdraw(people[1], world.organizer, "Bận")
    undone = bulk.undo(event, done.id, world.organizer)
    assert undone.number == 2
    assert names(undone) == [("Lý A Một", "changed"), ("Lý A Hai", "changed")]
    session().expire_all()
    assert people[0].withdrawn_at is None
    assert people[1].withdrawn_at is not None


def test_a_seat_that_went_to_the_waiting_list_is_not_given_twice(
    event: Event, people: list[Delegate], world: World
) -> None:
    waiting = Application(
        event=event, unit=world.units["binh-sa"], quota_unit_id=world.units["binh-sa"].id,
        state=ApplicationState.WAITING, full_name="Ma Thị Chờ", email="cho@example.vn",
    )  # fmt: skip
    session().add(waiting)
    session().flush()
    done = bulk.do(event, [one.id for one in people], Act.WITHDRAW, "Bận", world.organizer)
    session().expire_all()
    assert waiting.state == "seated"
    undone = bulk.undo(event, done.id, world.organizer)
    assert (undone.number, names(undone)) == (3, [("Phạm Văn Sĩ", "quota")])
    assert seats(event) == (4, {"lam-khe": 3, "binh-sa": 1}, [0]) == counted_anew(event)


def test_whoever_finds_no_seat_there_stays_and_is_named(event: Event, people: list[Delegate], world: World) -> None:
    point = event.points[0]
    point.seats = 2
    session().flush()
    done = bulk.do(event, [one.id for one in people], Act.POINT, point.id, world.organizer)
    assert (done.number, names(done)) == (2, [("Vàng A Chứ", "point"), ("Phạm Văn Sĩ", "point")])
    assert seats(event) == (4, {"lam-khe": 3, "binh-sa": 1}, [2]) == counted_anew(event)
    undone = bulk.undo(event, done.id, world.organizer)
    assert undone.number == 2
    assert seats(event)[2] == [0]
    assert [one.point_id for one in people] == [None] * 4


def test_leave_to_sit_beyond_the_quota_is_not_leave_to_fill_a_full_point(
    event: Event, people: list[Delegate], register: Register, world: World
) -> None:
    point = event.points[0]
    point.seats = 1
    beyond = register("Ma Thị Thêm", "binh-sa", reason="Được duyệt thêm")
    session().flush()
    bulk.do(event, [people[0].id], Act.POINT, point.id, world.organizer)
    left = bulk.do(event, [beyond.id], Act.POINT, point.id, world.organizer)
    assert (left.number, names(left)) == (0, [("Ma Thị Thêm", "point")])
    done = bulk.do(event, [beyond.id, people[1].id], Act.POINT, point.id, world.organizer, "  Kê thêm   ghế ")
    assert (done.number, names(done)) == (2, [])
    session().expire_all()
    assert [one.over_quota_reason for one in (people[0], people[1], beyond)] == [None, "Kê thêm ghế", "Kê thêm ghế"]
    assert seats(event)[2] == [3] == counted_anew(event)[2]
    told = session().scalars(select(AuditEntry.detail).where(AuditEntry.subject == f"delegate:{beyond.id}")).all()
    assert told[-1]["over_quota"] == "Kê thêm ghế"
    undone = bulk.undo(event, done.id, world.organizer)
    session().expire_all()
    assert (undone.number, names(undone)) == (2, [])
    assert [one.over_quota_reason for one in (people[1], beyond)] == [None, "Được duyệt thêm"]


def test_who_sits_beyond_the_quota_moves_on_where_the_point_has_seats(
    event: Event, people: list[Delegate], register: Register, world: World
) -> None:
    beyond = register("Ma Thị Thêm", "binh-sa", reason="Được duyệt thêm")
    moved = bulk.do(event, [beyond.id], Act.POINT, event.points[0].id, world.organizer)
    assert (moved.number, names(moved)) == (1, [])
    session().expire_all()
    assert beyond.over_quota_reason == "Được duyệt thêm"
    guest = bulk.do(event, [beyond.id], Act.ROLE, GUEST, world.organizer)
    bulk.undo(event, guest.id, world.organizer)
    session().expire_all()
    assert (beyond.role, beyond.over_quota_reason) == ("delegate", "Được duyệt thêm")
    bulk.do(event, [beyond.id], Act.ROLE, GUEST, world.organizer)
    again = bulk.do(event, [beyond.id], Act.ROLE, "delegate", world.organizer)
    assert names(again) == [("Ma Thị Thêm", "quota")]


def test_a_role_without_a_seat_frees_it(event: Event, people: list[Delegate], world: World) -> None:
    done = bulk.do(event, [one.id for one in people], Act.ROLE, GUEST, world.organizer)
    assert seats(event) == (0, {"lam-khe": 0, "binh-sa": 0}, [0]) == counted_anew(event)
    service.register(event, service.Candidate("Ma Thị Tới", world.units["binh-sa"]), world.organizer)
    undone = bulk.undo(event, done.id, world.organizer)
    assert (undone.number, names(undone)) == (3, [("Phạm Văn Sĩ", "quota")])
    history = session().scalars(
        select(AuditEntry).where(AuditEntry.subject == f"delegate:{people[0].id}").order_by(AuditEntry.id)
    )
    assert [one.detail.get("changed") for one in history] == [
        None,
        {"role": ["delegate", "guest"]},
        {"role": ["guest", "delegate"]},
    ]


def test_a_point_that_is_gone_or_a_substitute_stands_in_the_way(
    event: Event, people: list[Delegate], world: World
) -> None:
    point = Point(position=2, name="Bình Sa", place="UBND tỉnh")
    event.points.append(point)
    session().flush()
    bulk.do(event, [people[0].id], Act.POINT, point.id, world.organizer)
    moved = bulk.do(event, [people[0].id], Act.POINT, None, world.organizer)
    session().expire_all()
    event.points.remove(point)
    session().flush()
    assert names(bulk.undo(event, moved.id, world.organizer)) == [("Lý A Một", "gone")]
    done = bulk.do(event, [people[3].id], Act.WITHDRAW, "Bận", world.organizer)
    session().expire_all()
    named = service.register(event, service.Candidate("Ma Thị Thay", world.units["binh-sa"]), world.organizer)
    named.replaces = people[3]
    session().flush()
    assert names(bulk.undo(event, done.id, world.organizer)) == [("Phạm Văn Sĩ", "substituted")]


def test_nobody_a_reason_a_cancelled_event_and_another_event_are_refused(
    event: Event, people: list[Delegate], world: World
) -> None:
    ids = [one.id for one in people]
    with pytest.raises(RuleBroken, match="Chưa ghi lý do"):
        bulk.do(event, ids, Act.WITHDRAW, " ", world.organizer)
    with pytest.raises(RuleBroken, match="Không còn ai"):
        bulk.do(event, ids, Act.ROLE, "delegate", world.organizer)
    with pytest.raises(RuleBroken, match="Không còn ai"):
        bulk.do(event, [999_999], Act.WITHDRAW, "Bận", world.organizer)
    done = bulk.do(event, ids, Act.ROLE, GUEST, world.organizer)
    other = Event(key="khac", unit=event.unit, kind=event.kind, title="Khác", place="Hà Nội",
                  starts_on=event.starts_on, ends_on=event.ends_on)  # fmt: skip
    session().add(other)
    session().flush()
    with pytest.raises(NotFound):
        bulk.undo(other, done.id, world.organizer)
    assert bulk.find_outcome(other, done.id) is None
    event.cancelled_at = event.published_at
    for refused in (lambda: bulk.do(event, ids, Act.ROLE, "press", None), lambda: bulk.undo(event, done.id, None)):
        with pytest.raises(RuleBroken, match="đã hủy"):
            refused()


MOVES = st.lists(
    st.tuples(st.sampled_from(("withdraw", "point", "role", "undo")), st.sets(st.integers(0, 4)), st.integers(0, 2)),
    max_size=6,
)


@given(moves=MOVES, point_seats=st.sampled_from((None, 1, 3)), share=st.sampled_from((None, 0, 1)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counters_are_what_the_rows_say_and_one_by_one_would_do_the_same(
    event: Event, people: list[Delegate], world: World, moves: list[tuple[str, set[int], int]],
    point_seats: int | None, share: int | None,
) -> None:  # fmt: skip
    ids = [one.id for one in people]
    with session().begin_nested() as savepoint:
        event.points[0].seats = point_seats
        if share is not None:
            lam_khe = world.units["lam-khe"].id
            session().add(PointQuota(event_id=event.id, unit_id=lam_khe, point_id=event.points[0].id, seats=share))
        session().flush()
        last: Outcome | None = None
        for verb, who, choice in moves:
            chosen = [ids[number] for number in sorted(who) if number < len(ids)]
            with suppress(RuleBroken):
                if verb == "undo":
                    last = bulk.undo(event, last.id, world.organizer) if last is not None else None
                else:
                    value = {"withdraw": "Bận", "point": (None, event.points[0].id)[choice % 2]}.get(
                        verb, (DelegateRole.DELEGATE, DelegateRole.GUEST, DelegateRole.PRESS)[choice].value
                    )
                    last = bulk.do(event, chosen, Act(verb), value, world.organizer)
            found = seats(event)
            assert found == counted_anew(event)
            agrees_with_one_by_one(event, world)
        savepoint.rollback()
    session().expire_all()


def agrees_with_one_by_one(event: Event, world: World) -> None:
    """The ledger sees the same seats as `seating.shortage` at every place."""
    seating.lock(event)
    ledger = Ledger(event)
    for unit in world.units.values():
        quota = seating.covering_quota(event.id, unit)
        assert ledger.covering(unit.path) == quota
        for point_id in (None, event.points[0].id):
            lack = seating.shortage(event, unit, quota, point_id)
            assert ledger.shortage((quota, point_id)) == (lack.code if lack else None)


def test_thousands_are_few_statements(
    open_event: Event, world: World, count_statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    crowd(open_event, world, 2_000)
    seating.recount(open_event)
    ids = list(session().scalars(select(Delegate.id).where(Delegate.event_id == open_event.id)))
    with count_statements() as withdrawing:
        done = bulk.do(open_event, ids, Act.WITHDRAW, "Hoãn", world.organizer)
    with count_statements() as undoing:
        bulk.undo(open_event, done.id, world.organizer)
    assert len(withdrawing) <= 30
    assert len(undoing) <= 30
    on_list = select(func.count()).where(Delegate.event_id == open_event.id, Delegate.withdrawn_at.is_(None))
    assert session().scalar(on_list) == 2_000 == seats(open_event)[0]
