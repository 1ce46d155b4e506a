"""What is held about whoever is signed in: by category, as a copy, and their requests about it."""

from flask import Blueprint, Response, abort, flash, render_template, url_for
from flask_login import current_user

from lms.core.access import signed_in
from lms.core.errors import RuleBroken
from lms.core.i18n import _, day
from lms.core.web import download, see
from lms.people import copies, privacy, queries, requests
from lms.people.forms import OwnRequestForm
from lms.people.models import DataRequestKind
from lms.people.views import Answer

blueprint = Blueprint("own_privacy", __name__, url_prefix="/account/privacy")


@blueprint.get("")
@signed_in
def index() -> str:
    """What is held, why, who sees it, how long."""
    return _page(OwnRequestForm(formdata=None))


@blueprint.get("/copy.<suffix>")
@signed_in
def copy(suffix: str) -> Response:
    """A copy of everything held: JSON for machines, a zip with a page to read as well."""
    person = queries.get_living(current_user.person_id)
    if suffix == "json":
        return download(copies.as_json(person), "du-lieu-cua-toi.json", "application/json")
    if suffix != "zip":
        abort(404)
    return download(copies.as_zip(person), "du-lieu-cua-toi.zip", "application/zip")


@blueprint.post("/requests")
@signed_in
def ask() -> Answer:
    """Ask for a correction or erasure."""
    form = OwnRequestForm()
    if form.validate() and form.kind.data in {DataRequestKind.CORRECTION, DataRequestKind.ERASURE}:
        person = queries.get_living(current_user.person_id)
        try:
            made = requests.ask(person, DataRequestKind(form.kind.data), form.text.data or "", current_user.id)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã gửi đề nghị. Sẽ có trả lời chậm nhất hết ngày %(day)s.", day=day(made.due_at)), "ok")
            return see(url_for("own_privacy.index"))
    return _page(form), 422


def _page(form: OwnRequestForm) -> str:
    person = queries.get_living(current_user.person_id)
    return render_template(
        "people/privacy.html",
        person=person,
        holdings=privacy.held(person),
        form=form,
        requests=requests.of_person(person),
        clock_of=requests.clock_of,
        kinds=requests.KINDS,
    )
