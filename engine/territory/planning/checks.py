"""Plain checks of the tables that stand beside an alignment, as they lie on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.inputs import Inputs, IntArray
from engine.territory.contribution import response_violations
from engine.territory.overlay.laying import overlay_violations
from engine.territory.planning.rules import seen
from engine.territory.recarve.checks import recarve_violations

if TYPE_CHECKING:
    import pandas as pd

    from engine.territory.spec import TerritorySpec


def table_violations(
    inputs: Inputs, spec: TerritorySpec, rep_of: IntArray, tables: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Return a sentence for each rule or figure that the overlays, the re-carve and the response of a run break.

    Args:
        inputs: the tables of the scenario as read.
        spec: its territories.
        rep_of: seat of each account, shape (account,).
        tables: the tables of the run by name.

    """
    found = recarve_violations(inputs, spec, rep_of, tables)
    found += response_violations(inputs, spec, rep_of, tables)
    if spec.overlays:
        if "overlay_alignment" not in tables:
            return [*found, "the overlays have no table of who serves which account."]
        rows = tables["overlay_alignment"].itertuples(index=False, name=None)
        found += overlay_violations(seen(inputs, spec)[0], spec, rep_of, rows)
    return found
