"""Compiled functions: machine code cached in a folder named by a digest of the sources that it was made from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit
from numba.core import types

Compiled = TypeVar("Compiled", bound=Callable[..., Any])


def compiled(function: Compiled) -> Compiled:
    """Compile at first call, without the GIL and without fast math; the machine code is cached on disk.

    Numba's cache looks at the file of a function alone, while its machine code holds copies of the functions it calls
    and of the constants it reads. So the cache lies in a folder named by a digest of all sources beside the function:
    compiled functions may call their neighbours, nothing further.
    """
    return compiled_with(function, ())


def compiled_with(function: Compiled, further: tuple[Path, ...], *, inlined: bool = False) -> Compiled:
    """Compile a function that also calls compiled functions of the files `further`.

    An inlined one becomes a part of every loop that calls it, so that the loop can become one over vectors.
    """
    given = config.CACHE_DIR
    folder = Path(function.__code__.co_filename).parent
    config.CACHE_DIR = str(Path(given or folder / "__pycache__") / f"compiled-{_digest(folder, further)}")
    try:
        return once(njit(nogil=True, cache=True, error_model="numpy", forceinline=inlined)(function))
    finally:
        config.CACHE_DIR = given


def once(dispatcher: Any) -> Any:
    """Let a function be compiled once for all constants and widths of integers that compiled callers give.

    Numba would compile it for each of them.
    """
    template = dispatcher.get_call_template

    def of_types(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        return template(tuple(map(_widened, args)), {name: _widened(kind) for name, kind in kws.items()})

    dispatcher.get_call_template = of_types
    return dispatcher


def _widened(kind: Any) -> Any:
    kind = types.unliteral(kind)
    small = isinstance(kind, types.Integer) and kind.signed and kind.bitwidth < 64
    return types.int64 if small else kind


@cache
def _digest(folder: Path, further: tuple[Path, ...]) -> str:
    sources = [Path(__file__), *further, *sorted(folder.glob("*.py"))]
    return blake2b(b"".join(source.read_bytes() for source in sources), digest_size=8).hexdigest()
