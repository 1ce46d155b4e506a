"""The register for those who issue: books, search, export; one certificate with its history; revocation and reissue."""

from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.certificates import addresses, queries, register, service
from lms.certificates.facts import Facts
from lms.certificates.forms import ReplacementForm, RevocationForm
from lms.certificates.models import Certificate
from lms.certificates.views import blueprint
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _, day
from lms.core.permissions import Permission
from lms.core.web import XLSX, see
from lms.core.web import download as file_answer
from lms.registration.exports import to_xlsx

Answer = str | BaseResponse | tuple[str, int]
_FORM_FIELD = {"name": "holder"}


@blueprint.get("/certificate-register", endpoint="register")
@requires(Permission.CERTIFICATES)
def show_register() -> str:
    """A number book of one's units, the latest number first, searched without accents."""
    text = request.args.get("q", "")
    chosen, books = register.open_book(current_user, request.args.get("book", type=int))
    page = register.page_of(chosen.book, text, request.args.get("page", 1, type=int)) if chosen else None
    return render_template("certificates/register.html", chosen=chosen, books=books, page=page, q=text)


@blueprint.get("/certificate-register.xlsx")
@requires(Permission.CERTIFICATES)
def export_register() -> Response:
    """The same lines as on the screen, all of them, as a spreadsheet."""
    chosen, _books = register.open_book(current_user, request.args.get("book", type=int))
    if chosen is None:
        raise NotFound
    rows = [_row(one) for one in register.all_lines(chosen.book, request.args.get("q", ""))]
    headings = [
        _("Số vào sổ"),
        _("Họ và tên"),
        _("Chức vụ, đơn vị"),
        _("Nội dung"),
        _("Ngày cấp"),
        _("Người ký"),
        _("Trạng thái"),
        _("Thay cho"),
        _("Thay bằng"),
    ]
    title = _("Sổ cấp %(symbol)s năm %(year)s", symbol=chosen.book.symbol, year=chosen.book.year)
    return file_answer(to_xlsx(title, headings, rows), f"so-cap-{chosen.book.year}.xlsx", XLSX)


@blueprint.get("/certificates/<int:certificate_id>")
@requires(Permission.CERTIFICATES)
def show(certificate_id: int) -> str:
    """One certificate: what it says, its history, and the two things that may still be done."""
    return _page(queries.get_managed(current_user, certificate_id))


@blueprint.post("/certificates/<int:certificate_id>/revocation")
@requires(Permission.CERTIFICATES)
def revoke(certificate_id: int) -> Answer:
    """Revoke it, with a reason."""
    certificate, form = queries.get_managed(current_user, certificate_id), RevocationForm(prefix="revocation")
    if form.validate():
        try:
            service.revoke(certificate, form.reason.data or "", current_user)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã thu hồi giấy số %(number)s.", number=certificate.register_number), "ok")
            return see(url_for("certificates.show", certificate_id=certificate_id))
    return _page(queries.get_managed(current_user, certificate_id), revocation=form), 422


@blueprint.post("/certificates/<int:certificate_id>/replacement")
@requires(Permission.CERTIFICATES)
def reissue(certificate_id: int) -> Answer:
    """Issue a corrected one in its place, under a new number."""
    certificate, form = queries.get_managed(current_user, certificate_id), ReplacementForm(prefix="replacement")
    if form.validate():
        try:
            newer = service.reissue(
                certificate, current_user, holder=form.holder.data or "", post_unit=form.post_unit.data or ""
            )
        except RuleBroken as refusal:
            session().rollback()
            refusal.field = _FORM_FIELD.get(refusal.field or "", refusal.field)
            form.refuse(refusal)
        else:
            flash(_("Đã cấp lại: giấy mới số %(number)s.", number=newer.register_number), "ok")
            return see(url_for("certificates.show", certificate_id=newer.id))
    return _page(queries.get_managed(current_user, certificate_id), replacement=form), 422


def _page(
    certificate: Certificate, revocation: RevocationForm | None = None, replacement: ReplacementForm | None = None
) -> str:
    facts = Facts.of(certificate.facts)
    wrong = next((form for form in (revocation, replacement) if form is not None and form.errors), None)
    if replacement is None:
        # A correction made on the person carries over; one made on an earlier paper stays.
        holder = certificate.holder_name if certificate.replaces_id else certificate.person.full_name
        begun = {"holder": holder, "post_unit": facts.post_unit}
        replacement = ReplacementForm(formdata=None, data=begun, prefix="replacement")
    return render_template(
        "certificates/show.html",
        certificate=certificate,
        facts=facts,
        acts=queries.acts_on(certificate),
        verify_url=addresses.verify_url(certificate.public_number),
        form=wrong,
        revocation=revocation or RevocationForm(formdata=None, prefix="revocation"),
        replacement=replacement,
    )


def _row(certificate: Certificate) -> list[Any]:
    facts = Facts.of(certificate.facts)
    return [
        certificate.register_number,
        certificate.holder_name,
        facts.post_unit,
        facts.title,
        day(certificate.issued_on),
        facts.signer,
        _("Có hiệu lực") if certificate.state == "valid" else _("Đã thu hồi"),
        certificate.replaces.register_number if certificate.replaces else "",
        certificate.replaced_by.register_number if certificate.replaced_by else "",
    ]
