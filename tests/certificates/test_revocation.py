"""Revoking and reissuing keep the history; the register has every number once."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.certificates import queries, service
from lms.certificates.models import Certificate, CertificateProgramme
from lms.core import files
from lms.core.audit import AuditEntry
from lms.core.db import db, session
from lms.core.errors import RuleBroken
from lms.core.mail import OutboxMail
from lms.paperwork import queries as paperwork
from tests.certificates.conftest import ISSUED_AT, Class
from tests.printed import page_texts
from tests.world import World


def test_revoking_keeps_the_paper_and_says_why_and_who(certificate: Certificate, world: World) -> None:
    before = files.read(certificate.file)
    service.revoke(certificate, "  cấp nhầm người ", world.organizer)
    assert certificate.state == "revoked"
    assert (certificate.revoke_reason, certificate.revoked_by_id) == ("cấp nhầm người", world.organizer.id)
    assert files.read(certificate.file) == before
    entry = session().scalars(select(AuditEntry).where(AuditEntry.verb == "certificate.revoke")).one()
    assert entry.detail == {"reason": "cấp nhầm người"}
    assert "đã thu hồi" in session().scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first().subject


def test_revoking_needs_a_reason_and_happens_once(certificate: Certificate, world: World) -> None:
    with pytest.raises(RuleBroken) as refusal:
        service.revoke(certificate, "  ", world.organizer)
    assert refusal.value.field == "reason"
    service.revoke(certificate, "cấp nhầm", world.organizer)
    with pytest.raises(RuleBroken) as refusal:
        service.revoke(certificate, "lần nữa", world.organizer)
    assert refusal.value.code == "revoked"


def test_what_was_revoked_for_cause_does_not_come_back_with_everyone(
    certificate: Certificate, lesson: Class, world: World
) -> None:
    service.revoke(certificate, "gian lận khi kiểm tra", world.organizer)
    assert not service.issue_all(lesson.event, at=ISSUED_AT).certificates


def test_reissuing_corrects_the_name_under_a_new_number(certificate: Certificate, world: World) -> None:
    newer = service.reissue(certificate, world.organizer, at=ISSUED_AT, holder="Đặng Văn Đức Anh")
    assert newer.register_number == "02/2024/GCN-LAMKHÊ"
    assert newer.code != certificate.code
    assert (newer.replaces, certificate.replaced_by) == (certificate, newer)
    assert (certificate.state, certificate.revoke_reason) == ("revoked", "cấp lại")
    assert "Đặng Văn Đức Anh" in page_texts(files.read(newer.file))[0]
    assert newer.facts["title"] == certificate.facts["title"]
    assert session().scalars(select(AuditEntry).where(AuditEntry.verb == "certificate.reissue")).one().detail == {
        "number": "02/2024/GCN-LAMKHÊ",
        "replaces": "01/2024/GCN-LAMKHÊ",
    }


def test_what_was_replaced_is_not_replaced_again(certificate: Certificate, world: World) -> None:
    newer = service.reissue(certificate, world.organizer, at=ISSUED_AT)
    with pytest.raises(RuleBroken) as refusal:
        service.reissue(certificate, world.organizer, at=ISSUED_AT)
    assert refusal.value.code == "replaced"
    assert newer.register_number in str(refusal.value)


def test_a_revoked_certificate_can_be_reissued(certificate: Certificate, world: World) -> None:
    service.revoke(certificate, "cấp nhầm", world.organizer)
    newer = service.reissue(certificate, world.organizer, at=ISSUED_AT)
    assert newer.state == "valid"
    assert certificate.revoke_reason == "cấp nhầm"


def test_a_name_that_cannot_be_printed_is_refused(certificate: Certificate, world: World) -> None:
    with pytest.raises(RuleBroken) as refusal, session().begin_nested():
        service.reissue(certificate, world.organizer, at=ISSUED_AT, holder="Ｗ")
    assert refusal.value.field == "name"
    session().expire_all()
    assert certificate.state == "valid"


@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["issue", "fail", "revoke", "reissue"]), max_size=7))
def test_whatever_is_done_the_book_stays_whole(lesson: Class, programme: CertificateProgramme, acts: list[str]) -> None:
    """A short state machine: issue, issue and roll back, revoke, reissue, in any order."""
    part = session().begin_nested()
    for act in acts:
        valid = session().scalars(select(Certificate).where(Certificate.revoked_at.is_(None))).first()
        if act == "issue":
            service.issue_all(lesson.event, at=ISSUED_AT)
        elif act == "fail":
            inner = session().begin_nested()
            service.issue_all(lesson.event, at=ISSUED_AT)
            inner.rollback()
        elif valid is not None and act == "revoke":
            service.revoke(valid, "thử", None)
        elif valid is not None:
            service.reissue(valid, None, at=ISSUED_AT)
    for book in queries.visible_books(None):
        proof = paperwork.prove([book], Certificate.book_id, Certificate.number)[book.id]
        assert proof.whole
        assert proof.papers == book.last_number
    part.rollback()
    db.session.expire_all()
