"""Scenario: the blocks of every stage side by side."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import PydanticCustomError

from engine.backtest.spec import BacktestSpec
from engine.calendar import CalendarSpec
from engine.calibration.spec import CalibrationSpec
from engine.comp.mixed import mixed
from engine.comp.spec import CompSpec
from engine.data.spec import DataSpec
from engine.errors import did_you_mean
from engine.fields import Currency, Day, Seed, Text, refuse
from engine.loaded import Loaded
from engine.measures import DEFAULT, Measures
from engine.pipeline.spec import PipelineSpec
from engine.quota.spec import QuotaSpec
from engine.territory.spec import TerritorySpec

DEFAULT_SEED = 20_270_101
"""Used, and written to the manifest, when a scenario names no seed."""


class Scenario(Loaded):
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

    def contradictions(self) -> Iterator[PydanticCustomError]:
        """Yield measures that are not there, that are paid as what they are not, or read where they have nothing."""
        for where, name in (("quotas.measure", self.quotas.measure), *self.comp.measures_named()):
            if name not in self.measures:
                yield refuse(
                    "E_REFERENCE",
                    f"no measure is called '{name}'",
                    did_you_mean(name, self.measures),
                    at=where,
                )
        for where, name, quantity in self.comp.quantities_meant():
            if name in self.measures and self.measures[name].quantity != quantity:
                words = {"amount": "money", "count": "counts"}
                is_, meant = words[self.measures[name].quantity], words[quantity]
                yield refuse(
                    "E_CONFLICT",
                    f"'{name}' measures {is_}, and is paid as {meant}",
                    "Name another measure, or say which it is: `each`, `rates: per_unit`, `goal`, `levels_in`.",
                    at=where,
                )
        cash = {name for name, measure in self.measures.items() if measure.basis == "cash"}
        for where, message, hint in mixed(self.comp, cash):
            yield refuse("E_CONFLICT", message, hint, at=f"comp.{where}")
        if self.comp.release == "cash":
            if not any(process.kind == "payment" for process in self.pipeline.processes):
                hint = "Add {kind: payment, terms: 30, before_plan: left_out} to `pipeline.processes`."
                yield refuse("E_REQUIRED", "nothing says when customers pay", hint, at="comp.release")
            if self.as_of is not None:
                message = "with `as_of`, nothing says which of the deals that were won so far are paid"
                hint = "Leave `as_of` out, or use release: booking."
                yield refuse("E_UNSUPPORTED", message, hint, at="comp.release")
