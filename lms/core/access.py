"""Every endpoint declares who may call it; one that declares nothing answers nobody."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core.errors import SignInLost
from lms.core.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed-in"
TOKEN = "token"


permission_sources: list[Callable[[int], frozenset[Permission]]] = []
"""Functions from an account id to the permissions a feature's own rows give it (staff of an event or a course)."""


def public(view: View) -> View:
    """Anyone may call it."""
    return _declare(view, PUBLIC)


def signed_in(view: View) -> View:
    """Anyone signed in may call it; it shows and changes only what is their own or open to all."""
    return _declare(view, SIGNED_IN)


def by_token(view: View) -> View:
    """Whoever bears a token that the view itself checks; it answers 401 to everyone else."""
    return _declare(view, TOKEN)


def requires(permission: Permission) -> Callable[[View], View]:
    """Only those who hold the permission somewhere; the view loads through queries that know where."""
    return lambda view: _declare(view, permission)


def declared(view: Callable[..., Any]) -> str | None:
    """What an endpoint's view declares: PUBLIC, SIGNED_IN, TOKEN, a permission, or None."""
    return getattr(view, "lms_access", None)


def init_app(app: Flask) -> None:
    """Check every request against the declaration of its endpoint."""
    app.before_request(_check_access)


def _declare(view: View, access: str) -> View:
    view.lms_access = access  # type: ignore[attr-defined]
    return view


def _check_access() -> BaseResponse | Response | None:
    if request.endpoint is None:
        return None
    access = declared(current_app.view_functions[request.endpoint])
    if access in {PUBLIC, TOKEN}:
        return None
    if access is None:
        abort(403)
    if not current_user.is_authenticated:
        if request.path.startswith("/api/"):
            abort(401)
        if request.method == "POST":
            raise SignInLost
        return redirect(url_for("accounts.sign_in", next=_return_path()), 303)
    if access != SIGNED_IN and not current_user.has_permission(Permission(access)):
        abort(403)
    return None


def _return_path() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None
