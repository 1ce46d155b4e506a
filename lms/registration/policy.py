"""What may be done to an event's list and to one delegate."""

from lms.core import clock
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, SelfRegistration


def refuse_cancelled(event: Event) -> None:
    """A cancelled event's list stays as it was."""
    if event.state == "cancelled":
        raise RuleBroken("Sự kiện đã hủy nên danh sách không đổi được nữa.", code="event-cancelled")


def may_invite(event: Event) -> bool:
    """Invitations go out for a published event."""
    return event.state == "published"


def may_register(event: Event) -> bool:
    """Whether people may put themselves on the list: published, open for it, not over, the deadline not past."""
    return event.self_registration != SelfRegistration.CLOSED and may_fill(event)


def may_fill(event: Event) -> bool:
    """Whether a unit may still put people on the list: published, not over, the deadline not past."""
    today = clock.today()
    return may_change(event) and (event.reply_by is None or today <= event.reply_by)


def refuse_filled(event: Event) -> None:
    """Raise RuleBroken once a unit may put nobody more on the list."""
    if not may_fill(event):
        raise RuleBroken(N_("Đã hết hạn gửi danh sách. Hãy liên hệ ban tổ chức."), code="closed")


def refuse_over(event: Event) -> None:
    """Raise RuleBroken where a unit may change nothing of its people: a draft, or when the event is over."""
    if not may_change(event):
        message = N_("Sự kiện đã kết thúc hoặc chưa công bố nên danh sách không đổi được nữa.")
        raise RuleBroken(message, code="closed")


def may_change(event: Event) -> bool:
    """Whether a unit may still withdraw or substitute its people: until the event is over."""
    return event.state == "published" and clock.today() <= event.ends_on


def has_limits(event: Event) -> bool:
    """Whether anything limits who may have a seat: the event's own number, a quota, or what a point's hall holds."""
    return event.seats is not None or bool(event.quotas) or any(point.seats is not None for point in event.points)
