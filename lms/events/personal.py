"""What events hold of a person: for merging and for a copy of one's data."""

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.db import session
from lms.core.errors import N_
from lms.events.models import Event, EventStaff, HalfDay, Speaker, Topic
from lms.people import belongings, privacy
from lms.people.privacy import Category, Ids, Record


def register() -> None:
    """Hand in what merging and privacy ask for."""
    belongings.hand_in(_SPEAKER)
    privacy.hand_in(_TALKS, _STAFF)


_SPEAKER = belongings.Belonging(
    Speaker.person_id,
    N_("Chuyên đề đã trình bày"),
    lambda speaker: str(speaker.topic.title),
    belongings.one_each(Speaker.person_id, Speaker.topic_id),
)


def _talks(ids: Ids) -> list[Record]:
    statement = (
        select(Event.title, Topic.title, HalfDay.on, Speaker.posts_held)
        .select_from(Speaker)
        .join(Topic)
        .join(HalfDay)
        .join(Event)
        .where(Speaker.person_id.in_(ids))
        .order_by(HalfDay.on, Speaker.id)
    )
    return [
        {"event": event, "topic": topic, "on": on.isoformat(), "post": post}
        for event, topic, on, post in session().execute(statement)
    ]


def _staff(ids: Ids) -> list[Record]:
    statement = (
        select(Event.title, EventStaff.role)
        .select_from(EventStaff)
        .join(Event)
        .join(Account)
        .where(Account.person_id.in_(ids))
        .order_by(Event.id)
    )
    return [{"event": event, "role": str(role)} for event, role in session().execute(statement)]


_STAFF = Category(
    key="event-staff",
    label=N_("Vai trò ở sự kiện"),
    purpose=N_("Biết ai được làm gì ở sự kiện nào"),
    seen_by=N_("Người tổ chức sự kiện, quản trị hệ thống"),
    kept=N_("Cùng hồ sơ sự kiện"),
    fields={"event": N_("Sự kiện"), "role": N_("Vai trò")},
    records=_staff,
    stays=N_("Vai trò đã giữ, gắn với số của tài khoản"),
)
_TALKS = Category(
    key="speakers",
    label=N_("Chuyên đề đã trình bày"),
    purpose=N_("Chương trình của sự kiện, công khai"),
    seen_by=N_("Mọi người"),
    kept=N_("Cùng hồ sơ sự kiện"),
    fields={"event": N_("Sự kiện"), "topic": N_("Chuyên đề"), "on": N_("Ngày"), "post": N_("Chức vụ")},
    records=_talks,
    stays=N_("Chương trình đã công khai"),
    keeps_name=True,
)
