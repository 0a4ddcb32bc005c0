"""Scenario: the blocks of every stage side by side."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import PrivateAttr, model_validator

from engine.backtest.spec import BacktestSpec
from engine.blocks import Block
from engine.calendar import CalendarSpec
from engine.calibration.spec import CalibrationSpec
from engine.comp.spec import CompSpec
from engine.data.spec import DataSpec
from engine.errors import did_you_mean
from engine.fields import Currency, Day, Seed, Text, refuse
from engine.measures import DEFAULT, Measures
from engine.pipeline.spec import PipelineSpec
from engine.quota.spec import QuotaSpec
from engine.territory.spec import TerritorySpec

if TYPE_CHECKING:
    from engine.reading import Source

DEFAULT_SEED = 20_270_101
"""Used, and written to the manifest, when a scenario names no seed."""


class Scenario(Block):
    """One planning scenario: what is read, what is decided, what is simulated."""

    description: Text = ""
    """What this scenario is about; shown at the head of the report."""
    currency: Currency = "USD"
    """ISO code of the plan's currency; money is kept in its minor unit."""
    seed: Seed = DEFAULT_SEED
    """Seed of all randomness; equal seeds give equal futures."""
    calendar: CalendarSpec
    """The year that is planned."""
    as_of: Day | None = None
    """First day that still lies ahead. What was closed before it counts as it was, and the simulation starts there from
    the deals that are open then. The first day of the plan unless given."""
    data: DataSpec
    """The tables, and how to read them."""
    measures: Measures = DEFAULT
    """Named quantities of won deals; `bookings` (all money) unless given."""
    territories: TerritorySpec
    """Who covers what."""
    calibration: CalibrationSpec = CalibrationSpec()
    """How `apportion calibrate` estimates a pipeline from the tables."""
    pipeline: PipelineSpec
    """How opportunities arise, move and close."""
    quotas: QuotaSpec
    """Who carries what number."""
    comp: CompSpec
    """What it pays."""
    backtest: BacktestSpec | None = None
    """How `apportion backtest` holds forecasts of the past to what came."""

    @model_validator(mode="after")
    def _measures_exist(self) -> Scenario:
        for where, name in (("quotas.measure", self.quotas.measure), *self.comp.measures_named()):
            if name not in self.measures:
                raise refuse(
                    "E_REFERENCE",
                    f"no measure is called '{name}'",
                    did_you_mean(name, self.measures),
                    at=where,
                )
        for where, name, quantity in self.comp.quantities_meant():
            if self.measures[name].quantity != quantity:
                words = {"amount": "money", "count": "counts"}
                is_, meant = words[self.measures[name].quantity], words[quantity]
                raise refuse(
                    "E_CONFLICT",
                    f"'{name}' measures {is_}, and is paid as {meant}",
                    "Name another measure, or say in its units what is paid for (`each`).",
                    at=where,
                )
        return self

    @property
    def goal(self) -> tuple[str, int]:
        """The measure that quotas are set on, and what it is to reach in the plan, minor units."""
        return self.quotas.measure, self.quotas.total(self.currency)

    _source: Source[Any] | None = PrivateAttr(default=None)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *sets: str, roots: Sequence[Path] = ()) -> Self:
        """Read a scenario file; `sets` are overrides `key=value`, `roots` further folders it may read from.

        Raises:
            BadInput: every fault of the file, with its line.

        """
        from engine.reading import read

        source = read(path, cls, sets, roots)
        source.scenario._source = source
        return source.scenario

    @property
    def source(self) -> Source[Scenario]:
        """Where the scenario was read from.

        Raises:
            ValueError: it was made in code, so that there is no folder to read tables from.

        """
        if self._source is None:
            raise ValueError(
                "a scenario made in code has no folder for its tables: read it with Scenario.load(path)"
            )
        return self._source
