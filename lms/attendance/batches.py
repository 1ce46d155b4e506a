"""The NDJSON of door devices: header lines that open a batch, scan lines after each. Pure: nothing is looked up.

`{"batch", "device", "sent_at", "received_at"}`, `{"scan", "seq", "session", "ticket", "kind", "at", "method"}` (with
`exception`, why someone was let in all the same, and `walk_in`, who was not on the list), `{"annulment", "of", "at"}`.
A line that cannot be read is a refusal of its own and harms no other line.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from lms.attendance.models import ScanKind, ScanMethod
from lms.core import clock, text
from lms.core.errors import N_, RuleBroken

Choice = TypeVar("Choice")
DEVICE_METHODS = frozenset(ScanMethod) - {ScanMethod.LEADER}
"""How a device may say it knows; a point's leader confirms on the point's page."""
_KINDS = {str(one): one for one in ScanKind}
_METHODS = {str(one): one for one in DEVICE_METHODS}
_NONE = timedelta()
_OF_A_HEADER = ("batch", "device", "sent_at", "received_at")
_OF_A_SCAN = ("scan", "annulment")
_BEGINNINGS = frozenset(f'{{"{name}'[:end] for name in _OF_A_SCAN for end in range(4, len(name) + 3))
"""Less than the name of the first field, and yet of no header."""
_CUT = N_("Dòng này không đọc được, có thể bị cắt ngang. Hãy gửi lại cả lô.")


class WalkIn(NamedTuple):
    """Someone who was not on the list and came all the same; `unit` is the unit's id."""

    full_name: str
    unit: int
    post: str


class Claim(NamedTuple):
    """What a device says happened. `claimed_at` is its own clock, `at` the same moment on the server's."""

    line: int
    uuid: str
    session: str
    ticket: str
    kind: ScanKind
    method: ScanMethod
    claimed_at: datetime
    at: datetime
    device: str
    exception: str = ""
    walk_in: WalkIn | None = None


class Undoing(NamedTuple):
    """A device takes back the scan `of`, which it made itself."""

    line: int
    uuid: str
    of: str
    device: str


Line = Claim | Undoing
"""What is read from a line that can be read."""


class Unreadable(NamedTuple):
    """A line that is no scan; `uuid` where at least that could be read."""

    line: int
    uuid: str | None
    refusal: RuleBroken


class _Header(NamedTuple):
    device: str
    correction: timedelta


def read(lines: Iterable[bytes | str], received_at: datetime | None = None) -> Iterator[Line | Unreadable]:
    """Read batches line by line. `received_at` (UTC) is the server's clock; None: each header of the file says it.

    A header without `received_at` in a file corrects nothing, for nobody knows when it was received.
    """
    header: _Header | None = None
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        uuid: str | None = None
        try:
            row = _object(raw)
            if row is None:
                header = header if _is_part_of_a_scan(raw) else None
                raise RuleBroken(_CUT, code="unreadable")
            if "batch" in row:
                header = None  # a broken header must not leave its scans to the batch before
                header = _header(row, received_at)
                continue
            undoing = "annulment" in row
            uuid = _uuid(row, "annulment" if undoing else "scan")
            if header is None:
                message = N_("Lượt quét đứng trước dòng mở đầu lô. Hãy gửi lại cả lô.")
                raise RuleBroken(message, code="no-batch")
            yield (
                Undoing(number, uuid, _uuid(row, "of"), header.device) if undoing else _claim(number, uuid, row, header)
            )
        except RuleBroken as refusal:
            refusal.where = refusal.where or f"line {number}"
            yield Unreadable(number, uuid, refusal)


def _object(raw: bytes | str) -> dict[str, Any] | None:
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError):  # ValueError also for bytes that are no UTF-8
        return None
    return row if isinstance(row, dict) else None


def _is_part_of_a_scan(raw: bytes | str) -> bool:
    """Whether an unreadable line was a scan and nothing else: only then do the lines after it still have their header.

    What was cut may have been the header of the next batch, or have swallowed it.
    """
    written = raw.decode(errors="replace") if isinstance(raw, bytes) else raw
    if any(f'"{name}"' in written for name in _OF_A_HEADER):
        return False
    return any(f'"{name}"' in written for name in _OF_A_SCAN) or written.strip() in _BEGINNINGS


def _header(row: dict[str, Any], received_at: datetime | None) -> _Header:
    _uuid(row, "batch")
    sent_at = _moment(row, "sent_at")
    if received_at is None and row.get("received_at") is not None:
        received_at = _moment(row, "received_at")
    return _Header(_word(row, "device", 60), received_at - sent_at if received_at is not None else _NONE)


def _claim(line: int, uuid: str, row: dict[str, Any], header: _Header) -> Claim:
    claimed_at = _moment(row, "at")
    return Claim(
        line=line,
        uuid=uuid,
        session=_word(row, "session", 20),
        ticket=_word(row, "ticket", 40),
        kind=_choice(row, "kind", _KINDS),
        method=_choice(row, "method", _METHODS),
        claimed_at=claimed_at,
        at=_shifted(claimed_at, header.correction),
        device=header.device,
        exception=_text(row, "exception", 300),
        walk_in=_walk_in(row),
    )


def _walk_in(row: dict[str, Any]) -> WalkIn | None:
    """Who walked in; raises RuleBroken for a part that is missing or wrong."""
    told = row.get("walk_in")
    if told is None:
        return None
    if not isinstance(told, dict):
        raise _bad("walk_in")
    unit = told.get("unit")
    if not isinstance(unit, int) or isinstance(unit, bool) or not 0 < unit < 2**31:
        raise _bad("unit")
    return WalkIn(text.tidy(_word(told, "full_name", 120)), unit, _text(told, "post", 300))


def _text(row: dict[str, Any], name: str, longest: int) -> str:
    """A text that may be left out."""
    value = row.get(name)
    return "" if value is None or value == "" else text.tidy(_word(row, name, longest))


def _uuid(row: dict[str, Any], name: str) -> str:
    """In the one form that is stored, however it was written."""
    try:
        return str(UUID(row[name]))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise _bad(name) from error


def _word(row: dict[str, Any], name: str, longest: int) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
        raise _bad(name)
    return value


def _choice(row: dict[str, Any], name: str, allowed: Mapping[str, Choice]) -> Choice:
    value = row.get(name)
    found = allowed.get(value) if isinstance(value, str) else None
    if found is None:
        raise _bad(name)
    return found


def _moment(row: dict[str, Any], name: str) -> datetime:
    """An ISO 8601 moment; one without a zone is read on a Vietnamese clock."""
    value = row.get(name)
    try:
        moment = datetime.fromisoformat(value)  # type: ignore[arg-type]
        return (moment if moment.tzinfo else moment.replace(tzinfo=clock.VIETNAM)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise _bad(name) from error


def _shifted(moment: datetime, correction: timedelta) -> datetime:
    try:
        return moment + correction
    except OverflowError as error:
        raise _bad("at") from error


def _bad(name: str) -> RuleBroken:
    message = N_("Trường “%(name)s” thiếu hoặc không đúng dạng.")
    return RuleBroken(message, field=name, code=f"bad-{name.replace('_', '-')}", name=name)
