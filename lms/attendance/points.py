"""A remote point: who answers for it, confirming who is there, counting heads, and closing a half-day of it."""

import uuid as uuids
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Account
from lms.attendance import point_counts, point_mail, point_queries, policy, queries
from lms.attendance.half_days import OPENS_BEFORE, begins_at
from lms.attendance.models import PointLeader, PointReport, Scan, ScanKind, ScanMethod
from lms.attendance.point_counts import Count
from lms.core import audit, clock, text
from lms.core.db import chunks, session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, HalfDay, Point
from lms.registration import notices
from lms.registration.models import Delegate

CONFIRMED = N_("Phụ trách điểm cầu xác nhận")
TAKEN_BACK = N_("Phụ trách điểm cầu bỏ xác nhận")


@dataclass(frozen=True)
class Ticks:
    """What was done to the boxes of a named list: the delegates' ids newly ticked, and those whose tick was taken."""

    added: frozenset[int] = frozenset()
    taken: frozenset[int] = frozenset()

    @classmethod
    def between(cls, shown: Collection[int], sent: Collection[int]) -> "Ticks":
        """From the boxes ticked when the page was drawn to those ticked now: what others did meanwhile stays."""
        return cls(frozenset(sent) - frozenset(shown), frozenset(shown) - frozenset(sent))


@dataclass(frozen=True)
class Confirmed:
    """How many presences were written and taken back, and how many people are not on the point's list any more."""

    added: int = 0
    taken: int = 0
    gone: int = 0


def name_leader(point: Point, full_name: str, email: str, actor: Account) -> PointLeader:
    """Let someone answer for a point; they get a mail, and an account where they have none. Twice is once.

    Raises RuleBroken: the event is cancelled, or the address belongs to someone of another name ("email-taken").
    """
    event = point.event
    policy.refuse_cancelled(event)
    account = accounts.account_of(full_name, email, event.unit)
    found = session().get(PointLeader, (point.id, account.id))
    if found is not None:
        return found
    leader = PointLeader(point=point, account=account)
    session().add(leader)
    session().flush()
    if event.published_at is not None:
        _write_to(leader)
    audit.record("point-leader.name", f"event:{event.id}", actor_id=actor.id, point=point.id, account=account.id)
    return leader


def remove_leader(leader: PointLeader, actor: Account) -> None:
    """Take the point's page away from someone; what they confirmed stays."""
    detail = {"point": leader.point_id, "account": leader.account_id}
    audit.record("point-leader.remove", f"event:{leader.point.event_id}", actor_id=actor.id, **detail)
    session().delete(leader)
    session().flush()


def published(event: Event) -> None:
    """The event is public: whoever was named while it was a draft gets their mail."""
    for one in _leaders(event):
        _write_to(one)


def cancelled(event: Event, actor: Account) -> None:
    """The event is off: those who answer for its points are told, once each."""
    for email, name in sorted({(one.account.email, one.account.name) for one in _leaders(event)}):
        notices.event_cancelled(event, email, name)


def report(point: Point, half_day: HalfDay, by: Account, ticks: Ticks, count: Count) -> Confirmed:
    """Write what was ticked on the named list and what was counted; the half-day stays open.

    Ticks become scans "in" by the leader, at the beginning of the half-day or now where that is earlier; a tick taken
    takes back what leaders confirmed and nothing that a door saw. Raises RuleBroken: the event is cancelled, the point
    has closed, it is too early, an explanation without a count, or as `point_counts` does.
    """
    _refuse(half_day)
    known = _locked(point, half_day)
    if known is not None and known.closed_at is not None:
        message = N_("Điểm cầu đã chốt buổi này nên không sửa được nữa. Hãy đề nghị ban tổ chức mở lại.")
        raise RuleBroken(message, code="point-closed")
    confirmed = _confirm(point, half_day, by, ticks)
    count = point_counts.unless_moved(known, count)
    if count.heads is None and (known is not None or text.tidy(count.explanation)):
        raise RuleBroken(N_("Chưa ghi số người đếm được. Hãy đếm rồi ghi."), field="heads", code="heads-missing")
    if count.heads is not None:
        point_counts.refuse_implausible(point, known, count)
        point_counts.write(point, half_day, by, known, count)
    return confirmed


def close(point: Point, half_day: HalfDay, by: Account, ticks: Ticks, count: Count) -> PointReport:
    """Write what was ticked and counted, then close the half-day at the point; one that is closed stays as it is.

    Raises RuleBroken: it has not begun, no head count, heads that differ from the names without a word why or with a
    word for another difference, or as `point_counts` does.
    """
    _refuse(half_day)
    known = _locked(point, half_day)
    if known is not None and known.closed_at is not None:
        return known
    _confirm(point, half_day, by, ticks)
    count = point_counts.unless_moved(known, count, closing=True)
    now, present = clock.now(), point_queries.present_of(point, half_day)
    refusal = refusal_to_close(begins_at(half_day) <= now, count.heads, present, count.explanation)
    if refusal is not None:
        raise refusal
    point_counts.refuse_implausible(point, known, count)
    point_counts.refuse_old_explanation(known, count, present)
    point_counts.refuse_unagreed(count, present)
    written = point_counts.write(point, half_day, by, known, count)
    written.closed_at, written.named_present = now, present
    session().flush()
    detail = {"session": half_day.key, "heads": written.head_count, "named": present}
    audit.record("point.close", _subject(point), actor_id=by.id, **detail, explanation=written.explanation)
    return written


def refuse_closed(half_day: HalfDay, point_ids: Collection[int]) -> None:
    """Refuse to write for points that have closed the half-day; a point that is asked about cannot close meanwhile.

    Raises RuleBroken ("point-closed") naming them.
    """
    ids = sorted(point_ids)
    if not ids:
        return
    session().execute(select(Point.id).where(Point.id.in_(ids)).order_by(Point.id).with_for_update(key_share=True))
    closed = point_queries.closed_points(half_day)
    names = [name for point_id, name in closed.items() if point_id in point_ids]
    if names:
        message = N_(
            "Điểm cầu đã chốt buổi này nên không nhập danh sách ký được nữa: %(points)s. "
            "Hãy đề nghị ban tổ chức mở lại, hoặc sửa từng người kèm lý do ở trang Có mặt."
        )
        raise RuleBroken(message, code="point-closed", points=", ".join(names[:5]))


def reopen(closed: PointReport, by: Account, reason: str) -> None:
    """Let the point change a half-day it has closed; one that is open stays so. Raises RuleBroken: no reason."""
    policy.refuse_cancelled(closed.point.event)
    reason = text.tidy(reason)
    if not reason:
        raise RuleBroken(N_("Chưa ghi lý do mở lại. Hãy ghi ngắn gọn."), field="reason", code="reason-missing")
    report_now = _locked(closed.point, closed.half_day)
    if report_now is None or report_now.closed_at is None:
        return
    detail = {"session": closed.half_day.key, "heads": closed.head_count, "named": closed.named_present}
    report_now.closed_at, report_now.named_present = None, None
    session().flush()
    audit.record("point.reopen", _subject(closed.point), actor_id=by.id, reason=reason, **detail)


def refusal_to_close(begun: bool, heads: int | None, present: int, explanation: str) -> RuleBroken | None:
    """Why a point may not close a half-day; None when it may: begun, heads counted, a difference explained."""
    if not begun:
        return RuleBroken(N_("Buổi này chưa bắt đầu nên chưa chốt được."), code="not-begun")
    if heads is None:
        return RuleBroken(N_("Chưa ghi số người đếm được. Hãy đếm rồi ghi."), field="heads", code="heads-missing")
    if heads != present and not text.tidy(explanation):
        message = N_("Đếm được %(heads)s người, danh sách có %(present)s tên có mặt. Hãy ghi vì sao lệch.")
        return RuleBroken(message, field="explanation", code="unexplained", heads=heads, present=present)
    return None


def _refuse(half_day: HalfDay) -> None:
    policy.refuse_cancelled(half_day.event)
    if clock.now() < begins_at(half_day) - OPENS_BEFORE:
        message = N_("Còn sớm. Điểm cầu xác nhận và đếm từ 2 giờ trước khi buổi bắt đầu.")
        raise RuleBroken(message, code="too-early")


def _locked(point: Point, half_day: HalfDay) -> PointReport | None:
    """One transaction at a time decides about a point; its report as it stands then."""
    session().execute(select(Point.id).where(Point.id == point.id).with_for_update(key_share=True))
    return session().get(PointReport, (point.id, half_day.id), populate_existing=True)


def _confirm(point: Point, half_day: HalfDay, by: Account, ticks: Ticks) -> Confirmed:
    if not ticks.added and not ticks.taken:
        return Confirmed()
    listed = _locked_people(point, ticks.added | ticks.taken)
    standing = _standing(half_day, listed)
    present = {scan.delegate_id for scan in standing}
    now = clock.now()
    new = sorted((ticks.added & listed) - present)
    session().add_all(_scan(half_day, delegate_id, by, now) for delegate_id in new)
    void = [scan for scan in standing if scan.delegate_id in ticks.taken and scan.method == ScanMethod.LEADER]
    for scan in void:
        scan.voided_at, scan.voided_by_id, scan.void_reason = now, by.id, TAKEN_BACK
    session().flush()
    if new or void:
        detail = {"added": new, "taken_back": [scan.uuid for scan in void]}
        audit.record("point.confirm", _subject(point), actor_id=by.id, session=half_day.key, **detail)
    return Confirmed(len(new), len({scan.delegate_id for scan in void}), len(ticks.added - listed))


def _locked_people(point: Point, wanted: Collection[int]) -> set[int]:
    """Of these, who stands on the point's list; their rows are locked in order, as a door locks one."""
    found: set[int] = set()
    for some in chunks(sorted(wanted)):
        statement = (
            select(Delegate.id)
            .where(*queries.expected(point.event_id, point.id), Delegate.id.in_(some))
            .order_by(Delegate.id)
        )
        found |= set(session().scalars(statement.with_for_update(key_share=True)))
    return found


def _standing(half_day: HalfDay, delegate_ids: Collection[int]) -> list[Scan]:
    return [
        scan
        for some in chunks(sorted(delegate_ids))
        for scan in session().scalars(
            select(Scan).where(
                Scan.half_day_id == half_day.id,
                Scan.delegate_id.in_(some),
                Scan.kind == ScanKind.IN,
                Scan.voided_at.is_(None),
            )
        )
    ]


def _scan(half_day: HalfDay, delegate_id: int, by: Account, now: datetime) -> Scan:
    return Scan(
        uuid=str(uuids.uuid4()),
        half_day_id=half_day.id,
        delegate_id=delegate_id,
        kind=ScanKind.IN,
        method=ScanMethod.LEADER,
        at=min(now, begins_at(half_day)),
        stored_at=now,
        account_id=by.id,
        reason=CONFIRMED,
    )


def _leaders(event: Event) -> list[PointLeader]:
    here = select(PointLeader).join(Point).where(Point.event_id == event.id)
    return list(session().scalars(here.order_by(Point.position, PointLeader.account_id)))


def _write_to(leader: PointLeader) -> None:
    account = leader.account
    point_mail.leader_named(leader, accounts.first_token(account))


def _subject(point: Point) -> str:
    return f"point:{point.id}"
