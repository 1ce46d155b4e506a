"""Making one certificate: number, facts, frozen PDF, register row, mail, all in the running transaction."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from lms.certificates import addresses, letters, numbers
from lms.certificates.drawing import draw
from lms.certificates.facts import Facts, Issuer, Matter, face, state
from lms.certificates.models import Certificate, CertificateProgramme
from lms.core import audit, clock, files, mail
from lms.core.db import session
from lms.core.text import fold, name_sort_key
from lms.courses.models import Course
from lms.events.models import Event
from lms.paperwork.service import take_number
from lms.people.models import Person


@dataclass(frozen=True)
class Holder:
    """A person to get a certificate: the name and post to print, what was completed, where a mail reaches them."""

    person_id: int
    name: str
    post_unit: str
    matter: Matter
    sort_name: str | None = None
    email: str | None = None
    specimen: bool = False


def issuer_of(programme: CertificateProgramme) -> Issuer:
    """Who issues and signs as the programme says now."""
    return Issuer(
        kind=str(programme.kind),
        superior=programme.superior_name,
        agency=programme.agency_name,
        agency_en=programme.agency_name_en,
        place=programme.place,
        signer=programme.signer_name,
        signer_post=programme.signer_post,
        design=str(programme.design),
    )


def event_matter(event: Event, programme: CertificateProgramme) -> Matter:
    """What an event's certificates certify."""
    return Matter(
        subject="event",
        key=event.key,
        title=programme.title,
        title_en=programme.title_en,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        venue=event.place,
        venue_en=event.place_en or "",
        hours=event.hours,
    )


def course_matter(course: Course, programme: CertificateProgramme, begun_on: date, completed_on: date) -> Matter:
    """What a course's certificates certify: for each person the days they took it."""
    return Matter(
        subject="course",
        key=course.slug,
        title=programme.title,
        title_en=programme.title_en,
        starts_on=begun_on,
        ends_on=completed_on,
        venue="",
        venue_en="",
        hours=course.hours,
    )


def matter_of(facts: Facts) -> Matter:
    """What an issued certificate certifies, as frozen."""
    return Matter(
        subject=facts.subject,
        key=facts.key,
        title=facts.title,
        title_en=facts.title_en,
        starts_on=facts.first_day,
        ends_on=facts.last_day,
        venue=facts.venue,
        venue_en=facts.venue_en,
        hours=facts.hours,
    )


def make(
    programme: CertificateProgramme,
    holder: Holder,
    *,
    by_id: int | None,
    at: datetime,
    replaces: Certificate | None = None,
) -> Certificate:
    """One certificate, issued at `at`. Raises TextDoesNotFit when a text cannot be printed whole: nothing is kept."""
    day = clock.local(at).date()
    taken = take_number(programme.agency, str(programme.kind), day.year, programme.symbol)
    facts = state(
        issuer_of(programme),
        holder.matter,
        holder=holder.name,
        post_unit=holder.post_unit,
        issued_on=day,
        register_number=taken.printed,
        code=numbers.draw_code(),
        specimen=programme.specimen or holder.specimen,
    )
    url = addresses.verify_url(numbers.public_number(facts.register_number, facts.code))
    certificate = Certificate(
        book_id=taken.book.id,
        number=taken.number,
        register_number=facts.register_number,
        code=facts.code,
        event_id=programme.event_id,
        course_id=programme.course_id,
        person_id=holder.person_id,
        holder_name=holder.name,
        sort_key=name_sort_key(holder.sort_name or holder.name),
        search=fold(f"{holder.name} {facts.register_number} {holder.post_unit}"),
        facts=facts.stored(),
        file=files.store(draw(face(facts, url))),
        issued_on=day,
        issued_at=at,
        issued_by_id=by_id,
        replaces_id=replaces.id if replaces else None,
    )
    session().add(certificate)
    session().flush()
    audit.record(
        "certificate.reissue" if replaces else "certificate.issue",
        f"certificate:{certificate.id}",
        actor_id=by_id,
        number=facts.register_number,
        **({"replaces": replaces.register_number} if replaces else {}),
    )
    if holder.email:
        mail.post(holder.email, *letters.issued(facts, url), about=f"certificate:{certificate.id}")
    return certificate


def specimen_face(programme: CertificateProgramme, holder: Holder, design: str | None = None) -> bytes:
    """How a certificate would look: number 00, no code, marked as a specimen. Raises TextDoesNotFit."""
    facts = state(
        replace(issuer_of(programme), design=design or str(programme.design)),
        holder.matter,
        holder=holder.name,
        post_unit=holder.post_unit,
        issued_on=clock.today(),
        register_number=f"00/{clock.today().year}/{programme.symbol}",
        code="0" * numbers.CODE_LENGTH,
        specimen=True,
    )
    return draw(face(facts, addresses.verify_url(numbers.public_number(facts.register_number, facts.code))))


def person_holder(
    person: Person, email: str | None, post_unit: str, matter: Matter, *, name: str | None = None
) -> Holder:
    """A holder from a person's row; a mail goes to their account's address, else to the person's own."""
    return Holder(
        person_id=person.id,
        name=name or person.full_name,
        post_unit=post_unit,
        matter=matter,
        sort_name=person.sort_name,
        email=email or person.email,
        specimen=person.specimen,
    )
