"""Calibration: from the export of a CRM to a `pipeline:` block that says how well it is known.

What it estimates, and from what: the chance and the days of stages by competing risks, with censoring and left
truncation; when leads arise; what deals are worth; how far seats differ beyond chance; how many people quit. What it
cannot tell it says. It does not estimate: queues and shared resources (the days of the export hold every wait), ramps,
discounts, products that are taken along, renewals, correlations, and trends from year to year.

Nothing heavy is imported before one of the functions is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.calibration.calibrate import Calibration
    from engine.calibration.spec import CalibrationSpec
    from engine.inputs import Inputs
    from engine.pipeline.spec import PipelineSpec


def calibration(
    inputs: Inputs, base: PipelineSpec | None = None, asked: CalibrationSpec | None = None
) -> Calibration:
    """Estimate a pipeline from what is known at the start of the plan, or on `as_of`.

    Args:
        inputs: the tables.
        base: a pipeline whose replications, slots, routing, ramp, market and other processes are kept.
        asked: how to estimate; defaults unless given.

    Raises:
        BadInput: the export cannot bear an estimate.

    """
    from engine.calibration.calibrate import calibrated
    from engine.calibration.spec import CalibrationSpec

    return calibrated(inputs, base, asked or CalibrationSpec())


def fitted(inputs: Inputs, base: PipelineSpec, asked: CalibrationSpec | None = None) -> PipelineSpec:
    """Return the pipeline alone, as `calibration` estimates it."""
    return calibration(inputs, base, asked).spec
