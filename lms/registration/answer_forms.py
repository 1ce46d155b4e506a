"""Forms of the invitation page."""

from typing import Any

from wtforms import EmailField, StringField, TelField

from lms.core.forms import Form, length, required, tidied
from lms.core.i18n import _, lazy
from lms.registration.forms import SomeoneForm, as_in_a_sheet
from lms.registration.mapping import Field as Name


class DeclineForm(Form):
    """Why someone does not come."""

    reason = StringField(lazy("Lý do từ chối"), [required(), length(300)], filters=[tidied])


class InvitedSubstituteForm(SomeoneForm):
    """Who comes instead; there must be a way to reach them."""

    full_name = StringField(lazy("Họ và tên người thay"), [required(), as_in_a_sheet(Name.FULL_NAME)])
    phone = TelField(lazy("Điện thoại"), [as_in_a_sheet(Name.PHONE)])
    email = EmailField(lazy("Thư điện tử"), [as_in_a_sheet(Name.EMAIL)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by its own rule, and a phone or an address."""
        valid = bool(super().validate(extra_validators))
        if valid and not self.phone.data and not self.email.data:
            message = _("Hãy ghi điện thoại hoặc thư điện tử của người thay.")
            self.phone.errors = [*self.phone.errors, message]
            return False
        return valid
