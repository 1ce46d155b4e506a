"""A real deployment in a folder of its own: `lms` commands and the production server as processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from lms.core.db import db

PATIENCE = 60.0
PASSWORD = "mot cau de nho"


@dataclass
class Deployment:
    """Where it lies, how its commands are run, where it answers."""

    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    started_in: Path | None = None
    server: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Settings of the deployment over those of the machine, less any LMS_ of the machine."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        own = {"LMS_DATA_DIR": str(self.folder), "LMS_BASE_URL": self.url, "LMS_DEMO_PASSWORD": PASSWORD}
        return inherited | own | self.settings

    def command(self, *words: str) -> str:
        """Run `lms …`; what it prints. Raises CalledProcessError when it is refused."""
        done = subprocess.run(
            [sys.executable, "-m", "lms.cli", *words],
            cwd=self.started_in,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def start(self, *, workers: int = 1) -> None:
        """Start the server and wait until it answers."""
        self.server = subprocess.Popen(
            [sys.executable, "-m", "lms.cli", "serve", "--port", str(self.port), "--workers", str(workers)],
            cwd=self.started_in,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.server.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)

    def kill(self, by: signal.Signals = signal.SIGKILL) -> None:
        """End the server and its workers."""
        if self.server is not None:
            os.killpg(self.server.pid, by)
            self.server.wait(timeout=30)
            self.server = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def deployment(folder: Path, **settings: str) -> Iterator[Deployment]:
    """A deployment with a migrated database; its server, if started, ends with the block."""
    made = Deployment(folder, free_port(), settings)
    made.command("init")
    try:
        yield made
    finally:
        made.kill(signal.SIGTERM)


def disconnect(app: Flask) -> None:
    """Leave no connection of an application open once its sessions are gone."""
    with app.app_context():
        db.engine.dispose()
