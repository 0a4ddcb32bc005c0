"""The estimate, read top to bottom: export, stages, arrivals, sizes, people, and the block that says it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import amounts
from engine.calibration.arrivals import LEADS, Arriving, arriving, mix
from engine.calibration.attrition import attrition
from engine.calibration.checks import refuse_thin_stages, refuse_unusable, warn_of_entries, warn_of_history
from engine.calibration.decision import decided
from engine.calibration.found import Found
from engine.calibration.opened import open_stages, slots
from engine.calibration.outcomes import expected
from engine.calibration.quarters import month_of_quarter
from engine.calibration.reps import Closed, rep_factor
from engine.calibration.sizes import sizes
from engine.calibration.spec import CalibrationSpec
from engine.calibration.stages import Estimated, estimated
from engine.calibration.steadiness import tell_steadiness
from engine.calibration.visits import Visits, by_stage, whole
from engine.inputs import FloatArray, Inputs
from engine.pipeline.export import Export
from engine.pipeline.process import Process
from engine.pipeline.processes.uncertainty import Uncertainty
from engine.pipeline.spec import QUEUE, Arrivals, Estimate, PipelineSpec

_ESTIMATED = frozenset({"attrition", "rep_factor", "uncertainty"})
"""Processes that an estimate puts in place of those of the scenario."""


@dataclass(frozen=True)
class Calibration:
    """A pipeline as estimated, and what there is to say of it."""

    spec: PipelineSpec
    found: Found


def calibrated(inputs: Inputs, base: PipelineSpec | None, asked: CalibrationSpec) -> Calibration:
    """Estimate a pipeline; see `engine.calibration.calibrate`."""
    base = base or PipelineSpec(estimate=Estimate())
    names = {**base.open_stages, **asked.names}
    queued = frozenset(
        name for name in dict.fromkeys(inputs.pipeline.stage) if names.get(name, name) == QUEUE
    )
    export, found = Export(inputs, asked.closes_since, asked.since, queued), Found()
    refuse_unusable(export, asked)
    warn_of_history(export, found)
    segment = _segments(export)
    stages = _stages(export, names, segment, asked, found)
    arrived = arriving(export, asked, segment, found)
    products, by_segment = mix(export, segment, asked, found)
    amount_laws, amount_errors = sizes(export, asked, found)
    processes: list[Process] = [one for one in base.processes if one.kind not in _ESTIMATED]
    factor = rep_factor(_closed(export, segment, asked), asked, found)
    quitting = attrition(inputs, export.today, asked, found)
    processes += [one for one in (quitting, factor) if one is not None]
    factors = {name for one in processes if one.kind == "product_factor" for name in _products(one, inputs)}
    processes.append(
        Uncertainty(
            stages={one.stage.name: one.error for one in stages},
            leads={name: round(error, 4) for name, error in arrived.error.items()},
            amounts={name: error for name, error in amount_errors.items() if name not in factors},
            mix=0 if by_segment else round(sum(products.values())),
        )
    )
    known = open_stages(
        export, [one.stage.name for one in stages if one.stage.name != asked.decision], names, found
    )
    filled = {
        **_leads(base, arrived), "seasonality": arrived.seasonality, "stages": tuple(one.stage for one in stages),
        "mix": products, "mix_by_segment": by_segment, "sizes": amount_laws, "processes": tuple(processes),
        "open_stages": known, "estimate": None,
        "slots": base.slots if "slots" in base.model_fields_set else slots(export, found),
    }  # fmt: skip
    given = {name: getattr(base, name) for name in PipelineSpec.model_fields}
    return Calibration(PipelineSpec(**(given | filled)), found)


def _segments(export: Export) -> NDArray[np.object_]:
    """Return the segment of each deal, '' where its account is not known."""
    names = np.array([*export.inputs.accounts.segment, ""], dtype=object)
    return np.asarray(names[export.account], dtype=object)


def _stages(
    export: Export, names: dict[str, str], segment: NDArray[np.object_], asked: CalibrationSpec, found: Found
) -> list[Estimated]:
    """Return the stages."""
    if export.inputs.stage_history is None:
        visits: Sequence[Visits] = (whole(export, asked.stage),)
    else:
        entries = by_stage(export, export.inputs.stage_history, asked.stages, names)
        warn_of_entries(entries, found)
        visits = entries.visits
    refuse_thin_stages(visits, asked)
    order = [one.stage for one in visits]
    last = decided(visits[-1], export.inputs, segment, asked, found)
    parts = [*visits[:-1], last.visits]
    for part in parts:
        tell_steadiness(part, export.today, found)
    stages = [
        estimated(part, order, export.inputs, asked, segment[part.deal].tolist(), found) for part in parts
    ]
    return stages + ([last.stage] if last.stage is not None else [])


def _leads(base: PipelineSpec, arrived: Arriving) -> dict[str, object]:
    """Return arrivals or sources, with the routing that the scenario gives them."""
    given = base.leads_by_source

    def routed(name: str, arrivals: Arrivals) -> Arrivals:
        return arrivals.model_copy(update={"routing": given[name].routing}) if name in given else arrivals

    by_source = {name: routed(name, one) for name, one in arrived.by_source.items()}
    if list(by_source) == [LEADS]:
        return {"arrivals": by_source[LEADS], "sources": {}}
    return {"arrivals": None, "sources": by_source}


def _closed(export: Export, segment: NDArray[np.object_], asked: CalibrationSpec) -> Closed:
    """Return closed deals with the chance that a deal of their segment and month had."""
    at = np.flatnonzero((export.outcome >= 0) & (export.closed >= export.visible))
    seats = np.array([*export.inputs.reps.id, ""], dtype=object)
    won = (export.outcome[at] == 1).astype(np.float64)
    paid = export.amount[at] / 10.0 ** amounts.decimals(export.inputs.currency)
    amount: FloatArray = np.where((won > 0) & (export.amount[at] >= 0), paid, np.nan)
    month = month_of_quarter(export.inputs.calendar, export.closed[at])
    chance = expected(won, month, segment[at].tolist(), asked.criterion, asked.fewest)
    return Closed(seats[export.rep[at]].tolist(), won, chance, amount, np.maximum(export.product[at], 0))


def _products(process: Process, inputs: Inputs) -> Sequence[str]:
    return getattr(process, "products", ()) or inputs.products.id
