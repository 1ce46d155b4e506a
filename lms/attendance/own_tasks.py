"""The feature's tasks on an event's management page."""

from flask import url_for

from lms.accounts.models import Account
from lms.attendance import doubts, queries
from lms.core import clock
from lms.core.i18n import _, ngettext
from lms.core.permissions import Permission
from lms.events import policy as events_policy
from lms.events.models import Event
from lms.events.tasks import Task


def tasks(event: Event, account: Account) -> list[Task]:
    """Checking people in: what it waits for, how many came; and doubtful rows until none waits."""
    found = [_checking_in(event)] if events_policy.may_manage(account, event, Permission.DOOR) else []
    if events_policy.may_manage(account, event, Permission.DELEGATES):
        found += _doubtful(event)
    return found


def _doubtful(event: Event) -> list[Task]:
    waiting = doubts.count_waiting(event)
    if not waiting:
        return []
    hint = ngettext("%(num)s dòng chờ quyết định", "%(num)s dòng chờ quyết định", waiting)
    return [Task(122, _("Dòng chưa rõ"), url_for("attendance.doubts", key=event.key), hint, "todo")]


def _checking_in(event: Event) -> Task:
    label = _("Điểm danh")
    counts = queries.session_counts(event)
    if not counts or not any(count.expected for count in counts.values()):
        return Task(120, label, None, _("chờ chương trình và danh sách"), "waiting")
    over = len(queries.taken_place(event))
    present = max(count.present for count in counts.values())
    if over == len(event.sessions):
        hint = _("có mặt nhiều nhất %(present)s/%(expected)s", present=present, expected=_expected(counts))
        return Task(120, label, url_for("attendance.matrix", key=event.key), hint, "done" if present else "todo")
    url = url_for("attendance.door", key=event.key)
    if event.starts_on > clock.today() and not present:
        return Task(120, label, url, _("chờ ngày diễn ra"), "waiting")
    hint = _("xong %(over)s/%(total)s buổi", over=over, total=len(event.sessions))
    return Task(120, label, url, hint, "progress")


def _expected(counts: dict[int, queries.Count]) -> int:
    return max(count.expected for count in counts.values())
