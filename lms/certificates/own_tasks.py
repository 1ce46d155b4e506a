"""What an event's management page says about certificates."""

from flask import url_for

from lms.accounts.models import Account
from lms.certificates import queries
from lms.core import clock
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.events.models import Event
from lms.events.policy import may_manage
from lms.events.tasks import Task


def own_tasks(event: Event, account: Account) -> list[Task]:
    """Write the wording, then issue; for those who may issue this event's certificates."""
    if not may_manage(account, event, Permission.CERTIFICATES):
        return []
    programme = queries.find_programme(event)
    wording = Task(
        140,
        _("Nội dung giấy chứng nhận"),
        url_for("certificates.edit_programme", key=event.key),
        programme.signer_name if programme else "",
        "done" if programme else "todo",
    )
    return [wording, _issue_task(event, written=programme is not None)]


def _issue_task(event: Event, *, written: bool) -> Task:
    label, url = _("Cấp giấy chứng nhận"), url_for("certificates.issue", key=event.key)
    valid, _ever = queries.count_issued(event)
    if valid:
        return Task(150, label, url, _("đã cấp %(count)s", count=valid), "done")
    if clock.today() < event.ends_on:
        return Task(150, label, url, _("chờ sự kiện kết thúc"), "waiting")
    if not written:
        return Task(150, label, url, _("chờ nội dung giấy"), "waiting")
    return Task(150, label, url, "", "todo")
