"""Text for a terminal: plain words and aligned columns, ASCII apart from names."""

from __future__ import annotations

import math
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from energy_impact._language import ENGLISH, again, day, digits, language, mark, say, say_as, say_count_as, short_day
from energy_impact.quantities import QUANTITIES
from energy_impact.results import metrics, words
from energy_impact.results.tables.headline import headline as people_first
from energy_impact.results.tables.options import first_measures, measure_words
from energy_impact.results.tables.reference import reference_event
from energy_impact.results.tables.summary import main_curves

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from energy_impact.results.curve import Curve
    from energy_impact.results.members import Members
    from energy_impact.results.tables.options import Row
    from energy_impact.results.tables.summary import Interval, SummaryRow

UNREPORTED = mark("No figure reports these; they follow from other figures through the model alone")
SMALLEST_DIFFERENCE = 0.05
"""Hours or people below which a difference is shown as none."""
_BAR = 30
_ROWS = 15


def answer(estimate: Members, rows: Sequence[SummaryRow], *, level: float) -> str:
    """Return people first, then the first curve, its table and the status, as the command line prints them."""
    level = metrics.check_level(level)
    sections = [
        words.scenario(estimate.scenario.title),
        people_first(estimate, level=level),
        headline(estimate, rows, level=level),
        short_table(estimate, rows, level=level),
        curve_table(estimate[main_curves(estimate)[0]], level=level),
    ]
    status = say("Status: {status}. ", status=words.status(estimate.status)) + again(estimate.fit_text)
    return "\n\n".join([*filter(None, sections), "\n".join([status, *map(again, estimate.warnings)])])


def headline(estimate: Members, rows: Sequence[SummaryRow], *, level: float) -> str:
    """Return the answer in plain words for the first of the main curves.

    Parameters
    ----------
    estimate : Members
    rows : sequence of SummaryRow
        Its summary at `level`.
    level : float
        Probability of the central intervals.
    """
    quantity, place = main_curves(estimate)[0]
    row = next(row for row in rows if (row.quantity, row.place) == (quantity, place))
    scenario = estimate.scenario
    zone = scenario.place(place).timezone
    now = scenario.now.tz_convert(zone)
    event = reference_event(scenario, place)
    since = say_as("since", "the start") if event is None else words.event_of(event.kind, _date(event.time, zone))
    first = say(
        "{place}, {day} {year}, {clock} ({zone}): {now} {what}, {percent:g} % interval {range}. Since {since} the peak "
        "is {peak} ({peak_range}).",
        place=words.place(place),
        day=day(now),
        year=f"{now.year}",
        clock=f"{now:%H:%M}",
        zone=zone,
        now=count(row.now.median),
        what=words.plain(quantity),
        percent=100 * level,
        range=_counts(row.now),
        since=since,
        peak=count(row.peak.median),
        peak_range=_counts(row.peak),
    )
    return (
        first
        if math.isnan(row.t50_h.median)
        else f"{first} {_when_back(row, _date(scenario.end, zone), from_start=event is None)}"
    )


def _when_back(row: SummaryRow, end: str, *, from_start: bool) -> str:
    """Return when half and nine tenths are restored, as a sentence."""
    return say(
        "Counted from {origin}, half of that is back to stay {half} ({half_range}), nine tenths {most} "
        "({most_range}); {percent:.0f} of 100 courses get there by {end}.",
        origin=say_as("counted from", "the start") if from_start else say_as("counted from", "its end"),
        half=_after(row.t50_h.median),
        half_range=_durations(row.t50_h),
        most=_after(row.t90_h.median),
        most_range=_durations(row.t90_h),
        percent=100 * row.restored_within_horizon,
        end=end,
    )


def first_rows(estimate: Members, rows: Sequence[SummaryRow], *, reported: bool = True) -> list[SummaryRow]:
    """
    Return the rows that matter first: the main curves, and at their places the quantities of the short table.

    Parameters
    ----------
    estimate : Members
    rows : sequence of SummaryRow
    reported : bool
        Whether to return the rows that figures report, or the others. If no figure was used, all rows count as
        reported; the status says so.
    """
    main = main_curves(estimate)
    places = {place for _, place in main}
    return [
        row
        for row in rows
        if ((row.quantity, row.place) in main or (row.place in places and QUANTITIES[row.quantity].short))
        and (row.basis != "model") == reported
    ]


def short_table(estimate: Members, rows: Sequence[SummaryRow], *, level: float) -> str:
    """Return the rows of the summary (at `level`) that matter first, as aligned text; unreported ones apart."""
    scenario = estimate.scenario
    end = _date(scenario.end, scenario.leaves[0].timezone)
    note = say(
        "after: time from the end of the last event until back to stay; later: not before the forecast ends, {end}",
        end=end,
    )
    first = _lines(first_rows(estimate, rows), level)
    others = first_rows(estimate, rows, reported=False)
    return "\n".join([first, *([f"\n{say(UNREPORTED)}:", _lines(others, level)] if others else []), note])


def _lines(rows: Sequence[SummaryRow], level: float) -> str:
    lines = [
        [
            words.place(row.place),
            words.column(row.quantity),
            f"{count(row.now.median)} ({_counts(row.now)})",
            *(_restored_after(hours) for hours in (row.t50_h, row.t90_h)),
        ]
        for row in rows
    ]
    header = [
        say_as("column", "place"),
        say_as("column", "quantity"),
        say("now ({percent:g} % interval)", percent=100 * level),
        say("half back after"),
        say("nine tenths after"),
    ]
    return aligned(header, lines)


def options_table(rows: Sequence[Row], *, level: float) -> str:
    """Return what matters first of options compared, as aligned text: a block per measure."""
    blocks = []
    for measure, mine in groupby(first_measures(rows), key=measure_words):
        lines = [
            [
                row.option,
                f"{count(row.median)} ({span(count(row.low), count(row.high))})",
                *(
                    ("", "")
                    if math.isnan(row.chance_better)
                    else (
                        f"{signed(row.difference)} ({span(signed(row.difference_low), signed(row.difference_high))})",
                        f"{100 * row.chance_better:.0f} %",
                    )
                ),
                f"{100 * row.chance_best:.0f} %",
            ]
            for row in mine
        ]
        header = [
            say_as("column", "option"),
            say("median ({percent:g} % interval)", percent=100 * level),
            say_as("column", "difference"),
            say_as("column", "better in"),
            say_as("column", "best in"),
        ]
        title = measure.replace("°C", "degC") if language() == ENGLISH else measure
        blocks.append(f"{title}\n{aligned(header, lines)}")
    place = words.place(rows[0].place) if rows else ""
    note = say("difference: from the first option, course by course; better, best: share of the simulated courses")
    return "\n\n".join([place, *blocks, note])


def signed(number: float) -> str:
    """Return a difference as text, with its sign; 0 if it is too small to matter in hours or people.

    Examples
    --------
    >>> signed(1234.5), signed(-0.3), signed(0.0002)
    ('+1,230', '-0.3', '0')
    """
    if abs(number) < SMALLEST_DIFFERENCE:
        return "0"
    return f"+{count(number)}" if number > 0 else count(number)


def curve_table(ensemble: Curve, *, level: float) -> str:
    """Return a curve as a small table with bars, in local time."""
    low, middle, high = metrics.quantiles(ensemble.draws, metrics.central_levels(level))
    local = ensemble.times.tz_convert(ensemble.timezone)
    step = round(metrics.round_step(ensemble.horizon_h, _ROWS) / ensemble.horizon_h * (len(local) - 1))
    top = max(float(middle.max()), 1e-9)
    labels = Counter(_date(time, ensemble.timezone) for time in local)
    repeated = {label for label, times in labels.items() if times > 1}
    rows = [
        [
            _label(local[i], repeated),
            count(middle[i]),
            span(count(low[i]), count(high[i])),
            "#" * round(_BAR * max(float(middle[i]), 0.0) / top),
        ]
        for i in range(0, len(local), step)
    ]
    title = f"{words.place(ensemble.place)}: {words.plain(ensemble.quantity)} ({ensemble.timezone})"
    header = [say_as("column", "time"), say_as("column", "median"), interval(level), ""]
    return f"{title}\n{aligned(header, rows)}"


def aligned(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows as columns of text, two spaces apart."""
    lines = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def count(number: float) -> str:
    """Return a count as text, to three significant digits, or two if small.

    Examples
    --------
    >>> count(123456.7), count(12.34), count(0.444)
    ('123,000', '12', '0.44')
    """
    return digits(f"{float(f'{number:.3g}'):,.0f}" if abs(number) >= 10 else f"{number:.2g}")


def span(low: str, high: str) -> str:
    """Return two ends as a range, in words."""
    return say("{low} to {high}", low=low, high=high)


def interval(level: float) -> str:
    """Return the name of an interval."""
    return say("{percent:g} % interval", percent=100 * level)


def duration(hours: float) -> str:
    """Return hours in words, or days if that reads better; "later" for inf.

    Examples
    --------
    >>> duration(38.4), duration(120), duration(math.inf)
    ('38 h', '5 days', 'later')
    """
    if math.isnan(hours):
        return "-"
    if math.isinf(hours):
        return say("later")
    if hours < 72:
        return say("{hours:.0f} h", hours=hours)
    shown = f"{hours / 24:.2g}"
    if "." in shown:
        return say_as("a fraction", "{number} days", number=digits(shown))
    return say_count_as("whole", "{number} days", float(shown), number=digits(shown))


def _after(hours: float) -> str:
    return say("later than the horizon") if math.isinf(hours) else say("after {duration}", duration=duration(hours))


def _counts(interval: Interval) -> str:
    return span(count(interval.low), count(interval.high))


def _restored_after(hours: Interval) -> str:
    """Return a restoration time with its interval, or a dash for what is not restored, such as hours per day."""
    return "-" if math.isnan(hours.median) else f"{duration(hours.median)} ({_durations(hours)})"


def _durations(interval: Interval) -> str:
    return span(duration(interval.low), duration(interval.high))


def _label(local: pd.Timestamp, repeated: Collection[str]) -> str:
    """Return a local time, with its UTC offset if clocks repeat it."""
    label = _date(local, str(local.tz))
    if label not in repeated:
        return label
    return f"{short_day(local)} {local:%H%z}" if local.minute == 0 else f"{label}{local:%z}"


def _date(time: pd.Timestamp, zone: str) -> str:
    local = time.tz_convert(zone)
    return f"{short_day(local)} {local:%H:%M}"
