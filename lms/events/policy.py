"""What may be done to one event or plan, and by whom."""

from lms.accounts.models import Account
from lms.core.errors import N_, RuleBroken
from lms.core.permissions import Permission
from lms.events.models import Event, EventKind, HostRole, StaffRole, TrainingPlan

STAFF_PERMISSIONS: dict[StaffRole, frozenset[Permission]] = {
    StaffRole.ORGANIZER: frozenset(
        {
            Permission.EVENTS,
            Permission.DELEGATES,
            Permission.SEATS,
            Permission.DOOR,
            Permission.POINT,
            Permission.CERTIFICATES,
        }
    ),
    StaffRole.DOOR: frozenset({Permission.DOOR}),
}
"""What a role on one event gives, for that event only."""


def may_manage(account: Account | None, event: Event, permission: Permission = Permission.EVENTS) -> bool:
    """Whether a role on the event's unit or above, or on the event itself, gives the permission."""
    if account is None:
        return False
    if any(event.unit.path.startswith(prefix) for prefix in account.unit_paths(permission)):
        return True
    return any(
        one.account_id == account.id and permission in STAFF_PERMISSIONS[StaffRole(one.role)] for one in event.staff
    )


def may_manage_plan(account: Account, plan: TrainingPlan) -> bool:
    """Whether a role on the plan's unit or above lets them write it."""
    return any(plan.unit.path.startswith(prefix) for prefix in account.unit_paths(Permission.PLANS))


def may_create(account: Account) -> bool:
    """Whether there is a unit for which they run events; staff of a single event create none."""
    return bool(account.unit_paths(Permission.EVENTS))


def may_publish(event: Event) -> bool:
    """Only a draft is published."""
    return event.state == "draft"


def may_cancel(event: Event) -> bool:
    """A published event is cancelled, once; a draft is deleted instead."""
    return event.state == "published"


def may_delete(event: Event) -> bool:
    """Only a draft goes without a trace."""
    return event.state == "draft"


def may_change_key(event: Event) -> bool:
    """The address stays once it has been made public."""
    return event.published_at is None


def refuse_cancelled(event: Event) -> None:
    """Raise RuleBroken when the event was cancelled: it stays as people last saw it."""
    if event.cancelled_at is not None:
        raise RuleBroken(N_("Sự kiện đã hủy nên không sửa được nữa. Có thể chép thành sự kiện mới."), code="cancelled")


def missing_for_publication(event: Event) -> list[RuleBroken]:
    """What a draft still lacks; empty when it can be published. `where` names the page that mends it."""
    missing = []
    if not event.sessions:
        missing.append(
            RuleBroken(N_("Chưa có buổi nào. Hãy thêm buổi vào chương trình."), code="sessions", where="agenda")
        )
    if not any(host.role == HostRole.HOST for host in event.hosts):
        missing.append(RuleBroken(N_("Chưa có đơn vị chủ trì. Hãy chọn đơn vị."), code="host", where="hosts"))
    if not event.place.strip():
        missing.append(RuleBroken(N_("Chưa có địa điểm. Hãy ghi địa điểm."), code="place", where="details"))
    if event.kind == EventKind.HYBRID and not event.points:
        missing.append(
            RuleBroken(N_("Sự kiện kết hợp chưa có điểm cầu nào. Hãy thêm điểm cầu."), code="points", where="points")
        )
    return missing
