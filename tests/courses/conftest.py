"""A small content folder that tests may spoil, and the product's own register of units."""

from pathlib import Path

import pytest

from lms.core.db import session
from lms.units.models import Unit, UnitKind
from tests.courses.folder import write_course
from tests.world import World


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with one right course of two lessons."""
    return write_course(tmp_path)


@pytest.fixture
def board(world: World) -> Unit:
    """The unit that owns courses."""
    unit = Unit(
        key="ban-bien-soan",
        code="bbs",
        kind=UnitKind.OFFICE,
        name="Ban biên soạn",
        name_en="Board",
        short_name="Ban BS",
    )
    unit.index_names()
    session().add(unit)
    session().flush()
    unit.path = f"/{unit.id}/"
    session().flush()
    return unit
