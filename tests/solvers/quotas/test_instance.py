"""What is no instance is refused with the reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solvers.quotas.worlds import drawn

GOOD = drawn(0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parent": np.array([-1, 2, 1, 1, 2, 1])}, "node 1 is in a cycle"),
        ({"parent": np.array([-1, -1, 0, 1, 2, 1])}, "2 roots"),
        ({"parent": np.array([-1, 0, 0, 1, 9, 1])}, "a parent is no node"),
        ({"leaf": np.array([3, 3, 5])}, "two rows of cells"),
        ({"leaf": np.array([3, 4, 9])}, "a leaf is no node"),
        ({"leaf": np.array([1, 4, 5])}, "leaf 1 has children"),
        ({"leaf": np.array([3, 4])}, "leaf has shape"),
        ({"target": GOOD.target[0]}, "2 axes"),
        ({"target": -GOOD.target}, "below 0"),
        ({"target": GOOD.target * np.nan}, "not a number"),
        ({"product_upper": np.zeros((3, 2), dtype=np.int64)}, r"product\(0, 0\): the lower limit"),
        ({"company_upper": np.zeros(3, dtype=np.int64)}, "company_upper has shape"),
        ({"node_lower": np.full(6, -1)}, "node: a limit is below 0"),
        ({"scale": np.zeros((3, 2, 2))}, "scale 0"),
    ],
)
def test_refused(change, words):
    with pytest.raises(ValueError, match=words):
        replace(GOOD, **change)
