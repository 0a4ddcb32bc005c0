"""A run read back from its folder: the scenario, the tables it saw, and the seat of every account."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import Inputs, IntArray
    from engine.scenario import Scenario


@dataclass(frozen=True)
class Recalled:
    """What a run folder holds."""

    scenario: Scenario
    inputs: Inputs
    """With the seats of the alignment."""
    rep_of: IntArray
    """Seat of each account, shape (account,)."""
    tables: dict[str, pd.DataFrame]
    """Result tables by name."""
    manifest: dict[str, Any]


def recalled(folder: Path, stage: str) -> Recalled:
    """Return the run in a folder.

    Args:
        folder: the run folder.
        stage: the stage that the run must have done, not before `territories`.

    Raises:
        BadInput: the folder holds no run that went so far.

    """
    import pandas as pd

    from engine import data, territory
    from engine.calendar import calendar
    from engine.reading.nodes import decode, parse
    from engine.scenario import Scenario
    from engine.store.manifest import NAME, SCENARIO, is_run
    from engine.store.tables import read_inputs

    manifest = json.loads((folder / NAME).read_bytes()) if is_run(folder) else {}
    if stage not in manifest.get("stages", {}):
        hint = "Name a folder that `apportion run` wrote."
        raise BadInput([Fault("E_RUN", f"the folder holds no run with {stage}", hint, file=str(folder))])
    text = decode((folder / SCENARIO).read_bytes(), SCENARIO)
    scenario = Scenario.model_validate(parse(text, SCENARIO).plain())
    plan = calendar(scenario.calendar, scenario.as_of)
    inputs = data.from_frames(read_inputs(folder), plan, scenario.currency)
    tables = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("tables/*.parquet"))}
    inputs = territory.seated(inputs, scenario.territories, tables)
    seats = {seat: j for j, seat in enumerate(inputs.reps.id)}
    rep_of = np.array([seats[seat] for seat in tables["alignment"]["rep"]], dtype=np.int64)
    return Recalled(scenario, inputs, rep_of, tables, manifest)
