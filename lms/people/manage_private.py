"""Private details of one person: that they are kept and why is shown to who may; what they are, one look at a time."""

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.people import private
from lms.people.forms import PrivateForm
from lms.people.models import Person
from lms.people.views import Answer, blueprint


def _person(person_id: int) -> Person:
    return private.get_in_scope(person_id, current_user.unit_paths(Permission.PRIVATE))


@blueprint.route("/<int:person_id>/private", methods=["GET", "POST"])
@requires(Permission.PRIVATE)
def private_details(person_id: int) -> Answer:
    """Which details are kept and why, without showing them; writing them anew."""
    person, form = _person(person_id), PrivateForm()
    if request.method == "GET":
        return _page(person, None if private.kinds_held(person.id) else form)
    if form.validate():
        try:
            private.record(
                person,
                born=form.born.data or "",
                id_number=form.id_number.data or "",
                ethnic_group=form.ethnic_group.data or "",
                purpose=form.purpose.data or "",
                keep_until=form.keep_until.data,
                actor_id=current_user.id,
            )
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã ghi thông tin riêng."), "ok")
            return see(url_for("people.private_details", person_id=person_id))
    return _page(_person(person_id), form), 422


@blueprint.post("/<int:person_id>/private/viewing")
@requires(Permission.PRIVATE)
def look(person_id: int) -> str:
    """Show the details this once, and record that they were looked at."""
    person = _person(person_id)
    details = private.look(person, current_user.id)
    return _page(person, PrivateForm(formdata=None, obj=details), shown=True)


@blueprint.post("/<int:person_id>/private/removal")
@requires(Permission.PRIVATE)
def forget(person_id: int) -> Answer:
    """Delete the details."""
    if private.forget(_person(person_id), current_user.id):
        flash(_("Đã xóa thông tin riêng."), "ok")
    return see(url_for("people.private_details", person_id=person_id))


def _page(person: Person, form: PrivateForm | None, *, shown: bool = False) -> str:
    kinds = private.kinds_held(person.id)
    details = private.find(person.id) if kinds else None
    return render_template(
        "people/private.html",
        person=person,
        form=form,
        shown=shown,
        details=details,
        kinds=[private.FIELDS[kind] for kind in kinds],
    )
