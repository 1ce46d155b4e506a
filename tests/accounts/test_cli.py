"""The first administrator comes from the command line."""

import json
from urllib.parse import urlsplit

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts import queries
from lms.cli import main
from lms.core.permissions import Permission
from tests.world import World


def invite(app: Flask, *words: str) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(main, ["accounts", "invite", "--json", *words], obj=lambda: app)
    return done.exit_code, json.loads(done.stdout)


def test_an_administrator_is_made_and_sets_a_password(app: Flask, world: World, client: FlaskClient) -> None:
    code, answer = invite(app, "moi@example.vn", "Lê Thị Mới", "--role", "admin", "--unit", "bo-thu")
    assert code == 0
    account = queries.find_by_email("moi@example.vn")
    assert account is not None
    assert account.has_permission(Permission.SYSTEM)
    path = urlsplit(str(answer["link"])).path
    assert client.post(path, data={"password": "một câu dễ nhớ"}).status_code == 303
    assert client.get("/system").status_code == 200


def test_inviting_again_gives_another_link_not_another_account(app: Flask, world: World) -> None:
    first = invite(app, "trainee@example.vn", "Đặng Văn Đức", "--unit", "nam-khoang")
    second = invite(app, "trainee@example.vn", "Đặng Văn Đức", "--unit", "nam-khoang")
    assert first[1]["link"] != second[1]["link"]


def test_an_unknown_unit_is_refused_and_nothing_written(app: Flask, world: World) -> None:
    code, answer = invite(app, "moi@example.vn", "Lê Thị Mới", "--unit", "khong-co")
    assert code == 1
    assert answer["errors"]
    assert queries.find_by_email("moi@example.vn") is None
