"""The waiting list: a seat that becomes free goes to whoever waits, in the transaction that freed it.

The rule, as every page says it: first those whose unit still has a seat in its quota, the earliest first. After the
reply deadline (at once, where there is none) what is left over goes to the others who wait, the earliest first.
Nobody is passed over by a newcomer: a claim stands in line too, and takes its seat by the same rule.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from lms.core import audit, clock
from lms.core.db import session
from lms.events.models import Event, Point, PointQuota, Quota
from lms.registration import entering, notices, queries, same_person, seating
from lms.registration.models import Application, ApplicationState, Delegate

LEFT_OVER = "Nhận chỗ còn trống theo danh sách chờ"
"""What stands as the reason of a seat beyond the unit's quota that the waiting list gave."""


def promote(event: Event, *, asking: Application | None = None) -> list[Application]:
    """Give the seats that are free to whoever waits. Whoever waited before is told why, and so is their unit.

    `asking` has asked in this very transaction and gets their answer from the page. `lock` the event first.
    """
    seated = []
    while (found := _next(event)) is not None:
        application, left_over = found
        _seat(application, left_over)
        if application is not asking and application.state == ApplicationState.SEATED:
            notices.seat_given(application, left_over=left_over)
        seated.append(application)
    return seated


def standing(application: Application) -> int:
    """Which place in line: 1 is next, among those who wait for the same quota."""
    before = and_(
        Application.event_id == application.event_id,
        Application.state == ApplicationState.WAITING,
        Application.quota_unit_id.is_not_distinct_from(application.quota_unit_id),
        (Application.asked_at < application.asked_at)
        | ((Application.asked_at == application.asked_at) & (Application.id <= application.id)),
    )
    return session().scalar(select(func.count()).select_from(Application).where(before)) or 0


def seats_left_over(event: Event) -> bool:
    """Whether seats of other units may be given: the deadline is past and fewer are seated than there are seats."""
    return _others_may(event, session().scalar(select(func.sum(Quota.seats)).where(Quota.event_id == event.id)) or 0)


def _next(event: Event) -> tuple[Application, bool] | None:
    """Whose turn it is, and whether the seat is one left over by others; None where nobody can be seated."""
    if event.seats is not None and event.seats_taken >= event.seats:
        return None
    in_line = _in_line(event)
    quotas = session().execute(select(Quota.unit_id, Quota.seats, Quota.taken).where(Quota.event_id == event.id)).all()
    free = [quota.unit_id for quota in quotas if quota.taken < quota.seats]
    if free and (found := session().scalar(in_line.where(Application.quota_unit_id.in_(free)))) is not None:
        return found, False
    if quotas and not _others_may(event, sum(quota.seats for quota in quotas)):
        return None
    found = session().scalar(in_line)
    return (found, bool(quotas)) if found is not None else None


def _others_may(event: Event, quota_seats: int) -> bool:
    if event.reply_by is not None and clock.today() <= event.reply_by:
        return False
    return event.seats_taken < (quota_seats if event.seats is None else event.seats)


def _in_line(event: Event) -> Select[Any]:
    return (
        select(Application)
        .where(Application.event_id == event.id, Application.state == ApplicationState.WAITING, *_point_free())
        .order_by(Application.asked_at, Application.id)
        .limit(1)
    )


def _point_free() -> tuple[ColumnElement[bool], ...]:
    full = exists().where(Point.id == Application.point_id, Point.seats_taken >= Point.seats)
    used_up = exists().where(
        PointQuota.event_id == Application.event_id,
        PointQuota.unit_id == Application.quota_unit_id,
        PointQuota.point_id == Application.point_id,
        PointQuota.taken >= PointQuota.seats,
    )
    return ~full, ~used_up


def _seat(application: Application, left_over: bool) -> None:
    candidate, moment = same_person.candidate_of(application), clock.now()
    said = same_person.said_of(application)
    person = same_person.person_of(candidate, said)
    delegate = queries.find_delegate(application.event_id, person.id) if person is not None else None
    application.answered_at = moment
    if delegate is not None and delegate.withdrawn_at is None:
        application.state, application.answer = ApplicationState.REFUSED, "Đã có trong danh sách."
        session().flush()
        return
    if delegate is None:
        delegate = entering.enter(application.event, candidate, person, application.quota_unit_id)
    else:
        _seat_again(delegate, application)
    same_person.note(delegate.person, said, application.answered_by_id)
    delegate.over_quota_reason = LEFT_OVER if left_over else None
    application.state, application.delegate_id = ApplicationState.SEATED, delegate.id
    session().flush()
    audit.record("delegate.promote", f"delegate:{delegate.id}", actor_id=None, application=application.id)


def _seat_again(delegate: Delegate, application: Application) -> None:
    """Someone who had withdrawn gets the same row again, with the unit and post they now ask with."""
    earlier = select(Application).where(Application.delegate_id == delegate.id)
    for before in session().scalars(earlier):
        before.delegate_id = None
    session().flush()
    delegate.unit, delegate.post, delegate.point_id = application.unit, application.post, application.point_id
    delegate.unit_sort_key, delegate.role = application.unit.sort_key, seating.SEATED
    delegate.quota_unit_id = application.quota_unit_id
    delegate.withdrawn_at = delegate.withdraw_reason = delegate.invited_at = None
    delegate.registered_at = clock.now()
    session().flush()
    seating.take(application.event, (delegate.quota_unit_id, delegate.point_id))
