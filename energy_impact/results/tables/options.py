"""Options side by side: what each costs people, and its difference from the first, member by member."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact._language import day, say
from energy_impact.quantities import COLD_LIMITS_C, QUANTITIES
from energy_impact.results import metrics, words
from energy_impact.results.members import same_members
from energy_impact.results.tables.reference import reference_span
from energy_impact.results.tables.shelter import WITHOUT_PLACE, at_night, evenings, in_cold_homes
from energy_impact.results.tables.summary import main_curves
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.results.members import Members

    Draws = NDArray[np.float64]

COLD = "people_below_16c"
"""Cold homes that count: the limit of nights in the cold."""
HALF_BACK = "t50_h of "
"""Beginning of the name of a time until half is back, before its quantity."""
SAME = 1e-3
"""Options whose numbers differ by no more, in a member, are as good as each other (judgement). [share]"""


class Measure(NamedTuple):
    """What is compared: its name, place, night (the date of its evening; None if it is no night's) and unit."""

    name: str
    place: str
    night: pd.Timestamp | None
    unit: str


class Row(NamedTuple):
    """One option and measure; `Comparison.table` explains the columns."""

    place: str
    measure: str
    night: pd.Timestamp | None
    unit: str
    option: str
    median: float
    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    chance_better: float
    chance_best: float
    regret: float


def since_of(options: Mapping[str, Members]) -> pd.Timestamp:
    """Return the earliest time from which options differ: that of the first change that not all have, else now."""
    scenarios = [option.scenario for option in options.values()]
    begins = [
        scenario.since(change)
        for scenario in scenarios
        for change in scenario.changes
        if not all(change in other.changes for other in scenarios)
    ]
    return min(begins, default=scenarios[0].now)


def check_options(options: Mapping[str, Members]) -> None:
    """Check that there are options, and that all are runs of the same members.

    Raises
    ------
    ValueError
        If there are none, or the members or the times of one differ from those of the first.
    """
    if not options:
        raise ValueError("options: must hold at least one estimate, got none")
    names = list(options)
    first = options[names[0]]
    for name in names[1:]:
        other = options[name]
        if not same_members(first, other) or not first.scenario.times.equals(other.scenario.times):
            raise ValueError(
                f"options, {name!r}: must have the members and times of {names[0]!r}, as from "
                f"estimate.what_if(...), got {other!r}"
            )


def option_rows(options: Mapping[str, Members], level: float) -> list[Row]:
    """Return the rows of `Comparison.table`."""
    levels = metrics.central_levels(level)
    check_options(options)
    since, first = since_of(options), next(iter(options.values()))
    found: list[Row] = []
    for place in compared_places(first):
        values = [dict(option_measures(option, first, place, since)) for option in options.values()]
        for measure in values[0]:
            if all(measure in known for known in values):
                draws = np.stack([known[measure] for known in values])
                found += _rows(measure, list(options), draws, levels)
    return found


def option_table(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows as the table of `Comparison.table`."""
    table = pd.DataFrame(rows, columns=list(Row._fields))
    return table.astype({"night": "datetime64[s]"})


def compared_places(estimate: Members) -> tuple[str, ...]:
    """Return the places of the main curves; the first place if there are none."""
    return tuple(dict.fromkeys(place for _, place in main_curves(estimate)))


def _rows(measure: Measure, names: Sequence[str], draws: Draws, levels: Sequence[float]) -> Iterator[Row]:
    """Yield a row per option, from draws of shape (options, members)."""
    least = draws.min(axis=0)
    ties = draws <= least / (1 - SAME)
    best = ties / ties.sum(axis=0)
    for number, name in enumerate(names):
        low, median, high = metrics.quantiles(draws[number], levels)
        change = metrics.quantiles(draws[number] - draws[0], levels)
        better = math.nan if number == 0 else float((draws[number] < (1 - SAME) * draws[0]).mean())
        yield Row(
            place=measure.place,
            measure=measure.name,
            night=measure.night,
            unit=measure.unit,
            option=name,
            median=float(median),
            low=float(low),
            high=float(high),
            difference=float(change[1]),
            difference_low=float(change[0]),
            difference_high=float(change[2]),
            chance_better=better,
            chance_best=float(best[number].mean()),
            regret=float((draws[number] - least).mean()),
        )


def option_measures(
    option: Members, first: Members, place: str, since: pd.Timestamp
) -> Iterator[tuple[Measure, Draws]]:
    """Yield each measure of an option at a place; the less, the better."""
    known = {quantity for quantity, where in option.available if where == place}
    end = option.scenario.end
    if since < end and COLD in known:
        yield (
            Measure("person_hours_below_16c", place, None, "person h"),
            in_cold_homes(option, COLD, place).hours(since),
        )
    _, over, until = _span(first, place)
    for quantity, where in main_curves(first) if over < until else ():
        if where == place and QUANTITIES[quantity].restorable:
            yield Measure(HALF_BACK + quantity, place, None, "h"), half_back(option, first, quantity, place)
    people = [system.people for system in SYSTEMS.values() if system.people in known]
    for quantity in [*people, *(name for name in (COLD, WITHOUT_PLACE) if name in known)]:
        yield from _by_night(option, quantity, place, since)


class KeptCurves:
    """Curves of members of which some are kept; in another process they are run again."""

    def __init__(
        self, curves: Callable[[str, str], NDArray[np.float32]], draws: dict[tuple[str, str], NDArray[np.float32]]
    ) -> None:
        self.curves = curves
        self.draws = draws

    def __getstate__(self) -> dict[str, object]:
        """Return what other processes need."""
        return {"curves": self.curves, "draws": {}}

    def __call__(self, quantity: str, place: str) -> NDArray[np.float32]:
        """Return draws of a quantity in a place, (members, times)."""
        kept = self.draws.get((quantity, place))
        return self.curves(quantity, place) if kept is None else kept


def curves_of(since: pd.Timestamp, option: Members) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return the draws of all curves of an option that its measures read."""
    draws: dict[tuple[str, str], NDArray[np.float32]] = {}

    def keep(quantity: str, place: str) -> NDArray[np.float32]:
        key = quantity, place
        if key not in draws:
            draws[key] = option.curves(quantity, place)
        return draws[key]

    reading = replace(option, curves=keep)
    for place in compared_places(option):
        for _ in option_measures(reading, reading, place, since):
            pass
    return draws


def _by_night(option: Members, quantity: str, place: str, since: pd.Timestamp) -> Iterator[tuple[Measure, Draws]]:
    """Yield the most residents at once in each night from `since` on."""
    cold = quantity in COLD_LIMITS_C or quantity == WITHOUT_PLACE
    curve = in_cold_homes(option, quantity, place) if cold else option[quantity, place]
    night, evening = at_night(curve) & (curve.times >= since), evenings(curve)
    for date in evening[night].unique():
        yield (
            Measure(quantity, place, date, "people"),
            curve.draws[:, night & (evening == date)].max(axis=1).astype(float),
        )


def half_back(option: Members, first: Members, quantity: str, place: str) -> Draws:
    """
    Return hours from the end of the reference event until half is back, (members,), at most those to the horizon [h].

    Half is that of the peak of the first option until the next event that was given, so that it is the same for all
    options; more may be out again until the horizon only if it stays below.
    """
    hours, (begin, end, until) = _hours(first), _span(first, place)
    peak = metrics.window(first[quantity, place].draws, hours, begin, until)[0].max(axis=1)
    draws, times = metrics.window(option[quantity, place].draws, hours, begin, until)
    return np.minimum(metrics.time_below(draws, times, peak / 2, since=end), until - end)


def _hours(estimate: Members) -> NDArray[np.float64]:
    """Return the times of curves from the start of the scenario, (times,) [h]."""
    return np.asarray((estimate.scenario.times - estimate.scenario.start) / pd.Timedelta(hours=1), dtype=np.float64)


def _span(estimate: Members, place: str) -> tuple[float, float, float]:
    """Return start and end of the reference event at a place, and the end of its observation window [h]."""
    return reference_span(estimate.scenario, place, _hours(estimate))


def first_measures(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the first place: sums, times, and the first night of each count of residents."""
    place = rows[0].place if rows else ""
    nights: dict[str, pd.Timestamp] = {}
    for row in rows:
        if row.place == place and row.night is not None:
            nights.setdefault(row.measure, row.night)
    return [row for row in rows if row.place == place and row.night == nights.get(row.measure)]


def measure_words(row: Row) -> str:
    """Return a measure in words."""
    if row.measure == "person_hours_below_16c":
        return say("hours that residents spend in homes below 16 °C, added up")
    if row.measure.startswith(HALF_BACK):
        return say("hours until half are back: {what}", what=words.title(row.measure.removeprefix(HALF_BACK)))
    what = words.title(row.measure)
    return what if row.night is None else say("{what}, night of {day}", what=what, day=day(row.night))
