"""Goals from a table: what the company and nodes are to bring, read into the block and tied out.

A table says what `quotas.goal` says, row by row, and what finance gave regions, districts or seats. The goal of a node
is its own quota: what stands below it adds up to that, with the over-assignment of the level below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.amounts import from_minor
from engine.errors import Fault
from engine.goals import NONE, Goals
from engine.inputs import Inputs
from engine.quota.bounds import NodeBounds
from engine.quota.spec import QuotaSpec
from engine.quota.tree import COMPANY, SEAT, levels_of, over
from engine.quota.words import amount as told

FIELD = "data.goals"


def given(inputs: Inputs, spec: QuotaSpec) -> QuotaSpec:
    """Return the block with the goals of the table: the company's as its goal, those of nodes as their bounds.

    Goals that `faults` refuses may be left out.
    """
    goals = inputs.goals
    if goals is None:
        return spec
    nodes = dict(spec.bounds.nodes)
    own = _of_nodes(inputs, goals)
    for name, amount in own.items():
        exact = from_minor(amount, inputs.currency)
        nodes[name] = nodes.get(name, NodeBounds()).model_copy(update={"min": exact, "max": exact})
    changed: dict[str, Any] = {"bounds": spec.bounds.model_copy(update={"nodes": nodes})}
    if spec.goal is None:
        changed["goal"] = _company(inputs, goals) or _summed(inputs, spec, own)
    return spec.model_copy(update=changed)


def total(inputs: Inputs, spec: QuotaSpec) -> int:
    """Return the company's goal for the whole plan, minor units."""
    return given(inputs, spec).total(inputs.currency)


def named(inputs: Inputs, name: str) -> bool:
    """Return whether the goal of a node or seat stands in the table."""
    return inputs.goals is not None and name in inputs.goals.node


def faults(inputs: Inputs, spec: QuotaSpec) -> Iterator[Fault]:
    """Yield what is missing or contradicts itself, and levels that do not tie out, with the difference."""
    goals = inputs.goals
    if goals is None:
        if spec.goal is None:
            hint = "Give `goal`, such as 40M, or a table: `data: {goals: goals.csv}`."
            yield Fault("E_REQUIRED", "no goal is given", hint, field="quotas.goal")
        return
    wrong = [*_of_company(goals, spec), *_of_levels(inputs, goals, spec)]
    yield from wrong
    if not wrong:
        yield from _untied(inputs, given(inputs, spec))


def placed(found: list[Fault], inputs: Inputs, spec: QuotaSpec) -> list[Fault]:
    """Return faults about the goal at the table where it stands."""
    if inputs.goals is None or spec.goal is not None:
        return found
    return [
        replace(fault, field=FIELD) if fault.field.startswith("quotas.goal") else fault for fault in found
    ]


def _of_company(goals: Goals, spec: QuotaSpec) -> Iterator[Fault]:
    mine = [row for row in range(len(goals)) if not goals.node[row]]
    if mine and spec.goal is not None:
        message = "the company's goal stands in the table and under quotas"
        yield _fault(goals, mine[0], "E_CONFLICT", message, "Leave one of them out.")
    for row in mine:
        for other in mine[: mine.index(row)]:
            one, two = (goals.product[row], goals.period[row]), (goals.product[other], goals.period[other])
            if bool(one[0]) != bool(two[0]) or (one[0] == two[0] and bool(one[1]) != bool(two[1])):
                message = f"a goal of {_what(*one)} beside one of {_what(*two)} in row {goals.line[other]}"
                hint = "Give the whole or its parts, not both."
                yield _fault(goals, row, "E_CONFLICT", message, hint)
                break
    if mine and not any(goals.amount[row] > 0 for row in mine):
        yield _fault(goals, mine[0], "E_RANGE", "the goal is 0", "Give an amount above 0.")


def _what(product: str, period: str) -> str:
    return ", ".join(part for part in (product or "all products", period or "the whole plan") if part)


def _of_levels(inputs: Inputs, goals: Goals, spec: QuotaSpec) -> Iterator[Fault]:
    levels = (*levels_of(inputs, spec), SEAT)
    for row in range(len(goals)):
        level, name = goals.level[row], goals.node[row]
        if not name:
            continue
        if level not in levels:
            message = f"{level} {name} has a goal, and the {level} level carries no quotas"
            yield _fault(goals, row, "E_CONFLICT", message, "Add the level to quotas.levels.")
        elif goals.product[row] or goals.period[row]:
            message = f"the goal of {level} {name} is that of the whole plan"
            hint = "Give its year in one row; products and periods have goals of the company."
            yield _fault(goals, row, "E_UNSUPPORTED", message, hint)
        elif _paths(inputs, levels, level, name) > 1:
            message = f"there is more than one {level} called '{name}'"
            yield _fault(goals, row, "E_UNSUPPORTED", message, "Give nodes names of their own.")
        own = spec.bounds.nodes.get(name)
        if own is not None and (own.min is not None or own.max is not None):
            message = f"{level} {name} has a goal, and bounds in money"
            yield _fault(goals, row, "E_CONFLICT", message, "Leave one of them out.")
    if spec.goal is None and all(goals.node) and not _summed(inputs, spec, _of_nodes(inputs, goals)):
        hint = "Add a row without a node, or quotas.goal, or goals of every node of the highest level."
        yield Fault("E_REQUIRED", "no row gives the company's goal", hint, field=FIELD)


def _paths(inputs: Inputs, levels: tuple[str, ...], level: str, name: str) -> int:
    """Return how many nodes of a level have a name."""
    if level == SEAT:
        return 1
    above = [inputs.reps.levels[one] for one in levels[: levels.index(level) + 1]]
    return len({path for path in zip(*above, strict=True) if path[-1] == name})


def _fault(goals: Goals, row: int, code: str, message: str, hint: str) -> Fault:
    return Fault(code, message, hint, file=goals.file, line=int(goals.line[row]), field="amount")


def _company(inputs: Inputs, goals: Goals) -> Any:
    """Return the company's goal in the form that a scenario writes; None where no row gives it."""
    found: dict[str, Any] = {}
    for row, (node, product, period) in enumerate(zip(goals.node, goals.product, goals.period, strict=True)):
        if node:
            continue
        amount = None if goals.amount[row] == NONE else from_minor(int(goals.amount[row]), inputs.currency)
        if not product and not period:
            return amount
        if product and period:
            part = found.setdefault(product, {})
            if isinstance(part, dict):
                part[period] = amount
        else:
            found[product or period] = amount
    return found


def _of_nodes(inputs: Inputs, goals: Goals) -> dict[str, int]:
    """Return the goals of nodes by name, minor units; a node whose amount is blank has none."""
    return {
        name: int(goals.amount[row])
        for row, name in enumerate(goals.node)
        if name and goals.amount[row] != NONE and not goals.product[row] and not goals.period[row]
    }


def _summed(inputs: Inputs, spec: QuotaSpec, own: Mapping[str, int]) -> Decimal | None:
    """Return what the nodes of the highest level add up to, where all have goals and none is over-assigned."""
    top = (*levels_of(inputs, spec), SEAT)[0]
    names = set(inputs.reps.id if top == SEAT else inputs.reps.levels.get(top, ()))
    if not names or not names <= set(own) or over(spec, top) != 1:
        return None
    return from_minor(sum(own[name] for name in names), inputs.currency) or None


def _untied(inputs: Inputs, spec: QuotaSpec) -> Iterator[Fault]:
    """Yield nodes, and the company, whose goal the goals below do not add up to."""
    goals, levels = inputs.goals, (*levels_of(inputs, spec), SEAT)
    assert goals is not None
    own = {"": spec.total(inputs.currency), **_of_nodes(inputs, goals)}
    seats = range(len(inputs.reps))
    above = {seat: "" for seat in seats}  # the lowest node above each seat that has a goal
    reach = {name: Fraction(1) for name in own}  # what goals that much lower add up to, relative to it
    for level in levels:
        reach = {name: factor * over(spec, level) for name, factor in reach.items()}
        at = inputs.reps.id if level == SEAT else inputs.reps.levels[level]
        for name in dict.fromkeys(above.values()):
            mine = list(dict.fromkeys(at[seat] for seat in seats if above[seat] == name))
            found = sum(own.get(node, 0) for node in mine)
            due = reach[name] * own[name]
            free = [node for node in mine if node not in own]
            slack = Fraction(1, 2) if reach[name] == over(spec, level) else Fraction(1)
            off = found - due > slack or (not free and due - found > slack)
            if off and len(free) < len(mine):
                yield _difference(inputs, level, name, found, due, free)
        for seat in seats:
            if at[seat] in own:
                above[seat] = at[seat]
                reach[at[seat]] = Fraction(1)


def _difference(inputs: Inputs, level: str, name: str, found: int, due: Fraction, free: list[str]) -> Fault:
    less, currency = abs(found - due), inputs.currency
    where = f"the goals of the {level} level" + (f" below {name}" if name else "")
    message = (
        f"{where} add up to {told(found, currency)}; {name or f'the {COMPANY}'} hands down {told(due, currency)}: "
        f"{told(less, currency)} {'too much' if found > due else 'too little'}"
    )
    hint = "Make them agree" + (
        "." if free else ", or leave the amount of a node blank: it carries the rest."
    )
    return Fault("E_BOUNDS", message, hint, field=FIELD)
