"""What is arranged around an event: hosts, points, quotas, documents, the rule for the certificate, and its staff."""

from collections.abc import Mapping, Sequence
from datetime import date

from lms.accounts.models import Account
from lms.core import audit, files
from lms.core.db import session
from lms.core.errors import N_, RuleBroken, RulesBroken
from lms.core.text import tidy
from lms.courses.models import Course
from lms.events import policy, service, signals
from lms.events.models import (
    Event,
    EventDocument,
    EventHost,
    EventStaff,
    HostRole,
    Point,
    PointQuota,
    Quota,
    RequiredCourse,
    SelfRegistration,
    StaffRole,
)
from lms.events.uploads import Upload
from lms.quizzes.models import Quiz
from lms.units.models import Unit

MOST_SEATS = 100_000


def add_host(actor: Account, event: Event, unit: Unit, role: HostRole) -> EventHost:
    """Let a unit that exists on the event's day host or co-host; one already there takes the role given."""
    policy.refuse_cancelled(event)
    _check_existed([unit], event.starts_on, "unit")
    if role != HostRole.HOST:
        _keep_a_host(event, [one for one in event.hosts if one.unit_id != unit.id])
    host = next((one for one in event.hosts if one.unit_id == unit.id), None)
    if host is None:
        host = EventHost(unit=unit, position=len(event.hosts) + 1)
        event.hosts.append(host)
    host.role = role
    _arrange_hosts(event)
    _record(actor, event, "host.add", unit=unit.id, role=str(role))
    return host


def remove_host(actor: Account, event: Event, unit_id: int) -> None:
    """Take a host away; a published event keeps at least one that hosts."""
    policy.refuse_cancelled(event)
    kept = [host for host in event.hosts if host.unit_id != unit_id]
    _keep_a_host(event, kept)
    event.hosts = kept
    _arrange_hosts(event)
    _record(actor, event, "host.remove", unit=unit_id)


def place_host(actor: Account, event: Event, unit_id: int, position: int) -> None:
    """Put a host at a place in the order of print, 1 first; those who host always stand before co-hosts."""
    policy.refuse_cancelled(event)
    moved = [host for host in event.hosts if host.unit_id == unit_id]
    others = [host for host in event.hosts if host.unit_id != unit_id]
    at = max(0, min(position - 1, len(others)))
    event.hosts = [*others[:at], *moved, *others[at:]]
    _arrange_hosts(event)
    _record(actor, event, "host.place", unit=unit_id, position=position)


def set_points(actor: Account, event: Event, points: Sequence[tuple[int | None, str, str, int | None]]) -> None:
    """Write the points as given: (id or None for a new one, name, place, seats) in order; those left out go."""
    policy.refuse_cancelled(event)
    known = {point.id: point for point in event.points}
    kept = {point_id for point_id, _name, _place, _seats in points if point_id in known}
    names = [tidy(name).casefold() for _id, name, _place, _seats in points]
    if len(set(names)) < len(names):
        raise RuleBroken(N_("Hai điểm cầu cùng tên. Hãy đặt tên khác nhau."), code="twice")
    if event.published_at is not None and event.kind == "hybrid" and not points:
        raise RuleBroken(N_("Sự kiện kết hợp đã công bố cần ít nhất một điểm cầu."), code="points")
    for left_out in [point for point in known.values() if point.id not in kept]:
        message = N_("Điểm cầu “%(name)s” đã có đại biểu hoặc chỉ tiêu nên không bỏ được.")
        service.remove(left_out, RuleBroken(message, code="in_use", name=left_out.name))
    session().expire(event, ["points"])
    for position, (point_id, name, place, seats) in enumerate(points, start=1):
        point = known.get(point_id or 0)
        if point is None:
            point = Point()
            event.points.append(point)
        if point.id is not None and (point.name, point.place) != (tidy(name), tidy(place)):
            service.calendar_changed(event)
        point.position, point.name, point.place, point.seats = position, tidy(name), tidy(place), seats
    session().flush()
    signals.seats_changed.send(event)
    _record(actor, event, "points.set", points=len(points))


def set_quotas(actor: Account, event: Event, seats: Mapping[Unit, int]) -> None:
    """Write the whole table of seats by unit; 0 seats takes a unit off it. Raises RulesBroken, a refusal a unit.

    A unit must have existed on the event's first day and is never given fewer seats than delegates already registered;
    where more were seated for a reason, its number may stay as it is.
    """
    policy.refuse_cancelled(event)
    wanted = {unit.id: number for unit, number in seats.items() if number}
    _check_existed(list(seats), event.starts_on, "seats")
    _check_floor(event, wanted)
    known = {quota.unit_id: quota for quota in event.quotas}
    for unit_id, quota in known.items():
        if unit_id not in wanted:
            event.quotas.remove(quota)
    for unit in seats:
        if unit.id in known and unit.id in wanted:
            known[unit.id].seats = wanted[unit.id]
        elif unit.id in wanted:
            event.quotas.append(Quota(unit=unit, seats=wanted[unit.id]))
    session().flush()
    signals.seats_changed.send(event)
    _record(actor, event, "quotas.set", units=len(wanted), seats=sum(wanted.values()))


def add_quotas(actor: Account, event: Event, units: Sequence[Unit], seats: int) -> None:
    """Give each unit as many seats, beside the quotas that stand."""
    set_quotas(actor, event, {quota.unit: quota.seats for quota in event.quotas} | dict.fromkeys(units, seats))


def share_quota(actor: Account, event: Event, quota: Quota, shares: Mapping[Point, int]) -> None:
    """Say how many of a unit's seats are at which point; seats not shared out are filled at any other point.

    Raises RulesBroken: the shares are more than the unit's seats, or fewer than are taken at a point.
    """
    policy.refuse_cancelled(event)
    wanted = {point.id: number for point, number in shares.items() if number}
    known = {share.point_id: share for share in quota.at_points}
    names = {point.id: point.name for point in event.points}
    refusals = [
        RuleBroken(
            N_("%(point)s đã có %(taken)d đại biểu của đơn vị; số chỗ không thể ít hơn."),
            field=f"seats-{point_id}",
            code="taken",
            point=names[point_id],
            taken=share.taken,
        )
        for point_id, share in known.items()
        if wanted and wanted.get(point_id, 0) < min(share.taken, share.seats)
    ]
    if sum(wanted.values()) > quota.seats:
        message = N_("Các điểm cầu cộng lại là %(sum)d chỗ, chỉ tiêu chỉ có %(seats)d chỗ. Hãy chia lại.")
        refusals.append(RuleBroken(message, code="sum", sum=sum(wanted.values()), seats=quota.seats))
    if refusals:
        raise RulesBroken(refusals)
    for point_id in known.keys() - wanted.keys():
        quota.at_points.remove(known[point_id])
    for point_id, number in wanted.items():
        if point_id in known:
            known[point_id].seats = number
        else:
            quota.at_points.append(PointQuota(point_id=point_id, seats=number))
    session().flush()
    signals.seats_changed.send(event)
    _record(actor, event, "quota.share", unit=quota.unit_id, shares=wanted)


def set_seats(actor: Account, event: Event, seats: int | None, self_registration: SelfRegistration) -> None:
    """Limit all delegates together (None: no limit), and say whether people may put themselves on the list."""
    policy.refuse_cancelled(event)
    if seats is not None and seats < event.seats_taken and seats != event.seats:
        message = N_("Đã có %(taken)d đại biểu đăng ký; số chỗ chung không thể ít hơn.")
        raise RuleBroken(message, field="limit", code="taken", taken=event.seats_taken)
    event.seats, event.self_registration = seats, self_registration
    session().flush()
    signals.seats_changed.send(event)
    _record(actor, event, "seats.set", seats=seats, self_registration=str(self_registration))


def add_document(actor: Account, event: Event, upload: Upload, title: str) -> EventDocument:
    """Keep an uploaded file as the last document; the same file under the same title is kept once."""
    policy.refuse_cancelled(event)
    title = tidy(title) or upload.file_name.rpartition(".")[0]
    digest = files.store(upload.content)
    for document in event.documents:
        if (document.file, document.title) == (digest, title):
            return document
    document = EventDocument(
        position=len(event.documents) + 1,
        title=title,
        file=digest,
        file_name=upload.file_name,
        media_type=upload.media_type,
        size=len(upload.content),
    )
    event.documents.append(document)
    session().flush()
    _record(actor, event, "document.add", document=document.id, file=digest)
    return document


def remove_document(actor: Account, event: Event, document: EventDocument) -> None:
    """Take a document off the event's page."""
    policy.refuse_cancelled(event)
    _record(actor, event, "document.remove", document=document.id, title=document.title)
    event.documents.remove(document)
    for position, one in enumerate(event.documents, start=1):
        one.position = position
    session().flush()


def set_rule(
    actor: Account, event: Event, *, attendance_percent: int, test: Quiz | None, courses: Sequence[Course]
) -> None:
    """What the certificate asks for: a share of the half-days, a test passed, courses completed."""
    policy.refuse_cancelled(event)
    event.attendance_percent = attendance_percent
    event.test = test
    known = {one.course_id: one for one in event.required_courses}
    event.required_courses = [known.get(course.id) or RequiredCourse(course=course) for course in courses]
    session().flush()
    _record(
        actor,
        event,
        "rule.set",
        attendance_percent=attendance_percent,
        test=test.id if test else None,
        courses=[course.slug for course in courses],
    )


def set_staff(actor: Account, event: Event, account: Account, role: StaffRole) -> EventStaff:
    """Give someone a role on this event; one already there takes the role given."""
    policy.refuse_cancelled(event)
    staff = next((one for one in event.staff if one.account_id == account.id), None)
    if staff is None:
        staff = EventStaff(account=account)
        event.staff.append(staff)
    staff.role = role
    session().flush()
    _record(actor, event, "staff.set", account=account.id, role=str(role))
    return staff


def remove_staff(actor: Account, event: Event, account_id: int) -> None:
    """Take someone's role on this event back; who is gone already changes nothing."""
    policy.refuse_cancelled(event)
    event.staff = [one for one in event.staff if one.account_id != account_id]
    session().flush()
    _record(actor, event, "staff.remove", account=account_id)


def _keep_a_host(event: Event, kept: Sequence[EventHost]) -> None:
    if event.published_at is not None and not any(host.role == HostRole.HOST for host in kept):
        message = N_("Sự kiện đã công bố cần ít nhất một đơn vị chủ trì. Hãy thêm đơn vị khác trước.")
        raise RuleBroken(message, code="host")


def _arrange_hosts(event: Event) -> None:
    event.hosts.sort(key=lambda host: host.role != HostRole.HOST)
    for position, host in enumerate(event.hosts, start=1):
        host.position = position
    event.index_words()
    session().flush()


def _check_existed(units: Sequence[Unit], day: date, field: str) -> None:
    gone = [unit for unit in units if not unit.existed_on(day)]
    if gone:
        message = N_("%(unit)s không tồn tại vào ngày diễn ra sự kiện. Hãy chọn đơn vị của ngày ấy.")
        raise RulesBroken([RuleBroken(message, field=field, code="unit", unit=unit.name) for unit in gone])


def _check_floor(event: Event, wanted: Mapping[int, int]) -> None:
    refusals = []
    for quota in event.quotas:
        unit, field, seats = quota.unit.name, f"seats-{quota.unit_id}", wanted.get(quota.unit_id, 0)
        if seats < min(quota.taken, quota.seats):  # one who was seated beyond the quota binds no other number
            message = N_("%(unit)s đã có %(taken)d đại biểu đăng ký; chỉ tiêu không thể ít hơn.")
            refusals.append(RuleBroken(message, field=field, code="taken", unit=unit, taken=quota.taken))
        elif seats and seats < (shared := sum(share.seats for share in quota.at_points)):
            message = N_("%(unit)s đã chia %(shared)d chỗ theo điểm cầu. Hãy chia lại trước khi giảm chỉ tiêu.")
            refusals.append(RuleBroken(message, field=field, code="shared", unit=unit, shared=shared))
    for unit_id, number in wanted.items():
        if not 0 < number <= MOST_SEATS:
            message = N_("Số chỗ phải từ 1 đến %(most)d.")
            refusals.append(RuleBroken(message, field=f"seats-{unit_id}", code="seats", most=MOST_SEATS))
    if refusals:
        raise RulesBroken(refusals)


def _record(actor: Account, event: Event, verb: str, **detail: object) -> None:
    audit.record(verb, f"event:{event.id}", actor_id=actor.id, **detail)
