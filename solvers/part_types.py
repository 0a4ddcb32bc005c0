"""What Numba finds out about functions of its own, it finds out once. For other releases: see solvers.part.

To type `a + b` Numba tries tens of ways to add, in every function, and again when it lowers it. Those of its functions
that are written in Python, such as `max`, it compiles and makes machine code of before it goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from numba import jit
from numba.core.compiler_lock import global_compiler_lock
from numba.core.target_extension import jit_registry, target_registry
from numba.core.types import Function
from numba.core.types.functions import BaseFunction

from solvers.part_pipeline import Written

_CPU = target_registry["cpu"]
_known: dict[Any, Any] = {}


@contextmanager
def remembering() -> Iterator[None]:
    """Let Numba remember how its functions are typed, and let those that it compiles meanwhile be parts."""
    with global_compiler_lock:
        asked, makes = BaseFunction.get_call_type, jit_registry[_CPU]

        def known(function: Any, context: Any, args: Any, kws: Any) -> Any:
            if not isinstance(function, Function):
                return asked(function, context, args, kws)
            what = function, tuple(args), tuple(kws.items())
            if what not in _known:
                _known[what] = asked(function, context, args, kws)
            return _known[what]

        _let(known, partial(jit, pipeline_class=Written))
        try:
            yield
        finally:
            _let(asked, makes)


def _let(asked: Any, makes: Any) -> None:
    BaseFunction.get_call_type = asked  # type: ignore[method-assign]
    dict.__setitem__(jit_registry, _CPU, makes)  # of its own it takes no second value
