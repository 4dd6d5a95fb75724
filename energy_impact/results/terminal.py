"""Text for a terminal: plain words and aligned columns, ASCII apart from names."""

from __future__ import annotations

import math
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from energy_impact.quantities import QUANTITIES
from energy_impact.results import metrics
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

UNREPORTED = "No figure reports these; they follow from other figures through the model alone"
SMALLEST_DIFFERENCE = 0.05
"""Hours or people below which a difference is shown as none."""
_BAR = 30
_ROWS = 15


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
    since = "the start" if event is None else f"the {event.kind.replace('_', ' ')} of {_date(event.time, zone)}"
    sentences = [
        f"{place}, {now.day} {now:%B %Y, %H:%M} ({zone}): {count(row.now.median)} {QUANTITIES[quantity].meaning},",
        f"{100 * level:g} % interval {_counts(row.now)}.",
        f"Since {since} the peak is {count(row.peak.median)} ({_counts(row.peak)}).",
    ]
    if not math.isnan(row.t50_h.median):
        sentences += [
            f"Counted from {'the start' if event is None else 'its end'},",
            f"half of that is back to stay {_after(row.t50_h.median)} ({_durations(row.t50_h)}),",
            f"nine tenths {_after(row.t90_h.median)} ({_durations(row.t90_h)});",
            f"{100 * row.restored_within_horizon:.0f} of 100 courses get there by {_date(scenario.end, zone)}.",
        ]
    return " ".join(sentences)


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
    note = f"after: time from the end of the last event until back to stay; later: not before the forecast ends, {end}"
    first = _lines(first_rows(estimate, rows), level)
    others = first_rows(estimate, rows, reported=False)
    return "\n".join([first, *([f"\n{UNREPORTED}:", _lines(others, level)] if others else []), note])


def _lines(rows: Sequence[SummaryRow], level: float) -> str:
    lines = [
        [
            row.place,
            row.quantity,
            f"{count(row.now.median)} ({_counts(row.now)})",
            *(_restored_after(hours) for hours in (row.t50_h, row.t90_h)),
        ]
        for row in rows
    ]
    header = ["place", "quantity", f"now ({100 * level:g} % interval)", "half back after", "nine tenths after"]
    return aligned(header, lines)


def options_table(rows: Sequence[Row], *, level: float) -> str:
    """Return what matters first of options compared, as aligned text: a block per measure."""
    blocks = []
    for measure, mine in groupby(first_measures(rows), key=measure_words):
        lines = [
            [
                row.option,
                f"{count(row.median)} ({count(row.low)} to {count(row.high)})",
                *(
                    ("", "")
                    if math.isnan(row.chance_better)
                    else (
                        f"{signed(row.difference)} ({signed(row.difference_low)} to {signed(row.difference_high)})",
                        f"{100 * row.chance_better:.0f} %",
                    )
                ),
                f"{100 * row.chance_best:.0f} %",
            ]
            for row in mine
        ]
        header = ["option", f"median ({100 * level:g} % interval)", "difference", "better in", "best in"]
        blocks.append(f"{measure.replace('°C', 'degC')}\n{aligned(header, lines)}")
    place = rows[0].place if rows else ""
    note = "difference: from the first option, course by course; better, best: share of the simulated courses"
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
            f"{count(low[i])} to {count(high[i])}",
            "#" * round(_BAR * max(float(middle[i]), 0.0) / top),
        ]
        for i in range(0, len(local), step)
    ]
    title = f"{ensemble.place}: {QUANTITIES[ensemble.quantity].meaning} ({ensemble.timezone})"
    return f"{title}\n{aligned(['time', 'median', f'{100 * level:g} % interval', ''], rows)}"


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
    return f"{float(f'{number:.3g}'):,.0f}" if abs(number) >= 10 else f"{number:.2g}"


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
        return "later"
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.2g} days"


def _after(hours: float) -> str:
    return "later than the horizon" if math.isinf(hours) else f"after {duration(hours)}"


def _counts(interval: Interval) -> str:
    return f"{count(interval.low)} to {count(interval.high)}"


def _restored_after(hours: Interval) -> str:
    """Return a restoration time with its interval, or a dash for what is not restored, such as hours per day."""
    return "-" if math.isnan(hours.median) else f"{duration(hours.median)} ({_durations(hours)})"


def _durations(interval: Interval) -> str:
    return f"{duration(interval.low)} to {duration(interval.high)}"


def _label(local: pd.Timestamp, repeated: Collection[str]) -> str:
    """Return a local time, with its UTC offset if clocks repeat it."""
    label = _date(local, str(local.tz))
    if label not in repeated:
        return label
    return f"{local.day} {local:%b %H%z}" if local.minute == 0 else f"{label}{local:%z}"


def _date(time: pd.Timestamp, zone: str) -> str:
    local = time.tz_convert(zone)
    return f"{local.day} {local:%b %H:%M}"
