"""Parts give the same whether Numba compiles them in their own way or, with other insides, as any function."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pytest
from numba import njit
from numba.core import typed_passes
from numba.core.compiler import DefaultPassBuilder
from numba.core.errors import NumbaError
from numba.core.target_extension import jit_registry, target_registry
from numba.core.types.functions import BaseFunction

from solvers import part, part_pipeline

USUAL = DefaultPassBuilder.define_nopython_pipeline


@pytest.fixture(autouse=True)
def _chosen_anew() -> Iterator[None]:
    part.passes.cache_clear()
    yield
    part.passes.cache_clear()


def chain(most: int) -> int:
    """What a compiled function gives that calls a part, which calls another one."""
    half = part.part(lambda number: number // 2, _nrt=False)
    steps = part.part(lambda number: (half(number), number - half(number)), _nrt=False)

    @njit
    def total(most: int) -> int:
        found = 0
        for number in range(most):
            low, high = steps(number)
            found += low * high
        return found

    return int(total(most))


def expected(most: int) -> int:
    return sum((number // 2) * (number - number // 2) for number in range(most))


def test_parts_are_compiled_in_their_own_way() -> None:
    assert part.passes() == part_pipeline.Parts.passes
    assert chain(100) == expected(100)


def test_without_what_they_lean_on_they_are_compiled_as_any_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(typed_passes, "BaseNativeLowering")
    monkeypatch.delitem(sys.modules, "solvers.part_pipeline")
    assert part.passes() == USUAL
    assert chain(100) == expected(100)


@pytest.mark.parametrize("fault", [AttributeError, TypeError])
def test_if_the_first_part_fails_they_are_compiled_as_any_function(
    monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise fault("another release")

    monkeypatch.setattr(part_pipeline, "make_function", fail)
    assert part.passes() == USUAL
    assert chain(100) == expected(100)


def test_numba_remembers_while_an_entry_is_compiled_and_is_left_as_it_was() -> None:
    def inside() -> tuple[object, object]:
        return BaseFunction.get_call_type, jit_registry[target_registry["cpu"]]

    def fail() -> None:
        with part.quickly():
            assert all(now is not then for now, then in zip(inside(), before, strict=True))
            assert chain(50) == expected(50)
            raise KeyError

    before = inside()
    with pytest.raises(KeyError):
        fail()
    assert inside() == before
    assert chain(100) == expected(100)


def test_functions_that_numba_has_in_python_are_parts_of_an_entry() -> None:
    clipped = part.part(lambda number: max(min(number, 7), 3), _nrt=False)
    with part.quickly():
        entry = njit(lambda number: clipped(number) + max(number, 0))
        found = [entry(number) for number in (-5, 5, 50)]
    assert found == [3, 10, 57]
    assert njit(lambda number: max(number, 2))(1) == 2


def test_a_part_without_a_runtime_for_memory_may_not_make_arrays() -> None:
    room = part.part(lambda number: np.zeros(number), _nrt=False)
    with pytest.raises(NumbaError, match="NRT"):
        njit(lambda number: room(number).sum())(3)
