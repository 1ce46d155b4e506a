"""How often each question of a blueprint was drawn: counted in the background, in steps, never at a start.

A start that finds the count old asks for a new one; however many start at once, one job counts. Each count goes on
from the attempt where the last one ended, so that its cost does not grow with the attempts there are.
"""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.core import clock, jobs
from lms.core.db import session
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.drawing import ATTEMPTS
from lms.quizzes.models import QuestionVersion, Quiz

COUNT_JOB = "quizzes.count_exposure"
FRESH_FOR = timedelta(minutes=2)
UP_TO = "up-to"
"""In `Quiz.exposure`: the id of the last attempt counted."""


def refresh(quiz: Quiz) -> None:
    """Have the draws of a quiz counted, where it limits them and the last count is old."""
    moment = clock.now()
    if quiz.exposure_percent is None or (quiz.exposed_at is not None and moment - quiz.exposed_at < FRESH_FOR):
        return
    step = int(moment.timestamp() // FRESH_FOR.total_seconds())
    try:
        with session().begin_nested():
            jobs.enqueue(COUNT_JOB, {"quiz": quiz.id}, key=f"{COUNT_JOB}:{quiz.id}:{step}")
    except IntegrityError:
        # Another start asked for the same count at the same time.
        return


@jobs.handler(COUNT_JOB)
def count(job: jobs.Job) -> jobs.Progress:
    """Add the attempts since the last count."""
    quiz = session().scalar(select(Quiz).where(Quiz.id == job.payload["quiz"]).with_for_update())
    if quiz is not None:
        add_new_attempts(quiz)
    yield 1, 1


def add_new_attempts(quiz: Quiz) -> None:
    """Bring `quiz.exposure` up to the newest attempt."""
    before = quiz.exposure.get(UP_TO, 0)
    new = (Attempt.quiz_id == quiz.id, Attempt.preview.is_(False), Attempt.id > before)
    attempts, newest = session().execute(select(func.count(), func.max(Attempt.id)).where(*new)).one()
    exposure = dict(quiz.exposure)
    if attempts:
        drawn = session().execute(
            select(QuestionVersion.question_id, func.count())
            .join(AttemptItem, AttemptItem.question_version_id == QuestionVersion.id)
            .join(Attempt, Attempt.id == AttemptItem.attempt_id)
            .where(*new, Attempt.id <= newest)
            .group_by(QuestionVersion.question_id)
        )
        for question_id, times in drawn:
            exposure[str(question_id)] = exposure.get(str(question_id), 0) + times
        exposure[ATTEMPTS] = exposure.get(ATTEMPTS, 0) + attempts
        exposure[UP_TO] = newest
    quiz.exposure, quiz.exposed_at = exposure, clock.now()
    session().flush()
