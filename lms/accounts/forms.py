"""Shapes of the sign-in, password and role forms."""

from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import Email

from lms.core.forms import Form, length, required, tidied
from lms.core.i18n import lazy
from lms.core.permissions import Role

_EMAIL = Email(lazy("Thư điện tử cần có dạng ten@coquan.vn."))


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        lazy("Thư điện tử"),
        [required(lazy("Hãy điền thư điện tử."))],
        filters=[tidied],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        lazy("Mật khẩu"), [required(lazy("Hãy điền mật khẩu."))], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()
    kept = HiddenField()
    """What a page keeps for whoever posted it without a session (`lms.core.resending`)."""


class ResetRequestForm(Form):
    """The address to send a link to."""

    email = EmailField(
        lazy("Thư điện tử"),
        [required(lazy("Hãy điền thư điện tử.")), _EMAIL],
        filters=[tidied],
        render_kw={"autocomplete": "username"},
    )


class NewPasswordForm(Form):
    """A new password, typed once: the page can show it."""

    password = PasswordField(
        lazy("Mật khẩu mới"), [required(lazy("Hãy điền mật khẩu mới."))], render_kw={"autocomplete": "new-password"}
    )


class ChangePasswordForm(Form):
    """The old password and the new one."""

    current = PasswordField(
        lazy("Mật khẩu đang dùng"),
        [required(lazy("Hãy điền mật khẩu đang dùng."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        lazy("Mật khẩu mới"), [required(lazy("Hãy điền mật khẩu mới."))], render_kw={"autocomplete": "new-password"}
    )


class NewAccountForm(Form):
    """A person to make an account for."""

    full_name = StringField(lazy("Họ và tên"), [required(), length(120)], filters=[tidied])
    email = EmailField(lazy("Thư điện tử"), [required(), _EMAIL, length(254)], filters=[tidied])
    unit = StringField(lazy("Đơn vị"), [required()], filters=[tidied])
    post = StringField(lazy("Chức vụ"), [length(200)], filters=[tidied])
    invite = BooleanField(lazy("Gửi thư mời đặt mật khẩu"), default=True)


class GrantForm(Form):
    """A role on a unit."""

    role = SelectField(lazy("Vai trò"), choices=[])
    unit = StringField(lazy("Đơn vị (gồm mọi đơn vị cấp dưới)"), [required()], filters=[tidied])


ROLE_NAMES = {
    Role.ADMIN: lazy("Quản trị hệ thống"),
    Role.ORGANIZER: lazy("Tổ chức tập huấn"),
    Role.INSTRUCTOR: lazy("Giảng viên"),
}
