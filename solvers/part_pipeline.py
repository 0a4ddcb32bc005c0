"""The passes by which Numba compiles a part. They lean on Numba's insides: see solvers.part for other releases."""

from __future__ import annotations

from typing import Any

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
        library, lowered = state["library"], state["cr"]
        entry = make_function(
            lowered.fndesc.lookup_module(), lowered.fndesc.qualname, "a part", 0, lowered.env, (library,)
        )
        library._optimize_final_module = lambda: None
        library._finalize_final_module = lambda: setattr(library, "_finalized", True)
        state.targetctx.insert_user_function(entry, lowered.fndesc, [library])
        state["cr"] = lowered._replace(cfunc=entry)
        return True


class Parts(CompilerBase):  # type: ignore[misc]
    """The usual passes, but for the lowering."""

    @staticmethod
    def passes(state: Any) -> Any:
        """Return the passes for a function."""
        found = DefaultPassBuilder.define_nopython_pipeline(state, "part")
        usual = [each for each, _ in found.passes]
        found.passes[usual.index(NativeLowering)] = (_Lowering, "part lowering")
        found.finalize()
        return found

    def define_pipelines(self) -> list[Any]:
        """Return the passes for the function that is compiled."""
        return [self.passes(self.state)]
