"""Front page by role, language and look, the footer's pages, a job's progress, and the health addresses."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import text
from werkzeug.wrappers import Response as BaseResponse

from lms.core.access import public, requires, signed_in
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.i18n import LANGUAGES, PREFERENCE_COOKIE
from lms.core.jobs import Job
from lms.core.permissions import Permission
from lms.core.web import local_path, see
from lms.home import queries, work
from lms.home.navigation import chief_role

blueprint = Blueprint("home", __name__)

ABOUT_PAGES = ("accessibility", "privacy", "help")
_YEAR = 365 * 24 * 3600


@blueprint.get("/")
@public
def index() -> str:
    """For each role its own work; for a visitor what this is and the certificate box."""
    role = chief_role()
    if role == "public":
        return render_template("home/front.html", events=queries.coming_public_events())
    return render_template(f"home/{role}.html", **work.of(role, current_user))


@blueprint.post("/preferences")
@public
def preferences() -> BaseResponse:
    """Remember the language and the look in this browser, and with the account when signed in."""
    response = see(local_path(request.form.get("next")) or url_for("home.index"))
    language, theme = request.form.get("language"), request.form.get("theme")
    if language in LANGUAGES:
        response.set_cookie(PREFERENCE_COOKIE, language, max_age=_YEAR, samesite="Lax", httponly=True)
        if current_user.is_authenticated:
            current_user.language = language
    if theme in {"light", "dark", "system"}:
        response.set_cookie("lms_theme", theme, max_age=_YEAR, samesite="Lax", httponly=True)
    return response


@blueprint.get("/about/<name>")
@public
def about(name: str) -> str:
    """The footer's pages: accessibility, privacy, help."""
    if name not in ABOUT_PAGES:
        abort(404)
    return render_template(f"home/about_{name}.html")


@blueprint.get("/jobs/<job_id>")
@signed_in
def job(job_id: str) -> str | Response:
    """How far a job is; its owner and those who run the system see it."""
    found = db.session.get(Job, job_id)
    if found is None or not (found.owner_id == current_user.id or current_user.has_permission(Permission.SYSTEM)):
        raise NotFound
    if "HX-Request" in request.headers:
        answer = make_response(render_template("home/_job.html", job=found))
        if found.state in {"done", "failed"}:
            answer.headers["HX-Refresh"] = "true"
        return answer
    return render_template("home/job.html", job=found, back=local_path(found.payload.get("back")))


@blueprint.get("/system")
@requires(Permission.SYSTEM)
def system() -> str:
    """Jobs, outgoing mail and the last acts."""
    return render_template("home/system.html", **queries.system_overview())


@blueprint.get("/system/mail/<int:mail_id>")
@requires(Permission.SYSTEM)
def mail(mail_id: int) -> str:
    """One outgoing message, as it was or will be sent."""
    return render_template("home/mail.html", mail=queries.get_mail(mail_id))


@blueprint.get("/healthz")
@public
def healthz() -> Any:
    """Alive."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@public
def readyz() -> Any:
    """Ready: the database answers and no job waits longer than it should."""
    db.session.execute(text("SELECT 1"))
    late = queries.late_jobs()
    return jsonify({"status": "ok" if not late else "late", "database": "ok", "late_jobs": late}), 200
