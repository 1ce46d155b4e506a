"""Verbs over banks, questions and quizzes; flushes, never commits."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken, RulesBroken
from lms.core.text import fold
from lms.quizzes.attempt_models import AttemptItem
from lms.quizzes.models import Question, QuestionBank, QuestionTag, QuestionVersion, Quiz, QuizItem
from lms.quizzes.rules import Rules
from lms.quizzes.wording import Labels, Words, faults, says_the_same
from lms.units.models import Unit

FROM_FILES = N_("Nội dung này nạp từ tệp của khóa học. Hãy sửa trong tệp rồi nạp lại.")
NOTHING_CHOSEN = N_("Chưa chọn câu hỏi nào để thêm.")


def create_bank(account: Account, unit: Unit, title: str, title_en: str | None = None) -> QuestionBank:
    """A new, empty bank of a unit."""
    bank = QuestionBank(unit=unit)
    bank.rename(title, title_en)
    session().add(bank)
    session().flush()
    audit.record("question-bank.create", f"question-bank:{bank.id}", actor_id=account.id, title=title)
    return bank


def rename_bank(bank: QuestionBank, title: str, title_en: str | None) -> None:
    """Change a bank's titles; raises RuleBroken for one that comes from files."""
    _refuse_files(bank)
    bank.rename(title, title_en)
    session().flush()


def add_question(bank: QuestionBank, words: Words, labels: Labels) -> Question:
    """A new question at the end of a bank; raises RulesBroken for faulty words."""
    _refuse_files(bank)
    _refuse_faults(words)
    last = session().scalar(select(func.max(Question.position)).where(Question.bank_id == bank.id)) or 0
    return store_question(bank, f"C{last + 1:03d}", last + 1, words, labels)


def store_question(bank: QuestionBank, key: str, position: int, words: Words, labels: Labels) -> Question:
    """Write a question with its first version, unchecked."""
    question = Question(bank=bank, key=key, position=position, kind=words.kind, current_number=1)
    question.versions.append(QuestionVersion(number=1, **words.columns()))
    session().add(question)
    file_under(question, labels)
    _find_by(question, words)
    session().flush()
    return question


def edit_question(question: Question, words: Words, labels: Labels) -> None:
    """Change a question's words and labels; raises RulesBroken for faulty words."""
    _refuse_files(question.bank)
    _refuse_faults(words)
    file_under(question, labels)
    reword(question, words)


def file_under(question: Question, labels: Labels) -> None:
    """Set what a question is filed and found under; a tag written twice stands once, as first written."""
    question.topic, question.difficulty = labels.topic, labels.difficulty
    question.title, question.category = labels.title, labels.category
    wanted: dict[str, str] = {}
    for tag in labels.tags:
        wanted.setdefault(fold(tag), tag)
    kept = {tag.folded: tag for tag in question.tags}
    for folded, one in kept.items():
        if folded not in wanted:
            question.tags.remove(one)
    for folded, tag in wanted.items():
        if folded in kept:
            kept[folded].tag = tag
        elif folded:
            question.tags.append(QuestionTag(folded=folded, tag=tag))


def _find_by(question: Question, words: Words) -> None:
    question.kind, question.search, question.fingerprint = words.kind, words.search_text(), words.fingerprint()


def reword(question: Question, words: Words) -> bool:
    """Store words: over the current version while no attempt has seen it, else as a new one; whether they changed."""
    version = current_version(question)
    _find_by(question, words)
    if says_the_same(version, words):
        session().flush()
        return False
    if is_seen(version):
        newest = session().scalar(
            select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == question.id)
        )
        question.current_number = (newest or 0) + 1
        session().add(QuestionVersion(question_id=question.id, number=question.current_number, **words.columns()))
    else:
        for name, value in words.columns().items():
            setattr(version, name, value)
    session().flush()
    session().expire(question, ["current_version", "versions"])
    return True


def current_version(question: Question) -> QuestionVersion:
    """The version asked next."""
    return (
        session()
        .scalars(
            select(QuestionVersion).where(
                QuestionVersion.question_id == question.id, QuestionVersion.number == question.current_number
            )
        )
        .one()
    )


def is_seen(version: QuestionVersion) -> bool:
    """Whether any attempt, a preview too, keeps this version."""
    seen = select(AttemptItem.id).where(AttemptItem.question_version_id == version.id).limit(1)
    return session().scalar(seen) is not None


def retire(account: Account, question: Question) -> None:
    """Offer the question to no new quiz; raises RuleBroken while a published quiz asks it."""
    _refuse_files(question.bank)
    asked_in = session().scalar(
        select(Quiz.title)
        .join(QuizItem)
        .where(QuizItem.question_id == question.id, Quiz.published_at.is_not(None))
        .limit(1)
    )
    if asked_in is not None:
        message = N_("Câu này đang nằm trong bài đã công bố “%(title)s”. Hãy bỏ khỏi bài trước.")
        raise RuleBroken(message, code="in-use", title=asked_in)
    if question.retired_at is None:
        question.retired_at = clock.now()
        audit.record("question.retire", f"question:{question.id}", actor_id=account.id)
    session().flush()


def restore(question: Question) -> None:
    """Offer a retired question again."""
    _refuse_files(question.bank)
    question.retired_at = None
    session().flush()


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
    _refuse_files(quiz)
    apply_rules(quiz, rules)


def apply_rules(quiz: Quiz, rules: Rules) -> None:
    """Write the rules, whoever keeps the quiz."""
    _check_window(rules)
    quiz.rename(rules.title, rules.title_en)
    quiz.intro, quiz.intro_en = rules.intro, rules.intro_en or None
    quiz.time_limit_minutes, quiz.attempts_allowed = rules.time_limit_minutes, rules.attempts_allowed
    quiz.pass_percent, quiz.show, quiz.grade_policy = rules.pass_percent, rules.show, rules.grade_policy
    quiz.shuffle, quiz.opens_at, quiz.closes_at = rules.shuffle, rules.opens_at, rules.closes_at
    session().flush()


def _check_window(rules: Rules) -> None:
    if rules.opens_at and rules.closes_at and rules.closes_at <= rules.opens_at:
        raise RuleBroken(N_("Giờ đóng phải sau giờ mở."), field="closes_at")


def add_items(quiz: Quiz, questions: Sequence[Question]) -> int:
    """Put questions at the end of a quiz, those already in it left where they are; how many were added."""
    _refuse_files(quiz)
    present = {item.question_id for item in quiz.items}
    new = [question for question in questions if question.id not in present and question.retired_at is None]
    last = max((item.position for item in quiz.items), default=0)
    for place, question in enumerate(new, last + 1):
        quiz.items.append(QuizItem(question=question, position=place, points=1))
    session().flush()
    return len(new)


def remove_item(quiz: Quiz, item_id: int) -> None:
    """Take a question out; raises RuleBroken for the last one of a published quiz."""
    _refuse_files(quiz)
    item = _item(quiz, item_id)
    if quiz.published_at is not None and len(quiz.items) == 1:
        raise RuleBroken(N_("Bài đã công bố phải còn ít nhất một câu. Hãy thêm câu khác trước."), code="last-question")
    quiz.items.remove(item)
    session().flush()


def move_item(quiz: Quiz, item_id: int, step: int) -> None:
    """Move a question up (-1) or down (1); at the end it stays."""
    _refuse_files(quiz)
    ordered = list(quiz.items)
    place = ordered.index(_item(quiz, item_id))
    target = min(max(place + step, 0), len(ordered) - 1)
    ordered.insert(target, ordered.pop(place))
    for position, item in enumerate(ordered, 1):
        item.position = position
    session().flush()
    session().expire(quiz, ["items"])


def set_points(quiz: Quiz, points: Mapping[int, int]) -> None:
    """Set what questions are worth, by item id; those not named keep theirs."""
    _refuse_files(quiz)
    for item in quiz.items:
        value = points.get(item.id, item.points)
        if not 1 <= value <= 100:
            raise RuleBroken(N_("Điểm mỗi câu từ 1 đến 100."), field=f"points-{item.id}")
        item.points = value
    session().flush()


def publish(account: Account, quiz: Quiz) -> None:
    """Let admitted people take the quiz; raises RuleBroken while it has no question or its window is over."""
    if not quiz.items:
        raise RuleBroken(N_("Bài chưa có câu hỏi nào. Hãy chọn câu hỏi trước khi công bố."), code="no-questions")
    if quiz.closes_at is not None and quiz.closes_at <= clock.now():
        raise RuleBroken(N_("Giờ đóng bài đã qua. Hãy đặt giờ đóng mới trước khi công bố."), code="window-over")
    if quiz.published_at is None:
        quiz.published_at = clock.now()
        audit.record("quiz.publish", f"quiz:{quiz.id}", actor_id=account.id)
    session().flush()


def withdraw(account: Account, quiz: Quiz) -> None:
    """Make it a draft again: nobody starts anew, attempts under way go on, results stay."""
    _refuse_files(quiz)
    if quiz.published_at is not None:
        quiz.published_at = None
        audit.record("quiz.withdraw", f"quiz:{quiz.id}", actor_id=account.id)
    session().flush()


def _item(quiz: Quiz, item_id: int) -> QuizItem:
    found = next((item for item in quiz.items if item.id == item_id), None)
    if found is None:
        raise NotFound
    return found


def _refuse_files(kept: QuestionBank | Quiz) -> None:
    if kept.from_files:
        raise RuleBroken(FROM_FILES, code="from-files")


def _refuse_faults(words: Words) -> None:
    if found := faults(words):
        raise RulesBroken(found)
