"""The study of the headcount beside an alignment: more tables, nothing else."""

from __future__ import annotations

from dataclasses import replace

from engine.inputs import Inputs
from engine.progress import Progress
from engine.territory.alignment import Alignment
from engine.territory.interrupted import DesignInterrupted
from engine.territory.spec import TerritorySpec


def studied(
    alignment: Alignment, inputs: Inputs, spec: TerritorySpec, *, seed: int, progress: Progress
) -> Alignment:
    """Return the alignment with the tables of the headcount, where the scenario asks for them.

    Raises:
        DesignInterrupted: the user stopped the study; the alignment is kept.
        BadInput: seats to keep that do not exist, too few places, rules that do not fit new seats.

    """
    if spec.headcount is None:
        return alignment
    from engine.territory.headcount.sweep import sweep
    from engine.territory.headcount.tables import tables

    try:
        found = sweep(inputs, spec, spec.headcount, seed=seed, progress=progress)
    except KeyboardInterrupt as stop:
        raise DesignInterrupted(alignment) from stop
    return replace(alignment, tables=(*alignment.tables, *tables(found, spec.headcount)))
