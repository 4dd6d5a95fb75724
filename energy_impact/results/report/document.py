"""One page that tells a run: the answer in words, curves, tables and assumptions, in one file that loads nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from energy_impact.quantities import QUANTITIES
from energy_impact.results.provenance import versions
from energy_impact.results.report.markup import Markup, details, element, join, table
from energy_impact.results.report.sentences import Answer, answers, moment, stamp
from energy_impact.results.report.svg import curve_svg
from energy_impact.results.report.tables import (
    check_table,
    conflict_table,
    curve_rows,
    event_table,
    outlook_table,
    place_table,
    prior_table,
    summary_table,
    weather_table,
)
from energy_impact.results.tables.conflicts import conflicts
from energy_impact.results.terminal import UNREPORTED, first_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.results.members import Members
    from energy_impact.results.tables.summary import SummaryRow

_SAFE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Tells a browser to load nothing and to run nothing, whatever stands in a table."""
_INNER_BAND = 0.5
_SECTIONS = {
    "answer": "In short",
    "curves": "Curves",
    "summary": "Summary",
    "figures": "The figures",
    "assumptions": "Assumptions",
    "limits": "Limits of the method",
}
_CAUTIONS = {
    "prior only": ("No figure was used: every number on this page rests on assumptions alone.",),
    "figures contradict": ("Look at the figures that are doubted before you use any number of this page.",),
}
_LIMITS = (
    "An interval holds that share of the histories that the model thinks possible, under the assumptions above. In "
    "tests on reported attacks only about four fifths of the next reports fell inside the 90 % intervals: take them "
    "as too narrow rather than too wide.",
    "Attacks rest on judgement. What is assumed of storms and planned shutoffs comes from curves of a few utilities.",
    "Figures are taken as published. Whether a source is right cannot be told from here, and figures that cannot both "
    "hold are told, not resolved.",
    "Nothing is known of what is not in the scenario: later attacks or weather, repairs that nobody told of.",
    "Sizes of places are often rough. Customers are accounts, never people; counts of residents carry the uncertainty "
    "of the conversion.",
    "This is a tool for help at city, district and region level. It locates no assets and ranks no targets.",
)


def document(estimate: Members, rows: Sequence[SummaryRow], *, level: float) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    estimate : Members
    rows : sequence of SummaryRow
        Its summary at `level`.
    level : float
        Probability of the intervals that are told and of the wider band of the curves.
    """
    title = estimate.scenario.title or estimate.scenario.name
    told = answers(estimate, rows, level=level)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_SAFE),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{title}: {estimate.status}"),
        element("style", Markup("\n" + Path(__file__).with_name("page.css").read_text(encoding="utf-8"))),
    )
    sections = (
        _answer(told, level),
        _curves(estimate, told, level),
        _summary(estimate, rows, level),
        _figures(estimate, level),
        _assumptions(estimate, level),
        _limits(estimate),
    )
    written = f"Written by energy_impact {versions()['energy_impact']}."
    body = element(
        "body",
        element("a", "Skip to the content", class_="skip", href="#content"),
        _header(estimate, title),
        _contents(),
        element("main", *sections, id="content", tabindex="-1"),
        element("footer", element("p", written, class_="note")),
    )
    return "<!DOCTYPE html>\n" + element("html", "\n", head, body, lang="en") + "\n"


def _section(key: str, *content: str) -> Markup:
    heading = element("h2", _SECTIONS[key], id=f"{key}-heading")
    return element("section", heading, *content, id=key, aria_labelledby=f"{key}-heading")


def _contents() -> Markup:
    links = [element("li", element("a", name, href=f"#{key}")) for key, name in _SECTIONS.items()]
    return element("nav", element("ul", *links), aria_label="Contents")


def _header(estimate: Members, title: str) -> Markup:
    """Return title, moment and status; a status that warns is set apart."""
    scenario = estimate.scenario
    zone = scenario.leaves[0].timezone
    fitted = estimate.status == "fitted"
    cautions = [element("p", caution) for caution in (*_CAUTIONS.get(estimate.status, ()), *estimate.warnings)]
    status = element(
        "div",
        element("p", element("strong", f"Status: {estimate.status}. "), estimate.status_text),
        *cautions,
        class_="status" if fitted else "status alarm",
    )
    now = f"As of {stamp(scenario.now, zone)} (time in {zone}). All that is later is forecast."
    return element("header", element("h1", title), element("p", now), status)


def _answer(told: list[Answer], level: float) -> Markup:
    """Return the answer in sentences, the first of them large."""
    if not told:
        return _section("answer", element("p", "Nothing can be told: no place has a known size.", class_="lede"))
    first, *others = told
    items = [element("li", element("strong", other.now), other.sentences.removeprefix(other.now)) for other in others]
    reading = (
        f"Ranges in brackets are {100 * level:g} % intervals. Half and nine tenths are shares of the most at once; "
        "back for good is what stays so until the next event or the end of the forecast."
    )
    return _section(
        "answer",
        element("p", first.first, class_="lede"),
        element("p", " ".join(first.more)),
        element("ul", *items) if items else "",
        element("p", reading, class_="note"),
    )


def _curves(estimate: Members, told: list[Answer], level: float) -> Markup:
    """Return a picture of each main curve, and the same as a table."""
    bands = sorted({level, min(_INNER_BAND, level)})
    percent = [f"{100 * band:g} %" for band in bands]
    pale = f", pale band {percent[1]}" if len(bands) > 1 else ""
    reading = (
        f"Line: median of {estimate.members:,} members. Dark band: {percent[0]} of them{pale}. Dots are figures as "
        "published, arrows point where a bound is open, bars are ranges, numbers rounded up or down and words for an "
        "order of magnitude; what is "
        "hollow or dotted was not used in the fit. Shaded strips are events, the dotted upright line is now."
    )
    panels = [_curve(estimate, answer, number, bands, level) for number, answer in enumerate(told, 1)]
    return _section("curves", element("p", reading), element("div", *panels, class_="curves"))


def _curve(estimate: Members, answer: Answer, number: int, bands: list[float], level: float) -> Markup:
    ensemble = estimate[answer.quantity, answer.place]
    title = f"{answer.place}: {QUANTITIES[answer.quantity].title}"
    name = f"curve-{number}"
    picture = curve_svg(
        estimate,
        (answer.quantity, answer.place),
        levels=bands,
        name=name,
        title=title,
        description=f"From {moment(ensemble.times[0], ensemble.timezone)} to "
        f"{moment(ensemble.times[-1], ensemble.timezone)}. {answer.sentences}",
    )
    header = (f"Time in {ensemble.timezone}", f"Median [{ensemble.unit}]", f"{100 * level:g} % interval")
    numbers = details("The curve as a table", table(name, title, header, curve_rows(ensemble, level), kinds=" nn"))
    return element("section", element("h3", title), element("figure", picture), numbers)


def _summary(estimate: Members, rows: Sequence[SummaryRow], level: float) -> Markup:
    first, others = first_rows(estimate, rows), first_rows(estimate, rows, reported=False)
    return _section(
        "summary",
        summary_table("short", "What matters first", first, level),
        summary_table("unreported", f"{UNREPORTED}.", others, level) if others else "",
        details(
            f"All {len(rows)} rows: every place and quantity",
            summary_table("all", "Every place and quantity", rows, level),
        ),
    )


def _figures(estimate: Members, level: float) -> Markup:
    """Return what the fit made of every figure, and which of them cannot both hold."""
    if not estimate.scenario.figure_records:
        return _section("figures", element("p", "No figure was given."))
    clash = conflicts(estimate.scenario, estimate.figure_fit)
    words = element("p", "No two figures contradict each other or tell one thing twice.")
    return _section(
        "figures",
        element("h3", "What the fit made of every figure"),
        check_table(estimate, level),
        element("h3", "Figures that cannot both hold, or are one told twice"),
        words if clash.empty else conflict_table(clash),
    )


def _assumptions(estimate: Members, level: float) -> Markup:
    scenario = estimate.scenario
    events = element("p", "No event is known.") if not scenario.events else event_table(scenario)
    outlook = (
        [element("h3", "What may come"), outlook_table(scenario)] if scenario.new_events or scenario.truces else []
    )
    priors = (
        "Medians and spreads before any figure was read; the spread is a standard deviation on the scale of the prior. "
        "A judgement is called so."
    )
    return _section(
        "assumptions",
        element("h3", "Events"),
        events,
        *outlook,
        element("h3", "Places"),
        place_table(scenario),
        element("h3", "Weather"),
        *weather_table(scenario),
        element("h3", "Priors in force"),
        element("p", priors),
        details(f"All {len(estimate.priors)} priors", prior_table(estimate.priors)),
        element("h3", "The run"),
        _run(estimate, level),
    )


def _run(estimate: Members, level: float) -> Markup:
    """Return what is needed to run it again."""
    scenario, zone = estimate.scenario, estimate.scenario.leaves[0].timezone
    span = f"{stamp(scenario.start, zone)} to {stamp(scenario.end, zone)} ({zone}), in steps of {scenario.step_h:g} h"
    facts = {
        "Scenario": scenario.name,
        "Span": span,
        "Members": f"{estimate.members:,}",
        "Intervals": f"{100 * level:g} %",
        "Seed": "not known: a second run gives slightly other numbers" if estimate.seed is None else str(estimate.seed),
        "Versions": ", ".join(f"{name} {version}" for name, version in versions().items()),
    }
    return element("dl", *(element("div", element("dt", name), element("dd", fact)) for name, fact in facts.items()))


def _limits(estimate: Members) -> Markup:
    answered = {quantity for quantity, _ in estimate.available}
    missing = [words.title for name, words in QUANTITIES.items() if words.role == "outcome" and name not in answered]
    items = [*_LIMITS, *([f"Not answered by this run: {'; '.join(missing)}."] if missing else [])]
    return _section("limits", element("ul", join(element("li", item) for item in items)))
