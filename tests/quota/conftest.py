"""Quotas of tiny worlds, solved in this process: a child process for each of hundreds of solves costs seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import solvers
from solvers.backend import Silence
from solvers.backends import highs
from solvers.model import Arrays, Model
from solvers.solution import Solution, SolveOptions


def in_process(
    model: Model | Arrays, options: SolveOptions | None = None, backend: str = "highs"
) -> Solution:
    assert backend == "highs"
    arrays = model.arrays() if isinstance(model, Model) else model
    return highs.solve(arrays, options or SolveOptions(), Silence())


@pytest.fixture(autouse=True, scope="module")
def solves_in_this_process() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solvers, "solve", in_process)
        yield
