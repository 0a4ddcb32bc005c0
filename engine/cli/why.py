"""The plan of a run folder, read back from its tables, to be explained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.recalled import recalled

if TYPE_CHECKING:
    from engine.territory.why.words import Planned


def planned(folder: Path) -> Planned:
    """Return the plan of a run folder.

    Raises:
        BadInput: the folder holds no run with an alignment.

    """
    from engine.territory.why.words import Planned

    run = recalled(folder, "territories")
    whole = run.manifest["stages"]["territories"]["solves"][0]
    return Planned(
        run.inputs, run.scenario.territories, run.rep_of, float(whole["objective"]), float(whole["bound"])
    )
