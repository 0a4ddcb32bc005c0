"""Fitting: what of the territories does not fit the tables, all of it at once and before anything is solved."""

from __future__ import annotations

from engine.errors import BadInput, Fault
from engine.inputs import Inputs
from engine.territory.gathering import rule_faults
from engine.territory.headcount.fitting import headcount_faults
from engine.territory.planning.rules import seen
from engine.territory.questions import refuse
from engine.territory.spec import TerritorySpec
from engine.territory.wide import wide
from engine.territory.wide.gathering import wide_faults


def faults(inputs: Inputs, spec: TerritorySpec) -> list[Fault]:
    """Return every fault of rules, objectives, backend and questions against the tables."""
    found: list[Fault] = []
    held = inputs, spec
    try:
        held = seen(inputs, spec)
    except BadInput as bad:
        found += bad.faults
    found += list(wide_faults(*held)) if wide(inputs) else []
    found += [] if found and wide(inputs) else rule_faults(*held)
    if spec.headcount is not None:
        found += headcount_faults(*held, spec.headcount)
    try:
        refuse(inputs, spec)
    except BadInput as bad:
        found += bad.faults
    return list(dict.fromkeys(found))
