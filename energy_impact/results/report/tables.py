"""The tables of the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact._html import size
from energy_impact.places import CROSS_NEEDS
from energy_impact.quantities import QUANTITIES
from energy_impact.results import metrics
from energy_impact.results.report.markup import Markup, element, linked, table
from energy_impact.results.report.sentences import amount, amounts
from energy_impact.results.tables.daytime import stamp
from energy_impact.results.tables.summary import Interval, figures_check
from energy_impact.results.terminal import count, duration
from energy_impact.scenario.events import EVENT_NUMBERS
from energy_impact.systems import STOCKS
from energy_impact.units import NUMBER_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from energy_impact.figures.figure import Figure
    from energy_impact.places import Place
    from energy_impact.results.curve import Curve
    from energy_impact.results.members import Members
    from energy_impact.results.tables.summary import SummaryRow
    from energy_impact.scenario import Scenario
    from energy_impact.scenario.events import Event

UNKNOWN = "unknown"
_HOURS = "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}h"
_ROWS_OF_A_CURVE = 15

Row = dict[Any, Any]


def curve_rows(ensemble: Curve, level: float) -> list[tuple[str, str, str]]:
    """Return time, median and interval of a curve at round steps."""
    low, middle, high = metrics.quantiles(ensemble.draws, metrics.central_levels(level))
    step = round(metrics.round_step(ensemble.horizon_h, _ROWS_OF_A_CURVE) / ensemble.horizon_h * (len(low) - 1))
    return [
        (stamp(ensemble.times[i], ensemble.timezone), count(middle[i]), f"{count(low[i])} to {count(high[i])}")
        for i in range(0, len(low), step)
    ]


def summary_table(key: str, caption: str, rows: Sequence[SummaryRow], level: float) -> Markup:
    """Return rows of the summary in words."""
    interval = f"median ({100 * level:g} % interval)"
    header = (
        "Place",
        "What",
        f"Now, {interval}",
        f"Peak, {interval}",
        "Half back after",
        "Nine tenths back after",
        "Courses that reach nine tenths",
        "Total since the event began",
    )
    cells = [
        (
            row.place,
            QUANTITIES[row.quantity].title,
            amounts(row.now, row.unit),
            amounts(row.peak, row.unit),
            _after(row.t50_h),
            _after(row.t90_h),
            _reached(row.restored_within_horizon),
            _total(row),
        )
        for row in rows
    ]
    full_caption = (
        f"{caption}. Times count from the end of the last event, until back to stay; later means after the next event "
        "or the end of the forecast."
    )
    return table(key, full_caption, header, cells, kinds=" tnnnnnn")


def _after(hours: Interval) -> str:
    if math.isnan(hours.median):
        return "does not apply"
    low, middle, high = map(duration, hours)
    return f"{middle} ({low} to {high})"


def _total(row: SummaryRow) -> str:
    return amounts(row.total) + ("" if math.isnan(row.total.median) else f" {row.unit}{_HOURS}")


def _reached(share: float) -> str:
    return "does not apply" if math.isnan(share) else f"{100 * share:.0f} % of the courses"


def check_table(estimate: Members, level: float) -> Markup:
    """Return every figure with its wording and source, beside the fit."""
    scenario = estimate.scenario
    zones = {place.name: place.timezone for root in scenario.places for place in root.walk()}
    found = figures_check(estimate, level).to_dict("records")
    rows = [
        (
            figure.id,
            figure.place,
            _when(figure, zones),
            QUANTITIES[figure.quantity].title,
            _worded(figure),
            *_fit(figure, fit),
            _source(figure),
        )
        for figure, fit in zip(scenario.figure_records, found, strict=True)
    ]
    header = (
        "Figure",
        "Place",
        "When it held",
        "What",
        "As worded",
        f"The fit, median ({100 * level:g} % interval)",
        "Agree",
        "Doubt",
        "Source",
    )
    caption = (
        "Every figure, in the time of its place. Agree: whether the interval holds a number that the wording allows. "
        "Doubt: the probability that the figure is in error."
    )
    return table("check", caption, header, rows, kinds="  tttn  t")


def _when(figure: Figure, zones: dict[str, str]) -> str:
    zone = zones.get(figure.place, "UTC")
    begin = "" if figure.period_start is None else f"from {stamp(figure.period_start, zone)} to "
    spread = f" (± {figure.time_uncertainty_h:g} h)" if figure.time_uncertainty_h > 0 else ""
    return f"{begin}{stamp(figure.time, zone)}{spread}{'' if figure.place in zones else ' UTC'}"


def _worded(figure: Figure) -> str:
    """Return a figure as worded, with its unit."""
    unit = QUANTITIES[figure.quantity].unit
    if unit == "statement":
        return "a statement without a number"
    suffix = "" if figure.is_share else NUMBER_UNITS[unit].suffix
    noun = f" {unit}" if suffix is None else suffix
    label = figure.reads_as.label
    return f"{figure.words}{noun}" + (f", {label}" if label else "")


def _fit(figure: Figure, fit: Row) -> tuple[str, str, str]:
    """Return the prediction for a figure, whether it agrees, and the doubt."""
    if not fit["used"]:
        return f"not used: {fit['reason'] or UNKNOWN}", "not used", "not used"
    unit = "share" if figure.is_share else QUANTITIES[figure.quantity].unit
    predicted = Interval(fit["predicted_low"], fit["predicted_median"], fit["predicted_high"])
    agree: str = UNKNOWN if pd.isna(fit["inside"]) else "yes" if fit["inside"] else "no"
    return amounts(predicted, unit), agree, _doubt(fit["outlier_probability"])


def _doubt(probability: float) -> str:
    """Return an outlier probability, highlighted if the figure is more likely wrong than right."""
    if math.isnan(probability):
        return UNKNOWN
    percent = f"{100 * probability:.0f} %"
    return element("strong", f"{percent}, doubted") if probability > 0.5 else percent


def _source(figure: Figure) -> Markup:
    """Return source, claimant and note of a figure."""
    claimed = "" if figure.claimed_by is None else f", claimed by {figure.claimed_by}"
    note = "" if figure.note is None else f"; {figure.note}"
    return linked(f"{figure.source}{claimed}{note}")


def conflict_table(clash: pd.DataFrame) -> Markup:
    """Return pairs of figures that cannot both hold or report the same fact."""
    header = ("Relation", "First", "Second", "Place", "What", "Why", "Doubt of the first", "Doubt of the second")
    rows = [
        (
            row["relation"],
            row["first"],
            row["second"],
            row["place"],
            QUANTITIES[row["quantity"]].title,
            row["why"],
            *(
                ("not in the fit" if math.isnan(row[name]) else f"{100 * row[name]:.0f} %")
                for name in ("outlier_first", "outlier_second")
            ),
        )
        for row in clash.to_dict("records")
    ]
    return table("conflicts", "Pairs of figures", header, rows, kinds="     tnn")


def event_table(scenario: Scenario) -> Markup:
    """Return the events; unreported numbers are unknown."""
    numbers = (name.replace("_", " ").capitalize() for name in EVENT_NUMBERS)
    header = ("Event", "Kind", "Start", "Duration", "Places", *numbers)
    zone = scenario.leaves[0].timezone
    rows = [
        (
            event.label,
            event.kind.replace("_", " "),
            stamp(event.time, zone),
            _length(event),
            _listed(event.places),
            *_event_numbers(event),
        )
        for event in (*scenario.events, *scenario.added_events)
    ]
    return table("events", f"Events, time in {zone}", header, rows, kinds="  t tnnnn")


def outlook_table(scenario: Scenario) -> Markup:
    """Return possible future events: rates of new events, and truces as announced."""
    zone = scenario.leaves[0].timezone
    header = ("What", "From", "Until", "Places", "How")
    rows = []
    for rate in scenario.new_events:
        numbers = (("missiles", rate.missiles), ("drones", rate.drones)) if rate.kind == "attack" else ()
        salvo = [f"{name} {UNKNOWN if number is None else f'{number:,}'}" for name, number in numbers]
        if rate.ballistic_missiles is not None:
            salvo.append(f"{rate.ballistic_missiles:,} of them ballistic")
        how = ", ".join([f"{rate.per_week:g} per week", f"each {duration(rate.duration_h)}", *salvo])
        span = (
            stamp(scenario.now if rate.start is None else rate.start, zone),
            stamp(scenario.end if rate.end is None else rate.end, zone),
        )
        rows.append((rate.kind.replace("_", " "), *span, _listed(rate.places), how))
    for truce in scenario.truces:
        how = (
            f"announced by {truce.claimed_by}, covers strikes on {truce.scope}, holds with a probability of "
            f"{100 * truce.holds:g} % and then prevents {100 * truce.reduces:g} % of the attacks"
        )
        rows.append(("truce", stamp(truce.start, zone), stamp(truce.end, zone), _listed(truce.places), how))
    return table("outlook", f"What may come, time in {zone}", header, rows, kinds=" tttt")


def shortage_table(scenario: Scenario) -> Markup:
    """Return the supply that is missing for a known reason."""
    zone = scenario.leaves[0].timezone
    header = ("System", "Missing", "From", "Until", "Places", "Reason")
    rows = [
        (
            shortage.system,
            f"{100 * shortage.share:g} %",
            stamp(shortage.start or scenario.start, zone),
            stamp(shortage.end or scenario.end, zone),
            _listed(shortage.places),
            shortage.reason or UNKNOWN,
        )
        for shortage in scenario.shortages
    ]
    return table("shortages", f"Supply that is missing, time in {zone}", header, rows, kinds=" ntttt")


def _listed(places: tuple[str, ...] | None) -> str:
    return "all" if places is None else ", ".join(places)


def _length(event: Event) -> str:
    """Return the duration of an event, or its range, and by how much spare parts come late."""
    low, high = event.length_h
    length = duration(low) if low == high else f"{duration(low)} to {duration(high)}"
    return f"{length}, spare parts {duration(event.spares_late_h)} late" if event.spares_late_h else length


def _event_numbers(event: Event) -> list[str]:
    if event.kind != "attack":
        return ["does not apply"] * len(EVENT_NUMBERS)
    numbers = {name: getattr(event, name) for name in EVENT_NUMBERS}
    cells = {name: UNKNOWN if number is None else f"{number:,}" for name, number in numbers.items()}
    if event.ballistic_missiles is not None:
        cells["missiles"] += f", {event.ballistic_missiles:,} ballistic"
    return list(cells.values())


def place_table(scenario: Scenario) -> Markup:
    """Return the places with their parts, sizes and conditions."""
    places = [place for root in scenario.places for place in root.walk()]
    known = {stock for place in places for stock in STOCKS if place.stock_range(stock) is not None}
    stocks = [stock for stock in STOCKS.values() if stock.required or stock.name in known]
    header = ("Place", "Timezone", "Consists of", *(stock.title for stock in stocks), "Conditions")
    rows = [
        (
            place.name,
            place.timezone,
            ", ".join(part.name for part in place.parts) or "itself",
            *(size(place.stock_range(stock.name)) for stock in stocks),
            _conditions(place),
        )
        for place in places
    ]
    caption = "Sizes of places: a number or a 90 % range; for places with parts, the sum. Customers are accounts."
    return table("places", caption, header, rows, kinds=f"  t{'n' * len(stocks)}t")


def _conditions(place: Place) -> str:
    """Return the special conditions of a place, "none" without any."""
    conditions = [name.replace("_", " ") for name in ("near_front", "shared_crews") if getattr(place, name)]
    needs = {name.replace("_", " "): getattr(place, name) for name in CROSS_NEEDS}
    return (
        ", ".join([*conditions, *(f"{name} {100 * share:g} %" for name, share in needs.items() if share > 0)]) or "none"
    )


def weather_table(scenario: Scenario) -> Iterable[Markup]:
    """Return the origin of the outdoor temperature, and its values by place."""
    claims = sum(figure.quantity == "air_temperature_c" for figure in scenario.figure_records)
    if scenario.weather is not None:
        origin = "Hourly temperatures were given."
    elif claims:
        origin = f"Built from {claims} published temperature{'' if claims == 1 else 's'}; the rest is assumed."
    else:
        origin = "Unknown: no temperature was published, so a wide range is assumed."
    mean, spread = scenario.air_temperature()
    now = np.abs(np.asarray((scenario.times - scenario.now) / pd.Timedelta(hours=1), dtype=np.float64)).argmin()
    rows = []
    for leaf, means, spreads in zip(scenario.leaves, mean.T, spread.T, strict=True):
        at_now, low, high = (amount(float(mean), "degC") for mean in (means[now], means.min(), means.max()))
        rows.append((leaf.name, at_now, low, high, f"{spreads.min():.2g} to {spreads.max():.2g} °C"))
    header = ("Place", "Now", "Lowest", "Highest", "Standard deviation")
    return (element("p", origin), table("weather", "Mean outdoor temperature", header, rows, kinds=" nnnn"))


def prior_table(priors: pd.DataFrame) -> Markup:
    """Return every prior in force."""
    header = [str(name).replace("_", " ").capitalize() for name in priors.columns]
    kinds = "".join("n" if pd.api.types.is_numeric_dtype(priors[name]) else "t" for name in priors.columns)
    rows = [[_cell(cell) for cell in row] for row in priors.itertuples(index=False, name=None)]
    return table("priors", "Priors in force", header, rows, kinds=kinds)


def _cell(cell: str | float | None) -> str:
    if pd.isna(cell):
        return ""
    return f"{cell:.3g}" if isinstance(cell, float) else str(cell)
