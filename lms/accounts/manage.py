"""Accounts for those who run the system: list, make, close, and the roles on units."""

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts import queries, service
from lms.accounts.forms import ROLE_NAMES, GrantForm, NewAccountForm
from lms.core import clock, mail
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _, explain
from lms.core.paging import paginate
from lms.core.permissions import Permission, Role
from lms.core.web import see
from lms.people import service as people_service
from lms.units import queries as units
from lms.units.models import Unit

blueprint = Blueprint("accounts_manage", __name__, url_prefix="/accounts")


@blueprint.get("/")
@requires(Permission.SYSTEM)
def index() -> str:
    """All accounts, with their roles."""
    text = request.args.get("q", "")
    page = paginate(session(), queries.listed(text), request.args.get("page", 1, type=int))
    return render_template("accounts/index.html", page=page, q=text, role_names=ROLE_NAMES)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.SYSTEM)
def new() -> str | Response | tuple[str, int]:
    """Make an account for a person, known or new, and mail the link to set a password."""
    form = NewAccountForm()
    if request.method == "POST" and form.validate():
        try:
            unit = _unit(form.unit.data or "")
            person = people_service.find_or_create(
                form.full_name.data or "", unit, form.post.data or "", form.email.data
            )
            account = service.create_account(person, form.email.data or "")
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            if form.invite.data:
                token = service.invite(person, account.email)
                link = current_app.extensions["lms_settings"].base_url + url_for("accounts.password", token=token)
                body = render_template("accounts/mail_invitation.txt", account=account, link=link)
                mail.post(account.email, _("Mời đặt mật khẩu"), body, about=f"account:{account.id}")
            flash(_("Đã tạo tài khoản cho %(name)s.", name=person.full_name), "ok")
            return see(url_for("accounts_manage.show", account_id=account.id))
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/new.html", form=form, units=_unit_names()), status


@blueprint.get("/<int:account_id>")
@requires(Permission.SYSTEM)
def show(account_id: int) -> str:
    """One account."""
    return _page(account_id, _grant_form())


@blueprint.post("/<int:account_id>/grants")
@requires(Permission.SYSTEM)
def grant(account_id: int) -> str | Response | tuple[str, int]:
    """Give a role on a unit."""
    account, form = queries.get(account_id), _grant_form()
    if form.validate():
        try:
            service.grant(account, Role(form.role.data), _unit(form.unit.data or ""), current_user)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã giao vai trò."), "ok")
            return see(url_for("accounts_manage.show", account_id=account_id))
    return _page(account_id, form), 422


@blueprint.post("/<int:account_id>/grants/<int:grant_id>/withdrawal")
@requires(Permission.SYSTEM)
def withdraw_grant(account_id: int, grant_id: int) -> Response:
    """End a role."""
    service.withdraw_grant(queries.get_grant(queries.get(account_id), grant_id), current_user)
    flash(_("Đã thu vai trò."), "ok")
    return see(url_for("accounts_manage.show", account_id=account_id))


@blueprint.post("/<int:account_id>/closure")
@requires(Permission.SYSTEM)
def close(account_id: int) -> Response:
    """Close or open an account again."""
    account = queries.get(account_id)
    try:
        if request.form.get("open"):
            service.enable(account, current_user)
            flash(_("Đã mở lại tài khoản."), "ok")
        else:
            service.disable(account, current_user)
            flash(_("Đã khóa tài khoản; mọi phiên đăng nhập đã kết thúc."), "ok")
    except RuleBroken as refusal:
        flash(explain(refusal), "bad")
    return see(url_for("accounts_manage.show", account_id=account_id))


def _page(account_id: int, form: GrantForm) -> str:
    return render_template(
        "accounts/show.html",
        account=queries.get(account_id),
        form=form,
        units=_unit_names(),
        role_names=ROLE_NAMES,
        today=clock.today(),
    )


def _grant_form() -> GrantForm:
    form = GrantForm()
    form.role.choices = [(str(role), name) for role, name in ROLE_NAMES.items()]
    return form


def _unit_names() -> list[str]:
    return [unit.name for unit in session().scalars(units.listed(as_of=clock.today()))]


def _unit(name: str) -> Unit:
    found = units.named_on(name, clock.today())
    if not found:
        raise RuleBroken("Không có đơn vị nào tên “%(name)s”.", field="unit", code="unknown-unit", name=name)
    return found[0]
