"""Which rules it would break to hand one account to another seat, in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.inputs import IntArray
from engine.territory.declaration import Band
from engine.territory.geography.connectedness import connects
from engine.territory.problem import Named, Problem, loads, row_excess


class Breaks:
    """The rules of a problem around one plan that keeps them all."""

    def __init__(self, problem: Problem, rep_of: IntArray) -> None:
        self.problem = problem
        self.rep_of = rep_of
        self.load = [loads(band.what.measure, rep_of, len(problem.rep_ids)) for band in problem.bands]
        self.used = [problem.used(budget.what, rep_of) for budget in problem.budgets]
        self.taken = [problem.use(budget.what) for budget in problem.budgets]

    def words(self, account: int, rep: int) -> list[str]:
        """Return a phrase for each rule that the move breaks; none means that it may be made."""
        found = [
            phrase
            for band, load in zip(self.problem.bands, self.load, strict=True)
            for phrase in self._band(band, load, account, rep)
        ]
        found += self._budgets(account, rep)
        if self.problem.rows or self.problem.connected or self.problem.holds:
            found += self._rest(account, rep)
        return [*found, *self._mates(account, rep)]

    def _band(self, band: Named[Band], load: IntArray, account: int, rep: int) -> Iterator[str]:
        here, measure, ids = int(self.rep_of[account]), band.what.measure, self.problem.rep_ids
        weight = measure.at(np.array([account, account]), np.array([rep, here])).tolist()
        for seat, after in ((rep, int(load[rep]) + weight[0]), (here, int(load[here]) - weight[1])):
            low, high = int(band.what.lower[seat]), int(band.what.upper[seat])
            if after > high:
                yield f"puts {ids[seat]} above its {said(band.title)} by {measure.show(after - high)}"
            elif after < low:
                yield f"puts {ids[seat]} below its {said(band.title)} by {measure.show(low - after)}"

    def _budgets(self, account: int, rep: int) -> Iterator[str]:
        for budget, used, taken in zip(self.problem.budgets, self.used, self.taken, strict=True):
            here = int(self.rep_of[account])
            over = used + int(taken[account, rep]) - int(taken[account, here]) - budget.what.limit
            if over > 0:
                yield f"exceeds {said(budget.title)} by {budget.what.measure.show(over)}"

    def _rest(self, account: int, rep: int) -> Iterator[str]:
        after = self.rep_of.copy()
        after[account] = rep
        for named in self.problem.rows:
            if row_excess(named.what, after).any():
                yield f"breaks {said(named.title)}"
        for connected in self.problem.connected:
            if not connects(connected.what, after):
                yield f"cuts a territory apart ({said(connected.title)})"
        for held in self.problem.holds:
            over = self.problem.held(held.what, after) - held.what.limit
            if over > 1e-9 * max(held.what.limit, 1.0):
                yield f"worsens {said(held.title)}, which comes before the cost"

    def _mates(self, account: int, rep: int) -> Iterator[str]:
        for together in self.problem.together:
            label = together.what.group[account]
            if label >= 0 and int((together.what.group == label).sum()) > 1:
                yield f"parts it from its group ({said(together.title)})"
        for apart in self.problem.apart:
            pairs = apart.what.pairs
            mates = np.concatenate((pairs[pairs[:, 0] == account, 1], pairs[pairs[:, 1] == account, 0]))
            rivals = np.sort(mates[self.rep_of[mates] == rep]).tolist()
            if rivals:
                names = ", ".join(self.problem.account_ids[i] for i in rivals[:3])
                yield f"puts it beside {names} ({said(apart.title)})"


def said(title: str) -> str:
    """Return the title of a rule as words."""
    return title.replace("_", " ")
