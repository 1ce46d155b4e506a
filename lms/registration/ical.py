"""iCalendar (RFC 5545, iTIP RFC 5546): an event as an entry for each half-day, invited to, published or cancelled.

An entry's UID names its half-day and stays whatever is changed, so that a calendar replaces what it holds; SEQUENCE is
the event's own. Hours are those of Việt Nam (+07:00 since 13/6/1975) under TZID Asia/Ho_Chi_Minh.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import urlsplit

from icalendar import Calendar, Timezone, TimezoneStandard, vCalAddress, vText
from icalendar import Event as Entry

from lms.core import clock
from lms.events.models import Event

MEDIA_TYPE: Final = "text/calendar"
_PRODUCT: Final = "-//lms//Tap huan doi ngoai//VI"
_OFFSET: Final = timedelta(hours=7)


@dataclass(frozen=True)
class Site:
    """Where the event is to be found: the deployment's address, and the sender of its mails ("Name <a@b>")."""

    base_url: str
    sender: str

    @property
    def host(self) -> str:
        """The part of a UID after the @."""
        return urlsplit(self.base_url).hostname or "localhost"


@dataclass(frozen=True)
class Attendee:
    """Whoever is invited, whether they have accepted, and what their own calendar adds to the event's SEQUENCE."""

    name: str
    address: str
    accepted: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Span:
    """One entry: its UID, and moments, or days of which the second is the first one after."""

    uid: str
    starts: datetime | date
    ends: datetime | date


def published(event: Event, site: Site, place: str | None = None) -> str:
    """The calendar anyone may take along (METHOD:PUBLISH); a cancelled event is marked so."""
    return _text("PUBLISH", [_entry(event, site, span, place or event.place) for span in spans(event, site)])


def requested(event: Event, site: Site, attendee: Attendee, place: str) -> str:
    """The calendar of an invitation or of its update (METHOD:REQUEST)."""
    entries = []
    for span in spans(event, site):
        entry = _entry(event, site, span, place, attendee.revision)
        guest = vCalAddress(f"mailto:{attendee.address}")
        guest.params["CN"] = _common_name(attendee.name)
        guest.params["PARTSTAT"] = vText("ACCEPTED" if attendee.accepted else "NEEDS-ACTION")
        guest.params["RSVP"] = vText("FALSE")  # the answer is given at the personal link
        entry.add("attendee", guest)
        entries.append(entry)
    return _text("REQUEST", entries)


def cancelled(earlier: str, sequence: int, only: Collection[str] | None = None) -> str | None:
    """What takes the entries of an earlier calendar away (METHOD:CANCEL), or those of some UIDs; None for none."""
    entries = [entry for entry in _entries(earlier) if only is None or str(entry["UID"]) in only]
    for entry in entries:
        for name in ("SEQUENCE", "DTSTAMP", "STATUS"):
            entry.pop(name, None)
        entry.add("sequence", sequence)
        entry.add("dtstamp", _stamp())
        entry.add("status", "CANCELLED")
    return _text("CANCEL", entries) if entries else None


def uids(calendar: str) -> set[str]:
    """The UIDs of a calendar's entries."""
    return {str(entry["UID"]) for entry in _entries(calendar)}


def spans(event: Event, site: Site) -> list[Span]:
    """The event's half-days; its whole days where it has none."""
    if not event.sessions:
        after = event.ends_on + timedelta(days=1)
        return [Span(f"event-{event.id}@{site.host}", event.starts_on, after)]
    return [
        Span(
            f"half-day-{half_day.id}@{site.host}",
            datetime.combine(half_day.on, half_day.starts_at, clock.VIETNAM),
            datetime.combine(half_day.on, half_day.ends_at, clock.VIETNAM),
        )
        for half_day in event.sessions
    ]


def _entry(event: Event, site: Site, span: Span, place: str, revision: int = 0) -> Entry:
    entry, page = Entry(), f"{site.base_url}/events/{event.key}"
    entry.add("uid", span.uid)
    entry.add("dtstamp", _stamp())
    entry.add("dtstart", span.starts)
    entry.add("dtend", span.ends)
    entry.add("sequence", event.calendar_sequence + revision)
    entry.add("status", "CANCELLED" if event.cancelled_at is not None else "CONFIRMED")
    entry.add("summary", event.title)
    entry.add("description", "\n".join(filter(None, [event.title_en, page])))
    entry.add("location", place)
    entry.add("url", page)
    organizer = vCalAddress(f"mailto:{parseaddr(site.sender)[1]}")
    organizer.params["CN"] = _common_name(event.unit.name)
    entry.add("organizer", organizer)
    return entry


def _entries(calendar: str) -> list[Any]:
    return list(Calendar.from_ical(calendar).walk("VEVENT"))


def _text(method: str, entries: Collection[Entry]) -> str:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_timezone())
    for entry in entries:
        calendar.add_component(entry)
    written: bytes = calendar.to_ical()
    return written.decode()


def _timezone() -> Timezone:
    zone, since = Timezone(), TimezoneStandard()
    zone.add("tzid", clock.VIETNAM.key)
    since.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001 - a rule of a zone begins in local time
    since.add("tzoffsetfrom", timedelta(hours=8))
    since.add("tzoffsetto", _OFFSET)
    since.add("tzname", "+07")
    zone.add_component(since)
    return zone


def _stamp() -> datetime:
    return clock.now().astimezone(UTC).replace(microsecond=0)


def _common_name(words: str) -> vText:
    """A name as a parameter: readers take a backslash there for an escape (RFC 5545, 3.2), so it becomes a slash."""
    return vText(words.replace("\\", "/"))
