"""Every address and every role: each answers as `core/permissions.py` says, and none is left undeclared."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lms.accounts.models import Account
from lms.core.access import PUBLIC, SIGNED_IN, TOKEN, declared
from lms.core.db import session
from lms.core.permissions import ROLE_PERMISSIONS, Permission, Role
from tests.samples import samples
from tests.world import World

Browser = Callable[[Account], FlaskClient]
ROLES = {"admin": Role.ADMIN, "organizer": Role.ORGANIZER, "instructor": Role.INSTRUCTOR, "trainee": None}
SCOPED = {"events", "registration", "attendance", "certificates", "quizzes"}
"""Features whose rows belong to a unit: a stranger with the right role but of another unit gets 404."""
OPEN_TO_OTHER_UNITS = {"events.new_plan", "certificates.register"}


@pytest.fixture
def values(world: World) -> dict[tuple[str | None, str], Any]:
    found = samples(world)
    session().commit()
    return found


def addresses(app: Flask, values: dict[tuple[str | None, str], Any]) -> Iterator[tuple[Rule, str, str]]:
    """Every rule with each of its methods and an address made of the sample rows."""
    adapter = app.url_map.bind("lms.test")
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        blueprint = rule.endpoint.partition(".")[0]
        named = {name: values.get((blueprint, name), values.get((None, name))) for name in rule.arguments}
        missing = [name for name, value in named.items() if value is None]
        assert not missing, f"tests/samples.py has no value for {missing} of {rule.rule}"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, adapter.build(rule.endpoint, named, method=method)


def answers(
    app: Flask, browser: Callable[[], FlaskClient], values: dict[tuple[str | None, str], Any]
) -> Iterator[tuple[Rule, str, TestResponse]]:
    """Call every address once in a browser of its own; what a call writes is taken back before the next."""
    connection = session().connection()
    for rule, method, address in list(addresses(app, values)):
        session().commit()
        savepoint = connection.begin_nested()
        try:
            yield rule, f"{method} {address}", browser().open(address, method=method)
        finally:
            session().rollback()
            _leave(savepoint, connection)


def _leave(savepoint: Any, connection: Connection) -> None:
    if savepoint.is_active:
        savepoint.rollback()
    assert connection.in_transaction()


def access_of(app: Flask, rule: Rule) -> str:
    access = declared(app.view_functions[rule.endpoint])
    assert access is not None, f"{rule.endpoint} declares nothing"
    return access


def test_every_endpoint_declares_who_may_call_it(app: Flask) -> None:
    undeclared = [endpoint for endpoint, view in app.view_functions.items() if declared(view) is None]
    assert undeclared == []


def test_an_undeclared_endpoint_answers_nobody(application: Flask, world: World, client_of: Browser) -> None:
    client = client_of(world.admin)
    view = application.view_functions["home.healthz"]
    application.view_functions["home.healthz"] = lambda: "secret"
    try:
        assert client.get("/healthz").status_code == 403
    finally:
        application.view_functions["home.healthz"] = view


def test_visitors_reach_only_what_is_public(app: Flask, client: FlaskClient, values: Any) -> None:
    for rule, call, response in answers(app, lambda: client, values):
        to_sign_in = response.status_code == 303 and response.location.startswith("/sign-in")
        if access_of(app, rule) == PUBLIC:
            assert not to_sign_in, call
            assert response.status_code not in {401, 403}, call
        else:
            assert to_sign_in or response.status_code == 401, f"{call}: {response.status_code}"


@pytest.mark.parametrize("name", ROLES)
def test_a_role_reaches_what_the_permission_page_says(
    app: Flask, world: World, client_of: Browser, values: Any, name: str
) -> None:
    role = ROLES[name]
    held = ROLE_PERMISSIONS[role] if role else frozenset()
    for rule, call, response in answers(app, lambda: client_of(world.accounts[name]), values):
        access = access_of(app, rule)
        assert response.status_code < 500, f"{call}: {response.status_code}"
        if access == TOKEN:  # a device's own; what a session may do there is tested beside it
            continue
        allowed = access in {PUBLIC, SIGNED_IN} or Permission(access) in held
        if not allowed:
            assert response.status_code == 403, f"{call}: {response.status_code}"
        elif access not in {PUBLIC, SIGNED_IN}:
            assert response.status_code != 403, call


@pytest.mark.parametrize("name", ["stranger", "other_instructor"])
def test_a_stranger_of_another_unit_finds_nothing(
    app: Flask, world: World, client_of: Browser, values: Any, name: str
) -> None:
    for rule, call, response in answers(app, lambda: client_of(world.accounts[name]), values):
        access, blueprint = access_of(app, rule), rule.endpoint.partition(".")[0]
        permissions = ROLE_PERMISSIONS[ROLES["organizer" if name == "stranger" else "instructor"] or Role.ADMIN]
        if access in {PUBLIC, SIGNED_IN, TOKEN} or Permission(access) not in permissions:
            continue
        if blueprint in SCOPED and rule.arguments and rule.endpoint not in OPEN_TO_OTHER_UNITS:
            assert response.status_code == 404, f"{call}: {response.status_code}"
        else:
            assert response.status_code in {200, 303, 404, 422}, f"{call}: {response.status_code}"


def test_nobody_sees_another_persons_attempt_or_ticket(
    app: Flask, world: World, client_of: Browser, values: Any
) -> None:
    attempt, event = values[(None, "attempt_id")], values[(None, "key")]
    other = client_of(world.other_trainee)
    for address in (f"/attempts/{attempt}", f"/attempts/{attempt}/result", f"/events/{event}/my-ticket.svg"):
        assert other.get(address).status_code == 404, address
    assert other.post(f"/attempts/{attempt}/submission").status_code == 404


def test_every_page_bears_the_security_headers(app: Flask, client: FlaskClient) -> None:
    response = client.get("/sign-in")
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
