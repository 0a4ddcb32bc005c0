"""Parts: functions that compiled functions call, and that never run alone.

Numba optimises every compiled function together with all that it calls, and makes machine code of it, before it goes
on to what calls it; of a chain of ten functions the last one is treated ten times. A part waits: it is optimised and
becomes machine code only within the function that is called from Python. It has what loops over numbers need: no
closures, no comprehensions, no arithmetic on whole arrays. The entry of the pipeline that simulates by events, of 180
functions, takes 8 seconds of one core instead of 19.

That leans on Numba's insides. With a release in which they differ, parts are compiled as Numba compiles any function:
the same results, later.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

from numba import njit
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.errors import NumbaError

_BARE = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_DIFFERENT = (ImportError, AttributeError, TypeError, ValueError, KeyError, AssertionError, NumbaError)
"""What comes of insides that differ."""


@cache
def passes() -> Any:
    """Return the passes of parts if they compile a part that calls another one; else those of any function."""
    try:
        from solvers.part_pipeline import Parts
        from solvers.part_types import remembering

        within = njit(pipeline_class=Parts, **_BARE)(lambda number: number + 1)
        about = njit(pipeline_class=Parts, **_BARE)(lambda number: within(number) + 1)
        with remembering():
            if njit(lambda number: about(max(number, 1)))(1) == 3:
                return Parts.passes
    except _DIFFERENT:
        pass
    return DefaultPassBuilder.define_nopython_pipeline


def quickly() -> AbstractContextManager[None]:
    """Return what to compile an entry with its parts in, so that Numba does nothing twice that it can remember."""
    try:
        from solvers.part_pipeline import Parts
        from solvers.part_types import remembering
    except _DIFFERENT:
        return nullcontext()
    return remembering() if passes() is Parts.passes else nullcontext()


class _Pipeline(CompilerBase):  # type: ignore[misc]
    """The passes of parts, chosen when the first one is compiled."""

    def define_pipelines(self) -> list[Any]:
        """Return the passes for the function that is compiled."""
        return [passes()(self.state)]


def part(function: Any, **options: Any) -> Any:
    """Compile a function as a part, with options of Numba."""
    return njit(pipeline_class=_Pipeline, **_BARE, **options)(function)
