"""The page: one self-contained file that works offline, from sections, templates and bokeh's own script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from engine.report import embed
from engine.report.contents import Section
from engine.report.input import ReportInput
from engine.report.privacy import discreet
from engine.report.sections import (
    accruals,
    attainment,
    balance,
    bookings,
    cost,
    data,
    difficulty,
    drivers,
    fairness,
    fairness_tests,
    first,
    funnel,
    headcount,
    hiring,
    key_figures,
    levers,
    locks,
    moves,
    outlook,
    overlays,
    places,
    proofs,
    quota_changes,
    quota_steps,
    recarve,
    seats,
    tradeoffs,
)
from engine.report.view import View

TEMPLATES = Path(__file__).parent / "templates"
Builder = Callable[[View], Section | None]
QUESTIONS: tuple[tuple[str, tuple[Builder, ...]], ...] = (
    (
        "Who covers what",
        (
            seats.section,
            places.section,
            balance.section,
            moves.section,
            locks.section,
            recarve.section,
            overlays.section,
            tradeoffs.section,
            headcount.section,
        ),
    ),
    (
        "Who carries what number",
        (
            fairness.section,
            quota_steps.section,
            quota_changes.section,
            difficulty.section,
            fairness_tests.section,
        ),
    ),
    (
        "What it will bring",
        (bookings.section, funnel.section, key_figures.section, levers.section, hiring.section),
    ),
    (
        "What it will cost",
        (attainment.section, cost.section, drivers.section, outlook.section, accruals.section),
    ),
    ("With what proof", (data.section, proofs.section)),
)
"""The questions of a planner in the order of the page, and the sections that answer each."""


def page(report: ReportInput) -> str:
    """Return the report as HTML; equal reports give equal text.

    Nothing from the data is ever markup: templates escape, charts are JSON data, scripts run by hash alone.
    """
    view = View(discreet(report))
    asked = answers(view)
    parts = tuple(part for _, group in asked for part in group)
    return rendered("report.html.j2", parts, asked=asked, report=view.report, tiles=first.tiles(view))


def document(kicker: str, title: str, parts: Sequence[Section], **words: str) -> str:
    """Return sections as a page of their own; equal sections give equal text.

    Args:
        kicker: what sort of page it is.
        title: its title.
        parts: the sections.
        words: `description`, `facts` below the title, and the sentence at the `foot`.

    """
    return rendered("document.html.j2", parts, kicker=kicker, title=title, **words)


def rendered(template: str, parts: Sequence[Section], **words: Any) -> str:
    """Return a template filled with sections, their charts and further words."""
    charts = [chart for section in parts for chart in section.charts]
    boot = (TEMPLATES / "boot.js").read_text(encoding="utf-8")
    scripts = [embed.chart_script(), boot] if charts else []
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(
        sections=parts,
        style=Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),  # noqa: S704 - the project's own file
        policy=_policy(scripts),
        scripts=[Markup(script) for script in scripts],  # noqa: S704 - bokeh's and our own
        charts=Markup(embed.charts_json(charts)) if charts else "",  # noqa: S704 - escaped by safe_json
        **words,
    )


def sections(view: View) -> tuple[Section, ...]:
    """Return every section in reading order; what a scenario did not ask for may have none."""
    return tuple(part for _, group in answers(view) for part in group)


def answers(view: View) -> tuple[tuple[str, tuple[Section, ...]], ...]:
    """Return the questions that the run answers, each with its sections."""
    built = ((words, tuple(made for build in group if (made := build(view)))) for words, group in QUESTIONS)
    return tuple((words, parts) for words, parts in built if parts)


def _policy(scripts: list[str]) -> str:
    """Nothing from anywhere; scripts by hash; styles inline, which bokeh's shadow roots need; images as data."""
    hashes = " ".join(embed.script_hash(script) for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
