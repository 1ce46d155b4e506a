"""What a delegate reads of their own half-days: on the event's page, and beside the rule of the certificate."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import excuses
from lms.attendance.models import ScanMethod
from lms.attendance.service import check_in
from lms.core import clock
from lms.core.db import session
from lms.events.models import Event, EventStaff, HalfDay, StaffRole
from lms.registration.models import Delegate
from tests.attendance.conftest import at
from tests.world import World

Browser = Callable[[Account], FlaskClient]
PAGE = "/events/lam-khe-2024"


@pytest.fixture
def own(event: Event, world: World, people: dict[str, Delegate]) -> Delegate:
    """The trainee's own place on the list, under a rule that looks at lateness."""
    event.late_minutes, event.late_counts = 15, False
    session().add(EventStaff(event_id=event.id, account_id=world.organizer.id, role=StaffRole.ORGANIZER))
    session().flush()
    [own] = [one for one in people.values() if one.person_id == world.trainee.person_id]
    return own


def text_of(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_delegate_reads_what_is_recorded_and_why_it_does_not_count(
    client: FlaskClient, client_of: Browser, world: World, own: Delegate, morning: HalfDay
) -> None:
    browser = client_of(world.trainee)
    with clock.stopped_at(at(7)):
        assert "Chưa buổi nào bắt đầu." in text_of(browser, PAGE)
    check_in(morning, own, world.organizer, ScanMethod.QR, at=at(8))
    with clock.stopped_at(at(9)):
        page = text_of(browser, PAGE)
        panel = page[page.index("Điểm danh của đồng chí") :]
        for words in ("Đến muộn, không được tính", "vào lúc 08:00", "đến muộn quá 15 phút, không có phép"):
            assert words in panel
        assert "Chiều 07/8/2024" not in panel
        assert f'href="{PAGE}/entitlement"' in panel
        entitlement = text_of(browser, f"{PAGE}/entitlement")
        assert "Đến muộn, không được tính" in entitlement
        assert "đến muộn quá 15 phút, không có phép" in entitlement
        assert entitlement.count("Chưa đến lúc") == 1
        listed = set(session().scalars(select(Delegate.person_id)))
        others = [client_of(one) for one in world.accounts.values() if one.person_id not in listed]
        for reader in (client, *others):
            assert "Điểm danh của đồng chí" not in text_of(reader, PAGE)


def test_leave_and_a_missing_mark_are_told(
    client_of: Browser, world: World, event: Event, own: Delegate, morning: HalfDay, afternoon: HalfDay
) -> None:
    excuses.excuse([morning], own, world.organizer, "Ốm")
    browser = client_of(world.trainee)
    with clock.stopped_at(at(18)):
        page = text_of(browser, PAGE)
        assert "Vắng có phép</span>" in page
        assert "Chưa ghi nhận</span>" in page
        event.excused_counts = True
        assert "Vắng có phép, được tính</span>" in text_of(browser, PAGE)


def test_whom_to_ask_for_leave_is_told_until_the_event_is_over(client_of: Browser, world: World, own: Delegate) -> None:
    browser = client_of(world.trainee)
    with clock.stopped_at(at(9)):
        page = text_of(browser, PAGE)
    told = page[page.index("Xin phép vắng, đến muộn, về sớm") :]
    assert world.organizer.name in told
    with clock.stopped_at(at(18)):
        assert "Xin phép vắng, đến muộn, về sớm" not in text_of(browser, PAGE)


def test_who_left_the_list_or_whose_event_is_off_sees_none(
    client_of: Browser, world: World, event: Event, own: Delegate
) -> None:
    browser = client_of(world.trainee)
    event.cancelled_at, event.cancel_reason = at(6), "Bão"
    assert "Điểm danh của đồng chí" not in text_of(browser, PAGE)
    event.cancelled_at, own.withdrawn_at = None, at(6)
    assert "Điểm danh của đồng chí" not in text_of(browser, PAGE)
