"""A new event from an old one: everything but its delegates, on other days, as a draft."""

from datetime import date, timedelta

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import audit
from lms.core.db import session
from lms.events import service
from lms.events.models import (
    Event,
    EventDocument,
    EventHost,
    EventStaff,
    HalfDay,
    Point,
    Quota,
    RequiredCourse,
    Speaker,
    Topic,
)
from lms.units.models import Unit


def copy_event(actor: Account, event: Event, *, title: str, starts_on: date) -> Event:
    """A draft with the same agenda, hosts, points, documents, quotas, rule and staff, begun on another day.

    Posts of speakers are those of the new day; hosts and quotas of units that no longer exist then are left out
    (`units_left_out`). The same copy asked for twice is made once.
    """
    known = session().scalar(
        select(Event).where(
            Event.copied_from_id == event.id,
            Event.title == title,
            Event.starts_on == starts_on,
            Event.published_at.is_(None),
        )
    )
    if known is not None:
        return known
    copy = _bare_copy(event, title, starts_on)
    by = starts_on - event.starts_on
    copy.sessions = [_half_day(half_day, by) for half_day in event.sessions]
    copy.hosts = [
        EventHost(unit=host.unit, role=host.role, position=host.position)
        for host in event.hosts
        if host.unit.existed_on(starts_on)
    ]
    copy.points = [Point(position=point.position, name=point.name, place=point.place) for point in event.points]
    copy.documents = [_document(document) for document in event.documents]
    copy.quotas = [Quota(unit=one.unit, seats=one.seats) for one in event.quotas if one.unit.existed_on(starts_on)]
    copy.required_courses = [RequiredCourse(course=one.course) for one in event.required_courses]
    copy.staff = [EventStaff(account=one.account, role=one.role) for one in event.staff]
    session().add(copy)
    copy.index_words()
    session().flush()
    audit.record("event.copy", f"event:{copy.id}", actor_id=actor.id, copied_from=event.key)
    return copy


def units_left_out(event: Event, day: date) -> list[Unit]:
    """Hosts and units with a quota that do not exist on the day, each once."""
    units = {host.unit_id: host.unit for host in event.hosts} | {quota.unit_id: quota.unit for quota in event.quotas}
    return [unit for unit in units.values() if not unit.existed_on(day)]


def _bare_copy(event: Event, title: str, starts_on: date) -> Event:
    return Event(
        key=service.free_key(title, starts_on.year),
        unit=event.unit,
        plan_id=event.plan_id,
        kind=event.kind,
        title=title,
        title_en=event.title_en if title == event.title else None,
        summary=event.summary,
        summary_en=event.summary_en,
        place=event.place,
        place_en=event.place_en,
        starts_on=starts_on,
        ends_on=starts_on + (event.ends_on - event.starts_on),
        hours=event.hours,
        attendance_percent=event.attendance_percent,
        late_minutes=event.late_minutes,
        early_minutes=event.early_minutes,
        late_counts=event.late_counts,
        early_counts=event.early_counts,
        excused_counts=event.excused_counts,
        evidence=event.evidence,
        self_check_in=event.self_check_in,
        test=event.test,
        specimen=event.specimen,
        copied_from_id=event.id,
    )


def _half_day(half_day: HalfDay, by: timedelta) -> HalfDay:
    topics = [
        Topic(
            position=topic.position,
            starts_at=topic.starts_at,
            title=topic.title,
            title_en=topic.title_en,
            speakers=[Speaker(person=speaker.person, position=speaker.position) for speaker in topic.speakers],
        )
        for topic in half_day.topics
    ]
    return HalfDay(
        on=half_day.on + by, half=half_day.half, starts_at=half_day.starts_at, ends_at=half_day.ends_at, topics=topics
    )


def _document(document: EventDocument) -> EventDocument:
    return EventDocument(
        position=document.position,
        title=document.title,
        file=document.file,
        file_name=document.file_name,
        media_type=document.media_type,
        size=document.size,
    )
