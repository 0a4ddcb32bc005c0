"""The tables and the rules as the search and the checks see them: what is left of the year, bands of a hierarchy.

    seen(inputs, spec) = (inputs, spec)       where the scenario plans a whole year over seats alone

Whoever gathers a problem, or checks a finished alignment, does it over these. Tables that tell of the whole year are
made of the tables as they were read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import BadInput
from engine.inputs import Inputs
from engine.territory.edits.spec import lock_rules

if TYPE_CHECKING:
    from engine.territory.spec import TerritorySpec


def seen(inputs: Inputs, spec: TerritorySpec) -> tuple[Inputs, TerritorySpec]:
    """Return the tables and the rules that an alignment is held to.

    Raises:
        BadInput: a re-carve, a hierarchy or an overlay that does not fit the tables.

    """
    if spec.locks:
        spec = spec.model_copy(update={"constraints": (*spec.constraints, *lock_rules(spec.locks))})
    if spec.hierarchy is not None:
        spec = _with_bands(inputs, spec)
    if spec.overlays:
        spec = _without_overlays(inputs, spec)
    if spec.recarve is not None:
        from engine.territory.recarve.carving import recarved

        inputs, spec = recarved(inputs, spec)
    return inputs, spec


def _with_bands(inputs: Inputs, spec: TerritorySpec) -> TerritorySpec:
    """Return the rules with the bands of the hierarchy's nodes behind them."""
    from engine.territory.hierarchy.spec import hierarchy_faults

    assert spec.hierarchy is not None
    faults = hierarchy_faults(inputs, spec.hierarchy)
    if faults:
        raise BadInput(faults)
    bands = tuple(band.at(index) for index, band in enumerate(spec.hierarchy.bands))
    return spec.model_copy(update={"constraints": (*spec.constraints, *bands)})


def _without_overlays(inputs: Inputs, spec: TerritorySpec) -> TerritorySpec:
    """Return the rules of the core alignment: seats of an overlay own no account."""
    from engine.territory.overlay.laying import apart, overlay_faults

    faults = overlay_faults(inputs, spec.overlays)
    if faults:
        raise BadInput(faults)
    return apart(inputs, spec)
