"""What a unit puts right of its own delegates by itself: a name, a post or a phone that was written wrongly.

A slip is of the same person: another name than that is a substitute, who is named as one and leaves the old row.
"""

from difflib import SequenceMatcher
from typing import Final

from lms.accounts.models import Account
from lms.core.errors import N_, RuleBroken
from lms.core.text import fold
from lms.registration import policy, service
from lms.registration.models import Delegate

_ALIKE: Final = 0.7
"""How much of two names, without accents, must be the same, from 0 to 1."""


def put_right(delegate: Delegate, actor: Account, full_name: str, post: str, phone: str) -> None:
    """Put a delegate's name, post and phone right; what stood there before stays in the history.

    Raises RuleBroken: the event is over ("closed"), they have withdrawn ("withdrawn"), the name is another person's
    ("other-person") or that of an account in use ("has-account").
    """
    policy.refuse_over(delegate.event)
    if delegate.withdrawn_at is not None:
        message = N_("%(name)s đã rút khỏi danh sách nên không sửa được nữa.")
        raise RuleBroken(message, code="withdrawn", name=delegate.full_name)
    if not is_slip(delegate.full_name, full_name):
        message = N_("“%(new)s” khác hẳn “%(old)s”. Nếu là người khác, hãy cử người thay.")
        raise RuleBroken(message, field="full_name", code="other-person", new=full_name, old=delegate.full_name)
    service.correct(delegate, actor, full_name, delegate.unit)
    service.change(delegate, actor, post=post, phone=phone)


def is_slip(old: str, new: str) -> bool:
    """Whether two names may be one name written differently: accents, a letter or two, a middle name left out."""
    return SequenceMatcher(None, fold(old), fold(new), autojunk=False).ratio() >= _ALIKE
