"""The code on the hall's screen: who shows it, how long it is good, one phone one person, late codes wait."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import outcomes, rotating
from lms.attendance.models import Scan, SheetDoubt
from lms.core import clock
from lms.core.db import session
from lms.core.errors import NotFound
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate
from tests.attendance.conftest import MORNING, at
from tests.world import World

Browser = Callable[[Account], FlaskClient]
People = dict[str, Delegate]
HALL = f"/events/lam-khe-2024/sessions/{MORNING}/code"
PICTURE = f"/events/lam-khe-2024/sessions/{MORNING}/code.svg"
HERE = "/here/"
SHOWN = at(7, 20)


@pytest.fixture
def open_hall(event: Event) -> Event:
    """The event lets people check themselves in."""
    event.self_check_in = True
    session().flush()
    return event


def code_for(half_day: HalfDay, point_id: int | None = None) -> str:
    return rotating.code_at(half_day.id, point_id, SHOWN)


def came(event: Event) -> list[tuple[int, str]]:
    return [(mark.delegate_id, mark.method) for mark in outcomes.marks(event.id)]


def read(phone: FlaskClient, code: str, seconds: int = 3) -> None:
    with clock.stopped_at(SHOWN + timedelta(seconds=seconds)):
        answer = phone.get(f"{HERE}{code}")
    assert (answer.status_code, answer.location) == (303, HERE)


def say(phone: FlaskClient, ticket: str = "", seconds: int = 30) -> str:
    """Say who one is; the page that follows."""
    with clock.stopped_at(SHOWN + timedelta(seconds=seconds)):
        answer = phone.post(HERE, data={"ticket": ticket}, follow_redirects=True)
    return answer.get_data(as_text=True)


def test_who_may_show_the_code(
    client: FlaskClient, client_of: Browser, door_keeper: World, open_hall: Event, people: People
) -> None:
    for address in (HALL, PICTURE):
        with clock.stopped_at(SHOWN):
            assert client.get(address).status_code == 303
            assert client_of(door_keeper.stranger).get(address).status_code == 404
            assert client_of(door_keeper.instructor).get(address).status_code == 403
            assert client_of(door_keeper.trainee).get(address).status_code == 200
    assert client_of(door_keeper.trainee).post(HALL, data={"on": "0"}).status_code == 403
    assert open_hall.self_check_in


def test_the_organizer_turns_it_on_and_off(client_of: Browser, world: World, event: Event) -> None:
    browser = client_of(world.organizer)
    with clock.stopped_at(SHOWN):
        assert "Tự điểm danh đang tắt" in browser.get(HALL).get_data(as_text=True)
        assert browser.get(PICTURE).status_code == 404
        assert browser.post(HALL, data={"on": "1"}).status_code == 303
        assert "Quét để ghi có mặt" in browser.get(HALL).get_data(as_text=True)
        picture = browser.get(PICTURE)
    assert picture.mimetype == "image/svg+xml"
    assert int(picture.headers["X-Next-In"]) == 5000
    with clock.stopped_at(at(5, 29)):
        assert "Mã hiện từ 05:30 đến 11:30, 07/8/2024." in browser.get(HALL).get_data(as_text=True)
    with clock.stopped_at(at(12)):
        assert "Đã hết giờ chiếu mã" in browser.get(HALL).get_data(as_text=True)
        assert browser.get(PICTURE).status_code == 404
        browser.post(HALL, data={"on": "0"})
    assert not event.self_check_in


def test_a_fresh_code_lets_one_in(client: FlaskClient, open_hall: Event, morning: HalfDay, people: People) -> None:
    read(client, code_for(morning))
    assert "Mời vào" in say(client, people["Đức"].ticket)
    assert came(open_hall) == [(people["Đức"].id, "self")]
    with clock.stopped_at(SHOWN + timedelta(minutes=20)):
        for _reloaded in range(2):
            again = client.get(HERE)
            assert (again.status_code, "Mời vào" in again.get_data(as_text=True)) == (200, True)
        assert client.post(HERE, data={"ticket": people["S"].ticket}).status_code == 303, "the code is used up"
    assert came(open_hall) == [(people["Đức"].id, "self")]
    assert client.get(HERE).status_code == 404, "the answer is old"
    assert client.post(HERE).status_code == 404


def test_someone_signed_in_types_nothing(
    client_of: Browser, world: World, open_hall: Event, morning: HalfDay, people: People
) -> None:
    [own] = [one for one in people.values() if one.person_id == world.trainee.person_id]
    [other, *_] = [one for one in people.values() if one is not own]
    phone = client_of(world.trainee)
    read(phone, code_for(morning))
    with clock.stopped_at(SHOWN + timedelta(seconds=5)):
        page = phone.get(HERE).get_data(as_text=True)
    assert own.full_name in page
    assert 'name="ticket"' not in page
    assert "Mời vào" in say(phone, other.ticket), "the account counts, not what is typed"
    assert came(open_hall) == [(own.id, "self")]


def test_a_code_is_good_for_fifteen_seconds(
    client: FlaskClient, open_hall: Event, morning: HalfDay, people: People
) -> None:
    read(client, code_for(morning), seconds=15)
    page = say(client, people["Đức"].ticket)
    assert "chờ ban tổ chức xác nhận" in page
    assert came(open_hall) == []
    [late] = session().scalars(select(SheetDoubt)).all()
    assert (late.delegate_id, late.method, late.at, late.decided_at) == (people["Đức"].id, "self", SHOWN, None)


def test_whoever_read_it_has_three_minutes_to_say_who_they_are(
    client: FlaskClient, open_hall: Event, morning: HalfDay, people: People
) -> None:
    read(client, code_for(morning))
    assert "chờ ban tổ chức xác nhận" in say(client, people["Đức"].ticket, seconds=184)
    assert came(open_hall) == []


def test_one_phone_checks_in_one_person(
    client: FlaskClient, app: Flask, open_hall: Event, morning: HalfDay, people: People
) -> None:
    read(client, code_for(morning))
    say(client, people["Đức"].ticket)
    read(client, code_for(morning))
    assert "đã điểm danh cho một người khác" in say(client, people["Chứ"].ticket)
    read(client, code_for(morning), seconds=40)
    assert "đã điểm danh cho một người khác" in say(client, people["Chứ"].ticket, seconds=50), "nor late"
    read(client, code_for(morning))
    assert "Đã vào lúc" in say(client, people["Đức"].ticket)
    assert came(open_hall) == [(people["Đức"].id, "self")]
    assert session().scalars(select(SheetDoubt)).all() == []


def test_a_late_code_is_handed_in_once_and_not_after_a_day(
    client: FlaskClient, open_hall: Event, morning: HalfDay, people: People
) -> None:
    for seconds in (3600, 7200):
        read(client, code_for(morning), seconds)
        say(client, people["Đức"].ticket, seconds + 10)
    assert len(session().scalars(select(SheetDoubt)).all()) == 1
    read(client, code_for(morning), seconds=86401)
    assert "đã quá một ngày" in say(client, people["Chứ"].ticket, seconds=86410)


def test_a_badge_of_nobody_is_refused_in_the_page(client: FlaskClient, open_hall: Event, morning: HalfDay) -> None:
    read(client, code_for(morning))
    with clock.stopped_at(SHOWN + timedelta(seconds=9)):
        answer = client.post(HERE, data={"ticket": "AAAA-AAAA"})
    assert answer.status_code == 422
    assert "không có trong danh sách" in answer.get_data(as_text=True)
    with clock.stopped_at(SHOWN + timedelta(seconds=9)):
        answer = client.post(HERE, data={"ticket": " "})
    assert answer.status_code == 422
    assert "Chưa gõ mã thẻ" in answer.get_data(as_text=True)
    assert "sign-in?next=/here/" in answer.get_data(as_text=True).replace("%2F", "/")
    assert "Mã thẻ" in answer.get_data(as_text=True)


def test_where_it_is_off_or_there_is_no_code(client: FlaskClient, event: Event, morning: HalfDay) -> None:
    assert client.get(HERE).status_code == 404
    assert client.post(HERE).status_code == 404
    read(client, code_for(morning))
    assert client.get(HERE).status_code == 404, "the event does not use it"
    assert client.get(f"{HERE}{'A' * 32}").status_code == 404
    assert session().scalars(select(Scan)).all() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    half_day=st.integers(1, 2**31 - 1),
    point=st.none() | st.integers(1, 2**31 - 1),
    second=st.integers(0, 2**31),
    later=st.integers(-60, 60),
)
def test_a_code_says_when_it_was_shown(app: Flask, half_day: int, point: int | None, second: int, later: int) -> None:
    moment = SHOWN + timedelta(seconds=second % 10**6)
    code = rotating.code_at(half_day, point, moment)
    shown = rotating.read(code)
    assert (shown.half_day_id, shown.point_id) == (half_day, point)
    assert timedelta() <= moment - shown.at < timedelta(seconds=rotating.STEP)
    assert shown.is_fresh(shown.at + timedelta(seconds=later)) == (0 <= later < 15)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(code=st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567=", min_size=30, max_size=34))
def test_a_code_cannot_be_made_up(app: Flask, code: str) -> None:
    with pytest.raises(NotFound):
        rotating.read(code)
