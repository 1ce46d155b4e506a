"""What may be done to one certificate or programme, and by whom."""

from datetime import date

from lms.accounts.models import Account
from lms.certificates.models import Certificate, CertificateProgramme
from lms.core.errors import N_, RuleBroken
from lms.core.permissions import Permission
from lms.events.models import Event
from lms.events.policy import may_manage as may_manage_event
from lms.units.models import Unit


def may_number_from(account: Account | None, event: Event | None, agency: Unit) -> bool:
    """Whether certificates may be numbered from this agency's books.

    The event's own unit, and every unit on which a role lets the account issue; None, a command, may use any.
    """
    if account is None or (event is not None and agency.id == event.unit_id):
        return True
    return any(agency.path.startswith(prefix) for prefix in account.unit_paths(Permission.CERTIFICATES))


def may_manage(account: Account, certificate: Certificate) -> bool:
    """Whether the account may revoke and reissue it: by a role on the agency or the event's unit, or as event staff."""
    if any(certificate.book.agency.path.startswith(prefix) for prefix in account.unit_paths(Permission.CERTIFICATES)):
        return True
    return certificate.event is not None and may_manage_event(account, certificate.event, Permission.CERTIFICATES)


def refuse_early_issue(event: Event, programme: CertificateProgramme | None, day: date) -> None:
    """Raise RuleBroken while an event's certificates cannot be issued on that day."""
    if event.state == "cancelled":
        raise RuleBroken(N_("Sự kiện đã hủy nên không cấp giấy."), code="cancelled")
    if event.state == "draft":
        raise RuleBroken(N_("Sự kiện chưa công bố. Hãy công bố trước khi cấp giấy."), code="draft")
    if day < event.ends_on:
        raise RuleBroken(N_("Sự kiện chưa kết thúc. Cấp giấy được từ ngày cuối của sự kiện."), code="too-early")
    if programme is None:
        raise RuleBroken(N_("Chưa soạn nội dung giấy. Hãy soạn trước khi cấp."), code="no-programme")


def refuse_revocation(certificate: Certificate) -> None:
    """Raise RuleBroken when it is revoked already."""
    if certificate.revoked_at is not None:
        number = certificate.register_number
        raise RuleBroken(N_("Giấy số %(number)s đã thu hồi từ trước."), code="revoked", number=number)


def refuse_reissue(certificate: Certificate, other_valid: Certificate | None) -> None:
    """Raise RuleBroken when it was replaced already, or the person has another valid one for the same."""
    newer = certificate.replaced_by or (other_valid if other_valid is not certificate else None)
    if newer is not None:
        raise RuleBroken(
            N_("Người này đã có giấy số %(number)s thay cho giấy này."), code="replaced", number=newer.register_number
        )
