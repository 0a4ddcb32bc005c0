"""Publish: the folder of the letters of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.letters import upload
from engine.letters.letter import letters
from engine.letters.pay import ATTAINMENTS, Pay, pays
from engine.quota.carry import part_periods
from engine.quota.quotas import Quotas

if TYPE_CHECKING:
    from engine.cli.recalled import Recalled

UPLOAD = "quota_upload.csv"


@dataclass(frozen=True)
class Written:
    """What was published."""

    folder: Path
    summary: tuple[str, ...]


def write_letters(folder: Path, run: Recalled, title: str) -> tuple[str, ...]:
    """Write `letters/<seat and person>.html`, the upload and a manifest; return what was written, in sentences."""
    from engine.pay.names import file_names
    from engine.quota.words import amount
    from engine.store.manifest import LAYOUT, NAME, digests, write_json
    from engine.store.publish import engine_version, versions
    from engine.store.tables import write_dictionary

    inputs, currency = run.inputs, run.inputs.currency
    quotas = run.tables["quotas"]
    rows = upload.write(folder / UPLOAD, inputs, quotas)
    pages = letters(run, settled(run))
    stems = file_names(f"{seat} {person}".strip() for (seat, person), _ in pages)
    place = folder / "letters"
    place.mkdir()
    template = environment().get_template("letter.html.j2")
    heads = [f"{attained:.0%}" for attained in ATTAINMENTS]
    for (seat, person), page in pages:
        text = template.render(
            letter=page,
            title=title,
            currency=currency,
            attainments=heads,
            measure=run.scenario.quotas.measure,
        )
        (place / f"{stems[f'{seat} {person}'.strip()]}.html").write_text(text, encoding="utf-8", newline="\n")
    write_dictionary(folder / "dictionary.csv", [("quota_upload", upload.COLUMNS)], LAYOUT, currency)
    content: dict[str, Any] = {
        "engine": "apportion",
        "kind": "letters",
        "version": engine_version(),
        "layout": LAYOUT,
        "scenario": title,
        "currency": currency,
        "complete": True,
        "versions": versions(),
        "csv": "text cells that a spreadsheet would run begin with an apostrophe",
        "files": digests(folder),
    }
    write_json(folder / NAME, content)
    empty = sum(not person for (_, person), _ in pages)
    total = amount(int(quotas["quota"].sum()), currency)
    return (
        f"{len(pages)} letters: {len(pages) - empty} to people, {empty} for seats that nobody holds",
        f"{rows:,} rows in {UPLOAD}, {total} together",
    )


def settled(run: Recalled) -> dict[int, Pay]:
    """Return what the quotas pay by spell; nothing where the run stopped before comp."""
    from engine.amounts import decimals

    if "comp" not in run.manifest["stages"]:
        return {}
    inputs, scenario = run.inputs, run.scenario
    found = quotas_of(run).measured(scenario.measures, inputs.products.id)
    scale = 10 ** decimals(inputs.currency)
    means = {}
    for name, frame in run.tables["bookings_by_rep"].groupby("measure"):
        expected = frame.set_index("rep")["mean"].reindex(list(inputs.reps.id)).to_numpy(np.float64)
        money = scenario.measures[str(name)].quantity == "amount"
        means[str(name)] = expected * (scale if money else 1)
    return pays(inputs, found, scenario.comp, means)


def quotas_of(run: Recalled) -> Quotas:
    """Return the quotas of a run, read back."""
    frame, inputs = run.tables["quotas"], run.inputs
    products = {name: k for k, name in enumerate(dict.fromkeys(frame["product"]))}
    shape = (len(inputs.reps), len(products), inputs.calendar.periods)
    cells = np.zeros(shape, dtype=np.int64)
    seat = frame["rep"].map({name: k for k, name in enumerate(inputs.reps.id)})
    period = frame["period"].map({label: p for p, label in enumerate(inputs.calendar.labels)})
    np.add.at(
        cells, (seat, frame["product"].map(products), period), frame["quota"].fillna(0).to_numpy(np.int64)
    )
    spec = run.scenario.quotas
    return Quotas(spec.measure, cells, (), (), parts=part_periods(inputs, spec))


def environment() -> Environment:
    """Return the templates."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
