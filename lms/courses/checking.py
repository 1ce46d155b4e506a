"""`lms courses check`: every mistake of a content folder, with file and line, without touching the database."""

from collections.abc import Collection
from pathlib import Path

from lms.core.errors import RuleBroken, RulesBroken
from lms.core.located_yaml import Located, line_of
from lms.corpus import loading as corpus_loading
from lms.courses.source import CourseSource, course_folders, read_course
from lms.quizzes import loading as quizzes_loading


def read_all(root: Path) -> tuple[list[CourseSource], list[RuleBroken]]:
    """All courses below `root`, and everything wrong with them and the documents they cite."""
    if not root.is_dir():
        raise RuleBroken("Không có thư mục %(folder)s.", code="no-folder", folder=str(root))
    documents, mistakes = corpus_loading.parse(root)
    labels = {key: str(values["number"] or values["title"].split(":")[0]) for key, values in documents.items()}
    courses = [read_course(folder, labels) for folder in course_folders(root)]
    for course in courses:
        mistakes += course.mistakes
        if course.questions is not None:
            mistakes += [
                _placed(mistake, course.questions, course.slug)
                for mistake in quizzes_loading.check_bank(course.questions)
            ]
            mistakes += _uncitable(course.questions, course.slug, labels)
    mistakes += _shared_quiz_keys(courses)
    return courses, mistakes


def checked(root: Path) -> list[CourseSource]:
    """All courses below `root`; raises RulesBroken when anything is wrong with them."""
    courses, mistakes = read_all(root)
    if mistakes:
        raise RulesBroken(mistakes)
    return courses


def _placed(mistake: RuleBroken, questions: Located, slug: str) -> RuleBroken:
    """The same mistake with file and line in place of a path such as "questions[3].stem.vi"."""
    line = line_of(questions, mistake.where or "")
    return RuleBroken(mistake.message, code=mistake.code, where=f"{slug}/questions.yaml:{line}", **mistake.params)


def _uncitable(questions: Located, slug: str, labels: Collection[str]) -> list[RuleBroken]:
    mistakes = []
    for number, question in enumerate(questions.get("questions") or []):
        for cited in question.get("cites") or [] if isinstance(question, Located) else []:
            key = str(cited).partition(" ")[0]
            if key not in labels:
                where = f"{slug}/questions.yaml:{line_of(questions, f'questions[{number}].cites')}"
                message = "Không có văn bản nào mang mã %(key)s."
                mistakes.append(RuleBroken(message, code="course", where=where, key=key))
    return mistakes


def _quizzes(course: CourseSource) -> list[Located]:
    listed = course.questions.get("quizzes") if course.questions is not None else None
    return [quiz for quiz in listed or [] if isinstance(quiz, Located)]


def _shared_quiz_keys(courses: list[CourseSource]) -> list[RuleBroken]:
    owners: dict[str, str] = {}
    mistakes = []
    for course in courses:
        for quiz in _quizzes(course):
            other = owners.setdefault(str(quiz.get("key")), course.slug)
            if other != course.slug:
                mistakes.append(
                    RuleBroken(
                        "Mã bài kiểm tra %(key)s đã dùng ở khóa %(other)s.",
                        code="course",
                        where=f"{course.slug}/questions.yaml:1",
                        key=quiz.get("key"),
                        other=other,
                    )
                )
    return mistakes
