"""The first text of an event's letter, made of what is known of the event; whoever signs it has the last word.

Letters are Vietnamese whatever the reader's language, and by NĐ 30/2020/NĐ-CP. Pure: rows in, text out.
"""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Final

from lms.accounts.models import Account
from lms.core.clock import short_day
from lms.core.text import fold
from lms.events.models import Event, Half, HostRole, Point, Quota
from lms.registration.models import Letter, LetterKind
from lms.units.models import Unit, UnitKind

MOST_ADDRESSEES = 8
"""More units than these are not named after "Kính gửi:" but in the appendix."""
_MOST_LISTED = 12
_GOVERNS: Final = {UnitKind.PROVINCE, UnitKind.COMMUNE}
_NO_SUPERIOR: Final = {*_GOVERNS, UnitKind.MINISTRY, UnitKind.GOVERNMENT}
_HEADS: Final = (
    ("ủy ban nhân dân", "Chủ tịch"),
    ("bộ ", "Bộ trưởng"),
    ("cục ", "Cục trưởng"),
    ("vụ ", "Vụ trưởng"),
    ("ban ", "Trưởng Ban"),
    ("văn phòng", "Chánh Văn phòng"),
    ("", "Giám đốc"),
)
_COMMON_NOUN = re.compile(r"^(Tỉnh|Thành phố|Xã|Phường|Thị trấn|Đặc khu) ")
_POINT = re.compile(r"^điểm cầu\s+(?=\S)", re.IGNORECASE)
_CAPITAL = "Hà Nội"
_COMMITTEE = "Ủy ban nhân dân"
_DEAR = "đồng chí"


def compose(event: Event, kind: LetterKind, quotas: Sequence[Quota], writer: Account) -> Letter:
    """A letter that is not stored yet, with nothing left empty that the event can tell."""
    issuer = issuer_of(event)
    agency = agency_name(issuer)
    call = kind == LetterKind.CALL
    symbol = issuer.symbol or ("UBND" if agency.startswith(_COMMITTEE) else _initials(agency))
    lines = _call(event, agency, quotas, writer) if call else _invitation(event, agency, writer)
    return Letter(
        event_id=event.id,
        kind=kind,
        superior=superior_name(issuer),
        agency=agency,
        number=None,
        symbol=_symbol(symbol, call=call, party=is_party(issuer)),
        place=_place(issuer),
        issued_on=None,
        summary=f"cử đại biểu tham dự {event.title}" if call else f"Dự {event.title}",
        body="\n".join(lines),
        recipients=joined(_addressees(quotas) if call else "", "Như trên\nLưu: VT"),
        signer_authority=f"TM. {_COMMITTEE}" if agency.startswith(_COMMITTEE) else "",
        signer_post=next(post for words, post in _HEADS if agency.casefold().startswith(words)),
        signer_name="",
    )


def facts(event: Event) -> dict[str, str]:
    """What a letter says of the event and has to be said anew when it changes, as plain text to be compared."""
    days = (event.starts_on, event.ends_on, *(one.on for one in event.sessions))
    hours = (f"{one.half} {one.starts_at:%H:%M}–{one.ends_at:%H:%M}" for one in event.sessions)
    return {
        "days": " ".join(day.isoformat() for day in days),
        "hours": " ".join(hours),
        "place": _where(event),
        "deadline": event.reply_by.isoformat() if event.reply_by else "",
    }


def issuer_of(event: Event) -> Unit:
    """The unit in whose name papers of the event go out: its first host, else the unit that runs it."""
    return next((host.unit for host in event.hosts if host.role == HostRole.HOST), event.unit)


def agency_name(unit: Unit) -> str:
    """The name of a unit as an agency that writes: a province writes as its people's committee."""
    if UnitKind(unit.kind) in _GOVERNS:
        return f"{_COMMITTEE} {inside(unit.name, unit.kind)}"
    return unit.name


def is_party(unit: Unit) -> bool:
    """Whether papers of the unit bear the head of the Party's own (Hướng dẫn 36-HD/VPTW)."""
    return unit.kind == UnitKind.PARTY


def inside(name: str, kind: str) -> str:
    """A unit's name inside a phrase: "tỉnh Lam Khê", "xã Nậm Khoang", but "Sở Ngoại vụ"."""
    return f"{name[:1].lower()}{name[1:]}" if UnitKind(kind) in _GOVERNS else name


def superior_name(unit: Unit) -> str:
    """The agency above, as the head of a paper names it; ministries and people's committees have none there."""
    if UnitKind(unit.kind) in _NO_SUPERIOR or unit.parent is None or unit.parent.kind == UnitKind.GOVERNMENT:
        return ""
    if is_party(unit) and UnitKind(unit.parent.kind) in _GOVERNS:
        return _committee_above(unit, unit.parent)
    if unit.name.startswith(_COMMITTEE):  # a register may name a province's committee as an office of it
        return ""
    return agency_name(unit.parent)


def _committee_above(unit: Unit, place: Unit) -> str:
    """The place's Party committee over its other Party bodies: "Tỉnh ủy Lam Khê", "Đảng ủy xã Nậm Khoang"."""
    if unit.name.replace("uỷ", "ủy").startswith(("Tỉnh ủy", "Thành ủy", "Đảng ủy")):
        return ""
    if place.kind == UnitKind.COMMUNE:
        return f"Đảng ủy {inside(place.name, place.kind)}"
    bare = _COMMON_NOUN.sub("", place.name)
    return f"{'Thành' if place.name.startswith('Thành phố') else 'Tỉnh'} ủy {bare}"


def _symbol(agency: str, *, call: bool, party: bool) -> str:
    """What follows the number: "SNgV", "GM-SNgV"; of a Party body "CV/BTGTU", "GM/BTGTU"."""
    if party:
        return f"{'CV' if call else 'GM'}/{agency}"
    return agency if call else f"GM-{agency}"


def joined(addressees: str, copies: str) -> str:
    """Both parts of a letter's recipients in one text: those after "Kính gửi:", an empty line, "Nơi nhận:"."""
    return f"{addressees.strip()}\n\n{copies.strip()}"


def parted(recipients: str) -> tuple[str, str]:
    """The two parts again."""
    addressees, _, copies = recipients.partition("\n\n")
    return addressees.strip(), copies.strip()


def lines_of(text: str) -> tuple[str, ...]:
    """The lines that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _call(event: Event, agency: str, quotas: Sequence[Quota], writer: Account) -> list[str]:
    numbered = [f"Thời gian: {_when(event)}.", f"Địa điểm: {_where(event)}."]
    if quotas:
        seats = sum(quota.seats for quota in quotas)
        numbered.append(f"Thành phần: {seats} đại biểu, phân bổ theo Phụ lục kèm theo Công văn này.")
    else:
        numbered.append("Thành phần: cán bộ, công chức, viên chức được giao làm công tác này tại cơ quan, đơn vị.")
    topics = _topics(event)
    numbered.append("Nội dung:" if topics else "Nội dung: theo chương trình gửi kèm.")
    agenda = len(numbered)
    numbered += [
        f"Đăng ký: {_deadline(event)} với họ và tên, chức vụ, số điện thoại và thư điện tử của từng người.",
        f"Đại biểu mang theo {_to_bring(event)}.",
        f"Đầu mối liên hệ: {_contact(writer)}.",
    ]
    lines = [f"{number}. {line}" for number, line in enumerate(numbered, start=1)]
    return [
        f"{_basis(event)}{agency} tổ chức {event.title}.",
        *lines[:agenda],
        *topics,
        *lines[agenda:],
        "Đề nghị các cơ quan, đơn vị quan tâm, phối hợp thực hiện./.",
    ]


def _invitation(event: Event, agency: str, writer: Account) -> list[str]:
    topics = _topics(event)
    reply = f" chậm nhất ngày {short_day(event.reply_by)}" if event.reply_by else ""
    return [
        f"{_basis(event)}{agency} tổ chức {event.title} và trân trọng kính mời đại biểu tới dự.",
        f"1. Thời gian: {_when(event)}.",
        f"2. Địa điểm: {_where(event)}.",
        "3. Nội dung:" if topics else "3. Nội dung: theo chương trình gửi kèm.",
        *topics,
        f"4. Đại biểu mang theo {_to_bring(event)}.",
        f"5. Đề nghị đại biểu báo tin{reply} cho đầu mối: {_contact(writer)}.",
        "Rất mong đại biểu bố trí thời gian tới dự./.",
    ]


def _basis(event: Event) -> str:
    if event.plan is None:
        return ""
    plan = event.plan
    issuer = agency_name(plan.issuer)
    return f"Thực hiện Kế hoạch số {plan.number} ngày {short_day(plan.issued_on)} của {issuer}, "


def _when(event: Event) -> str:
    """Half-days with the hour they begin; of a long event only how many there are."""
    sessions = event.sessions
    if not sessions:
        return _span(event.starts_on, event.ends_on)
    if len(sessions) > 4:
        first = sessions[0]
        span = _span(event.starts_on, event.ends_on)
        return f"{len(sessions):02d} buổi, {span}, khai mạc lúc {_hour(first.starts_at)} ngày {short_day(first.on)}"
    said = [
        f"{'sáng' if one.half == Half.MORNING else 'chiều'} ngày {short_day(one.on)} (từ {_hour(one.starts_at)})"
        for one in sessions
    ]
    return said[0] if len(said) == 1 else f"{len(said):02d} buổi: {', '.join(said)}"


def _span(first: date, last: date) -> str:
    if first == last:
        return f"ngày {short_day(first)}"
    return f"từ ngày {short_day(first)} đến ngày {short_day(last)}"


def _hour(moment: time) -> str:
    return f"{moment.hour:02d} giờ {moment.minute:02d}"


def _where(event: Event) -> str:
    """The hall and the points; a point that is the hall itself is not named again."""
    points = [point for point in event.points if not _is_the_hall(point, event.place)]
    if not points:
        return event.place
    if len(points) > _MOST_LISTED:
        return f"{event.place}; trực tuyến tại {len(points)} điểm cầu"
    return f"{event.place}; các điểm cầu: {', '.join(named_point(point) for point in points)}"


def named_point(point: Point) -> str:
    """ "Nậm Khoang (UBND xã)": a point with its place, without "Điểm cầu" before its name."""
    name = _POINT.sub("", point.name)
    return f"{name} ({point.place})" if point.place else name


def _is_the_hall(point: Point, hall: str) -> bool:
    """Whether the point's place, or its name where no place is said, is that of the event."""
    here, there = fold(point.place or point.name), fold(hall)
    return here == there or re.match(rf"{re.escape(here)}\s*[,;(]", there) is not None


def _topics(event: Event) -> list[str]:
    """The agenda's topics as dashed lines; none when there are too many for a letter."""
    topics = [topic.title for half_day in event.sessions for topic in half_day.topics]
    if not 0 < len(topics) <= _MOST_LISTED:
        return []
    return [f"- {title}{'.' if place == len(topics) else ';'}" for place, title in enumerate(topics, start=1)]


def _deadline(event: Event) -> str:
    by = f" chậm nhất ngày {short_day(event.reply_by)}" if event.reply_by else ""
    return f"đề nghị các cơ quan, đơn vị gửi danh sách đại biểu{by}"


def _to_bring(event: Event) -> str:
    phone = ", điện thoại hoặc máy tính để làm bài kiểm tra" if event.test_id is not None else ""
    return f"thẻ hoặc mã QR đã nhận, giấy tờ tùy thân{phone}"


def _contact(writer: Account) -> str:
    person = writer.person
    post = person.posts[0].name if person.posts else ""
    known = [
        f"{_DEAR} {person.full_name}", post,
        f"điện thoại {person.phone}" if person.phone else "", f"thư điện tử {person.email}" if person.email else "",
    ]  # fmt: skip
    return ", ".join(part for part in known if part)


def _addressees(quotas: Sequence[Quota]) -> str:
    if not quotas:
        return "Các cơ quan, đơn vị liên quan"
    if len(quotas) > MOST_ADDRESSEES:
        return "Các cơ quan, đơn vị có tên tại Phụ lục"
    return "\n".join(agency_name(quota.unit) for quota in quotas)


def _place(issuer: Unit) -> str:
    """Địa danh: of a province or commune itself, of a department its province, of a central agency the capital."""
    unit: Unit | None = issuer
    while unit is not None and UnitKind(unit.kind) not in _GOVERNS:
        unit = unit.parent
    if unit is None:
        return _CAPITAL
    # A city that bears a person's name is written whole.
    return unit.name if "Hồ Chí Minh" in unit.name else _COMMON_NOUN.sub("", unit.name)


def _initials(agency: str) -> str:
    """ "SVHTTDL" of "Sở Văn hóa, Thể thao và Du lịch tỉnh Lam Khê": a symbol where the register has none."""
    words = re.split(r"\b(?:tỉnh|thành phố|xã|phường)\b", agency)[0].replace(",", " ").split()
    initials = "".join(word[0].upper() for word in words if word.casefold() not in {"và", "của", "-", "–"})
    return "".join(letter if letter == "Đ" else fold(letter).upper() for letter in initials)
