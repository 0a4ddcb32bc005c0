"""From what pydantic says of a scenario to faults with a place and advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from engine.errors import Fault, did_you_mean
from engine.reading.nodes import Node, Place

Location = tuple[int | str, ...]


def faults_of(error: ValidationError, model: type[BaseModel], root: Node) -> list[Fault]:
    """Return one fault per error of a validation, with file and line from the node tree."""
    details = [dict(detail) for detail in error.errors(include_url=False)]
    return [_fault(detail, model, root) for detail in details if not _of_its_entries(detail)]


def _of_its_entries(detail: dict[str, Any]) -> bool:
    """Whether something is too short only because its entries are faulty, and told themselves."""
    given = detail["input"]
    return (
        detail["type"] == "too_short"
        and hasattr(given, "__len__")
        and len(given) >= detail["ctx"]["min_length"]
    )


def locate(fault: Fault, root: Node) -> Fault:
    """Give a fault that names only its field (`quotas.goal`) the file and line where that field stands."""
    if fault.file or not fault.field:
        return fault
    place, _ = place_of(root, steps_of(fault.field))
    return Fault(fault.code, fault.message, fault.hint, place.file, place.line, place.column, fault.field)


def steps_of(path: str) -> Location:
    """Return a path in words (`tiers[0].rate`) as keys and indices; none for an empty one."""
    parts = path.replace("]", "").replace("[", ".").split(".") if path else []
    return tuple(int(part) if part.isdigit() else part for part in parts)


def place_of(root: Node, location: Location) -> tuple[Place, str]:
    """Return the place of the deepest node on a path, and the path in words without union tags."""
    node, place, words = root, root.place, ""
    for step in location:
        if isinstance(node.value, dict) and isinstance(step, str):
            child = node.value.get(step)
            if child is None:
                if _is_tag(node, step):
                    continue
                words += f".{step}" if words else step
                break
            words += f".{step}" if words else step
            node, place = child, child.place
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            place = node.place
            words += f"[{step}]"
        elif not isinstance(step, str) or not _is_type_name(step):
            words += f"[{step}]" if isinstance(step, int) else f".{step}"
    return place, words


def _is_type_name(step: str) -> bool:
    return "[" in step or step in {"str", "int", "float", "decimal", "[key]"}


def _is_tag(node: Node, step: str) -> bool:
    kind = node.value.get("kind") if isinstance(node.value, dict) else None
    return (kind is not None and kind.value == step) or _is_type_name(step) or step[:1].isupper()


def _fault(detail: dict[str, Any], model: type[BaseModel], root: Node) -> Fault:
    below = steps_of((detail.get("ctx") or {}).get("at", ""))
    place, words = place_of(root, (*detail["loc"], *below))
    code, message, hint = _worded(detail, model)
    return Fault(code, message, hint, place.file, place.line, place.column, words)


_RANGES = {
    "greater_than",
    "greater_than_equal",
    "less_than",
    "less_than_equal",
    "too_long",
    "multiple_of",
}


def _worded(detail: dict[str, Any], model: type[BaseModel]) -> tuple[str, str, str]:
    kind, context = detail["type"], detail.get("ctx") or {}
    value = detail.get("input")
    given = f"'{value}' " if isinstance(value, str | int | float | Decimal) else ""
    if kind == "apportion":
        return context["code"], context["message"], context["hint"]
    if kind == "extra_forbidden":
        name = str(detail["loc"][-1])
        known = known_fields(model, detail["loc"][:-1])
        return "E_UNKNOWN_KEY", "unknown key", did_you_mean(name, known, most=len(known))
    if kind == "missing":
        return "E_REQUIRED", "is required, and missing or empty", "Add it."
    if kind == "union_tag_invalid":
        known = [tag.strip(" '") for tag in context["expected_tags"].split(",")]
        return "E_KIND", f"'{context['tag']}' is no kind known here", did_you_mean(context["tag"], known)
    if kind == "union_tag_not_found":
        return "E_REQUIRED", "needs a `kind`", "Add `kind:` as its first key."
    if kind == "literal_error":
        return "E_CHOICE", f"{given}is not one of the choices", f"Use {context['expected']}."
    if kind == "too_short":
        least = context["min_length"]
        what = "entry" if least == 1 else "entries"
        few = "is empty" if not context["actual_length"] else f"has {context['actual_length']:,} of them"
        return "E_RANGE", f"needs at least {least:,} {what}, and {few}", "Add some, or leave the key out."
    if kind in _RANGES:
        bounds = detail["msg"].replace("Input should", "must").replace("Input", "")
        ratio = kind == "less_than_equal" and context["le"] == 1
        text = str(value)
        meant = ratio and text.replace(".", "", 1).isdigit() and float(text) <= 100
        hint = f"Did you mean {value}%? Write the sign." if meant else ""
        return "E_RANGE", f"{given}{bounds[:1].lower()}{bounds[1:]}", hint
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return "E_TYPE", "must be a mapping of keys to values", "Indent its keys below it."
    if kind in {"tuple_type", "list_type"}:
        return "E_TYPE", "must be a list", "Write `[a, b]`, or one `- item` a line."
    return "E_TYPE", f"{given}{detail['msg']}", ""


def known_fields(model: Any, location: Sequence[int | str]) -> list[str]:
    """Return the keys a scenario may have at a location."""
    here = model
    for step in location:
        here = _descend(here, step)
        if here is None:
            return []
    names = [cls for cls in _classes(here)]
    return sorted({name for cls in names for name in cls.model_fields})


def _descend(annotation: Any, step: int | str) -> Any:
    for cls in _classes(annotation):
        if step in cls.model_fields:
            return cls.model_fields[str(step)].annotation
        kind = cls.model_fields.get("kind")
        if step == cls.__name__ or (kind is not None and kind.default == step):
            return cls
    for inner in _parts(annotation):
        origin, arguments = get_origin(inner), get_args(inner)
        if isinstance(step, int) and origin in (tuple, list, Sequence):
            return arguments[0]
        if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
            return arguments[1]
    return None


def _parts(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _parts(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [part for argument in get_args(annotation) for part in _parts(argument)]
    return [annotation]


def _classes(annotation: Any) -> list[type[BaseModel]]:
    return [part for part in _parts(annotation) if isinstance(part, type) and issubclass(part, BaseModel)]
