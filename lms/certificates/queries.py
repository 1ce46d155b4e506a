"""Reads of programmes and certificates: which of them a person may see."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.certificates import numbers
from lms.certificates.models import Certificate, CertificateProgramme
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.jobs import Job
from lms.core.permissions import Permission
from lms.courses.models import Course
from lms.events.models import Event
from lms.events.queries import in_scope, managed_events
from lms.paperwork.models import NumberBook
from lms.people.models import Person


def find_programme(subject: Event | Course) -> CertificateProgramme | None:
    """What an event's or a course's certificates say, when it has been written."""
    mine = _of_subject(CertificateProgramme, subject)
    return session().scalar(
        select(CertificateProgramme)
        .where(mine)
        .options(joinedload(CertificateProgramme.agency), joinedload(CertificateProgramme.event))
    )


def count_issued(subject: Event | Course) -> tuple[int, int]:
    """How many certificates are valid, and how many were ever issued."""
    row = (
        session()
        .execute(select(func.count(), func.count(Certificate.revoked_at)).where(_of_subject(Certificate, subject)))
        .one()
    )
    return row[0] - row[1], row[0]


def find_valid(certificate: Certificate) -> Certificate | None:
    """The valid certificate of the same person for the same event or course."""
    return session().scalar(
        select(Certificate).where(
            Certificate.person_id == certificate.person_id,
            Certificate.event_id == certificate.event_id
            if certificate.event_id is not None
            else Certificate.course_id == certificate.course_id,
            Certificate.revoked_at.is_(None),
        )
    )


def holders_among(subject: Event | Course, person_ids: Collection[int]) -> set[int]:
    """Those of these people who were ever given a certificate for it and are not to get one with everyone."""
    statement = select(Certificate.person_id).where(
        _of_subject(Certificate, subject), Certificate.person_id.in_(person_ids)
    )
    return set(session().scalars(statement))


def people_with_addresses(person_ids: Collection[int]) -> dict[int, tuple[Person, str | None]]:
    """Persons by id with the address of their account."""
    rows = session().execute(
        select(Person, Account.email)
        .outerjoin(Account, (Account.person_id == Person.id) & Account.disabled_at.is_(None))
        .where(Person.id.in_(person_ids))
    )
    return {person.id: (person, email) for person, email in rows}


def find_job(programme: CertificateProgramme | None) -> Job | None:
    """The latest job that issued under a programme."""
    if programme is None or programme.issue_job_id is None:
        return None
    return session().get(Job, programme.issue_job_id)


def issued_for(subject: Event | Course) -> Select[Certificate]:
    """All certificates of an event or a course, in list order."""
    return (
        select(Certificate)
        .where(_of_subject(Certificate, subject))
        .options(joinedload(Certificate.replaced_by), joinedload(Certificate.replaces))
        .order_by(Certificate.sort_key, Certificate.id)
    )


def own(person_id: int) -> Sequence[Certificate]:
    """A person's certificates, the latest first; revoked ones too."""
    return (
        session()
        .scalars(
            select(Certificate)
            .where(Certificate.person_id == person_id)
            .options(joinedload(Certificate.replaced_by), joinedload(Certificate.event), joinedload(Certificate.course))
            .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        )
        .all()
    )


def find_own(event: Event, person_id: int) -> Certificate | None:
    """A person's latest certificate for an event, valid before revoked."""
    return session().scalar(
        select(Certificate)
        .where(Certificate.event_id == event.id, Certificate.person_id == person_id)
        .order_by(Certificate.revoked_at.is_not(None), Certificate.id.desc())
        .limit(1)
    )


def get_readable(account: Account, certificate_id: int) -> Certificate:
    """A certificate its holder or those who manage it may download; raises NotFound."""
    return _one(Certificate.id == certificate_id, or_(Certificate.person_id == account.person_id, _managed(account)))


def get_managed(account: Account, certificate_id: int) -> Certificate:
    """A certificate that the account may revoke or reissue; raises NotFound."""
    return _one(Certificate.id == certificate_id, _managed(account))


def find_by_code(code: str) -> Certificate | None:
    """The certificate with this verification code."""
    return _first(Certificate.code == code)


def find_written(written: numbers.Written) -> Certificate | None:
    """The certificate that a number with its code, or a code alone, speaks of."""
    certificate = find_by_code(written.code) if written.code else None
    if certificate is None or written.number not in {"", numbers.canonical(certificate.register_number)}:
        return None
    return certificate


def find_by_digest(digest: str) -> Certificate | None:
    """The certificate whose frozen PDF has this SHA-256."""
    return _first(Certificate.file == digest)


def visible_books(account: Account | None) -> Sequence[NumberBook]:
    """The books of the account's units, the newest year first; None, a command, sees all."""
    paths = [""] if account is None else account.unit_paths(Permission.CERTIFICATES)
    numbered = select(Certificate.book_id).where(Certificate.book_id == NumberBook.id).exists()
    statement = select(NumberBook).where(in_scope(NumberBook.agency_id, paths), numbered)
    return (
        session()
        .scalars(statement.options(joinedload(NumberBook.agency)).order_by(NumberBook.year.desc(), NumberBook.id))
        .all()
    )


def acts_on(certificate: Certificate) -> Sequence[Row[datetime, str, dict[str, Any], str | None]]:
    """What was done to a certificate, the earliest first: at, verb, detail, actor (full name, None for the system)."""
    return (
        session()
        .execute(
            select(AuditEntry.at, AuditEntry.verb, AuditEntry.detail, Person.full_name.label("actor"))
            .outerjoin(Account, Account.id == AuditEntry.actor_id)
            .outerjoin(Person, Person.id == Account.person_id)
            .where(AuditEntry.subject == f"certificate:{certificate.id}")
            .order_by(AuditEntry.id)
        )
        .all()
    )


def _managed(account: Account) -> ColumnElement[bool]:
    books = select(NumberBook.id).where(in_scope(NumberBook.agency_id, account.unit_paths(Permission.CERTIFICATES)))
    events = managed_events(account, Permission.CERTIFICATES).with_only_columns(Event.id)
    of_events = and_(Certificate.event_id.is_not(None), Certificate.event_id.in_(events))
    return or_(Certificate.book_id.in_(books), of_events)


def _of_subject(model: type[Certificate] | type[CertificateProgramme], subject: Event | Course) -> ColumnElement[bool]:
    return model.event_id == subject.id if isinstance(subject, Event) else model.course_id == subject.id


def _one(*conditions: ColumnElement[bool]) -> Certificate:
    found = _first(*conditions)
    if found is None:
        raise NotFound
    return found


def _first(*conditions: ColumnElement[bool]) -> Certificate | None:
    return session().scalar(
        select(Certificate)
        .where(*conditions)
        .options(
            joinedload(Certificate.book).joinedload(NumberBook.agency),
            joinedload(Certificate.event).joinedload(Event.unit),
            joinedload(Certificate.replaces),
            joinedload(Certificate.replaced_by),
        )
        .limit(1)
    )
