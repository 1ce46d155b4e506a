"""Pictures of courses; the pages of a course belong to learning, which knows who takes it."""

from flask import Blueprint, Response, abort

from lms.core import files
from lms.core.access import public
from lms.courses import queries

blueprint = Blueprint("courses", __name__, url_prefix="/courses")


@blueprint.get("/<slug>/files/<path:path>")
@public
def figure(slug: str, path: str) -> Response:
    """A figure; its own policy lets it run nothing and load nothing."""
    found = queries.find_figure(slug, path)
    if found is None:
        abort(404)
    response = Response(files.read(found.file), mimetype=found.media_type)
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(found.file)
    return response
