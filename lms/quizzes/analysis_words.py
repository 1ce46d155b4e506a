"""What the findings of an analysis are called, and what to do about them."""

from lms.core.i18n import lazy
from lms.quizzes.analysis.findings import Finding, OptionFinding
from lms.quizzes.analysis_rows import Order

ORDERS = {
    Order.NUMBER: lazy("Thứ tự trong bài"),
    Order.FINDINGS: lazy("Cần xem lại trước"),
    Order.FACILITY: lazy("Khó nhất trước"),
    Order.DISCRIMINATION: lazy("Phân biệt kém nhất trước"),
    Order.DIFFICULTY: lazy("Độ khó Rasch, cao trước"),
    Order.SECONDS: lazy("Mất nhiều thời gian nhất trước"),
}
FINDINGS = {
    Finding.AGAINST: ("bad", lazy("Ngược"), lazy("Người giỏi trả lời sai nhiều hơn: xem lại đáp án và cách hỏi.")),
    Finding.NOBODY: ("bad", lazy("Không ai đúng"), lazy("Không ai được điểm: xem lại đáp án, hoặc câu ngoài bài học.")),
    Finding.HARD: (
        "warn",
        lazy("Rất khó"),
        lazy("Dưới một phần năm số điểm: xem lại cách hỏi và phần bài học liên quan."),
    ),
    Finding.LOOSE: (
        "warn",
        lazy("Thất thường"),
        lazy("Người giỏi sai và người yếu đúng nhiều hơn mức mô hình chờ đợi: câu có thể mơ hồ hoặc đoán được."),
    ),
    Finding.WEAK: (
        "warn",
        lazy("Ít phân biệt"),
        lazy("Không tách được người nắm bài với người chưa: viết lại phương án nhiễu."),
    ),
    Finding.EVERYBODY: ("idle", lazy("Ai cũng đúng"), lazy("Mọi người được trọn điểm: câu không nói thêm gì về ai.")),
    Finding.EASY: ("idle", lazy("Rất dễ"), lazy("Gần như ai cũng đúng: giữ nếu là kiến thức bắt buộc.")),
}
"""Kind of tag, word, and what to do."""
OPTION_FINDINGS = {
    OptionFinding.BEATS_KEY: (
        "bad",
        lazy("Nhóm điểm cao chọn nhiều hơn đáp án"),
        lazy("Xem lại đáp án: có thể phương án này mới đúng, hoặc cũng đúng."),
    ),
    OptionFinding.IDLE: (
        "idle",
        lazy("Gần như không ai chọn"),
        lazy("Phương án không đánh lạc được ai: viết lại cho gần với lỗi hay gặp."),
    ),
}
