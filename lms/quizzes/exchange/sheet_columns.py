"""The columns of our spreadsheet of questions and the words in its cells; `docs/quiz-spreadsheet.md` describes them."""

from lms.core.text import fold
from lms.quizzes.kinds import choice, ordering
from lms.quizzes.kinds.numeric import UnitRule
from lms.quizzes.models import Difficulty

LETTERS = "ABCDEFGHIJKL"
"""Columns of options, accepted forms, numbers, pairs, items, criteria, gaps."""

COLUMNS = {
    "kind": ("Loại", "Kind"),
    "title": ("Tên", "Title"),
    "category": ("Danh mục", "Category"),
    "topic": ("Chủ đề", "Topic"),
    "difficulty": ("Độ khó", "Difficulty"),
    "tags": ("Nhãn", "Tags"),
    "cites": ("Căn cứ", "Sources"),
    "stem": ("Câu hỏi", "Question"),
    "answer": ("Đáp án", "Answer"),
    **{letter: (letter, letter) for letter in LETTERS},
    "marking": ("Cách chấm", "Marking"),
    "keep_order": ("Giữ thứ tự", "Keep order"),
    "units": ("Đơn vị", "Units"),
    "length": ("Số chữ", "Length"),
    "guide": ("Hướng dẫn chấm", "Marking guide"),
    "feedback": ("Giải thích", "Explanation"),
    **{f"said {letter}": (f"Lời đáp {letter}", f"Feedback {letter}") for letter in LETTERS},
    "stem en": ("Câu hỏi (EN)", "Question (EN)"),
    "feedback en": ("Giải thích (EN)", "Explanation (EN)"),
    **{f"{letter} en": (f"{letter} (EN)", f"{letter} (EN)") for letter in LETTERS},
    **{f"said {letter} en": (f"Lời đáp {letter} (EN)", f"Feedback {letter} (EN)") for letter in LETTERS},
}
"""Key -> heading in Vietnamese and in English, in the order written."""

KINDS = {
    "single": "một đáp án",
    "multiple": "nhiều đáp án",
    "truefalse": "đúng sai",
    "short": "trả lời ngắn",
    "numeric": "số",
    "matching": "ghép đôi",
    "ordering": "xếp thứ tự",
    "cloze": "chỗ trống",
    "essay": "tự luận",
}
DIFFICULTIES = {Difficulty.EASY: "dễ", Difficulty.MEDIUM: "vừa", Difficulty.HARD: "khó"}
ORDER_MARKING = {
    ordering.Credit.NEIGHBOURS: "liền nhau",
    ordering.Credit.PLACES: "đúng chỗ",
    ordering.Credit.ALL: "đúng hết",
}
CHOICE_MARKING = {choice.Credit.BALANCED: "từng phần", choice.Credit.ALL: "đúng hết"}
UNIT_MARKING = {UnitRule.OPTIONAL: "đơn vị tùy ý", UnitRule.REQUIRED: "đơn vị bắt buộc"}
EXACT = "từng chữ"
TRUE, FALSE = "đúng", "sai"
YES = "có"

HEADINGS = {fold(heading): key for key, headings in COLUMNS.items() for heading in headings}
"""A folded heading -> key."""

KINDS_READ = {fold(words): kind for kind, words in KINDS.items()} | {kind: kind for kind in KINDS}
DIFFICULTIES_READ = {fold(words): one for one, words in DIFFICULTIES.items()} | {str(one): one for one in DIFFICULTIES}
TRUTHS = {
    fold(TRUE): True,
    "true": True,
    "t": True,
    "d": True,
    fold(FALSE): False,
    "false": False,
    "f": False,
    "s": False,
}
YESES = {fold(YES), "x", "yes", "true", "1"}
