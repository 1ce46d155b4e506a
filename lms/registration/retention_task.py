"""What an event's management page says about how long its delegates' data is kept."""

from flask import url_for

from lms.accounts.models import Account
from lms.core.i18n import _, day
from lms.core.permissions import Permission
from lms.events.models import Event
from lms.events.policy import may_manage
from lms.events.tasks import Task
from lms.registration import retention


def tasks(event: Event, account: Account) -> list[Task]:
    """One task for those who keep the list: to be done once the day has come and something is left."""
    if not may_manage(account, event, Permission.DELEGATES):
        return []
    label, url = _("Thời hạn giữ dữ liệu cá nhân"), url_for("registration.retention_of", key=event.key)
    if event.keep_until is None:
        return [Task(190, label, url, _("chưa đặt ngày"), "optional")]
    if retention.is_due(event):
        return [Task(190, label, url, _("đã đến ngày xóa"), "todo")]
    return [Task(190, label, url, _("giữ đến %(day)s", day=day(event.keep_until)), "done")]
