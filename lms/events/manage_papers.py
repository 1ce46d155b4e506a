"""Pages about an event's documents, the rule for its certificate, and its staff."""

from flask import current_app, flash, render_template, request, url_for
from flask_login import current_user

from lms.accounts.models import Account
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import arrangements, choosing, queries, uploads
from lms.events.forms import STAFF_WORDS, DocumentForm, RuleForm, StaffForm
from lms.events.manage import Answer, Errors, explained, managed
from lms.events.models import Event, StaffRole
from lms.events.views import blueprint


@blueprint.route("/events/<key>/documents", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def documents(key: str) -> Answer:
    """Put up a document; those that are there."""
    event, form = managed(key), DocumentForm()
    limit = min(uploads.LARGEST, current_app.config["MAX_CONTENT_LENGTH"] or uploads.LARGEST)
    if form.validate_on_submit():
        try:
            upload = uploads.checked(form.file.data.filename or "", form.file.data.read(), largest=limit)
            arrangements.add_document(current_user, event, upload, form.title.data or "")
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã đưa tài liệu lên trang của sự kiện."), "ok")
            return see(url_for("events.documents", key=key))
    kinds = ", ".join(f".{kind}" for kind in uploads.KINDS if kind != "jpeg")
    page = render_template("events/documents.html", event=event, form=form, limit=limit, kinds=kinds)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/events/<key>/documents/<int:document_id>/removal")
@requires(Permission.EVENTS)
def remove_document(key: str, document_id: int) -> Answer:
    """Take a document off the event's page."""
    event = managed(key)
    arrangements.remove_document(current_user, event, queries.get_document(event, document_id))
    flash(_("Đã gỡ tài liệu."), "ok")
    return see(url_for("events.documents", key=key))


@blueprint.route("/events/<key>/rule", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def rule(key: str) -> Answer:
    """What the certificate asks for."""
    event, form = managed(key), RuleForm()
    tests = {str(quiz.id): quiz for quiz in choosing.tests_to_choose(event)}
    courses = {str(course.id): course for course in choosing.courses_to_choose(event)}
    form.test.choices = [("", _("Không có bài kiểm tra")), *((number, quiz.title) for number, quiz in tests.items())]
    form.courses.choices = [(number, course.title) for number, course in courses.items()]
    if form.validate_on_submit():
        try:
            arrangements.set_rule(
                current_user,
                event,
                attendance_percent=form.attendance_percent.data,
                test=tests.get(form.test.data),
                courses=[courses[number] for number in form.courses.data],
            )
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu điều kiện cấp giấy chứng nhận."), "ok")
            return see(url_for("events.manage", key=key))
    elif not form.is_submitted():
        form.attendance_percent.data = event.attendance_percent
        form.test.data = str(event.test_id or "")
        form.courses.data = [str(one.course_id) for one in event.required_courses]
    return render_template("events/rule.html", event=event, form=form), 422 if form.is_submitted() else 200


@blueprint.route("/events/<key>/staff", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def staff(key: str) -> Answer:
    """Who else works on this event."""
    event = managed(key)
    if request.method == "GET":
        return _staff_page(event)
    form = StaffForm()
    account = session().get(Account, form.account_id.data or 0)
    if account is None or not form.validate():
        return _staff_page(event, [(_("Chưa chọn được người. Hãy tìm lại."), None)]), 422
    try:
        arrangements.set_staff(current_user, event, account, StaffRole(form.role.data))
    except RuleBroken as refusal:
        return _staff_page(event, explained(refusal)), 422
    flash(_("Đã giao việc cho %(name)s.", name=account.name), "ok")
    return see(url_for("events.staff", key=key))


@blueprint.post("/events/<key>/staff/<int:account_id>/removal")
@requires(Permission.EVENTS)
def remove_staff(key: str, account_id: int) -> Answer:
    """Take someone's role on this event back."""
    event = managed(key)
    if session().get(Account, account_id) is None:
        raise NotFound
    try:
        arrangements.remove_staff(current_user, event, account_id)
    except RuleBroken as refusal:
        return _staff_page(event, explained(refusal)), 422
    flash(_("Đã thôi giao việc."), "ok")
    return see(url_for("events.staff", key=key) if account_id != current_user.id else url_for("events.index"))


def _staff_page(event: Event, errors: Errors = ()) -> str:
    query = request.args.get("q", "")
    return render_template(
        "events/staff.html",
        event=event,
        q=query,
        accounts=choosing.search_accounts(query),
        errors=errors,
        wrong=bool(errors),
        staff_words=STAFF_WORDS,
    )
