"""Inviting delegates: who was, who can be, who has no address."""

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _, explain
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events.models import Event
from lms.registration import invitations as inviting
from lms.registration import policy, queries
from lms.registration.manage import Answer, managed
from lms.registration.views import blueprint


@blueprint.get("/events/<key>/invitations")
@requires(Permission.DELEGATES)
def invitations(key: str) -> Answer:
    """How many were invited, and who cannot be for want of an address."""
    return _page(managed(key))


@blueprint.post("/events/<key>/invitations")
@requires(Permission.DELEGATES)
def invite(key: str) -> Answer:
    """Invite everyone not yet invited, by a job; or one delegate, at once and as often as asked."""
    event = managed(key)
    one = request.form.get("delegate", type=lambda number: min(int(number), 2**31 - 1))
    try:
        if one is None:
            job = inviting.invite_all(event, current_user, url_for("registration.invitations", key=key))
            return see(url_for("home.job", job_id=job.id))
        delegate = queries.get_delegate(event, one)
        inviting.invite(delegate, current_user.id)
    except RuleBroken as refusal:
        session().rollback()
        return _page(event, explain(refusal)), 422
    flash(_("Đã gửi lời mời cho %(name)s.", name=delegate.full_name), "ok")
    return see(url_for("registration.delegate", key=key, delegate_id=one))


def _page(event: Event, message: str | None = None) -> str:
    page = queries.without_email(event, request.args.get("page", 1, type=int))
    counts = queries.counts(event)
    return render_template(
        "registration/invitations.html",
        event=event,
        counts=counts,
        page=page,
        ready=counts.uninvited - page.total,
        may_invite=policy.may_invite(event),
        message=message,
        specimen=event.specimen,
    )
