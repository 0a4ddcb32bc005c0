"""Compiled functions: machine code cached in a folder named by a digest of the sources that it was made from."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import config, njit
from numba.core import types
from numba.core.types.misc import unliteral

from solvers.part import part, quickly

Compiled = TypeVar("Compiled", bound=Callable[..., Any])
_PARTS = tuple(Path(__file__).with_name(name) for name in ("part.py", "part_pipeline.py", "part_types.py"))


def compiled(function: Compiled) -> Compiled:
    """Compile at first call, without the GIL and without fast math; the machine code is cached on disk.

    Numba's cache looks at the file of a function alone, while its machine code holds copies of the functions it calls
    and of the constants it reads. So the cache lies in a folder named by a digest of all sources beside the function:
    compiled functions may call their neighbours, nothing further.
    """
    return compiled_with(function, ())


def compiled_with(function: Compiled, further: tuple[Path, ...], *, inlined: bool = False) -> Compiled:
    """Compile a function that also calls compiled functions of the files `further`.

    From Python it is called as it is; compiled functions call it as a part (solvers.part). An inlined one is copied
    into every loop that calls it, so that the loop can become one over vectors.
    """
    given, within = config.CACHE_DIR, once(part(function, forceinline=inlined))
    folder = Path(function.__code__.co_filename).parent
    config.CACHE_DIR = str(Path(given or folder / "__pycache__") / f"compiled-{_digest(folder, further)}")
    try:
        ours = njit(nogil=True, cache=True, error_model="numpy", forceinline=inlined)(function)
    finally:
        config.CACHE_DIR = given
    ours.get_call_template, ours.get_overload = within.get_call_template, within.get_overload
    ours.compile = _uncollected(ours.compile)
    return cast(Compiled, ours)


def once(dispatcher: Any) -> Any:
    """Let a function be compiled once for all constants and widths of integers that compiled callers give.

    Numba would compile it for each of them.
    """
    template = dispatcher.get_call_template

    def of_types(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        return template(tuple(map(_widened, args)), {name: _widened(kind) for name, kind in kws.items()})

    dispatcher.get_call_template = of_types
    return dispatcher


def _uncollected(compile_: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let no garbage be collected while a function is compiled: there is little, and looking for it takes long."""

    def without(signature: Any) -> Any:
        collects = gc.isenabled()
        gc.disable()
        try:
            with quickly():
                return compile_(signature)
        finally:
            if collects:
                gc.enable()

    return without


def _widened(kind: Any) -> Any:
    kind = unliteral(kind)
    return types.int64 if kind in (types.int8, types.int16, types.int32) else kind


@cache
def _digest(folder: Path, further: tuple[Path, ...]) -> str:
    sources = [Path(__file__), *_PARTS, *further, *sorted(folder.glob("*.py"))]
    return blake2b(b"".join(source.read_bytes() for source in sources), digest_size=8).hexdigest()
