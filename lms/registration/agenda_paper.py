"""The agenda (chương trình) of an event on paper: half-days, hours, topics, and who speaks, in the post of that day."""

from lms.core.clock import short_day
from lms.events import posts_held
from lms.events.models import Event, Half, HalfDay, Speaker, Topic
from lms.paperwork.layout import Column, Head, Paper, Row, Table
from lms.registration.first_letters import agency_name, is_party, issuer_of, superior_name

_COLUMNS = (Column("Thời gian", 28, "center"), Column("Nội dung", 77), Column("Người trình bày", 60))
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def paper_of(event: Event) -> Paper:
    """The agenda laid out; half-days without topics are named with their hours."""
    issuer = issuer_of(event)
    rows = [row for half_day in event.sessions for row in _rows(half_day)]
    return Paper(
        head=Head(agency_name(issuer), superior_name(issuer), party=is_party(issuer)),
        title="Chương trình",
        summary=event.title,
        note=f"{_days(event)}, tại {event.place}",
        blocks=(Table(_COLUMNS, tuple(rows), empty="Chưa có chương trình"),),
        specimen=event.specimen,
    )


def _days(event: Event) -> str:
    first, last = short_day(event.starts_on), short_day(event.ends_on)
    return f"Ngày {first}" if first == last else f"Từ ngày {first} đến ngày {last}"


def _rows(half_day: HalfDay) -> list[Row]:
    half = "Buổi sáng" if half_day.half == Half.MORNING else "Buổi chiều"
    hours = f"{half_day.starts_at:%H:%M}–{half_day.ends_at:%H:%M}"
    heading = f"{half}, {_WEEKDAYS[half_day.on.weekday()]}, ngày {short_day(half_day.on)} ({hours})"
    return [Row((heading,), "group"), *(_row(half_day, topic) for topic in half_day.topics)]


def _row(half_day: HalfDay, topic: Topic) -> Row:
    starts = f"{topic.starts_at:%H:%M}" if topic.starts_at else ""
    speakers = "; ".join(_named(speaker, half_day) for speaker in topic.speakers)
    return Row((starts, topic.title, speakers))


def _named(speaker: Speaker, half_day: HalfDay) -> str:
    person = speaker.person
    name = " ".join(part for part in (person.title, person.full_name) if part)
    posts = posts_held.of(speaker, half_day.on)
    return f"{name}, {posts}" if posts else name
