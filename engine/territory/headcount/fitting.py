"""Fitting: what of the headcount does not fit the tables, before anything is located."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.errors import Fault, did_you_mean
from engine.inputs import Inputs
from engine.territory.declaration import BoolArray
from engine.territory.gathering import rule_faults
from engine.territory.headcount.homes import FIELD, Homes, homes
from engine.territory.headcount.seats import new_id, with_seats
from engine.territory.headcount.spec import HeadcountSpec
from engine.territory.spec import TerritorySpec
from engine.territory.why.spec import ExplainSpec


def headcount_faults(inputs: Inputs, spec: TerritorySpec, headcount: HeadcountSpec) -> list[Fault]:
    """Return unknown seats, missing places, numbers out of range, and rules that do not fit the seats there may be."""
    places, faults = homes(inputs, headcount)
    faults += [
        Fault(
            "E_REFERENCE",
            f"no seat is called '{name}'.",
            did_you_mean(name, inputs.reps.id),
            field=f"{FIELD}.keep",
        )
        for name in headcount.keep or ()
        if name not in inputs.reps.id
    ]
    keep = kept(inputs, headcount)
    faults += _out_of_range(headcount, int(keep.sum()), len(keep) + len(places))
    faults += _taken(inputs, len(places))
    return faults or _misfits(inputs, plain(spec), places, keep)


def kept(inputs: Inputs, headcount: HeadcountSpec) -> BoolArray:
    """Return which seats of today stay whatever the number, shape (seat,)."""
    names = inputs.reps.id if headcount.keep is None else headcount.keep
    return np.isin(np.array(inputs.reps.id, dtype=object), list(names))


def plain(spec: TerritorySpec) -> TerritorySpec:
    """Return the rules and costs alone, without studies of the answer."""
    none = {
        "headcount": None,
        "frontier": None,
        "alternatives": None,
        "explain": ExplainSpec(accounts="none"),
    }
    return spec.model_copy(update=none)


def _out_of_range(headcount: HeadcountSpec, stay: int, most: int) -> list[Fault]:
    found = []
    if headcount.min < stay:
        message = f"min is {headcount.min}, but {stay} seats stay."
        found.append(Fault("E_RANGE", message, f"Raise it to {stay}, or keep fewer.", field=f"{FIELD}.min"))
    if headcount.max > most:
        message = f"max is {headcount.max}, but there are only {most} seats and places."
        found.append(Fault("E_RANGE", message, "Give more candidates, or places.", field=f"{FIELD}.max"))
    return found


def _taken(inputs: Inputs, places: int) -> list[Fault]:
    """Return a fault for each seat of today that is called as a new one would be."""
    new = {new_id(k) for k in range(places)}
    return [
        Fault("E_DUPLICATE_ID", f"seat '{seat}' is called as a new territory.", "Rename it.", field=FIELD)
        for seat in inputs.reps.id
        if seat in new
    ]


def _misfits(inputs: Inputs, spec: TerritorySpec, places: Homes, keep: BoolArray) -> list[Fault]:
    """Return the faults that rules have once every other seat is closed and every place open, and not today."""
    today = rule_faults(inputs, spec)
    tables = with_seats(inputs, np.flatnonzero(keep).tolist(), places, range(len(places)))
    hint = "Rules name no seat that may close, and must say what a new one is: see keep and candidates."
    found = [
        replace(fault, message=f"with the seats of a headcount: {fault.message}", hint=hint)
        for fault in rule_faults(tables, spec)
        if fault not in today
    ]
    edits = inputs.edits
    if edits is None:
        return found
    gone = [k for k, rep in enumerate(edits.rep.tolist()) if not keep[rep]]
    return found + [
        Fault(
            "E_CONFLICT",
            f"{edits.place[k]} fixes account {inputs.accounts.id[edits.account[k]]} to seat"
            f" {inputs.reps.id[edits.rep[k]]}, which may close.",
            "Keep the seat.",
            field=f"{FIELD}.keep",
        )
        for k in gone
    ]
