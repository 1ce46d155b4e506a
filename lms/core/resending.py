"""A form that came when its sign-in or its token was gone: what was typed stays, and is sent again by its own person.

The page that answers holds it (WCAG 2.2, technique G181), nothing is stored. While the session lives it holds plain
hidden fields and one button with a fresh token. Where nobody, or somebody else, is signed in it holds them sealed, to
be opened by the sign-in of the account whose page the form was. Whose it was says the form's own token, which this
product signed: a request without one, or from another site, is never offered for sending again. Nothing is sent by
itself; passwords and files are not kept.
"""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app, g, render_template, request, session
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from lms.core import clock
from lms.core.access import PUBLIC, declared
from lms.core.sealing import seal, unseal

LONGEST: Final = 400_000
"""So many characters of names and values are kept at most."""
KEPT_FOR: Final = timedelta(days=1)
_TOKEN: Final = "csrf_token"
_SALT: Final = "wtf-csrf-token"
_TOKEN_LIFE: Final = timedelta(days=7)
_SECRET = re.compile(r"password|passphrase|^current$")
_SEALED: Final = "kept"


@dataclass(frozen=True)
class Kept:
    """What was posted: the account's number as text ("" for nobody), the path with its query, the fields in order."""

    owner: str
    path: str
    fields: list[list[str]]
    files: bool
    at: str

    @property
    def typed(self) -> int:
        """How many of the fields hold anything."""
        return sum(bool(value.strip()) for _name, value in self.fields)


def sign_tokens_for(account_id: int) -> None:
    """From now on the tokens of this session say whose forms they stand in; call it when somebody signs in."""
    session[_TOKEN] = f"{hashlib.sha256(os.urandom(64)).hexdigest()[:40]}.{account_id}"
    g.pop(_TOKEN, None)


def answer() -> tuple[str, int] | None:
    """The page that keeps what the running request posted; None where nothing may be kept."""
    if not _is_form_of_ours():
        return None
    again = _opened(request.form.get(_SEALED, ""))
    if again is not None:
        return _sign_in_page(again, request.form[_SEALED])
    kept = _kept()
    if kept is None:
        return None
    me = str(current_user.id) if current_user.is_authenticated else ""
    if kept.owner == me or (not kept.owner and _is_public()):
        return page(kept), 400
    if not kept.owner:
        return None
    return _sign_in_page(kept, seal(json.dumps(asdict(kept)).encode()).decode("ascii"))


def opened(sealed: str | None, account_id: int) -> Kept | None:
    """What a page kept for this account; None for another's, for what is too old, and for what we never sealed."""
    kept = _opened(sealed or "")
    return kept if kept is not None and kept.owner == str(account_id) else None


def page(kept: Kept) -> str:
    """The page with one button that sends the fields again."""
    return render_template("errors/resend.html", kept=kept)


def _sign_in_page(kept: Kept, sealed: str) -> tuple[str, int]:
    other = current_user.is_authenticated and str(current_user.id) != kept.owner
    return render_template("errors/sign_in_again.html", kept=kept, sealed=sealed, other=other), 400


def _is_form_of_ours() -> bool:
    """Whether a page of this very site sent its form by the browser itself, not by script and not from elsewhere."""
    if request.method != "POST" or request.path.startswith("/api/"):
        return False
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.referrer
    return source is not None and urlsplit(source).netloc == request.host


def _kept() -> Kept | None:
    owner = _owner_of(request.form.get(_TOKEN, ""))
    fields = [[name, value] for name, value in request.form.items(multi=True) if name != _TOKEN]
    if owner is None or any(_SECRET.search(name) for name, _value in fields):
        return None
    if sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    files = any(file.filename for file in request.files.values())
    return Kept(owner, request.full_path.rstrip("?"), fields, files, clock.now().isoformat())


def _owner_of(token: str) -> str | None:
    """Whose form bore this token, "" for nobody's; None for one that we did not sign, or too long ago."""
    serializer = URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt=_SALT)
    try:
        drawn = serializer.loads(token, max_age=int(_TOKEN_LIFE.total_seconds()))
    except BadData:
        return None
    return str(drawn).partition(".")[2]


def _opened(sealed: str) -> Kept | None:
    if not sealed.isascii():
        return None
    try:
        said: dict[str, Any] = json.loads(unseal(sealed.encode("ascii")))
        kept = Kept(**said)
        return kept if clock.now() - datetime.fromisoformat(kept.at) <= KEPT_FOR else None
    except (ValueError, TypeError):
        return None


def _is_public() -> bool:
    return request.endpoint is not None and declared(current_app.view_functions[request.endpoint]) == PUBLIC
