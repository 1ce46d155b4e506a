"""Verbs over quizzes: rules, questions and their order, publication; flushes, never commits."""

from collections.abc import Mapping, Sequence

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken, RulesBroken
from lms.quizzes import drawing
from lms.quizzes.models import Question, Quiz, QuizItem, ShowFrom
from lms.quizzes.origins import refuse_files
from lms.quizzes.rules import Rules
from lms.units.models import Unit

TOO_FEW = N_(
    "Dòng %(n)s của ma trận đề cần %(count)s câu nhưng chỉ rút được %(found)s. Hãy giảm số câu, nới điều kiện hoặc "
    "viết thêm câu hỏi."
)
NOTHING_CHOSEN = N_("Chưa chọn câu hỏi nào để thêm.")


def create_quiz(account: Account, unit: Unit, rules: Rules) -> Quiz:
    """A new draft without questions. Raises RuleBroken, with nothing begun, for a window that ends early."""
    _check_window(rules)
    quiz = Quiz(unit=unit)
    session().add(quiz)
    apply_rules(quiz, rules)
    audit.record("quiz.create", f"quiz:{quiz.id}", actor_id=account.id, title=rules.title)
    return quiz


def set_rules(quiz: Quiz, rules: Rules) -> None:
    """Change the rules; attempts under way keep their deadline. Raises RuleBroken for a window that ends early."""
    refuse_files(quiz)
    apply_rules(quiz, rules)


def apply_rules(quiz: Quiz, rules: Rules) -> None:
    """Write the rules, whoever keeps the quiz."""
    _check_window(rules)
    quiz.rename(rules.title, rules.title_en)
    quiz.intro, quiz.intro_en = rules.intro, rules.intro_en or None
    quiz.time_limit_minutes, quiz.attempts_allowed = rules.time_limit_minutes, rules.attempts_allowed
    quiz.pass_percent, quiz.show, quiz.grade_policy = rules.pass_percent, rules.show, rules.grade_policy
    quiz.shuffle, quiz.opens_at, quiz.closes_at = rules.shuffle, rules.opens_at, rules.closes_at
    quiz.show_from, quiz.practice, quiz.exposure_percent = rules.show_from, rules.practice, rules.exposure_percent
    quiz.markers, quiz.marking_gap = rules.markers, rules.marking_gap
    session().flush()


def _check_window(rules: Rules) -> None:
    if rules.opens_at and rules.closes_at and rules.closes_at <= rules.opens_at:
        raise RuleBroken(N_("Giờ đóng phải sau giờ mở."), field="closes_at")
    if rules.show_from == ShowFrom.CLOSED and rules.closes_at is None:
        message = N_("Bài không có giờ đóng nên kết quả sẽ không bao giờ hiện. Hãy đặt giờ đóng.")
        raise RuleBroken(message, field="closes_at")


def add_items(quiz: Quiz, questions: Sequence[Question], section_id: int | None = None) -> int:
    """Put questions at the end of a section, those already in the quiz left where they are; how many were added.

    Raises RulesBroken where a published quiz's blueprint would then find too few others.
    """
    refuse_files(quiz)
    present = {item.question_id for item in quiz.items}
    new = [question for question in questions if question.id not in present and question.retired_at is None]
    last = max((item.position for item in quiz.items), default=0)
    for place, question in enumerate(new, last + 1):
        quiz.items.append(QuizItem(question=question, position=place, points=1, section_id=section_id))
    session().flush()
    if quiz.published_at is not None:
        refuse_shortfalls(quiz)
    return len(new)


def remove_item(quiz: Quiz, item_id: int) -> None:
    """Take a question out; raises RuleBroken for the last one of a published quiz."""
    refuse_files(quiz)
    item = get_item(quiz, item_id)
    if quiz.published_at is not None and len(quiz.items) + len(quiz.draws) == 1:
        raise RuleBroken(N_("Bài đã công bố phải còn ít nhất một câu. Hãy thêm câu khác trước."), code="last-question")
    quiz.items.remove(item)
    session().flush()


def move_item(quiz: Quiz, item_id: int, step: int) -> None:
    """Move a question up (-1) or down (1) within its section; at the end it stays."""
    refuse_files(quiz)
    moved = get_item(quiz, item_id)
    ordered = [item for item in quiz.items if item.section_id == moved.section_id]
    places = [item.position for item in ordered]
    place = ordered.index(moved)
    target = min(max(place + step, 0), len(ordered) - 1)
    ordered.insert(target, ordered.pop(place))
    for position, item in zip(places, ordered, strict=True):
        item.position = position
    session().flush()
    session().expire(quiz, ["items"])


def set_points(quiz: Quiz, points: Mapping[int, int]) -> None:
    """Set what questions are worth, by item id; those not named keep theirs."""
    refuse_files(quiz)
    for item in quiz.items:
        value = points.get(item.id, item.points)
        if not 1 <= value <= 100:
            raise RuleBroken(N_("Điểm mỗi câu từ 1 đến 100."), field=f"points-{item.id}")
        item.points = value
    session().flush()


def publish(account: Account, quiz: Quiz) -> None:
    """Let admitted people take the quiz; raises RuleBroken while it has no question, a line of its blueprint finds
    too few, or its window is over."""
    if not quiz.items and not quiz.draws:
        raise RuleBroken(N_("Bài chưa có câu hỏi nào. Hãy chọn câu hỏi trước khi công bố."), code="no-questions")
    if quiz.closes_at is not None and quiz.closes_at <= clock.now():
        raise RuleBroken(N_("Giờ đóng bài đã qua. Hãy đặt giờ đóng mới trước khi công bố."), code="window-over")
    refuse_shortfalls(quiz)
    if quiz.published_at is None:
        quiz.published_at = clock.now()
        audit.record("quiz.publish", f"quiz:{quiz.id}", actor_id=account.id)
    session().flush()


def refuse_shortfalls(quiz: Quiz) -> None:
    """Raise RulesBroken where lines of the blueprint find too few questions, with a refusal for each."""
    short = drawing.shortfalls(quiz)
    if short:
        numbers = {line.id: number for number, (line, _place) in enumerate(drawing.draws_of(quiz), 1)}
        raise RulesBroken(
            [
                RuleBroken(TOO_FEW, code="too-few", n=numbers[line.id], count=line.count, found=found)
                for line, found in short
            ]
        )


def withdraw(account: Account, quiz: Quiz) -> None:
    """Make it a draft again: nobody starts anew, attempts under way go on, results stay."""
    refuse_files(quiz)
    if quiz.published_at is not None:
        quiz.published_at = None
        audit.record("quiz.withdraw", f"quiz:{quiz.id}", actor_id=account.id)
    session().flush()


def get_item(quiz: Quiz, item_id: int) -> QuizItem:
    """A question's place in the quiz; raises NotFound."""
    found = next((item for item in quiz.items if item.id == item_id), None)
    if found is None:
        raise NotFound
    return found
