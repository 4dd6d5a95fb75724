"""The tables of the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact._html import size
from energy_impact._language import digits, mark, say, say_as, say_plural
from energy_impact.places import CROSS_NEEDS
from energy_impact.quantities import QUANTITIES
from energy_impact.results import metrics, words
from energy_impact.results.report.markup import Markup, element, linked, table
from energy_impact.results.report.sentences import amount, amounts
from energy_impact.results.tables.daytime import stamp
from energy_impact.results.tables.measures import quantiles
from energy_impact.results.tables.summary import Interval, figures_check
from energy_impact.results.terminal import count, duration, interval, span
from energy_impact.scenario.events import EVENT_NUMBERS
from energy_impact.systems import STOCKS
from energy_impact.units import NUMBER_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from energy_impact.figures.figure import Figure
    from energy_impact.places import Place
    from energy_impact.results.members import Members
    from energy_impact.results.tables.summary import SummaryRow
    from energy_impact.scenario import EventRate, Scenario
    from energy_impact.scenario.events import Event

UNKNOWN = mark("unknown")
_ROWS_OF_A_CURVE = 15

Row = dict[Any, Any]


def curve_rows(estimate: Members, key: tuple[str, str], level: float) -> list[tuple[str, str, str]]:
    """Return time, median and interval of a curve at round steps."""
    low, middle, high = quantiles(estimate, key, metrics.central_levels(level))
    times, horizon_h = estimate.scenario.times, estimate.scenario.horizon_h
    zone = estimate.scenario.place(key[1]).timezone
    step = round(metrics.round_step(horizon_h, _ROWS_OF_A_CURVE) / horizon_h * (len(low) - 1))
    return [
        (stamp(times[i], zone), count(middle[i]), span(count(low[i]), count(high[i]))) for i in range(0, len(low), step)
    ]


def summary_table(key: str, caption: str, rows: Sequence[SummaryRow], level: float) -> Markup:
    """Return rows of the summary in words."""
    header = (
        say("Place"),
        say("What"),
        say("Now, median ({interval})", interval=interval(level)),
        say("Peak, median ({interval})", interval=interval(level)),
        say("Half back after"),
        say("Nine tenths back after"),
        say("Courses that reach nine tenths"),
        say("Total since the event began"),
    )
    cells = [
        (
            words.place(row.place),
            words.title(row.quantity),
            amounts(row.now, row.unit),
            amounts(row.peak, row.unit),
            _after(row.t50_h),
            _after(row.t90_h),
            _reached(row.restored_within_horizon),
            _total(row),
        )
        for row in rows
    ]
    full_caption = say(
        "{caption}. Times count from the end of the last event, until back to stay; later means after the next event "
        "or the end of the forecast.",
        caption=caption,
    )
    return table(key, full_caption, header, cells, kinds=" tnnnnnn")


def _after(hours: Interval) -> str:
    if math.isnan(hours.median):
        return say("does not apply")
    low, middle, high = map(duration, hours)
    return f"{middle} ({span(low, high)})"


def _total(row: SummaryRow) -> str:
    total = amounts(row.total)
    if math.isnan(row.total.median):
        return total
    return say("{total} {unit}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}h", total=total, unit=words.unit(row.unit))


def _reached(share: float) -> str:
    return say("does not apply") if math.isnan(share) else say("{percent:.0f} % of the courses", percent=100 * share)


def check_table(estimate: Members, level: float) -> Markup:
    """Return every figure with its wording and source, beside the fit."""
    scenario = estimate.scenario
    zones = {place.name: place.timezone for root in scenario.places for place in root.walk()}
    found = figures_check(estimate, level).to_dict("records")
    rows = [
        (
            figure.id,
            words.place(figure.place),
            _when(figure, zones),
            words.title(figure.quantity),
            _worded(figure),
            *_fit(figure, fit),
            _source(figure),
        )
        for figure, fit in zip(scenario.figure_records, found, strict=True)
    ]
    header = (
        say("Figure"),
        say("Place"),
        say("When it held"),
        say("What"),
        say("As worded"),
        say("The fit, median ({interval})", interval=interval(level)),
        say("Agree"),
        say("Doubt"),
        say("Source"),
    )
    caption = say(
        "Every figure, in the time of its place. Agree: whether the interval holds a number that the wording allows. "
        "Doubt: the probability that the figure is in error."
    )
    return table("check", caption, header, rows, kinds="  tttn  t")


def _when(figure: Figure, zones: dict[str, str]) -> str:
    zone = zones.get(figure.place, "UTC")
    time = stamp(figure.time, zone)
    if figure.period_start is not None:
        time = say("from {start} to {end}", start=stamp(figure.period_start, zone), end=time)
    spread = say(" (± {hours:g} h)", hours=figure.time_uncertainty_h) if figure.time_uncertainty_h > 0 else ""
    return f"{time}{spread}{'' if figure.place in zones else ' UTC'}"


def _worded(figure: Figure) -> str:
    """Return a figure as worded, with its unit."""
    unit = QUANTITIES[figure.quantity].unit
    if unit == "statement":
        return say("a statement without a number")
    suffix = "" if figure.is_share else NUMBER_UNITS[unit].suffix
    worded = f"{figure.words}{suffix}"
    if suffix is None:
        worded = say("{words} {unit}", words=figure.words, unit=words.unit(unit))
    label = figure.reads_as.label
    return f"{worded}, {say_as('kind of figure', label)}" if label else worded


def _fit(figure: Figure, fit: Row) -> tuple[str, str, str]:
    """Return the prediction for a figure, whether it agrees, and the doubt."""
    if not fit["used"]:
        reason = fit["reason"] or say(UNKNOWN)
        return say("not used: {reason}", reason=reason), say("not used"), say("not used")
    unit = "share" if figure.is_share else QUANTITIES[figure.quantity].unit
    predicted = Interval(fit["predicted_low"], fit["predicted_median"], fit["predicted_high"])
    agree: str = say(UNKNOWN) if pd.isna(fit["inside"]) else say("yes") if fit["inside"] else say("no")
    return amounts(predicted, unit), agree, _doubt(fit["outlier_probability"])


def _doubt(probability: float) -> str:
    """Return an outlier probability, highlighted if the figure is more likely wrong than right."""
    if math.isnan(probability):
        return say(UNKNOWN)
    percent = f"{100 * probability:.0f} %"
    return element("strong", say("{percent}, doubted", percent=percent)) if probability > 0.5 else percent


def _source(figure: Figure) -> Markup:
    """Return source, claimant and note of a figure."""
    claimed = "" if figure.claimed_by is None else say(", claimed by {name}", name=figure.claimed_by)
    note = "" if figure.note is None else f"; {figure.note}"
    return linked(f"{figure.source}{claimed}{note}")


def conflict_table(clash: pd.DataFrame) -> Markup:
    """Return pairs of figures that cannot both hold or report the same fact."""
    header = (
        say("Relation"),
        say("First"),
        say("Second"),
        say("Place"),
        say("What"),
        say("Why"),
        say("Doubt of the first"),
        say("Doubt of the second"),
    )
    rows = [
        (
            say_as("relation", row["relation"]),
            row["first"],
            row["second"],
            words.place(row["place"]),
            words.title(row["quantity"]),
            row["why"],
            *(
                (say("not in the fit") if math.isnan(row[name]) else f"{100 * row[name]:.0f} %")
                for name in ("outlier_first", "outlier_second")
            ),
        )
        for row in clash.to_dict("records")
    ]
    return table("conflicts", say("Pairs of figures"), header, rows, kinds="     tnn")


def event_table(scenario: Scenario) -> Markup:
    """Return the events; unreported numbers are unknown."""
    numbers = (say_as("number of an event", name.replace("_", " ").capitalize()) for name in EVENT_NUMBERS)
    header = (say("Event"), say("Kind"), say("Start"), say("Duration"), say("Places"), *numbers)
    zone = scenario.leaves[0].timezone
    rows = [
        (
            words.event_name(event.name) if event.name else words.event(event.kind),
            words.event(event.kind),
            stamp(event.time, zone),
            _length(event),
            _listed(event.places),
            *_event_numbers(event),
        )
        for event in (*scenario.events, *scenario.added_events)
    ]
    return table("events", say("Events, time in {zone}", zone=zone), header, rows, kinds="  t tnnnn")


def outlook_table(scenario: Scenario) -> Markup:
    """Return possible future events: rates of new events, and truces as announced."""
    zone = scenario.leaves[0].timezone
    header = (say("What"), say("From"), say("Until"), say("Places"), say("How"))
    rows = []
    for rate in scenario.new_events:
        how = ", ".join(
            [
                say("{number:g} per week", number=rate.per_week),
                say("each {duration}", duration=duration(rate.duration_h)),
                *(_salvo(rate) if rate.kind == "attack" else []),
            ]
        )
        times = (
            stamp(scenario.now if rate.start is None else rate.start, zone),
            stamp(scenario.end if rate.end is None else rate.end, zone),
        )
        rows.append((words.event(rate.kind), *times, _listed(rate.places), how))
    for truce in scenario.truces:
        how = say(
            "announced by {name}, covers strikes on {scope}, holds with a probability of {holds:g} % and then prevents "
            "{reduces:g} % of the attacks",
            name=truce.claimed_by,
            scope=say_as("strikes on", truce.scope),
            holds=100 * truce.holds,
            reduces=100 * truce.reduces,
        )
        rows.append((say("truce"), stamp(truce.start, zone), stamp(truce.end, zone), _listed(truce.places), how))
    return table("outlook", say("What may come, time in {zone}", zone=zone), header, rows, kinds=" tttt")


def _salvo(rate: EventRate) -> list[str]:
    """Return the weapons of an attack to come, in words."""
    ballistic = rate.ballistic_missiles
    return [
        say("missiles {number}", number=_known(rate.missiles)),
        say("drones {number}", number=_known(rate.drones)),
        *([] if ballistic is None else [say("{number:,} of them ballistic", number=ballistic)]),
    ]


def shortage_table(scenario: Scenario) -> Markup:
    """Return the supply that is missing for a known reason."""
    zone = scenario.leaves[0].timezone
    header = (say("System"), say("Missing"), say("From"), say("Until"), say("Places"), say("Reason"))
    rows = [
        (
            say_as("system", shortage.system),
            f"{100 * shortage.share:g} %",
            stamp(shortage.start or scenario.start, zone),
            stamp(shortage.end or scenario.end, zone),
            _listed(shortage.places),
            shortage.reason or say(UNKNOWN),
        )
        for shortage in scenario.shortages
    ]
    return table("shortages", say("Supply that is missing, time in {zone}", zone=zone), header, rows, kinds=" ntttt")


def _listed(places: tuple[str, ...] | None) -> str:
    return say_as("places", "all") if places is None else ", ".join(map(words.place, places))


def _length(event: Event) -> str:
    """Return the duration of an event, or its range, and by how much spare parts come late."""
    low, high = event.length_h
    length = duration(low) if low == high else span(duration(low), duration(high))
    if not event.spares_late_h:
        return length
    return say("{length}, spare parts {late} late", length=length, late=duration(event.spares_late_h))


def _event_numbers(event: Event) -> list[str]:
    if event.kind != "attack":
        return [say("does not apply")] * len(EVENT_NUMBERS)
    numbers = {name: getattr(event, name) for name in EVENT_NUMBERS}
    cells = {name: _known(number) for name, number in numbers.items()}
    if event.ballistic_missiles is not None:
        cells["missiles"] += say(", {number:,} ballistic", number=event.ballistic_missiles)
    return list(cells.values())


def _known(number: float | None) -> str:
    return say(UNKNOWN) if number is None else digits(f"{number:,}")


def place_table(scenario: Scenario) -> Markup:
    """Return the places with their parts, sizes and conditions."""
    places = [place for root in scenario.places for place in root.walk()]
    known = {stock for place in places for stock in STOCKS if place.stock_range(stock) is not None}
    stocks = [stock for stock in STOCKS.values() if stock.required or stock.name in known]
    titles = (say_as("stock", stock.title) for stock in stocks)
    header = (say("Place"), say("Timezone"), say("Consists of"), *titles, say("Conditions"))
    rows = [
        (
            words.place(place.name),
            place.timezone,
            ", ".join(words.place(part.name) for part in place.parts) or say("itself"),
            *(size(place.stock_range(stock.name)) for stock in stocks),
            _conditions(place),
        )
        for place in places
    ]
    caption = say("Sizes of places: a number or a 90 % range; for places with parts, the sum. Customers are accounts.")
    return table("places", caption, header, rows, kinds=f"  t{'n' * len(stocks)}t")


def _conditions(place: Place) -> str:
    """Return the special conditions of a place, "none" without any."""
    conditions = [_condition(name) for name in ("near_front", "shared_crews") if getattr(place, name)]
    needs = {_condition(name): getattr(place, name) for name in CROSS_NEEDS}
    conditions += [f"{name} {digits(f'{100 * share:g}')} %" for name, share in needs.items() if share > 0]
    return ", ".join(conditions) or say("none")


def _condition(name: str) -> str:
    return say_as("condition", name.replace("_", " "))


def weather_table(scenario: Scenario) -> Iterable[Markup]:
    """Return the origin of the outdoor temperature, and its values by place."""
    claims = sum(figure.quantity == "air_temperature_c" for figure in scenario.figure_records)
    if scenario.weather is not None:
        origin = say("Hourly temperatures were given.")
    elif claims:
        origin = say_plural(
            "Built from {number} published temperature; the rest is assumed.",
            "Built from {number} published temperatures; the rest is assumed.",
            claims,
            number=claims,
        )
    else:
        origin = say("Unknown: no temperature was published, so a wide range is assumed.")
    mean, spread = scenario.air_temperature()
    now = np.abs(np.asarray((scenario.times - scenario.now) / pd.Timedelta(hours=1), dtype=np.float64)).argmin()
    rows = []
    for leaf, means, spreads in zip(scenario.leaves, mean.T, spread.T, strict=True):
        at_now, low, high = (amount(float(mean), "degC") for mean in (means[now], means.min(), means.max()))
        ends = (digits(f"{end:.2g}") for end in (spreads.min(), spreads.max()))
        rows.append((words.place(leaf.name), at_now, low, high, f"{span(*ends)} °C"))
    header = (say("Place"), say("Now"), say("Lowest"), say("Highest"), say("Standard deviation"))
    return (element("p", origin), table("weather", say("Mean outdoor temperature"), header, rows, kinds=" nnnn"))
