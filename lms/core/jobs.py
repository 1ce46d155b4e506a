"""Work that outlasts a request: a row enqueued in the business transaction, run under a lease, with visible progress.

A handler is a generator: it does a part, yields (done, total), and each part is one transaction. A worker that dies
leaves its lease to lapse; another goes on from what was committed, so each part must find for itself what is left.
Embedded, a thread of every server process works the rows off; with a broker, Celery carries only the job's id
(`lms.core.celery`).
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from flask import Flask
from sqlalchemy import JSON, Index, String, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base, after_commit, session, transaction
from lms.core.errors import RuleBroken

Progress: TypeAlias = Iterator[tuple[int, int]]
LEASE = timedelta(seconds=60)
POLL_SECONDS = 1.0


class Job(Base):
    """One piece of work; `key` makes enqueuing it twice harmless, `payload` and `result` are plain JSON."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_waiting", "finished_at", "run_at"),)

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    owner_id: Mapped[int | None]
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @property
    def state(self) -> str:
        """waiting, running, done or failed."""
        if self.finished_at is not None:
            return "failed" if self.error else "done"
        return "running" if self.started_at is not None else "waiting"


@dataclass(frozen=True)
class Handler:
    """What runs jobs of a kind, and how often a failing one is tried."""

    run: Callable[[Job], Progress]
    attempts: int


_handlers: dict[str, Handler] = {}
_wake = threading.Event()
_dispatch: list[Callable[[str], None]] = []


def handler(kind: str, *, attempts: int = 3) -> Callable[[Callable[[Job], Progress]], Callable[[Job], Progress]]:
    """Register the generator that runs jobs of `kind`."""

    def register(run: Callable[[Job], Progress]) -> Callable[[Job], Progress]:
        _handlers[kind] = Handler(run, attempts)
        return run

    return register


def enqueue(
    kind: str, payload: dict[str, Any], *, key: str, owner_id: int | None = None, run_at: datetime | None = None
) -> Job:
    """Add a job to the running transaction, or give back the one with the same key; `run_at` keeps it waiting."""
    found = session().scalar(select(Job).where(Job.key == key))
    if found is not None:
        return found
    moment = clock.now()
    job = Job(
        id=secrets.token_urlsafe(16),
        kind=kind,
        key=key,
        payload=payload,
        owner_id=owner_id,
        created_at=moment,
        run_at=run_at or moment,
        result={},
    )
    session().add(job)
    session().flush()
    if job.run_at <= moment:
        after_commit(lambda: announce(job.id))
    return job


def announce(job_id: str) -> None:
    """Tell whoever works that a job waits."""
    _wake.set()
    for send in _dispatch:
        send(job_id)


def dispatch_through(*senders: Callable[[str], None]) -> None:
    """Also hand every new job's id to a broker; with none, only to the worker threads."""
    _dispatch[:] = senders


def run(job_id: str) -> bool:
    """Lease a job and work it to its end; False when it is not there, finished, or another worker has it."""
    if not _take(job_id):
        return False
    with transaction() as current:
        job = current.get_one(Job, job_id, populate_existing=True)
        handling = _handlers[job.kind]
    try:
        steps = handling.run(job)
        while _step(job_id, steps):
            pass
    except RuleBroken as refusal:
        _finish(job_id, error=str(refusal), final=True)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is recorded and retried
        _finish(job_id, error=f"{type(error).__name__}: {error}", final=job.attempts >= handling.attempts)
    else:
        _finish(job_id, error=None, final=True)
    return True


def run_here(job: Job) -> None:
    """Run a job's handler inside the running transaction, for a command that is one transaction."""
    job.started_at = clock.now()
    for done, total in _handlers[job.kind].run(job):
        job.done, job.total = done, total
    job.finished_at = clock.now()


def waiting(limit: int = 20) -> list[str]:
    """Ids of jobs that may be taken now, oldest first."""
    moment = clock.now()
    return list(
        session().scalars(
            select(Job.id)
            .where(Job.finished_at.is_(None), Job.run_at <= moment)
            .where(or_(Job.lease_until.is_(None), Job.lease_until < moment))
            .order_by(Job.run_at, Job.created_at)
            .limit(limit)
        )
    )


def work_off() -> int:
    """Run everything that waits; the number of jobs run."""
    count = 0
    while ids := waiting():
        session().rollback()
        count += (ran := sum(run(job_id) for job_id in ids))
        if not ran:
            break
    session().rollback()
    return count


def start_worker(app: Flask) -> threading.Thread:
    """Start the embedded worker: a daemon thread of this process."""
    thread = threading.Thread(target=work_forever, args=(app,), name="lms-worker", daemon=True)
    thread.start()
    return thread


def work_forever(app: Flask) -> None:
    """The worker's loop: works jobs off, then sleeps until woken or a second has passed."""
    while True:
        try:
            with app.app_context():
                work_off()
        except Exception:
            app.logger.exception("the job worker stumbled and goes on")
        _wake.wait(POLL_SECONDS)
        _wake.clear()


def _take(job_id: str) -> bool:
    moment = clock.now()
    with transaction() as current:
        taken = current.execute(
            update(Job)
            .where(Job.id == job_id, Job.finished_at.is_(None), Job.run_at <= moment)
            .where(or_(Job.lease_until.is_(None), Job.lease_until < moment))
            .values(lease_until=moment + LEASE, attempts=Job.attempts + 1, started_at=moment)
        )
        return bool(taken.rowcount)  # type: ignore[attr-defined]


def _step(job_id: str, steps: Progress) -> bool:
    with transaction() as current:
        try:
            done, total = next(steps)
        except StopIteration:
            return False
        current.execute(
            update(Job).where(Job.id == job_id).values(done=done, total=total, lease_until=clock.now() + LEASE)
        )
        return True


def _finish(job_id: str, *, error: str | None, final: bool) -> None:
    moment = clock.now()
    with transaction() as current:
        job = current.get_one(Job, job_id, populate_existing=True)
        job.lease_until = None
        job.error = error[:500] if error else None
        if final:
            job.finished_at = moment
        else:
            job.run_at = moment + timedelta(seconds=2**job.attempts)
