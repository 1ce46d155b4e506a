"""Signing in and out, passwords by mailed link, one's own account."""

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user, login_user, logout_user
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from lms.accounts import passwords, queries, service
from lms.accounts.forms import ChangePasswordForm, NewPasswordForm, ResetRequestForm, SignInForm
from lms.accounts.models import Account
from lms.core import mail, resending
from lms.core.access import public, signed_in
from lms.core.db import keep_despite_refusal, reading
from lms.core.errors import RuleBroken
from lms.core.i18n import _
from lms.core.web import local_path, see

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> str | Response | tuple[str, int]:
    """Sign in; one sentence for a wrong address and a wrong password; locked for a while after five failures."""
    form = SignInForm(data={"next": request.args.get("next")})
    if request.method == "GET":
        if current_user.is_authenticated:
            return see(url_for("home.index"))
        return render_template("accounts/sign_in.html", form=form)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    email, password, address = form.email.data or "", form.password.data or "", request.remote_addr or ""
    try:
        account = _account_with(email, password, address)
    except service.TooManyAttempts as refusal:
        form.refuse(refusal)
        return render_template("accounts/sign_in.html", form=form), 429
    service.record_attempt(email, address, succeeded=account is not None)
    if account is None:
        keep_despite_refusal()
        form.refuse(RuleBroken("Thư điện tử hoặc mật khẩu chưa đúng. Hãy xem lại."))
        return render_template("accounts/sign_in.html", form=form), 422
    account = queries.get(account.id)
    service.signed_in(account, password)
    _start_session(account)
    next_page = local_path(form.next.data) or url_for("home.index")
    return _sent_again(form.kept.data, account) if form.kept.data else see(next_page)


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """Sign out; doing it twice is harmless."""
    logout_user()
    cookie.clear()
    return see(url_for("home.index"))


@blueprint.route("/password", methods=["GET", "POST"])
@public
def password_request() -> str | Response | tuple[str, int]:
    """Ask for a link to set a new password; the answer is the same whether the address is known or not."""
    form = ResetRequestForm()
    if request.method == "GET":
        return render_template("accounts/password_request.html", form=form)
    if not form.validate():
        return render_template("accounts/password_request.html", form=form), 422
    issued = service.request_reset(form.email.data or "")
    if issued is not None:
        account, token = issued
        body = render_template("accounts/mail_reset.txt", account=account, link=_link(token))
        mail.post(account.email, _("Đặt lại mật khẩu"), body, about=f"account:{account.id}")
    return render_template("accounts/password_requested.html", email=form.email.data)


@blueprint.route("/password/<token>", methods=["GET", "POST"])
@public
def password(token: str) -> str | Response | tuple[str, int]:
    """Set a password by a mailed link, then be signed in."""
    try:
        account = service.get_token(token).account
    except RuleBroken:
        return render_template("accounts/password_expired.html"), 410
    form = NewPasswordForm()
    if request.method == "POST" and form.validate():
        try:
            service.use_token(token, form.password.data or "")
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            _start_session(account)
            flash(_("Đã đặt mật khẩu. Từ nay hãy đăng nhập bằng %(email)s.", email=account.email), "ok")
            return see(url_for("home.index"))
    status = 422 if request.method == "POST" else 200
    return render_template(
        "accounts/password.html", form=form, account=account, minimum=passwords.MINIMUM_LENGTH
    ), status


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> str | Response | tuple[str, int]:
    """One's own account: posts, address, roles; change the password."""
    form = ChangePasswordForm()
    if request.method == "POST" and form.validate():
        try:
            service.change_password(current_user, form.current.data or "", form.password.data or "")
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            _start_session(current_user)
            flash(_("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."), "ok")
            return see(url_for("accounts.account"))
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/account.html", form=form, account=current_user), status


@blueprint.post("/account/sessions/end")
@signed_in
def end_sessions() -> Response:
    """Sign out everywhere else."""
    current_user.session_epoch += 1
    _start_session(current_user)
    flash(_("Đã đăng xuất khỏi mọi thiết bị khác."), "ok")
    return see(url_for("accounts.account"))


def _account_with(email: str, password: str, address: str) -> Account | None:
    """The account that the password opens; hashing happens outside the write lock."""
    with reading():
        service.check_rate(email, address)
        account = queries.find_by_email(email)
        password_hash = account.password_hash if account is not None and account.is_active else None
    return account if passwords.matches(password, password_hash) else None


def _sent_again(sealed: str, account: Account) -> str | Response:
    """What this account had posted when its session was gone, to be sent by one button; another's is not shown."""
    kept = resending.opened(sealed, account.id)
    if kept is not None:
        return resending.page(kept)
    flash(_("Những gì đã điền thuộc về tài khoản khác hoặc đã giữ quá lâu, nên không gửi lại được."), "warn")
    return see(url_for("home.index"))


def _start_session(account: Account) -> None:
    """Begin a new session: nothing of the one before is kept."""
    account = account._get_current_object() if isinstance(account, LocalProxy) else account
    cookie.clear()
    login_user(account)
    resending.sign_tokens_for(account.id)
    cookie.permanent = True


def _link(token: str) -> str:
    base: str = current_app.extensions["lms_settings"].base_url
    return base + url_for("accounts.password", token=token)
