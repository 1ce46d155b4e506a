"""Server and browser killed with SIGKILL at random moments while answers are saved: whatever was acknowledged is there.

A few rounds of what `python -m lms.bench.quiz_kills` does at length.
"""

from pathlib import Path

import pytest
from sqlalchemy import delete, update

from lms.bench import quiz_kills
from lms.core.db import session, transaction
from lms.quizzes.attempt_models import AnswerEvent, AttemptItem
from tests.servers import disconnect

ROUNDS = 4


def test_every_acknowledged_answer_survives(tmp_path: Path, own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_DATABASE_URL", own_database)
    run = quiz_kills.prepare(tmp_path)
    *_earlier, tally = quiz_kills.rounds(run, ROUNDS, seed=20261122)
    assert tally.lost == []
    assert tally.rounds == ROUNDS
    assert tally.acknowledged >= ROUNDS * quiz_kills.FEWEST
    assert len(tally.victims) > 1

    # The check itself finds what is gone: an event, and an answer.
    with run.app.app_context(), transaction():
        session().execute(delete(AnswerEvent))
        session().execute(update(AttemptItem).values(answer=None, saved_seq=0))
    told = quiz_kills.lost(run)
    assert any("has no event" in one for one in told)
    assert any("was acknowledged" in one for one in told)
    disconnect(run.app)
