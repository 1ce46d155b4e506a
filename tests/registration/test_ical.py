"""Calendars: written, then read again by a parser, for any event."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from lms.core import clock
from lms.core.db import session
from lms.events.models import Event, Half, HalfDay
from lms.registration import ical, invitations, links
from lms.registration.models import Delegate
from tests.registration.conftest import Register

SITE = ical.Site("https://lms.example.vn:8443", "Tập huấn <no-reply@example.vn>")
GUEST = ical.Attendee("Lý A Một", "mot@example.vn")


def entries(text: str) -> list[Any]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def add_half_days(event: Event) -> None:
    event.sessions = [
        HalfDay(on=date(2024, 8, 7), half=Half.MORNING, starts_at=time(8), ends_at=time(11, 30)),
        HalfDay(on=date(2024, 8, 7), half=Half.AFTERNOON, starts_at=time(13, 30), ends_at=time(17)),
    ]
    session().flush()


def test_an_entry_for_each_half_day_in_local_time(event: Event) -> None:
    add_half_days(event)
    event.calendar_sequence = 4
    text = ical.requested(event, SITE, GUEST, "Nậm Khoang, UBND xã")
    calendar = Calendar.from_ical(text)
    assert calendar["METHOD"] == "REQUEST"
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Ho_Chi_Minh"
    first, second = entries(text)
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20240807T080000\r\n" in text
    start = first["DTSTART"].dt
    assert start.utcoffset() == timedelta(hours=7)
    assert start.astimezone(clock.VIETNAM) == datetime(2024, 8, 7, 8, tzinfo=clock.VIETNAM)
    assert second["DTEND"].dt.astimezone(clock.VIETNAM).time() == time(17)
    assert [one["UID"] for one in (first, second)] == [f"half-day-{one.id}@lms.example.vn" for one in event.sessions]
    assert first["SEQUENCE"] == 4
    assert first["SUMMARY"] == event.title
    assert first["LOCATION"] == "Nậm Khoang, UBND xã"
    assert first["URL"] == "https://lms.example.vn:8443/events/lam-khe-2024"
    assert first["ORGANIZER"] == "mailto:no-reply@example.vn"
    assert first["ORGANIZER"].params["CN"] == "Tỉnh Lam Khê"
    assert first["ATTENDEE"] == "mailto:mot@example.vn"
    assert first["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert first["STATUS"] == "CONFIRMED"


def test_whole_days_where_there_are_no_half_days(event: Event) -> None:
    (entry,) = entries(ical.published(event, SITE))
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2024, 8, 7), date(2024, 8, 9))
    assert entry["UID"] == f"event-{event.id}@lms.example.vn"


def test_what_was_sent_is_taken_away_again_all_or_in_part(event: Event) -> None:
    add_half_days(event)
    sent = ical.requested(event, SITE, GUEST, event.place)
    first, second = sorted(ical.uids(sent))
    whole = ical.cancelled(sent, 7)
    assert whole is not None
    assert Calendar.from_ical(whole)["METHOD"] == "CANCEL"
    assert {(one["UID"], one["SEQUENCE"], one["STATUS"]) for one in entries(whole)} == {
        (first, 7, "CANCELLED"),
        (second, 7, "CANCELLED"),
    }
    part = ical.cancelled(sent, 7, {second})
    assert part is not None
    assert ical.uids(part) == {second}
    assert ical.cancelled(sent, 7, set()) is None


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=TEXT, place=TEXT, name=TEXT, sequence=st.integers(0, 10**6))
@example(title="0", place="0", name="\\", sequence=0)
@example(title="0", place="0", name='A "B" \\: C;D', sequence=0)
def test_any_words_come_back_as_they_were(event: Event, title: str, place: str, name: str, sequence: int) -> None:
    event.title, event.calendar_sequence = title, sequence
    text = ical.requested(event, SITE, ical.Attendee(name, "mot@example.vn", accepted=True), place)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (entry,) = entries(text)
    assert (entry["SUMMARY"], entry["LOCATION"], entry["SEQUENCE"]) == (title, place, sequence)
    assert entry["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    session().expire(event)


def test_a_published_event_is_subscribed_to_from_its_page(app: Flask, client: FlaskClient, event: Event) -> None:
    assert f'href="/calendar/{event.key}.ics"' in client.get(f"/events/{event.key}").get_data(as_text=True)
    answer = client.get(f"/calendar/{event.key}.ics")
    assert answer.mimetype == "text/calendar"
    assert f"filename={event.key}.ics" in answer.headers["Content-Disposition"]
    calendar = Calendar.from_ical(answer.get_data(as_text=True))
    assert calendar["METHOD"] == "PUBLISH"
    (entry,) = calendar.walk("VEVENT")
    assert "ATTENDEE" not in entry
    assert entry["URL"] == "http://lms.test/events/lam-khe-2024"
    event.cancelled_at, event.cancel_reason = clock.now(), "Bão"
    assert "STATUS:CANCELLED" in client.get(f"/calendar/{event.key}.ics").get_data(as_text=True)
    event.published_at = event.cancelled_at = None
    assert client.get(f"/calendar/{event.key}.ics").status_code == 404
    assert client.get("/calendar/khong-co.ics").status_code == 404


def test_a_delegates_own_calendar_names_their_point(client: FlaskClient, event: Event, register: Register) -> None:
    delegate = register("Lý A Một", email="mot@example.vn", point=event.points[0])
    link = invited(delegate)
    (entry,) = entries(client.get(f"/invitations/{link}/invite.ics").get_data(as_text=True))
    assert entry["LOCATION"] == "Nậm Khoang, UBND xã"
    assert client.get("/invitations/unknown/invite.ics").status_code == 404


def invited(delegate: Delegate) -> str:
    invitations.invite(delegate, None)
    session().flush()
    return links.token_of(delegate, "mot@example.vn")
