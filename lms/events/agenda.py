"""The agenda: half-day sessions, their topics in order, and who speaks on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from lms.accounts.models import Account
from lms.core import audit
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.core.text import fold, tidy
from lms.events import policy, posts_held, service, signals
from lms.events.models import Event, Half, HalfDay, Speaker, Topic
from lms.people import service as people
from lms.people.models import Person
from lms.units.models import Unit


@dataclass(frozen=True)
class TopicWords:
    """A topic as its form gives it."""

    title: str
    title_en: str | None = None
    starts_at: time | None = None


@dataclass(frozen=True)
class NewPerson:
    """Someone not yet known: whole name, form of address (PGS.TS), and the post they hold."""

    full_name: str
    post: str
    unit: Unit
    title: str = ""


def add_half_day(actor: Account, event: Event, day: date, half: Half) -> HalfDay:
    """One more half-day within the event's days; asking for one that is there changes nothing."""
    policy.refuse_cancelled(event)
    if not event.starts_on <= day <= event.ends_on:
        raise RuleBroken(
            N_("Ngày này nằm ngoài thời gian của sự kiện. Hãy sửa ngày của sự kiện trước."), field="on", code="day"
        )
    for half_day in event.sessions:
        if (half_day.on, half_day.half) == (day, half):
            return half_day
    half_day = service.add_half_day(event, day, half)
    service.calendar_changed(event)
    session().flush()
    _record(actor, event, "half_day.add", session=half_day.key)
    return half_day


def remove_half_day(actor: Account, event: Event, half_day: HalfDay) -> None:
    """Take an empty half-day away; one with topics or attendance is refused."""
    policy.refuse_cancelled(event)
    key = half_day.key
    service.remove_half_day(event, half_day)
    service.calendar_changed(event)
    _record(actor, event, "half_day.remove", session=key)


def set_hours(
    actor: Account, event: Event, half_day: HalfDay, starts_at: time, ends_at: time, reason: str = ""
) -> None:
    """When a half-day begins and ends. Raises RuleBroken as `check_hours` does, or as who hears of it refuses."""
    check_hours(event, half_day, starts_at, ends_at)
    before = (half_day.starts_at, half_day.ends_at)
    if before == (starts_at, ends_at):
        return
    signals.hours_changing.send(half_day, starts_at=starts_at, ends_at=ends_at, actor=actor, reason=reason)
    service.calendar_changed(event)
    half_day.starts_at, half_day.ends_at = starts_at, ends_at
    session().flush()
    was, became = (f"{first:%H:%M}–{last:%H:%M}" for first, last in (before, (starts_at, ends_at)))
    more = {"reason": tidy(reason)} if tidy(reason) else {}
    _record(actor, event, "half_day.hours", session=half_day.key, was=was, became=became, **more)


def check_hours(event: Event, half_day: HalfDay, starts_at: time, ends_at: time) -> None:
    """Raise RuleBroken where a half-day cannot have these times.

    Out of order; on one day over the other half; or leaving topics of its own outside, which are named.
    """
    policy.refuse_cancelled(event)
    if ends_at <= starts_at:
        raise RuleBroken(N_("Giờ kết thúc phải sau giờ bắt đầu."), field="ends_at", code="hours")
    for other in event.sessions:
        if (
            other.on == half_day.on
            and other is not half_day
            and starts_at < other.ends_at
            and other.starts_at < ends_at
        ):
            raise RuleBroken(
                N_("Giờ của buổi này trùng với buổi %(session)s (%(from)s–%(to)s)."),
                field="starts_at",
                code="clash",
                session=other.key,
                **{"from": f"{other.starts_at:%H:%M}", "to": f"{other.ends_at:%H:%M}"},
            )
    _refuse_left_outside(half_day, starts_at, ends_at)


def add_topic(actor: Account, event: Event, half_day: HalfDay, words: TopicWords) -> Topic:
    """A topic at the end of a half-day; the same one sent twice is written once."""
    policy.refuse_cancelled(event)
    _check_start(half_day, words)
    for topic in half_day.topics:
        if (topic.title, topic.starts_at) == (words.title, words.starts_at):
            return topic
    topic = Topic(
        position=len(half_day.topics) + 1, title=words.title, title_en=words.title_en, starts_at=words.starts_at
    )
    half_day.topics.append(topic)
    session().flush()
    _record(actor, event, "topic.add", topic=topic.id)
    return topic


def edit_topic(actor: Account, event: Event, topic: Topic, half_day: HalfDay, words: TopicWords) -> None:
    """Change a topic's words, or put it at the end of another half-day."""
    policy.refuse_cancelled(event)
    _check_start(half_day, words)
    topic.title, topic.title_en, topic.starts_at = words.title, words.title_en, words.starts_at
    if topic.half_day_id != half_day.id:
        left = topic.half_day
        topic.half_day = half_day
        topic.position = len([one for one in half_day.topics if one is not topic]) + 1
        session().flush()
        _number([one for one in left.topics if one is not topic])
    session().flush()
    _record(actor, event, "topic.edit", topic=topic.id)


def place_topic(actor: Account, event: Event, topic: Topic, position: int) -> None:
    """Put a topic at a place, 1 first, within its half-day; sent twice it stands where it was put."""
    policy.refuse_cancelled(event)
    others = [one for one in topic.half_day.topics if one is not topic]
    others.insert(max(0, min(position - 1, len(others))), topic)
    _number(others)
    session().flush()
    session().expire(topic.half_day, ["topics"])
    _record(actor, event, "topic.place", topic=topic.id, position=topic.position)


def remove_topic(actor: Account, event: Event, topic: Topic) -> None:
    """Take a topic off the agenda with its speakers."""
    policy.refuse_cancelled(event)
    half_day = topic.half_day
    _record(actor, event, "topic.remove", topic=topic.id, title=topic.title)
    half_day.topics.remove(topic)
    _number(half_day.topics)
    session().flush()


def add_speaker(actor: Account, event: Event, topic: Topic, person: Person) -> Speaker:
    """Let a person speak on a topic; in a published event the posts of that day are written down at once."""
    policy.refuse_cancelled(event)
    for speaker in topic.speakers:
        if speaker.person_id == person.id:
            return speaker
    speaker = Speaker(person=person, position=len(topic.speakers) + 1)
    if event.published_at is not None:
        speaker.posts_held = posts_held.printed(person, event.starts_on)
    topic.speakers.append(speaker)
    session().flush()
    _record(actor, event, "speaker.add", topic=topic.id, person=person.id)
    return speaker


def add_new_speaker(actor: Account, event: Event, topic: Topic, new: NewPerson) -> Speaker:
    """Enter a person with one post, begun on a day unknown, and let them speak; known already, they are not doubled."""
    policy.refuse_cancelled(event)
    for speaker in topic.speakers:
        if fold(speaker.person.full_name) == fold(new.full_name):
            return speaker
    person = people.find_or_create(tidy(new.full_name), new.unit, tidy(new.post))
    person.title = person.title or tidy(new.title)
    session().flush()
    audit.record("person.add", f"person:{person.id}", actor_id=actor.id)
    return add_speaker(actor, event, topic, person)


def remove_speaker(actor: Account, event: Event, topic: Topic, speaker_id: int) -> None:
    """Take a speaker off a topic; one who is gone already changes nothing."""
    policy.refuse_cancelled(event)
    for speaker in [one for one in topic.speakers if one.id == speaker_id]:
        topic.speakers.remove(speaker)
        _number(topic.speakers)
        session().flush()
        _record(actor, event, "speaker.remove", topic=topic.id, person=speaker.person_id)


def renew_posts(actor: Account, event: Event, topic: Topic, speaker_id: int) -> None:
    """Write down a speaker's posts anew, after the register of people was corrected; raises NotFound."""
    policy.refuse_cancelled(event)
    speaker = next((one for one in topic.speakers if one.id == speaker_id), None)
    if speaker is None:
        raise NotFound
    before, speaker.posts_held = speaker.posts_held, posts_held.printed(speaker.person, event.starts_on)
    session().flush()
    _record(actor, event, "speaker.posts", person=speaker.person_id, before=before, after=speaker.posts_held)


def _refuse_left_outside(half_day: HalfDay, starts_at: time, ends_at: time) -> None:
    """Refuse times that leave topics outside; times that are as they were change nothing."""
    if (starts_at, ends_at) == (half_day.starts_at, half_day.ends_at):
        return
    outside = [
        f"{topic.starts_at:%H:%M} “{topic.title}”"
        for topic in half_day.topics
        if topic.starts_at is not None and not starts_at <= topic.starts_at < ends_at
    ]
    if outside:
        raise RuleBroken(
            N_(
                "Còn chuyên đề nằm ngoài %(from)s–%(to)s: %(topics)s. "
                "Hãy đổi hoặc bỏ trống giờ của các chuyên đề ấy, hoặc chuyển sang buổi khác, rồi đổi giờ của buổi."
            ),
            field="starts_at",
            code="topics",
            topics=", ".join(outside),
            **{"from": f"{starts_at:%H:%M}", "to": f"{ends_at:%H:%M}"},
        )


def _check_start(half_day: HalfDay, words: TopicWords) -> None:
    if words.starts_at is not None and not half_day.starts_at <= words.starts_at < half_day.ends_at:
        raise RuleBroken(
            N_("Giờ này nằm ngoài buổi (%(from)s–%(to)s)."),
            field="starts_at",
            code="hours",
            **{"from": f"{half_day.starts_at:%H:%M}", "to": f"{half_day.ends_at:%H:%M}"},
        )


def _number(rows: Sequence[Topic | Speaker]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position


def _record(actor: Account, event: Event, verb: str, **detail: object) -> None:
    audit.record(verb, f"event:{event.id}", actor_id=actor.id, **detail)
