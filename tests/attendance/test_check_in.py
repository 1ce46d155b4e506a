"""At the door: five answers, once each; taking back; corrections afterwards with a reason."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.attendance import outcomes, queries, service
from lms.attendance.answers import Verdict
from lms.attendance.models import Scan, ScanMethod
from lms.attendance.service import check_in
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events import service as events
from lms.events.models import Event, HalfDay
from lms.registration import service as registration
from lms.registration.models import Delegate
from tests.attendance.conftest import at
from tests.world import World

People = dict[str, Delegate]


def scans() -> int:
    return session().scalar(select(func.count()).select_from(Scan)) or 0


def test_welcome_once_then_already_with_the_time(morning: HalfDay, people: People, world: World) -> None:
    first = check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 56))
    again = check_in(morning, people["Đức"], world.admin, ScanMethod.QR, at=at(8, 10))
    assert (first.verdict, again.verdict) == (Verdict.WELCOME, Verdict.ALREADY)
    assert again.at == at(7, 56)
    assert again.delegate is people["Đức"]
    assert scans() == 1


def test_each_half_day_counts_for_itself(morning: HalfDay, afternoon: HalfDay, people: People, world: World) -> None:
    for half_day in (morning, afternoon):
        answer = check_in(half_day, people["Đức"], world.organizer, ScanMethod.QR, at=at(8))
        assert answer.verdict is Verdict.WELCOME
    assert outcomes.counted_half_days(morning.event) == {people["Đức"].id: {morning.id, afternoon.id}}


def test_whoever_withdrew_is_told_so(morning: HalfDay, people: People, world: World) -> None:
    registration.withdraw(people["Quỳ"], world.organizer, "Đi công tác")
    assert check_in(morning, people["Quỳ"], world.organizer, ScanMethod.QR).verdict is Verdict.CANCELLED
    assert scans() == 0


def test_a_door_of_one_point(event: Event, morning: HalfDay, put: Callable[..., Delegate], world: World) -> None:
    here, there = event.points
    hall, remote = put("Lý Thị Sa"), put("Lò Văn Pín", point=there)
    assert check_in(morning, hall, world.organizer, ScanMethod.QR, point=here).verdict is Verdict.WELCOME
    assert check_in(morning, remote, world.organizer, ScanMethod.QR, point=here).verdict is Verdict.OTHER_SESSION
    assert scans() == 1
    let_in = check_in(morning, remote, world.organizer, ScanMethod.QR, point=here, exception="Đi nhờ xe đoàn tỉnh")
    assert let_in.verdict is Verdict.WELCOME
    assert let_in.scan is not None
    assert let_in.scan.reason == "Đi nhờ xe đoàn tỉnh"


def test_nobody_is_checked_in_at_a_cancelled_event(morning: HalfDay, people: People, world: World) -> None:
    events.cancel(world.organizer, morning.event, "Bão số 3")
    with pytest.raises(RuleBroken, match="Sự kiện đã hủy"):
        check_in(morning, people["Đức"], world.organizer, ScanMethod.QR)


def test_undo_is_for_ones_own_scan_and_at_once(morning: HalfDay, people: People, world: World) -> None:
    with clock.stopped_at(at(8)):
        mine = check_in(morning, people["Đức"], world.organizer, ScanMethod.QR).scan
        assert mine is not None
        with pytest.raises(RuleBroken, match="trong 10 phút"):
            service.undo(mine, world.admin)
    with clock.stopped_at(at(8) + timedelta(minutes=11)), pytest.raises(RuleBroken, match="trong 10 phút"):
        service.undo(mine, world.organizer)
    with clock.stopped_at(at(8, 1)):
        service.undo(mine, world.organizer)
        service.undo(mine, world.organizer)
    assert (mine.voided_at, mine.void_reason) == (at(8, 1), service.UNDONE_AT_DOOR)
    assert outcomes.counted_half_days(morning.event) == {}
    assert check_in(morning, people["Đức"], world.organizer, ScanMethod.QR).verdict is Verdict.WELCOME


def test_a_presence_entered_afterwards_needs_a_reason(morning: HalfDay, people: People, world: World) -> None:
    with pytest.raises(RuleBroken, match="Chưa ghi lý do"):
        service.mark_present(morning, people["Đức"], world.organizer, "  ")
    scan = service.mark_present(morning, people["Đức"], world.organizer, "Có chữ ký", method=ScanMethod.SHEET)
    assert (scan.at, scan.method, scan.reason) == (at(7, 30), ScanMethod.SHEET, "Có chữ ký")
    with pytest.raises(RuleBroken, match="đã được ghi có mặt"):
        service.mark_present(morning, people["Đức"], world.organizer, "Lần nữa")
    entry = session().scalars(select(AuditEntry).where(AuditEntry.verb == "presence.add")).one()
    assert (entry.subject, entry.actor_id) == (f"delegate:{people['Đức'].id}", world.organizer.id)
    assert entry.detail == {"session": morning.key, "method": "sheet", "reason": "Có chữ ký"}


def test_a_presence_taken_back_keeps_its_history(event: Event, morning: HalfDay, people: People, world: World) -> None:
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR)
    service.mark_absent(morning, people["Đức"], world.admin, "Quét nhầm thẻ")
    assert outcomes.counted_half_days(event) == {}
    [line] = queries.history(event, people["Đức"].id)[morning.id]
    assert (line.by, line.voided_by, line.void_reason) == ("Lò Thị Mẩy", "Trần Quản Trị", "Quét nhầm thẻ")
    with pytest.raises(RuleBroken, match="đang được ghi vắng"):
        service.mark_absent(morning, people["Đức"], world.admin, "Lần nữa")


def test_half_days_over_by_now(event: Event, morning: HalfDay, afternoon: HalfDay) -> None:
    with clock.stopped_at(at(11)):
        assert queries.taken_place(event) == []
    with clock.stopped_at(at(12)):
        assert queries.taken_place(event) == [morning]
    with clock.stopped_at(at(18)):
        assert queries.taken_place(event) == [morning, afternoon]
        assert queries.taken_place(event, event.starts_on - timedelta(days=1)) == []


def test_half_days_with_scans_stay_on_the_agenda(event: Event, morning: HalfDay, people: People, world: World) -> None:
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR)
    assert queries.attended_half_days(event) == {morning.id}


def test_counts_by_session_and_unit(
    event: Event,
    morning: HalfDay,
    afternoon: HalfDay,
    people: People,
    world: World,
    count_statements: Callable[..., AbstractContextManager[list[str]]],
) -> None:
    for name in ("Đức", "Hường"):
        check_in(morning, people[name], world.organizer, ScanMethod.QR)
    registration.withdraw(people["Quỳ"], world.organizer, "Ốm")
    counts = queries.session_counts(event)
    assert [(counts[one.id].present, counts[one.id].expected) for one in (morning, afternoon)] == [(2, 4), (0, 4)]
    with count_statements() as statements:
        units = queries.unit_counts(morning)
    assert len(statements) == 2
    found = [(name, count.present, count.missing) for name, count in units]
    assert found == [("Bình Sa", 0, 1), ("Lam Khê", 1, 1), ("Nậm Khoang", 1, 0)]
