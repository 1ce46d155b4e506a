"""Other hours of a half-day that has marks: looked at, given a reason, and kept for everyone whose result changes."""

import re
from collections.abc import Callable
from datetime import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance.changes import Cause
from lms.attendance.models import PresenceChange, ScanMethod, State
from lms.attendance.service import check_in
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events import agenda
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate
from tests.attendance.conftest import MORNING, at
from tests.world import World

Browser = Callable[[Account], FlaskClient]
People = dict[str, Delegate]
HOURS = f"/events/lam-khe-2024/sessions/{MORNING}/hours"
EARLIER = {"starts_at": "07:00", "ends_at": "11:00"}


@pytest.fixture
def marked(event: Event, morning: HalfDay, people: People, world: World) -> HalfDay:
    """A morning to which one came in time and one, under another hour, late."""
    event.late_minutes, event.late_counts = 15, False
    check_in(morning, people["S"], world.organizer, ScanMethod.QR, at=at(7, 10))
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 40))
    return morning


def test_hours_that_change_results_are_looked_at_and_given_a_reason(
    client_of: Browser, world: World, marked: HalfDay, people: People
) -> None:
    browser = client_of(world.organizer)
    answer = browser.post(HOURS, data=EARLIER)
    assert answer.status_code == 303
    assert "/hours/preview?" in answer.location
    page = browser.get(answer.location).get_data(as_text=True)
    assert "Đặng Văn Đức" in page
    assert "có mặt, được tính → đến muộn, không tính" in page
    assert "Phạm S" not in page
    assert marked.starts_at == time(7, 30)
    refused = browser.post(f"{HOURS}/preview", data=EARLIER)
    assert (refused.status_code, "Hãy ghi lý do" in refused.get_data(as_text=True)) == (422, True)
    assert session().get_one(HalfDay, marked.id).starts_at == time(7, 30)
    assert session().scalars(select(PresenceChange)).all() == []
    answer = browser.post(f"{HOURS}/preview", data=EARLIER | {"reason": "Theo giấy mời"})
    assert answer.location.endswith("/agenda")
    assert session().get_one(HalfDay, marked.id).starts_at == time(7)
    [kept] = session().scalars(select(PresenceChange)).all()
    assert (kept.delegate_id, kept.cause, kept.was, kept.counted, kept.became, kept.counts, kept.reason) == (
        people["Đức"].id, Cause.HOURS, State.PRESENT, True, State.LATE, False, "Theo giấy mời",
    )  # fmt: skip
    page = browser.get(f"/events/lam-khe-2024/attendance/{people['Đức'].id}").get_data(as_text=True)
    assert "giờ của buổi" in page


def test_hours_that_change_nobody_are_saved_at_once(client_of: Browser, world: World, marked: HalfDay) -> None:
    answer = client_of(world.organizer).post(HOURS, data={"starts_at": "07:30", "ends_at": "11:00"})
    assert answer.location.endswith("/agenda")
    assert session().get_one(HalfDay, marked.id).ends_at == time(11)


def test_nobody_changes_results_by_other_hours_without_a_reason(world: World, event: Event, marked: HalfDay) -> None:
    with pytest.raises(RuleBroken, match="Hãy ghi lý do"):
        agenda.set_hours(world.organizer, event, marked, time(7), time(11))


def test_hours_changed_meanwhile_are_not_overwritten(client_of: Browser, world: World, marked: HalfDay) -> None:
    browser = client_of(world.organizer)
    browser.get(browser.post(HOURS, data=EARLIER).location)
    marked.starts_at = time(7, 20)
    session().flush()
    sent = EARLIER | {"was": "07:30-11:30", "reason": "Lý do"}
    answer = browser.post(f"{HOURS}/preview", data=sent)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "đã được đổi trong lúc đó" in page) == (422, True)
    assert session().get_one(HalfDay, marked.id).starts_at == time(7, 20)
    renewed = re.search(r'name="was"[^>]* value="([^"]+)"', page)
    assert renewed is not None
    assert browser.post(f"{HOURS}/preview", data=sent | {"was": renewed[1]}).status_code == 303


def test_the_preview_of_hours_refuses_what_is_none(
    client: FlaskClient, client_of: Browser, world: World, marked: HalfDay
) -> None:
    address = f"{HOURS}/preview"
    for call in ("get", "post"):
        assert getattr(client, call)(address).status_code == 303
        assert getattr(client_of(world.stranger), call)(address).status_code == 404
        assert getattr(client_of(world.trainee), call)(address).status_code == 403
    browser = client_of(world.organizer)
    for hours in ({"starts_at": "7 giờ", "ends_at": "11:00"}, {"starts_at": "12:00", "ends_at": "11:00"}):
        assert browser.post(address, data=hours | {"reason": "Lý do"}).location.endswith("/agenda")
    long = browser.post(address, data=EARLIER | {"reason": "x" * 301})
    assert (long.status_code, "Dài quá 300 ký tự" in long.get_data(as_text=True)) == (422, True)
    assert session().get_one(HalfDay, marked.id).starts_at == time(7, 30)
