"""The same alignment by every backend that can take it, and words from one that cannot."""

from __future__ import annotations

import pytest

from engine.errors import BadInput
from engine.progress import Silent
from engine.territory.stage import align
from tests.territory.cases import spec, tiny

RULES = [{"kind": "band", "within": "40%"}, {"kind": "max_moves", "limit": 3}]


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
@pytest.mark.parametrize("backend", ["cbc", "cpsat", "scip"])
def test_every_backend_proves_the_same_cost(backend: str, many_pairs: int) -> None:
    ours, peer = (
        align(tiny(), spec(RULES, backend=name), seed=1, progress=Silent(), many_pairs=many_pairs)
        for name in ("highs", backend)
    )
    assert peer.solves[0].objective == pytest.approx(ours.solves[0].objective)
    assert peer.solves[0].bound == pytest.approx(ours.solves[0].bound, rel=1e-6)


@pytest.mark.parametrize(
    ("backend", "says"),
    [("cpsat", "cannot take continuous columns"), ("pdlp", "cannot take integer columns")],
)
def test_a_backend_that_cannot_say_the_rules_is_refused_at_its_place(backend: str, says: str) -> None:
    rules = spec(RULES, [{"kind": "deviation", "price": "0.05"}], backend=backend, node_limit=None)
    with pytest.raises(BadInput, match=says) as caught:
        align(tiny(), rules, seed=1, progress=Silent())
    assert [fault.field for fault in caught.value.faults] == ["territories.solver.backend"]
