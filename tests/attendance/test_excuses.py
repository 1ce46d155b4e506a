"""Leave: given for one half-day or all, withdrawn, and what it makes of outcomes."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import excuses, outcomes
from lms.attendance.models import Excuse, PresenceChange, ScanMethod, State
from lms.attendance.service import check_in
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event, HalfDay
from lms.people import privacy
from lms.registration import service as registration
from lms.registration.models import Delegate
from tests.attendance.conftest import AFTERNOON, MORNING, at
from tests.world import World

Browser = Callable[[Account], FlaskClient]
People = dict[str, Delegate]
BASE = "/events/lam-khe-2024/attendance"


def changes() -> list[tuple[str, str, bool, str, bool, str]]:
    rows = session().scalars(select(PresenceChange).order_by(PresenceChange.id))
    return [(one.cause, one.was, one.counted, one.became, one.counts, one.reason) for one in rows]


def test_leave_makes_an_absence_excused(event: Event, morning: HalfDay, people: People, world: World) -> None:
    [given] = excuses.excuse([morning], people["Đức"], world.organizer, "  Ốm ")
    outcome = outcomes.outcomes(event)[morning.id, people["Đức"].id]
    assert (outcome.state, outcome.counts) == (State.EXCUSED, False)
    assert (given.reason, given.approved_by_id) == ("Ốm", world.organizer.id)
    assert changes() == [("excuse", "absent", False, "excused", False, "Ốm")]
    verbs = session().scalars(select(AuditEntry.verb).where(AuditEntry.subject == f"delegate:{people['Đức'].id}")).all()
    assert verbs[-1] == "excuse.give"


def test_leave_of_someone_present_covers_coming_late_only(
    event: Event, morning: HalfDay, people: People, world: World
) -> None:
    event.late_minutes, event.late_counts, event.evidence = 10, False, "qr"
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(8))
    check_in(morning, people["S"], world.organizer, ScanMethod.MANUAL, at=at(8))
    for name in ("Đức", "S"):
        excuses.excuse([morning], people[name], world.organizer, "Xe hỏng")
    found = outcomes.outcomes(event)
    assert (found[morning.id, people["Đức"].id].state, found[morning.id, people["Đức"].id].counts) == (State.LATE, True)
    assert not found[morning.id, people["S"].id].counts
    assert changes() == [("excuse", "late", False, "late", True, "Xe hỏng")]


def test_leave_withdrawn_is_kept_and_counts_no_more(
    event: Event, morning: HalfDay, people: People, world: World
) -> None:
    event.excused_counts = True
    [given] = excuses.excuse([morning], people["Đức"], world.organizer, "Ốm")
    excuses.withdraw(given, world.admin, "Ghi nhầm người")
    excuses.withdraw(given, world.admin)
    assert given.withdrawn_at is not None
    assert outcomes.outcomes(event)[morning.id, people["Đức"].id].state == State.ABSENT
    assert changes()[1:] == [("excuse", "excused", True, "absent", False, "Ghi nhầm người")]
    excuses.excuse([morning], people["Đức"], world.organizer, "Lần này đúng")
    assert len(session().scalars(select(Excuse)).all()) == 2


def test_leave_for_all_half_days_leaves_what_stands(
    event: Event, morning: HalfDay, people: People, world: World
) -> None:
    excuses.excuse([morning], people["Đức"], world.organizer, "Ốm")
    given = excuses.excuse(event.sessions, people["Đức"], world.organizer, "Đi công tác")
    assert [one.half_day_id for one in given] == [event.sessions[1].id]
    with pytest.raises(RuleBroken, match="đã có phép"):
        excuses.excuse(event.sessions, people["Đức"], world.organizer, "Lần nữa")


def test_what_is_refused(event: Event, morning: HalfDay, people: People, world: World) -> None:
    with pytest.raises(RuleBroken, match="Chưa ghi lý do"):
        excuses.excuse([morning], people["Đức"], world.organizer, " ")
    with pytest.raises(RuleBroken, match="Chưa chọn buổi"):
        excuses.excuse([], people["Đức"], world.organizer, "Ốm")
    registration.withdraw(people["Quỳ"], world.organizer, "Bận")
    with pytest.raises(RuleBroken, match="đã rút"):
        excuses.excuse([morning], people["Quỳ"], world.organizer, "Ốm")
    event.cancelled_at = at(6)
    with pytest.raises(RuleBroken, match="đã hủy"):
        excuses.excuse([morning], people["Đức"], world.organizer, "Ốm")


def test_who_may_give_and_withdraw(
    client: FlaskClient, client_of: Browser, door_keeper: World, people: People, morning: HalfDay
) -> None:
    [given] = excuses.excuse([morning], people["S"], door_keeper.organizer, "Ốm")
    addresses = (f"{BASE}/{people['Đức'].id}/excuses", f"{BASE}/{people['S'].id}/excuses/{given.id}/withdrawal")
    sent = {"excuse-half_day": MORNING, "excuse-reason": "Ốm"}
    for address in addresses:
        assert client.post(address, data=sent).status_code == 303
        for name, status in (("stranger", 404), ("trainee", 403), ("instructor", 403)):
            assert client_of(door_keeper.accounts[name]).post(address, data=sent).status_code == status
    other = f"{BASE}/{people['Đức'].id}/excuses/{given.id}/withdrawal"
    assert client_of(door_keeper.organizer).post(other).status_code == 404
    assert session().scalars(select(Excuse.withdrawn_at)).all() == [None]


def test_the_forms_of_leave(client_of: Browser, world: World, people: People, morning: HalfDay) -> None:
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7))
    browser, address = client_of(world.organizer), f"{BASE}/{people['Đức'].id}"
    sent = {"excuse-half_day": "all", "excuse-reason": "Họp đột xuất"}
    assert browser.post(f"{address}/excuses", data=sent).status_code == 303
    page = browser.get(address).get_data(as_text=True)
    assert "Đã ghi phép của Đặng Văn Đức: 2 buổi. Ở buổi đã có mặt, phép chỉ che" in page
    assert "Có phép (chỉ che cho đến muộn, về sớm): Họp đột xuất" in page
    assert "Có phép: Họp đột xuất" in page
    assert "Lò Thị Mẩy duyệt lúc" in page
    assert "Vắng có phép</span>" in page
    leave = session().scalars(select(Excuse).where(Excuse.half_day_id != morning.id)).one()
    withdrawal = f"{address}/excuses/{leave.id}/withdrawal"
    assert browser.post(withdrawal, data={"reason": "x" * 301}).status_code == 422
    assert browser.post(withdrawal, data={"reason": "Đã về dự"}).status_code == 303
    page = browser.get(address).get_data(as_text=True)
    assert "Phép đã rút lúc" in page
    assert "vắng có phép, không tính" in page
    assert "Đã về dự" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"excuse-reason": " "}, "Mục này còn trống"),
        ({"excuse-reason": "x" * 301}, "Dài quá 300 ký tự"),
        ({"excuse-half_day": "2024-08-09-sang"}, "Mục đã chọn không còn nữa"),
        ({}, "đã có phép"),
    ],
)
def test_leave_badly_filled_in(
    client_of: Browser, world: World, people: People, event: Event, change: dict[str, str], words: str
) -> None:
    excuses.excuse([event.sessions[1]], people["Đức"], world.organizer, "Ốm")
    sent = {"excuse-half_day": AFTERNOON, "excuse-reason": "Ốm"} | change
    answer = client_of(world.organizer).post(f"{BASE}/{people['Đức'].id}/excuses", data=sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert words in page
    assert "<title>Lỗi:" in page


def test_the_reasons_of_leave_are_told_and_erased(event: Event, morning: HalfDay, people: People, world: World) -> None:
    person = people["Đức"].person
    excuses.excuse([morning], people["Đức"], world.organizer, "Ốm nặng")
    told = {holding.category.key: holding.records for holding in privacy.held(person)}
    assert [(one["session"], one["reason"]) for one in told["leave"]] == [(MORNING, "Ốm nặng")]
    privacy.erase(person, None)
    assert session().scalars(select(Excuse.reason)).all() == [""]
    assert changes() == [("excuse", "absent", False, "excused", False, "")]
    assert outcomes.outcomes(event)[morning.id, people["Đức"].id].state == State.EXCUSED
