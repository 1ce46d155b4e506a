"""The product's own register, loaded into the test's transaction."""

import pytest

from lms.units import loading
from tests.world import World


@pytest.fixture
def register(world: World) -> World:
    """The world with the register of units beside its own."""
    loading.load()
    return world
