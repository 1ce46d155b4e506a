"""Importing a unit's own people, for its focal point: the same steps, no more rights than seats."""

from flask_login import current_user

from lms.core.access import requires
from lms.core.permissions import Permission
from lms.registration import import_pages, unit_seats
from lms.registration.import_pages import Desk
from lms.registration.views import Answer, blueprint


@blueprint.route("/events/<key>/units/<unit_key>/imports", methods=["GET", "POST"])
@requires(Permission.SEATS)
def unit_imports(key: str, unit_key: str) -> Answer:
    """Choose a file; nothing is written yet."""
    return import_pages.choose_file(_desk(key, unit_key))


@blueprint.get("/events/<key>/units/<unit_key>/imports/<int:own_import_id>")
@requires(Permission.SEATS)
def unit_show_import(key: str, unit_key: str, own_import_id: int) -> Answer:
    """The rows as they stand: those with errors to be put right, then all, then the writing."""
    return import_pages.show(_desk(key, unit_key), own_import_id)


@blueprint.post("/events/<key>/units/<unit_key>/imports/<int:own_import_id>/corrections")
@requires(Permission.SEATS)
def unit_correct_import(key: str, unit_key: str, own_import_id: int) -> Answer:
    """Keep all that was said on the page and check again."""
    return import_pages.correct(_desk(key, unit_key), own_import_id)


@blueprint.post("/events/<key>/units/<unit_key>/imports/<int:own_import_id>/columns")
@requires(Permission.SEATS)
def unit_choose_columns(key: str, unit_key: str, own_import_id: int) -> Answer:
    """Say which column holds what, and which sheets are lists."""
    return import_pages.choose_columns(_desk(key, unit_key), own_import_id)


@blueprint.post("/events/<key>/units/<unit_key>/imports/<int:own_import_id>/undoing")
@requires(Permission.SEATS)
def unit_undo_import(key: str, unit_key: str, own_import_id: int) -> Answer:
    """Take a written import back."""
    return import_pages.undo(_desk(key, unit_key), own_import_id)


@blueprint.post("/events/<key>/units/<unit_key>/imports/<int:own_import_id>/writing")
@requires(Permission.SEATS)
def unit_write_import(key: str, unit_key: str, own_import_id: int) -> Answer:
    """Write all rows at once as the page says."""
    return import_pages.write(_desk(key, unit_key), own_import_id)


@blueprint.post("/events/<key>/units/<unit_key>/imports/<int:own_import_id>/removal")
@requires(Permission.SEATS)
def unit_remove_import(key: str, unit_key: str, own_import_id: int) -> Answer:
    """Put an import aside that was not written."""
    return import_pages.remove(_desk(key, unit_key), own_import_id)


def _desk(key: str, unit_key: str) -> Desk:
    """The desk of a unit that the reader serves; raises NotFound."""
    seats = unit_seats.get_unit_seats(current_user, key, unit_key)
    return Desk(seats.event, seats)
