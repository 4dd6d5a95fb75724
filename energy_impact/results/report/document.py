"""The report page of a run: the answer in words, curves, tables and assumptions, in one file that loads nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from energy_impact._checks import check_bool
from energy_impact._data import shipped_text
from energy_impact._language import ENGLISH, again, digits, language, mark, say
from energy_impact._progress import shown
from energy_impact.quantities import QUANTITIES
from energy_impact.results import metrics, words
from energy_impact.results.plots.options import default_curve, draw_options
from energy_impact.results.provenance import versions
from energy_impact.results.record import track_record
from energy_impact.results.report.front import ask_words, gaps, help_words, night_table, option_table, relief_words
from energy_impact.results.report.markup import Markup, details, element, join, table
from energy_impact.results.report.priors import prior_table
from energy_impact.results.report.sentences import Answer, answers
from energy_impact.results.report.svg import curve_svg, figure_svg
from energy_impact.results.report.tables import (
    check_table,
    conflict_table,
    curve_rows,
    event_table,
    outlook_table,
    place_table,
    shortage_table,
    summary_table,
    weather_table,
)
from energy_impact.results.tables.conflicts import conflicts
from energy_impact.results.tables.daytime import part_of_day, stamp
from energy_impact.results.tables.headline import first_tonight, how_sure, services, tonight_words
from energy_impact.results.tables.options import option_rows
from energy_impact.results.tables.relief import ranked, some_help
from energy_impact.results.terminal import UNREPORTED, first_rows, interval
from energy_impact.scenario.what_if import described

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

    from energy_impact._progress import Progress
    from energy_impact.results.members import Members
    from energy_impact.results.tables.relief import Relief
    from energy_impact.results.tables.summary import SummaryRow

_SAFE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Forbids the browser to load or run anything, whatever a table holds."""
_SWIPE = mark("Swipe sideways for all columns")
_LONGER = (
    "@media print { .brief { font-size: 9pt; line-height: 1.3; } .brief .curves > section { max-width: 95mm; } }\n"
)
"""Keeps the brief on two printed pages in languages that need more letters than English."""
_INNER_BAND = 0.5
_SECTIONS = {
    "answer": mark("In short"),
    "what-if": mark("What if"),
    "curves": mark("Curves"),
    "summary": mark("Summary"),
    "figures": mark("The figures"),
    "assumptions": mark("Assumptions"),
    "limits": mark("Limits of the method"),
}
_CAUTIONS = {
    "prior only": (mark("No figure was used: every number on this page rests on assumptions alone."),),
    "figures contradict": (mark("Check the doubted figures before you use any number on this page."),),
}
_LIMITS = (
    mark(
        "An interval holds its share of the courses that the model considers possible under the assumptions above; how "
        "often such intervals held what came stands below the answer."
    ),
    mark(
        "Assumptions about attacks and accidents rest on few real events and on judgement; those about storms and "
        "planned shutoffs come from real ones, all shutoffs from one utility."
    ),
    mark(
        "Figures are taken as published. This page cannot judge whether a source is right; it lists figures that "
        "cannot both hold and does not resolve them."
    ),
    mark("The model knows only the scenario: not later attacks or weather, nor unreported repairs."),
    mark(
        "Sizes of places are often rough. Customers are accounts, never people; counts of residents carry the "
        "uncertainty of the conversion."
    ),
    mark("This is a tool for help at city, district and region level. It locates no assets and ranks no targets."),
)


def document(
    estimate: Members,
    rows: Sequence[SummaryRow],
    *,
    level: float,
    brief: bool = False,
    progress: Progress | None = None,
) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    estimate : Members
    rows : sequence of SummaryRow
        Its summary at `level`.
    level : float
        Probability of the intervals and of the wider band of the curves.
    brief : bool
        Whether to write the front alone, with one picture: at most two printed pages.
    progress : callable, optional
        Called with (sections done, sections in all); by default it is shown on a terminal.
    """
    level, brief = metrics.check_level(level), check_bool("brief", brief)
    title = words.heading(estimate.scenario)
    found = answers(estimate, rows, level=level)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_SAFE),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{title}: {words.status(estimate.status)}"),
        element("style", Markup("\n" + _style())),
    )
    front = partial(_front, estimate, found, level, _helped(estimate, found))
    with_options = bool(estimate.scenario.what_ifs and estimate.change)
    others = (
        [partial(_picture, estimate, found, level)]
        if brief
        else _others(estimate, rows, found, level, with_options=with_options)
    )
    content = _built([front, *others], progress)
    written = say("Written by energy_impact {version}.", version=versions()["energy_impact"])
    body = element(
        "body",
        element("a", say("Skip to the content"), class_="skip", href="#content"),
        _header(estimate, title),
        "" if brief else _contents(with_options=with_options),
        element("main", *content, id="content", tabindex="-1"),
        element("footer", element("p", written, class_="note")),
        class_="brief" if brief else "full",
    )
    return "<!DOCTYPE html>\n" + element("html", "\n", head, body, lang=language()) + "\n"


def _style() -> str:
    """Return the style sheet with its one text, the hint at wide tables, in the language in force."""
    style = shipped_text("energy_impact.results.report", "page.css")
    return style if language() == ENGLISH else style.replace(_SWIPE, say(_SWIPE)) + _LONGER


def _others(
    estimate: Members, rows: Sequence[SummaryRow], found: list[Answer], level: float, *, with_options: bool
) -> list[Callable[[], Markup]]:
    """Return what makes each section of the full page after the front, in order."""
    return [
        *([partial(_what_ifs, estimate, level)] if with_options else []),
        partial(_curves, estimate, found, level),
        partial(_summary, estimate, rows, level),
        partial(_figures, estimate, level),
        partial(_assumptions, estimate, level),
        partial(_limits, estimate),
    ]


def _built(parts: Sequence[Callable[[], Markup]], progress: Progress | None) -> list[Markup]:
    built: list[Markup] = []
    with shown("report", progress) as show:
        for part in parts:
            built.append(part())
            show(len(built), len(parts))
    return built


def _section(key: str, *content: str) -> Markup:
    heading = element("h2", say(_SECTIONS[key]), id=f"{key}-heading")
    return element("section", heading, *content, id=key, aria_labelledby=f"{key}-heading")


def _contents(*, with_options: bool) -> Markup:
    keys = [key for key in _SECTIONS if key != "what-if" or with_options]
    links = [element("li", element("a", say(_SECTIONS[key]), href=f"#{key}")) for key in keys]
    return element("nav", element("ul", *links), aria_label=say("Contents"))


def _header(estimate: Members, title: str) -> Markup:
    """Return title, time and status; a status that warns is highlighted."""
    scenario = estimate.scenario
    zone = scenario.leaves[0].timezone
    fitted = estimate.status == "fitted"
    doubts = (*_CAUTIONS.get(estimate.status, ()), *estimate.warnings)
    status = element(
        "div",
        element(
            "p",
            element("strong", say("Status: {status}. ", status=words.status(estimate.status))),
            again(estimate.fit_text),
        ),
        *(element("p", again(doubt)) for doubt in doubts),
        class_="status" if fitted else "status alarm",
    )
    now = say(
        "As of {time} (time in {zone}). Everything later is a forecast.", time=stamp(scenario.now, zone), zone=zone
    )
    return element("header", element("h1", title), element("p", now), status)


def _front(estimate: Members, found: list[Answer], level: float, helped: list[Relief]) -> Markup:
    """Return people first, then half back, then buildings and accounts; how sure; what helps; what is unknown."""
    if not found:
        return _section("answer", element("p", say("There is no answer: no place has a known size."), class_="lede"))
    first, place = found[0], found[0].place
    tonight = first_tonight(estimate, level=level, place=place)
    lede = first.first if tonight is None else tonight_words(tonight)
    half = first.half_alone if tonight else ""
    items = [
        element("li", element("strong", answer.now), answer.sentences.removeprefix(answer.now))
        for answer in (found[1:] if tonight is None else found)
    ]
    asked = ask_words(estimate, (first.quantity, place)) if tonight else ""
    return _section(
        "answer",
        element("p", lede, class_="lede"),
        element("p", half) if half else "",
        element("p", how_sure(estimate, place, level)) if how_sure(estimate, place, level) else "",
        element("ul", *items) if items else "",
        *([] if tonight is None else [element("h3", say("Night by night")), night_table(estimate, place, level)]),
        *_help(estimate, place, helped),
        *([element("h3", say("What to ask for next")), element("p", asked)] if asked else []),
        element("h3", say("What is not known")),
        element("ul", *(element("li", gap) for gap in gaps(estimate, place))),
        element("p", _reading(level), class_="note"),
        element("p", say("How often such bands held: {sentence}", sentence=track_record()), class_="note"),
    )


def _reading(level: float) -> str:
    return say(
        "Ranges hold {percent:g} % of the simulated courses. Half and nine tenths are shares of the peak. Back means "
        "back to stay, until the next event or the end of the forecast. A night lasts from 22:00 to 06:00; its number "
        "is the largest at any one time.",
        percent=100 * level,
    )


def _helped(estimate: Members, found: list[Answer]) -> list[Relief]:
    """Return which rough amounts of help would spare people most; none if the members cannot be run again."""
    place = found[0].place if found else ""
    counted = services(estimate, place)
    return ranked(estimate, counted[-1], place, some_help(estimate, place)) if counted else []


def _help(estimate: Members, place: str, helped: list[Relief]) -> list[Markup]:
    """Return the list of help."""
    if not helped:
        return []
    items = [element("li", relief_words(relief)) for relief in helped]
    return [
        element("h3", say("What would help most")),
        element("p", help_words(estimate, services(estimate, place)[-1], place)),
        element("ol", *items),
    ]


def _picture(estimate: Members, found: list[Answer], level: float) -> Markup:
    """Return the first curve as a section of its own; nothing without an answer."""
    return _curves(estimate, found[:1], level, folded=False) if found else join([])


def _what_ifs(estimate: Members, level: float) -> Markup:
    """Return the options of the scenario beside how it is."""
    assert estimate.change is not None
    what_ifs, zone = estimate.scenario.what_ifs, estimate.scenario.leaves[0].timezone
    options = {say("as it is"): estimate} | {one.name: estimate.change(estimate, one) for one in what_ifs}
    quantity, place = default_curve(estimate)
    title = say("{place}: {what}, under each option", place=words.place(place), what=words.title(quantity))

    def draw(figure: Figure) -> None:
        draw_options(options, quantity, place, figure, level=level)

    picture = figure_svg(
        draw,
        name="options",
        title=title,
        description=say("Above the median under each option, below the difference from how it is, course by course."),
        size=(4.6, 6.0),
    )
    listed = [element("li", element("strong", one.name), f": {described(one, zone)}") for one in what_ifs]
    return _section(
        "what-if",
        element("p", say("The same simulated courses, with other conditions from now on:")),
        element("ul", *listed),
        option_table(option_rows(options, level), level),
        element("figure", picture),
    )


def _curves(estimate: Members, found: list[Answer], level: float, *, folded: bool = True) -> Markup:
    """Return a plot of each main curve, and the same as a table if `folded` is set."""
    bands = sorted({level, min(_INNER_BAND, level)})
    percent = [f"{100 * band:g} %" for band in bands]
    pale = say(", pale band {percent}", percent=percent[1]) if len(bands) > 1 else ""
    reading = say(
        "Line: median of {members:,} simulated courses. Dark band: {percent} of them{pale}. Dots are figures as "
        "published, arrows point to the open side of a bound, bars are ranges, numbers rounded up or down and words "
        "for an order of magnitude; hollow or dotted marks were not used in the fit. Shaded strips are events, the "
        "dotted vertical line is now.",
        members=estimate.members,
        percent=percent[0],
        pale=pale,
    )
    panels = [_curve(estimate, answer, number, bands, level, folded) for number, answer in enumerate(found, 1)]
    return _section("curves", element("p", reading), element("div", *panels, class_="curves"))


def _curve(estimate: Members, answer: Answer, number: int, bands: list[float], level: float, folded: bool) -> Markup:
    key, scenario = (answer.quantity, answer.place), estimate.scenario
    zone = scenario.place(answer.place).timezone
    title = f"{words.place(answer.place)}: {words.title(answer.quantity)}"
    name = f"curve-{number}"
    picture = curve_svg(
        estimate,
        key,
        levels=bands,
        name=name,
        title=title,
        description=say(
            "From {first} to {last}. {answer}",
            first=part_of_day(scenario.times[0], zone),
            last=part_of_day(scenario.times[-1], zone),
            answer=answer.sentences,
        ),
    )
    if not folded:
        return element("section", element("h3", title), element("figure", picture))
    header = (
        say("Time in {zone}", zone=zone),
        say("Median [{unit}]", unit=words.unit(QUANTITIES[answer.quantity].unit)),
        interval(level),
    )
    numbers = details(
        say("The curve as a table"), table(name, title, header, curve_rows(estimate, key, level), kinds=" nn")
    )
    return element("section", element("h3", title), element("figure", picture), numbers)


def _summary(estimate: Members, rows: Sequence[SummaryRow], level: float) -> Markup:
    first, others = first_rows(estimate, rows), first_rows(estimate, rows, reported=False)
    return _section(
        "summary",
        summary_table("short", say("What matters first"), first, level),
        summary_table("unreported", say(UNREPORTED), others, level) if others else "",
        details(
            say("All {rows} rows: every place and quantity", rows=len(rows)),
            summary_table("all", say("Every place and quantity"), rows, level),
        ),
    )


def _figures(estimate: Members, level: float) -> Markup:
    """Return every figure beside the fit, and the pairs that contradict or repeat each other."""
    if not estimate.scenario.figure_records:
        return _section("figures", element("p", say("No figure was given.")))
    clash = conflicts(estimate.scenario, estimate.figure_fit)
    none = element("p", say("No two figures contradict each other or report the same fact."))
    return _section(
        "figures",
        element("h3", say("Every figure beside the fit")),
        check_table(estimate, level),
        element("h3", say("Figures that cannot both hold, or report the same fact")),
        none if clash.empty else conflict_table(clash),
    )


def _assumptions(estimate: Members, level: float) -> Markup:
    scenario = estimate.scenario
    events = (
        element("p", say("The scenario has no events."))
        if not (scenario.events or scenario.added_events)
        else event_table(scenario)
    )
    outlook = (
        [element("h3", say("What may come")), outlook_table(scenario)] if scenario.new_events or scenario.truces else []
    )
    shortages = [element("h3", say("What is missing")), shortage_table(scenario)] if scenario.shortages else []
    priors = say(
        "Medians and spreads before any figure was used; the spread is a standard deviation on the scale of the prior. "
        "Judgements are marked as such."
    )
    return _section(
        "assumptions",
        element("h3", say("Events")),
        events,
        *outlook,
        *shortages,
        element("h3", say("Places")),
        place_table(scenario),
        element("h3", say("Weather")),
        *weather_table(scenario),
        element("h3", say("Priors in force")),
        element("p", priors),
        details(say("All {priors} priors", priors=len(estimate.priors)), prior_table(estimate.priors)),
        element("h3", say("The run")),
        _run(estimate, level),
    )


def _run(estimate: Members, level: float) -> Markup:
    """Return the facts needed to repeat the run."""
    scenario, zone = estimate.scenario, estimate.scenario.leaves[0].timezone
    span = say(
        "{start} to {end} ({zone}), in steps of {step:g} h",
        start=stamp(scenario.start, zone),
        end=stamp(scenario.end, zone),
        zone=zone,
        step=scenario.step_h,
    )
    facts = {
        say("Scenario"): scenario.name,
        say("Span"): span,
        say("Simulated courses"): digits(f"{estimate.members:,}"),
        say("Intervals"): f"{100 * level:g} %",
        say("Seed"): say("unknown: another run gives slightly different numbers")
        if estimate.seed is None
        else str(estimate.seed),
        say("Versions"): ", ".join(f"{name} {version}" for name, version in versions().items()),
    }
    return element("dl", *(element("div", element("dt", name), element("dd", fact)) for name, fact in facts.items()))


def _limits(estimate: Members) -> Markup:
    estimated = {quantity for quantity, _ in estimate.available}
    missing = [
        words.title(name)
        for name, row in QUANTITIES.items()
        if row.role == "outcome" and not {name, row.restates} & estimated
    ]
    items = [say(limit) for limit in _LIMITS]
    if missing:
        items.append(say("Not estimated in this run: {quantities}.", quantities="; ".join(missing)))
    return _section("limits", element("ul", join(element("li", item) for item in items)))
