"""What attendance holds of a person, for a copy of one's data. In a merge scans follow the delegate they belong to."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.attendance.models import PointLeader, Scan
from lms.core import clock
from lms.core.db import session
from lms.core.errors import N_
from lms.events.models import Event, HalfDay, Point
from lms.people import privacy
from lms.people.privacy import Category, Ids, Record
from lms.registration.models import Delegate


def register() -> None:
    """Hand in what privacy asks for."""
    privacy.hand_in(_SCANS, _POINTS)


def _scans(ids: Ids) -> list[Record]:
    seats = select(Delegate.id).where(Delegate.person_id.in_(ids))
    statement = (
        select(Scan)
        .where(Scan.delegate_id.in_(seats))
        .options(joinedload(Scan.half_day).joinedload(HalfDay.event))
        .order_by(Scan.at, Scan.id)
    )
    return [
        {
            "event": one.half_day.event.title,
            "session": one.half_day.key,
            "kind": str(one.kind),
            "at": clock.written(one.at),
            "method": str(one.method),
            "voided": clock.written(one.voided_at),
        }
        for one in session().scalars(statement)
    ]


_SCANS = Category(
    key="scans",
    label=N_("Lượt điểm danh"),
    purpose=N_("Biết ai dự buổi nào, làm căn cứ cấp giấy chứng nhận"),
    seen_by=N_("Người tổ chức sự kiện, người giữ cửa"),
    kept=N_("Cùng hồ sơ sự kiện"),
    fields={
        "event": N_("Sự kiện"),
        "session": N_("Buổi"),
        "kind": N_("Vào hay ra"),
        "at": N_("Lúc"),
        "method": N_("Cách điểm danh"),
        "voided": N_("Hủy lúc"),
    },
    records=_scans,
    stays=N_("Tất cả: là căn cứ của giấy chứng nhận"),
)


def _points(ids: Ids) -> list[Record]:
    statement = (
        select(Event.title, Event.starts_on, Point.name)
        .select_from(PointLeader)
        .join(Point, Point.id == PointLeader.point_id)
        .join(Event, Event.id == Point.event_id)
        .join(Account, Account.id == PointLeader.account_id)
        .where(Account.person_id.in_(ids))
        .order_by(Event.starts_on, Point.position)
    )
    return [{"event": event, "on": on.isoformat(), "point": point} for event, on, point in session().execute(statement)]


_POINTS = Category(
    key="point-leaders",
    label=N_("Phụ trách điểm cầu"),
    purpose=N_("Biết ai xác nhận người có mặt ở điểm cầu"),
    seen_by=N_("Người tổ chức sự kiện"),
    kept=N_("Cùng hồ sơ sự kiện"),
    fields={"event": N_("Sự kiện"), "on": N_("Ngày"), "point": N_("Điểm cầu")},
    records=_points,
    stays=N_("Việc đã xác nhận và chốt, gắn với số của tài khoản"),
)
