"""The distributed job engine: Celery over a broker, carrying job ids only; the rows stay the truth."""

import threading
import time
from typing import Any

from flask import Flask

from lms.core import jobs

TASK = "lms.run_job"
SWEEP_SECONDS = 15


def build(app: Flask, broker_url: str) -> Any:
    """A Celery application whose one task runs a job by its id; needs the extra `lms[jobs]`."""
    from celery import Celery  # noqa: PLC0415 - an optional extra

    engine = Celery("lms", broker=broker_url)
    engine.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
    )

    @engine.task(name=TASK)  # type: ignore[untyped-decorator]
    def run_job(job_id: str) -> None:
        with app.app_context():
            jobs.run(job_id)

    return engine


def connect(app: Flask, broker_url: str) -> None:
    """Hand every new job to the broker after its transaction commits."""
    engine = build(app, broker_url)
    jobs.dispatch_through(lambda job_id: engine.send_task(TASK, args=[job_id]))


def work(app: Flask, broker_url: str) -> None:
    """Run a Celery worker; a thread beside it announces again what waits after a failure or a lost message."""
    engine = build(app, broker_url)
    threading.Thread(target=_announce_waiting, args=(app,), daemon=True).start()
    engine.worker_main(["worker", "--concurrency=2", "--loglevel=WARNING", "--without-gossip", "--without-mingle"])


def _announce_waiting(app: Flask) -> None:
    while True:
        with app.app_context():
            for job_id in jobs.waiting():
                jobs.announce(job_id)
        time.sleep(SWEEP_SECONDS)
