"""Inviting delegates: how many were, what they answered, whose mail came back; send, send again, remind, update."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.accounts.models import Account
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _, explain
from lms.core.jobs import Job
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events.models import Event
from lms.registration import addresses, answer_lists, policy, queries, reminders, rounds, updates
from lms.registration import invitations as inviting
from lms.registration.manage import Answer, managed
from lms.registration.views import blueprint


@blueprint.get("/events/<key>/invitations")
@requires(Permission.DELEGATES)
def invitations(key: str) -> Answer:
    """The numbers, each a link to its list, and a page of the list chosen."""
    return _page(managed(key))


@blueprint.post("/events/<key>/invitations")
@requires(Permission.DELEGATES)
def invite(key: str) -> Answer:
    """Invite everyone not yet invited, or whose address was corrected, by a job; or one delegate, at once.

    From the list of answers one comes back to the same place of it: its `state` and `page` stand in the address.
    """
    event = managed(key)
    one = request.form.get("delegate", type=lambda number: min(int(number), 2**31 - 1))
    if one is None:
        whom = inviting.CORRECTED if request.form.get("whom") == inviting.CORRECTED else inviting.UNINVITED
        return _round(event, lambda actor, back: inviting.invite_all(event, actor, back, whom))
    try:
        delegate = queries.get_delegate(event, one)
        inviting.invite(delegate, current_user.id)
    except RuleBroken as refusal:
        session().rollback()
        return _page(event, explain(refusal)), 422
    email = addresses.recipient_of(delegate)
    flash(_("Đã gửi lời mời cho %(name)s, về %(email)s.", name=delegate.full_name, email=email), "ok")
    if "state" not in request.args:
        return see(url_for("registration.delegate", key=key, delegate_id=one))
    place: dict[str, Any] = {name: request.args[name] for name in ("state", "page") if request.args.get(name)}
    return see(url_for("registration.invitations", key=key, **place, _anchor="list"))


@blueprint.post("/events/<key>/invitations/reminders")
@requires(Permission.DELEGATES)
def remind(key: str) -> Answer:
    """Remind everyone who has not answered, by a job."""
    event = managed(key)
    return _round(event, lambda actor, back: reminders.remind_all(event, actor, back))


@blueprint.post("/events/<key>/invitations/updates")
@requires(Permission.DELEGATES)
def send_updates(key: str) -> Answer:
    """Send the event as it is now to everyone whose calendar is older, by a job."""
    event = managed(key)
    return _round(event, lambda actor, back: updates.update_all(event, actor, back))


def _round(event: Event, begin: Callable[[Account, str], Job]) -> Answer:
    """Begin a job of mails and show how far it is, or say why there is none."""
    try:
        job = begin(current_user._get_current_object(), url_for("registration.invitations", key=event.key))
    except RuleBroken as refusal:
        session().rollback()
        return _page(event, explain(refusal)), 422
    return see(url_for("home.job", job_id=job.id))


def _page(event: Event, message: str | None = None) -> str:
    counts = answer_lists.counts(event)
    state = request.args.get("state", "")
    if state not in answer_lists.STATES:
        state = next((one for one in ("bounced", "unanswered", "unaddressed") if counts[one]), "invited")
    return render_template(
        "registration/invitations.html",
        event=event,
        counts=counts,
        active=queries.counts(event).active,
        state=state,
        page=answer_lists.listed(event, state, request.args.get("page", 1, type=int)),
        corrected=inviting.corrected(event) if counts["bounced"] else 0,
        remindable=rounds.number_of(reminders.remindable(event)) if counts["unanswered"] else 0,
        behind=updates.behind(event),
        due=_coming_reminders(event),
        may_invite=policy.may_invite(event),
        message=message,
        specimen=event.specimen,
    )


def _coming_reminders(event: Event) -> list[tuple[str, Any]]:
    """(what is reminded of, on which day) of the reminders still to come, in order."""
    found = {(kind, reminders.due_on(event, kind, days)) for kind, days in reminders.DAYS_BEFORE}
    coming = [(kind, day) for kind, day in found if day is not None and reminders.is_ahead(day)]
    return sorted(coming, key=lambda one: (one[1], one[0]))
