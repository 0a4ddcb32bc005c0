"""Edges of the small MIPs: nothing to exchange."""

from __future__ import annotations

import numpy as np

from solvers.alignment import Instance, Options, Places, align


def test_one_seat_holds_everything() -> None:
    weights = np.array([[1, 2, 3]])
    places = Places(np.ones(3), np.array([[0.0], [1.0], [2.0]]), np.array([[0.0]]))
    result = align(Instance(weights, np.array([[6]]), np.array([[6]]), places=places), Options(gap=0.0))
    assert result.rep_of is not None
    assert result.rep_of.tolist() == [0, 0, 0]
    assert result.objective == 3.0
