"""Files of scans that devices saved: handing one in, and what became of each line."""

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import handed_in
from lms.attendance.paper_forms import FileForm
from lms.attendance.views import blueprint
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import queries as events


@blueprint.route("/attendance/files", methods=["GET", "POST"])
@requires(Permission.DOOR)
def files(key: str) -> Response | str | tuple[str, int]:
    """Hand in a file; the receipt of one, and the files handed in last."""
    event, form = events.get_managed_event(current_user, key, Permission.DOOR), FileForm()
    if form.validate_on_submit():
        sent = form.file.data
        try:
            receipt = handed_in.hand_in(event, sent.filename or "", sent.read(), current_user._get_current_object())
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã đọc tệp “%(name)s”.", name=receipt.detail["file"]), "ok")
            return see(url_for("attendance.files", key=key, receipt=receipt.id))
    asked = request.args.get("receipt", type=int)
    page = render_template(
        "attendance/files.html",
        event=event,
        form=form,
        receipt=handed_in.get_receipt(event, asked) if asked is not None else None,
        earlier=handed_in.latest(event),
    )
    return page, 422 if form.is_submitted() else 200
