"""Verbs over certificates: write a programme, issue to all who are entitled, revoke, reissue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Account
from lms.certificates import issuing, letters, policy, queries, records
from lms.certificates.facts import Facts
from lms.certificates.issuing import Holder
from lms.certificates.models import Certificate, CertificateProgramme
from lms.core import audit, clock, jobs, mail
from lms.core.clock import short_day
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.core.pdf import TextDoesNotFit
from lms.core.text import tidy
from lms.courses.models import Course
from lms.events import posts_held
from lms.events.models import Event
from lms.learning.models import Enrolment
from lms.paperwork.service import lock_book
from lms.people.models import Person

CHUNK = 20
ISSUE_JOB = "certificates.issue"
REISSUED = "cấp lại"
"""The reason kept with a certificate that another one replaced."""
CORRECTABLE = ("holder", "post_unit", "title", "title_en")
"""What a reissued certificate may say otherwise than the one it replaces."""


@dataclass
class Issued:
    """What came of an issue: the certificates made, and names with the field that cannot be printed."""

    certificates: list[Certificate] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def waiting_holders(subject: Event | Course, programme: CertificateProgramme) -> list[Holder]:
    """Everyone who is entitled and was never given a certificate for it, in list order."""
    return _course_holders(subject, programme) if isinstance(subject, Course) else _event_holders(subject, programme)


def issue_all(subject: Event | Course, by: Account | None = None, at: datetime | None = None) -> Issued:
    """Issue to all who are entitled, in the running transaction; who has one already gets no second.

    Raises RuleBroken when the event is not over, its certificates were not written yet, or the book refuses.
    """
    moment = at or clock.now()
    programme = _programme_to_issue(subject, moment)
    return _issue_part(programme, waiting_holders(subject, programme), by.id if by else None, moment)


def start_issue(event: Event, by: Account, back: str = "/") -> jobs.Job:
    """Issue to all who are entitled by a job; `back` is the page to return to.

    While one is going on it is given back, so that pressing twice starts one. Raises RuleBroken as `issue_all` does,
    and when nobody waits (code "nobody").
    """
    moment = clock.now()
    programme = _programme_to_issue(event, moment)
    session().refresh(programme, ["issue_job_id"], with_for_update={"of": CertificateProgramme})
    last = queries.find_job(programme)
    if last is not None and last.finished_at is None:
        return last
    waiting = waiting_holders(event, programme)
    if not waiting:
        raise RuleBroken(N_("Không còn ai đủ điều kiện mà chưa được cấp giấy."), code="nobody")
    lock_book(programme.agency, str(programme.kind), clock.local(moment).year, programme.symbol)
    payload = {"event": event.id, "by": by.id, "at": moment.isoformat(), "total": len(waiting), "back": back}
    key = f"{ISSUE_JOB}:{event.id}:{programme.issue_job_id or 'first'}"
    job = jobs.enqueue(ISSUE_JOB, payload, key=key, owner_id=by.id)
    programme.issue_job_id = job.id
    session().flush()
    audit.record("certificate.issue-all", f"event:{event.id}", actor_id=by.id, count=len(waiting))
    return job


def run_issue(job: jobs.Job) -> jobs.Progress:
    """The job that issues: parts of twenty, each its own transaction; after a crash it goes on with who is left."""
    event = session().get_one(Event, job.payload["event"], populate_existing=True)
    moment, by_id = datetime.fromisoformat(job.payload["at"]), job.payload["by"]
    programme = _programme_to_issue(event, moment)
    waiting = waiting_holders(event, programme)
    total = max(job.payload["total"], len(waiting))
    for start in range(0, len(waiting), CHUNK):
        yield total - len(waiting) + start, total
        programme = _programme_to_issue(event, moment)
        _note(job.id, _issue_part(programme, waiting[start : start + CHUNK], by_id, moment))
    yield total, total


def revoke(certificate: Certificate, reason: str, by: Account | None) -> None:
    """Revoke it: it stays in the register and its page says so. The holder is told; the reason is not public.

    Raises RuleBroken when it is revoked already or no reason is given.
    """
    session().refresh(certificate, ["revoked_at"], with_for_update={"of": Certificate})
    policy.refuse_revocation(certificate)
    reason = tidy(reason)
    if not reason:
        raise RuleBroken(N_("Chưa ghi lý do thu hồi. Hãy ghi để lưu trong sổ."), field="reason", code="reason")
    _mark_revoked(certificate, reason, by)
    audit.record("certificate.revoke", f"certificate:{certificate.id}", actor_id=by.id if by else None, reason=reason)
    person, email = queries.people_with_addresses([certificate.person_id])[certificate.person_id]
    if email or person.email:
        day = clock.local(certificate.revoked_at or clock.now()).date()
        letter = letters.revoked(Facts.of(certificate.facts), short_day(day))
        mail.post(email or person.email or "", *letter, about=f"certificate:{certificate.id}")


def reissue(
    certificate: Certificate, by: Account | None, *, at: datetime | None = None, **corrections: str
) -> Certificate:
    """A new certificate with a new number in place of this one, which is revoked as "cấp lại" if it was valid.

    What was completed stays as frozen except for the corrections (CORRECTABLE); issuer and signer are those of today.
    Raises RuleBroken when it was replaced already or a text cannot be printed.
    """
    unknown = set(corrections) - set(CORRECTABLE)
    if unknown:
        raise ValueError(f"not correctable: {sorted(unknown)}")
    session().refresh(certificate, ["revoked_at", "replaced_by"], with_for_update={"of": Certificate})
    policy.refuse_reissue(certificate, queries.find_valid(certificate))
    programme = queries.find_programme(_subject(certificate))
    if programme is None:
        raise RuleBroken(N_("Chưa soạn nội dung giấy. Hãy soạn trước khi cấp."), code="no-programme")
    facts = Facts.of(certificate.facts | {name: tidy(value) for name, value in corrections.items()})
    if not facts.holder:
        raise RuleBroken(N_("Tên người nhận còn trống. Hãy điền."), field="holder", code="holder")
    person, email = queries.people_with_addresses([certificate.person_id])[certificate.person_id]
    holder = Holder(
        person_id=person.id,
        name=facts.holder,
        post_unit=facts.post_unit,
        matter=issuing.matter_of(facts),
        sort_name=person.sort_name if facts.holder == person.full_name else None,
        email=email or person.email,
        specimen=facts.specimen,
    )
    if certificate.revoked_at is None:
        _mark_revoked(certificate, REISSUED, by)
    try:
        made = issuing.make(programme, holder, by_id=by.id if by else None, at=at or clock.now(), replaces=certificate)
    except TextDoesNotFit as misfit:
        raise unprintable(holder.name, misfit) from misfit
    session().expire(certificate, ["replaced_by"])
    return made


def unprintable(name: str, misfit: TextDoesNotFit) -> RuleBroken:
    """The refusal for a text that cannot be printed whole."""
    if misfit.character is not None:
        return RuleBroken(
            N_("Giấy của %(name)s không in được: “%(text)s” có ký tự không có trong phông chữ."),
            field=misfit.field,
            code="unprintable",
            name=name,
            text=misfit.text,
        )
    return RuleBroken(
        N_("Giấy của %(name)s không in được: “%(text)s” dài quá chỗ in. Hãy rút ngắn."),
        field=misfit.field,
        code="too-long",
        name=name,
        text=misfit.text,
    )


def _programme_to_issue(subject: Event | Course, moment: datetime) -> CertificateProgramme:
    programme = queries.find_programme(subject)
    if isinstance(subject, Event):
        policy.refuse_early_issue(subject, programme, clock.local(moment).date())
    if programme is None:
        raise RuleBroken(N_("Chưa soạn nội dung giấy. Hãy soạn trước khi cấp."), code="no-programme")
    return programme


def _issue_part(programme: CertificateProgramme, holders: Sequence[Holder], by_id: int | None, at: datetime) -> Issued:
    """Issue to these people. The book is held first, so that who has a certificate by now is known for certain."""
    result = Issued()
    if not holders:
        return result
    lock_book(programme.agency, str(programme.kind), clock.local(at).year, programme.symbol)
    subject = programme.event or programme.course
    assert subject is not None
    served = queries.holders_among(subject, [holder.person_id for holder in holders])
    for holder in holders:
        if holder.person_id in served:
            continue
        try:
            with session().begin_nested():
                result.certificates.append(issuing.make(programme, holder, by_id=by_id, at=at))
        except TextDoesNotFit as misfit:
            result.refused.append((holder.name, str(unprintable(holder.name, misfit))))
    return result


def _note(job_id: str, part: Issued) -> None:
    """Add what came of a part to the job's result."""
    job = session().get_one(jobs.Job, job_id)
    refused = [{"name": name, "message": message} for name, message in part.refused]
    job.result = {
        "issued": job.result.get("issued", 0) + len(part.certificates),
        "refused": [*job.result.get("refused", []), *refused],
    }


def _mark_revoked(certificate: Certificate, reason: str, by: Account | None) -> None:
    certificate.revoked_at = clock.now()
    certificate.revoke_reason = reason
    certificate.revoked_by_id = by.id if by else None
    session().flush()


def _subject(certificate: Certificate) -> Event | Course:
    subject: Any = certificate.event or certificate.course
    assert isinstance(subject, Event | Course)
    return subject


def _event_holders(event: Event, programme: CertificateProgramme) -> list[Holder]:
    waiting = [one for one in records.candidates_of(event) if one.waits]
    people = queries.people_with_addresses([one.person_id for one in waiting])
    matter = issuing.event_matter(event, programme)
    return [issuing.person_holder(*people[one.person_id], one.post, matter, name=one.name) for one in waiting]


def _course_holders(course: Course, programme: CertificateProgramme) -> list[Holder]:
    rows = (
        session()
        .scalars(
            select(Enrolment)
            .join(Person, Person.id == Enrolment.person_id)
            .where(Enrolment.course_id == course.id, Enrolment.completed_at.is_not(None))
            .where(Person.merged_into_id.is_(None))
        )
        .all()
    )
    served = queries.holders_among(course, [row.person_id for row in rows])
    people = queries.people_with_addresses([row.person_id for row in rows])
    holders = []
    for row in rows:
        if row.person_id in served or row.completed_at is None:
            continue
        person, email = people[row.person_id]
        begun, done = clock.local(row.enrolled_at).date(), clock.local(row.completed_at).date()
        post_unit = posts_held.printed(person, done)
        holders.append(
            issuing.person_holder(person, email, post_unit, issuing.course_matter(course, programme, begun, done))
        )
    return sorted(holders, key=lambda holder: (people[holder.person_id][0].sort_key, holder.person_id))
