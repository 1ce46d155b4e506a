"""What happens to an event as a whole: made, edited, moved to other days, published, cancelled, deleted."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import Base, session
from lms.core.errors import N_, RuleBroken, RulesBroken
from lms.events import half_days, keys, policy, posts_held, signals
from lms.events.half_days import Span
from lms.events.models import Event, EventHost, EventKind, Half, HalfDay, HostRole, TrainingPlan
from lms.units.models import Unit

attended_sources: list[Callable[[Event], Collection[int]]] = []
"""Functions from an event to the ids of its half-days with recorded attendance: these are not moved or removed."""


@dataclass(frozen=True)
class Details:
    """The words and figures of an event, as its form asks for them."""

    title: str
    kind: EventKind
    place: str
    title_en: str | None = None
    summary: str = ""
    summary_en: str | None = None
    place_en: str | None = None
    plan: TrainingPlan | None = None
    reply_by: date | None = None
    hours: int | None = None
    """Hours of training; None: four for each half-day."""


def create_event(
    actor: Account, unit: Unit, details: Details, span: Span, *, host: Unit | None = None, key: str | None = None
) -> Event:
    """A draft with its half-days and, when given, its host; the same draft sent twice is made once."""
    _check_span(span, details.reply_by)
    known = session().scalar(
        select(Event).where(
            Event.unit_id == unit.id,
            Event.published_at.is_(None),
            Event.title == details.title,
            Event.kind == details.kind,
            Event.place == details.place,
            Event.starts_on == span.starts_on,
            Event.ends_on == span.ends_on,
        )
    )
    if known is not None and key in (None, known.key):
        return known
    event = Event(unit=unit, key=free_key(details.title, span.starts_on.year) if key is None else checked_key(key))
    event.starts_on, event.ends_on = span.starts_on, span.ends_on
    for day, half in span.half_days():
        add_half_day(event, day, half)
    _describe(event, details)
    if host is not None:
        event.hosts.append(EventHost(unit=host, role=HostRole.HOST, position=1))
    session().add(event)
    event.index_words()
    session().flush()
    audit.record("event.create", f"event:{event.id}", actor_id=actor.id, key=event.key)
    return event


def edit_event(actor: Account, event: Event, details: Details, span: Span, *, key: str | None = None) -> None:
    """Change the words, the days, and in a draft the address."""
    policy.refuse_cancelled(event)
    _check_span(span, details.reply_by)
    if key is not None and key != event.key:
        if not policy.may_change_key(event):
            raise RuleBroken(N_("Địa chỉ đã công bố thì giữ nguyên."), field="key", code="key")
        event.key = checked_key(key)
    before = _in_calendars(event)
    if span != span_of(event):
        move(event, span)
    _describe(event, details)
    event.index_words()
    if _in_calendars(event) != before:
        calendar_changed(event)
    session().flush()
    audit.record("event.edit", f"event:{event.id}", actor_id=actor.id)
    signals.event_changed.send(event)


def calendar_changed(event: Event) -> None:
    """Something that stands in people's calendars was changed: they are behind from now on. A draft is in none."""
    if event.published_at is not None:
        event.calendar_sequence += 1


def span_of(event: Event) -> Span:
    """The span that the event's days and half-days say."""
    first = [Half(one.half) for one in event.sessions if one.on == event.starts_on]
    last = [Half(one.half) for one in event.sessions if one.on == event.ends_on]
    morning_first = not first or Half.MORNING in first
    afternoon_last = not last or Half.AFTERNOON in last
    return Span(
        event.starts_on,
        Half.MORNING if morning_first else Half.AFTERNOON,
        event.ends_on,
        Half.AFTERNOON if afternoon_last else Half.MORNING,
    )


def move(event: Event, span: Span) -> None:
    """Give the event other days: as many days keep their agenda; a half-day with topics is never dropped silently."""
    before = span_of(event)
    if span.days == before.days and span.starts_on != before.starts_on:
        _shift(event, span.starts_on - before.starts_on)
        before = before.beginning_on(span.starts_on)
    wanted = span.half_days()
    for half_day in [one for one in event.sessions if (one.on, one.half) not in wanted]:
        remove_half_day(event, half_day, field="ends_on")
    there = {(one.on, one.half) for one in event.sessions}
    for day, half in wanted:
        if (day, half) not in there and (day, half) not in before.half_days():
            add_half_day(event, day, half)
    event.starts_on, event.ends_on = span.starts_on, span.ends_on
    if event.published_at is not None:
        freeze_posts(event)


def add_half_day(event: Event, day: date, half: Half) -> HalfDay:
    """A half-day session at the usual hours."""
    starts_at, ends_at = half_days.HOURS[half]
    half_day = HalfDay(on=day, half=half, starts_at=starts_at, ends_at=ends_at)
    event.sessions.append(half_day)
    event.sessions.sort(key=lambda one: (one.on, half_days.HALVES.index(Half(one.half))))
    return half_day


def remove_half_day(event: Event, half_day: HalfDay, *, field: str | None = None) -> None:
    """Take an empty half-day off the agenda; one with topics or attendance is refused."""
    if half_day.topics:
        raise RuleBroken(
            N_("Buổi %(session)s còn chuyên đề. Hãy chuyển hoặc bỏ các chuyên đề trước."),
            field=field,
            code="topics",
            session=half_day.key,
        )
    attended = RuleBroken(
        N_("Buổi %(session)s đã có điểm danh nên không bỏ hay dời được."),
        field=field,
        code="attended",
        session=half_day.key,
    )
    if half_day.id in _attended(event):
        raise attended
    remove(half_day, attended)
    session().expire(event, ["sessions"])


def publish(actor: Account, event: Event) -> None:
    """Make a draft public and freeze its speakers' posts; raises RulesBroken naming all that is missing."""
    if not policy.may_publish(event):
        return
    missing = policy.missing_for_publication(event)
    if missing:
        raise RulesBroken(missing)
    freeze_posts(event)
    event.published_at = clock.now()
    session().flush()
    signals.event_published.send(event)
    audit.record("event.publish", f"event:{event.id}", actor_id=actor.id)


def cancel(actor: Account, event: Event, reason: str) -> None:
    """Cancel a published event; it stays to be seen, with the reason."""
    if event.cancelled_at is not None:
        return
    if not policy.may_cancel(event):
        raise RuleBroken(N_("Bản nháp chưa công bố thì xóa, không hủy."), code="draft")
    event.cancelled_at = clock.now()
    event.cancel_reason = reason
    calendar_changed(event)
    session().flush()
    audit.record("event.cancel", f"event:{event.id}", actor_id=actor.id, reason=reason)
    signals.event_cancelled.send(event, actor=actor)


def delete(actor: Account, event: Event) -> None:
    """Delete a draft; what others already see is cancelled, not deleted."""
    if not policy.may_delete(event):
        raise RuleBroken(N_("Sự kiện đã công bố thì hủy, không xóa."), code="published")
    audit.record("event.delete", f"event:{event.id}", actor_id=actor.id, key=event.key, title=event.title)
    remove(
        event,
        RuleBroken(N_("Bản nháp này đã có đại biểu hoặc đã được chép. Hãy bỏ những thứ đó trước."), code="in_use"),
    )


def freeze_posts(event: Event) -> None:
    """Write down, for every speaker, the posts they hold on the event's first day."""
    for half_day in event.sessions:
        for topic in half_day.topics:
            for speaker in topic.speakers:
                speaker.posts_held = posts_held.printed(speaker.person, event.starts_on)


def free_key(title: str, year: int) -> str:
    """An address made from the title that no event bears yet."""
    key = keys.key_of(title, year)
    taken = set(session().scalars(select(Event.key).where(Event.key.startswith(key))))
    number = 2
    free = key
    while free in taken:
        free = keys.numbered(key, number)
        number += 1
    return free


def checked_key(key: str) -> str:
    """The address when it is well formed and free; raises RuleBroken(field="key")."""
    if not keys.is_key(key):
        raise RuleBroken(
            N_("Địa chỉ chỉ gồm chữ thường không dấu, chữ số và dấu nối, ví dụ “hoa-binh-2024”."),
            field="key",
            code="key",
        )
    if session().scalar(select(Event.id).where(Event.key == key)) is not None:
        raise RuleBroken(
            N_("Đã có sự kiện ở địa chỉ “%(key)s”. Hãy chọn địa chỉ khác."), field="key", code="taken", key=key
        )
    return key


def remove(row: Base, refusal: RuleBroken) -> None:
    """Delete a row, or raise the refusal when rows of another feature hold on to it."""
    try:
        with session().begin_nested():
            session().delete(row)
            session().flush()
    except IntegrityError as error:
        raise refusal from error


def _describe(event: Event, details: Details) -> None:
    for field in fields(details):
        if field.name != "hours":
            setattr(event, field.name, getattr(details, field.name))
    event.hours = half_days.HOURS_EACH * len(event.sessions) if details.hours is None else details.hours


def _in_calendars(event: Event) -> list[object]:
    """What an entry in a calendar says of the event."""
    halves = [(one.id, one.on, one.half, one.starts_at, one.ends_at) for one in event.sessions]
    return [event.title, event.title_en, event.place, event.starts_on, event.ends_on, halves]


def _check_span(span: Span, reply_by: date | None) -> None:
    refusals = []
    if not span.half_days():
        message = N_("Sự kiện kết thúc trước khi bắt đầu. Hãy xem lại ngày và buổi.")
        refusals.append(RuleBroken(message, field="ends_on", code="order"))
    if span.days > half_days.LONGEST:
        message = N_("Sự kiện dài quá %(days)d ngày. Hãy xem lại ngày kết thúc.")
        refusals.append(RuleBroken(message, field="ends_on", code="long", days=half_days.LONGEST))
    if reply_by is not None and reply_by > span.starts_on:
        message = N_("Hạn trả lời phải trước khi sự kiện bắt đầu.")
        refusals.append(RuleBroken(message, field="reply_by", code="reply_by"))
    if refusals:
        raise RulesBroken(refusals)


def _shift(event: Event, by: timedelta) -> None:
    """Move every half-day; one at a time from the far end, so that no two ever share a day and half."""
    attended = _attended(event)
    for half_day in sorted(event.sessions, key=lambda one: one.on, reverse=by > timedelta(0)):
        if half_day.id in attended:
            message = N_("Buổi %(session)s đã có điểm danh nên không bỏ hay dời được.")
            raise RuleBroken(message, field="starts_on", code="attended", session=half_day.key)
        half_day.on = half_day.on + by
        session().flush()


def _attended(event: Event) -> set[int]:
    return {half_day_id for source in attended_sources for half_day_id in source(event)}
