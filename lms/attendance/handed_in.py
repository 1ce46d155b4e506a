"""Files of scans that a device saved, handed in by a person: merged as `lms attendance sync` does, and remembered."""

import hashlib
import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import batches, policy, syncing
from lms.core import audit
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.core.text import tidy
from lms.events.models import Event

VERB: Final = "attendance.file"
KINDS: Final = ("ndjson", "jsonl", "json", "txt")
"""Endings under which devices and mail programs keep such a file."""
MOST_TOLD: Final = 200
"""How many refused lines are told one by one."""
LONGEST_NAME = 200


def hand_in(event: Event, file_name: str, content: bytes, by: Account) -> AuditEntry:
    """Merge a file; the entry that remembers what became of its lines. The same file again changes nothing.

    Raises RuleBroken (field "file"): not a file of scans, empty, or the event was cancelled.
    """
    policy.refuse_cancelled(event)
    name = tidy(file_name.replace("\\", "/").rpartition("/")[2])[-LONGEST_NAME:]
    _check(name, content)
    outcome = syncing.merge(event.id, batches.read(_lines(content)), by.id)
    refused = [one.refusal for one in outcome.receipts if one.refusal is not None]
    told = [
        {"where": one.where, "code": one.code, "message": one.message, "params": one.params}
        for one in refused[:MOST_TOLD]
    ]
    digest = hashlib.sha256(content).hexdigest()
    entry = audit.record(
        VERB, f"event:{event.id}", actor_id=by.id, file=name, sha256=digest, **outcome.count(), lines=told
    )
    session().flush()
    return entry


def get_receipt(event: Event, entry_id: int) -> AuditEntry:
    """What became of a file handed in at this event; raises NotFound."""
    own = (AuditEntry.id == entry_id, AuditEntry.verb == VERB, AuditEntry.subject == f"event:{event.id}")
    found = session().scalar(select(AuditEntry).where(*own))
    if found is None:
        raise NotFound
    return found


def latest(event: Event, limit: int = 20) -> Sequence[AuditEntry]:
    """The files handed in last."""
    own = (AuditEntry.verb == VERB, AuditEntry.subject == f"event:{event.id}")
    return session().scalars(select(AuditEntry).where(*own).order_by(AuditEntry.id.desc()).limit(limit)).all()


def _check(name: str, content: bytes) -> None:
    """Whether this can be a file of scans: by its ending, and by its first line being a JSON object."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in KINDS:
        message = N_("Không nhận loại tệp “%(name)s”. Hãy chọn tệp .ndjson mà máy điểm danh đã lưu.")
        raise _refused(message, "kind", name)
    first = next((line for line in _lines(content) if line.strip()), None)
    if first is None:
        raise _refused(N_("Tệp “%(name)s” rỗng. Hãy lưu lại từ máy điểm danh."), "empty", name)
    if not _is_object(first):
        message = N_("Tệp “%(name)s” không phải tệp điểm danh: dòng đầu không đọc được. Hãy chọn tệp máy đã lưu.")
        raise _refused(message, "content", name)


def _lines(content: bytes) -> BytesIO:
    """The lines, without the mark that some editors put before the first."""
    return BytesIO(content.removeprefix(b"\xef\xbb\xbf"))


def _is_object(line: bytes) -> bool:
    try:
        found: Any = json.loads(line)
    except ValueError:  # also bytes that are no UTF-8
        return False
    return isinstance(found, dict) and bool({"batch", "scan", "annulment"} & found.keys())


def _refused(message: str, code: str, name: str) -> RuleBroken:
    return RuleBroken(message, field="file", code=f"file-{code}", name=name[:80])
