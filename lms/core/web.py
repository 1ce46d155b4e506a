"""What every answer bears (security headers, no-store) and how refusals are shown."""

import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask_compress import Compress
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as BaseResponse

from lms.config import Settings
from lms.core import resending
from lms.core.db import db
from lms.core.errors import NotAllowed, NotFound, RuleBroken, SignInLost
from lms.core.i18n import _, explain

csrf = CSRFProtect()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a spreadsheet, for `download`."""
View = TypeVar("View", bound=Callable[..., Any])

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
}
_WITH_TEMPLATE = frozenset({400, 403, 404, 409, 413, 422, 429})
_TEMPLATES = {405: 400, 415: 422}


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a number no larger than an id can be, so that a larger one is simply not found."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        options.setdefault("max", 2**31 - 1)
        super().__init__(url_map, **options)


def init_app(app: Flask, settings: Settings) -> None:
    """Register headers, CSRF protection, error pages, and what a number in an address may be."""
    app.url_map.converters["int"] = RowNumber
    csrf.init_app(app)
    Compress(app)
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(SignInLost, _sign_in_lost)
    app.register_error_handler(NotFound, lambda _error: _show(404))
    app.register_error_handler(NotAllowed, lambda _error: _show(403))
    app.register_error_handler(RuleBroken, _rule_broken)
    app.register_error_handler(500, _server_error)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def without_csrf(view: View) -> View:
    """Ask no token of the session for a view: it acts for whoever bears a token of their own (else `check_csrf`)."""
    csrf.exempt(view)
    return view


def check_csrf() -> None:
    """Check the session's token in a view that is exempt, where it turns out to act for a session after all."""
    if current_app.config.get("WTF_CSRF_ENABLED", True):
        csrf.protect()


def see(url: str) -> BaseResponse:
    """Answer an act by showing a page: 303, so that reloading it repeats nothing."""
    return redirect(url, 303)


def whole_address(endpoint: str, **values: Any) -> str:
    """The public address of a page, for mails and calendars; in a job too, where there is no request."""
    settings: Settings = current_app.extensions["lms_settings"]
    return settings.base_url + current_app.url_map.bind("localhost").build(endpoint, values)


def local_path(target: str | None) -> str | None:
    """`target` when it is a path on this site, else None: a mailed link must not send people elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return None
    return None if any(ord(character) < 32 for character in target) else target


def download(content: bytes, filename: str, media_type: str, *, inline: bool = False) -> Response:
    """An answer that is a file; the name may be Vietnamese, headers are ASCII (RFC 6266 gives both)."""
    response = Response(content, mimetype=media_type)
    names = {"filename": filename}
    if not filename.isascii():
        plain = unicodedata.normalize("NFKD", filename.replace("đ", "d").replace("Đ", "D"))
        names = {
            "filename": plain.encode("ascii", "ignore").decode(),
            "filename*": f"UTF-8''{quote(filename, safe='')}",
        }
    response.headers.set("Content-Disposition", "inline" if inline else "attachment", **names)
    return response


def _add_headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store" if request.endpoint else "no-cache")
    return response


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if error.code >= 500:
        return _server_error(error)
    return _show(error.code)


def _sign_in_lost(_error: SignInLost) -> Any:
    return resending.answer() or see(url_for("accounts.sign_in"))


def _csrf_error(_error: CSRFError) -> Any:
    return resending.answer() or _show(
        400,
        code="csrf",
        message=_("Trang này đã mở quá lâu hoặc phiên đăng nhập đã đổi. Hãy tải lại trang rồi làm lại."),
    )


def _rule_broken(refusal: RuleBroken) -> Any:
    return _show(422, explain(refusal), code=refusal.code)


def _server_error(_error: Exception) -> Any:
    """The static page: no context processor, which might ask the database that has just failed."""
    db.session.rollback()
    if request.path.startswith("/api/"):
        return jsonify({"errors": [{"code": "500", "message": "", "where": None}]}), 500
    return current_app.jinja_env.get_template("errors/500.html").render(), 500


def _show(status: int, message: str | None = None, code: str | None = None) -> Any:
    if request.path.startswith("/api/"):
        return jsonify({"errors": [{"code": code or str(status), "message": message or "", "where": None}]}), status
    template = _TEMPLATES.get(status, status if status in _WITH_TEMPLATE else 400)
    return render_template(f"errors/{template}.html", message=message), status
