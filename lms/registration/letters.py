"""The official letters of an event (công văn triệu tập, giấy mời): reading, writing, and what is printed of them."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.core import audit
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events import queries as events
from lms.events.models import Event, PointQuota, Quota
from lms.paperwork.layout import Appendix, Column, Head, Paper, Row, Signature, Table, reference_to
from lms.registration import first_letters
from lms.registration.models import DelegateRole, Letter, LetterKind
from lms.registration.queries import DelegateLine

_GUESTS = {DelegateRole.GUEST, DelegateRole.PRESS}
_TO_WRITE_IN = "." * 60
_PLACE = re.compile(r"(\d+\.\s*|[-+]\s*)?địa điểm\b", re.IGNORECASE)


def find_letter(event: Event, kind: LetterKind) -> Letter | None:
    """The letter as it was saved."""
    return session().get(Letter, (event.id, kind))


def written_letters(event: Event) -> dict[LetterKind, Letter]:
    """The letters that were saved, by kind."""
    found = session().scalars(select(Letter).where(Letter.event_id == event.id))
    return {LetterKind(letter.kind): letter for letter in found}


def letter_or_first(event: Event, kind: LetterKind, writer: Account) -> Letter:
    """The letter as it was saved, else the first text for it, which is not stored; `writer` is its contact."""
    return find_letter(event, kind) or composed(event, kind, writer)


def composed(event: Event, kind: LetterKind, writer: Account) -> Letter:
    """The letter composed from the event as it is now, which is not stored."""
    return first_letters.compose(event, kind, events.quotas_in_order(event), writer)


def save(event: Event, kind: LetterKind, by: Account, **said: Any) -> Letter:
    """Write the letter, all its fields at once; saying the same again changes nothing."""
    letter = find_letter(event, kind)
    if letter is None:
        letter = Letter(event_id=event.id, kind=kind, **said)
        session().add(letter)
    elif all(getattr(letter, name) == value for name, value in said.items()) and _is_of_now(event, letter):
        return letter
    for name, value in said.items():
        setattr(letter, name, value)
    session().flush()
    facts = first_letters.facts(event)
    audit.record("letter.save", f"event:{event.id}", actor_id=by.id, kind=str(kind), number=letter.number, facts=facts)
    return letter


def changed_since(event: Event, letter: Letter) -> list[str]:
    """Which facts of the event ("days", "hours", "place", "deadline") differ from those when it was last saved.

    They are kept with the record of the saving; of a letter saved without them nothing is claimed (`is_unsure`).
    """
    kept = _facts_kept(event, letter)
    return [name for name, fact in first_letters.facts(event).items() if kept and kept.get(name) != fact]


def is_unsure(event: Event, letter: Letter) -> bool:
    """Whether nothing was kept of the event as it was when the letter was last saved: it may have changed since."""
    return not _facts_kept(event, letter)


def paper_of(event: Event, letter: Letter, addressee: str | None = None, seat: str = "") -> Paper:
    """The letter laid out; `addressee` takes the place of those after "Kính gửi:", `seat` says where they attend."""
    call = letter.kind == LetterKind.CALL
    to, copies = first_letters.parted(letter.recipients)
    addressees = (addressee,) if addressee is not None else first_letters.lines_of(to)
    if not call and not addressees:
        addressees = (_TO_WRITE_IN,)
    named = (letter.agency, letter.superior, letter.number, letter.symbol, letter.place, letter.issued_on)
    head = Head(*named, party=first_letters.is_party(first_letters.issuer_of(event)))
    return Paper(
        head=head,
        title="" if call else "Giấy mời",
        summary=letter.summary,
        addressees=addressees,
        blocks=_with_seat(first_letters.lines_of(letter.body), seat),
        signature=Signature(letter.signer_post, letter.signer_name, letter.signer_authority),
        recipients=first_letters.lines_of(copies),
        appendices=_quota_appendix(event, head) if call else (),
        specimen=event.specimen,
    )


def invitations_of(event: Event, letter: Letter, lines: Sequence[DelegateLine]) -> list[Paper]:
    """The invitation once for each delegate, "Kính gửi: …". Raises RuleBroken when there is none."""
    if not lines:
        raise RuleBroken("Chưa có đại biểu nào để in giấy mời. Hãy nhập danh sách trước.", code="nobody")
    points = {point.id: first_letters.named_point(point) for point in event.points}
    return [paper_of(event, letter, addressee_of(line), seat_of(line, points)) for line in lines]


def seat_of(line: DelegateLine, points: dict[int, str]) -> str:
    """ "Đồng chí dự tại điểm cầu Nậm Khoang (UBND xã)."; nothing for someone who was given no point."""
    if line.point_id not in points:
        return ""
    dear = "Ông (bà)" if line.role in _GUESTS else "Đồng chí"
    return f"{dear} dự tại điểm cầu {points[line.point_id]}."


def _with_seat(lines: tuple[str, ...], seat: str) -> tuple[str, ...]:
    """The letter's text with the delegate's own point after the line of the place, else before the closing line."""
    if not seat:
        return lines
    named = [number for number, line in enumerate(lines, start=1) if _PLACE.match(line)]
    at = named[0] if named else max(1, len(lines) - 1)
    return (*lines[:at], seat, *lines[at:])


def addressee_of(line: DelegateLine) -> str:
    """ "đồng chí Đặng Văn Đức, Phó Giám đốc, Sở Ngoại vụ"; guests and press are ông (bà)."""
    dear = "ông (bà)" if line.role in _GUESTS else "đồng chí"
    post = f", {line.post}" if line.post else ""
    named = first_letters.inside(line.unit_name, line.unit_kind)
    unit = "" if named.casefold() in line.post.casefold() else f", {named}"
    return f"{dear} {line.full_name}{post}{unit}"


def _quota_appendix(event: Event, head: Head) -> tuple[Appendix, ...]:
    quotas = events.quotas_in_order(event)
    if not quotas:
        return ()
    return (Appendix("Phân bổ chỉ tiêu đại biểu", reference_to("Công văn", head), (_quota_table(event, quotas),)),)


def _quota_table(event: Event, quotas: Sequence[Quota]) -> Table:
    """Units in list order with their seats, where seats are parted among points also these, and the total."""
    shares = _shares(event)
    columns = [Column("STT", 15, "center"), Column("Cơ quan, đơn vị", 115 if not shares else 72)]
    columns += [Column("Số đại biểu", 35 if not shares else 30, "center")]
    columns += [Column("Tại điểm cầu", 48)] if shares else []
    rows = []
    for number, quota in enumerate(quotas, start=1):
        cells = [str(number), first_letters.agency_name(quota.unit), str(quota.seats)]
        rows.append(Row((*cells, shares.get(quota.unit_id, "")) if shares else tuple(cells)))
    total = ["", "Tổng cộng", str(sum(quota.seats for quota in quotas)), *([""] if shares else [])]
    return Table(tuple(columns), (*rows, Row(tuple(total), "total")))


def _shares(event: Event) -> dict[int, str]:
    """ "Nậm Khoang: 3; Bình Sa: 2" by unit."""
    statement = select(PointQuota).where(PointQuota.event_id == event.id).options(joinedload(PointQuota.point))
    found: dict[int, list[PointQuota]] = {}
    for share in session().scalars(statement):
        found.setdefault(share.unit_id, []).append(share)
    return {
        unit_id: "; ".join(
            f"{one.point.name}: {one.seats}" for one in sorted(parts, key=lambda one: one.point.position)
        )
        for unit_id, parts in found.items()
    }


def _is_of_now(event: Event, letter: Letter) -> bool:
    return not is_unsure(event, letter) and not changed_since(event, letter)


def _facts_kept(event: Event, letter: Letter) -> dict[str, Any] | None:
    """The facts of the event kept with the last saving; None of a letter saved before they were kept."""
    savings = select(AuditEntry.detail).where(
        AuditEntry.subject == f"event:{event.id}", AuditEntry.verb == "letter.save"
    )
    newest_first = session().scalars(savings.order_by(AuditEntry.id.desc()))
    return next((detail.get("facts") for detail in newest_first if detail.get("kind") == str(letter.kind)), None)
