"""What attendance holds of a person beside their scans: leave with its reason, and doubtful rows of signed paper."""

from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload

from lms.attendance.changes import Cause
from lms.attendance.models import Excuse, PresenceChange, SheetDoubt
from lms.core import clock
from lms.core.db import session
from lms.core.errors import N_
from lms.events.models import HalfDay
from lms.people import privacy
from lms.people.models import Person
from lms.people.privacy import Category, Ids, Record
from lms.registration.models import Delegate


def register() -> None:
    """Hand in what privacy asks for."""
    privacy.hand_in(_LEAVE, _DOUBTS)


def _seats(ids: Ids) -> Select[int]:
    return select(Delegate.id).where(Delegate.person_id.in_(ids))


def _leave(ids: Ids) -> list[Record]:
    rows = session().execute(
        select(Excuse, HalfDay)
        .join(HalfDay, HalfDay.id == Excuse.half_day_id)
        .where(Excuse.delegate_id.in_(_seats(ids)))
        .options(joinedload(HalfDay.event))
        .order_by(Excuse.approved_at, Excuse.id)
    )
    return [
        {
            "event": half_day.event.title,
            "session": half_day.key,
            "reason": excuse.reason,
            "at": clock.written(excuse.approved_at),
            "voided": clock.written(excuse.withdrawn_at),
        }
        for excuse, half_day in rows
    ]


def _erase_leave(_person: Person, ids: Ids, _name_goes: bool) -> None:
    """The reason of leave may tell of an illness; that there was leave stays, as what the hours rest on."""
    session().execute(update(Excuse).where(Excuse.delegate_id.in_(_seats(ids))).values(reason=""))
    of_leave = (PresenceChange.delegate_id.in_(_seats(ids)), PresenceChange.cause == Cause.EXCUSE)
    session().execute(update(PresenceChange).where(*of_leave).values(reason=""))


_LEAVE = Category(
    key="leave",
    label=N_("Phép vắng, đến muộn, về sớm"),
    purpose=N_("Tính buổi và giờ dự, làm căn cứ cấp giấy chứng nhận"),
    seen_by=N_("Người tổ chức sự kiện"),
    kept=N_("Cùng hồ sơ sự kiện"),
    fields={
        "event": N_("Sự kiện"),
        "session": N_("Buổi"),
        "reason": N_("Lý do"),
        "at": N_("Lúc"),
        "voided": N_("Rút lúc"),
    },
    records=_leave,
    goes=N_("Lý do của phép"),
    stays=N_("Buổi nào có phép: là căn cứ của giấy chứng nhận"),
    erase=_erase_leave,
)


def _doubts(ids: Ids) -> list[Record]:
    statement = (
        select(SheetDoubt)
        .where(SheetDoubt.delegate_id.in_(_seats(ids)))
        .options(joinedload(SheetDoubt.half_day).joinedload(HalfDay.event))
        .order_by(SheetDoubt.noted_at, SheetDoubt.id)
    )
    return [
        {
            "event": one.half_day.event.title,
            "session": one.half_day.key,
            "written": one.written,
            "doubt": one.doubt,
            "decision": one.decision,
            "at": clock.written(one.noted_at),
        }
        for one in session().scalars(statement)
    ]


def _erase_doubts(_person: Person, ids: Ids, _name_goes: bool) -> None:
    own = SheetDoubt.delegate_id.in_(_seats(ids))
    session().execute(update(SheetDoubt).where(own).values(written="", doubt="", decision=None))


_DOUBTS = Category(
    key="doubts",
    label=N_("Dòng chưa rõ khi điểm danh"),
    purpose=N_("Biết ai dự buổi nào, làm căn cứ cấp giấy chứng nhận"),
    seen_by=N_("Người tổ chức sự kiện"),
    kept=N_("Cùng hồ sơ sự kiện"),
    fields={
        "event": N_("Sự kiện"),
        "session": N_("Buổi"),
        "written": N_("Tên ghi tay"),
        "doubt": N_("Điều chưa rõ"),
        "decision": N_("Quyết định"),
        "at": N_("Lúc"),
    },
    records=_doubts,
    goes=N_("Tên ghi tay, điều chưa rõ và quyết định"),
    erase=_erase_doubts,
)
