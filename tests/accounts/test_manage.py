"""Accounts and roles, as those who run the system see them."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import queries
from lms.accounts.models import Account, RoleGrant
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.mail import OutboxMail
from lms.core.permissions import Permission, Role
from tests.world import World

Browser = Callable[[Account], FlaskClient]


def test_only_administrators_see_accounts(world: World, client: FlaskClient, client_of: Browser) -> None:
    for path in ("/accounts/", "/accounts/new", f"/accounts/{world.trainee.id}"):
        assert client.get(path).status_code == 303
        assert client_of(world.organizer).get(path).status_code == 403
        assert client_of(world.admin).get(path).status_code == 200
    assert client_of(world.admin).get("/accounts/999999").status_code == 404


def test_an_account_is_made_and_its_person_invited(world: World, client_of: Browser) -> None:
    browser = client_of(world.admin)
    form = {
        "full_name": "Lù A Páo",
        "email": "pao@example.vn",
        "unit": "nam khoang",
        "post": "Công chức",
        "invite": "y",
    }
    assert browser.post("/accounts/new", data=form).status_code == 303
    account = queries.find_by_email("pao@example.vn")
    assert account is not None
    assert account.person.posts[0].unit.key == "nam-khoang"
    assert "/password/" in session().scalars(select(OutboxMail)).one().body
    again = browser.post("/accounts/new", data=form)
    assert again.status_code == 422
    assert "đã có tài khoản" in again.get_data(as_text=True)


def test_an_unknown_unit_is_named(world: World, client_of: Browser) -> None:
    form = {"full_name": "Lù A Páo", "email": "pao@example.vn", "unit": "Tỉnh Không Có"}
    response = client_of(world.admin).post("/accounts/new", data=form)
    assert response.status_code == 422
    assert "Tỉnh Không Có" in response.get_data(as_text=True)
    assert queries.find_by_email("pao@example.vn") is None


def test_a_role_reaches_all_below_its_unit_and_ends(world: World, client_of: Browser) -> None:
    browser, trainee = client_of(world.admin), world.trainee
    path = f"/accounts/{trainee.id}/grants"
    assert browser.post(path, data={"role": "organizer", "unit": "Lam Khê"}).status_code == 303
    assert browser.post(path, data={"role": "organizer", "unit": "Lam Khê"}).status_code == 303
    (grant,) = session().scalars(select(RoleGrant).where(RoleGrant.account_id == trainee.id))
    assert trainee.unit_paths(Permission.EVENTS) == [world.units["lam-khe"].path]
    assert browser.post(f"{path}/{grant.id}/withdrawal").status_code == 303
    session().expire_all()
    assert not world.trainee.has_role(Role.ORGANIZER)
    verbs = list(session().scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))
    assert verbs == ["role.grant", "role.withdraw"]


def test_bad_roles_are_refused(world: World, client_of: Browser) -> None:
    browser = client_of(world.admin)
    response = browser.post(f"/accounts/{world.trainee.id}/grants", data={"role": "king", "unit": ""})
    assert response.status_code == 422
    assert browser.post(f"/accounts/{world.trainee.id}/grants/424242/withdrawal").status_code == 404


def test_closing_and_opening_an_account(world: World, client_of: Browser) -> None:
    browser, path = client_of(world.admin), f"/accounts/{world.trainee.id}/closure"
    browser.post(path)
    assert world.trainee.disabled_at is not None
    browser.post(path, data={"open": "1"})
    session().expire_all()
    assert world.trainee.disabled_at is None
    own = browser.post(f"/accounts/{world.admin.id}/closure", follow_redirects=True)
    assert "chính mình" in own.get_data(as_text=True)


def test_the_list_is_searched_and_costs_the_same(world: World, client_of: Browser, count_statements: Callable) -> None:  # type: ignore[type-arg]
    browser = client_of(world.admin)
    with count_statements() as one:
        assert "Đặng Văn Đức" in browser.get("/accounts/?q=dang duc").get_data(as_text=True)
    with count_statements() as all_of_them:
        browser.get("/accounts/")
    assert len(all_of_them) == len(one)
