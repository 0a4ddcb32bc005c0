"""Opening: balances of people from before the plan, where they stand in a settlement.

What a person owed on a recoverable draw, what was held of their pay and is not released yet, and what a limit carried
forward: the year before hands it on, and the components of the same names take it up at the start of the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from engine.comp.adjustment import Adjustment
from engine.comp.components.holdback import Holdback
from engine.comp.quantity import Quantity
from engine.comp.spec import CompSpec
from engine.comp.terms import in_year
from engine.errors import BadInput, Fault, did_you_mean
from engine.inputs import Inputs, IntArray
from engine.owed import Owed

Opening = Mapping[int, IntArray]
"""Balances by the place of their component among those of all plans, minor units, shape (spell, period)."""


def opening(owed: Owed | None, inputs: Inputs, spec: CompSpec, head: IntArray) -> dict[int, IntArray]:
    """Return balances by the place of their component, in the period in which they count: see `Book.opening`.

    Args:
        owed: the balances; None for none.
        inputs: calendar and people.
        spec: the plans; a row of no component of theirs is of no account (see `judge`).
        head: row in which each spell is settled, shape (spell,).

    """
    tables: dict[int, IntArray] = {}
    if owed is None:
        return tables
    found = components(inputs, spec)
    for person, label, due, amount in zip(
        owed.person, owed.component, owed.due_in.tolist(), owed.amount.tolist(), strict=True
    ):
        if (person, label) in found:
            component, spell = found[person, label]
            shape = (len(inputs.spells), inputs.calendar.periods)
            table = tables.setdefault(component, np.zeros(shape, dtype=np.int64))
            table[head[spell], max(due - 1, 0)] += amount
    return tables


def of_plan(
    known: Opening, spec: CompSpec, plan: str, members: IntArray, number: Callable[[IntArray], Quantity]
) -> dict[str, Quantity]:
    """Return the balances of some people of a plan by the names of its components, as a book takes them."""
    named = [(name, part.label) for name, block in spec.plans.items() for part in block.components]
    return {
        label: number(known[k][members])
        for k, (name, label) in enumerate(named)
        if name == plan and k in known
    }


def held_before(place: int, part: object, found: Opening, spells: int) -> IntArray:
    """Return what a component, by its place, held of pay when the plan began: earned, not paid yet; shape (spell,)."""
    if not isinstance(part, Holdback) or place not in found:
        return np.zeros(spells, dtype=np.int64)
    return np.asarray(found[place].sum(axis=1), dtype=np.int64)


def components(inputs: Inputs, spec: CompSpec) -> dict[tuple[str, str], tuple[int, int]]:
    """Return (component, spell) by (person, name of the component): those of the first row that has it in the year."""
    spells, here = inputs.spells, in_year(inputs.calendar, inputs)
    places: dict[str, list[tuple[str, int]]] = {}
    k = 0
    for plan, block in spec.plans.items():
        for part in block.components:
            places.setdefault(plan, []).append((part.label, k))
            k += 1
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for spell in np.argsort(spells.start, kind="stable").tolist():
        for label, place in places.get(spells.plan[spell], ()) if here[spell] else ():
            found.setdefault((spells.person[spell], label), (place, spell))
    return found


def unknown(
    inputs: Inputs, spec: CompSpec, file: str, lines: Sequence[int], rows: Sequence[tuple[str, str]]
) -> Iterator[Fault]:
    """Yield a fault for each row, (person, component) at a line of a file, whose person has no such component."""
    found = components(inputs, spec)
    for line, key in zip(lines, rows, strict=True):
        if key not in found:
            person, component = key
            known = [name for who, name in found if who == person]
            yield Fault(
                "E_REFERENCE",
                f"no plan of {person} has a component '{component}'",
                did_you_mean(component, known) + " Components go by their names on statements.",
                file,
                line,
                field="component",
            )


def judge(owed: Owed | None, inputs: Inputs, spec: CompSpec) -> Iterator[Fault]:
    """Yield what is wrong with balances: no such component, one that keeps none, or no day of release."""
    if owed is None:
        return
    rows, lines = list(zip(owed.person, owed.component, strict=True)), owed.line.tolist()
    yield from unknown(inputs, spec, owed.file, lines, rows)
    parts = [part for block in spec.plans.values() for part in block.components]
    found = components(inputs, spec)
    for line, key, due in zip(lines, rows, owed.due_in.tolist(), strict=True):
        if key in found:
            for field, message, hint in _misfit(parts[found[key][0]], key[1], due, inputs.calendar.periods):
                yield Fault("E_RANGE", message, hint, owed.file, line, field=field)


def _misfit(part: object, label: str, due: int, periods: int) -> Iterator[tuple[str, str, str]]:
    if not (isinstance(part, Adjustment) and part.carries):
        hint = "Such are recoverable draws, holdbacks `after` periods, and limits `carried_forward`."
        yield "component", f"{label} carries nothing from year to year", hint
    elif isinstance(part, Holdback) and not 1 <= due <= periods:
        hint = f"Give the period of release: 1 to {periods}."
        yield "due_in", f"{label} does not say in which period it is released", hint
    elif due and not isinstance(part, Holdback):
        yield "due_in", f"{label} is no holdback, and has a period of release", "Leave it blank."


def demand(owed: Owed | None, inputs: Inputs, spec: CompSpec) -> None:
    """Refuse balances that the plans do not keep.

    Raises:
        BadInput: every fault found, with its row.

    """
    faults = list(judge(owed, inputs, spec))
    if faults:
        raise BadInput(faults)
