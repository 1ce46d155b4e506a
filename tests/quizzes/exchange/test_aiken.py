"""Aiken: questions of one right option, by their lines."""

from lms.quizzes import exchange
from lms.quizzes.kinds.choice import Single

TEXT = """\
Ai phát ngôn
cho tỉnh?
A. Người được giao
B) *Bất kỳ ai*
ANSWER: A

Không có đáp án
A. a
B. b

Đáp án lạ
A. a
B. b
ANSWER: D
Chỉ một phương án
A. a
ANSWER: A
"""


def test_questions_are_read_and_refused_by_their_lines() -> None:
    reading = exchange.read("bai.txt", TEXT.encode())
    assert reading.format == "aiken"
    (entry,) = reading.entries
    assert entry.words.stem.vi == "Ai phát ngôn\ncho tỉnh?"
    content = entry.words.content
    assert isinstance(content, Single)
    assert [(option.text.vi, option.right) for option in content.options] == [
        ("Người được giao", True),
        (r"\*Bất kỳ ai\*", False),
    ]
    assert [(one.where, one.code) for one in reading.refused] == [
        ("line 7", "answer"),
        ("line 11", "answer"),
        ("line 15", "options"),
    ]
