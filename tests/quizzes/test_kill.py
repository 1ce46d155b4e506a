"""A real server killed with SIGKILL at random moments while answers are saved: whatever it acknowledged is there."""

import json
import random
import re
import threading
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Any

from flask import Flask
from sqlalchemy import select

from lms import create_app
from lms.config import Settings
from lms.core import migrations
from lms.core.db import db, session, transaction
from lms.quizzes import taking
from lms.quizzes.attempt_models import AttemptItem
from tests.quizzes.conftest import build_bank, build_quiz
from tests.servers import Deployment, disconnect
from tests.world import World, build_world

KILLS = 4
MOST_SAVES = 60
"""Saves acknowledged before a kill, at most; the kill comes within a save's time after the last of them."""

Acknowledged = dict[int, tuple[int, Any]]
ANSWERS = {
    "single": [{"chosen": ["a"]}, {"chosen": ["b"]}, None],
    "multiple": [{"chosen": ["a", "b"]}, {"chosen": ["c"]}, None],
    "truefalse": [{"chosen": ["true"]}, {"chosen": ["false"]}],
    "short": [{"text": "72/2015"}, {"text": "Nghị định 72"}],
}


def test_every_acknowledged_answer_survives(server: Deployment) -> None:
    chance = random.Random(20261122)
    app = create_app(Settings.from_environment(server.environment))
    with app.app_context():
        attempt_id, kinds, cookie = prepare(app)
    disconnect(app)
    trainee = Trainee(server.port, attempt_id, kinds, cookie)
    for _kill in range(KILLS):
        server.start(workers=1)
        trainee.open_page()
        trainee.enough_at = trainee.count + chance.randint(5, MOST_SAVES)
        saving = threading.Thread(target=trainee.save_until_it_breaks, args=(random.Random(chance.random()),))
        saving.start()
        assert trainee.enough.wait(60), "no answer is saved"
        threading.Event().wait(chance.uniform(0, 0.01))
        server.kill()
        saving.join(30)
        assert not saving.is_alive()
        with app.app_context():
            check(attempt_id, trainee.acknowledged)
        disconnect(app)
    assert trainee.count >= 5 * KILLS


def prepare(app: Flask) -> tuple[int, dict[int, str], str]:
    """The world with an open attempt; its id, the kind of each question, and the trainee's session cookie."""
    migrations.upgrade(db.engine)
    with transaction():
        build_world()
        world = World.load()
        quiz = build_quiz(world, build_bank(world), time_limit_minutes=None)
        attempt = taking.start(world.trainee, quiz)
        kinds = {item.position: str(item.question_version.kind) for item in attempt.items}
        session_id, attempt_id = world.trainee.get_id(), attempt.id
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return attempt_id, kinds, signer.dumps({"_user_id": session_id, "_fresh": True})


def check(attempt_id: int, acknowledged: Acknowledged) -> None:
    """Each question holds its last acknowledged answer, or the one that was under way after it."""
    items = session().scalars(select(AttemptItem).where(AttemptItem.attempt_id == attempt_id)).all()
    stored = {item.position: (item.saved_seq, item.answer) for item in items}
    for position, (seq, answer) in acknowledged.items():
        kept_seq, kept = stored[position]
        assert kept_seq >= seq, f"question {position}: save {seq} was acknowledged, {kept_seq} is stored"
        if kept_seq == seq:
            assert kept == answer


class Trainee:
    """A browser reduced to its saves."""

    def __init__(self, port: int, attempt_id: int, kinds: dict[int, str], cookie: str) -> None:
        self.port, self.attempt_id, self.kinds, self.cookie = port, attempt_id, kinds, cookie
        self.token = ""
        self.seq = 0
        self.count = 0
        self.acknowledged: Acknowledged = {}
        self.enough_at = 0
        self.enough = threading.Event()

    def open_page(self) -> None:
        """Load the attempt's page for its token, as a browser does."""
        self.enough.clear()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", f"/attempts/{self.attempt_id}", headers={"Cookie": f"lms_session={self.cookie}"})
        response = connection.getresponse()
        page = response.read().decode()
        assert response.status == 200
        if fresh := SimpleCookie(response.getheader("Set-Cookie", "")).get("lms_session"):
            self.cookie = fresh.value
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found
        self.token = found[1]
        connection.close()

    def save_until_it_breaks(self, chance: random.Random) -> None:
        """Save random answers one after another and note each acknowledgement, until the server is gone."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Cookie": f"lms_session={self.cookie}",
            "X-CSRFToken": self.token,
            "Content-Type": "application/json",
        }
        try:
            while True:
                position = chance.choice(list(self.kinds))
                answer = chance.choice(ANSWERS[self.kinds[position]])
                self.seq += 1
                body = json.dumps({"answer": answer, "seq": self.seq})
                connection.request("PUT", f"/attempts/{self.attempt_id}/answers/{position}", body, headers)
                response = connection.getresponse()
                told = json.loads(response.read())
                assert (response.status, told["stored"]) == (200, True), told
                self.acknowledged[position] = (self.seq, answer)
                self.count += 1
                if self.count >= self.enough_at:
                    self.enough.set()
        except (OSError, HTTPException):
            connection.close()
