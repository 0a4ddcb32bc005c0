"""What the seats of the overlays carry, added up again from the table of who serves which account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.verification.figures import figure_faults

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import Inputs, Reps
    from engine.territory.spec import TerritorySpec

    Frames = Mapping[str, pd.DataFrame]


def overlay_faults(inputs: Inputs, spec: TerritorySpec, tables: Frames) -> list[str]:
    """Return a sentence for each cell of `overlay_seats` that the accounts served contradict.

    Who may serve whom, and whether every rule of an overlay is kept, `overlay_violations` says. `inputs` are the
    tables that the alignment is held to.
    """
    from engine.territory.measure import WORKLOAD_SCALE
    from engine.territory.overlay.world import team

    served = tables["overlay_alignment"]
    place = {account: i for i, account in enumerate(inputs.accounts.id)}
    said = []
    seats = [(overlay.name, *one) for overlay in spec.overlays for one in _seats(team(inputs, overlay))]
    rows = tables["overlay_seats"].to_dict("records") if "overlay_seats" in tables else []
    if [(row["overlay"], row["overlay_seat"], row["name"]) for row in rows] != seats:
        return ["the seats of the overlays are not those of their teams, each once and in their order"]
    for row in rows:
        mine = served[(served["overlay"] == row["overlay"]) & (served["overlay_seat"] == row["overlay_seat"])]
        accounts = [place[account] for account in mine["account"] if account in place]
        figures = {
            "territories": len(set(mine["rep"])),
            "accounts": len(mine),
            "potential": sum(int(inputs.accounts.potential[i]) for i in accounts),
            "workload": sum(int(inputs.accounts.workload[i]) for i in accounts) / WORKLOAD_SCALE,
        }
        said += [
            f"{row['overlay']}, seat {row['overlay_seat']}: {words}" for words in figure_faults(row, figures)
        ]
    return said


def _seats(team: Reps) -> list[tuple[str, str]]:
    return list(zip(team.id, team.name, strict=True))
