"""What quizzes hold of a person: for merging and for a copy of one's data."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.db import session
from lms.core.errors import N_
from lms.people import belongings, privacy
from lms.people.privacy import Category, Ids, Record
from lms.quizzes.attempt_models import Attempt


def register() -> None:
    """Hand in what merging and privacy ask for."""
    belongings.hand_in(_ATTEMPTS)
    privacy.hand_in(_RESULTS)


_ATTEMPTS = belongings.Belonging(
    Attempt.person_id,
    N_("Lượt làm bài kiểm tra"),
    lambda attempt: f"{attempt.quiz.title}, {clock.local(attempt.started_at):%d/%m/%Y}",
    # Only one attempt at a quiz may be open; two that are open at once end where they began.
    belongings.one_each(Attempt.person_id, Attempt.quiz_id, Attempt.preview, where=Attempt.handed_in_at.is_(None)),
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
