"""What an event's or a course's certificates say and who signs: written, proposed, and previewed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from lms.accounts.models import Account
from lms.certificates import issuing, policy, queries
from lms.certificates.issuing import Holder
from lms.certificates.models import CertificateProgramme, Design, PaperKind
from lms.certificates.numbers import SYMBOL
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken, RulesBroken
from lms.core.pdf import TextDoesNotFit
from lms.core.text import tidy
from lms.courses.models import Course
from lms.events.models import Event, HostRole
from lms.paperwork import queries as paperwork
from lms.paperwork.service import refuse_other_symbol
from lms.units.models import Unit

LONGEST_NAME = "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh"
SHORTEST_NAME = "Phạm S"
"""Real lengths to prove a wording with, where an event has no delegates yet."""

_ONE_LINE = ("symbol", "place", "signer_name", "agency_name", "agency_name_en", "superior_name", "title", "title_en")
_FIELD_OF = {
    "superior": "superior_name",
    "agency": "agency_name",
    "certifier": "agency_name",
    "kind": "kind",
    "kind_en": "kind",
    "event": "title",
    "event_en": "title_en",
    "place_date": "place",
    "signer": "signer_name",
    "signer_post": "signer_post",
    "register_number": "symbol",
}
"""Where on the form a text comes from that cannot be printed, by its attribute of the face."""


@dataclass(frozen=True)
class Wording:
    """Everything a programme says, as a form or a file gives it."""

    agency: Unit
    symbol: str
    place: str
    signer_name: str
    signer_post: str
    agency_name: str = ""
    agency_name_en: str = ""
    superior_name: str = ""
    title: str = ""
    title_en: str = ""
    kind: PaperKind = PaperKind.ATTESTATION
    design: Design = Design.FORMAL
    specimen: bool = False


def set_programme(subject: Event | Course, *, by: Account | None = None, **words: Any) -> CertificateProgramme:
    """Write the programme of an event or a course, new or again; `words` are the fields of Wording.

    Empty names and titles are taken from the agency and the event. Changes nothing that was issued. Raises RulesBroken
    naming the fields that are missing, too long for the paper, or not this account's to use.
    """
    wording = _completed(Wording(**words), subject)
    programme = queries.find_programme(subject)
    _refuse_during_issue(programme)
    _refuse(wording, subject, by)
    if programme is None:
        programme = CertificateProgramme(**_subject_ids(subject))
        session().add(programme)
    for one in fields(wording):
        setattr(programme, one.name, getattr(wording, one.name))
    _refuse_unprintable(programme, subject)
    session().flush()
    session().refresh(programme, ["event", "course"])
    name = "event" if isinstance(subject, Event) else "course"
    audit.record("certificate.programme", f"{name}:{subject.id}", actor_id=by.id if by else None)
    return programme


def proposal(event: Event, agencies: Sequence[Unit]) -> dict[str, Any]:
    """What the form begins with: the event's own words, the first of its hosts the organizer may issue for."""
    hosts = {host.unit_id for host in event.hosts if host.role == HostRole.HOST}
    agency = next((unit for unit in agencies if unit.id in hosts), None) or event.unit
    return {
        "agency": agency.name,
        "kind": PaperKind.ATTESTATION.value,
        "design": Design.FORMAL.value,
        "agency_name": agency.name,
        "agency_name_en": agency.name_en,
        "superior_name": agency.parent.name if agency.parent else "",
        "symbol": f"GCN-{agency.symbol.upper()}" if SYMBOL.fullmatch(agency.symbol.upper()) else "GCN",
        "title": event.title,
        "title_en": event.title_en or "",
        "place": event.place.rpartition(",")[2].strip(),
        "specimen": event.specimen,
    }


def preview(
    programme: CertificateProgramme, subject: Event | Course, name: str, post: str, design: str | None
) -> bytes:
    """A certificate as it would look, marked as a specimen. Raises TextDoesNotFit."""
    return issuing.specimen_face(programme, _sample_holder(programme, subject, name, post), design)


def _completed(wording: Wording, subject: Event | Course) -> Wording:
    """The wording in its stored form: tidied, what is empty taken from the agency and the subject."""
    values = {one.name: getattr(wording, one.name) for one in fields(wording)}
    values["signer_post"] = "\n".join(tidy(line) for line in wording.signer_post.splitlines() if line.strip())
    for name in _ONE_LINE:
        values[name] = tidy(values[name])
    values["symbol"] = values["symbol"].upper()
    values["agency_name"] = values["agency_name"] or wording.agency.name
    values["agency_name_en"] = values["agency_name_en"] or wording.agency.name_en
    values["title"] = values["title"] or subject.title
    values["title_en"] = values["title_en"] or subject.title_en or ""
    values["specimen"] = wording.specimen or (isinstance(subject, Event) and subject.specimen)
    return Wording(**values)


def _refuse(wording: Wording, subject: Event | Course, by: Account | None) -> None:
    refusals = []
    for name in ("place", "signer_name", "signer_post"):
        if not getattr(wording, name):
            refusals.append(RuleBroken(N_("Mục này còn trống. Hãy điền."), field=name, code="empty"))
    if not SYMBOL.fullmatch(wording.symbol):
        refusals.append(
            RuleBroken(
                N_("Ký hiệu gồm chữ in hoa và số, nối bằng gạch ngang, như GCN-TTĐN."), field="symbol", code="symbol"
            )
        )
    else:
        refusals += _other_symbol(wording)
    if not policy.may_number_from(by, subject if isinstance(subject, Event) else None, wording.agency):
        refusals.append(
            RuleBroken(
                N_("Không lấy số từ sổ của đơn vị này được. Hãy chọn đơn vị khác."), field="agency", code="scope"
            )
        )
    if len(wording.signer_post.splitlines()) > 3:
        refusals.append(RuleBroken(N_("Chức vụ người ký in nhiều nhất ba dòng."), field="signer_post", code="lines"))
    if refusals:
        raise RulesBroken(refusals)


def _other_symbol(wording: Wording) -> list[RuleBroken]:
    """The refusal of a symbol other than the one this year's book was opened with."""
    book = paperwork.find_book(wording.agency.id, str(wording.kind), clock.today().year)
    if book is None:
        return []
    try:
        refuse_other_symbol(book, wording.symbol)
    except RuleBroken as refusal:
        return [refusal]
    return []


def _refuse_during_issue(programme: CertificateProgramme | None) -> None:
    job = queries.find_job(programme)
    if job is not None and job.finished_at is None:
        raise RulesBroken(
            [RuleBroken(N_("Đang cấp giấy theo nội dung này. Hãy sửa khi đã cấp xong."), code="being-issued")]
        )


def _refuse_unprintable(programme: CertificateProgramme, subject: Event | Course) -> None:
    """Prove the wording on the longest name, so that issuing does not stop halfway."""
    try:
        preview(programme, subject, LONGEST_NAME, "", None)
    except TextDoesNotFit as misfit:
        field = _FIELD_OF.get(misfit.field)
        message = (
            N_("Có ký tự không in được. Hãy bỏ ký tự đó.")
            if misfit.character
            else N_("Dài quá chỗ in trên giấy. Hãy rút ngắn.")
        )
        raise RulesBroken([RuleBroken(message, field=field, code="unprintable")]) from misfit


def _sample_holder(programme: CertificateProgramme, subject: Event | Course, name: str, post: str) -> Holder:
    if isinstance(subject, Event):
        matter = issuing.event_matter(subject, programme)
    else:
        today = clock.today()
        matter = issuing.course_matter(subject, programme, today - timedelta(days=14), today)
    return Holder(person_id=0, name=name, post_unit=post, matter=matter)


def _subject_ids(subject: Event | Course) -> dict[str, int]:
    return {"event_id": subject.id} if isinstance(subject, Event) else {"course_id": subject.id}
