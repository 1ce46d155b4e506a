"""The files under `data/`, and their days: a date as it stands, or a number of days from the day of loading."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import yaml

from lms.places import PACKAGE

_DATA = PACKAGE / "demo" / "data"


@cache
def read(name: str) -> dict[str, Any]:
    """What `data/NAME.yaml` says; read once a process and not to be changed."""
    content: dict[str, Any] = yaml.safe_load((_DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def day(value: date | int, today: date) -> date:
    """The day meant: 21 is three weeks after `today`, a date is itself."""
    return value if isinstance(value, date) else today + timedelta(days=value)
