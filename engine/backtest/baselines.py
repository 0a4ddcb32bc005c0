"""Baselines: what a spreadsheet would say, with its spread. A forecast that is not better than they is not needed.

Both are normal, cut off at 0, and known by the same inputs of the origin as the model.

- trailing: the mean of the last months, times the months ahead; spread: their standard deviation, times the square root
  of the months ahead.
- pipeline: every open deal with its chance to be won within the horizon, times the mean amount of its product, and the
  run rate of deals that are created and won within it. The chance goes by the age of the deal (competing risks). Where
  the scenario gives stages, it is the product of their probabilities from the deal's stage on, times the share of
  closes at its age that fall into the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.backtest.scores import quantile_sample
from engine.backtest.slices import Slice
from engine.inputs import FloatArray, Inputs
from engine.pipeline.competing_risks import Incidence, incidence
from engine.pipeline.export import Export
from engine.pipeline.spec import IGNORED, QUEUE, PipelineSpec

_SAMPLE = 999


def trailing(export: Export, part: Slice, ahead: int, months: int) -> FloatArray:
    """Return the forecast of the trailing mean, a sample.

    Args:
        export: the deals at the origin; months that it does not show in whole do not count.
        part: what is forecast.
        ahead: months of the horizon.
        months: months over which the mean is taken.

    """
    start, first = export.today.astype("datetime64[M]"), export.visible.astype("datetime64[M]")
    if first.astype("datetime64[D]") < export.visible:
        first += np.timedelta64(1, "M")
    count = max(min(months, int((start - first).astype(int))), 1)
    since = (start - count).astype("datetime64[D]")
    booked = part.won(export.inputs, export.inputs.history, since, count)
    sd = float(booked.std(ddof=1)) if count > 1 else 0.0
    return quantile_sample(float(booked.mean()) * ahead, sd * float(np.sqrt(ahead)), _SAMPLE)


@dataclass(frozen=True)
class Weighted:
    """The weighted open pipeline and the run rate."""

    inputs: Inputs
    shares: Incidence
    """Deals won and lost by age."""
    age: FloatArray
    """Of each open deal, days; NaN where unknown."""
    weight: FloatArray
    """Chance of each open deal to be won at last, by its stage; NaN where its age tells."""
    daily: float
    """Deals created a day."""
    mix: FloatArray
    """Share of each product among them."""

    @classmethod
    def of(cls, export: Export, spec: PipelineSpec) -> Weighted:
        """Count what the weights need."""
        inputs, (_, days) = export.inputs, export.window
        new = export.product[export.arrived & (export.product >= 0)]
        counts = np.bincount(new, minlength=len(inputs.products)).astype(np.float64)
        age = -inputs.calendar.day(inputs.pipeline.created)
        return cls(
            inputs, incidence(export.observed()[0]), age, _by_stage(inputs, spec), counts.sum() / max(days, 1),
            counts / max(counts.sum(), 1.0),
        )  # fmt: skip

    def chances(self, days: int) -> FloatArray:
        """Return the chance of each open deal to be won within some days, shape (deal,)."""
        won, lost, oldest = self.shares.won, self.shares.lost, len(self.shares.won) - 1
        from_ = np.clip(np.nan_to_num(self.age, nan=-1.0).astype(np.int64) - 1, -1, oldest)
        until = np.minimum(from_ + days, oldest)
        won_by, closed_by = np.append(won, 0.0), np.append(won + lost, 0.0)  # At -1 nothing is closed yet.
        left = np.maximum(1.0 - closed_by[from_], 1e-12)
        by_age = (won_by[until] - won_by[from_]) / left
        by_stage = self.weight * (closed_by[until] - closed_by[from_]) / left
        return np.asarray(np.where(np.isnan(self.weight), by_age, by_stage), dtype=np.float64)

    def forecast(self, part: Slice, days: int) -> FloatArray:
        """Return the forecast of a slice over some days, a sample."""
        inputs, pipeline = self.inputs, self.inputs.pipeline
        mean, square = _moments(inputs)
        mine, chance = part.of(inputs, pipeline), self.chances(days)
        known = pipeline.amount >= 0
        worth = np.where(known, pipeline.amount, mean[pipeline.product])
        worth2 = np.where(known, worth**2, square[pipeline.product])
        expected = float((chance * worth)[mine].sum())
        variance = float((chance * worth2 - (chance * worth) ** 2)[mine].sum())
        # Of those created on a day of the horizon, the share that is won by its end.
        won = self.daily * float(self.shares.won[np.minimum(np.arange(days), len(self.shares.won) - 1)].sum())
        share = self._share(part)
        expected += won * float((share * mean[:-1]).sum())
        variance += won * float((share * square[:-1]).sum())
        return quantile_sample(expected, float(np.sqrt(max(variance, 0.0))), _SAMPLE)

    def _share(self, part: Slice) -> FloatArray:
        """Return the share of new deals that are of each product and of the slice."""
        history = self.inputs.history
        inside = part.of(self.inputs, history)
        if part.by == "product":
            return np.where(np.array(self.inputs.products.id) == part.name, self.mix, 0.0)
        return self.mix * float(inside.mean() if len(inside) else 0.0)


def _moments(inputs: Inputs) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the mean square of won amounts by product; list prices where none was won.

    Shape (product + 1,): the last is for deals whose product is not known.
    """
    history = inputs.history
    won = (history.outcome == 1) & (history.amount >= 0) & (history.product >= 0)
    count = np.bincount(history.product[won], minlength=len(inputs.products))
    amount = history.amount[won].astype(np.float64)
    total = np.bincount(history.product[won], amount, minlength=len(inputs.products))
    squares = np.bincount(history.product[won], amount**2, minlength=len(inputs.products))
    price = inputs.products.price.astype(np.float64)
    mean = np.where(count > 0, total / np.maximum(count, 1), price)
    square = np.where(count > 0, squares / np.maximum(count, 1), price**2)
    every = max(int(won.sum()), 1)
    return np.append(mean, amount.sum() / every), np.append(square, (amount**2).sum() / every)


def _by_stage(inputs: Inputs, spec: PipelineSpec) -> FloatArray:
    """Return the chance of each open deal to be won from its stage on; NaN where the scenario gives no stages."""
    rest = np.cumprod([float(stage.advance) for stage in reversed(spec.stages)])[::-1]
    chance = {stage.name: float(value) for stage, value in zip(spec.stages, rest, strict=True)}
    chance |= {QUEUE: float(rest[0]) if len(rest) else np.nan, IGNORED: 0.0}
    named = (spec.open_stages.get(name, name) for name in inputs.pipeline.stage)
    return np.array([chance.get(name, np.nan) for name in named], dtype=np.float64)
