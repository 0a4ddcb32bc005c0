"""The limits of a frontier's points: given, or spread between the loosest plan and the tightest sensible limit.

Widths of a band shrink geometrically from the loosest plan's worst deviation to a quarter of the scenario's own width
(to 2.5 % without one), which is among them; budgets of moves shrink linearly to 0, travel to the least there can be.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from engine.errors import Infeasible, NoPlan
from engine.territory.frontier import axes
from engine.territory.frontier.spec import FrontierSpec
from engine.territory.frontier.travel import TravelBudget
from engine.territory.objectives.travel import Travel
from engine.territory.study import Study

QUARTER = Decimal("0.25")
NARROW = Decimal("0.1")
"""Width whose quarter is the tightest where the scenario has no band of its own."""


def grid(study: Study, frontier: FrontierSpec, loosest: Decimal | None) -> list[Decimal]:
    """Return the limits tighter than the loosest plan, loosest first.

    Without a loosest plan (no plan was found even without a limit) there is nothing to trace.
    """
    if loosest is None:
        return []
    given = frontier.widths or frontier.limits
    if given:
        return sorted({limit for limit in given if limit < loosest}, reverse=True)
    count = frontier.points - 1
    if frontier.against == "balance":
        return _widths(study, frontier, loosest, count)
    least = Decimal(0) if frontier.against == "disruption" else _least_travel(study)
    steps = [loosest + (least - loosest) * k / count for k in range(1, count + 1)]
    cent = Decimal("0.01")
    rounded = [step.quantize(cent, rounding=ROUND_HALF_EVEN) for step in steps[:-1]]
    return [limit for limit in dict.fromkeys([*rounded, least]) if limit < loosest]


def _widths(study: Study, frontier: FrontierSpec, loosest: Decimal, count: int) -> list[Decimal]:
    band = axes.template(study.spec, frontier.measure)
    own = band.within if band in study.spec.constraints else None
    tightest = QUARTER * (own or NARROW)
    if tightest >= loosest:
        return []
    inner = count - (1 if own and tightest < own < loosest else 0)
    ladder = np.geomspace(float(loosest), float(tightest), inner + 1)[1:]
    widths = {Decimal(str(width)).quantize(axes.STEP) for width in ladder.tolist()}
    if inner < count:
        assert own is not None
        widths.add(own)
    return sorted((width for width in widths if 0 < width < loosest), reverse=True)


def _least_travel(study: Study) -> Decimal:
    """Return the travel of a plan that travels least under the rules."""
    objectives = tuple(objective for objective in study.spec.objectives if isinstance(objective, Travel))
    spec = study.spec.model_copy(update={"objectives": objectives})
    try:
        found = study.ask(spec, "frontier, least travel", study.limits, [study.rep_of])
    except (Infeasible, NoPlan):
        return Decimal(0)
    return TravelBudget.of(study.spec, Decimal(0)).used(study.inputs, found.rep_of)
