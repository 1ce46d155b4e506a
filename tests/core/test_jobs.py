"""Jobs: run once, in parts, tried again, taken over from a worker that died."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from lms.core import clock, jobs
from lms.core.db import session, transaction
from lms.core.errors import RuleBroken
from lms.core.jobs import Job

done: list[int] = []


@jobs.handler("test.count")
def count(job: Job) -> jobs.Progress:
    for number in range(job.payload["to"]):
        done.append(number)
        yield number + 1, job.payload["to"]


@jobs.handler("test.fail", attempts=2)
def fail(job: Job) -> jobs.Progress:
    yield 0, 1
    raise ValueError("broken on purpose")


@jobs.handler("test.refuse")
def refuse(job: Job) -> jobs.Progress:
    yield 0, 1
    raise RuleBroken("Không được.")


@pytest.fixture(autouse=True)
def nothing_done(app: Flask) -> Iterator[None]:
    done.clear()
    return


def enqueue(kind: str, **payload: int) -> Job:
    with transaction():
        return jobs.enqueue(kind, payload, key=f"{kind}:{len(payload)}")


def test_a_job_runs_to_its_end_and_shows_its_progress() -> None:
    job = enqueue("test.count", to=3)
    assert jobs.run(job.id)
    assert (job.state, job.done, job.total, done) == ("done", 3, 3, [0, 1, 2])


def test_a_finished_job_does_not_run_again() -> None:
    job = enqueue("test.count", to=1)
    assert jobs.run(job.id)
    assert not jobs.run(job.id)
    assert done == [0]


def test_the_same_key_is_the_same_job() -> None:
    assert enqueue("test.count", to=1).id == enqueue("test.count", to=1).id


def test_a_leased_job_is_left_alone_until_the_lease_lapses() -> None:
    job = enqueue("test.count", to=1)
    job.lease_until = clock.now() + jobs.LEASE
    session().commit()
    assert not jobs.run(job.id)
    assert jobs.waiting() == []
    with clock.stopped_at(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.waiting() == [job.id]
        assert jobs.run(job.id)


def test_a_failing_job_is_tried_again_later_and_then_given_up() -> None:
    job = enqueue("test.fail")
    jobs.run(job.id)
    assert job.state == "running"
    assert job.error == "ValueError: broken on purpose"
    assert not jobs.run(job.id), "not before its time"
    with clock.stopped_at(clock.now() + timedelta(minutes=1)):
        jobs.run(job.id)
    assert job.state == "failed"


def test_a_refusal_is_final() -> None:
    job = enqueue("test.refuse")
    jobs.run(job.id)
    assert (job.state, job.error) == ("failed", "Không được.")


def test_everything_that_waits_is_worked_off() -> None:
    enqueue("test.count", to=1)
    enqueue("test.fail")
    assert jobs.work_off() == 2


def test_a_job_of_a_rolled_back_transaction_was_never_there() -> None:
    def enqueue_and_stumble() -> None:
        with transaction():
            jobs.enqueue("test.count", {"to": 1}, key="never")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        enqueue_and_stumble()
    assert jobs.waiting() == []
