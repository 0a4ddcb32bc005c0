"""The tables of the alignment itself: accounts as they were read, territories and moves added up again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from engine.verification.figures import above, figure_faults

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import Inputs, IntArray
    from engine.territory.spec import TerritorySpec
    from engine.verification.figures import Row

    Frames = Mapping[str, pd.DataFrame]


def territory_faults(inputs: Inputs, today: Inputs, tables: Frames, rep_of: IntArray) -> list[str]:
    """Return a sentence for each cell of `alignment`, `territories` and `moves` that the accounts contradict.

    `inputs` has the seats of the run, `today` those of the tables as read, whose incumbents may have lost their seat;
    `rep_of` is the seat of each account in the run, shape (account,).
    """
    owners = [today.reps.id[j] if j >= 0 else "" for j in today.accounts.owner.tolist()]
    seats = [inputs.reps.id[j] for j in rep_of.tolist()]
    gone = [i for i, (old, new) in enumerate(zip(owners, seats, strict=True)) if old not in ("", new)]
    return [
        *_accounts(inputs, tables["alignment"], owners, gone),
        *_territories(inputs, tables["territories"], rep_of),
        *_moves(inputs, tables["moves"], [(owners[i], seats[i]) for i in gone], gone),
    ]


def _accounts(inputs: Inputs, frame: pd.DataFrame, owners: list[str], gone: list[int]) -> Iterator[str]:
    from engine.territory.measure import WORKLOAD_SCALE

    accounts, moved = inputs.accounts, set(gone)
    columns: dict[str, Iterable[object]] = {
        "name": accounts.name,
        "segment": accounts.segment,
        "incumbent": owners,
        "moved": [i in moved for i in range(len(owners))],
        "latitude": accounts.latitude.tolist(),
        "longitude": accounts.longitude.tolist(),
        "potential": accounts.potential.tolist(),
        "workload": (accounts.workload / WORKLOAD_SCALE).tolist(),
    }
    for column, values in columns.items():
        for account, told, value in zip(accounts.id, frame[column].tolist(), values, strict=True):
            if told != value and not (told != told and (value == "" or value != value)):
                yield f"account {account}: {column} is given as {told}, it is {value}"


def _territories(inputs: Inputs, frame: pd.DataFrame, rep_of: IntArray) -> Iterator[str]:
    from engine.territory.measure import WORKLOAD_SCALE

    if list(frame["rep"]) != list(inputs.reps.id):
        yield "the territories are not those of the seats, each once"
        return
    measures = {"accounts": [1] * len(rep_of), "potential": inputs.accounts.potential.tolist(),
                "workload": inputs.accounts.workload.tolist()}  # fmt: skip
    for column, values in measures.items():
        scale = WORKLOAD_SCALE if column == "workload" else 1
        for suffix, seats in (("", rep_of), ("_before", inputs.accounts.owner)):
            totals = [0] * len(inputs.reps)
            for value, rep in zip(values, seats.tolist(), strict=True):
                if rep >= 0:
                    totals[rep] += value
            for seat, told, total in zip(frame["rep"], frame[column + suffix], totals, strict=True):
                if round(float(told) * scale) != total:
                    yield (
                        f"territory {seat}: {column}{suffix} is given as {told}, its accounts add up to"
                        f" {total / scale:.15g}"
                    )


def _moves(
    inputs: Inputs, frame: pd.DataFrame, seats: list[tuple[str, str]], gone: list[int]
) -> Iterator[str]:
    """Yield what is wrong with the moves; `gone` are the accounts that move, `seats` the old and new seat of each."""
    accounts = inputs.accounts
    if len(frame) != len(gone):
        yield f"{len(frame)} moves are listed, {len(gone)} accounts have another owner than today"
        return
    for row, (old, new), i in zip(frame.to_dict("records"), seats, gone, strict=True):
        expected = (accounts.id[i], old, new, int(accounts.potential[i]))
        told = (row["account"], row["from_rep"], row["to_rep"], int(row["potential"]))
        if told != expected:
            yield f"the move {told} is listed; the alignment says {expected}"


def balance_faults(inputs: Inputs, spec: TerritorySpec, frame: pd.DataFrame, rep_of: IntArray) -> list[str]:
    """Return a sentence for each load of the table `balance` that the accounts contradict.

    `inputs` and `spec` are those that the alignment is held to.
    """
    return [
        f"balance, seat {row['rep']}, {row['measure']}: {words}"
        for row in frame.to_dict("records")
        for words in _load(inputs, spec, row, rep_of)
    ]


def _load(inputs: Inputs, spec: TerritorySpec, row: Row, rep_of: IntArray) -> Iterator[str]:
    from engine.territory.constraints.band import Band
    from engine.territory.measure import measure_faults, measured

    if row["rep"] not in inputs.reps.id:
        yield "no seat has that id"
        return
    calls = [r.measured(inputs) for r in spec.constraints if isinstance(r, Band) and r.calls]
    by_seat = next((measure for measure in calls if measure.name == row["measure"]), None)
    if by_seat is None and measure_faults(inputs, row["measure"]):
        yield "no such measure is balanced"
        return
    measure, j = by_seat or measured(inputs, row["measure"]), inputs.reps.id.index(row["rep"])
    values = measure.values[:, j] if measure.by_seat else measure.values
    loads = (sum(values[seats == j].tolist()) / measure.scale for seats in (rep_of, inputs.accounts.owner))
    yield from figure_faults(row, dict(zip(("value", "before"), loads, strict=True)))
    for low, high in (("lower", "value"), ("value", "upper")):
        if above(row[low], row[high]):
            yield f"{low} {row[low]:,.2f} lies above {high} {row[high]:,.2f}"
