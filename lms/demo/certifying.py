"""What certificates say, who issues them, and those that were issued, revoked and issued again."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from lms.certificates import programme, service
from lms.certificates.models import Certificate, Design
from lms.certificates.records import printed_post
from lms.core import clock
from lms.core.db import session
from lms.courses.models import Course
from lms.demo import papers
from lms.demo.people import dice
from lms.demo.scene import Scene
from lms.events.models import Event
from lms.registration import queries as registration
from lms.units.models import UnitKind

SYMBOL = "GCN-TTBDM"
_OFFICIAL = {
    "agency_name": papers.AGENCY,
    "agency_name_en": papers.AGENCY_EN,
    "superior_name": papers.SUPERIOR,
    "symbol": SYMBOL,
    "signer_name": papers.SIGNER,
    "signer_post": "GIÁM ĐỐC",
    "specimen": True,
}


def add(scene: Scene, event: Event, source: dict[str, Any]) -> None:
    """Write the event's programme; where `day` names a day, issue to all who are entitled on it."""
    words = source["certificate"]
    issue_on: date | None = words.get("day")
    with clock.stopped_at(_afternoon(issue_on) if issue_on else event.published_at or clock.now()):
        _write(scene, event, words["design"], words["place"])
        if issue_on is None:
            return
        issued = service.issue_all(event, scene.organizer).certificates
    others = [one for one in issued if one.person_id != scene.trainee.person_id]
    chosen = dice(event.key, "certificate").choice(others)
    if "revoke" in words:
        with clock.stopped_at(_afternoon(words["revoke"]["day"])):
            service.revoke(chosen, words["revoke"]["reason"], scene.organizer)
    if "reissue" in words:
        with clock.stopped_at(_afternoon(words["reissue"]["day"])):
            _reissue(scene, event, chosen)


def add_course(scene: Scene, slug: str) -> None:
    """Write what the certificates of a course say; none is issued."""
    course = session().scalars(select(Course).where(Course.slug == slug)).one()
    _write(scene, course, "trang-trong", "Lam Khê")


def _write(scene: Scene, subject: Event | Course, design: str, place: str) -> None:
    programme.set_programme(
        subject, by=scene.organizer, agency=scene.office, place=place, design=Design(design), **_OFFICIAL
    )


def _reissue(scene: Scene, event: Event, certificate: Certificate) -> None:
    """Someone's post was printed wrongly: they get another one in its place."""
    delegate = registration.find_delegate(event.id, certificate.person_id)
    assert delegate is not None
    post = printed_post("Phó Chánh Văn phòng", delegate.unit.name, UnitKind(delegate.unit.kind))
    service.reissue(certificate, scene.organizer, post_unit=post)


def _afternoon(on: date) -> datetime:
    return clock.at_local(on, time(14, 30))
