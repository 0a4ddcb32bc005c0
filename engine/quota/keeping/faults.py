"""Faults of `quotas.keep` and of bounds relative to what is in force."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Fault, did_you_mean
from engine.inputs import Inputs
from engine.quota.bounds import Shares
from engine.quota.spec import QuotaSpec

HINT = "Name the run whose quotas are in force, such as `previous: ../runs/annual_plan`."


def faults(inputs: Inputs, spec: QuotaSpec) -> Iterator[Fault]:
    """Yield what is missing or unknown where quotas in force are kept, or bounds are relative to them."""
    if inputs.in_force is None and spec.bounds.previous != Shares():
        message = "a bound is relative to the quota in force, and no run says what that is"
        yield Fault("E_REQUIRED", message, HINT, field="quotas.bounds.previous")
    if spec.keep is None:
        return
    if inputs.in_force is None:
        message = "quotas in force are kept, and no run says what they are"
        yield Fault("E_REQUIRED", message, HINT, field="quotas.keep")
    if spec.equalising is not None:
        kind = type(spec.equalising).model_fields["kind"].default
        message = f"quotas in force are kept, and {kind} chooses all of them anew"
        yield Fault("E_CONFLICT", message, "Leave one of the two out.", field="quotas.keep")
    for index, name in enumerate(spec.keep.anew):
        if name not in inputs.reps.id:
            hint = did_you_mean(name, inputs.reps.id)
            yield Fault(
                "E_REFERENCE", f"no seat is called '{name}'", hint, field=f"quotas.keep.anew[{index}]"
            )
