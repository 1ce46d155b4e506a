"""The public pages of events: the list, one event, its documents."""

from io import BytesIO

from flask import Blueprint, Response, render_template, request, send_file
from flask_login import current_user
from markupsafe import Markup

from lms.accounts.models import Account
from lms.core import clock, files
from lms.core.access import public
from lms.core.errors import NotFound
from lms.core.permissions import Permission
from lms.events import panels, policy, posts_held, queries, whole
from lms.events.forms import HALF_WORDS, HOST_WORDS, KIND_WORDS

blueprint = Blueprint("events", __name__)


def reader() -> Account | None:
    """Whoever is signed in, None for a visitor."""
    return current_user._get_current_object() if current_user.is_authenticated else None


@blueprint.get("/events/")
@public
def index() -> str:
    """Events going on, to come, past; searched without accents."""
    account = reader()
    organizes = account is not None and account.has_permission(Permission.EVENTS)
    own, text = organizes and request.args.get("own") == "1", request.args.get("q", "")
    page = queries.list_events(account, search=text, own=own, page=request.args.get("page", 1, type=int))
    return render_template(
        "events/index.html",
        page=page,
        q=text,
        own=own,
        organizes=organizes,
        may_create=account is not None and policy.may_create(account),
        today=clock.today(),
        kind_words=KIND_WORDS,
    )


@blueprint.get("/events/<key>")
@public
def show(key: str) -> str:
    """An event: facts, agenda with the posts of that day, documents, and what other features add."""
    account = reader()
    event = whole.loaded(queries.get_visible_event(account, key))
    parts = [
        Markup(render_template(panel.template, event=event, panel=panel, **panel.values))
        for panel in panels.of(event, account)
    ]
    return render_template(
        "events/show.html",
        event=event,
        panels=parts,
        may_manage=policy.may_manage(account, event),
        posts_of=posts_held.of,
        kind_words=KIND_WORDS,
        half_words=HALF_WORDS,
        host_words=HOST_WORDS,
    )


@blueprint.get("/events/<key>/documents/<int:document_id>")
@public
def document(key: str, document_id: int) -> Response:
    """A document of an event, for anyone who may see the event."""
    event = queries.get_visible_event(reader(), key)
    found = queries.get_document(event, document_id)
    try:
        content = BytesIO(files.read(found.file))
    except FileNotFoundError:
        raise NotFound from None
    answer = send_file(content, found.media_type, as_attachment=True, download_name=found.file_name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
