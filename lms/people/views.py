"""People, for those who run the system: the list, one person, a correction."""

from flask import Blueprint, flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core.access import requires
from lms.core.db import session
from lms.core.i18n import _
from lms.core.paging import paginate
from lms.core.permissions import Permission
from lms.core.web import see
from lms.people import belongings, duplicates, queries, requests, service
from lms.people.forms import CorrectionForm

blueprint = Blueprint("people", __name__, url_prefix="/people")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
@requires(Permission.SYSTEM)
def index() -> str:
    """People in list order, searched without accents."""
    text = request.args.get("q", "")
    page = paginate(session(), queries.searched(text), request.args.get("page", 1, type=int))
    asked, late = requests.count_open()
    alike = duplicates.count_open()
    return render_template("people/index.html", page=page, q=text, asked=asked, late=late, alike=alike)


@blueprint.get("/<int:person_id>")
@requires(Permission.SYSTEM)
def show(person_id: int) -> Answer:
    """One person and the posts they hold and held; one who was merged leads on to whom they are now."""
    person = queries.get_living(person_id)
    if person.id != person_id:
        return see(url_for("people.show", person_id=person.id))
    return render_template(
        "people/show.html",
        person=person,
        belongs=belongings.counts([person.id])[person.id],
        merges=duplicates.merges_into(person),
        requests=requests.of_person(person),
        clock_of=requests.clock_of,
        kinds=requests.KINDS,
    )


@blueprint.route("/<int:person_id>/correction", methods=["GET", "POST"])
@requires(Permission.SYSTEM)
def correct(person_id: int) -> Answer:
    """Correct name, title and contacts."""
    person = queries.get_living(person_id)
    form = CorrectionForm(obj=person)
    if request.method == "POST" and form.validate():
        service.correct(
            person,
            full_name=form.full_name.data or "",
            title=form.title.data or "",
            email=form.email.data,
            phone=form.phone.data,
            actor_id=current_user.id,
        )
        flash(_("Đã sửa. Giấy đã cấp không đổi."), "ok")
        return see(url_for("people.show", person_id=person.id))
    status = 422 if request.method == "POST" else 200
    return render_template("people/correction.html", form=form, person=person), status
