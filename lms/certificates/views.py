"""For holders: their certificates, the files, and what an event still asks of them."""

from flask import Blueprint, Response, render_template
from flask_login import current_user

from lms.attendance.own_presence import recorded
from lms.certificates import queries, records
from lms.core import clock, files
from lms.core.access import signed_in
from lms.core.errors import NotFound
from lms.core.web import download as file_answer
from lms.events import queries as events
from lms.registration.queries import find_delegate

blueprint = Blueprint("certificates", __name__)


@blueprint.get("/certificates/")
@signed_in
def mine() -> str:
    """One's own certificates, revoked ones too."""
    return render_template("certificates/mine.html", certificates=queries.own(current_user.person_id))


@blueprint.get("/certificates/<int:certificate_id>.pdf")
@signed_in
def download(certificate_id: int) -> Response:
    """The frozen PDF, for its holder and for those who issue."""
    certificate = queries.get_readable(current_user, certificate_id)
    return file_answer(files.read(certificate.file), f"{certificate.public_number}.pdf", "application/pdf")


@blueprint.get("/events/<key>/entitlement")
@signed_in
def entitlement(key: str) -> str:
    """What the event asks for its certificate, what one has of it, and how to make up the rest."""
    event = events.get_visible_event(current_user, key)
    delegate = find_delegate(event.id, current_user.person_id)
    if delegate is None:
        raise NotFound
    requirements = records.requirements_of(event)
    candidate = records.candidate_of(event, delegate, requirements)
    if candidate is None:
        raise NotFound
    return render_template(
        "certificates/entitlement.html",
        event=event,
        needs=requirements,
        candidate=candidate,
        recorded={one.half_day.id: one for one in recorded(event, delegate)},
        held=requirements.held_by(clock.now()),
        certificate=queries.find_own(event, current_user.person_id),
    )
