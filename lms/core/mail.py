"""Outgoing mail: an outbox row in the business transaction, sent by a job after the commit.

With no SMTP server configured a message is written to `data_dir/mail` and shown on the demo's outbox page.
"""

import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.config import Settings
from lms.core import clock, jobs
from lms.core.db import Base, session

SEND_JOB = "mail.send"
MAX_ATTEMPTS = 5


class OutboxMail(Base):
    """One message to one person; `sent_at` stays empty until a server or the mail folder took it.

    `calendar` is an iCalendar text that goes along (RFC 5545), its METHOD named in it.
    """

    __tablename__ = "outbox_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str | None] = mapped_column(Text)
    about: Mapped[str] = mapped_column(String(80), default="", index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(500))


def post(recipient: str, subject: str, body: str, *, about: str = "") -> OutboxMail:
    """Put a message in the outbox; it leaves after the running transaction commits.

    `about` names the row it speaks of ("delegate:12"), so that a page can show what was sent.
    """
    mail = OutboxMail(recipient=recipient, subject=subject, body=body, about=about, created_at=clock.now())
    session().add(mail)
    session().flush()
    jobs.enqueue(SEND_JOB, {"mail": mail.id}, key=f"mail:{mail.id}")
    return mail


def send(job: jobs.Job) -> jobs.Progress:
    """The job that hands one message over; raises when the server refuses, and is then tried again."""
    mail = session().scalar(select(OutboxMail).where(OutboxMail.id == job.payload["mail"]))
    if mail is not None and mail.sent_at is None:
        mail.attempts += 1
        _deliver(mail)
        mail.sent_at, mail.error = clock.now(), None
    yield 1, 1


def _deliver(mail: OutboxMail) -> None:
    settings: Settings = current_app.extensions["lms_settings"]
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, mail.recipient, mail.subject
    message["Message-ID"] = make_msgid(idstring=str(mail.id), domain="lms.invalid")
    message["Date"] = clock.local(mail.created_at)
    message.set_content(mail.body)
    if settings.smtp_url is None:
        _write(settings.data_dir / "mail", mail.id, message)
        return
    address = urlsplit(settings.smtp_url)
    factory = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    with factory(address.hostname or "localhost", address.port or 0, timeout=20) as server:
        if address.username:
            server.starttls()
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)


def _write(folder: Path, number: int, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number:06d}.eml").write_bytes(message.as_bytes())


def init_app(_app: Flask) -> None:
    """Register the sending job."""
    jobs.handler(SEND_JOB, attempts=MAX_ATTEMPTS)(send)
