"""Outgoing mail: an outbox row in the business transaction, sent by a job after the commit.

With no SMTP server configured a message is written to `data_dir/mail` and shown on the demo's outbox page. A server's
5xx answer to the recipient is final: the row keeps its words, and features hear of it as of a mail that came back.
"""

import hmac
import re
import smtplib
from collections.abc import Callable
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.config import Settings
from lms.core import clock, jobs, tokens
from lms.core.db import Base, session

SEND_JOB = "mail.send"
MAX_ATTEMPTS = 14
"""Waits double from two seconds: a server may be away for about nine hours."""
_OF_THE_SESSION = frozenset({503, 530, 535, 538})
"""5xx codes that speak of signing in to the server, not of the recipient (RFC 4954)."""
_MESSAGE_ID = re.compile(r"<lms\.(\d{1,9})\.([0-9a-f]{24})@[^\s<>]*>")
_METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


class OutboxMail(Base):
    """One message to one person; `sent_at` stays empty until a server or the mail folder took it.

    `calendar` is an iCalendar text that goes along (RFC 5545), its METHOD named in it. `error` is why it was refused
    for good or came back.
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


return_listeners: list[Callable[[OutboxMail, str], None]] = []
"""Functions of features that hear of a mail which a server refused for good or sent back, with the server's words."""


def post(recipient: str, subject: str, body: str, *, about: str = "", calendar: str | None = None) -> OutboxMail:
    """Put a message in the outbox; it leaves after the running transaction commits.

    `about` names the row it speaks of ("delegate:12"), so that a page can show what was sent.
    """
    mail = OutboxMail(
        recipient=recipient, subject=subject, body=body, about=about, calendar=calendar, created_at=clock.now()
    )
    session().add(mail)
    session().flush()
    jobs.enqueue(SEND_JOB, {"mail": mail.id}, key=f"mail:{mail.id}")
    return mail


def send(job: jobs.Job) -> jobs.Progress:
    """The job that hands one message over; raises when the server is in trouble, and is then tried again.

    Between reading the row and noting the outcome no transaction is open: a slow server holds up nobody's writing.
    """
    number: int = job.payload["mail"]
    mail = session().get(OutboxMail, number)
    if mail is None or mail.sent_at is not None:
        yield 1, 1
        return
    mail.attempts += 1
    recipient, message = mail.recipient, written(mail)
    yield 0, 1
    refusal = _deliver(number, recipient, message)
    mail = session().get(OutboxMail, number)
    if mail is not None and refusal is not None:
        mark_returned(mail, refusal)
    elif mail is not None:
        mail.sent_at, mail.error = clock.now(), None
    yield 1, 1


class _Folding(EmailPolicy):
    """Folds a subject by RFC 2047 so that no space is lost between two encoded words, as the library's own way does."""

    def fold(self, name: str, value: Any) -> str:
        """The header's lines."""
        if name.lower() != "subject" or str(value).isascii():
            return str(super().fold(name, value))
        return f"{name}: {Header(str(value), 'utf-8', header_name=name).encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header's lines as bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


_POLICY: Final = _Folding()


def written(mail: OutboxMail) -> EmailMessage:
    """The message as it goes out: plain text; a calendar beside it for programs that know it, and as a file."""
    settings: Settings = current_app.extensions["lms_settings"]
    message = EmailMessage(policy=_POLICY)
    message["From"], message["To"], message["Subject"] = settings.mail_from, mail.recipient, mail.subject
    message["Message-ID"] = message_id(mail.id)
    message["Date"] = clock.local(mail.created_at)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    if mail.calendar:
        found, content = _METHOD.search(mail.calendar), mail.calendar.encode()
        details = {"charset": "utf-8"} | ({"method": found[1]} if found else {})
        # As bytes: text would lose the line ends that RFC 5545 asks for.
        message.add_alternative(content, maintype="text", subtype="calendar", params=details)
        message.add_attachment(content, maintype="application", subtype="ics", filename="invite.ics", params=details)
    return message


def mark_returned(mail: OutboxMail, words: str) -> None:
    """Note that a mail was refused for good or came back, and let the features hear of it."""
    mail.error = words[:500]
    for hear in return_listeners:
        hear(mail, mail.error)


def message_id(mail_id: int) -> str:
    """The Message-ID of a mail: it names the row, and nobody else can make one."""
    settings: Settings = current_app.extensions["lms_settings"]
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "lms.invalid"
    return f"<lms.{mail_id}.{_mac(mail_id)}@{domain}>"


def mail_named(text: str) -> int | None:
    """The id of the mail whose Message-ID stands in a text, None where it was not made here."""
    for number, mac in _MESSAGE_ID.findall(text[:2000]):
        if hmac.compare_digest(mac, _mac(int(number))):
            return int(number)
    return None


def _mac(mail_id: int) -> str:
    return tokens.keyed_digest(f"mail.{mail_id}").hex()[:24]


def _deliver(number: int, recipient: str, message: EmailMessage) -> str | None:
    """Hand the message over; the server's words where it refuses this recipient for good."""
    settings: Settings = current_app.extensions["lms_settings"]
    if settings.smtp_url is None:
        _write(settings.data_dir / "mail", number, message)
        return None
    address = urlsplit(settings.smtp_url)
    factory = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    try:
        with factory(address.hostname or "localhost", address.port or 0, timeout=20) as server:
            if address.username:
                server.starttls()
                server.login(unquote(address.username), unquote(address.password or ""))
            server.send_message(message, to_addrs=[recipient])
    except smtplib.SMTPRecipientsRefused as error:
        return _final(*next(iter(error.recipients.values())), error)
    except smtplib.SMTPDataError as error:
        return _final(error.smtp_code, error.smtp_error, error)
    return None


def _final(code: int, words: bytes | str, error: smtplib.SMTPException) -> str:
    """The server's words; raises the error again where the server may yet take the message."""
    if not 500 <= code < 600 or code in _OF_THE_SESSION:
        raise error
    told = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(told.split())}"


def _write(folder: Path, number: int, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number:06d}.eml").write_bytes(message.as_bytes())


def init_app(_app: Flask) -> None:
    """Register the sending job."""
    jobs.handler(SEND_JOB, attempts=MAX_ATTEMPTS)(send)
