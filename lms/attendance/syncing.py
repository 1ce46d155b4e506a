"""Merging the scans of door devices into the event's set (the rule: docs/attendance.md).

The order of batches, repetitions and interleaving change nothing: a scan is stored once under its uuid, and of several
corrections of its time the smallest counts, since a slow way only ever adds to the difference of two clocks.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from lms.accounts.models import Account
from lms.attendance.batches import Claim, Unreadable
from lms.attendance.models import Scan
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, HalfDay
from lms.registration import tickets
from lms.registration.models import Delegate

CHUNK = 1000


class Receipt(NamedTuple):
    """What became of one line: stored, known, or refused and why. `scan` is None where the line names none."""

    scan: str | None
    status: str
    refusal: RuleBroken | None = None

    def as_json(self, say: Callable[[RuleBroken], str]) -> dict[str, Any]:
        """The receipt; `code`, `message` and `where` (the line) only for a refusal."""
        receipt = {"scan": self.scan, "status": self.status}
        if self.refusal is None:
            return receipt
        return receipt | {"code": self.refusal.code, "message": say(self.refusal), "where": self.refusal.where}


@dataclass
class Outcome:
    """The receipts in the order of the lines."""

    receipts: list[Receipt] = field(default_factory=list)

    def count(self) -> dict[str, int]:
        """How many lines were stored, known, refused."""
        counted = Counter(receipt.status for receipt in self.receipts)
        return {status: counted[status] for status in ("stored", "known", "refused")}

    def as_json(self, say: Callable[[RuleBroken], str] = str) -> dict[str, Any]:
        """The answer to the device: how many of each, and a receipt for every line; `say` words a refusal."""
        return self.count() | {"scans": [receipt.as_json(say) for receipt in self.receipts]}


class _Places(NamedTuple):
    half_days: Mapping[str, int]
    delegates: Mapping[str, int]


def merge(event: Event, lines: Iterable[Claim | Unreadable], by: Account | None) -> Outcome:
    """Store what is new, acknowledge what is known, refuse what belongs to no session or ticket of the event.

    Scans of people who withdrew are stored all the same: they are evidence, and the summary reads the list as it
    stands. Two statements for each thousand lines, and one transaction for all.
    """
    session().execute(select(Event.id).where(Event.id == event.id).with_for_update(key_share=True))
    places = _places(event)
    outcome = Outcome()
    for chunk in _chunks(lines):
        outcome.receipts += _merge_chunk(chunk, places, by)
    counted = outcome.count()
    if counted["stored"]:
        audit.record("attendance.sync", f"event:{event.id}", actor_id=by.id if by is not None else None, **counted)
    return outcome


def _places(event: Event) -> _Places:
    half_days = session().scalars(select(HalfDay).where(HalfDay.event_id == event.id))
    delegates = session().execute(select(Delegate.ticket, Delegate.id).where(Delegate.event_id == event.id))
    return _Places({one.key: one.id for one in half_days}, dict(delegates.all()))


def _merge_chunk(chunk: list[Claim | Unreadable], places: _Places, by: Account | None) -> list[Receipt]:
    known = _known({line.uuid for line in chunk if line.uuid is not None})
    new: dict[str, dict[str, Any]] = {}
    earlier: dict[str, dict[str, Any]] = {}
    receipts = []
    for line in chunk:
        try:
            receipts.append(_merge_line(line, places, known, new, earlier, by))
        except RuleBroken as refusal:
            refusal.where = refusal.where or f"line {line.line}"
            receipts.append(Receipt(line.uuid, "refused", refusal))
    if new:
        session().execute(insert(Scan), list(new.values()))
    if earlier:
        moved = update(Scan.__table__).where(Scan.__table__.c.uuid == bindparam("of"))  # type: ignore[arg-type]
        session().connection().execute(moved.values(at=bindparam("to")), list(earlier.values()))
    return receipts


def _merge_line(
    line: Claim | Unreadable,
    places: _Places,
    known: Mapping[str, Any],
    new: dict[str, dict[str, Any]],
    earlier: dict[str, dict[str, Any]],
    by: Account | None,
) -> Receipt:
    if isinstance(line, Unreadable):
        raise line.refusal
    values = _values(line, places, by)
    stored = known.get(line.uuid)
    if stored is not None:
        _refuse_other(line, values, stored._asdict())
        first = earlier.get(line.uuid, {"to": stored.at})["to"]
        if stored.claimed_at is not None and line.at < first:
            earlier[line.uuid] = {"of": line.uuid, "to": line.at}
        return Receipt(line.uuid, "known")
    if line.uuid in new:
        _refuse_other(line, values, new[line.uuid])
        new[line.uuid]["at"] = min(new[line.uuid]["at"], line.at)
        return Receipt(line.uuid, "known")
    new[line.uuid] = values
    return Receipt(line.uuid, "stored")


def _values(claim: Claim, places: _Places, by: Account | None) -> dict[str, Any]:
    half_day_id = places.half_days.get(claim.session)
    if half_day_id is None:
        message = N_("Sự kiện không có buổi “%(session)s”.")
        raise RuleBroken(message, code="unknown-session", session=claim.session)
    delegate_id = places.delegates.get(tickets.normalise(claim.ticket) or claim.ticket)
    if delegate_id is None:
        message = N_("Mã “%(ticket)s” không có trong danh sách của sự kiện.")
        raise RuleBroken(message, code="not-listed", ticket=claim.ticket)
    return {
        "uuid": claim.uuid,
        "half_day_id": half_day_id,
        "delegate_id": delegate_id,
        "kind": claim.kind,
        "method": claim.method,
        "at": claim.at,
        "stored_at": clock.now(),
        "device": claim.device,
        "claimed_at": claim.claimed_at,
        "account_id": by.id if by is not None else None,
    }


def _known(uuids: set[str]) -> dict[str, Any]:
    columns = (Scan.uuid, Scan.half_day_id, Scan.delegate_id, Scan.kind, Scan.at, Scan.claimed_at)
    return {row.uuid: row for row in session().execute(select(*columns).where(Scan.uuid.in_(uuids)))}


def _refuse_other(claim: Claim, values: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
    """One uuid is one scan: the same uuid over another content is refused, and what was stored stays."""
    same = all(values[name] == stored[name] for name in ("half_day_id", "delegate_id", "kind"))
    if not same or stored["claimed_at"] not in {None, claim.claimed_at}:
        raise RuleBroken(N_("Mã lượt quét này đã dùng cho một lượt khác."), code="conflict")


def _chunks(lines: Iterable[Claim | Unreadable]) -> Iterator[list[Claim | Unreadable]]:
    iterator = iter(lines)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
