"""What quizzes hold of a person: for merging and for a copy of one's data."""

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.db import session
from lms.core.errors import N_
from lms.people import belongings, privacy
from lms.people.models import Person
from lms.people.privacy import Category, Ids, Record
from lms.quizzes.attempt_models import Accommodation, Attempt


def register() -> None:
    """Hand in what merging and privacy ask for."""
    belongings.hand_in(_ATTEMPTS, _ACCOMMODATIONS)
    privacy.hand_in(_RESULTS, _ALLOWED)


_ATTEMPTS = belongings.Belonging(
    Attempt.person_id,
    N_("Lượt làm bài kiểm tra"),
    lambda attempt: f"{attempt.quiz.title}, {clock.local(attempt.started_at):%d/%m/%Y}",
    # Only one attempt at a quiz may be open; two that are open at once end where they began.
    belongings.one_each(Attempt.person_id, Attempt.quiz_id, Attempt.preview, where=Attempt.handed_in_at.is_(None)),
)

_ACCOMMODATIONS = belongings.Belonging(
    Accommodation.person_id,
    N_("Điều chỉnh riêng cho bài kiểm tra"),
    lambda one: f"{one.quiz.title}, {clock.local(one.granted_at):%d/%m/%Y}",
    belongings.one_each(Accommodation.person_id, Accommodation.quiz_id, where=Accommodation.withdrawn_at.is_(None)),
)


def _attempts(ids: Ids) -> list[Record]:
    statement = select(Attempt).where(Attempt.person_id.in_(ids)).options(joinedload(Attempt.quiz, innerjoin=True))
    return [
        {
            "quiz": one.quiz.title,
            "started": clock.written(one.started_at),
            "handed_in": clock.written(one.handed_in_at),
            "score": one.score,
            "of": one.max_score,
        }
        for one in session().scalars(statement.order_by(Attempt.id))
    ]


_RESULTS = Category(
    key="attempts",
    label=N_("Bài kiểm tra"),
    purpose=N_("Chấm bài, xét cấp giấy chứng nhận"),
    seen_by=N_("Giảng viên của bài, người tổ chức"),
    kept=N_("Cùng hồ sơ đào tạo"),
    fields={
        "quiz": N_("Bài kiểm tra"),
        "started": N_("Bắt đầu"),
        "handed_in": N_("Nộp bài"),
        "score": N_("Điểm"),
        "of": N_("Điểm tối đa"),
    },
    records=_attempts,
    stays=N_("Kết quả; không còn gắn với tên nếu họ tên được xóa"),
)


def _accommodations(ids: Ids) -> list[Record]:
    statement = select(Accommodation).where(Accommodation.person_id.in_(ids))
    statement = statement.options(joinedload(Accommodation.quiz, innerjoin=True)).order_by(Accommodation.id)
    return [
        {
            "quiz": one.quiz.title,
            "minutes": one.extra_minutes,
            "attempts": one.extra_attempts,
            "closes": clock.written(one.closes_at),
            "reason": one.reason,
            "granted": clock.written(one.granted_at),
            "withdrawn": clock.written(one.withdrawn_at),
        }
        for one in session().scalars(statement)
    ]


def _forget_reasons(_person: Person, ids: Ids, _name_goes: bool) -> None:
    session().execute(update(Accommodation).where(Accommodation.person_id.in_(ids)).values(reason=""))


_ALLOWED = Category(
    key="accommodations",
    label=N_("Điều chỉnh riêng cho bài kiểm tra"),
    purpose=N_("Cho người có hoàn cảnh riêng làm bài trong điều kiện phù hợp"),
    seen_by=N_("Người soạn bài của đơn vị"),
    kept=N_("Cùng hồ sơ đào tạo"),
    fields={
        "quiz": N_("Bài kiểm tra"),
        "minutes": N_("Thêm phút làm bài"),
        "attempts": N_("Thêm lượt làm"),
        "closes": N_("Giờ đóng riêng"),
        "reason": N_("Lý do"),
        "granted": N_("Cho phép lúc"),
        "withdrawn": N_("Thu hồi lúc"),
    },
    records=_accommodations,
    goes=N_("Lý do điều chỉnh"),
    stays=N_("Số phút, số lượt và giờ đóng riêng đã cho"),
    erase=_forget_reasons,
)
