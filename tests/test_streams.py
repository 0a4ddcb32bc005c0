"""Randomness by purpose and entity."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import kstest

from engine.inputs import digest
from engine.streams import Purpose, child, compiled, philox, uniform

# The philox4x32-10 lines of Random123's tests/kat_vectors: counter, key, result, in words of 32 bits.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text: str) -> list[np.uint64]:
    """Pairs of 32-bit words, low first, as words of 64."""
    small = [int(word, 16) for word in text.split()]
    return [np.uint64(low | high << 32) for low, high in zip(small[::2], small[1::2], strict=True)]


@compiled
def many(seed: int, purpose: int, count: int) -> NDArray[np.float64]:
    drawn = np.empty(count)
    for draw in range(count):
        drawn[draw] = uniform(seed, 3, purpose, np.uint64(9), draw)
    return drawn


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_vectors(counter: str, key: str, answer: str) -> None:
    low, high = words(counter)
    assert [np.uint64(word) for word in philox(words(key)[0], low, high)] == words(answer)


def test_python_and_compiled_callers_get_the_same_bits() -> None:
    drawn = many(77, 2, 50)
    assert [uniform(77, 3, 2, np.uint64(9), draw) for draw in range(50)] == drawn.tolist()


def test_uniforms_are_uniform_and_stay_inside() -> None:
    drawn = many(1, int(Purpose.SIZE), 200_000)
    assert 0 < drawn.min() < drawn.max() < 1
    assert kstest(drawn, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 4 / np.sqrt(len(drawn))


def test_every_part_of_the_key_matters() -> None:
    base = (1, 2, 3, np.uint64(4), 5)
    changed = [
        (2, 2, 3, np.uint64(4), 5),
        (1, 3, 3, np.uint64(4), 5),
        (1, 2, 4, np.uint64(4), 5),
        (1, 2, 3, np.uint64(5), 5),
        (1, 2, 3, np.uint64(4), 6),
        (1, 2, 3, np.uint64(4 + 2**40), 5),
        (1 + 2**40, 2, 3, np.uint64(4), 5),
    ]
    assert len({uniform(*args) for args in [base, *changed]}) == len(changed) + 1


def test_threads_change_nothing() -> None:
    alone = many(5, 1, 1000)
    with ThreadPoolExecutor(4) as pool:
        assert all(np.array_equal(drawn, alone) for drawn in pool.map(lambda _: many(5, 1, 1000), range(8)))


def test_children_of_entities_are_distinct() -> None:
    keys = digest([f"A{i}" for i in range(200)])
    assert len({int(child(key, index)) for key in keys for index in range(50)}) == 200 * 50


def test_purposes_are_distinct_and_fit_a_byte() -> None:
    assert len({int(purpose) for purpose in Purpose}) == len(Purpose)
    assert all(0 < purpose < 256 for purpose in Purpose)
