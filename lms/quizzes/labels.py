"""What kinds, degrees and rules are called on the page."""

from lms.core.i18n import lazy
from lms.quizzes.models import Difficulty, GradePolicy, QuestionKind, ShowRule
from lms.quizzes.results import State

KINDS = {
    QuestionKind.SINGLE: lazy("Chọn một đáp án"),
    QuestionKind.MULTIPLE: lazy("Chọn nhiều đáp án"),
    QuestionKind.TRUE_FALSE: lazy("Đúng hay sai"),
    QuestionKind.SHORT: lazy("Trả lời ngắn"),
}
DIFFICULTIES = {
    Difficulty.EASY: lazy("Dễ"),
    Difficulty.MEDIUM: lazy("Vừa"),
    Difficulty.HARD: lazy("Khó"),
}
SHOW_RULES = {
    ShowRule.FULL: lazy("Điểm, từng câu và lời giải thích"),
    ShowRule.SCORE: lazy("Điểm và kết quả đạt hay chưa"),
    ShowRule.NONE: lazy("Chỉ báo đã nộp"),
}
GRADE_POLICIES = {
    GradePolicy.BEST: lazy("Lần cao điểm nhất"),
    GradePolicy.LAST: lazy("Lần nộp sau cùng"),
}
STATES = {
    State.OPEN: ("doing", lazy("Đang làm")),
    State.CLOSING: ("waiting", lazy("Hết giờ, đang chấm")),
    State.PASSED: ("ok", lazy("Đạt")),
    State.FAILED: ("warn", lazy("Chưa đạt")),
}
"""Kind of tag and word of each state of an attempt."""
