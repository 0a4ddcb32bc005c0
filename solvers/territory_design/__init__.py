"""Commercial territory design: contiguous territories within bands of three activities, affine and compact.

    instance = read(path)
    found = design(instance, seed=0)            contiguous, lexicographically good
    broken(instance, found.label)               an independent check; nothing means contiguous
    proof = prove(instance, found)              a lower bound on the dispersion, recomputed by our own code

Sources: Rios-Mercado and Fernandez, "A reactive GRASP for a commercial territory design problem with multiple
balancing requirements" (2009), for the problem; the format and the affinities are those of
github.com/nguyenphongg233/Commercial-Territory-Design-Problem-with-Multiple-Balancing-Requirements.
"""

from solvers.territory_design.affinity import loss_bound
from solvers.territory_design.bounds import Limits, Proof, prove
from solvers.territory_design.figures import Score, broken, score
from solvers.territory_design.heuristic import Design, Effort, design
from solvers.territory_design.instance import Instance, read

__all__ = [
    "Design",
    "Effort",
    "Instance",
    "Limits",
    "Proof",
    "Score",
    "broken",
    "design",
    "loss_bound",
    "prove",
    "read",
    "score",
]
