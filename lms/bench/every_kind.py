"""A specimen question of every kind and a quiz of them, for runs that try each: kills, load, browsers."""

import io
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw

from lms.accounts.models import Account
from lms.core.db import session
from lms.quizzes import figures, service
from lms.quizzes.kinds.choice import Multiple, Option, Single, true_false
from lms.quizzes.kinds.cloze import Cloze, Gap
from lms.quizzes.kinds.content import EMPTY, Both, Content
from lms.quizzes.kinds.essay import Criterion, Essay, Level
from lms.quizzes.kinds.hotspot import Hotspot, Shape, Zone
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Unit, UnitRule, Value
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.models import QuestionBank, Quiz
from lms.quizzes.rules import Rules
from lms.quizzes.wording import Labels, Words
from lms.units.models import Unit as Owner

ESSAY = {"text": "Tỉnh đang xác minh.\n\nThông tin tiếp theo lúc 17 giờ."}
"""An answer to the essay, which has no key."""


def every_kind() -> list[Words]:
    """One question of each kind, in the order of `QuestionKind`; its figure is stored."""
    digest = figures.keep(_picture(), None).digest
    contents: list[tuple[str, Content]] = [
        ("Ai phát ngôn cho tỉnh khi có **sự việc bất thường**?", _single()),
        ("Tin ban đầu gồm những gì?", _multiple()),
        ("Thông tin ban đầu được cung cấp trong 24 giờ.", true_false(True, EMPTY, Both("Xem lại thời hạn."))),
        ("Nghị định về thông tin đối ngoại số mấy?", Short((Form("72/2015/NĐ-CP"), Form("Nghị định 72")))),
        ("Buổi họp báo dài bao lâu?", _numeric()),
        ("Ghép việc với người làm.", _matching()),
        ("Xếp các bước của một tuyên bố.", _ordering()),
        ("Họp báo do [[1]] chủ trì, kéo dài [[2]] phút, theo Nghị định số [[3]].", _cloze()),
        ("Viết tuyên bố ban đầu về sự việc sau.\n\n- sạt lở lúc 5 giờ\n- chưa rõ nguyên nhân", _essay()),
        ("Chỉ chỗ người phát ngôn và chỗ báo chí trên sơ đồ phòng họp báo.", _hotspot(digest)),
    ]
    return [Words(content, Both(stem), Both("Theo *quy chế phát ngôn*.")) for stem, content in contents]


def build_quiz(owner: Owner, author: Account, **rules: Any) -> Quiz:
    """A published quiz of one question of each kind, in a bank of its own."""
    bank = service.create_bank(author, owner, "Mỗi dạng một câu")
    for words in every_kind():
        service.add_question(bank, words, Labels())
    return quiz_of(bank, author, Rules(**{"title": "Mỗi dạng một câu", "attempts_allowed": None} | rules))


def quiz_of(bank: QuestionBank, author: Account, rules: Rules) -> Quiz:
    """A published quiz of all questions of a bank."""
    session().expire(bank, ["questions"])
    quiz = service.create_quiz(author, bank.unit, rules)
    service.add_items(quiz, list(bank.questions))
    service.publish(author, quiz)
    return quiz


def _single() -> Single:
    return Single(
        (
            Option(Both("Người phát ngôn được giao"), True, Both("Đúng người, đúng việc.")),
            Option(Both("Bất kỳ công chức nào"), False, Both("Chỉ người được giao.")),
            Option(Both("Cơ quan báo chí")),
        )
    )


def _multiple() -> Multiple:
    return Multiple(
        (
            Option(Both("Điều đã biết"), True),
            Option(Both("Điều đang xác minh"), True),
            Option(Both("Phỏng đoán nguyên nhân"), False, Both("Không phỏng đoán.")),
        )
    )


def _numeric() -> Numeric:
    units = (Unit("phút"), Unit("giờ", Decimal(60)))
    return Numeric((Value(Decimal(90), Decimal(5)),), units, UnitRule.REQUIRED)


def _matching() -> Matching:
    return Matching(
        ((Both("Phát ngôn"), 0), (Both("Theo dõi dư luận"), 1), (Both("Trả lời phỏng vấn"), 0)),
        (Both("Người phát ngôn"), Both("Bộ phận theo dõi"), Both("Văn thư")),
    )


def _ordering() -> Ordering:
    return Ordering(
        (Both("Xác nhận sự việc"), Both("Nói điều đã biết"), Both("Nói việc đang làm"), Both("Hẹn giờ sau"))
    )


def _cloze() -> Cloze:
    return Cloze(
        (
            Gap(Single((Option(Both("người phát ngôn"), True), Option(Both("lái xe"))))),
            Gap(Numeric((Value(Decimal(90)),))),
            Gap(Short((Form("72/2015/NĐ-CP"),)), 2),
        )
    )


def _essay() -> Essay:
    levels = (Level(0, Both("Chưa có")), Level(1, Both("Có một phần")), Level(2, Both("Đủ")))
    return Essay((Criterion(Both("Điều đã biết"), levels), Criterion(Both("Giọng văn"), levels)), 20, 300)


def _hotspot(digest: str) -> Hotspot:
    zones = (
        Zone(Shape.RECTANGLE, (160, 20, 240, 70), Both("Bục người phát ngôn")),
        Zone(Shape.POLYGON, (60, 160, 340, 160, 300, 280, 100, 280), Both("Hàng ghế báo chí")),
    )
    return Hotspot(digest, 400, 300, Both("Sơ đồ phòng: bục ở giữa phía trên, hàng ghế phía dưới, cửa bên phải"), zones)


def _picture() -> bytes:
    """The plan of a room, 400 by 300 pixels."""
    image = Image.new("RGB", (400, 300), "#f4f1e8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((4, 4, 395, 295), outline="#33414a", width=4)
    draw.rectangle((160, 20, 240, 70), fill="#b9cfd6", outline="#0e4f63", width=2)
    for row in range(3):
        for seat in range(8 - row):
            x = 80 + 14 * row + seat * 31
            draw.ellipse((x, 170 + row * 36, x + 22, 192 + row * 36), fill="#d9c7a2", outline="#764700")
    draw.rectangle((388, 120, 399, 170), fill="#ffffff")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
