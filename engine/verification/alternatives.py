"""Alternatives held to their stored plans: within the cost, every rule kept, differences counted again.

Where d_k is the least difference of alternative k from the best plan and all before it, and u_m the bound on the
difference of alternative m, then d_k <= u_m for every m <= k: plan k was there to be found when m was sought.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.verification.figures import (
    CLOSE,
    Unreadable,
    above,
    differing,
    figure_faults,
    gap_faults,
    moves,
    plans_in,
    weight,
)

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import Inputs, IntArray
    from engine.territory.spec import TerritorySpec
    from engine.verification.figures import Row

    Frames = Mapping[str, pd.DataFrame]


def alternative_faults(inputs: Inputs, spec: TerritorySpec, tables: Frames, rep_of: IntArray) -> list[str]:
    """Return a sentence for each cell of the alternatives that their plans contradict.

    `inputs` and `spec` are those that the alignment is held to; `rep_of` is the seat of each account.
    """
    rows, frame = tables["alternatives"].to_dict("records"), tables["alternative_accounts"]
    names = [str(row["plan"]) for row in rows]
    if names != ["best", *map(str, range(1, len(rows)))]:
        return ["the alternatives do not start with the best plan and go on in their order"]
    try:
        known = plans_in(inputs, frame, ["best", *(f"plan_{name}" for name in names[1:])], rep_of)
    except Unreadable as fault:
        return [f"the alternatives' table of accounts cannot be read: {fault}"]
    plans = list(known.values())
    if (plans[0] != rep_of).any():
        return ["the best plan of the alternatives is not the alignment of the run"]
    said = [f"the best plan: {words}" for words in _figures(inputs, spec, rows[0], plans[:1])]
    for turn in range(1, len(rows)):
        found = [
            *_figures(inputs, spec, rows[turn], plans[: turn + 1]),
            *_difference(inputs, spec, rows[1 : turn + 1], plans[: turn + 1]),
            *_kept(inputs, spec, rows, turn, plans[turn]),
        ]
        said += [f"alternative {turn}: {words}" for words in found]
    return said


def _figures(inputs: Inputs, spec: TerritorySpec, row: Row, plans: list[IntArray]) -> Iterator[str]:
    """Yield cells that do not follow from the last of the plans, which stand in their order."""
    from engine.territory.checks import cost_of

    best, plan = plans[0], plans[-1]
    cost, least = cost_of(inputs, spec, plan), cost_of(inputs, spec, best)
    apart = differing(plan, best)
    figures = {
        "cost": cost,
        "over_best": (cost - least) / abs(least) if least else 0.0,
        "accounts_differ": len(apart),
        "potential_differs": sum(int(inputs.accounts.potential[i]) for i in apart),
        "moved_accounts": len(moves(inputs, plan)),
    }
    return figure_faults(row, figures)


def _difference(
    inputs: Inputs, spec: TerritorySpec, rows: Sequence[Row], plans: list[IntArray]
) -> Iterator[str]:
    """Yield what is wrong with the difference of the last plan and its bounds; `rows` are those of alternatives."""
    from engine.territory.measure import measured

    assert spec.alternatives is not None
    measure, row = measured(inputs, spec.alternatives.measure), rows[-1]
    least = min(weight(measure, differing(plans[-1], plan)) for plan in plans[:-1])
    yield from figure_faults(row, {"difference": float(least)})
    yield from gap_faults("gap", row["gap"], row["difference"], row["bound"])
    for turn, earlier in enumerate(rows, start=1):
        if above(float(least), earlier["bound"]):
            yield f"it differs by {float(least):.9g}, above the bound {earlier['bound']:.9g} of alternative {turn}"
    if row["status"] == "OPTIMAL" and row["gap"] > float(spec.alternatives.gap or 0) + CLOSE:
        yield f"it is called OPTIMAL at a gap of {row['gap']:.4g}"


def _kept(
    inputs: Inputs, spec: TerritorySpec, rows: Sequence[Row], turn: int, plan: IntArray
) -> Iterator[str]:
    """Yield the rules that a plan breaks, and the cost that it may not have."""
    from engine.territory.checks import cost_of, violations

    assert spec.alternatives is not None
    yield from violations(inputs, spec, plan)
    within, cost, best = float(spec.alternatives.within), cost_of(inputs, spec, plan), rows[0]["cost"]
    if above(cost, best + within * abs(best)):
        yield f"it costs {cost:.9g}, more than {within:.4%} above the best plan's {best:.9g}"
