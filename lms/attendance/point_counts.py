"""Heads counted at a remote point: what is written of them, and what a count must be asked about first."""

from dataclasses import dataclass, replace

from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.attendance import point_queries, queries
from lms.attendance.models import PointReport
from lms.core import audit, clock, text
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import HalfDay, Point
from lms.registration.models import Delegate

MOST_HEADS = 100_000
TIMES_THE_LIST, AND_SOME = 3, 20
"""More heads than this many times the list, and so many more, are asked about: most likely a slip of the finger."""


@dataclass(frozen=True)
class Count:
    """What the point says of the room: heads (None: not counted yet), and why they differ from the names.

    `seen`: the stamp of what was written of it when the page was drawn (None: nothing is known of a page). `sure`: a
    number far above the list is meant. `anew`: the explanation was read again for the difference as it is. `agreed`:
    the figures that were looked at before closing, as "heads/names" (None: nobody need look).
    """

    heads: int | None = None
    explanation: str = ""
    seen: str | None = None
    sure: bool = False
    anew: bool = False
    agreed: str | None = None

    @property
    def stamp(self) -> str:
        """Heads and explanation in one word."""
        return f"{'' if self.heads is None else self.heads}|{text.tidy(self.explanation)}"


def of_report(report: PointReport | None) -> Count:
    """What was written of a point's half-day."""
    return Count() if report is None else Count(report.head_count, report.explanation)


def unless_moved(known: PointReport | None, count: Count, *, closing: bool = False) -> Count:
    """The count that is meant: what stands, where the page changed nothing of it.

    Raises RuleBroken ("count-moved") where someone wrote another count since the page was drawn, and the page says
    something else; a closing is refused whenever they did.
    """
    stands = of_report(known)
    if count.seen is None or stands.stamp in (count.seen, count.stamp):
        return count
    if known is not None and (closing or count.stamp != count.seen):
        message = N_(
            "Trong lúc đó %(name)s đã ghi %(heads)s người, lúc %(time)s. Xem lại số đếm và lý do lệch rồi ghi lần nữa."
        )
        by, at = point_queries.name_of(known.reported_by_id), f"{clock.local(known.reported_at):%H:%M}"
        raise RuleBroken(message, field="heads", code="count-moved", name=by, heads=known.head_count, time=at)
    return replace(count, heads=stands.heads, explanation=stands.explanation)


def write(point: Point, half_day: HalfDay, by: Account, known: PointReport | None, count: Count) -> PointReport:
    """Write heads and explanation. Raises RuleBroken: no number in bounds."""
    heads, explanation = count.heads, text.tidy(count.explanation)
    if heads is None or not 0 <= heads <= MOST_HEADS:
        message = N_("Cần một số từ %(min)s đến %(max)s.")
        raise RuleBroken(message, field="heads", code="heads", min=0, max=MOST_HEADS)
    same = known is not None and (known.head_count, known.explanation) == (heads, explanation)
    if known is not None and same and (known.reported_by_id == by.id or count.seen is not None):
        return known
    if known is None:
        known = PointReport(point=point, half_day=half_day, head_count=heads, reported_by_id=by.id)
        session().add(known)
    known.head_count, known.explanation = heads, explanation
    known.reported_by_id, known.reported_at = by.id, clock.now()
    session().flush()
    named = point_queries.present_of(point, half_day)
    detail = {"session": half_day.key, "heads": heads, "named": named, "why": explanation}
    audit.record("point.count", f"point:{point.id}", actor_id=by.id, **detail)
    return known


def refuse_old_explanation(known: PointReport | None, count: Count, present: int) -> None:
    """Raise RuleBroken ("explanation-old") where the words explain another difference than there is now."""
    if known is None or count.anew or count.heads is None or text.tidy(count.explanation) != known.explanation:
        return
    explained, now = explained_difference(known), count.heads - present
    if known.explanation and explained not in (None, now) and now:
        message = N_("Lời giải thích cũ viết cho số lệch %(was)s, nay lệch %(now)s. Ghi lại vì sao lệch.")
        was, is_now = (f"{one or 0:+d}".replace("-", "−") for one in (explained, now))
        raise RuleBroken(message, field="explanation", code="explanation-old", was=was, now=is_now)


def refuse_implausible(point: Point, known: PointReport | None, count: Count) -> None:
    """Raise RuleBroken ("implausible") for a new number of heads far above the list, unless it is sure."""
    heads = count.heads
    if heads is None or count.sure or (known is not None and known.head_count == heads):
        return
    here = queries.expected(point.event_id, point.id)
    there = session().scalar(select(func.count()).select_from(Delegate).where(*here)) or 0
    if TIMES_THE_LIST * there + AND_SOME < heads <= MOST_HEADS:
        message = N_(
            "Đếm được %(heads)s người mà danh sách chỉ có %(listed)s. Nếu đúng, đánh dấu “Số đếm này đúng” rồi ghi lại."
        )
        raise RuleBroken(message, field="heads", code="implausible", heads=heads, listed=there)


def refuse_unagreed(count: Count, present: int) -> None:
    """Raise RuleBroken ("unagreed") where a half-day would be closed with other figures than were looked at."""
    if count.agreed is not None and count.agreed != f"{count.heads}/{present}":
        raise RuleBroken(N_("Xem lại số liệu rồi chốt"), code="unagreed", heads=count.heads, present=present)


def old_explanation(report: PointReport, present: int) -> str:
    """The explanation where it was written for another difference than there is now; else nothing."""
    explained = explained_difference(report)
    return "" if explained in (None, report.head_count - present) else report.explanation


def explained_difference(report: PointReport) -> int | None:
    """Heads less names present when the explanation was written, as the audit has it; None where it has not."""
    entries = session().scalars(
        select(AuditEntry.detail)
        .where(AuditEntry.subject == f"point:{report.point_id}", AuditEntry.verb == "point.count")
        .order_by(AuditEntry.id.desc())
        .limit(100)
    )
    for detail in entries:
        if detail.get("session") == report.half_day.key:
            return int(detail["heads"]) - int(detail["named"]) if "named" in detail else None
    return None
