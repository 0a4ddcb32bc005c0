"""The work of a back-test, read top to bottom: origins, forecasts, choice, scores; and what it says in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine import amounts
from engine.backtest.choice import choose
from engine.backtest.forecasts import ask
from engine.backtest.origins import refuse_unusable
from engine.backtest.tables import Scored
from engine.columns import Table
from engine.errors import BadInput, Fault
from engine.progress import Progress
from engine.scenario import Scenario

_SAID = ("scores", "slices", "forecasts")
"""Tables of which the command tells in words."""


def scored(scenario: Scenario, workers: int, progress: Progress) -> Scored:
    """Forecast from every origin, and choose among candidates at each.

    Raises:
        BadInput: the scenario has no `backtest:` block, or its past cannot be cut or estimated.

    """
    spec = scenario.backtest
    if spec is None:
        hint = "Add `backtest: {origins: {first: ..., last: ...}}`."
        raise BadInput(
            [Fault("E_REQUIRED", "nothing says from which days to forecast", hint, field="backtest")]
        )
    with scenario.source.placing_faults():
        refuse_unusable(scenario, spec)
        progress.stage("backtest")
        asked = ask(scenario, spec, workers, progress)
    origins = dict.fromkeys(one.origin for one in asked.questions if one.origin.day >= spec.origins.first)
    choices = tuple(choose(asked.questions, origin) for origin in origins)
    return Scored(asked, choices, scenario.seed)


def facts(scenario: Scenario, found: Scored) -> str:
    """Return the line below the title."""
    first, last = found.choices[0].origin.day, found.choices[-1].origin.day
    replications = max(sample.shape[1] for one in found.asked.questions for sample in one.answers.values())
    return (
        f"{len(found.choices)} origins from {first} to {last}, {replications:,} replications each, "
        f"seed {scenario.seed}, money in {scenario.currency}"
    )


def summary(name: str, tables: Sequence[Table], currency: str) -> str:
    """Return what the command says: the scores by slice and horizon, and the verdict."""
    from engine.backtest.page import verdict

    frames = {table.name: in_units(table, currency) for table in tables if table.name in _SAID}
    scores = frames["scores"]
    lines = [f"{name}: back-test", f"  {'':<24}{'CRPS':>10}{'pipeline':>12}{'trailing':>12}{'80 % held':>12}"]
    for _, row in scores.iterrows():
        money = (row["crps"], row["crps_pipeline"], row["crps_trailing"])
        cells = "".join(f"{value:>12,.0f}" for value in money)
        lines.append(f"  {row['by'] + ', ' + row['horizon']:<22}{cells}{100 * row['in80']:>10.0f} %")
    said = verdict(scores, frames["slices"], frames["forecasts"], currency)
    return "\n".join([*lines, *(f"  {sentence}".replace("\u00a0", " ") for sentence in said)])


def in_units(table: Table, currency: str) -> pd.DataFrame:
    """Return a table's frame with money in currency units."""
    frame, unit = table.frame.copy(), 10 ** amounts.decimals(currency)
    for column in table.columns:
        if column.type == "money":
            frame[column.name] = (
                frame[column.name].astype("Float64").to_numpy(np.float64, na_value=np.nan) / unit
            )
    return frame
