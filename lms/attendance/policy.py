"""What may be done at the door and afterwards."""

from datetime import datetime, timedelta

from lms.accounts.models import Account
from lms.attendance.models import Scan
from lms.core.errors import N_, RuleBroken
from lms.core.permissions import Permission
from lms.events import policy as events_policy
from lms.events.models import Event

UNDO_WITHIN = timedelta(minutes=10)
"""How long whoever scanned may take the scan back at the door; later it is a correction with a reason."""


def refuse_cancelled(event: Event) -> None:
    """Nobody is checked in at a cancelled event."""
    if event.cancelled_at is not None:
        raise RuleBroken(N_("Sự kiện đã hủy nên không điểm danh được."), code="event-cancelled")


def may_keep_door(account: Account, event: Event) -> bool:
    """Whoever keeps the door of the event, by a role on its unit or on itself, and may still sign in."""
    return account.is_active and events_policy.may_manage(account, event, Permission.DOOR)


def may_undo(account: Account, scan: Scan, now: datetime) -> bool:
    """One's own scan, at once."""
    return scan.account_id == account.id and scan.voided_at is None and now - scan.stored_at <= UNDO_WITHIN
