"""The task of an event's management page that leads to its letters and to everything else that prints."""

from flask import url_for

from lms.accounts.models import Account
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.events import policy as events_policy
from lms.events.models import Event
from lms.events.tasks import Task
from lms.registration import letters


def tasks(event: Event, account: Account) -> list[Task]:
    """Letters: done when the call letter or the invitation bears its number."""
    if not events_policy.may_manage(account, event, Permission.DELEGATES):
        return []
    written = letters.written_letters(event)
    numbered = any(letter.number is not None for letter in written.values())
    state = "done" if numbered else "progress" if written else "todo"
    hint = _("đã có số") if numbered else _("đã soạn, chưa có số") if written else ""
    return [Task(85, _("Công văn, giấy mời và bản in"), url_for("registration.papers", key=event.key), hint, state)]
