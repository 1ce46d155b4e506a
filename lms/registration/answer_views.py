"""What someone invited sees without an account: their invitation, by its personal link; and calendars for anyone.

The link is a secret: its pages are not indexed, not kept, and tell no other site where the reader came from.
"""

from flask import Response, current_app, flash, make_response, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts import queries as accounts
from lms.accounts import service as accounts_service
from lms.accounts.models import Account
from lms.core import mail
from lms.core.access import public
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _, explain
from lms.core.web import download, see, whole_address
from lms.events import queries as events
from lms.events.models import Event
from lms.events.panels import Panel
from lms.events.views import reader
from lms.registration import answers, ical, invitation_mail, links, queries
from lms.registration.answer_forms import DeclineForm, InvitedSubstituteForm
from lms.registration.models import Invitation
from lms.registration.views import blueprint
from lms.registration.words import ROLES


@blueprint.get("/invitations/<link>")
@public
def invitation(link: str) -> Response:
    """The invitation as it stands, and what can be answered."""
    return _page(links.get_invitation(link), link)


@blueprint.post("/invitations/<link>/acceptance")
@public
def accept_invitation(link: str) -> BaseResponse:
    """Accept."""
    found = links.get_invitation(link)
    try:
        answers.accept(found)
    except RuleBroken as refusal:
        return _refused(link, refusal)
    return see(url_for("registration.invitation", link=link))


@blueprint.post("/invitations/<link>/refusal")
@public
def decline_invitation(link: str) -> BaseResponse:
    """Decline, with a reason."""
    found, form = links.get_invitation(link), DeclineForm()
    if not form.validate():
        return _page(found, link, decline_form=form, status=422)
    try:
        answers.decline(found, form.reason.data or "")
    except RuleBroken as refusal:
        return _refused(link, refusal)
    return see(url_for("registration.invitation", link=link))


@blueprint.post("/invitations/<link>/substitute")
@public
def name_substitute(link: str) -> BaseResponse:
    """Name someone of the same unit in one's place."""
    found, form = links.get_invitation(link), InvitedSubstituteForm()
    if not form.validate():
        return _page(found, link, substitute_form=form, status=422)
    try:
        answers.substitute(found, form.candidate(found.delegate.unit))
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return _page(links.get_invitation(link), link, substitute_form=form, status=422)
    return see(url_for("registration.invitation", link=link))


@blueprint.post("/invitations/<link>/password")
@public
def invitation_password(link: str) -> BaseResponse:
    """Mail a link to set a password to the invitation's address; it is not shown, for this page may be passed on."""
    found = links.get_invitation(link)
    account = _without_password(found)
    if account is None:
        raise NotFound
    issued = accounts_service.request_reset(account.email)
    if issued is not None:
        template = current_app.jinja_env.get_template("registration/mail_password.txt")
        facts = invitation_mail.facts(found, account.email)
        body = template.render(**facts, password_url=whole_address("accounts.password", token=issued[1]))
        subject = f"[Đặt mật khẩu] {found.delegate.event.title}"[:300]
        mail.post(account.email, subject, body, about=f"account:{account.id}")
    flash(_("Liên kết đặt mật khẩu đã gửi đến %(address)s.", address=_masked(account.email)), "ok")
    return see(url_for("registration.invitation", link=link))


@blueprint.get("/invitations/<link>/invite.ics")
@public
def invitation_calendar(link: str) -> Response:
    """The event with the reader's own place, as a file for any calendar."""
    delegate = links.get_invitation(link).delegate
    place = invitation_mail.place_of(delegate)
    content = ical.published(delegate.event, invitation_mail.site(), place).encode()
    return _private(download(content, f"{delegate.event.key}.ics", ical.MEDIA_TYPE))


@blueprint.get("/calendar/<key>.ics")
@public
def calendar(key: str) -> Response:
    """A published event for any calendar, to be subscribed to."""
    event = events.get_visible_event(reader(), key)
    if event.published_at is None:
        raise NotFound
    response = download(ical.published(event, invitation_mail.site()).encode(), f"{key}.ics", ical.MEDIA_TYPE)
    response.headers["Cache-Control"] = "public, max-age=900"
    return response


def calendar_panel(event: Event, _account: Account | None) -> list[Panel]:
    """On the public page of an event: its calendar."""
    return [Panel(5, "registration/_calendar.html")] if event.state == "published" else []


def _refused(link: str, refusal: RuleBroken) -> Response:
    """The page as it now is, with what was refused; what the act changed so far is taken back."""
    session().rollback()
    return _page(links.get_invitation(link), link, message=explain(refusal), status=422)


def _page(
    found: Invitation,
    link: str,
    *,
    decline_form: DeclineForm | None = None,
    substitute_form: InvitedSubstituteForm | None = None,
    message: str | None = None,
    status: int = 200,
) -> Response:
    delegate = found.delegate
    unused = _without_password(found)
    page = render_template(
        "registration/invitation.html",
        invitation=found,
        delegate=delegate,
        event=delegate.event,
        link=link,
        standing=answers.standing(found),
        may_answer=answers.may_answer(found),
        last_day=links.last_day(found),
        substitute=queries.substitute_of(delegate),
        contacts=invitation_mail.contacts(delegate),
        decline_form=decline_form or DeclineForm(formdata=None),
        substitute_form=substitute_form or InvitedSubstituteForm(formdata=None),
        roles=ROLES,
        password_address=_masked(unused.email) if unused is not None else None,
        message=message,
        wrong=status >= 400,
        specimen=delegate.event.specimen,
    )
    return _private(make_response(page, status))


def _private(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"  # none at all would have the CSRF check refuse every answer
    return response


def _without_password(found: Invitation) -> Account | None:
    """The account of whoever is invited, if they still come and have never set a password."""
    account = accounts.of_person(found.delegate.person_id)
    if account is None or account.password_hash is not None or not account.is_active:
        return None
    return account if found.delegate.withdrawn_at is None else None


def _masked(address: str) -> str:
    """An address its owner knows again and nobody else learns: t•••@example.vn."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"
