"""What a solve may raise besides ValueError for a malformed model."""

from __future__ import annotations

from solvers.solution import Solution


class Refused(ValueError):
    """The backend does not exist, is not installed, or cannot represent the model or its options."""


class SolveInterrupted(KeyboardInterrupt):
    """Ctrl-C during a solve; `solution` is the best verified one so far, its `x` None when there was none."""

    def __init__(self, solution: Solution) -> None:
        super().__init__("the solve was interrupted")
        self.solution = solution
