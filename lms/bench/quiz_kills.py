"""The kill run: server, browser or both end by SIGKILL while answers are saved; whatever was acknowledged stays.

`python -m lms.bench.quiz_kills --rounds 500` runs the default server (`lms serve`) over a database of its own, SQLite
unless LMS_DATABASE_URL names an empty PostgreSQL. After each kill the database must hold, of every question, the last
acknowledged answer or one sent after it; every acknowledged save as an event, and no save twice.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from lms import create_app
from lms.accounts import service as accounts
from lms.accounts.models import Account
from lms.bench import kill_client
from lms.bench.every_kind import ESSAY, build_quiz
from lms.config import Settings
from lms.core import migrations
from lms.core.db import db, session, transaction
from lms.people import service as people
from lms.quizzes import taking
from lms.quizzes.attempt_models import AnswerEvent, AttemptItem
from lms.units import loading as units_loading
from lms.units import queries as units

PATIENCE = 60.0
VICTIMS = ("server", "workers", "browser", "both")
WEIGHTS = (1, 4, 4, 1)
"""How often each: workers are the processes of the server that answer; the whole server takes longest to come back."""
FEWEST, MOST = 3, 60
"""Saves acknowledged between two kills, at least and at most."""


@dataclass
class Tally:
    """What a run saw."""

    rounds: int = 0
    acknowledged: int = 0
    sent_again: int = 0
    lost: list[str] = field(default_factory=list)
    victims: Counter[str] = field(default_factory=Counter)


@dataclass
class Run:
    """A deployment with one open attempt, and the processes that are killed."""

    folder: Path
    port: int
    environment: dict[str, str]
    app: Flask
    attempt_id: int
    cookie: str
    answers: dict[str, list[Any]]
    server: "subprocess.Popen[bytes] | None" = None
    browser: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> Path:
        """What the browser sent and what it heard."""
        return self.folder / "browser.log"


def main() -> None:
    """Run the rounds asked for, print what came of them; status 1 where an answer was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20261124)
    wanted = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        run = prepare(Path(folder))
        for tally in rounds(run, wanted.rounds, wanted.seed):
            if tally.rounds % 10 == 0 or tally.lost:
                sys.stdout.write(f"{told(tally)}\n")
                sys.stdout.flush()
    sys.exit(1 if tally.lost else 0)


def told(tally: Tally) -> str:
    """One line on how a run stands."""
    victims = ", ".join(f"{name} {tally.victims[name]}" for name in VICTIMS)
    return (
        f"{tally.rounds} kills ({victims}): {tally.acknowledged} answers acknowledged, "
        f"{tally.sent_again} sent again, {len(tally.lost)} lost {tally.lost[:3] or ''}"
    )


def prepare(folder: Path) -> Run:
    """A migrated deployment with a person in the middle of a quiz of every kind, without a deadline."""
    port = _free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    own = {"LMS_DATA_DIR": str(folder), "LMS_BASE_URL": f"http://127.0.0.1:{port}"}
    database = os.environ.get("LMS_DATABASE_URL")
    environment = inherited | own | ({"LMS_DATABASE_URL": database} if database else {})
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        migrations.upgrade(db.engine)
        with transaction():
            units_loading.load()
            taker, author = _account("trainee"), _account("author")
            quiz = build_quiz(units.get("cuc-ttdn"), author)
            attempt = taking.start(taker, quiz)
            answers = {str(item.position): _answers(item) for item in attempt.items}
            attempt_id, identity = attempt.id, taker.get_id()
        session().close()
        db.engine.dispose()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = signer.dumps({"_user_id": identity, "_fresh": True})
    return Run(folder, port, environment, app, attempt_id, cookie, answers)


def rounds(run: Run, number: int, seed: int) -> Iterator[Tally]:
    """Kill and check, so many times; the tally after each. Ends every process it started."""
    chance = random.Random(seed)
    tally = Tally()
    try:
        for _round in range(number):
            [victim] = chance.choices(VICTIMS, WEIGHTS)
            before = len(kill_client.unacknowledged(run.log))
            _one_round(run, victim, chance)
            tally.rounds += 1
            tally.victims[victim] += 1
            tally.sent_again += before
            tally.lost += lost(run)
            tally.acknowledged = sum(what == "acknowledged" for what, _save in kill_client.read(run.log))
            yield tally
    finally:
        _kill(run, "both")


def lost(run: Run) -> list[str]:
    """What the browser was told is kept and is not there."""
    saves = kill_client.read(run.log)
    acknowledged = {save["client_id"]: save for what, save in saves if what == "acknowledged"}
    sent = {save["client_id"]: save for what, save in saves if what == "sent"}
    with run.app.app_context():
        items = session().scalars(select(AttemptItem).where(AttemptItem.attempt_id == run.attempt_id)).all()
        place_of = {item.id: str(item.position) for item in items}
        events = session().scalars(select(AnswerEvent).where(AnswerEvent.attempt_item_id.in_(place_of))).all()
        found = _missing_events(acknowledged, events)
        for item in items:
            told = [one for one in acknowledged.values() if one["position"] == str(item.position) and one["stored"]]
            newest = max(told, key=lambda one: int(one["seq"]), default=None)
            if newest is None:
                continue
            under_way = [
                one for one in sent.values() if one["position"] == newest["position"] and one["seq"] > newest["seq"]
            ]
            if item.answer not in [one["answer"] for one in (newest, *under_way)] or item.saved_seq < newest["seq"]:
                found.append(f"question {item.position}: {item.answer} is stored, {newest['answer']} was acknowledged")
        session().close()
        db.engine.dispose()
    return found


def _missing_events(acknowledged: dict[str, dict[str, Any]], events: Any) -> list[str]:
    stored = Counter(event.client_id for event in events)
    missing = [f"save {one} has no event" for one in acknowledged if one not in stored]
    return missing + [f"save {one} came in {times} times" for one, times in stored.items() if times > 1]


def _one_round(run: Run, victim: str, chance: random.Random) -> None:
    if run.server is None:
        _serve(run)
    if run.browser is None:
        words = [run.port, run.attempt_id, run.cookie, run.log, json.dumps(run.answers), chance.random()]
        run.browser = subprocess.Popen([sys.executable, "-I", kill_client.__file__, *map(str, words)])
    enough = _size(run.log) + chance.randint(FEWEST, MOST) * 200  # a save is two lines of a hundred characters or more
    deadline = time.monotonic() + PATIENCE
    while _size(run.log) < enough:
        if run.browser.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the browser saves nothing")
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.01))
    _kill(run, victim)


def _serve(run: Run) -> None:
    """Start the default server and wait until it answers."""
    run.server = subprocess.Popen(
        [sys.executable, "-m", "lms.cli", "serve", "--port", str(run.port)],
        env=run.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            if run.server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server does not answer") from None
            time.sleep(0.05)


def _kill(run: Run, victim: str) -> None:
    """End the victims by SIGKILL. A browser whose server is gone ends by itself."""
    if run.browser is not None and victim in {"browser", "both"}:
        run.browser.kill()
    if run.server is not None and victim in {"server", "both"}:
        os.killpg(run.server.pid, signal.SIGKILL)
        run.server.wait(PATIENCE)
        run.server = None
    elif run.server is not None and victim == "workers":
        for worker in _children(run.server.pid):
            os.kill(worker, signal.SIGKILL)
    if run.browser is not None:
        run.browser.wait(PATIENCE)
        run.browser = None


def _children(pid: int) -> list[int]:
    """The processes that a process started; Linux tells."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _answers(item: AttemptItem) -> list[Any]:
    """What the browser answers a question with: rightly, not at all, and in another way where there is one."""
    key = item.question_version.content.key() or ESSAY
    other = {"text": "chưa rõ"} if "text" in key else None
    return [key, None, other] if other else [key, None]


def _account(name: str) -> Account:
    email = f"{name}@example.vn"
    return accounts.create_account(people.create("Đặng Văn Đức", email=email), email)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
