"""What learning holds of a person: for merging and for a copy of one's data."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.db import session
from lms.core.errors import N_
from lms.learning.models import Enrolment, LessonProgress
from lms.people import belongings, privacy
from lms.people.privacy import Category, Ids, Record


def register() -> None:
    """Hand in what merging and privacy ask for."""
    belongings.hand_in(_ENROLMENT)
    privacy.hand_in(_COURSES)


_ENROLMENT = belongings.Belonging(
    Enrolment.person_id,
    N_("Khóa học"),
    lambda enrolment: str(enrolment.course.title),
    # Where both take a course, what the one finished counts for the other: nobody reads a lesson twice.
    belongings.one_each(Enrolment.person_id, Enrolment.course_id),
    under=[belongings.Under(LessonProgress.enrolment_id, LessonProgress.lesson_id)],
    filled=[Enrolment.completed_at],
)


def _enrolments(ids: Ids) -> list[Record]:
    statement = select(Enrolment).where(Enrolment.person_id.in_(ids)).options(joinedload(Enrolment.course))
    return [
        {
            "course": one.course.title,
            "enrolled": clock.written(one.enrolled_at),
            "completed": clock.written(one.completed_at),
        }
        for one in session().scalars(statement.order_by(Enrolment.id))
    ]


_COURSES = Category(
    key="enrolments",
    label=N_("Khóa học"),
    purpose=N_("Nhớ đã học đến đâu, xét cấp giấy chứng nhận"),
    seen_by=N_("Giảng viên của khóa, người tổ chức"),
    kept=N_("Cùng hồ sơ đào tạo"),
    fields={"course": N_("Khóa học"), "enrolled": N_("Ghi danh"), "completed": N_("Hoàn thành")},
    records=_enrolments,
    stays=N_("Kết quả; không còn gắn với tên nếu họ tên được xóa"),
)
