"""The feature's tasks on an event's management page: the list, the invitations, the badges."""

from flask import url_for

from lms.accounts.models import Account
from lms.core.i18n import _, ngettext
from lms.core.permissions import Permission
from lms.events import policy as events_policy
from lms.events.models import Event
from lms.events.tasks import Task
from lms.registration import policy, queries


def tasks(event: Event, account: Account) -> list[Task]:
    """What is done and what waits, with the figures."""
    if not events_policy.may_manage(account, event, Permission.DELEGATES):
        return []
    counts, picture = queries.counts(event), queries.quota_picture(event)
    seats = picture.seats
    if seats:
        hint = _("%(registered)s/%(seats)s chỗ", registered=picture.registered, seats=seats)
    else:
        hint = ngettext("%(num)s đại biểu", "%(num)s đại biểu", counts.active) if counts.active else ""
    filled = "done" if counts.active and picture.registered >= seats else "progress" if counts.active else "todo"
    return [
        Task(90, _("Danh sách đại biểu"), url_for("registration.delegates", key=event.key), hint, filled),
        _invitations(event, counts),
        Task(
            110,
            _("Thẻ đại biểu"),
            url_for("registration.badges", key=event.key) if counts.active else None,
            "" if counts.active else _("chờ danh sách"),
            "todo" if counts.active else "waiting",
        ),
    ]


def _invitations(event: Event, counts: queries.Counts) -> Task:
    label, url = _("Lời mời"), url_for("registration.invitations", key=event.key)
    if not counts.active:
        return Task(100, label, None, _("chờ danh sách"), "waiting")
    if not policy.may_invite(event):
        return Task(100, label, None, _("chờ công bố sự kiện"), "waiting")
    hint = _("đã mời %(invited)s/%(active)s", invited=counts.invited, active=counts.active)
    return Task(100, label, url, hint, "done" if counts.uninvited == 0 else "progress" if counts.invited else "todo")
