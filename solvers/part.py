"""Parts: functions that compiled functions call, and that never run alone.

Numba optimises every compiled function together with all that it calls, and makes machine code of it, before it goes
on to what calls it; of a chain of ten functions the last one is treated ten times. A part waits: it is optimised and
becomes machine code only within the function that is called from Python.
"""

from __future__ import annotations

from typing import Any

from numba import njit
from numba._dynfunc import make_function
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import BaseNativeLowering, NativeLowering


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(BaseNativeLowering):  # type: ignore[misc]
    """Lower a function, and leave it at that."""

    _name = "part_lowering"

    @property
    def lowering_class(self) -> Any:
        return Lower

    def run_pass(self, state: Any) -> bool:
        state.flags.no_compile = True
        try:
            super().run_pass(state)
        finally:
            state.flags.no_compile = False
        library, lowered = state.library, state["cr"]
        entry = make_function(
            lowered.fndesc.lookup_module(), lowered.fndesc.qualname, "a part", 0, lowered.env, (library,)
        )
        library._optimize_final_module = lambda: None
        library._finalize_final_module = lambda: setattr(library, "_finalized", True)
        state.targetctx.insert_user_function(entry, lowered.fndesc, [library])
        state["cr"] = lowered._replace(cfunc=entry)
        return True


class _Pipeline(CompilerBase):  # type: ignore[misc]
    """The usual passes, but for the lowering."""

    def define_pipelines(self) -> list[Any]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state, "part")
        usual = [each for each, _ in passes.passes]
        passes.passes[usual.index(NativeLowering)] = (_Lowering, "part lowering")
        passes.finalize()
        return [passes]


def part(function: Any, **options: Any) -> Any:
    """Compile a function as a part, with options of Numba."""
    bare = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return njit(nogil=True, error_model="numpy", pipeline_class=_Pipeline, **bare, **options)(function)
