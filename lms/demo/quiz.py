"""The office's own question bank and its test, as an instructor would write them in the browser."""

from datetime import time, timedelta

from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.demo.scene import Scene
from lms.demo.source import read
from lms.quizzes import service
from lms.quizzes.checking import read_bank
from lms.quizzes.models import Quiz

_WRITTEN_DAYS_AGO = 40


def add(scene: Scene) -> None:
    """Write the bank's questions and publish the test; raises RulesBroken when the file is faulty."""
    file = read_bank(read("quiz"))
    assert not file.refusals, [str(one) for one in file.refusals]
    with clock.stopped_at(clock.at_local(scene.today - timedelta(days=_WRITTEN_DAYS_AGO), time(15))):
        bank = service.create_bank(scene.instructor, scene.office, file.title, file.title_en)
        questions = {entry.key: service.add_question(bank, entry.words, entry.labels) for entry in file.questions}
        for entry in file.quizzes:
            quiz = service.create_quiz(scene.instructor, scene.office, entry.rules)
            service.add_items(quiz, [questions[key] for key in entry.questions])
            service.publish(scene.instructor, quiz)


def office_quiz(scene: Scene) -> Quiz:
    """The test that `add` wrote."""
    written = select(Quiz).where(Quiz.unit_id == scene.office.id, Quiz.key.is_(None)).order_by(Quiz.id).limit(1)
    return session().scalars(written).one()
