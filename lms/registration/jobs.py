"""Work of the feature that outlasts a request: writing a large import, rounds of mails."""

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import jobs
from lms.core.db import session
from lms.registration import importing, invitations, reminders, updates
from lms.registration.models import DelegateImport

WRITE_JOB = "registration.write"


def init_app() -> None:
    """Register the handlers."""
    jobs.handler(WRITE_JOB)(write)
    jobs.handler(invitations.JOB)(invitations.work)
    jobs.handler(reminders.JOB)(reminders.work)
    jobs.handler(updates.UPDATE_JOB)(updates.work_update)
    jobs.handler(updates.CANCEL_JOB)(updates.work_cancel)


def enqueue_writing(imported: DelegateImport, actor: Account, reason: str, back: str) -> jobs.Job:
    """Queue the writing of an import; asked again it is the same job, unless that one failed."""
    key = f"{WRITE_JOB}:{imported.id}"
    while (
        found := session().scalar(select(jobs.Job).where(jobs.Job.key == key))
    ) is not None and found.state == "failed":
        key = f"{WRITE_JOB}:{imported.id}:{found.id}"
    payload = {"import": imported.id, "actor": actor.id, "reason": reason, "back": back}
    return jobs.enqueue(WRITE_JOB, payload, key=key, owner_id=actor.id)


def write(job: jobs.Job) -> jobs.Progress:
    """The job: first the total is shown, then everything is written in one transaction."""
    imported = session().get_one(DelegateImport, job.payload["import"])
    total = imported.row_count
    yield 0, total
    imported = session().get_one(DelegateImport, job.payload["import"], populate_existing=True)
    importing.write(imported, session().get_one(Account, job.payload["actor"]), job.payload["reason"])
    yield total, total
