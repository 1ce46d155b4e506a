"""Answers: files under Vietnamese names, redirects that stay on the site."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from lms.core.web import download, local_path
from tests.world import World


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40))
def test_any_name_survives_a_header(application: Flask, name: str) -> None:
    with application.app_context():
        header = download(b"x", name, "application/pdf").headers["Content-Disposition"]
    header.encode("ascii")
    assert parse_options_header(header)[1]["filename"] == name or name.isascii()


def test_a_vietnamese_name(application: Flask) -> None:
    with application.app_context():
        header = download(b"x", "danh sách đại biểu.xlsx", "application/pdf").headers["Content-Disposition"]
    assert header.startswith('attachment; filename="danh sach dai bieu.xlsx"; ')
    assert parse_options_header(header)[1]["filename"] == "danh sách đại biểu.xlsx"


ELSEWHERE = ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", None, "/a\nb"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_only_paths_of_this_site_are_followed(target: str | None) -> None:
    assert local_path(target) is None


def test_a_path_of_this_site_is_followed() -> None:
    assert local_path("/events/?q=đức&page=2") == "/events/?q=đức&page=2"


def test_a_number_larger_than_any_id_is_not_found(world: World, client: FlaskClient) -> None:
    assert client.get("/verify").status_code == 200
    assert client.get(f"/events/x/documents/{2**63}").status_code == 404
    assert client.get(f"/events/x/documents/{2**31}").status_code == 404
