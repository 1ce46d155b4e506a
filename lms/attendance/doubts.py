"""What waits for a person: rows of signed paper that nobody could read, names written below them, codes sent late."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.attendance import changes, policy, queries, service, sheet_entry
from lms.attendance.changes import Cause
from lms.attendance.models import ScanMethod, SheetDoubt
from lms.attendance.sheet_entry import RowAnswer
from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.core.paging import Page, paginate
from lms.events.models import Event, HalfDay
from lms.registration import queries as registration
from lms.registration import tickets
from lms.registration.listing import DelegateLine
from lms.registration.models import Delegate
from lms.registration.walk_ins import walk_in
from lms.units.models import Unit

PRESENT = N_("Có mặt")
ABSENT = N_("Vắng")
LISTED = N_("Đưa vào danh sách, có mặt")
DROPPED = N_("Bỏ")
MOST_ALIKE = 3
_PARTED = re.compile(r"\s*[,;(]\s*|\s+[-–]\s+")


def count_waiting(event: Event) -> int:
    """How many rows of the event wait."""
    statement = select(func.count()).select_from(SheetDoubt).join(HalfDay, HalfDay.id == SheetDoubt.half_day_id)
    return session().scalar(statement.where(HalfDay.event_id == event.id, SheetDoubt.decided_at.is_(None))) or 0


def waiting(event: Event, page: int = 1) -> Page[SheetDoubt]:
    """Those that wait, in the order in which they were noted."""
    return paginate(session(), _of(event, decided=False).order_by(SheetDoubt.noted_at, SheetDoubt.id), page)


def decided(event: Event, limit: int = 50) -> Sequence[SheetDoubt]:
    """Those that were decided, the latest first."""
    statement = _of(event, decided=True).order_by(SheetDoubt.decided_at.desc(), SheetDoubt.id.desc())
    return session().scalars(statement.limit(limit)).all()


def get_doubt(event: Event, doubt_id: int) -> SheetDoubt:
    """A doubt of the event, decided or not; raises NotFound."""
    own = (HalfDay.event_id == event.id, SheetDoubt.id == doubt_id)
    found = session().scalar(select(SheetDoubt).join(HalfDay, HalfDay.id == SheetDoubt.half_day_id).where(*own))
    if found is None:
        raise NotFound
    return found


def name_and_unit(doubt: SheetDoubt) -> tuple[str, str]:
    """What was written, parted at the first comma, semicolon, bracket or dash: "Phạm S, Sở Y tế"."""
    name, _sign, unit = _PARTED.sub("\n", doubt.written, count=1).partition("\n")
    return name.strip(), unit.strip(" ()")


def alike(event: Event, doubt: SheetDoubt) -> Sequence[DelegateLine]:
    """People on the list whose name holds the words that were written."""
    if doubt.delegate_id is not None or not doubt.written:
        return []
    found = registration.search_delegates(event.id, name_and_unit(doubt)[0], MOST_ALIKE)
    return [line for line in found if line.withdrawn_at is None]


def came_since(doubts: Sequence[SheetDoubt]) -> dict[int, datetime]:
    """By the id of a doubt, when the person it is about came as other evidence says (UTC): it asks nothing any more."""
    about: dict[int, list[SheetDoubt]] = defaultdict(list)
    for one in doubts:
        if one.delegate_id is not None:
            about[one.half_day_id].append(one)
    found: dict[int, datetime] = {}
    for half_day_id, those in about.items():
        came = queries.came_in(half_day_id, [one.delegate_id for one in those if one.delegate_id is not None])
        found |= {one.id: came[one.delegate_id] for one in those if one.delegate_id in came}
    return found


def accept(doubt: SheetDoubt, by: Account, word: str = "") -> None:
    """The person was there. Raises RuleBroken: nobody is named, it was decided already, or the event was cancelled."""
    _refuse(doubt)
    if doubt.delegate is None:
        message = N_("Tên ghi tay chưa gắn với ai. Hãy chọn người trong danh sách hoặc đưa vào danh sách.")
        raise RuleBroken(message, field="decision", code="nobody")
    _present(doubt, doubt.delegate, by, word)
    _decide(doubt, by, PRESENT, word)


def reject(doubt: SheetDoubt, by: Account, word: str = "") -> None:
    """It proves nothing: what else says that the person was there stands. A name that was written needs a word why.

    Raises RuleBroken: the word is missing, or it was decided already.
    """
    _refuse(doubt)
    if doubt.delegate_id is None and not text.tidy(word):
        raise RuleBroken(N_("Chưa ghi vì sao bỏ. Hãy ghi ngắn gọn."), field="word", code="word-missing")
    if doubt.delegate_id is not None and doubt.method == ScanMethod.SHEET:
        entry = sheet_entry.entry_of(doubt.half_day, doubt.delegate_id)
        if entry is not None:
            entry.answer, entry.note = RowAnswer.UNSIGNED, ""
    _decide(doubt, by, DROPPED if doubt.delegate_id is None else ABSENT, word)


def accept_as(doubt: SheetDoubt, delegate: Delegate, by: Account, word: str = "") -> None:
    """The name that was written is someone on the list, who was there. Raises RuleBroken as `accept` does."""
    _refuse(doubt)
    doubt.delegate = delegate
    session().flush()
    _present(doubt, delegate, by, word)
    _decide(doubt, by, PRESENT, word)


def put_on_list(doubt: SheetDoubt, full_name: str, unit: Unit, post: str, by: Account, word: str = "") -> Delegate:
    """The name that was written is put on the list as someone who walked in, and was there.

    Raises RuleBroken: no name, it was decided already, or what `walk_in` refuses.
    """
    _refuse(doubt)
    name = text.tidy(full_name)
    if not name:
        raise RuleBroken(N_("Chưa ghi họ tên."), field="full_name", code="name-missing")
    delegate = walk_in(doubt.half_day.event, tickets.draw(), name, unit.id, text.tidy(post), by, doubt.point)
    doubt.delegate = delegate
    session().flush()
    _present(doubt, delegate, by, word)
    _decide(doubt, by, LISTED, word)
    return delegate


def _of(event: Event, *, decided: bool) -> Select[SheetDoubt]:
    state = SheetDoubt.decided_at.is_not(None) if decided else SheetDoubt.decided_at.is_(None)
    return (
        select(SheetDoubt)
        .join(HalfDay, HalfDay.id == SheetDoubt.half_day_id)
        .where(HalfDay.event_id == event.id, state)
        .options(
            joinedload(SheetDoubt.half_day),
            joinedload(SheetDoubt.delegate).joinedload(Delegate.unit),
            joinedload(SheetDoubt.point),
            joinedload(SheetDoubt.noted_by).joinedload(Account.person),
            joinedload(SheetDoubt.decided_by).joinedload(Account.person),
        )
    )


def _refuse(doubt: SheetDoubt) -> None:
    policy.refuse_cancelled(doubt.half_day.event)
    session().refresh(doubt, with_for_update=True)
    if doubt.decided_at is not None:
        raise RuleBroken(N_("Dòng này đã được quyết định. Hãy tải lại trang."), field="decision", code="decided")


def _present(doubt: SheetDoubt, delegate: Delegate, by: Account, word: str) -> None:
    """The scan that the doubt stands for, and what it makes of the outcome."""
    reason = text.tidy(word) or doubt.doubt
    with changes.recorded(doubt.half_day.event, delegate, Cause.CORRECTION, by, reason):
        if doubt.method == ScanMethod.SHEET:
            entry = sheet_entry.entry_of(doubt.half_day, delegate.id)
            doubt.decided_at = clock.now()  # before the row is entered, which would settle what still waits
            session().flush()
            sheet_entry.enter(doubt.half_day, delegate.id, entry, RowAnswer.SIGNED, by)
        else:
            service.add_evidence(doubt.half_day, delegate.id, by, doubt.method, reason, doubt.at)


def _decide(doubt: SheetDoubt, by: Account, decision: str, word: str) -> None:
    doubt.decided_at, doubt.decided_by_id = clock.now(), by.id
    doubt.decision = f"{decision}: {text.tidy(word)}"[:300] if text.tidy(word) else decision
    session().flush()
    detail = {"session": doubt.half_day.key, "doubt": doubt.id, "decision": doubt.decision}
    audit.record("doubt.decide", f"event:{doubt.half_day.event_id}", actor_id=by.id, **detail)
