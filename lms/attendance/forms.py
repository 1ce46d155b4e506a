"""The shape of what is sent: an hour, a badge, a switch, and the JSON of a device."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wtforms import HiddenField, StringField, TimeField

from lms.core.errors import N_, RuleBroken
from lms.core.forms import Form, tidied
from lms.core.i18n import _, lazy


class HourField(TimeField):
    """A time of day such as 07:56."""

    def process_formdata(self, values: list[str]) -> None:
        """Read the time; raises ValueError in the reader's language for what is none."""
        try:
            super().process_formdata(values)
        except ValueError:
            raise ValueError(_("Giờ chưa đúng. Hãy ghi như 07:56.")) from None


class HereForm(Form):
    """Whose badge it is, from one who is not signed in."""

    ticket = StringField(lazy("Mã thẻ"), filters=[tidied])


class SwitchForm(Form):
    """On or off."""

    on = HiddenField()


@dataclass(frozen=True)
class DeviceRequest:
    """A phone that asks to be opened: the uuid it drew as its key, what it is called, the point it serves.

    `held`: the token it had, where it was opened before.
    """

    key: str
    name: str
    point: int | None
    held: str

    @classmethod
    def read(cls, sent: Mapping[str, Any]) -> "DeviceRequest":
        """Check what was sent. Raises RuleBroken with the code "bad-" and the name of the part that is wrong."""
        key, name, point = _canonical(sent.get("key"), "key"), sent.get("name"), sent.get("point")
        if not isinstance(name, str) or not name.isprintable():
            raise _bad("name")
        held = sent.get("held")
        return cls(key, name, point if _is_id(point) else None, held if isinstance(held, str) else "")


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _canonical(uuid: Any, name: str) -> str:
    try:
        return str(UUID(uuid))
    except (ValueError, TypeError, AttributeError) as error:
        raise _bad(name) from error


def _bad(name: str) -> RuleBroken:
    message = N_("Trường “%(name)s” thiếu hoặc không đúng dạng.")
    return RuleBroken(message, field=name, code=f"bad-{name}", name=name)
