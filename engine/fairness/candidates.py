"""Candidates: the methods that are compared, from words such as `potential`, `potential:60%+history:40%` or `plan`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import ValidationError

from engine.amounts import AmountError, ratio
from engine.blocks import subclasses
from engine.errors import BadInput, Fault, did_you_mean
from engine.inputs import Inputs
from engine.quota import methods as package
from engine.quota.method import Method
from engine.quota.spec import QuotaSpec

PLAN = "plan"
"""The methods of the scenario, as they are blended there."""
_OPTION = "--methods"


@dataclass(frozen=True)
class Candidate:
    """A blend of methods under the name it was asked for by."""

    name: str
    methods: tuple[Method, ...]

    @property
    def words(self) -> str:
        """What it is made of: `potential 60 %, history 40 %`."""
        total = sum(method.weight for method in self.methods)
        parts = [
            f"{kind_of(type(method))} {100 * method.weight / total:.0f} %"
            for method in self.methods
            if method.weight
        ]
        return ", ".join(parts) if len(parts) > 1 else parts[0].rpartition(" 100 %")[0]


def kind_of(cls: type[Method]) -> str:
    """Return the name of a kind of method."""
    return str(cls.model_fields["kind"].default)


def usual(spec: QuotaSpec, inputs: Inputs) -> list[Candidate]:
    """Return the plan's own blend, and every method alone that fits the tables as the plan or its defaults have it."""
    found = [Candidate(PLAN, spec.methods)]
    for kind, cls in _kinds().items():
        method = _one(kind, cls, spec)
        if method is not None and not method.faults(inputs):
            found.append(Candidate(kind, (method,)))
    return found


def asked(words: Sequence[str], spec: QuotaSpec) -> list[Candidate]:
    """Return the candidates that were asked for.

    Args:
        words: `plan`, a kind of method, or kinds with weights: `potential:60%+history:40%`, equal where none is given.
        spec: a kind that the plan uses is taken as the plan has it.

    Raises:
        BadInput: no such method, one that the plan must describe first, or weights that are none.

    """
    faults, found = [], dict[str, Candidate]()
    for word in words:
        if word == PLAN:
            found[word] = Candidate(PLAN, spec.methods)
            continue
        methods = []
        for part in word.split("+"):
            kind, _, weight = part.strip().partition(":")
            made = _weighted(kind.strip(), weight.strip(), spec)
            if isinstance(made, Fault):
                faults.append(made)
            else:
                methods.append(made)
        if not faults and not any(method.weight for method in methods):
            faults.append(_fault("E_RANGE", f"the weights of '{word}' sum to 0", "Give one above 0."))
        found[word] = Candidate(word, tuple(methods))
    if faults:
        raise BadInput(faults)
    return list(found.values())


def _kinds() -> dict[str, type[Method]]:
    return {kind_of(cls): cls for cls in subclasses(package, Method) if issubclass(cls, Method)}


def _one(kind: str, cls: type[Method], spec: QuotaSpec) -> Method | None:
    """Return a method as the plan has it, else with its defaults; None where it has none."""
    for method in spec.methods:
        if kind_of(type(method)) == kind:
            return method.model_copy(update={"weight": Decimal(1)})
    try:
        return cls()
    except ValidationError:
        return None


def _weighted(kind: str, weight: str, spec: QuotaSpec) -> Method | Fault:
    known = _kinds()
    if kind not in known:
        return _fault("E_REFERENCE", f"no method is called '{kind}'", did_you_mean(kind, [*known, PLAN]))
    method = _one(kind, known[kind], spec)
    if method is None:
        hint = "Give it under quotas.methods; a weight of 0 leaves the plan as it is."
        return _fault("E_REQUIRED", f"method '{kind}' has no defaults", hint)
    try:
        share = ratio(weight) if weight else Decimal(1)
    except AmountError as error:
        return _fault(error.code, f"weight of '{kind}': {error}", error.hint)
    if share < 0:
        return _fault("E_RANGE", f"the weight of '{kind}' is negative", "Weights are at least 0.")
    return method.model_copy(update={"weight": share})


def _fault(code: str, message: str, hint: str) -> Fault:
    return Fault(code, message, hint, field=_OPTION)
