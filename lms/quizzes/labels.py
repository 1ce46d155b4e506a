"""What kinds, degrees and rules are called on the page."""

from lms.core.i18n import lazy
from lms.quizzes.models import Difficulty, GradePolicy, QuestionKind, ShowFrom, ShowRule
from lms.quizzes.results import State

KINDS = {
    QuestionKind.SINGLE: lazy("Chọn một đáp án"),
    QuestionKind.MULTIPLE: lazy("Chọn nhiều đáp án"),
    QuestionKind.TRUE_FALSE: lazy("Đúng hay sai"),
    QuestionKind.SHORT: lazy("Trả lời ngắn"),
    QuestionKind.NUMERIC: lazy("Đáp số"),
    QuestionKind.MATCHING: lazy("Ghép đôi"),
    QuestionKind.ORDERING: lazy("Xếp thứ tự"),
    QuestionKind.CLOZE: lazy("Điền chỗ trống"),
    QuestionKind.ESSAY: lazy("Tự luận"),
    QuestionKind.HOTSPOT: lazy("Chỉ trên hình"),
}
KIND_HINTS = {
    QuestionKind.SINGLE: lazy("Hai đến mười hai phương án, một phương án đúng."),
    QuestionKind.MULTIPLE: lazy("Một hay nhiều phương án đúng; chọn cách tính điểm khi đúng một phần."),
    QuestionKind.TRUE_FALSE: lazy("Một câu khẳng định, người học chọn đúng hoặc sai."),
    QuestionKind.SHORT: lazy("Người học ghi vài chữ; nhận nhiều cách viết, bỏ qua dấu hoặc đúng từng chữ."),
    QuestionKind.NUMERIC: lazy("Người học ghi một số, có sai số và đơn vị đo."),
    QuestionKind.MATCHING: lazy("Mỗi ý bên trái ghép với một ý bên phải; thêm được ý thừa."),
    QuestionKind.ORDERING: lazy("Người học xếp các bước, các mốc về đúng thứ tự."),
    QuestionKind.CLOZE: lazy("Một đoạn văn có nhiều chỗ trống: chọn, gõ chữ hoặc gõ số."),
    QuestionKind.ESSAY: lazy("Người học viết một bài; người chấm cho điểm theo từng tiêu chí."),
    QuestionKind.HOTSPOT: lazy("Người học chỉ vào chỗ đúng trên một hình."),
}
"""What is asked of the learner, for those who choose a kind."""
DIFFICULTIES = {
    Difficulty.EASY: lazy("Dễ"),
    Difficulty.MEDIUM: lazy("Vừa"),
    Difficulty.HARD: lazy("Khó"),
}
SHOW_RULES = {
    ShowRule.FULL: lazy("Điểm, từng câu và lời giải thích"),
    ShowRule.MARKS: lazy("Điểm, câu nào đúng câu nào sai"),
    ShowRule.SCORE: lazy("Điểm và kết quả đạt hay chưa"),
    ShowRule.NONE: lazy("Chỉ báo đã nộp"),
}
SHOW_FROM = {
    ShowFrom.HANDED_IN: lazy("Vừa nộp bài"),
    ShowFrom.CLOSED: lazy("Bài đóng với mọi người"),
}
GRADE_POLICIES = {
    GradePolicy.BEST: lazy("Lần cao điểm nhất"),
    GradePolicy.LAST: lazy("Lần nộp sau cùng"),
    GradePolicy.FIRST: lazy("Lần đầu"),
    GradePolicy.AVERAGE: lazy("Trung bình các lần"),
}
STATES = {
    State.OPEN: ("doing", lazy("Đang làm")),
    State.CLOSING: ("waiting", lazy("Hết giờ, đang chấm")),
    State.PASSED: ("ok", lazy("Đạt")),
    State.FAILED: ("warn", lazy("Chưa đạt")),
}
"""Kind of tag and word of each state of an attempt."""
