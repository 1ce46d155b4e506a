"""What certificates hold of a person: for merging and for a copy of one's data. What was issued never changes."""

from collections.abc import Mapping

from sqlalchemy import select

from lms.certificates.models import Certificate
from lms.core.db import session
from lms.core.errors import N_
from lms.people import belongings, privacy
from lms.people.privacy import Category, Ids, Record
from lms.registration.models import Delegate


def register() -> None:
    """Hand in what merging and privacy ask for."""
    belongings.hand_in(_CERTIFICATE)
    privacy.hand_in(_CERTIFICATES)


def _clashes(kept_id: int, gone_id: int) -> Mapping[int, int | None]:
    """A second valid certificate for the same event or course; and, where both are on an event's list, the one of the
    seat that stays, so that nobody is issued another for it."""
    valid = Certificate.revoked_at.is_(None)
    of_event = belongings.one_each(
        Certificate.person_id, Certificate.event_id, where=valid & Certificate.event_id.is_not(None)
    )
    of_course = belongings.one_each(
        Certificate.person_id, Certificate.course_id, where=valid & Certificate.course_id.is_not(None)
    )
    kept_seats = select(Delegate.event_id).where(Delegate.person_id == kept_id)
    shared = select(Delegate.event_id).where(Delegate.person_id == gone_id, Delegate.event_id.in_(kept_seats))
    beside = session().scalars(
        select(Certificate.id).where(Certificate.person_id == gone_id, Certificate.event_id.in_(shared))
    )
    return {**dict.fromkeys(beside), **of_event(kept_id, gone_id), **of_course(kept_id, gone_id)}


_CERTIFICATE = belongings.Belonging(
    Certificate.person_id,
    N_("Giấy chứng nhận"),
    lambda certificate: f"{certificate.register_number}, {certificate.holder_name}",
    _clashes,
)


def _certificates(ids: Ids) -> list[Record]:
    rows = session().scalars(select(Certificate).where(Certificate.person_id.in_(ids)).order_by(Certificate.id))
    return [
        {
            "number": one.register_number,
            "name": one.holder_name,
            "issued": one.issued_on.isoformat(),
            "state": one.state,
            "facts": one.facts,
        }
        for one in rows
    ]


_CERTIFICATES = Category(
    key="certificates",
    label=N_("Giấy chứng nhận"),
    purpose=N_("Sổ cấp theo quy định; ai cầm giấy cũng kiểm tra được"),
    seen_by=N_("Người cấp; ai có mã kiểm tra in trên giấy"),
    kept=N_("Lâu dài, theo quy định về sổ cấp"),
    fields={
        "number": N_("Số giấy"),
        "name": N_("Họ và tên"),
        "issued": N_("Ngày cấp"),
        "state": N_("Tình trạng"),
        "facts": N_("Nội dung ghi trên giấy"),
    },
    records=_certificates,
    stays=N_("Sổ cấp và giấy đã cấp, với họ tên ghi trên giấy: phải lưu theo quy định"),
    keeps_name=True,
)
