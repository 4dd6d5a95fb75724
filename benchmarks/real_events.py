"""Real outages as scenarios: recorded curves, published figures, and the scenarios that are shipped.

`events(folders)` reads every folder that it knows the layout of:

- recorded curves: `*.csv` (utc, hours, customers_out, flag), with `events_summary.csv` in the folder above;
- published figures of storms, grid failures and sabotage: `figures.csv` (the library's table) with `events.csv` and
  `served.csv`;
- published figures of attacks and heating failures: `figures.csv` and `events.json`;
- published figures with what the library is told of each outage: `figures.csv` and `events.csv` alone.

Without being asked for it reads what is shipped: the scenarios, and the facts in `seeds/outages`.

`outage_kinds.json` says how a hazard or a group of those tables is described to the library.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from event_groups import TWINS, group_of
from referee_adapter import TIMEZONES

import energy_impact as ei
from energy_impact.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LEARNED = Path(__file__).parent / "learned_priors.json"
"""Priors by kind, of all events and without each group, as `learn_priors.py` writes them."""
KINDS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "outage_kinds.json").read_text(encoding="utf-8"))
SEEDS = Path(__file__).parents[1] / "seeds"
FACTS = SEEDS / "outages"
OPEN_LICENCE = "Apache-2.0"
"""The licence under which numbers of an archive may be passed on."""
HOURS = (0, 2, 4, 6, 9, 12, 16, 20, 24, 30, 36, 42, 48, 60, 72, 84, 96, 120, 144, 168, 200, 240, 300)
"""Hours after its peak at which a recorded curve is read. [h]"""
ONSET_H = 12
"""Hours over which an outage is taken to build up before its peak, as in `referee_adapter.py`. [h]"""
BEFORE = pd.Timedelta(hours=6)
"""What a scenario of published figures has before the outage."""
UNKNOWN_STOCK = (1.5, 60.0)
"""Customers served over the largest figure, where nobody gave how many are served (judgement)."""
WEATHER_H = 24 * 31
"""Least length of the steady weather that a table gives. [h]"""
HOLDS_H = {"exact": 0.25, "hour": 0.5, "morning": 2, "evening": 2, "afternoon": 2, "night": 3, "day": 4}
"""Half-width of a time by its stated precision (judgement). [h]"""
METRICS = {
    "customers_without_power": ("power_customers_out", "count", "stock"),
    "share_without_power": ("power_customers_out", "share", "stock"),
    "people_without_power": ("power_people_out", "count", "stock"),
    "customers_restored_cum": ("power_customers_restored", "count", "flow"),
    "buildings_without_heat": ("heat_buildings_out", "count", "stock"),
    "share_without_heat": ("heat_buildings_out", "share", "stock"),
    "people_without_heat": ("heat_people_out", "count", "stock"),
    "households_without_heat": ("heat_households_out", "count", "stock"),
    "buildings_without_water": ("water_buildings_out", "count", "stock"),
    "share_without_water": ("water_buildings_out", "share", "stock"),
    "people_without_water": ("water_people_out", "count", "stock"),
}
"""Quantity, unit and kind of the metrics of attacks and heating failures."""


@dataclass(frozen=True)
class RealEvent:
    """
    One outage with all of its figures.

    Attributes
    ----------
    name, kind : str
        Kind of its first event.
    form : str
        "recorded", "published", "attack" (a table of attacks and heating failures), "fact" or "shipped" (a scenario).
    hazard : str
        How its source calls it.
    scenario : Scenario
    served : float
        Customers served; NaN if unknown.
    curve : ndarray, (2, times), or None
        Of a recorded outage: hours from its peak, and customers out.
    addresses : dict
        Where each figure was published, by its id; of a recorded outage the archive, under "".
    shareable : bool
        Whether its numbers may be passed on: facts as published, or an archive with an open licence.
    """

    name: str
    kind: str
    form: str
    hazard: str
    scenario: ei.Scenario
    served: float = float("nan")
    curve: np.ndarray | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)
    shareable: bool = True

    @property
    def group(self) -> str:
        """What is left out together: the utility of a storm, or the outage."""
        return group_of(self.name, self.kind)


def distinct(found: Iterable[RealEvent]) -> list[RealEvent]:
    """Return the events without tables of published figures of an outage that another source has in full."""
    found = list(found)
    fuller = {event.name for event in found if event.form != "published"}
    return [event for event in found if event.form != "published" or TWINS.get(event.name) not in fuller]


def events(folders: Iterable[Path], *, shipped: bool = True) -> list[RealEvent]:
    """Return the events of all folders and, if asked, the shipped scenarios and facts."""
    found = []
    for folder in folders:
        if (folder / "events.json").exists():
            found += _attacks(folder)
        elif (folder / "served.csv").exists():
            found += _published(folder)
        elif (folder / "events.csv").exists():
            found += _facts(folder)
        else:
            found += _curves(folder)
    return found + ([*_facts(FACTS), *_shipped()] if shipped else [])


def _shipped() -> list[RealEvent]:
    """Return the shipped scenarios with an event and with figures of an outage."""
    found = []
    for name in ei.scenarios():
        scenario = ei.load_scenario(name)
        counted = any(QUANTITIES[quantity].role == "outcome" for quantity in scenario.figures["quantity"])
        if scenario.events and counted:
            kind = scenario.events[0].kind
            found.append(
                RealEvent(name, kind, "shipped", kind, scenario, addresses=_addresses(scenario.figures, SEEDS))
            )
    return found


def _addresses(figures: pd.DataFrame, folder: Path) -> dict[str, str]:
    """Return where each figure was published, by its id, from the table of sources of a folder."""
    table = pd.read_csv(folder / "sources.csv", index_col=0)["address"].fillna("").to_dict()
    return {str(name): table.get(source, "") for name, source in zip(figures["id"], figures["source"], strict=True)}


def stock(served: float, largest: float) -> tuple[float, float]:
    """Return a 90 % range of the customers served, from the number given (NaN if unknown) and the largest figure."""
    low, high = (factor * largest for factor in UNKNOWN_STOCK) if np.isnan(served) else (0.95 * served, 1.05 * served)
    return low, max(high, 1.1 * largest)


def _curves(folder: Path) -> Iterator[RealEvent]:
    summary = pd.read_csv(folder.parent / "events_summary.csv").set_index("event")
    for path in sorted(folder.glob("*.csv")):
        if str(summary.loc[path.stem, "usable_for_forecast_backtest"]) == "True":
            yield _curve(path, summary.loc[path.stem])


def _curve(path: Path, about: pd.Series) -> RealEvent:
    """Read a curve from its peak on, at `HOURS`, rounded to two digits, until 0.5 % of the peak is left."""
    table = pd.read_csv(path)
    table = table[table["flag"].fillna("ok") == "ok"]
    hours, out = table["hours"].to_numpy(float), table["customers_out"].to_numpy(float)
    top = int(np.argmax(out))
    peak = pd.to_datetime(table["utc"].iloc[0], utc=True) + pd.Timedelta(hours=hours[top] - hours[0])
    curve = np.array([hours[top:] - hours[top], out[top:]])
    after, out = curve
    last = after[out > 0.005 * out[0]].max()
    at = [hour for hour in HOURS if hour <= last]
    utility, start = path.stem.rsplit("_", 1)[-1], peak.floor("s") - pd.Timedelta(hours=ONSET_H)
    served = float(about["customers_served"])
    hazard = "planned_shutoff" if "psps" in path.stem else "storm"
    zone = TIMEZONES.get(utility, "UTC")
    scenario = ei.Scenario(
        start,
        ONSET_H + int(at[-1]) + 1,
        ei.Place(utility, timezone=zone, power_customers=stock(served, float(out[0]))),
        events=[ei.Event(start, kind=hazard, duration_h=ONSET_H)],
        figures=read_curve(curve, at, utility, start),
        name=path.stem,
    )
    addresses = {"": str(about.get("repository", ""))}
    shareable = about.get("licence") == OPEN_LICENCE
    return RealEvent(path.stem, hazard, "recorded", hazard, scenario, served, curve, addresses, shareable)


def read_curve(curve: np.ndarray, at: Iterable[float], utility: str, start: pd.Timestamp) -> list[dict[str, Any]]:
    """Return figures of a recorded curve at hours from its peak, rounded to two digits."""
    at = list(at)
    common = {"place": utility, "kind": "stock", "quantity": "power_customers_out", "source": "utility"}
    return [
        {
            **common,
            "id": f"{hour} h",
            "time": start + pd.Timedelta(hours=ONSET_H + hour),
            "value": float(f"{max(number, 1):.2g}"),
            "qualifier": "about",
        }
        for hour, number in zip(at, np.interp(at, *curve), strict=True)
    ]


def _published(folder: Path) -> Iterator[RealEvent]:
    figures = ei.read_figures(folder / "figures.csv")
    table = pd.read_csv(folder / "events.csv").set_index("event")
    served = pd.read_csv(folder / "served.csv").set_index("event")["customers_served"]
    for name, rows in figures.groupby("event", sort=False):
        row, customers = table.loc[name], float(served[name])
        sizes = {"power_customers": stock(customers, float(rows["value"].max()))}
        how = {"kind": row["kind"], "duration_h": float(row["duration_h"]), **KINDS.get(row["group"], {})}
        begin = (pd.Timestamp(row["start"]).tz_convert("UTC") - BEFORE).floor("h")
        scenario = _scenario(str(name), row, sizes, how, rows, begin)
        addresses = _addresses(rows, folder)
        yield RealEvent(str(name), how["kind"], "published", row["group"], scenario, customers, addresses=addresses)


def _facts(folder: Path) -> Iterator[RealEvent]:
    """Read outages, with a step that ends with each: counts within the hour would else be read off a half-hit step."""
    figures = ei.read_figures(folder / "figures.csv")
    table = pd.read_csv(folder / "events.csv").set_index("event")
    for name, rows in figures.groupby("event", sort=False):
        row = table.loc[name]
        size = stock(float("nan"), float(rows["value"].max())) if np.isnan(row["low"]) else (row["low"], row["high"])
        how = {"kind": row["kind"], "duration_h": float(row["duration_h"])}
        begin = pd.Timestamp(row["start"]).tz_convert("UTC") + pd.Timedelta(hours=how["duration_h"]) - BEFORE
        scenario = _scenario(str(name), row, {row["stock"]: size}, how, rows, begin)
        if not np.isnan(row["air_temperature_c"]):
            scenario = scenario.replace(weather=_steady(scenario.start, scenario.horizon_h, row["air_temperature_c"]))
        yield RealEvent(str(name), row["kind"], "fact", row["kind"], scenario, addresses=_addresses(rows, folder))


def _scenario(
    name: str,
    about: pd.Series,
    sizes: Mapping[str, Any],
    how: Mapping[str, Any],
    figures: pd.DataFrame,
    begin: pd.Timestamp,
) -> ei.Scenario:
    """Return a scenario from its beginning to two days after its last figure."""
    end = figures["time"].max() + pd.Timedelta(hours=48)
    return ei.Scenario(
        begin,
        int(np.ceil((end - begin) / pd.Timedelta(hours=1))),
        ei.Place(about["place"], timezone=about["timezone"], **sizes),
        events=[ei.Event(pd.Timestamp(about["start"]).tz_convert("UTC"), **how)],
        figures=figures.assign(event=None),
        name=name,
    )


def _steady(start: pd.Timestamp, horizon_h: float, air_temperature_c: float) -> pd.Series:
    """Return steady weather from two hours before a start, for a horizon and at least a month."""
    hours = max(int(horizon_h), WEATHER_H) + 6
    index = pd.date_range(start.floor("h") - pd.Timedelta(hours=2), periods=hours, freq="h")
    return pd.Series(float(air_temperature_c), index=index)


def _attacks(folder: Path) -> Iterator[RealEvent]:
    figures = pd.read_csv(folder / "figures.csv")
    for event in json.loads((folder / "events.json").read_text(encoding="utf-8")):
        rows = figures[figures["event_id"] == event["id"]]
        scenario = _attack(event, rows)
        addresses = {f"{number:02d}": address for number, address in enumerate(rows["source_url"].fillna(""))}
        yield RealEvent(event["id"], scenario.events[0].kind, "attack", event["hazard"], scenario, addresses=addresses)


def _attack(event: dict[str, Any], rows: pd.DataFrame) -> ei.Scenario:
    zone = event["timezone"]
    sizes = {name: tuple(size) if isinstance(size, list) else size for name, size in event["stocks"].items()}
    place = ei.Place(event["place"], timezone=zone, **sizes)
    hits = [
        ei.Event(
            pd.Timestamp(hit["time"], tz=zone),
            name=f"event {number}",
            **{"kind": event["kind"], "duration_h": hit["duration_h"], **KINDS.get(event["hazard"], {})},
            **{key: hit[key] for key in ("missiles", "drones") if hit.get(key) is not None},
        )
        for number, hit in enumerate(event["events"])
    ]
    first = min(hit.time for hit in hits)
    start = pd.Timestamp(event["start"], tz=zone)
    return ei.Scenario(
        start,
        event["horizon_h"],
        place,
        events=hits,
        figures=[_figure(number, row, place, first) for number, row in enumerate(rows.to_dict("records"))],
        weather=_steady(start, event["horizon_h"], event["weather_c"]),
        name=event["id"],
    )


def _figure(number: int, row: dict[Any, Any], place: ei.Place, first: pd.Timestamp) -> dict[str, Any]:
    quantity, unit, kind = METRICS[row["metric"]]
    time = pd.Timestamp(row["time_local"], tz=place.timezone)
    since = (time - first) / pd.Timedelta(hours=1)
    return {
        "id": f"{number:02d}",
        "time": time,
        "place": place.name,
        "quantity": quantity,
        "value": None if row["qualifier"] in {"none", "all"} else float(row["value"]),
        "qualifier": row["qualifier"],
        "kind": kind,
        "unit": unit,
        "source": "press",
        "time_uncertainty_h": min(HOLDS_H[row["time_precision"]], max(since - 0.1, 0)),
        "period_start": first if kind == "flow" else None,
    }
