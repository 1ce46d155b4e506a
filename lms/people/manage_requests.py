"""Requests of people about their data, for those who answer them: the clock, what erasing would take, the answer."""

from flask import Response, flash, render_template, request, url_for
from flask_login import current_user

from lms.core import audit, mail
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _
from lms.core.paging import paginate
from lms.core.permissions import Permission
from lms.core.web import download, see
from lms.people import copies, corrections, privacy, queries, requests
from lms.people.forms import AnswerForm, RequestForm
from lms.people.models import DataRequest, DataRequestKind
from lms.people.views import Answer, blueprint


@blueprint.get("/requests")
@requires(Permission.SYSTEM)
def data_requests() -> str:
    """Open requests, the most urgent first; or those answered."""
    answered = request.args.get("state") == "answered"
    page = paginate(session(), requests.listed(answered=answered), request.args.get("page", 1, type=int))
    return render_template(
        "people/requests.html", page=page, answered=answered, kinds=requests.KINDS, clock_of=requests.clock_of
    )


@blueprint.route("/<int:person_id>/requests/new", methods=["GET", "POST"])
@requires(Permission.SYSTEM)
def enter_request(person_id: int) -> Answer:
    """Enter a request that came by letter, by phone or in person."""
    person, form = queries.get_living(person_id), RequestForm()
    if request.method == "POST" and form.validate():
        try:
            made = requests.ask(person, DataRequestKind(form.kind.data), form.text.data or "", current_user.id)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã ghi đề nghị."), "ok")
            return see(url_for("people.data_request", request_id=made.id))
    status = 422 if request.method == "POST" else 200
    return render_template("people/request_new.html", form=form, person=person), status


@blueprint.route("/requests/<int:request_id>", methods=["GET", "POST"])
@requires(Permission.SYSTEM)
def data_request(request_id: int) -> Answer:
    """One request, what erasing would take, and the answer."""
    asked, form = requests.get(request_id), AnswerForm()
    if request.method == "GET":
        return _page(asked, form)
    if form.validate():
        try:
            _answer(asked, form)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            return see(url_for("people.data_request", request_id=request_id))
    return _page(requests.get(request_id), form), 422


@blueprint.post("/requests/<int:request_id>/copy")
@requires(Permission.SYSTEM)
def request_copy(request_id: int) -> Response:
    """The copy of a person's data, to hand over to them; that it was taken is recorded."""
    person = requests.get(request_id).person
    content = copies.as_zip(person)
    audit.record("person.copy", f"person:{person.id}", actor_id=current_user.id, request=request_id)
    return download(content, f"du-lieu-{person.id}.zip", "application/zip")


def _answer(asked: DataRequest, form: AnswerForm) -> None:
    name = asked.person.full_name
    erasing = asked.kind == DataRequestKind.ERASURE and form.granted.data == "yes"
    before = privacy.erasure(asked.person) if erasing else None
    address = requests.answer(
        asked, granted=form.granted.data == "yes", words=form.answer.data or "", actor_id=current_user.id
    )
    if address is None:
        flash(_("Đã trả lời. Không có thư điện tử của người ấy: hãy báo bằng cách khác."), "warn")
        return
    body = render_template(
        "people/mail_answer.txt",
        request=asked,
        name=name,
        kind=requests.KINDS[asked.kind],
        erasure=before,
        changes=corrections.told(asked),
        fields=corrections.FIELDS,
    )
    mail.post(address, _("Trả lời đề nghị về dữ liệu cá nhân"), body, about=f"data-request:{asked.id}")
    flash(_("Đã trả lời và gửi thư đến %(email)s.", email=address), "ok")


def _page(asked: DataRequest, form: AnswerForm) -> str:
    erasing = asked.kind == DataRequestKind.ERASURE and asked.answered_at is None
    return render_template(
        "people/request.html",
        asked=asked,
        form=form,
        clock=requests.clock_of(asked),
        kinds=requests.KINDS,
        address=requests.address_of(asked.person),
        erasure=privacy.erasure(asked.person) if erasing else None,
        changes=requests.changed_by(asked) if asked.answered_at is None else corrections.told(asked),
        fields=corrections.FIELDS,
    )
