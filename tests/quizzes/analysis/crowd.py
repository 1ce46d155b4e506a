"""Attempts of many invented people, written straight into the tables."""

from datetime import timedelta
from typing import Any

import numpy as np

from lms.core import clock
from lms.core.db import session
from lms.people.models import Person, Post
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.kinds.choice import Option, Single
from lms.quizzes.kinds.content import Both
from lms.quizzes.models import Question, QuestionBank, QuestionKind, QuestionVersion, Quiz, QuizItem
from lms.units.models import Unit
from tests.quizzes.analysis.references import drawn

OPTIONS = ("a", "b", "c", "d")


def build_crowd_quiz(unit: Unit, items: int) -> Quiz:
    """A published quiz of that many single-choice questions, the right option always "a"."""
    bank = QuestionBank(title="Ngân hàng đông", unit=unit)
    content = Single(tuple(Option(Both(f"Phương án {one}"), one == "a") for one in OPTIONS))
    quiz = Quiz(unit=unit, title="Bài đông người", published_at=clock.now())
    for number in range(1, items + 1):
        question = Question(
            bank=bank, key=f"C{number:03d}", position=number, kind=QuestionKind.SINGLE, search=f"cau {number}"
        )
        question.versions.append(
            QuestionVersion(number=1, kind=QuestionKind.SINGLE, stem=f"Câu hỏi **{number}**?", body=content.stored())
        )
        quiz.items.append(QuizItem(question=question, position=number, points=1))
    session().add_all([bank, quiz])
    session().flush()
    return quiz


def attend(
    quiz: Quiz, units: dict[str, Unit], sizes: dict[str, int], seed: int = 7, against: int | None = None
) -> None:
    """Closed attempts, as many people of each unit as `sizes` says; answers by the Rasch model, one item reversed."""
    persons = sum(sizes.values())
    right = drawn(seed, persons, len(quiz.items))
    if against is not None:
        right[:, against] = 1 - right[:, against]
    versions = [item.question.versions[0] for item in quiz.items]
    places = iter(range(persons))
    for key, size in sizes.items():
        for _person in range(size):
            place = next(places)
            person = Person(specimen=True)
            person.rename(f"Học Viên {place:04d}")
            person.posts.append(Post(unit=units[key], name="Chuyên viên"))
            session().add(closed_attempt(quiz, person, versions, right[place]))
    session().flush()
    session().expire_all()


def closed_attempt(quiz: Quiz, person: Person, versions: list[QuestionVersion], right: Any) -> Attempt:
    """One attempt handed in and marked; a wrong answer is "b", "c" or "d" in turn, NaN is a question left out."""
    now = clock.now()
    asked = [place for place, mark in enumerate(right) if not np.isnan(mark)]
    attempt = Attempt(quiz=quiz, person=person, started_at=now - timedelta(minutes=9), max_score=len(asked))
    attempt.handed_in_at = attempt.marked_at = now
    attempt.closed_by, attempt.score, attempt.passed = "person", float(np.nansum(right)), True
    for position, place in enumerate(asked, 1):
        wrong = OPTIONS[1 + (place + position) % 3]
        attempt.items.append(
            AttemptItem(
                position=position,
                question_version=versions[place],
                points=1,
                answer={"chosen": ["a" if right[place] else wrong]},
                score=float(right[place]),
                seconds=20 + place,
            )
        )
    return attempt
