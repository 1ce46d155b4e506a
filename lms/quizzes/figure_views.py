"""Images in questions: shown to whoever is signed in, handed in by those who write."""

from flask import Response, jsonify, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import files
from lms.core.access import requires, signed_in
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import explain
from lms.core.permissions import Permission
from lms.quizzes import figures, queries
from lms.quizzes.pages import blueprint


@blueprint.get("/question-figures/<digest>")
@signed_in
def figure(digest: str) -> Response:
    """An image by the SHA-256 of its bytes, which only a question tells; it never changes, so a browser keeps it."""
    found = figures.get(digest)
    try:
        content = files.read(found.digest)
    except FileNotFoundError as error:
        raise NotFound from error
    response = Response(content, mimetype=found.media_type)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@blueprint.post("/question-banks/<int:bank_id>/figures")
@requires(Permission.QUESTIONS)
def new_figure(bank_id: int) -> BaseResponse | tuple[BaseResponse, int]:
    """Keep an image for a question under work; the answer, for the editor's script, names it."""
    bank = queries.get_bank(current_user, bank_id)
    uploaded = request.files.get("figure")
    if bank.from_files:
        raise NotFound
    try:
        kept = figures.keep(uploaded.read(figures.LARGEST_FILE + 1) if uploaded else b"", current_user.id)
    except RuleBroken as refusal:
        session().rollback()
        return jsonify({"message": explain(refusal)}), 422
    address = url_for("quizzes.figure", digest=kept.digest)
    return jsonify({"digest": kept.digest, "address": address, "width": kept.width, "height": kept.height})
