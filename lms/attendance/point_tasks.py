"""The task about remote points on an event's management page."""

from flask import url_for

from lms.accounts.models import Account
from lms.attendance import point_queries
from lms.core import clock
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.events import policy as events_policy
from lms.events.models import Event
from lms.events.tasks import Task


def tasks(event: Event, account: Account) -> list[Task]:
    """Who leads which point before the event; how many half-days of points are closed from then on."""
    if not event.points or not events_policy.may_manage(account, event, Permission.POINT):
        return []
    label, points = _("Điểm cầu: phụ trách, chốt từng buổi"), len(event.points)
    closed = sum(point_queries.closed_counts(event).values())
    if event.starts_on > clock.today() and not closed:
        led = len(point_queries.leaders(event))
        hint = _("%(led)s/%(points)s điểm có phụ trách", led=led, points=points)
        state = "done" if led == points else "progress" if led else "todo"
        return [Task(125, label, url_for("attendance.point_leaders", key=event.key), hint, state)]
    wanted = points * len(event.sessions)
    hint = _("chốt %(closed)s/%(total)s buổi của các điểm", closed=closed, total=wanted)
    state = "done" if wanted and closed == wanted else "progress"
    return [Task(125, label, url_for("attendance.points", key=event.key), hint, state)]
