"""People, for those who run the system."""

from flask import Blueprint, render_template, request

from lms.core.access import requires
from lms.core.db import session
from lms.core.paging import paginate
from lms.core.permissions import Permission
from lms.people import queries

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("/")
@requires(Permission.SYSTEM)
def index() -> str:
    """People in list order, searched without accents."""
    text = request.args.get("q", "")
    page = paginate(session(), queries.searched(text), request.args.get("page", 1, type=int))
    return render_template("people/index.html", page=page, q=text)


@blueprint.get("/<int:person_id>")
@requires(Permission.SYSTEM)
def show(person_id: int) -> str:
    """One person and the posts they hold and held."""
    return render_template("people/show.html", person=queries.get(person_id))
