"""Groups: whose cost may be shown. Pay is private, so a group of fewer than five people is not.

Hiding a single small group would not do where its parent is shown: it is the parent less its sisters. So among the
groups of one parent further ones are hidden, the smallest first, until those hidden have five people together. Nor
would it do where the sums of plans, held against those of nodes, tell a few (see `engine.comp.crossing`): then nodes
are hidden until they do not, the smallest of those concerned first. Roles, where people have some beside their plans,
are groups as well, and are hidden where they tell a few by themselves, against plans, or against nodes.
The cost of the company as a whole is always shown here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.comp.crossing import light_cut
from engine.inputs import Inputs, IntArray

FEWEST = 5
"""People of the smallest group that is shown."""

ROLE = "role"
"""Level of groups of one role."""
Node = tuple[str, ...]
"""Names from the top down; () for the company."""


@dataclass(frozen=True)
class Group:
    """The people below one node of the hierarchy, or of one role."""

    level: str
    """Level of the node, such as region; or `ROLE`."""
    name: str
    """Names from the top down to the node; or the role."""
    people: int
    spells: IntArray
    """Indices of the spells, shape (spell,)."""


def shown(sizes: Mapping[str, int], withheld: Collection[str] = ()) -> frozenset[str]:
    """Return the names, among groups that make up one whole, whose figures may be shown; some are withheld anyway."""

    def kept(name: str) -> bool:
        return sizes[name] >= FEWEST and name not in withheld

    order = sorted((name for name in sizes if sizes[name]), key=lambda name: (kept(name), sizes[name], name))
    hidden = sum(not kept(name) for name in order)
    while 0 < hidden < len(order) and sum(sizes[name] for name in order[:hidden]) < FEWEST:
        hidden += 1
    return frozenset(sizes) - frozenset(order[:hidden])


def shown_plans(inputs: Inputs, plans: Iterable[str]) -> frozenset[str]:
    """Return the plans whose figures may be shown."""
    people = inputs.people_by_plan
    return shown({plan: people.get(plan, 0) for plan in plans})


def groups(inputs: Inputs, plans: Iterable[str]) -> tuple[Group, ...]:
    """Return the nodes of every level of the hierarchy that may be shown, from the top down, in order of the seats.

    After them come the roles that may be shown, where people have some beside their plans.
    """
    names = tuple(plans)
    tree, told = _tree(inputs, names), shown_plans(inputs, names)
    withheld: set[Node] = set()
    kept = _kept(tree, inputs, withheld)
    while kept and (concerned := _told_by_plans(tree, kept, inputs, told)):
        withheld.add(min(concerned, key=lambda node: (-len(node), _people(inputs, tree[node]), node)))
        kept = _kept(tree, inputs, withheld)
    levels = list(inputs.reps.levels)
    nodes = [
        Group(levels[len(node) - 1], " / ".join(node), _people(inputs, who), np.array(who, dtype=np.int64))
        for node, who in tree.items()
        if node in kept
    ]
    return (*nodes, *_roles(inputs, names, told, {node: who for node, who in tree.items() if node in kept}))


def _roles(
    inputs: Inputs, plans: Collection[str], told: Collection[str], nodes: Mapping[Node, list[int]]
) -> Iterator[Group]:
    """Yield the roles that may be shown, beside some plans and nodes, by name; none where roles are the plans."""
    spells, paid = inputs.spells, _paid(inputs, plans)
    if ROLE in inputs.reps.levels or all(spells.roles[s] == spells.plan[s] for s in paid):
        return
    who: dict[str, list[int]] = defaultdict(list)
    for s in paid:
        who[spells.roles[s]].append(s)
    sizes = {role: _people(inputs, those) for role, those in sorted(who.items())}
    of_plan = {s: (spells.plan[s],) if spells.plan[s] in told else () for s in paid}
    of_node: dict[int, Node] = dict.fromkeys(paid, ())
    of_node |= {s: node for node, those in nodes.items() for s in those}
    withheld: set[str] = set()
    while kept := shown(sizes, withheld):
        label = {s: spells.roles[s] if spells.roles[s] in kept else "" for s in paid}
        crossed = {role for other in (of_plan, of_node) for role, _ in _crossed(label, other, inputs)}
        if not crossed:
            break
        withheld.add(min(crossed & kept or kept, key=lambda role: (sizes[role], role)))
    for role in sizes:
        if role in kept:
            yield Group(ROLE, role, sizes[role], np.array(who[role], dtype=np.int64))


def _tree(inputs: Inputs, plans: Collection[str]) -> dict[Node, list[int]]:
    """Return the paid spells of the plan's time below each node, from the top level down."""
    spells, levels, paid = inputs.spells, inputs.reps.levels, _paid(inputs, plans)
    tree: dict[Node, list[int]] = defaultdict(list)
    for depth in range(1, len(levels) + 1):
        for s in paid:
            tree[tuple(levels[name][spells.rep[s]] for name in list(levels)[:depth])].append(s)
    return tree


def _paid(inputs: Inputs, plans: Collection[str]) -> list[int]:
    """Return the spells of the plan's time that some plans pay."""
    spells, calendar = inputs.spells, inputs.calendar
    here = (spells.start < calendar.end) & ~(spells.end <= calendar.start)
    return [s for s, plan in enumerate(spells.plan) if plan in plans and here[s]]


def _kept(tree: Mapping[Node, list[int]], inputs: Inputs, withheld: Collection[Node]) -> set[Node]:
    """Return the nodes whose parent is kept and whose sisters do not tell them."""
    children: dict[Node, list[Node]] = defaultdict(list)
    for node in tree:
        children[node[:-1]].append(node)
    kept: set[Node] = set()
    for parent, sisters in children.items():
        if not parent or parent in kept:
            sizes = {node[-1]: _people(inputs, tree[node]) for node in sisters}
            names = shown(sizes, [node[-1] for node in sisters if node in withheld])
            kept |= {(*parent, name) for name in names}
    return kept


def _told_by_plans(
    tree: Mapping[Node, list[int]], kept: Collection[Node], inputs: Inputs, told: Collection[str]
) -> list[Node]:
    """Return the nodes that plans, held against nodes, tell too much of; none where all is well."""
    plan = inputs.spells.plan
    place: dict[int, Node] = dict.fromkeys((s for who in tree.values() for s in who), ())
    place |= {s: node for node, who in tree.items() if node in kept for s in who}
    crossed = _crossed({s: plan[s] if plan[s] in told else "" for s in place}, place, inputs)
    concerned = {node for _, node in crossed}
    return [node for node in kept if node in concerned] or list(kept if crossed else ())


def _crossed(one: Mapping[int, str], other: Mapping[int, Node], inputs: Inputs) -> set[tuple[str, Node]]:
    """Return the pairs of groups whose people in common are told by two ways to cut everybody; none where all is well.

    Args:
        one: group of each spell by one of them, '' for those that are not shown.
        other: group by the other, () likewise.
        inputs: people.

    """
    people: dict[tuple[str, Node], set[str]] = defaultdict(set)
    for s, node in other.items():
        people[one[s], node].add(inputs.spells.person[s])
    points: list[str | Node] = list(dict.fromkeys(point for line in people for point in line))
    lines = np.zeros((len(points), len(points)), dtype=np.int64)
    for (label, node), who in people.items():
        a, b = points.index(label), points.index(node)
        lines[a, b] = lines[b, a] = len(who)
    side = light_cut(lines, FEWEST)
    if side is None:
        return set()
    return {pair for pair in people if side[points.index(pair[0])] != side[points.index(pair[1])]}


def _people(inputs: Inputs, spells: Iterable[int]) -> int:
    return len({inputs.spells.person[s] for s in spells})


def side_by_side(groups: Sequence[Group], spells: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield (rows, groups): the rows of some spells that lie in the same groups, so that each is added up once."""
    inside = np.array([np.isin(spells, group.spells) for group in groups]).reshape(len(groups), spells.size)
    kinds, kind = np.unique(inside, axis=1, return_inverse=True)
    for place, members in enumerate(kinds.T):
        if members.any():
            yield np.flatnonzero(kind.reshape(-1) == place), np.flatnonzero(members)
