"""Commands of `lms` called from a test, with the test's own application and transaction."""

import json
from collections.abc import Callable
from typing import Any

from click.testing import CliRunner
from flask import Flask

from lms.cli import main
from lms.core.db import session

Command = Callable[..., tuple[int, Any]]


def command(app: Flask, group: str) -> Command:
    """`command(app, "registration")("import", …)` gives the exit code and the JSON document."""

    def call(*arguments: str) -> tuple[int, Any]:
        session().commit()
        result = CliRunner().invoke(main, [group, *arguments, "--json"], obj=lambda: app)
        session().expire_all()
        return result.exit_code, json.loads(result.stdout) if result.stdout else None

    return call
