"""The passes by which Numba compiles a part. They lean on Numba's insides: see solvers.part for other releases."""

from __future__ import annotations

from typing import Any

from numba._dynfunc import make_function
from numba.core.codegen import CPUCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import BaseNativeLowering, NativeLowering

_PLAIN = {
    "TranslateByteCode",
    "FixupArgs",
    "IRProcessing",
    "RewriteSemanticConstants",
    "DeadBranchPrune",
    "GenericRewrites",
    "ReconstructSSA",
    "NopythonTypeInference",
    "PreLowerStripPhis",
    "IRLegalization",
    "AnnotateTypes",
    "NativeLowering",
    "NoPythonBackend",
}
"""The usual passes that loops over numbers need. Without the others there are no closures, comprehensions, arithmetic
on whole arrays, or exceptions whose text is put together."""


class _Defined:
    """A module of LLVM that shows only the functions that it defines: there is nothing to optimise in others."""

    def __init__(self, module: Any) -> None:
        self.functions = [function for function in module.functions if not function.is_declaration]
        self.data_layout = ""


class _Library(CPUCodeLibrary):  # type: ignore[misc]
    """The code of a part: it is linked with nothing, and becomes no machine code."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout
        super()._optimize_functions(_Defined(ll_module))

    def finalize(self) -> None:
        """Make it ready to be linked, by whoever calls it."""
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "external":
                function.linkage = "linkonce_odr"
        self._shared_module, self._finalized = self._final_module, True

    def with_called(self) -> tuple[Any, ...]:
        """Return this library and all that its function calls, at any depth."""
        return tuple(dict.fromkeys((self, *self._linking_libraries)))


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(BaseNativeLowering):  # type: ignore[misc]
    """Lower a function, and leave it at that."""

    _name = "part_lowering"

    @property
    def lowering_class(self) -> Any:
        return Lower

    def run_pass(self, state: Any) -> bool:
        library = state["library"] = _Library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        try:
            super().run_pass(state)
        finally:
            state.flags.no_compile = False
        lowered = state["cr"]
        entry = make_function(
            lowered.fndesc.lookup_module(), lowered.fndesc.qualname, "a part", 0, lowered.env, (library,)
        )
        library.finalize()
        state.targetctx.insert_user_function(entry, lowered.fndesc, library.with_called())
        state["cr"] = lowered._replace(cfunc=entry)
        return True


class Written(CompilerBase):  # type: ignore[misc]
    """All the usual passes, but for the lowering: for functions of Numba's own that it has in Python."""

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


class Parts(Written):
    """The usual passes that parts need, but for the lowering."""

    @staticmethod
    def passes(state: Any) -> Any:
        """Return the passes for a function."""
        found = DefaultPassBuilder.define_nopython_pipeline(state, "part")
        kept = [(each, about) for each, about in found.passes if each.__name__ in _PLAIN]
        found.passes = [(_Lowering if each is NativeLowering else each, about) for each, about in kept]
        found.finalize()
        return found
