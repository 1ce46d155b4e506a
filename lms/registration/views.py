"""What a delegate sees: registering by the event's link, their place on the event page, their ticket as a QR code."""

from flask import Blueprint, Response, flash, render_template, url_for
from flask import session as browser
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.models import Account
from lms.core import tokens
from lms.core.access import public, signed_in
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _
from lms.core.text import fold
from lms.core.web import see
from lms.events import queries as events
from lms.events.models import Event
from lms.events.panels import Panel
from lms.registration import answers, applications, choosing, notices, policy, queries, service, tickets, waiting
from lms.registration.forms import RegistrationForm
from lms.registration.models import Application, ApplicationState
from lms.registration.words import APPLICATION_STATES

blueprint = Blueprint("registration", __name__)


_SENT = "lms_registration"
"""Where a browser's session keeps whom it registered last."""

Answer = str | BaseResponse | tuple[str, int]


@blueprint.route("/events/<key>/registration", methods=["GET", "POST"])
@public
def register(key: str) -> Answer:
    """Put oneself on the list of an event that allows it; who is signed in finds their own name filled in."""
    account = current_user._get_current_object() if current_user.is_authenticated else None
    event = events.get_visible_event(account, key)
    form = RegistrationForm()
    form.offer_points([(point.id, point.name) for point in event.points])
    if form.validate_on_submit():
        try:
            candidate = _candidate(event, form)
            asked = applications.ask_by_link(event, candidate, account)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            return _led_on(event, candidate, asked, account)
    elif not form.is_submitted() and account is not None:
        _fill_in(form, account)
    page = render_template(
        "registration/register.html",
        event=event,
        form=form,
        may_register=policy.may_register(event),
        full=event.seats is not None and event.seats_taken >= event.seats,
        units=choosing.unit_suggestions(event),
        specimen=event.specimen,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/events/<key>/registration/received")
@public
def received(key: str) -> str:
    """The same answer for whoever has registered, known or not: where the letter with all further goes."""
    account = current_user._get_current_object() if current_user.is_authenticated else None
    event, sent = events.get_visible_event(account, key), browser.get(_SENT, {})
    return render_template(
        "registration/received.html",
        event=event,
        sent=sent if sent.get("event") == event.key else {},
        specimen=event.specimen,
    )


@blueprint.get("/registrations/<application_token>")
@public
def application(application_token: str) -> Answer:
    """How one's registration stands, by the personal link."""
    found = _application(application_token)
    return render_template(
        "registration/application.html",
        application=found,
        event=found.event,
        token=application_token,
        standing=waiting.standing(found) if found.state == ApplicationState.WAITING else 0,
        seated=_is_seated(found),
        outside=found.quota_unit_id is None and bool(queries.quota_picture(found.event).lines),
        states=APPLICATION_STATES,
        may_change=policy.may_change(found.event),
        specimen=found.event.specimen,
    )


@blueprint.post("/registrations/<application_token>/withdrawal")
@public
def withdraw_application(application_token: str) -> Answer:
    """Take one's registration back; a seat goes on to whoever waits."""
    found = _application(application_token)
    if _is_seated(found) and found.delegate is not None and policy.may_change(found.event):
        service.withdraw(found.delegate, None, _("Tự rút đăng ký"))
        flash(_("Đã rút đăng ký. Chỗ này dành cho người đang chờ, nếu có."), "ok")
    elif found.state in applications.OPEN:
        applications.take_back(found)
        flash(_("Đã rút đăng ký."), "ok")
    return see(url_for("registration.application", application_token=application_token))


@blueprint.get("/events/<key>/my-ticket.svg")
@signed_in
def my_ticket(key: str) -> Response:
    """The QR code of the reader's own ticket; 404 for who is not on the list."""
    event = events.get_visible_event(current_user, key)
    delegate = queries.find_delegate(event.id, current_user.person_id)
    if delegate is None or delegate.withdrawn_at is not None:
        raise NotFound
    return Response(tickets.picture(delegate.ticket), mimetype="image/svg+xml")


def own_panel(event: Event, account: Account | None) -> list[Panel]:
    """ "You are on the list", with the ticket, for a delegate who is signed in; for others how to register."""
    delegate = queries.find_delegate(event.id, account.person_id) if account is not None else None
    if delegate is not None:
        values = {"delegate": delegate, "answer": answers.open_link(delegate)}
        return [Panel(10, "registration/_panel.html", values)]
    return [Panel(10, "registration/_panel_register.html")] if policy.may_register(event) else []


def _led_on(
    event: Event, candidate: service.Candidate, asked: Application | None, account: Account | None
) -> BaseResponse:
    """To the answer that everybody gets; only who is signed in and asks for themselves goes to their own page.

    Whoever knows a name and an address learns nothing: how it stands is mailed to that address.
    """
    mine = account is not None and (account.email, fold(account.name)) == (candidate.email, fold(candidate.full_name))
    if asked is not None and mine:
        return see(notices.own_path(asked))
    browser[_SENT] = {"event": event.key, "name": candidate.full_name, "email": candidate.email}
    return see(url_for("registration.received", key=event.key))


def _application(token: str) -> Application:
    found = session().get(Application, tokens.opened(notices.APPLICATION, token))
    if found is None:
        raise NotFound
    return found


def _is_seated(found: Application) -> bool:
    delegate = found.delegate
    return found.state == ApplicationState.SEATED and delegate is not None and delegate.withdrawn_at is None


def _candidate(event: Event, form: RegistrationForm) -> service.Candidate:
    unit = service.get_unit(event, form.unit.data or "")
    chosen = form.point.data if "point" in form else None
    point = next((one for one in event.points if str(one.id) == chosen), None)
    return form.candidate(unit, point)


def _fill_in(form: RegistrationForm, account: Account) -> None:
    """What is known of who is signed in: their name, address, and first post."""
    form.full_name.data, form.email.data = account.name, account.email
    form.phone.data = account.person.phone
    if account.person.posts:
        form.post.data, form.unit.data = account.person.posts[0].name, account.person.posts[0].unit.name
