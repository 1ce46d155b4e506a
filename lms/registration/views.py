"""What a delegate sees: their place on the public event page, and their ticket as a QR code."""

from flask import Blueprint, Response
from flask_login import current_user

from lms.accounts.models import Account
from lms.core.access import signed_in
from lms.core.errors import NotFound
from lms.events import queries as events
from lms.events.models import Event
from lms.events.panels import Panel
from lms.registration import queries, tickets

blueprint = Blueprint("registration", __name__)

ID = "int(max=2147483647)"
"""Converter of a row's number in an address: a greater one is in no database, and is not asked for."""


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
    """ "You are on the list", with the ticket, for a delegate who is signed in; also when they have withdrawn."""
    if account is None:
        return []
    delegate = queries.find_delegate(event.id, account.person_id)
    if delegate is None:
        return []
    return [Panel(10, "registration/_panel.html", {"delegate": delegate})]
