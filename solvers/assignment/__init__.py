"""The generalised assignment problem, solved with a proof: `solve(instance) -> Outcome`.

Jobs to agents at least cost, each agent within a capacity in weights of its own: accounts to seats whose workloads
depend on the seat. Bounds are exact Lagrangian values; `certificate.recomputed` checks them with other code.
"""

from solvers.assignment.certificate import Certificate, proven, recomputed
from solvers.assignment.instance import Instance, faults, value
from solvers.assignment.solving import Effort, Outcome, solve

__all__ = ["Certificate", "Effort", "Instance", "Outcome", "faults", "proven", "recomputed", "solve", "value"]
