"""Parts: the goals that are shared out one by one, each with the seats that carry it.

Without teams there is one part. With teams each is a block of its own, in which the other seats carry nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from engine.amounts import from_minor, to_minor
from engine.errors import Fault, did_you_mean
from engine.inputs import Inputs
from engine.quota.given import amounts
from engine.quota.shape import largest_remainder
from engine.quota.spec import QuotaSpec
from engine.quota.teams.spec import Team
from engine.quota.tree import SEAT, levels_of, step_of

REST = "others"
"""Team of the seats that no team names."""
ROOM = Fraction(1, 10**9)


@dataclass(frozen=True)
class Part:
    """One goal to share out."""

    team: str
    """Name of the team; '' where there are none."""
    overlay: bool
    """Its quotas are held against bookings that other quotas count already."""
    seats: tuple[bool, ...]
    """Who is in it, shape (rep,)."""
    spec: QuotaSpec
    """The block of this part: its goal, and no quota for everybody else."""


def parts(inputs: Inputs, spec: QuotaSpec) -> list[Part]:
    """Return what is shared out; the teams' goals add up to the company's at every amount that it is given as."""
    if not spec.teams:
        return [Part("", False, (True,) * len(inputs.reps), spec)]
    teams = {name: _members(inputs, team) for name, team in spec.teams.items()}
    taken = [any(mine[seat] for mine in teams.values()) for seat in range(len(inputs.reps))]
    carrying = {name: share(inputs, spec, team) for name, team in spec.teams.items() if not team.overlay}
    left = 1 - sum(carrying.values(), Fraction(0))
    if not all(taken) and left > 0:
        carrying[REST] = left
        teams[REST] = tuple(not one for one in taken)
    goals = _cut(inputs, spec, carrying)
    for name, team in spec.teams.items():
        if team.overlay:
            goals[name] = _scaled(inputs, spec, share(inputs, spec, team))
    return [_part(inputs, spec, name, teams[name], goals[name]) for name in [*carrying, *_overlays(spec)]]


def teams_of(inputs: Inputs, spec: QuotaSpec) -> list[str]:
    """Return the team of each seat, `others` for those that no team names and '' without teams, shape (rep,)."""
    mine = {name: _members(inputs, team) for name, team in spec.teams.items()}
    return [
        next((name for name, members in mine.items() if members[seat]), REST if mine else "")
        for seat in range(len(inputs.reps))
    ]


def assigned(spec: QuotaSpec, found: Mapping[str, Mapping[str, Any]]) -> QuotaSpec:
    """Return the block with the over-assignment of each part, by name of its team."""
    teams = {
        name: team.model_copy(update={"over_assignment": found[name]}) for name, team in spec.teams.items()
    }
    rest = found.get(REST if spec.teams else "", spec.over_assignment)
    return spec.model_copy(update={"over_assignment": rest, "teams": teams})


def _overlays(spec: QuotaSpec) -> list[str]:
    return [name for name, team in spec.teams.items() if team.overlay]


def _members(inputs: Inputs, team: Team) -> tuple[bool, ...]:
    reps = inputs.reps

    def within(seat: int) -> bool:
        named = team.members.items()
        return any(
            (reps.id if level == SEAT else reps.levels[level])[seat] in names for level, names in named
        )

    return tuple(within(seat) for seat in range(len(reps)))


def share(inputs: Inputs, spec: QuotaSpec, team: Team) -> Fraction:
    """Return what a team carries relative to the company's goal."""
    if team.goal is None:
        return Fraction(team.share or 0)
    return Fraction(to_minor(team.goal, inputs.currency), spec.total(inputs.currency))


def _cut(inputs: Inputs, spec: QuotaSpec, carrying: Mapping[str, Fraction]) -> dict[str, Any]:
    """Return the goal of each team: every amount cut in whole steps; the largest team takes the remainder."""
    step, names = step_of(inputs, spec), list(carrying)
    largest = max(range(len(names)), key=lambda index: (carrying[names[index]], -index))
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    for path, amount in amounts(spec.goal):
        if amount is None:
            cut: list[int | None] = [None] * len(names)
        else:
            whole = to_minor(amount, inputs.currency)
            pieces = [step * piece for piece in largest_remainder(whole // step, list(carrying.values()))]
            pieces[largest] += whole % step
            cut = list(pieces)
        for name, piece in zip(names, cut, strict=True):
            found[name][path] = None if piece is None else from_minor(piece, inputs.currency)
    return {name: _nested(spec.goal, pieces) for name, pieces in found.items()}


def _scaled(inputs: Inputs, spec: QuotaSpec, factor: Fraction) -> Any:
    """Return the goal times a factor, in whole steps, in proportion to the amounts that it is given as."""
    given = {path: amount for path, amount in amounts(spec.goal)}
    known = {path: to_minor(amount, inputs.currency) for path, amount in given.items() if amount is not None}
    step, whole = step_of(inputs, spec), int(sum(known.values()) * factor + Fraction(1, 2))
    pieces = [step * p for p in largest_remainder(whole // step, [Fraction(v) for v in known.values()])]
    pieces[max(range(len(pieces)), key=lambda index: (pieces[index], -index))] += whole % step
    scaled = dict(zip(known, (from_minor(piece, inputs.currency) for piece in pieces), strict=True))
    return _nested(spec.goal, {path: scaled.get(path) for path in given})


def _nested(goal: Any, flat: Mapping[str, Any]) -> Any:
    """Return amounts by path in the form in which the goal is given."""
    if not isinstance(goal, Mapping):
        return flat[""]
    return {
        name: {inner: flat[f"{name}.{inner}"] for inner in part} if isinstance(part, Mapping) else flat[name]
        for name, part in goal.items()
    }


def _part(inputs: Inputs, spec: QuotaSpec, name: str, seats: tuple[bool, ...], goal: Any) -> Part:
    others = {rep: None for rep, mine in zip(inputs.reps.id, seats, strict=True) if not mine}
    nodes = {node: own for node, own in spec.bounds.nodes.items() if _bound_to(inputs, spec, node) == [name]}
    changed: dict[str, Any] = {
        "goal": goal,
        "locks": {**spec.locks, **others},
        "bounds": spec.bounds.model_copy(update={"nodes": nodes}),
    }
    overlay = name in _overlays(spec)
    return Part(name, overlay, seats, of_team(spec, name).model_copy(update=changed))


def of_team(spec: QuotaSpec, name: str) -> QuotaSpec:
    """Return the block without teams, with the methods and over-assignment of one of them."""
    changed: dict[str, Any] = {"teams": {}}
    team = spec.teams.get(name)
    if team is not None and team.methods is not None:
        changed["methods"] = team.methods
    if team is not None and team.over_assignment is not None:
        changed["over_assignment"] = team.over_assignment
    return spec.model_copy(update=changed)


def shared_nodes(inputs: Inputs, spec: QuotaSpec) -> dict[str, list[str]]:
    """Return the nodes with bounds whose seats are of several teams, with these teams."""
    of = {node: _bound_to(inputs, spec, node) for node in spec.bounds.nodes} if spec.teams else {}
    return {node: teams for node, teams in of.items() if len(teams) > 1}


def _bound_to(inputs: Inputs, spec: QuotaSpec, node: str) -> list[str]:
    """Return the teams with seats at or below a node; overlays only where no other team has any."""
    reps = inputs.reps
    below = [
        seat
        for seat in range(len(reps))
        if node == reps.id[seat] or any(reps.levels[level][seat] == node for level in levels_of(inputs, spec))
    ]
    teams = {name: _members(inputs, team) for name, team in spec.teams.items()}
    rest = [seat for seat in below if not any(mine[seat] for mine in teams.values())]
    found = [name for name, mine in teams.items() if any(mine[seat] for seat in below)]
    carrying = [name for name in found if not spec.teams[name].overlay] + ([REST] if rest else [])
    return carrying or found


def _found_and_given(spec: QuotaSpec, where: str) -> Iterator[Fault]:
    """Refuse the over-assignment of seats of a team whose method finds it."""
    for name in spec.teams:
        own = of_team(spec, name)
        if own.equalising is not None and own.equalising.finds_street and SEAT in own.over_assignment:
            message = f"the over-assignment of `{SEAT}` is given, and the method of {name} finds it"
            hint = "Leave `rep` out of its over_assignment, or use equal_difficulty."
            yield Fault("E_CONFLICT", message, hint, field=f"{where}.{name}")


def team_faults(inputs: Inputs, spec: QuotaSpec) -> Iterator[Fault]:
    """Yield what does not fit: unknown members, a seat in two teams, shares that do not make up the goal."""
    reps, where = inputs.reps, "quotas.teams"
    known = {SEAT: reps.id, **{level: tuple(dict.fromkeys(names)) for level, names in reps.levels.items()}}
    unknown = False
    for team, block in spec.teams.items():
        for level, names in block.members.items():
            if level not in known:
                unknown = True
                message = f"no level of the reps is called '{level}'"
                yield Fault(
                    "E_REFERENCE",
                    message,
                    did_you_mean(level, known),
                    field=f"{where}.{team}.members.{level}",
                )
                continue
            for name in names:
                if name not in known[level]:
                    message = f"no {'seat' if level == SEAT else level} is called '{name}'"
                    hint = did_you_mean(name, known[level])
                    yield Fault("E_REFERENCE", message, hint, field=f"{where}.{team}.members.{level}")
    if unknown or not spec.teams:
        return
    if REST in spec.teams:
        message = f"'{REST}' is the name of the seats that no team names"
        yield Fault("E_NAME", message, "Choose another name.", field=f"{where}.{REST}")
    mine = {team: _members(inputs, block) for team, block in spec.teams.items()}
    for seat, rep in enumerate(reps.id):
        of = [team for team in mine if mine[team][seat]]
        if len(of) > 1:
            message = f"{rep} is in the teams {' and '.join(of)}"
            yield Fault("E_CONFLICT", message, "A seat is in one team.", field=f"{where}.{of[1]}.members")
    carried = sum(
        (share(inputs, spec, block) for block in spec.teams.values() if not block.overlay), Fraction(0)
    )
    alone = [rep for seat, rep in enumerate(reps.id) if not any(members[seat] for members in mine.values())]
    if carried > 1 + ROOM or (not alone and abs(carried - 1) > ROOM):
        message = f"the teams that carry the goal have {float(carried):.4%} of it together"
        hint = "Let them make up 100 %" + (", or less: seats of no team carry the rest." if alone else ".")
        yield Fault("E_WEIGHTS", message, hint, field=where)
    elif alone and carried >= 1 - ROOM:
        named = ", ".join(alone[:5]) + (" ..." if len(alone) > 5 else "")
        message = f"{named}: in no team, and nothing is left of the goal"
        yield Fault("E_MISSING", message, "Put them in a team, or lower its share.", field=where)
    yield from _found_and_given(spec, where)
