"""CalibrationScenario: a scenario of which only tables and calendar are needed, because the rest is yet to come."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import PydanticCustomError

from engine.comp.spec import CompSpec
from engine.pipeline.spec import PipelineSpec
from engine.quota.spec import QuotaSpec
from engine.scenario import Scenario
from engine.territory.spec import TerritorySpec


class CalibrationScenario(Scenario):
    """What `apportion calibrate` reads: any scenario, or one without the blocks that are planned with its result."""

    territories: TerritorySpec | None = None  # type: ignore[assignment]
    """Not used."""
    pipeline: PipelineSpec | None = None  # type: ignore[assignment]
    """What is kept: replications, slots, ramp, market, routing, and processes that are not estimated."""
    quotas: QuotaSpec | None = None  # type: ignore[assignment]
    """Not used."""
    comp: CompSpec | None = None  # type: ignore[assignment]
    """Not used."""

    def contradictions(self) -> Iterator[PydanticCustomError]:
        """Yield nothing: the blocks that name measures need not be there."""
        yield from ()
