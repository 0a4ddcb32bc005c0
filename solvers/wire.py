"""Messages between a solve and its child process: a JSON head and raw arrays, each with its length.

8 bytes length | {"head": {...}, "arrays": [[name, dtype, shape], ...]} | bytes of each array
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from solvers.model import Arrays
from solvers.solution import Solution, SolveOptions, Status

VECTORS = ("cost", "lower", "upper", "integer", "row_lower", "row_upper")
LIMITS = ("gap", "absolute_gap", "time_limit", "node_limit", "seed", "threads")
FIGURES = ("objective", "bound", "seconds", "backend", "nodes", "ended_by", "message")


@dataclass(frozen=True)
class Message:
    """What happened, with its figures and arrays: solve, started, incumbent, bound, answer, failed."""

    kind: str
    head: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)


def write(stream: BinaryIO, message: Message) -> None:
    """Write one message and flush."""
    parts = {name: np.ascontiguousarray(array) for name, array in message.arrays.items()}
    shapes = [[name, part.dtype.str, list(part.shape)] for name, part in parts.items()]
    text = json.dumps({"kind": message.kind, "head": message.head, "arrays": shapes}).encode()
    stream.write(len(text).to_bytes(8, "little") + text)
    for part in parts.values():
        stream.write(part.tobytes())
    stream.flush()


def read(stream: BinaryIO) -> Message | None:
    """Read one message; None when the other side is gone, even in the middle of a message."""
    size = _exactly(stream, 8)
    text = size and _exactly(stream, int.from_bytes(size, "little"))
    if not text:
        return None
    told = json.loads(text)
    arrays = {}
    for name, kind, shape in told["arrays"]:
        dtype = np.dtype(kind)
        data = _exactly(stream, dtype.itemsize * int(np.prod(shape, dtype=np.int64)))
        if data is None:
            return None
        arrays[name] = np.frombuffer(bytearray(data), dtype=dtype).reshape(shape)
    return Message(told["kind"], told["head"], arrays)


def question(arrays: Arrays, options: SolveOptions, backend: str) -> Message:
    """Return the message that asks for a solve."""
    head = {name: getattr(options, name) for name in LIMITS} | {"backend": backend}
    parts = model_parts(arrays)
    if options.start is not None:
        parts["start"] = options.start
    return Message("solve", head, parts)


def asked(message: Message) -> tuple[Arrays, SolveOptions, str]:
    """Return what `question` was made of."""
    options = SolveOptions(**{name: message.head[name] for name in LIMITS}, start=message.arrays.get("start"))
    return model_from(message.arrays), options, message.head["backend"]


def answer(solution: Solution) -> Message:
    """Return the message that carries a solution."""
    head = {name: getattr(solution, name) for name in FIGURES} | {"status": str(solution.status)}
    parts = {"x": solution.x, "row_duals": solution.row_duals}
    return Message("answer", head, {name: part for name, part in parts.items() if part is not None})


def answered(message: Message) -> Solution:
    """Return what `answer` was made of."""
    figures = {name: message.head[name] for name in FIGURES}
    parts = message.arrays
    return Solution(
        status=Status(message.head["status"]), x=parts.get("x"), row_duals=parts.get("row_duals"), **figures
    )


def model_parts(arrays: Arrays) -> dict[str, NDArray[Any]]:
    """Return a model as plain named arrays, as they go over the wire or into an .npz file."""
    parts: dict[str, NDArray[Any]] = {name: getattr(arrays, name) for name in VECTORS}
    matrix = arrays.matrix
    return parts | {
        "data": matrix.data,
        "indices": matrix.indices,
        "indptr": matrix.indptr,
        "offset": np.array([arrays.offset], dtype=np.float64),
    }


def model_from(parts: dict[str, NDArray[Any]]) -> Arrays:
    """Return the model that `model_parts` was made of."""
    shape = (len(parts["row_lower"]), len(parts["cost"]))
    matrix = sparse.csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=shape)
    vectors = {name: parts[name] for name in VECTORS}
    return Arrays(**vectors, matrix=matrix, offset=float(parts["offset"][0]))


def _exactly(stream: BinaryIO, size: int) -> bytes | None:
    data = stream.read(size)
    return data if len(data) == size else None
