"""A loaded course of two lessons."""

from pathlib import Path

import pytest
from sqlalchemy import select

from lms.core.db import session
from lms.corpus import loading as corpus_loading
from lms.courses import loading
from lms.courses.models import Course
from tests.courses.conftest import board, folder
from tests.world import World

__all__ = ["board", "course", "folder"]


@pytest.fixture
def course(folder: Path, board: object, world: World) -> Course:
    """The trial course, loaded."""
    corpus_loading.load(folder)
    loading.load(folder)
    return session().scalars(select(Course).where(Course.slug == "thu")).one()
