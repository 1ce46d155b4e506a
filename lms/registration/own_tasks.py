"""The feature's tasks on an event's management page: the list, the invitations, the badges."""

from flask import url_for

from lms.accounts.models import Account
from lms.core.i18n import _, ngettext
from lms.core.permissions import Permission
from lms.events import policy as events_policy
from lms.events.models import Event
from lms.events.tasks import Task
from lms.registration import policy, queries, unit_seats, updates
from lms.registration.quotas import QuotaPicture


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
        *_units(event, picture),
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


def _units(event: Event, picture: QuotaPicture) -> list[Task]:
    """Focal points of the units, and what waits for the organizer's answer."""
    found = []
    if picture.lines:
        named = unit_seats.units_served(event)
        hint = _("%(named)s/%(units)s đơn vị", named=named, units=len(picture.lines))
        state = "done" if named == len(picture.lines) else "progress" if named else "optional"
        url = url_for("registration.focal_points_of", key=event.key)
        found.append(Task(85, _("Đầu mối các đơn vị"), url, hint, state))
    waits = unit_seats.unanswered(event)
    if picture.lines or event.self_registration != "closed" or waits.waiting:
        url = url_for("registration.waiting_list", key=event.key)
        hint = _("%(asked)s chờ trả lời, %(waiting)s chờ chỗ", asked=waits.to_answer, waiting=waits.waiting)
        state = "progress" if waits.to_answer else "done" if waits.waiting else "optional"
        found.append(Task(95, _("Đăng ký, danh sách chờ"), url, hint if waits.to_answer + waits.waiting else "", state))
    return found


def _invitations(event: Event, counts: queries.Counts) -> Task:
    label, url = _("Lời mời"), url_for("registration.invitations", key=event.key)
    if not counts.active:
        return Task(100, label, None, _("chờ danh sách"), "waiting")
    if not policy.may_invite(event):
        return Task(100, label, None, _("chờ công bố sự kiện"), "waiting")
    if behind := updates.behind(event) if event.calendar_sequence else 0:
        hint = ngettext("%(num)s người còn giữ lịch cũ", "%(num)s người còn giữ lịch cũ", behind)
        return Task(100, label, url, hint, "progress")
    hint = _("đã mời %(invited)s/%(active)s", invited=counts.invited, active=counts.active)
    return Task(100, label, url, hint, "done" if counts.uninvited == 0 else "progress" if counts.invited else "todo")
