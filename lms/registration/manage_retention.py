"""How long what was recorded of an event's delegates is kept: the day, the preview, letting it go."""

from flask import flash, render_template, request, url_for
from flask_login import current_user
from wtforms import DateField

from lms.core import clock
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.forms import Form, optional
from lms.core.i18n import _, explain, lazy
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events.models import Event
from lms.registration import retention
from lms.registration.manage import Answer, managed
from lms.registration.views import blueprint


class RetentionForm(Form):
    """The day from which it may go."""

    keep_until = DateField(lazy("Giữ đến ngày"), [optional()], format=["%Y-%m-%d", "%d/%m/%Y"])


@blueprint.route("/events/<key>/retention", methods=["GET", "POST"])
@requires(Permission.DELEGATES)
def retention_of(key: str) -> Answer:
    """The day, and what would go."""
    event = managed(key)
    form = RetentionForm(obj=event)
    if request.method == "GET":
        return _page(event, form)
    if form.validate():
        try:
            retention.set_day(event, form.keep_until.data, current_user.id)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã ghi ngày giữ đến."), "ok")
            return see(url_for("registration.retention_of", key=key))
    return _page(event, form), 422


@blueprint.post("/events/<key>/retention/deletion")
@requires(Permission.DELEGATES)
def let_go(key: str) -> Answer:
    """Delete what goes, from the day on."""
    event = managed(key)
    try:
        gone = retention.let_go(event, current_user.id)
    except RuleBroken as refusal:
        session().rollback()
        flash(explain(refusal), "bad")
    else:
        if gone:
            flash(_("Đã xóa. Danh sách, điểm danh và giấy chứng nhận còn nguyên."), "ok")
        else:
            flash(_("Không còn gì để xóa."), "info")
    return see(url_for("registration.retention_of", key=key))


def _page(event: Event, form: RetentionForm) -> str:
    return render_template(
        "registration/retention.html",
        event=event,
        form=form,
        parts=retention.preview(event),
        kinds=retention.KINDS,
        today=clock.today(),
    )
