"""What may be done to an event's list and to one delegate."""

from lms.core.errors import RuleBroken
from lms.events.models import Event
from lms.registration.models import Delegate, DelegateRole

SEATED = DelegateRole.DELEGATE
"""The role that fills a unit's quota; speakers, guests, press and organizers take no seat."""


def refuse_cancelled(event: Event) -> None:
    """A cancelled event's list stays as it was."""
    if event.state == "cancelled":
        raise RuleBroken("Sự kiện đã hủy nên danh sách không đổi được nữa.", code="event-cancelled")


def may_invite(event: Event) -> bool:
    """Invitations go out for a published event."""
    return event.state == "published"


def takes_seat(delegate: Delegate) -> bool:
    """Whether the delegate counts against the quota of their unit."""
    return delegate.withdrawn_at is None and delegate.role == SEATED
