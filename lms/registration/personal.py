"""What registration holds of a person: for merging, for a copy of one's data, for erasing, for who may see details."""

from typing import Any

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event
from lms.people import belongings, privacy, private
from lms.people import service as people
from lms.people.holdings import addresses_of
from lms.people.models import Person
from lms.people.privacy import NAMELESS, OWN_PURPOSE, STAFF, Category, Ids, Record
from lms.registration import service
from lms.registration.entering import search_text
from lms.registration.models import Application, Delegate, DelegateImport, FocalPoint, Invitation
from lms.units import queries as units
from lms.units.models import Unit


def register() -> None:
    """Hand in what merging and privacy ask for."""
    belongings.hand_in(_DELEGATE)
    privacy.hand_in(_DELEGATES, _APPLICATIONS, _FOCAL_POINTS)
    if on_lists not in private.scope_sources:
        private.scope_sources.append(on_lists)
    if service.follow_person not in people.corrected:
        people.corrected.append(service.follow_person)


_DELEGATE = belongings.Belonging(
    Delegate.person_id,
    N_("Tên trong danh sách đại biểu"),
    lambda delegate: f"{delegate.event.title} ({delegate.event.starts_on:%d/%m/%Y})",
    # Twice on one list: the seat, its ticket and its attendance stay as they were; the organizer withdraws one of them.
    belongings.one_each(Delegate.person_id, Delegate.event_id),
)


def on_lists(paths: list[str]) -> Select[Any]:
    """Ids of people on a list of an event of these units: `people.private.scope_sources`."""
    events = select(Event.id).join(Unit, Unit.id == Event.unit_id).where(units.below(paths))
    return select(Delegate.person_id).where(Delegate.event_id.in_(events))


def _of(ids: Ids) -> list[Delegate]:
    statement = select(Delegate).where(Delegate.person_id.in_(ids)).order_by(Delegate.id)
    return list(session().scalars(statement.options(joinedload(Delegate.event), joinedload(Delegate.unit))))


def _delegates(ids: Ids) -> list[Record]:
    seats = _of(ids)
    letters = session().scalars(select(Invitation).where(Invitation.delegate_id.in_([one.id for one in seats])))
    invitations = {one.delegate_id: one for one in letters}
    records = []
    for seat in seats:
        invitation = invitations.get(seat.id)
        records.append(
            {
                "event": seat.event.title,
                "on": seat.event.starts_on.isoformat(),
                "name": seat.full_name,
                "unit": seat.unit.name,
                "post": seat.post,
                "note": seat.note,
                "registered": clock.written(seat.registered_at),
                "withdrawn": clock.written(seat.withdrawn_at),
                "answer": str(invitation.answer) if invitation and invitation.answer else None,
                "reason": (invitation.reason if invitation else "") or seat.withdraw_reason or "",
            }
        )
    return records


def _still_ahead(ids: Ids) -> RuleBroken | None:
    for seat in _of(ids):
        if seat.withdrawn_at is None and seat.event.ends_on >= clock.today() and seat.event.cancelled_at is None:
            return RuleBroken(
                "Còn tên trong danh sách của “%(event)s” chưa diễn ra xong. Hãy rút khỏi danh sách trước khi xóa.",
                code="on-list",
                event=seat.event.title,
            )
    return None


def _erase_delegates(_person: Person, ids: Ids, name_goes: bool) -> None:
    seats = _of(ids)
    for seat in seats:
        seat.note = ""
        seat.withdraw_reason = None if seat.withdraw_reason is None else ""
        forget_contacts(seat, NAMELESS if name_goes else None)
    numbers = [seat.id for seat in seats]
    session().execute(update(Invitation).where(Invitation.delegate_id.in_(numbers)).values(reason="", bounce=""))
    imports = {seat.import_id for seat in seats if seat.import_id is not None}
    for imported in session().scalars(select(DelegateImport).where(DelegateImport.id.in_(imports))):
        imported.rows = [row for row in imported.rows if row.get("person_id") not in ids]


def forget_contacts(seat: Delegate, new_name: str | None = None) -> None:
    """A list is searched by phone no more; with `new_name` nor by the name that was."""
    if new_name is not None:
        name = Person()
        name.rename(new_name)
        seat.full_name, seat.sort_key, seat.post = name.full_name, name.sort_key, ""
    seat.search = search_text(seat.full_name, seat.unit.name, seat.unit.short_name, "")


def _asked_by(ids: Ids) -> Any:
    seats = select(Delegate.id).where(Delegate.person_id.in_(ids))
    return or_(Application.delegate_id.in_(seats), Application.email.in_(addresses_of(ids)))


def _applications(ids: Ids) -> list[Record]:
    statement = select(Application).where(_asked_by(ids)).options(joinedload(Application.event))
    return [
        {
            "event": one.event.title,
            "name": one.full_name,
            "post": one.post,
            "phone": one.phone,
            "email": one.email,
            "note": one.note,
            "asked": clock.written(one.asked_at),
            "answer": one.answer,
        }
        for one in session().scalars(statement.order_by(Application.id))
    ]


def _erase_applications(_person: Person, ids: Ids, name_goes: bool) -> None:
    values = {"phone": "", "email": "", "note": ""} | ({"full_name": NAMELESS, "post": ""} if name_goes else {})
    numbers = session().scalars(select(Application.id).where(_asked_by(ids))).all()
    session().execute(update(Application).where(Application.id.in_(numbers)).values(**values))


def _focal_points(ids: Ids) -> list[Record]:
    statement = (
        select(Event.title, Unit.name, FocalPoint.named_at)
        .select_from(FocalPoint)
        .join(Event, Event.id == FocalPoint.event_id)
        .join(Unit, Unit.id == FocalPoint.unit_id)
        .join(Account, Account.id == FocalPoint.account_id)
        .where(Account.person_id.in_(ids))
        .order_by(FocalPoint.named_at)
    )
    return [
        {"event": event, "unit": unit, "named": clock.written(named_at)}
        for event, unit, named_at in session().execute(statement)
    ]


_FOCAL_POINTS = Category(
    key="focal-points",
    label=N_("Đầu mối của đơn vị"),
    purpose=N_("Biết ai điền chỗ của đơn vị"),
    seen_by=STAFF,
    kept=N_("Cùng hồ sơ sự kiện"),
    fields={"event": N_("Sự kiện"), "unit": N_("Đơn vị"), "named": N_("Lúc")},
    records=_focal_points,
    stays=N_("Việc đã làm đầu mối, gắn với số của tài khoản"),
)
_DELEGATES = Category(
    key="delegates",
    label=N_("Tên trong danh sách đại biểu"),
    purpose=OWN_PURPOSE,
    seen_by=N_("Người tổ chức sự kiện, đầu mối của đơn vị, người giữ cửa"),
    kept=N_("Cùng hồ sơ sự kiện; ghi chú và liên hệ đến hạn giữ của sự kiện"),
    fields={
        "event": N_("Sự kiện"),
        "on": N_("Ngày"),
        "name": N_("Họ và tên"),
        "unit": N_("Đơn vị"),
        "post": N_("Chức vụ"),
        "note": N_("Ghi chú"),
        "registered": N_("Đăng ký lúc"),
        "withdrawn": N_("Rút lúc"),
        "answer": N_("Câu trả lời lời mời"),
        "reason": N_("Lý do"),
    },
    records=_delegates,
    goes=N_("Ghi chú, lý do, dòng của tệp đã nhập; họ tên nếu không có giấy chứng nhận"),
    stays=N_("Chỗ trong danh sách và lượt điểm danh, làm căn cứ cấp giấy chứng nhận"),
    erase=_erase_delegates,
    hindrance=_still_ahead,
)
_APPLICATIONS = Category(
    key="applications",
    label=N_("Đơn đăng ký dự"),
    purpose=N_("Xét chỗ, xếp hàng chờ, trả lời"),
    seen_by=STAFF,
    kept=N_("Cùng hồ sơ sự kiện; liên hệ đến hạn giữ của sự kiện"),
    fields={
        "event": N_("Sự kiện"),
        "name": N_("Họ và tên"),
        "post": N_("Chức vụ"),
        "phone": N_("Điện thoại"),
        "email": N_("Thư điện tử"),
        "note": N_("Ghi chú"),
        "asked": N_("Đăng ký lúc"),
        "answer": N_("Trả lời"),
    },
    records=_applications,
    goes=N_("Điện thoại, thư điện tử, ghi chú; họ tên nếu không có giấy chứng nhận"),
    stays=N_("Việc đã đăng ký và câu trả lời"),
    erase=_erase_applications,
)
