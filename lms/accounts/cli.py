"""`lms accounts invite`: the first administrator of an empty deployment, or anyone after."""

import click

from lms.accounts import queries, service
from lms.core.cli import Answer, command
from lms.core.permissions import Role
from lms.core.web import whole_address
from lms.people import service as people
from lms.units import queries as units


def register(main: click.Group) -> None:
    """Add the group `accounts`."""
    group = click.Group("accounts", help="Accounts and their roles.")
    main.add_command(group)
    command(group, "invite", writes=True)(invite)


@click.argument("email")
@click.argument("full_name")
@click.option("--role", type=click.Choice([str(role) for role in Role]), help="A role, on the unit given.")
@click.option("--unit", "unit_key", required=True, help="Register key of the person's unit (lms units list --json).")
@click.option("--post", default="", help="The person's post there.")
def invite(email: str, full_name: str, role: str | None, unit_key: str, post: str) -> Answer:
    """Make an account, known or new, with a role; print the link that sets its password (14 days)."""
    unit = units.get(unit_key)
    account = queries.find_by_email(email)
    if account is None:
        account = service.create_account(people.find_or_create(full_name, unit, post, email), email)
    if role is not None:
        service.grant(account, Role(role), unit, None)
    token = service.issue_token(account, service.INVITATION_LIFE)
    link = whole_address("accounts.password", token=token)
    return Answer({"email": account.email, "link": link}, link)
