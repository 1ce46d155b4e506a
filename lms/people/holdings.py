"""The categories of personal data that people itself and core's outbox hold."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import delete, or_, select, update

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import N_
from lms.core.mail import OutboxMail
from lms.people import corrections, requests
from lms.people.models import DataRequest, Person, Post, PrivateDetails
from lms.people.privacy import NAMELESS, OWN_PURPOSE, STAFF, Category, Ids, Record, hand_in
from lms.units.models import Unit

_LATEST: Final = 1000
"""Most mails or acts that a copy holds, the latest first."""


def register() -> None:
    """Hand in the categories."""
    hand_in(_PERSON, _POSTS, _PRIVATE, _MAILS, _REQUESTS, _ACTS)


def _people(ids: Ids) -> list[Record]:
    rows = session().scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id))
    return [{"name": one.full_name, "title": one.title, "email": one.email, "phone": one.phone} for one in rows]


def _erase_people(_person: Person, ids: Ids, name_goes: bool) -> None:
    for one in session().scalars(select(Person).where(Person.id.in_(ids))):
        one.email = one.phone = None
        if name_goes:
            one.title = ""
            one.rename(NAMELESS)


def _posts(ids: Ids) -> list[Record]:
    rows = session().execute(select(Post, Unit.name).join(Unit).where(Post.person_id.in_(ids)).order_by(Post.id))
    return [
        {"post": post.name, "unit": unit, "from": _day(post.from_on), "to": _day(post.to_on)} for post, unit in rows
    ]


def _erase_posts(_person: Person, ids: Ids, name_goes: bool) -> None:
    if name_goes:
        session().execute(delete(Post).where(Post.person_id.in_(ids)))


def _private(ids: Ids) -> list[Record]:
    rows = session().scalars(select(PrivateDetails).where(PrivateDetails.person_id.in_(ids)))
    return [
        {
            "born": one.born,
            "id_number": one.id_number,
            "ethnic_group": one.ethnic_group,
            "purpose": one.purpose,
            "keep_until": _day(one.keep_until),
        }
        for one in rows
    ]


def _erase_private(_person: Person, ids: Ids, _name_goes: bool) -> None:
    session().execute(delete(PrivateDetails).where(PrivateDetails.person_id.in_(ids)))


def addresses_of(ids: Ids) -> list[str]:
    """The addresses by which these people are known, also those that other features know."""
    own = session().scalars(select(Person.email).where(Person.id.in_(ids)))
    others = [source(one) for source in requests.addresses for one in ids]
    return sorted({one for one in (*own, *others) if one})


def _mails(ids: Ids) -> list[Record]:
    statement = select(OutboxMail).where(OutboxMail.recipient.in_(addresses_of(ids)))
    rows = session().scalars(statement.order_by(OutboxMail.id.desc()).limit(_LATEST))
    return [{"to": one.recipient, "subject": one.subject, "at": clock.written(one.created_at)} for one in rows]


def _erase_mails(_person: Person, ids: Ids, _name_goes: bool) -> None:
    forget_mails(addresses_of(ids))


def forget_mails(addresses: Sequence[str]) -> None:
    """Empty the mails to these addresses that left or came back; one still to be sent (an answer) stays whole."""
    session().execute(
        update(OutboxMail)
        .where(OutboxMail.recipient.in_(addresses), or_(OutboxMail.sent_at.is_not(None), OutboxMail.error != ""))
        .values(recipient="", body="", calendar=None, error=None)
    )


def _requests(ids: Ids) -> list[Record]:
    rows = session().scalars(select(DataRequest).where(DataRequest.person_id.in_(ids)).order_by(DataRequest.id))
    return [
        {
            "kind": str(one.kind),
            "text": one.text,
            "at": clock.written(one.asked_at),
            "answered_at": clock.written(one.answered_at),
            "answer": one.answer,
        }
        for one in rows
    ]


def _forget_values(_person: Person, ids: Ids, _name_goes: bool) -> None:
    corrections.forget(ids)


def _acts(ids: Ids) -> list[Record]:
    values = {entry.id: [_change(one) for one in changes] for entry, changes in corrections.written(ids)}
    statement = select(AuditEntry).where(AuditEntry.subject.in_([f"person:{one}" for one in ids]))
    rows = session().scalars(statement.order_by(AuditEntry.id.desc()).limit(_LATEST))
    return [{"verb": one.verb, "at": clock.written(one.at), "changes": values.get(one.id)} for one in rows]


def _change(one: corrections.Change) -> str:
    return f"{corrections.FIELDS[one.field]}: {one.old or '–'} → {one.new or '–'}"


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


_PERSON: Final = Category(
    key="person",
    label=N_("Họ tên và liên hệ"),
    purpose=OWN_PURPOSE,
    seen_by=STAFF,
    kept=N_("Đến khi xóa theo đề nghị, hoặc hết hạn giữ của sự kiện cuối cùng"),
    fields={
        "name": N_("Họ và tên"),
        "title": N_("Học hàm, học vị, cấp bậc"),
        "email": N_("Thư điện tử"),
        "phone": N_("Điện thoại"),
    },
    records=_people,
    goes=N_("Thư điện tử, điện thoại"),
    stays=N_("Họ tên, nếu còn giấy chứng nhận mang tên ấy trong sổ cấp"),
    erase=_erase_people,
)
_POSTS: Final = Category(
    key="posts",
    label=N_("Chức vụ"),
    purpose=N_("In đúng chức vụ vào ngày của sự kiện"),
    seen_by=STAFF,
    kept=N_("Cùng với họ tên"),
    fields={"post": N_("Chức vụ"), "unit": N_("Đơn vị"), "from": N_("Từ ngày"), "to": N_("Đến trước ngày")},
    records=_posts,
    goes=N_("Chức vụ, khi họ tên cũng xóa"),
    stays=N_("Chức vụ, khi họ tên còn giữ"),
    erase=_erase_posts,
)
_PRIVATE: Final = Category(
    key="private",
    label=N_("Thông tin riêng"),
    purpose=N_("Ghi ở từng mục; không dùng vào việc khác"),
    seen_by=N_("Chỉ người có quyền xem thông tin riêng; mỗi lần xem đều ghi lại"),
    kept=N_("Đến ngày ghi cùng thông tin, muộn nhất là hết hạn giữ của sự kiện"),
    fields={
        "born": N_("Ngày sinh"),
        "id_number": N_("Số căn cước"),
        "ethnic_group": N_("Dân tộc"),
        "purpose": N_("Mục đích"),
        "keep_until": N_("Giữ đến"),
    },
    records=_private,
    goes=N_("Tất cả"),
    erase=_erase_private,
)
_MAILS: Final = Category(
    key="mails",
    label=N_("Thư đã gửi"),
    purpose=N_("Mời dự, nhắc, gửi liên kết; biết thư nào không đến"),
    seen_by=N_("Quản trị hệ thống"),
    kept=N_("Đến khi xóa theo đề nghị"),
    fields={"to": N_("Thư điện tử"), "subject": N_("Tiêu đề"), "at": N_("Lúc")},
    records=_mails,
    goes=N_("Địa chỉ và nội dung các thư đã gửi"),
    stays=N_("Tiêu đề và giờ gửi; thư trả lời đề nghị này"),
    erase=_erase_mails,
)
_REQUESTS: Final = Category(
    key="requests",
    label=N_("Đề nghị về dữ liệu cá nhân"),
    purpose=N_("Trả lời đúng hạn và chứng minh đã trả lời"),
    seen_by=N_("Quản trị hệ thống"),
    kept=N_("Cùng hồ sơ giải quyết đề nghị"),
    fields={
        "kind": N_("Loại"),
        "text": N_("Nội dung"),
        "at": N_("Lúc"),
        "answered_at": N_("Trả lời lúc"),
        "answer": N_("Trả lời"),
    },
    records=_requests,
    stays=N_("Đề nghị và câu trả lời, để chứng minh đã giải quyết"),
)
_ACTS: Final = Category(
    key="acts",
    label=N_("Nhật ký thao tác trên hồ sơ"),
    purpose=N_("Biết ai đã xem, sửa, gộp hồ sơ"),
    seen_by=N_("Quản trị hệ thống"),
    kept=N_("Nhật ký không xóa; giá trị cũ và mới của họ tên, liên hệ, chức vụ thì bỏ khi xóa theo đề nghị"),
    fields={"verb": N_("Việc"), "at": N_("Lúc"), "changes": N_("Điều đã sửa")},
    records=_acts,
    goes=N_("Giá trị cũ và mới của điều đã sửa"),
    stays=N_("Nhật ký, không kèm nội dung thông tin riêng"),
    erase=_forget_values,
)
