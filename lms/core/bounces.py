"""Mails that came back: delivery-status notifications (RFC 3464), read from files that the mail server hands over.

`lms mail bounced FILE…` finds each mail by the Message-ID of the original that is sent back with it, else by the
address that could not be reached. What stands in a notification is anyone's writing: it is only compared and quoted.
"""

import email
import email.policy
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.message import Message
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import func, select

from lms.core import clock, mail
from lms.core.cli import Answer, command
from lms.core.db import session
from lms.core.mail import OutboxMail

LONGEST: Final = 5 * 1024 * 1024
"""How much of one notification is read, in bytes; servers send the original's headers or its first lines."""
_REMEMBERED: Final = timedelta(days=30)
_DEEPEST: Final = 10


@dataclass(frozen=True)
class Report:
    """What a notification says of one recipient.

    `action` is failed, delayed, delivered, relayed or expanded; `status` such as 5.1.1 (RFC 3463); `words` what the
    server said; `original` the Message-ID of the mail it speaks of, empty where it was not sent back.
    """

    recipient: str
    action: str
    status: str
    words: str
    original: str


def read(content: bytes) -> list[Report]:
    """The reports of a notification, one a recipient; none where the mail is no notification."""
    message = email.message_from_bytes(content[:LONGEST], policy=email.policy.compat32)
    parts = list(_parts(message, 0))
    original = next((found for part in parts if (found := _original(part))), "")
    return [
        report
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for block in _blocks(part)
        if (report := _report(block, original)) is not None
    ]


def mark(report: Report) -> tuple[str, OutboxMail | None]:
    """Note on the mail that it came back: the outcome (marked, known, delayed, ignored or unknown), and the mail."""
    found = _find(report)
    if report.action != "failed":
        return "delayed" if report.action == "delayed" else "ignored", found
    if found is None:
        return "unknown", None
    if found.error is not None:
        return "known", found
    mail.mark_returned(found, report.words or report.status or report.action)
    session().flush()
    return "marked", found


def register(main: click.Group) -> None:
    """Add the group `mail`."""
    group = click.Group("mail", help="Outgoing mail.")
    main.add_command(group)
    command(group, "bounced", writes=True)(bounced)


@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
def bounced(files: tuple[str, ...]) -> Answer:
    """Note which mails came back: each FILE is a delivery-status notification, - reads one from standard input."""
    reports: list[dict[str, Any]] = []
    for name in files:
        content = sys.stdin.buffer.read(LONGEST) if name == "-" else _beginning(Path(name))
        found = read(content)
        for report in found:
            outcome, marked = mark(report)
            told = asdict(report) | {"file": name, "outcome": outcome, "mail": marked.id if marked else None}
            reports.append(told)
        if not found:
            reports.append({"file": name, "outcome": "no-report", "mail": None})
    number = sum(one["outcome"] == "marked" for one in reports)
    lines = [f"{one['file']}: {one['outcome']} {one.get('recipient', '')}".rstrip() for one in reports]
    return Answer({"reports": reports, "marked": number}, "\n".join(lines))


def _find(report: Report) -> OutboxMail | None:
    number = mail.mail_named(report.original)
    if number is not None:
        return session().get(OutboxMail, number)
    latest = (
        select(OutboxMail)
        .where(OutboxMail.created_at > clock.now() - _REMEMBERED, OutboxMail.sent_at.is_not(None))
        .where(func.lower(OutboxMail.recipient) == report.recipient)
        .order_by(OutboxMail.id.desc())
        .limit(1)
    )
    return session().scalar(latest) if report.recipient else None


def _parts(part: Message, depth: int) -> Iterator[Message]:
    """A message and what it holds, not deeper than a mail program nests."""
    yield part
    if depth < _DEEPEST and part.is_multipart() and part.get_content_type() != "message/delivery-status":
        for inner in part.get_payload():
            if isinstance(inner, Message):
                yield from _parts(inner, depth + 1)


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _original(part: Message) -> str:
    """The Message-ID of the mail sent back, whole or as its headers alone."""
    kind = part.get_content_type()
    if kind == "message/rfc822" and part.is_multipart():
        inner = part.get_payload(0)
        return _text(inner, "Message-ID") if isinstance(inner, Message) else ""
    if kind == "text/rfc822-headers":
        payload = part.get_payload(decode=True)
        headers = payload if isinstance(payload, bytes) else b""
        return _text(email.message_from_bytes(headers, policy=email.policy.compat32), "Message-ID")
    return ""


def _report(block: Message, original: str) -> Report | None:
    recipient = _text(block, "Final-Recipient") or _text(block, "Original-Recipient")
    action = _text(block, "Action").casefold()
    if not recipient or not action:
        return None
    words = _text(block, "Diagnostic-Code").partition(";")[2].strip()
    status = _text(block, "Status")[:20]
    address = recipient.rpartition(";")[2].strip().strip("<>").casefold()
    return Report(address[:320], action[:20], status, words[:500], original)


def _text(message: Message, name: str) -> str:
    """A header on one line, without what no database takes."""
    return " ".join(str(message.get(name, "")).replace("\0", "").encode("utf-8", "replace").decode().split())[:2000]


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST)
