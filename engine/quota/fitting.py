"""Fitting: all that does not fit the tables, over all teams, before anything is simulated or solved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from engine.amounts import decimals
from engine.errors import Fault
from engine.inputs import Inputs
from engine.quota import goals
from engine.quota.adjusting.held import held
from engine.quota.faults import faults
from engine.quota.given import amounts
from engine.quota.shape import of_products
from engine.quota.spec import QuotaSpec
from engine.quota.teams.parts import parts, team_faults
from engine.quota.tree import Tree, grow, levels_of
from engine.quota.words import amount


def misfits(
    inputs: Inputs, spec: QuotaSpec, measures: Iterable[str], offered: frozenset[str] = frozenset()
) -> list[Fault]:
    """Return every fault, each with its field.

    Args:
        inputs: the tables, with what was adjusted.
        spec: the block.
        measures: names of the measures.
        offered: products that the pipeline makes deals of, beside those that past and open deals and contracts name.

    """
    found = list(goals.faults(inputs, spec))
    if found:
        return found
    wanted, names = held(inputs, goals.given(inputs, spec)), list(measures)
    found = [*_circles(inputs, wanted), *team_faults(inputs, wanted)]
    if found:
        return found
    for part in parts(inputs, wanted):
        found += _judged(part.spec, faults(inputs, part.spec, names))
    found += _unsold(inputs, wanted, offered)
    if not found:
        for part in parts(inputs, wanted):
            found += _judged(part.spec, _floors(inputs, part.spec))
    return goals.placed(list(dict.fromkeys(found)), inputs, spec)


def _judged(spec: QuotaSpec, found: Iterable[Fault]) -> Iterator[Fault]:
    """Yield faults but those of sums that are judged once a method has found the street quota."""
    finding = any(method.finds_street for method in spec.methods)
    yield from (fault for fault in found if not (finding and fault.code == "E_BOUNDS"))


def _circles(inputs: Inputs, spec: QuotaSpec) -> Iterator[Fault]:
    """Refuse names that stand above one another in a circle: no tree has both."""
    levels = [level for level in levels_of(inputs, spec) if level in inputs.reps.levels]
    above: dict[str, set[str]] = {}
    for path in {
        tuple(inputs.reps.levels[level][seat] for level in levels) for seat in range(len(inputs.reps))
    }:
        for upper, lower in pairwise(path):
            if upper != lower:
                above.setdefault(lower, set()).add(upper)
    for name in sorted(above):
        seen, open_ = set[str](), sorted(above[name])
        while open_:
            upper = open_.pop()
            if upper == name:
                message = (
                    f"'{name}' stands above itself: {', '.join(sorted(above[name]))} is above and below it"
                )
                hint = "Give the nodes of every level names of their own."
                yield Fault("E_HIERARCHY", message, hint, field="quotas.levels")
                return
            if upper not in seen:
                seen.add(upper)
                open_ += sorted(above.get(upper, ()))


def _unsold(inputs: Inputs, spec: QuotaSpec, offered: frozenset[str]) -> Iterator[Fault]:
    """Refuse goals of products that no deal, contract or pipeline is about."""
    named = {
        int(index) for deals in (inputs.history, inputs.pipeline) for index in set(deals.product.tolist())
    }
    if inputs.contracts is not None:
        named |= set(inputs.contracts.product.tolist())
    sold = offered | {inputs.products.id[index] for index in named if index >= 0}
    if not sold:
        return
    for name in inputs.products.id:
        asked, field = _asked(inputs, spec, name)
        if asked and name not in sold:
            message = f"nobody sells {name}: no deal names it, and no mix of the pipeline has it"
            yield Fault(
                "E_MISSING", message, "Take its goal away, or give it a place in the mix.", field=field
            )


def _asked(inputs: Inputs, spec: QuotaSpec, product: str) -> tuple[bool, str]:
    if isinstance(spec.products, Mapping):
        return bool(spec.products.get(product)), f"quotas.products.{product}"
    if not of_products(inputs, spec.goal) or product not in spec.goal:
        return False, ""
    given = sum(value or 0 for _, value in amounts(spec.goal[product]))
    return given > 0, f"quotas.goal.{product}"


def _floors(inputs: Inputs, spec: QuotaSpec) -> Iterator[Fault]:
    """Refuse floors and locks below a node, or the company, that together exceed its ceiling, or the goal."""
    tree = grow(inputs, spec, [Fraction(0)] * len(inputs.reps))
    low = [_floor(spec, node.name) for node in tree.nodes]
    for index in range(len(tree.nodes) - 1, -1, -1):
        below = tree.children[index]
        if below:
            yield from _above(inputs, spec, tree, index, sum((low[child] for child in below), Fraction(0)))
            low[index] = max(
                low[index], sum((low[child] for child in below), Fraction(0)) / tree.street(index)
            )


def _above(inputs: Inputs, spec: QuotaSpec, tree: Tree, index: int, floors: Fraction) -> Iterator[Fault]:
    node, minor = tree.nodes[index], 10 ** decimals(inputs.currency)
    own, slack = spec.bounds.nodes.get(node.name), Fraction(1, minor)
    most = None if own is None or own.max is None else Fraction(own.max)
    word, where, hint = "ceiling", f".{node.name}", "Lower the floors below it, or raise its ceiling."
    if not index:  # what is rounded on the way down may add up
        most, slack = Fraction(spec.total(inputs.currency), minor), Fraction(len(tree.nodes), minor)
        word, where, hint = "goal", "", "Lower them, or raise the goal."
    if most is not None and floors > most * tree.street(index) + slack:
        handed = amount(most * tree.street(index) * minor, inputs.currency)
        message = (
            f"{node.title}: floors and locks below it sum to {amount(floors * minor, inputs.currency)}; "
            f"its {word} hands down {handed} at most"
        )
        yield Fault("E_BOUNDS", message, hint, field=f"quotas.bounds.nodes{where}")


def _floor(spec: QuotaSpec, name: str) -> Fraction:
    lock, own = spec.locks.get(name), spec.bounds.nodes.get(name)
    if lock is not None:
        return Fraction(lock)
    return Fraction(0) if own is None or own.min is None else Fraction(own.min)
