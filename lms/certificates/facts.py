"""What a certificate says: the facts frozen at its issue, and the face printed from them.

Facts are plain JSON. Both languages are made here, not by the reader's catalogue: paper has no reader's language.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final

from lms.certificates import numbers
from lms.certificates.drawing import CertificateFace
from lms.core import clock

NBSP: Final = "\u00a0"
KIND_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "giay-chung-nhan": ("Giấy chứng nhận", "Certificate of Completion"),
    "chung-chi": ("Chứng chỉ", "Certificate"),
}
"""What each kind of paper calls itself, Vietnamese and English."""
_COMMON_NOUNS = tuple(
    f"{noun} "
    for noun in ("Tỉnh", "Thành phố", "Thị xã", "Thị trấn", "Quận", "Huyện", "Phường", "Xã", "Hội trường", "Trụ sở")
)


@dataclass(frozen=True)
class Issuer:
    """Who issues and signs, and in which look: a programme at one moment."""

    kind: str
    superior: str
    agency: str
    agency_en: str
    place: str
    signer: str
    signer_post: str
    design: str


@dataclass(frozen=True)
class Matter:
    """What was completed: title, days, place and hours, in both languages; `subject` is "event" or "course"."""

    subject: str
    key: str
    title: str
    title_en: str
    starts_on: date
    ends_on: date
    venue: str
    venue_en: str
    hours: int


@dataclass(frozen=True)
class Facts:
    """Everything one certificate states; days are ISO dates, so that the whole is plain JSON."""

    kind: str
    holder: str
    post_unit: str
    subject: str
    key: str
    title: str
    title_en: str
    starts_on: str
    ends_on: str
    venue: str
    venue_en: str
    hours: int
    superior: str
    agency: str
    agency_en: str
    place: str
    signer: str
    signer_post: str
    design: str
    issued_on: str
    register_number: str
    code: str
    specimen: bool

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Facts":
        """Facts as they were stored; what later editions add to the record is left aside."""
        return cls(**{one.name: stored[one.name] for one in fields(cls)})

    def stored(self) -> dict[str, Any]:
        """The plain JSON to store."""
        return asdict(self)

    @property
    def kind_words(self) -> tuple[str, str]:
        """What the paper calls itself, in both languages."""
        return KIND_WORDS[self.kind]

    @property
    def first_day(self) -> date:
        """The first day of what was completed."""
        return date.fromisoformat(self.starts_on)

    @property
    def last_day(self) -> date:
        """The last day of what was completed."""
        return date.fromisoformat(self.ends_on)

    @property
    def day_of_issue(self) -> date:
        """The day printed above the signature."""
        return date.fromisoformat(self.issued_on)


def state(
    issuer: Issuer,
    matter: Matter,
    *,
    holder: str,
    post_unit: str,
    issued_on: date,
    register_number: str,
    code: str,
    specimen: bool,
) -> Facts:
    """The facts of a new certificate."""
    said = asdict(issuer) | asdict(matter)
    said |= {"starts_on": matter.starts_on.isoformat(), "ends_on": matter.ends_on.isoformat()}
    return Facts(
        **said,
        holder=holder,
        post_unit=post_unit,
        issued_on=issued_on.isoformat(),
        register_number=register_number,
        code=code,
        specimen=specimen,
    )


def face(facts: Facts, url: str) -> CertificateFace:
    """The certificate as it is printed; `url` is the address in its QR code."""
    kind, kind_en = facts.kind_words
    course = facts.subject == "course"
    place_date = f"{facts.place}, {_full_day(facts.day_of_issue)}" if facts.place else _full_day(facts.day_of_issue)
    return CertificateFace(
        kind=kind,
        kind_en=kind_en,
        superior=facts.superior,
        agency=facts.agency,
        certifier=f"{facts.agency} chứng nhận đồng{NBSP}chí",
        name=facts.holder,
        post_unit=facts.post_unit,
        done="đã hoàn thành khóa học" if course else "đã hoàn thành",
        event=facts.title,
        event_en=facts.title_en or facts.title,
        when=when(facts),
        when_en=when_en(facts),
        place_date=place_date,
        signer_post=facts.signer_post,
        signer=facts.signer,
        register_number=facts.register_number,
        code=numbers.printed_code(facts.code),
        url=url,
        design=facts.design,
        specimen=facts.specimen,
        done_en="has completed the course" if course else "has completed",
        issued_on=facts.day_of_issue,
    )


def when(facts: Facts) -> str:
    """Days, place and hours in Vietnamese: "ngày 07 tháng 8 năm 2024, tại tỉnh Hòa Bình, thời lượng 4 giờ"."""
    parts = [_span(facts.first_day, facts.last_day)]
    if facts.venue:
        parts.append(f"tại {_inside_phrase(facts.venue)}")
    if facts.hours:
        parts.append(f"thời lượng {facts.hours}{NBSP}giờ")
    return ", ".join(parts)


def when_en(facts: Facts) -> str:
    """Days, place and hours in English: "7 August 2024, Hòa Bình Province, 4 hours"."""
    parts = [_span_en(facts.first_day, facts.last_day)]
    if facts.venue_en or facts.venue:
        parts.append(facts.venue_en or facts.venue)
    if facts.hours:
        parts.append(f"{facts.hours}{NBSP}{'hour' if facts.hours == 1 else 'hours'}")
    return ", ".join(parts)


def long_day_en(day: date) -> str:
    """A day in English whatever the reader's language: 7 August 2024."""
    return f"{day.day}{NBSP}{clock.ENGLISH_MONTHS[day.month - 1]} {day.year}"


def _inside_phrase(place: str) -> str:
    """A place after "tại": a common noun that began the line takes a small letter there, a name keeps its own."""
    if not place.startswith(_COMMON_NOUNS):
        return place
    return place[:1].lower() + place[1:]


def _full_day(day: date) -> str:
    """A day in words by NĐ 30/2020/NĐ-CP: days under 10 and months 1 and 2 bear a leading zero."""
    return f"ngày{NBSP}{day.day:02d}{NBSP}{_month(day)}{NBSP}năm{NBSP}{day.year}"


def _month(day: date) -> str:
    return f"tháng{NBSP}{clock.month(day)}"


def _span(first: date, last: date) -> str:
    if first == last:
        return _full_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"từ ngày{NBSP}{first.day:02d} đến {_full_day(last)}"
    if first.year == last.year:
        return f"từ ngày{NBSP}{first.day:02d}{NBSP}{_month(first)} đến {_full_day(last)}"
    return f"từ {_full_day(first)} đến {_full_day(last)}"


def _span_en(first: date, last: date) -> str:
    month, end = clock.ENGLISH_MONTHS[first.month - 1], long_day_en(last)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    if first.year == last.year:
        return f"{first.day}{NBSP}{month} – {end}"
    return f"{first.day}{NBSP}{month} {first.year} – {end}"
