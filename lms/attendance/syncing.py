"""Merging the scans of door devices into the event's set (the rule: docs/attendance.md).

The order of batches, repetitions and interleaving change nothing: a scan is stored once under its uuid, of several
corrections of its time the smallest counts, since a slow way only ever adds to the difference of two clocks, and an
annulment takes its scan back whichever of the two comes first.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from lms.accounts.models import Account
from lms.attendance import lookups, writing
from lms.attendance.batches import Claim, Line, Undoing, Unreadable
from lms.attendance.lookups import Earlier
from lms.attendance.service import UNDONE_AT_DOOR
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, Point
from lms.registration import tickets
from lms.registration.walk_ins import holders, walk_in

CHUNK = 1000
MOST_ASKED_EARLIER = 50
"""Up to how many scans a device is told who was in before: what a door sends as it goes, not what it brings home."""


class Receipt(NamedTuple):
    """What became of one line: stored, known, or refused and why. `scan` is None where the line names none."""

    scan: str | None
    status: str
    refusal: RuleBroken | None = None

    def as_json(self, say: Callable[[RuleBroken], str], earlier: Earlier | None = None) -> dict[str, Any]:
        """The receipt; `code`, `message` and `where` (the line) only for a refusal."""
        receipt: dict[str, Any] = {"scan": self.scan, "status": self.status}
        if earlier is not None:
            receipt["earlier"] = {"at": earlier.at.isoformat(), "device": earlier.device}
        if self.refusal is None:
            return receipt
        return receipt | {"code": self.refusal.code, "message": say(self.refusal), "where": self.refusal.where}


@dataclass
class Outcome:
    """The receipts in the order of the lines; for a small batch also who was in before, by the scan's uuid."""

    receipts: list[Receipt] = field(default_factory=list)
    earlier: dict[str, Earlier] = field(default_factory=dict)

    def count(self) -> dict[str, int]:
        """How many lines were stored, known, refused."""
        counted = Counter(receipt.status for receipt in self.receipts)
        return {status: counted[status] for status in ("stored", "known", "refused")}

    def as_json(self, say: Callable[[RuleBroken], str] = str) -> dict[str, Any]:
        """The answer to the device: how many of each, and a receipt for every line; `say` words a refusal."""
        receipts = [receipt.as_json(say, self.earlier.get(receipt.scan or "")) for receipt in self.receipts]
        return self.count() | {"scans": receipts}


@dataclass
class _Merging:
    """What one run of a merge is told, and the event's half-days by key."""

    event_id: int
    by_id: int | None
    device: str | None
    point_id: int | None
    half_days: Mapping[str, int]


@dataclass
class _Chunk:
    """What is known of one chunk's scans, tickets and annulments (both ways), and what is to be written."""

    scans: dict[str, Any]
    delegates: dict[str, int]
    annulments: Mapping[str, Any]
    annulled: dict[str, set[str]]
    now: datetime
    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    earlier: dict[str, dict[str, Any]] = field(default_factory=dict)
    annulling: dict[str, dict[str, Any]] = field(default_factory=dict)


def merge(
    event_id: int,
    lines: Iterable[Line | Unreadable],
    by_id: int | None = None,
    *,
    device: str | None = None,
    point_id: int | None = None,
) -> Outcome:
    """Store what is new, acknowledge what is known, refuse what belongs to no session or ticket of the event.

    Scans of people who withdrew are stored all the same: they are evidence, and the summary reads the list as it
    stands. A few statements for each thousand lines, and one transaction for all, one at a time for an event.
    `device`: whose lines these must be; `point_id`: where people who walk in are listed; `by_id`: the account.
    """
    session().flush()
    if session().connection().dialect.name != "sqlite":  # which has a single writer anyway
        lookups.lock(event_id)
    merging = _Merging(event_id, by_id, device, point_id, lookups.half_days(event_id))
    outcome = Outcome()
    for chunk in _chunks(lines):
        outcome.receipts += _merge_chunk(chunk, merging)
    if device is None:  # a door's scans bear its name themselves
        counted = outcome.count()
        if counted["stored"]:
            audit.record("attendance.sync", f"event:{event_id}", actor_id=by_id, **counted)
    if len(outcome.receipts) <= MOST_ASKED_EARLIER:
        outcome.earlier = lookups.came_before(
            [one.scan for one in outcome.receipts if one.scan and one.refusal is None]
        )
    return outcome


def _merge_chunk(lines: list[Line | Unreadable], merging: _Merging) -> list[Receipt]:
    chunk = _look_up(lines, merging.event_id)
    receipts = []
    for line in lines:
        try:
            receipts.append(_merge_line(line, merging, chunk))
        except RuleBroken as refusal:
            refusal.where = refusal.where or f"line {line.line}"
            receipts.append(Receipt(line.uuid, "refused", refusal))
    writing.write(merging.event_id, chunk.new.values(), chunk.earlier.values(), chunk.annulling.values())
    return receipts


def _look_up(lines: list[Line | Unreadable], event_id: int) -> _Chunk:
    claims = [line for line in lines if isinstance(line, Claim)]
    undone = list({line.uuid for line in lines if isinstance(line, Undoing)})
    annulments = {row.uuid: row._mapping for row in lookups.annulments(undone)}
    chunk = _Chunk({}, {}, annulments, {}, clock.now())
    if not claims:
        return chunk
    written = {_code(claim) for claim in claims}
    for row in lookups.known(event_id, {claim.uuid for claim in claims}, written):
        if row.what == "scan":
            chunk.scans[row.name] = row
        elif row.what == "annulled":
            chunk.annulled.setdefault(row.name, set()).add(row.kind)
        elif row.half_day_id == event_id:
            chunk.delegates[row.name] = row.delegate_id
    missing = written - chunk.delegates.keys()
    if missing:
        chunk.delegates |= holders(event_id, missing)
    return chunk


def _merge_line(line: Line | Unreadable, merging: _Merging, chunk: _Chunk) -> Receipt:
    if isinstance(line, Unreadable):
        raise line.refusal
    if merging.device is not None and line.device != merging.device:
        raise RuleBroken(N_("Lô này ghi tên máy khác với máy đang gửi."), field="device", code="bad-device")
    if isinstance(line, Undoing):
        return _merge_annulment(line, merging, chunk)
    values = _values(line, merging, chunk)
    stored = chunk.scans.get(line.uuid)
    if stored is not None:
        _refuse_other(line, values, stored._mapping)
        first = chunk.earlier.get(line.uuid, {"to": stored.at})["to"]
        if stored.claimed_at is not None and line.at < first:
            chunk.earlier[line.uuid] = {"of": line.uuid, "to": line.at}
        return Receipt(line.uuid, "known")
    if line.uuid in chunk.new:
        _refuse_other(line, values, chunk.new[line.uuid])
        chunk.new[line.uuid]["at"] = min(chunk.new[line.uuid]["at"], line.at)
        return Receipt(line.uuid, "known")
    chunk.new[line.uuid] = values
    return Receipt(line.uuid, "stored")


def _merge_annulment(line: Undoing, merging: _Merging, chunk: _Chunk) -> Receipt:
    known = chunk.annulments.get(line.uuid) or chunk.annulling.get(line.uuid)
    if known is not None:
        if known["scan_uuid"] != line.of:
            raise RuleBroken(N_("Mã này đã dùng để hoàn tác một lượt khác."), code="conflict")
        return Receipt(line.uuid, "known")
    chunk.annulling[line.uuid] = {
        "uuid": line.uuid,
        "event_id": merging.event_id,
        "scan_uuid": line.of,
        "device": line.device,
        "stored_at": chunk.now,
        "account_id": merging.by_id,
    }
    chunk.annulled.setdefault(line.of, set()).add(line.device)
    return Receipt(line.uuid, "stored")


def _values(claim: Claim, merging: _Merging, chunk: _Chunk) -> dict[str, Any]:
    half_day_id = merging.half_days.get(claim.session)
    if half_day_id is None:
        message = N_("Sự kiện không có buổi “%(session)s”.")
        raise RuleBroken(message, code="unknown-session", session=claim.session)
    taken_back = claim.device in chunk.annulled.get(claim.uuid, ())
    return {
        "uuid": claim.uuid,
        "half_day_id": half_day_id,
        "delegate_id": _delegate_id(claim, merging, chunk),
        "kind": claim.kind,
        "method": claim.method,
        "at": claim.at,
        "stored_at": chunk.now,
        "device": claim.device,
        "claimed_at": claim.claimed_at,
        "account_id": merging.by_id,
        "reason": claim.exception or None,
        "voided_at": chunk.now if taken_back else None,
        "void_reason": UNDONE_AT_DOOR if taken_back else None,
    }


def _delegate_id(claim: Claim, merging: _Merging, chunk: _Chunk) -> int:
    """Whom the ticket means; whoever walked in is put on the list first."""
    ticket = _code(claim)
    found = chunk.delegates.get(ticket)
    if found is not None:
        return found
    if claim.walk_in is None:
        message = N_("Mã “%(ticket)s” không có trong danh sách của sự kiện.")
        raise RuleBroken(message, code="not-listed", ticket=claim.ticket)
    told, event = claim.walk_in, session().get_one(Event, merging.event_id)
    by = session().get(Account, merging.by_id) if merging.by_id is not None else None
    point = session().get(Point, merging.point_id) if merging.point_id is not None else None
    delegate = walk_in(event, ticket, told.full_name, told.unit, told.post, by, point)
    chunk.delegates[ticket] = delegate.id
    return delegate.id


def _code(claim: Claim) -> str:
    """The ticket in its stored form, where it can be one."""
    return tickets.normalise(claim.ticket) or claim.ticket


def _refuse_other(claim: Claim, values: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
    """One uuid is one scan: the same uuid over another content is refused, and what was stored stays."""
    same = all(values[name] == stored[name] for name in ("half_day_id", "delegate_id", "kind"))
    if not same or stored["claimed_at"] not in {None, claim.claimed_at}:
        raise RuleBroken(N_("Mã lượt quét này đã dùng cho một lượt khác."), code="conflict")


def _chunks(lines: Iterable[Line | Unreadable]) -> Iterator[list[Line | Unreadable]]:
    iterator = iter(lines)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
