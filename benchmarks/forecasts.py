"""
Forecasts of real outages under priors that were learned without them, with their scores: the rows of the record.

Recorded curves are read at their peak and some hours later, and forecast 3 to 96 h ahead. Of published storms, grid
failures and sabotage the first one, two and three figures are given and all later ones forecast. Of attacks, heating
failures and facts each figure is forecast from all figures up to the one before it in its series.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import analogs
import numpy as np
import pandas as pd
from event_groups import outage_of, priors_without
from real_events import ONSET_H, RealEvent, read_curve, stock
from referee_adapter import NO_NIGHT

import energy_impact as ei
from energy_impact.quantities import QUANTITIES
from energy_impact.validation import scoring
from energy_impact.validation.backtest import published_until, report_draws, series_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analogs import Recorded

ORIGINS_H = ((0, 3), (0, 3, 6), (0, 6, 12), (0, 6, 12, 24), (0, 12, 24, 48))
"""Hours after its peak at which a recorded curve is read; the last is the origin of the forecast. [h]"""
LEADS_H = (3, 6, 12, 24, 48, 96)
"""Hours from the origin to the forecasts of a recorded curve. [h]"""
FIRST = (1, 2, 3)
"""Numbers of published figures that are given."""
NOTHING = 0.005
"""Share of a peak or a stock that counts as nothing: recorded curves are forecast down to it, and "none" means it."""
HORIZON_H = 30 * 24
"""Hours over which nine tenths are to be back. [h]"""
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
SAME = ("quantity", "place", "unit", "kind")
"""Columns that are equal within the series that an "all" begins or a "none" ends."""
HOUR = pd.Timedelta(hours=1)
POWER = "power_customers_out"


class Forecast(NamedTuple):
    """
    A figure and its forecast.

    `known` counts the figures given; truth and quantiles are shares of `largest`, the largest figure of its series, and
    so are the scores (CRPS) of the library (`crps`) and of the yardsticks.
    """

    event: str
    outage: str
    kind: str
    system: str
    place: str
    form: str
    date: str
    known: int
    lead_h: float
    figure: str
    time: str
    largest: float
    truth: float
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float
    pit: float
    crps: float
    persistence: float
    exponential: float
    analogs: float
    inside50: bool
    inside90: bool
    analogs_inside90: float
    source: str


class Restoration(NamedTuple):
    """Hours from the end of the event until nine tenths are back for good, forecast and true (NaN if not seen)."""

    event: str
    outage: str
    kind: str
    system: str
    place: str
    form: str
    known: int
    origin_h: float
    truth_h: float
    low_h: float
    median_h: float
    high_h: float


class Given(NamedTuple):
    """A fit to the figures that were given of an event."""

    event: RealEvent
    fit: Any
    known: int


def of_event(
    event: RealEvent, learned: Mapping[str, Any], curves: Sequence[Recorded], members: int
) -> tuple[list[Forecast], list[Restoration]]:
    """
    Return all forecasts of an event.

    Parameters
    ----------
    event : RealEvent
    learned : mapping
        `benchmarks/learned_priors.json`.
    curves : sequence of Recorded
        For the analogs.
    members : int
        Ensemble size of each fit.
    """
    priors = priors_without(learned, event.name, event.kind)
    ways = {"recorded": _recorded, "published": _published}
    forecasts: list[Forecast] = []
    restorations: list[Restoration] = []
    for rows, back in ways.get(event.form, _rolling)(event, priors, curves, members):
        forecasts += rows
        restorations += back
    return forecasts, restorations


Found = tuple[list[Forecast], list[Restoration]]


def _fit(event: RealEvent, figures: Any, priors: Mapping[str, Any], members: int, **changes: Any) -> Given:
    scenario = event.scenario.replace(
        figures=figures, priors=priors, horizon_h=max(HORIZON_H, int(event.scenario.horizon_h)), **changes
    )
    known = sum(QUANTITIES[name].role == "outcome" for name in scenario.figures["quantity"])
    return Given(event, ei.estimate(scenario, members=members, rng=1), known)


def _recorded(event: RealEvent, priors: Any, curves: Sequence[Recorded], members: int) -> Iterator[Found]:
    assert event.curve is not None
    hours, out = event.curve
    alive = hours[out > NOTHING * out[0]].max()
    place = event.scenario.places[0]
    peak = event.scenario.start + ONSET_H * HOUR
    priors = priors | NO_NIGHT if place.timezone == "UTC" else priors
    for read in ORIGINS_H:
        targets = np.array([read[-1] + lead for lead in LEADS_H if read[-1] + lead <= alive], float)
        if not len(targets):
            continue
        figures = read_curve(event.curve, read, place.name, event.scenario.start)
        given = _fit(event, figures, priors, members)
        draws = given.fit[POWER, place.name].at([peak + hour * HOUR for hour in targets])
        known = np.array(read, float), np.array([figure["value"] for figure in figures])
        like = analogs.forecast(curves, event, *known, targets)
        rows = [
            _scored(
                given,
                pd.Series({"id": f"{hour:g} h", "quantity": POWER, "place": place.name, "time": peak + hour * HOUR}),
                draws[:, at],
                truth=float(np.interp(hour, hours, out)),
                largest=out[0],
                seen=known,
                hour=hour,
                like=None if like is None else like[:, at],
            )
            for at, hour in enumerate(targets)
        ]
        yield rows, [_restoration(given, (POWER, place.name), read[-1], hours, out)]


def _published(event: RealEvent, priors: Any, curves: Sequence[Recorded], members: int) -> Iterator[Found]:
    figures = event.scenario.figures.sort_values("time", kind="stable").reset_index(drop=True)
    rng = np.random.default_rng(1)
    for first in FIRST:
        before, later = figures.iloc[:first], figures.iloc[first:]
        if later.empty or before["value"].isna().any():
            continue
        place = event.scenario.places[0]
        sized = ei.Place(
            place.name, timezone=place.timezone, power_customers=stock(event.served, float(before["value"].max()))
        )
        given = _fit(event, before, priors, members, places=sized)
        rows = [_report(given, row, before, figures, curves, rng) for _, row in later.iterrows()]
        yield rows, _restorations(given, figures, before["time"].iloc[-1])


def _rolling(event: RealEvent, priors: Any, curves: Sequence[Recorded], members: int) -> Iterator[Found]:
    rng = np.random.default_rng(1)
    fits: dict[pd.Timestamp, Given] = {}
    for target, series, before in _targets(event.scenario):
        origin = before["time"].iloc[-1]
        if target["time"] <= origin:
            continue
        if first := origin not in fits:
            known = published_until(event.scenario, origin).figures
            fits[origin] = _fit(event, known, priors, members)
        given = fits[origin]
        yield (
            [_report(given, target, before, series, curves, rng)],
            _restorations(given, event.scenario.figures, origin) if first else [],
        )


def _targets(scenario: ei.Scenario) -> Iterator[tuple[pd.Series, pd.DataFrame, pd.DataFrame]]:
    """Yield each figure with its series and what of the series was published before it; "none" as 0."""
    figures = scenario.figures.sort_values("time", kind="stable")
    for numbers in series_of(scenario):
        whole = figures[(figures["qualifier"] == "all") & _alike(figures, numbers.iloc[0])]
        series = pd.concat([whole, numbers]).sort_values("time", kind="stable") if len(whole) else numbers
        for position in range(1, len(series)):
            if series.iloc[position]["qualifier"] != "all":
                yield series.iloc[position], series, series.iloc[:position]
    for _, target in figures[figures["qualifier"] == "none"].iterrows():
        series = figures[_alike(figures, target) & (figures["value"].notna() | (figures["qualifier"] == "all"))]
        before = series[series["time"] < target["time"]]
        if not before.empty:
            yield target, series, before


def _alike(figures: pd.DataFrame, one: pd.Series) -> pd.Series:
    """Return which figures are of the series of one."""
    return (figures[list(SAME)] == one[list(SAME)]).all(axis=1)


def _report(
    given: Given,
    target: pd.Series,
    before: pd.DataFrame,
    series: pd.DataFrame,
    curves: Sequence[Recorded],
    rng: np.random.Generator,
) -> Forecast:
    """Return the forecast of a figure as published, from what of its series was known."""
    values, before_values = _values(given.fit, series), _values(given.fit, before)
    since = ((before["time"] - before["time"].iloc[0]) / HOUR).to_numpy(float)
    seen = since, before_values
    hour = (target["time"] - before["time"].iloc[0]) / HOUR
    none = target["qualifier"] == "none"
    draws = _counts(given.fit, target) if none else report_draws(given.fit, target, rng)
    like = None
    if given.event.form == "published":
        like = analogs.forecast(curves, given.event, *seen, np.array([hour]))
    return _scored(
        given,
        target,
        draws,
        truth=0.0 if none else float(target["value"]),
        largest=float(values.max()),
        seen=seen,
        hour=hour,
        like=None if like is None else like[:, 0],
        nothing=_nothing(given.fit, target) if none else 0.0,
    )


def _values(fit: Any, figures: pd.DataFrame) -> np.ndarray:
    """Return the numbers of figures of one series: all of the stock for "all", 0 for "none"."""
    whole = 1.0 if figures["unit"].iloc[0] == "share" else _size(fit, figures.iloc[0])
    return figures["value"].mask(figures["qualifier"] == "all", whole).fillna(0.0).to_numpy(float)


def _counts(fit: Any, target: pd.Series) -> np.ndarray:
    """Return what the members say of the time of a figure, in its unit and without the scatter of reports."""
    values = fit[target["quantity"], target["place"]].at([target["time"]])[:, 0]
    return values / _size(fit, target) if target["unit"] == "share" else values


def _size(fit: Any, target: pd.Series) -> float:
    stocked = QUANTITIES[target["quantity"]].stock
    sizes = fit.scenario.place(target["place"]).stock_range(stocked) if stocked else None
    return float(np.mean(sizes)) if sizes else 0.0


def _nothing(fit: Any, target: pd.Series) -> float:
    """Return what still counts as "none" of the figure's stock, in its unit."""
    return NOTHING * (1.0 if target["unit"] == "share" else _size(fit, target))


def _scored(
    given: Given,
    target: pd.Series,
    draws: np.ndarray,
    *,
    truth: float,
    largest: float,
    seen: tuple[np.ndarray, np.ndarray],
    hour: float,
    like: np.ndarray | None,
    nothing: float = 0.0,
) -> Forecast:
    """Return a forecast with its scores; a truth of 0 is met by whatever counts as nothing."""
    event, (since, values), top = given.event, seen, max(truth, nothing)
    q05, q25, q50, q75, q95 = (float(end) / largest for end in np.quantile(draws, LEVELS))
    lead = hour - since[-1]
    rate = max(np.log(values[0] / max(values[-1], 1e-9)) / since[-1], 0.0) if since[-1] > 0 else 0.0
    inside = {
        name: low <= top / largest and truth / largest <= high
        for name, low, high in (("inside50", q25, q75), ("inside90", q05, q95))
    }
    return Forecast(
        event=event.name,
        outage=outage_of(event.name),
        kind=event.kind,
        system=QUANTITIES[target["quantity"]].system or "",
        place=target["place"],
        form=event.form,
        date=f"{event.scenario.events[0].time:%Y-%m-%d}",
        known=given.known,
        lead_h=float(lead),
        figure=target["id"],
        time=f"{target['time']:%Y-%m-%dT%H:%MZ}",
        largest=largest,
        truth=truth / largest,
        q05=q05,
        q25=q25,
        q50=q50,
        q75=q75,
        q95=q95,
        pit=float((draws < top).mean() + (draws == top).mean() / 2) / (1 if truth else 2),
        crps=_crps(draws, truth) / largest,
        persistence=abs(values[-1] - truth) / largest,
        exponential=abs(values[-1] * np.exp(-rate * lead) - truth) / largest,
        analogs=np.nan if like is None else _crps(like, truth) / largest,
        **inside,
        analogs_inside90=np.nan if like is None else float(_holds(like, truth, top)),
        source=event.addresses.get(target["id"], event.addresses.get("", "")),
    )


def _crps(draws: np.ndarray, truth: float) -> float:
    return float(scoring.crps(np.asarray(draws)[:, None], [truth])[0])


def _holds(draws: np.ndarray, truth: float, top: float) -> bool:
    low, high = np.quantile(draws, (LEVELS[0], LEVELS[-1]))
    return bool(low <= top and truth <= high)


def _restorations(given: Given, figures: pd.DataFrame, origin: pd.Timestamp) -> list[Restoration]:
    """Return when nine tenths of each stock with a figure at the origin are back."""
    scenario, found = given.fit.scenario, []
    begun = [event for event in scenario.events if event.time <= origin]
    if not begun:
        return []
    after = min((event.time for event in scenario.events if event.time > begun[-1].time), default=scenario.end)
    numbered = figures["value"].notna() | figures["qualifier"].isin(["all", "none"])
    stocks = figures[numbered & (figures["kind"] == "stock") & figures["time"].between(begun[-1].time, after)]
    for (quantity, place, _), rows in stocks.groupby(["quantity", "place", "unit"], sort=False):
        seen = (rows["time"] == origin).any() and (quantity, place) in given.fit.available
        if not seen or not QUANTITIES[quantity].restorable:
            continue
        ordered = rows.sort_values("time", kind="stable")
        hours = ((ordered["time"] - begun[-1].end) / HOUR).to_numpy(float)
        values = _values(given.fit, ordered)
        now = (origin - begun[-1].end) / HOUR
        found.append(_restoration(given, (quantity, place), now, hours, values, begun[-1], after))
    return found


def _restoration(
    given: Given,
    key: tuple[str, str],
    origin_h: float,
    hours: np.ndarray,
    values: np.ndarray,
    event: ei.Event | None = None,
    until: pd.Timestamp | None = None,
) -> Restoration:
    event = event or given.fit.scenario.events[0]
    draws = given.fit[key].time_to_restore(0.9, since=event.time, until=until)
    after_end = np.maximum(draws - (event.end - event.time) / HOUR, 0.0)
    low, median, high = np.quantile(after_end, (0.05, 0.5, 0.95), method="inverted_cdf")
    return Restoration(
        event=given.event.name,
        outage=outage_of(given.event.name),
        kind=given.event.kind,
        system=QUANTITIES[key[0]].system or "",
        place=key[1],
        form=given.event.form,
        known=given.known,
        origin_h=float(origin_h),
        truth_h=hour_restored(hours, values),
        low_h=float(low),
        median_h=float(median),
        high_h=float(high),
    )


def hour_restored(hours: np.ndarray, values: np.ndarray) -> float:
    """
    Return the hour at which a tenth of the largest value was left for good, linear between values.

    Parameters
    ----------
    hours, values : ndarray, (values,)
        In order of time.

    Returns
    -------
    float
        NaN if the last value is above a tenth.

    Examples
    --------
    >>> hour_restored(np.array([0.0, 10.0, 20.0]), np.array([100.0, 20.0, 0.0]))
    15.0
    """
    left = 0.1 * values.max()
    if values[-1] > left:
        return float("nan")
    last = int(np.flatnonzero(values > left)[-1])
    drop = (values[last] - left) / (values[last] - values[last + 1])
    return float(hours[last] + drop * (hours[last + 1] - hours[last]))
