"""Polish: among plans as good on the first axis, one of low cost, and what the LP says no such plan costs less than.

The first axis is held by a budget; shifts and swaps lower the cost of the scenario under it. The bound is that of
multipliers, evaluated over all pairs, so the distance between the two says how much may be left.
"""

from __future__ import annotations

import numpy as np

from engine.territory.checks import verify
from engine.territory.problem import gather
from engine.territory.solving.exchange import exchanged
from engine.territory.solving.relaxation import relax
from engine.territory.solving.search import Answer
from engine.territory.solving.whole import held_at
from engine.territory.spec import TerritorySpec
from engine.territory.study import Study


def polished(study: Study, rules: TerritorySpec, first: Answer, word: str) -> Answer:
    """Return a plan of lower cost that keeps `rules`, as the first does.

    Raises:
        VerificationFailed: a plain check contradicts the plan.

    """
    problem = held_at(gather(study.inputs, rules), first.rep_of)
    search = study.searching(f"{word}, cost", study.limits)
    units = problem.contract()
    start = np.zeros(len(units.problem.account_ids), dtype=np.int64)
    start[units.unit_of] = first.rep_of
    rep_of = exchanged(units.problem, start)
    bound = relax(units.problem, search, rep_of).priced.bound
    whole = units.expand(rep_of)
    cost = verify(study.inputs, rules, whole, problem.price(whole))
    return Answer(whole, cost, min(bound, cost), search.seconds, first.ended_by, first.proof)
