"""Small comp worlds: bookings and quotas made by hand."""

import numpy as np
import pandas as pd

from engine.comp.payouts import Payouts
from engine.comp.spec import CompSpec
from engine.inputs import Inputs
from engine.pipeline.bookings import Bookings
from engine.quota.quotas import Quotas


def bookings(cube: np.ndarray, *measures: str) -> Bookings:
    """Bookings from credits by (replication, rep, period[, measure])."""
    cube = np.asarray(cube, dtype=np.int64)
    cube = cube[..., None] if cube.ndim == 3 else cube
    return Bookings(measures or ("bookings",), cube, np.zeros((len(cube), 0), dtype=np.int64), (), ())


def quotas(cells: np.ndarray) -> Quotas:
    """Quotas from numbers by (rep, period)."""
    return Quotas("bookings", np.asarray(cells, dtype=np.int64)[:, None, :], (), ())


def random_bookings(inputs: Inputs, replications: int, seed: int = 7, mean: int = 9_000_000) -> Bookings:
    """Lumpy months: some empty, most around the mean, in cents."""
    rng = np.random.default_rng(seed)
    shape = (replications, len(inputs.reps), inputs.calendar.periods)
    size = rng.lognormal(0, 0.6, shape) * mean * (rng.random(shape) > 0.15)
    return bookings(np.rint(size))


def even_quotas(inputs: Inputs, month: int = 10_000_000) -> Quotas:
    """The same quota for every seat and month."""
    return quotas(np.full((len(inputs.reps), inputs.calendar.periods), month))


def units(payouts: Payouts, name: str) -> pd.DataFrame:
    """A table of a settlement in USD, with money in currency units."""
    found = next(table for table in payouts.tables if table.name == name)
    money = [column.name for column in found.columns if column.type == "money"]
    return found.frame.assign(**{column: found.frame[column].astype("Float64") / 100 for column in money})


SALARY = {"kind": "salary"}
COMMISSION = {
    "kind": "commission",
    "tiers_on": "attainment",
    "rates": "individual",
    "mode": "marginal",
    "closed": "left",
    "accumulate": "year_to_date",
    "quota": "interval",
    "weight": "60%",
    "tiers": [{"start": 0, "rate": 1}, {"start": "100%", "rate": "1.5"}, {"start": "150%", "rate": 1}],
}
BONUS = {
    "kind": "bonus",
    "accumulate": "quarter",
    "quota": "to_date",
    "closed": "left",
    "weight": "40%",
    "pay": "quarterly",
    "threshold": {"attainment": "70%", "entry": "from_minimum", "minimum": "50%"},
    "nodes": [{"attainment": "100%", "pay": "100%"}, {"attainment": "150%", "pay": "200%"}],
    "accelerator": 0,
    "cap": {"of_target": "200%", "per": "year"},
}


def spec(*components: dict, **rules: object) -> CompSpec:
    """A spec with one plan, AE."""
    parts = components or (SALARY, COMMISSION, BONUS)
    given = {"rounding": "half_even", "proration": "days_of_period", **rules}
    if given["proration"] == "whole_months":
        given = {"cutoff_day": 16, **given}
    return CompSpec.model_validate({"plans": {"AE": {"pay": "monthly", "components": list(parts)}}, **given})
