"""The plan of a run folder, read back from its tables, to be explained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import BadInput, Fault

if TYPE_CHECKING:
    from engine.territory.why.words import Planned


def planned(folder: Path) -> Planned:
    """Return the plan of a run folder.

    Raises:
        BadInput: the folder holds no run with an alignment.

    """
    import pandas as pd

    from engine import data, territory
    from engine.calendar import calendar
    from engine.reading.nodes import decode, parse
    from engine.scenario import Scenario
    from engine.store.manifest import NAME, is_run
    from engine.store.tables import read_inputs
    from engine.territory.why.words import Planned

    content = json.loads((folder / NAME).read_bytes()) if is_run(folder) else {"stages": {}}
    if "territories" not in content["stages"]:
        hint = "Name a folder that `apportion run` wrote."
        raise BadInput([Fault("E_RUN", "the folder holds no run with territories", hint, file=str(folder))])
    text = decode((folder / "scenario.yaml").read_bytes(), "scenario.yaml")
    scenario = Scenario.model_validate(parse(text, "scenario.yaml").plain())
    plan = calendar(scenario.calendar, scenario.as_of)
    inputs = data.from_frames(read_inputs(folder), plan, scenario.currency)
    tables = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("tables/*.parquet"))}
    inputs, frame = territory.seated(inputs, scenario.territories, tables), tables["alignment"]
    seats = {seat: j for j, seat in enumerate(inputs.reps.id)}
    rep_of = np.array([seats[seat] for seat in frame["rep"]], dtype=np.int64)
    whole = content["stages"]["territories"]["solves"][0]
    return Planned(inputs, scenario.territories, rep_of, float(whole["objective"]), float(whole["bound"]))
