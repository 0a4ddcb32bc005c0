"""What several tests of the pipeline look at."""

from __future__ import annotations

import pytest

from engine.pipeline.kpis.figures import Simulated
from engine.pipeline.kpis.groups import Group, groups_of
from engine.pipeline.lever import World
from tests.pipeline.rich import rich
from tests.pipeline.told import simulate


@pytest.fixture(scope="session")
def simulated() -> tuple[Simulated, tuple[Group, ...], World]:
    """Some replications of the small world with everything in it, by the reference engine."""
    inputs, _, world = rich()
    return simulate(inputs, world, 6), groups_of(inputs, world.model, world.names.segments), world
