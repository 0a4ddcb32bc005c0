"""Which rules of an assignment conflict, and the least by which they would have to give.

    rules = Rules(account, rep, matrix, lower, upper, group, size, held)
    conflict = minimal(rules, first)        a set of rules that conflict, none of which can be left out
    relaxed = elastic(rules, prices, first) the least total of what rules give, with a bound over all pairs
    plan = nearest(rules, relaxed)          an assignment that proves that so much suffices

Every "conflict" rests on multipliers whose bound is evaluated here, over all pairs, in the solver's place.
"""

from solvers.conflict.elastic import ElasticProgram, Relaxed
from solvers.conflict.minimality import Conflict, minimal
from solvers.conflict.nearness import Plan, nearest
from solvers.conflict.rules import Rules

__all__ = ["Conflict", "ElasticProgram", "Plan", "Relaxed", "Rules", "minimal", "nearest"]
