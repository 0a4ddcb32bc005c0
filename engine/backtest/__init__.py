"""Back-test: forecast the past from what was known then, and score it against what came.

Nothing heavy is imported before the function is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.published import Published

if TYPE_CHECKING:
    from engine.progress import Progress
    from engine.scenario import Scenario


class Backtested(Published):
    """A published back-test: tables `forecasts`, `scores`, `slices`, `candidates`, `estimates`."""


def backtest(
    scenario: Scenario, out: str | Path | None = None, *, workers: int = 0, progress: Progress | None = None
) -> Backtested:
    """Forecast from every origin of the scenario's `backtest:` block and publish the scores.

    What lies after an origin has no say in its forecasts: the reader cuts the tables there.

    Args:
        scenario: read with `Scenario.load`.
        out: the folder; `runs/<name of the scenario>-backtest` unless given.
        workers: threads of the simulation; 0 takes one per core. The bytes are the same for any number.
        progress: where to report.

    Raises:
        BadInput, VerificationFailed, FolderInUse, EnvironmentFailed: nothing was published.

    """
    from engine.backtest.publish import write_backtest
    from engine.backtest.work import facts, scored, summary
    from engine.progress import Silent
    from engine.runs import cores
    from engine.store.folder import publish, reserve

    name = scenario.source.name
    place, told = Path(out) if out is not None else Path("runs") / f"{name}-backtest", progress or Silent()
    with reserve(place) as temporary:
        found = scored(scenario, workers or cores(), told)
        tables = found.tables()
        told.stage("report")
        write_backtest(temporary, scenario, tables, found.asked.sources, facts(scenario, found))
        publish(temporary, place)
    return Backtested(place, tables, summary(name, tables, scenario.currency))
