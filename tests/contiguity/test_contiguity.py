"""Contiguity against plain searches on small random graphs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from solvers.contiguity import (
    Graph,
    articulation,
    cheapest_separator,
    components,
    connected,
    distances,
    minimal_separator,
    piece_of,
    pieces,
    reachable,
    shortened,
)

SEEDS = range(12)


def grid(rows: int, columns: int) -> Graph:
    at = np.arange(rows * columns).reshape(rows, columns)
    across = np.column_stack((at[:, :-1].ravel(), at[:, 1:].ravel()))
    down = np.column_stack((at[:-1].ravel(), at[1:].ravel()))
    return Graph.of(rows * columns, np.concatenate((across, down)))


def drawn(seed: int, units: int = 9, share: float = 0.3) -> tuple[Graph, np.random.Generator]:
    rng = np.random.Generator(np.random.Philox(seed))
    pairs = [pair for pair in combinations(range(units), 2) if rng.random() < share]
    return Graph.of(units, pairs), rng


def paths(graph: Graph, a: int, b: int, room: np.ndarray) -> list[list[int]]:
    found, stack = [], [[a]]
    while stack:
        path = stack.pop()
        if path[-1] == b:
            found.append(path)
            continue
        stack += [[*path, int(u)] for u in graph.neighbours(path[-1]) if room[u] and u not in path]
    return found


def separates(graph: Graph, a: int, b: int, cut, weight, limit, room) -> bool:
    return all(set(path) & set(cut) or weight[path].sum() > limit for path in paths(graph, a, b, room))


def test_a_graph_keeps_each_edge_once_and_refuses_unknown_units():
    graph = Graph.of(4, [(2, 0), (0, 2), (1, 1), (0, 3)])
    assert graph.edges.tolist() == [[0, 2], [0, 3]]
    assert [graph.neighbours(u).tolist() for u in range(4)] == [[2, 3], [], [0], [0]]
    assert [part.tolist() for part in graph.islands()] == [[0, 2, 3], [1]]
    with pytest.raises(ValueError, match=r"outside 0 \.\. 3"):
        Graph.of(4, [(0, 4)])


def test_pieces_of_a_grid():
    label = np.array([0, 1, 0, 0, 1, -1, 1, 1, 0])
    parts = pieces(grid(3, 3), label)
    assert [[part.tolist() for part in of] for of in parts] == [[[0, 3], [2], [8]], [[1, 4, 6, 7]]]
    assert piece_of(grid(3, 3), label).tolist() == [0, 1, 2, 0, 1, -1, 1, 1, 3]
    assert not connected(grid(3, 3), label)
    assert connected(grid(3, 3), np.array([0, 0, 0, 1, 1, 0, 2, 2, 0]))
    assert [part.tolist() for part in components(grid(3, 3), [8, 0, 5])] == [[0], [5, 8]]
    assert components(grid(3, 3), []) == []
    assert pieces(grid(1, 2), [-1, 1]) == [[], [np.array([1])]]
    with pytest.raises(ValueError, match="labels for 9 units"):
        piece_of(grid(3, 3), [0, 1])


@pytest.mark.parametrize("seed", SEEDS)
def test_articulation_is_what_falls_apart(seed):
    graph, rng = drawn(seed, 14, 0.25)
    label = rng.integers(-1, 3, graph.units)
    before = len(np.unique(piece_of(graph, label)[label >= 0]))
    for unit, stuck in enumerate(articulation(graph, label)):
        without = label.copy()
        without[unit] = -1
        after = len(np.unique(piece_of(graph, without)[without >= 0]))
        assert stuck == (label[unit] >= 0 and after > before)


@pytest.mark.parametrize("seed", SEEDS)
def test_separators_cut_every_path_and_are_minimal(seed):
    graph, rng = drawn(seed)
    weight = rng.integers(1, 6, graph.units)
    room = rng.random(graph.units) < 0.85
    tried = 0
    for a, b in combinations(range(graph.units), 2):
        if b in graph.neighbours(a):
            with pytest.raises(ValueError, match="nothing separates"):
                minimal_separator(graph, a, b)
            continue
        tried += 1
        allowed = room.copy()
        allowed[[a, b]] = True
        for first, last in ((a, b), (b, a)):
            cut = minimal_separator(graph, first, last, None, allowed)
            no_limit = int(weight.sum())
            assert separates(graph, a, b, cut, weight, no_limit, allowed)
            for unit in cut:
                assert not separates(graph, a, b, set(cut) - {unit}, weight, no_limit, allowed)
            limit = int(rng.integers(5, 15))
            less = shortened(graph, first, last, cut, weight, limit, allowed)
            assert set(less) <= set(cut)
            assert separates(graph, a, b, less, weight, limit, allowed)
            for unit in less:
                assert not separates(graph, a, b, set(less) - {unit}, weight, limit, allowed)
    assert tried


def test_a_separator_lies_outside_the_district_and_next_to_its_piece():
    district = np.isin(np.arange(16), [0, 1, 15, 14])
    assert minimal_separator(grid(4, 4), 0, 15, district).tolist() == [2, 4, 5]
    assert minimal_separator(grid(4, 4), 15, 0, district).tolist() == [10, 11, 13]
    with pytest.raises(ValueError, match="lie in one piece"):
        minimal_separator(grid(4, 4), 0, 1, district)
    split = ~np.isin(np.arange(9), [3, 4, 5])
    assert minimal_separator(grid(3, 3), 0, 8, None, split).tolist() == []


def test_distances_count_both_ends():
    allowed = ~np.isin(np.arange(9), [4])
    weight = np.arange(9)
    assert distances(grid(3, 3), 0, weight, allowed).tolist() == [0, 1, 3, 3, -1, 8, 9, 16, 16]
    assert reachable(grid(3, 3), 0, allowed).sum() == 8


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cheapest_separator_is_cheapest(seed):
    graph, rng = drawn(seed, 8)
    value = rng.integers(0, 5, graph.units) / 4
    for a, b in combinations(range(graph.units), 2):
        cut = cheapest_separator(graph, a, b, value)
        if cut is None:
            assert b in graph.neighbours(a)
            continue
        room = np.ones(graph.units, dtype=bool)
        rest = [u for u in range(graph.units) if u not in (a, b)]
        least = min(
            value[list(some)].sum()
            for size in range(len(rest) + 1)
            for some in combinations(rest, size)
            if separates(graph, a, b, some, value, np.inf, room)
        )
        assert separates(graph, a, b, cut, value, np.inf, room)
        assert value[cut].sum() == pytest.approx(least)
