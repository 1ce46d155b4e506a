"""Signing in, and roles granted on a unit and all below it."""

from flask import Flask, request
from flask_login import LoginManager

from lms.accounts import manage, personal, queries, views
from lms.accounts.models import Account
from lms.core.db import SAFE_METHODS

login_manager = LoginManager()


def init_app(app: Flask) -> None:
    """Register who is signed in, and the pages of the feature."""
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.user_loader(load_account)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(manage.blueprint)
    personal.register()


def load_account(identifier: str) -> Account | None:
    """The account of a session cookie; None when it was disabled or its sessions were ended."""
    number, _dot, epoch = identifier.partition(".")
    if not (number.isdecimal() and epoch.isdecimal()):
        return None
    return queries.account_of_session(int(number), int(epoch), for_a_page=request.method in SAFE_METHODS)
