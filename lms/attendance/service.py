"""Checking people in, taking a scan back, and corrections afterwards."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import bindparam, select

from lms.accounts.models import Account
from lms.attendance import changes, outcomes, policy
from lms.attendance.answers import Answer, Verdict
from lms.attendance.changes import Cause
from lms.attendance.models import Scan, ScanKind, ScanMethod
from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import HalfDay, Point
from lms.registration.models import Delegate

UNDONE_AT_DOOR = N_("Hoàn tác ở cửa")
BEFOREHAND = timedelta(hours=3)
"""How long before a half-day begins an hour entered by hand may lie."""

# Built once: at a door, building a statement costs more than running it. Two statements, since PostgreSQL would read
# scans joined to the locked row as they stood before the wait.
_LOCK = select(Delegate.withdrawn_at).where(Delegate.id == bindparam("delegate_id")).with_for_update(key_share=True)
_STANDING = (
    select(Scan)
    .where(
        Scan.half_day_id == bindparam("half_day_id"),
        Scan.delegate_id == bindparam("delegate_id"),
        Scan.kind == ScanKind.IN,
        Scan.voided_at.is_(None),
    )
    .order_by(Scan.at, Scan.uuid)
)


def check_in(
    half_day: HalfDay,
    delegate: Delegate,
    by: Account | None,
    method: ScanMethod,
    *,
    at: datetime | None = None,
    point: Point | None = None,
    exception: str = "",
    device: str | None = None,
) -> Answer:
    """Let someone in, once: a second scan writes nothing and says when they came.

    At a door of one `point` a person of another is let in only with the reason of the `exception`. `at` (UTC, now) is
    for the past, `device` for a phone. Raises RuleBroken: the event was cancelled.
    """
    policy.refuse_cancelled(half_day.event)
    withdrawn_at = _lock(delegate)
    if withdrawn_at is not None:
        return Answer(Verdict.CANCELLED, delegate)
    earlier = standing_entry(half_day, delegate)
    if earlier is not None:
        return Answer(Verdict.ALREADY, delegate, earlier)
    reason = text.tidy(exception)
    if point is not None and delegate.point_id not in {None, point.id} and not reason:
        return Answer(Verdict.OTHER_SESSION, delegate)
    scan = _write(half_day, delegate, by, method, at=at, reason=reason, device=device)
    if reason:
        audit.record("scan.exception", f"scan:{scan.id}", actor_id=audit.id_of(by), reason=reason)
    return Answer(Verdict.WELCOME, delegate, scan)


def undo(scan: Scan, by: Account) -> None:
    """Take back one's own scan at the door, at once; twice is harmless. Raises RuleBroken when it is too late."""
    _lock(scan.delegate)
    session().refresh(scan)
    if scan.voided_at is not None:
        return
    if not policy.may_undo(by, scan, clock.now()):
        message = N_("Chỉ hoàn tác được lượt quét của mình trong 10 phút. Sau đó hãy sửa ở trang Có mặt, kèm lý do.")
        raise RuleBroken(message, code="undo-too-late")
    _void(scan, by, UNDONE_AT_DOOR)


def mark_present(
    half_day: HalfDay,
    delegate: Delegate,
    by: Account,
    reason: str,
    *,
    method: ScanMethod = ScanMethod.MANUAL,
    at: datetime | None = None,
    left_at: datetime | None = None,
    beforehand: bool = False,
) -> Scan:
    """Enter a presence afterwards; `at` is when they came, else the half-day's beginning, `left_at` when they went.

    For one who is present already only `left_at` is entered. `beforehand`: it is known that the half-day has not begun;
    they came now, unless another hour is told. Raises RuleBroken: no reason, an hour that is none of the half-day's or
    still to come, the half-day has not begun, or they are present already and no other hour is told.
    """
    reason = _needed(reason)
    _check_hours(half_day, at, left_at)
    now, starts_at = clock.now(), outcomes.times_of(half_day).starts_at
    if now < starts_at and not beforehand:
        message = N_("Buổi này %(hour)s mới bắt đầu. Nếu đúng là người này đã đến, đánh dấu ô dưới rồi ghi lại.")
        raise RuleBroken(message, field="beforehand", code="not-begun", hour=_told(half_day, starts_at))
    withdrawn_at = _lock(delegate)
    standing = _standing(half_day, delegate)
    if standing and (left_at is None or at is not None):
        raise RuleBroken(N_("Người này đã được ghi có mặt ở buổi đó."), field="outcome", code="already-present")
    if withdrawn_at is not None:
        message = N_("Người này đã rút khỏi danh sách. Hãy đưa trở lại danh sách trước.")
        raise RuleBroken(message, field="outcome", code="withdrawn")
    with changes.recorded(half_day.event, delegate, Cause.CORRECTION, by, reason):
        scan = standing[0] if standing else None
        if scan is None:
            came_at = at or min(now, starts_at)
            scan = _write(half_day, delegate, by, method, at=came_at, reason=reason)
        if left_at is not None:
            if left_at <= max(one.at for one in [scan, *standing]):
                raise RuleBroken(N_("Giờ ra phải sau giờ vào."), field="left_at", code="left-before")
            _write(half_day, delegate, by, method, at=left_at, reason=reason, kind=ScanKind.OUT)
    audit.record(
        "presence.add", _subject(delegate), actor_id=by.id, session=half_day.key, method=str(method), reason=reason
    )
    return scan


def mark_absent(half_day: HalfDay, delegate: Delegate, by: Account, reason: str) -> None:
    """Take back every scan that says someone came. Raises RuleBroken: no reason, or they are absent already."""
    reason = _needed(reason)
    _lock(delegate)
    standing = _standing(half_day, delegate)
    if not standing:
        raise RuleBroken(N_("Người này đang được ghi vắng ở buổi đó."), field="outcome", code="already-absent")
    with changes.recorded(half_day.event, delegate, Cause.CORRECTION, by, reason):
        for scan in standing:
            _void(scan, by, reason)
    detail = {"session": half_day.key, "reason": reason, "scans": [scan.uuid for scan in standing]}
    audit.record("presence.remove", _subject(delegate), actor_id=by.id, **detail)


def add_evidence(
    half_day: HalfDay, delegate_id: int, by: Account, method: ScanMethod, reason: str, at: datetime | None = None
) -> str | None:
    """Write that someone came, as this kind of evidence says, unless a scan of this kind says so already.

    `at` is when, else the half-day's beginning. The uuid of the scan written; None where none was.
    """
    delegate = session().get_one(Delegate, delegate_id)
    _lock(delegate)
    if any(scan.method == method for scan in _standing(half_day, delegate)):
        return None
    moment = at or outcomes.times_of(half_day).starts_at
    return _write(half_day, delegate, by, method, at=moment, reason=reason).uuid


def take_back(scan: Scan, by: Account, reason: str) -> None:
    """Let a scan count no more, for a reason; it stays to be seen. Who calls keeps what that makes of outcomes."""
    _lock(scan.delegate)
    session().refresh(scan)
    if scan.voided_at is None:
        _void(scan, by, reason)


def standing_entry(half_day: HalfDay, delegate: Delegate) -> Scan | None:
    """The earliest scan that says someone is in."""
    return next(iter(_standing(half_day, delegate)), None)


def _check_hours(half_day: HalfDay, came_at: datetime | None, left_at: datetime | None) -> None:
    times = outcomes.times_of(half_day)
    earliest = times.starts_at - BEFOREHAND
    for field, moment in (("came_at", came_at), ("left_at", left_at)):
        if moment is not None and not earliest <= moment <= times.ends_at:
            begin, end = (f"{clock.local(one):%H:%M}" for one in (earliest, times.ends_at))
            message = N_("Giờ này không thuộc buổi đã chọn. Hãy ghi từ %(begin)s đến %(end)s.")
            raise RuleBroken(message, field=field, code="bad-hour", begin=begin, end=end)
        if moment is not None and moment > clock.now():
            message = N_("Giờ này chưa đến. Hãy ghi một giờ đã qua, hoặc ghi sau.")
            raise RuleBroken(message, field=field, code="hour-to-come")


def _told(half_day: HalfDay, moment: datetime) -> str:
    """An hour, with its day where that is not today: "13:30", "13:30 07/8"."""
    local = clock.local(moment)
    return f"{local:%H:%M}" if half_day.on == clock.today() else f"{local:%H:%M} {local.day}/{local.month}"


def _lock(delegate: Delegate) -> datetime | None:
    """One transaction at a time decides about a person (SQLite has a single writer anyway); when they withdrew."""
    return session().scalar(_LOCK, {"delegate_id": delegate.id})


def _standing(half_day: HalfDay, delegate: Delegate) -> list[Scan]:
    """The scans that say someone is in, the earliest first; read only after the lock."""
    return list(session().scalars(_STANDING, {"half_day_id": half_day.id, "delegate_id": delegate.id}))


def _write(
    half_day: HalfDay,
    delegate: Delegate,
    by: Account | None,
    method: ScanMethod,
    *,
    at: datetime | None,
    reason: str,
    device: str | None = None,
    kind: ScanKind = ScanKind.IN,
) -> Scan:
    now = clock.now()
    scan = Scan(
        uuid=str(uuid4()),
        half_day_id=half_day.id,
        delegate_id=delegate.id,
        kind=kind,
        method=method,
        at=at or now,
        stored_at=now,
        device=device,
        account_id=audit.id_of(by),
        reason=reason or None,
    )
    session().add(scan)
    session().flush()
    return scan


def _void(scan: Scan, by: Account, reason: str) -> None:
    scan.voided_at, scan.voided_by_id, scan.void_reason = clock.now(), by.id, reason
    session().flush()
    audit.record("scan.void", f"scan:{scan.id}", actor_id=by.id, reason=reason)


def _needed(reason: str) -> str:
    reason = text.tidy(reason)
    if not reason:
        raise RuleBroken(N_("Chưa ghi lý do sửa. Hãy ghi ngắn gọn."), field="reason", code="reason-missing")
    return reason


def _subject(delegate: Delegate) -> str:
    return f"delegate:{delegate.id}"
