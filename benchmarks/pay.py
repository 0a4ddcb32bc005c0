"""Real deals settled exactly, a line per deal, against the same plan written as SQL on DECIMAL."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from benchmarks.comp_world import world
from benchmarks.subject import Row, Run, Subject, measured
from engine.comp.exact import Rows
from engine.comp.spec import CompSpec
from engine.comp.steps import stepped
from engine.inputs import Inputs, IntArray

ROUNDS = 3
MEAN = 2_500_000
"""Mean deal, cents."""
PLAN = """
rounding: half_up
proration: days_of_period
plans:
  AE:
    pay: monthly
    components:
      - kind: commission
        tiers_on: credit
        rates: of_credit
        mode: marginal
        closed: left
        accumulate: year_to_date
        tiers: [{start: 0, rate: 4%}, {start: 10M, rate: 6.5%}, {start: 25M, rate: 9.25%}]
"""
SQL = """
COPY (
  WITH dated AS (
    SELECT deal, rep, period, amount,
           CAST(sum(amount) OVER (PARTITION BY rep ORDER BY day, deal) AS DECIMAL(18, 2)) AS to_date
    FROM read_parquet('{deals}')
  ),
  due AS (
    SELECT deal, rep, period, {with_it} AS with_it, {without} AS without FROM dated
  )
  SELECT deal, rep, period, CAST(with_it - without AS DECIMAL(18, 2)) AS amount FROM due
) TO '{lines}' (FORMAT parquet)
"""
"""A line is what is due to date with the deal, less what is due without it."""
DUE = """round(
  CAST(least({x}, 10000000) AS DECIMAL(18, 2)) * CAST(0.04 AS DECIMAL(5, 4))
  + CAST(greatest(least({x}, 25000000) - 10000000, 0) AS DECIMAL(18, 2)) * CAST(0.065 AS DECIMAL(5, 4))
  + CAST(greatest({x} - 25000000, 0) AS DECIMAL(18, 2)) * CAST(0.0925 AS DECIMAL(5, 4)), 2)"""


def write_deals(path: Path, deals: int, reps: int, seed: int) -> None:
    """Draw deals of a year, by rep and day."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, 365, deals))
    start = np.datetime64("2027-01-01") + day
    amount = np.rint(rng.lognormal(0, 1, deals) * MEAN).astype(np.int64)
    table = pa.table(
        {
            "deal": np.arange(deals),
            "rep": rng.integers(0, reps, deals),
            "day": start,
            "period": start.astype("datetime64[M]").astype(np.int64) % 12,
            "amount": decimals(amount),
        }
    )
    pq.write_table(table, path)


def decimals(cents: IntArray) -> pa.Array:
    """Return whole cents as DECIMAL(18, 2), without a detour by floats: the high word is the sign."""
    words = np.stack([cents, cents >> 63], axis=1)
    return pa.Array.from_buffers(
        pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(np.ascontiguousarray(words))]
    )


def cents(column: pa.ChunkedArray) -> IntArray:
    """Return DECIMAL(18, 2) as whole cents."""
    chunks = [np.frombuffer(part.buffers()[1], dtype=np.int64).reshape(-1, 2) for part in column.chunks]
    parts = [
        words[part.offset : part.offset + len(part), 0]
        for words, part in zip(chunks, column.chunks, strict=True)
    ]
    return np.concatenate(parts)


def settle(inputs: Inputs, plans: CompSpec, deals: Path, lines: Path) -> None:
    """Read deals, settle them exactly and write a line each."""
    table = pq.read_table(deals)
    deal, rep, period = (table[name].to_numpy() for name in ("deal", "rep", "period"))
    rows = Rows(rep, period, {"bookings": cents(table["amount"])})
    quota = np.zeros((len(inputs.reps), inputs.calendar.periods), dtype=np.int64)
    of, amount = [], []
    for part in stepped(inputs, quota, plans, rows):
        of.append(part.lines)
        amount.append(part.net)
    at = np.concatenate(of)
    paid = {
        "deal": deal[at],
        "rep": rep[at],
        "period": period[at],
        "amount": decimals(np.concatenate(amount)),
    }
    pq.write_table(pa.table(paid), lines)


def query(deals: Path, lines: Path) -> None:
    """Let DuckDB do the same."""
    import duckdb

    due = {"with_it": DUE.format(x="to_date"), "without": DUE.format(x="(to_date - amount)")}
    with duckdb.connect() as connection:
        connection.execute(SQL.format(deals=deals, lines=lines, **due))


def lines_of(path: Path) -> tuple[IntArray, IntArray]:
    """Return deals in order, and what each pays in cents."""
    table = pq.read_table(path)
    deal = table["deal"].to_numpy()
    order = np.argsort(deal)
    return deal[order], cents(table["amount"].cast(pa.decimal128(18, 2)))[order]


def against_sql(run: Run, deals: int, reps: int) -> Iterator[Row]:
    """Settle deals and let SQL settle them, turn about; the median of each, and the lines to the cent."""
    inputs = world(1, reps, run.seed).inputs
    plans = CompSpec.model_validate(yaml.load(PLAN, yaml.BaseLoader))  # noqa: S506
    with TemporaryDirectory() as folder:
        given, ours, theirs = (Path(folder) / f"{name}.parquet" for name in ("deals", "ours", "theirs"))
        write_deals(given, deals, reps, run.seed)
        costs, peers = [], []
        for _ in range(ROUNDS):
            costs.append(measured(lambda: settle(inputs, plans, given, ours)))
            peers.append(measured(lambda: query(given, theirs)).seconds)
        found, paid = lines_of(ours)
        same, asked = lines_of(theirs)
        ok = bool(np.array_equal(found, np.arange(deals)) and np.array_equal(found, same))
        ok = ok and bool((paid == asked).all()) and Decimal(int(paid.sum())) > 0
        middle = sorted(costs, key=lambda cost: cost.seconds)[ROUNDS // 2]
        yield run.row(
            "seconds", middle.seconds, peer=("DuckDB on DECIMAL", median(peers)), ok=ok, cost=middle
        )


SUBJECT = Subject(
    "pay",
    {
        "small": lambda run: against_sql(run, 10_000, 50),
        "1m": lambda run: against_sql(run, 1_000_000, 1_000),
    },
    default=("small",),
)
