"""Importing a spreadsheet for those who run the event: choose the file, put rows right, look again, write."""

from lms.core.access import requires
from lms.core.permissions import Permission
from lms.registration import import_pages
from lms.registration.import_pages import Desk
from lms.registration.manage import Answer, managed
from lms.registration.views import blueprint


@blueprint.route("/events/<key>/imports", methods=["GET", "POST"])
@requires(Permission.DELEGATES)
def imports(key: str) -> Answer:
    """Choose a file; nothing is written yet."""
    return import_pages.choose_file(Desk(managed(key)))


@blueprint.get("/events/<key>/imports/<int:import_id>")
@requires(Permission.DELEGATES)
def show_import(key: str, import_id: int) -> Answer:
    """The rows as they stand: those with errors to be put right, then all, then the writing."""
    return import_pages.show(Desk(managed(key)), import_id)


@blueprint.post("/events/<key>/imports/<int:import_id>/corrections")
@requires(Permission.DELEGATES)
def correct_import(key: str, import_id: int) -> Answer:
    """Keep all that was said on the page and check again."""
    return import_pages.correct(Desk(managed(key)), import_id)


@blueprint.post("/events/<key>/imports/<int:import_id>/columns")
@requires(Permission.DELEGATES)
def choose_columns(key: str, import_id: int) -> Answer:
    """Say which column holds what, and which sheets are lists."""
    return import_pages.choose_columns(Desk(managed(key)), import_id)


@blueprint.post("/events/<key>/imports/<int:import_id>/undoing")
@requires(Permission.DELEGATES)
def undo_import(key: str, import_id: int) -> Answer:
    """Take a written import back."""
    return import_pages.undo(Desk(managed(key)), import_id)


@blueprint.post("/events/<key>/imports/<int:import_id>/writing")
@requires(Permission.DELEGATES)
def write_import(key: str, import_id: int) -> Answer:
    """Write all rows at once as the page says."""
    return import_pages.write(Desk(managed(key)), import_id)


@blueprint.post("/events/<key>/imports/<int:import_id>/removal")
@requires(Permission.DELEGATES)
def remove_import(key: str, import_id: int) -> Answer:
    """Put an import aside that was not written."""
    return import_pages.remove(Desk(managed(key)), import_id)
