"""What a course's files say is changed in the files, never in the browser."""

from lms.core.errors import N_, RuleBroken
from lms.quizzes.models import QuestionBank, Quiz

FROM_FILES = N_("Nội dung này nạp từ tệp của khóa học. Hãy sửa trong tệp rồi nạp lại.")


def refuse_files(kept: QuestionBank | Quiz) -> None:
    """Raise RuleBroken (from-files) for a bank or a quiz that comes from files."""
    if kept.from_files:
        raise RuleBroken(FROM_FILES, code="from-files")
