"""For organizers: an event's certificates, from the wording to the issue, and the grounds of each judgement."""

import dataclasses
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.attendance.own_presence import recorded
from lms.certificates import overview, policy, programme, queries, records, service
from lms.certificates.forms import DESIGN_WORDS, ProgrammeForm
from lms.certificates.models import CertificateProgramme, Design
from lms.certificates.views import blueprint
from lms.core import clock
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken, RulesBroken
from lms.core.i18n import _, explain
from lms.core.paging import PER_PAGE, Page, nearest, paginate
from lms.core.pdf import TextDoesNotFit
from lms.core.permissions import Permission
from lms.core.web import download as file_answer
from lms.core.web import see
from lms.events import choosing
from lms.events import queries as events
from lms.events.models import Event
from lms.events.policy import may_manage
from lms.paperwork.queries import find_book
from lms.registration.queries import get_delegate

Answer = str | BaseResponse | tuple[str, int]
NAMES_SHOWN = 30


def managed(key: str) -> Event:
    """The event of the address, when one may issue its certificates; raises NotFound."""
    return events.get_managed_event(current_user, key, Permission.CERTIFICATES)


@blueprint.get("/events/<key>/certificates")
@requires(Permission.CERTIFICATES)
def issue(key: str) -> Answer:
    """Who is entitled and who is not, and why; the wording; what was issued."""
    return _issue_page(managed(key))


@blueprint.post("/events/<key>/certificates")
@requires(Permission.CERTIFICATES)
def start_issue(key: str) -> Answer:
    """Issue to all who are entitled, by a job whose progress is shown."""
    event = managed(key)
    try:
        job = service.start_issue(event, current_user, url_for("certificates.issue", key=key))
    except RuleBroken as refusal:
        session().rollback()
        return _issue_page(event, [(explain(refusal), None)]), 422
    return see(url_for("home.job", job_id=job.id))


@blueprint.get("/events/<key>/certificates/check")
@requires(Permission.CERTIFICATES)
def check_issue(key: str) -> Answer:
    """The last look: how many, from which number to which, who signs, and that it cannot be edited after."""
    event = managed(key)
    wording = queries.find_programme(event)
    try:
        policy.refuse_early_issue(event, wording, clock.today())
    except RuleBroken as refusal:
        flash(explain(refusal), "warn")
        return see(url_for("certificates.issue", key=key))
    sorted_out = overview.sort_out(records.candidates_of(event))
    if wording is None or not sorted_out.waiting:
        return see(url_for("certificates.issue", key=key))
    book = find_book(wording.agency_id, str(wording.kind), clock.today().year)
    first = (book.last_number if book else 0) + 1
    return render_template(
        "certificates/check.html",
        event=event,
        programme=wording,
        people=sorted_out.waiting,
        numbers=(first, first + len(sorted_out.waiting) - 1),
        today=clock.today(),
    )


@blueprint.route("/events/<key>/certificates/programme", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES)
def edit_programme(key: str) -> Answer:
    """What the certificates say and who signs."""
    event = managed(key)
    units = list(choosing.units_of(current_user, Permission.CERTIFICATES)) or [event.unit]
    wording = queries.find_programme(event)
    form = ProgrammeForm(data=_begun(event, wording, units))
    if form.validate_on_submit():
        try:
            agency = choosing.the_unit(form.agency.data or "", clock.today(), field="agency")
            programme.set_programme(event, by=current_user, agency=agency, **form.words())
        except (RuleBroken, RulesBroken) as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu nội dung giấy. Giấy đã cấp không đổi."), "ok")
            return see(url_for("certificates.issue", key=key))
    page = render_template("certificates/programme.html", event=event, form=form, units=units, programme=wording)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/events/<key>/certificates/preview.pdf")
@requires(Permission.CERTIFICATES)
def preview(key: str) -> Response:
    """A certificate as it would look in a design, with the longest or the shortest name."""
    event = managed(key)
    wording, design = queries.find_programme(event), request.args.get("design", "")
    if wording is None or (design and design not in set(Design)):
        raise NotFound
    person = _preview_people(event)[0 if request.args.get("name") != "shortest" else 1]
    try:
        content = programme.preview(wording, event, *person, design or None)
    except TextDoesNotFit as misfit:
        raise service.unprintable(person[0], misfit) from misfit
    return file_answer(content, f"{event.key}-specimen.pdf", "application/pdf", inline=True)


@blueprint.get("/events/<key>/certificates/delegates/<int:delegate_id>")
@requires(Permission.CERTIFICATES)
def grounds(key: str, delegate_id: int) -> str:
    """One delegate's judgement, line by line."""
    event = managed(key)
    needs = records.requirements_of(event)
    delegate = get_delegate(event, delegate_id)
    candidate = records.candidate_of(event, delegate, needs)
    if candidate is None:
        raise NotFound
    return render_template(
        "certificates/entitlement.html",
        event=event,
        needs=needs,
        candidate=candidate,
        recorded={one.half_day.id: one for one in recorded(event, delegate)},
        held=needs.held_by(clock.now()),
        certificate=queries.find_own(event, candidate.person_id),
        organizing=True,
    )


def _issue_page(event: Event, errors: list[tuple[str, str | None]] | None = None) -> str:
    needs = records.requirements_of(event)
    sorted_out = overview.sort_out(records.candidates_of(event, needs))
    group = sorted_out.group(request.args["group"]) if "group" in request.args else None
    wording = queries.find_programme(event)
    page = request.args.get("page", 1, type=int)
    pair = overview.longest_and_shortest(sorted_out.waiting)
    return render_template(
        "certificates/issue.html",
        event=event,
        errors=errors or [],
        needs=needs,
        sorted_out=sorted_out,
        group=group,
        group_page=_slice(group.people, page) if group else None,
        names_shown=NAMES_SHOWN,
        programme=wording,
        job=queries.find_job(wording),
        designs=DESIGN_WORDS,
        pair=pair,
        issued=paginate(session(), queries.issued_for(event), page) if group is None else None,
        may_edit_rule=may_manage(current_user, event),
    )


def _slice(people: tuple[records.Candidate, ...], number: int) -> Page[records.Candidate]:
    number = nearest(number, len(people))
    return Page(people[(number - 1) * PER_PAGE : number * PER_PAGE], number, PER_PAGE, len(people))


def _begun(event: Event, wording: CertificateProgramme | None, units: list[Any]) -> dict[str, Any]:
    """What the form shows before anything is typed: the programme, or a proposal from the event."""
    if wording is None:
        return programme.proposal(event, units)
    said = {one.name: getattr(wording, one.name) for one in dataclasses.fields(programme.Wording)}
    return said | {"agency": wording.agency.name, "kind": str(wording.kind), "design": str(wording.design)}


def _preview_people(event: Event) -> tuple[tuple[str, str], tuple[str, str]]:
    """Name and post of the longest and the shortest name among those entitled, invented ones where there are none."""
    pair = overview.longest_and_shortest(overview.sort_out(records.candidates_of(event)).waiting)
    if pair is None:
        return (programme.LONGEST_NAME, ""), (programme.SHORTEST_NAME, "")
    return (pair[0].name, pair[0].post), (pair[1].name, pair[1].post)
