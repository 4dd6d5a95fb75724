"""One random case of each kind of input: what is done, and what must hold if it is accepted."""

from __future__ import annotations

import inspect
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import energy_impact as ei
from energy_impact.figures.table import write_figures
from energy_impact.results.files import storage
from tests.fuzz.base import HEADER, ROWS, TOML, ends_well, estimate, sound_figures
from tests.fuzz.nasty import CELLS, VALUES, changed_bytes, changed_text, pick

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOURS = [f"2026-10-25T{hour:02d}:00" for hour in range(8)]
WEATHER = (
    "time,air_temperature_c\n" + "".join(f"{hour}Z,{number - 3}\n" for number, hour in enumerate(HOURS)),
    "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n50.4,30.5,179,7200,x,x\n\n"
    "time,temperature_2m (°C)\n" + "".join(f"{hour},{number}\n" for number, hour in enumerate(HOURS)),
    "".join(f"2026-10-25,{hour},{hour - 3}.5,,,,,,,,\n" for hour in range(8)),
)


def figures(rng: np.random.Generator, folder: Path) -> None:
    """A table of figures, as a file or as dicts."""
    lines = [HEADER, *ROWS]
    if rng.random() < 0.3:
        rows = [dict(zip(HEADER.split(","), line.split(","), strict=True)) for line in ROWS]
        name = pick(rng, [*HEADER.split(","), "more", "accept", pick(rng, CELLS)])
        rows[int(rng.integers(len(rows)))][name] = pick(rng, VALUES)
        table = ei.read_figures(rows)
        sound_figures(table)
        write_figures(table, folder / "figures.csv")
        _kept(rng, table, folder)
        return
    if rng.random() < 0.6:
        at = int(rng.integers(1, len(lines)))
        cells = lines[at].split(",")
        cells[int(rng.integers(len(cells)))] = f'"{pick(rng, CELLS)}"'
        lines[at] = ",".join(cells)
        content = "\n".join(lines).encode("utf-8", "surrogatepass")
    else:
        content = changed_text(rng, "\n".join(lines)).encode("utf-8", "surrogatepass")
        content = changed_bytes(rng, content) if rng.random() < 0.3 else content
    path = folder / "figures.csv"
    path.write_bytes(content)
    table = ei.read_figures(path)
    sound_figures(table)
    again = ei.read_figures(write_figures(table, folder / "again.csv"))
    assert again["value"].equals(table["value"])


def _kept(rng: np.random.Generator, table: pd.DataFrame, folder: Path) -> None:
    """Check that a run with figures, and with what else their table holds, is saved and read."""
    if rng.random() < 0.1:
        place = ei.Place("Kyiv", timezone="Europe/Kyiv", heat_buildings=12_000, power_customers=10**6)
        run = ei.estimate(ei.Scenario("2026-01-24T00:00+02:00", 24, place, figures=table), members=4, rng=1)
        assert len(ei.load_estimate(run.save(folder / "e.npz")).scenario.figures) == len(table)


def scenario(rng: np.random.Generator, folder: Path) -> None:
    """A scenario file; some are run."""
    path = folder / "s.toml"
    if rng.random() < 0.6:
        lines = TOML.splitlines()
        at = pick(rng, [number for number, line in enumerate(lines) if "=" in line])
        name = lines[at].partition(" = ")[0]
        value = pick(rng, CELLS)
        lines[at] = f"{name} = {pick(rng, (value, json.dumps(value), [value], -1, 0, 0.5, 1e30, 10**30, 'nan', 'inf'))}"
        text = "\n".join(lines)
    else:
        text = changed_text(rng, TOML)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    made = ei.load_scenario(path)
    data = json.loads(json.dumps(made.to_dict(), allow_nan=False))
    assert ei.Scenario.from_dict(data).to_dict() == made.to_dict()
    if len(made.times) < 100 and rng.random() < 0.2:
        run = ei.estimate(made, members=16, rng=1)
        assert all(np.isfinite(run[key].draws).all() for key in run.available)


def weather(rng: np.random.Generator, folder: Path) -> None:
    """A weather file of one of three formats."""
    path = folder / "w.csv"
    content = changed_text(rng, pick(rng, WEATHER)).encode("utf-8", "surrogatepass")
    path.write_bytes(changed_bytes(rng, content) if rng.random() < 0.2 else content)
    given = {name: pick(rng, VALUES) for name in ("timezone", "start", "end") if rng.random() < 0.2}
    read = ei.read_weather(path, **given)
    values = np.asarray(read)
    assert len(values)
    assert ((values >= -90) & (values <= 60)).all()
    assert (np.diff(read.index.asi8) <= 3_600_000_000_000).all()


def series(rng: np.random.Generator, _folder: Path) -> None:
    """A series of customers out."""
    step = pick(rng, ["h", "15min", "7s", "D"])
    index = pd.date_range("2026-10-24T20:00", periods=12, freq=step, tz=pick(rng, [None, "UTC", "Europe/Kyiv"]))
    values = list(rng.integers(0, 1000, 12).astype(float))
    for at in rng.integers(12, size=rng.integers(3)):
        values[at] = pick(rng, VALUES)
    times = list(index)
    for at in rng.integers(12, size=rng.integers(3)):
        times[at] = pick(rng, [times[0], times[-1], pd.NaT, times[at] + pd.Timedelta("7s")])
    plain = all(isinstance(value, float) for value in values)
    made: Any = pd.Series(values, pd.DatetimeIndex(times), dtype=float if plain else object)
    made = pick(rng, VALUES) if rng.random() < 0.1 else made
    given = {name: pick(rng, VALUES) for name in ("missing", "step_h", "timezone", "customers") if rng.random() < 0.15}
    threshold = pick(rng, VALUES) if rng.random() < 0.2 else 30
    found = ei.outage_events(made, threshold=threshold, **given)
    assert (found["duration_h"] > 0).all()
    assert (found["customer_hours"] >= 0).all()
    indices = ei.reliability_indices(found.assign(gap=False), customers=1e10)
    assert np.isfinite(indices).all()


def saved(rng: np.random.Generator, folder: Path) -> None:
    """A saved estimate with another entry, another array or other bytes, or as it was."""
    packed = storage.pack(estimate())
    path = folder / "e.npz"
    way = rng.integers(4)
    if way == 0:
        text = json.loads(packed["text"].tobytes())
        key = pick(rng, sorted(text))
        inner = text["scenario"]
        target = inner if key == "scenario" and rng.random() < 0.8 else text
        at = pick(rng, sorted(target))
        target[at] = pick(rng, [None, 3, -1, 0.5, "x", [], {}, [1], {"a": 1}, True, 10**30, "x" * 999, [[]], [{}]])
        packed["text"] = np.frombuffer(json.dumps(text).encode(), np.uint8)
    elif way == 1:
        name = pick(rng, sorted(packed))
        packed[name] = pick(
            rng, [np.zeros(3), np.array("x"), packed[name][:-1], packed[name] * np.nan, np.zeros((0, 0))]
        )
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **packed)
    path.write_bytes(changed_bytes(rng, buffer.getvalue()) if way == 2 else buffer.getvalue())
    read = ei.load_estimate(path)
    assert np.isfinite(read["heat_buildings_out", "Kyiv"].draws).all()


def _calls() -> dict[str, Callable[..., Any]]:
    """Return public functions and methods by name; those that would run for long or need a file are left out."""
    run = estimate()
    curve = run["heat_buildings_out", "Kyiv"]
    owners = {"estimate": run, "curve": curve, "scenario": run.scenario, "place": run.scenario.places[0]}
    found = {
        f"{owner}.{name}": getattr(thing, name)
        for owner, thing in owners.items()
        for name in dir(thing)
        if not name.startswith("_") and inspect.ismethod(getattr(thing, name, None))
    }
    found |= {name: getattr(ei, name) for name in ei.__all__ if name != "__version__"}
    found["estimate.__getitem__"] = run.__getitem__
    return {
        name: call for name, call in found.items() if name not in {"Estimate", "Ensemble", "parameters", "scenarios"}
    }


SOUND: dict[str, Any] = {
    "members": 4,
    "cases": 1,
    "rng": 1,
    "level": 0.9,
    "share": 0.5,
    "quantity": "heat_buildings_out",
    "place": "Kyiv",
    "times": "2026-01-24T05:00+02:00",
    "kind": "storm",
    "per_week": 1,
    "start": "2026-01-24T01:00+02:00",
    "end": "2026-01-24T11:00+02:00",
    "time": "2026-01-24T03:00+02:00",
    "claimed_by": "x",
    "reduces": 0.5,
    "holds": 0.5,
    "horizon_h": 12,
    "temperature": -10.0,
    "threshold": 30,
    "customers": 1000,
}
RUNS = ("narrowed_by", "plot", "report", "safety", "drain", "to_xarray", "backtest", "calibrate", "bands", "simulate")


def calls(rng: np.random.Generator, folder: Path) -> None:
    """A public function or method with one to three arguments of any type."""
    known = _calls()
    name = pick(rng, sorted(known))
    if any(slow in name for slow in RUNS) and rng.random() < 0.7:
        name = pick(rng, sorted(known))
    call = known[name]
    arguments = [
        key
        for key, parameter in inspect.signature(call).parameters.items()
        if parameter.kind in {parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY}
    ]
    if name == "scenario.replace":
        arguments = [
            "start",
            "horizon_h",
            "step_h",
            "places",
            "events",
            "figures",
            "weather",
            "priors",
            "name",
            "title",
        ]
    given = {key: SOUND[key] for key in arguments if key in SOUND and name != "scenario.replace"}
    if "scenario" in arguments:
        given["scenario"] = estimate().scenario
    if "rng" in arguments:
        given |= {key: SOUND[key] for key in ("members", "cases", "rng") if key in arguments}
    for key in rng.permutation(arguments)[: rng.integers(1, 4)]:
        given[str(key)] = pick(rng, VALUES)
    if "path" in given and isinstance(given["path"], str) and given["path"].strip():
        given["path"] = folder / "file" if rng.random() < 0.5 else given["path"][:300] + "\0"
    if "path" in arguments and "path" not in given:
        given["path"] = folder / "file"
    missing = [
        key
        for key, parameter in inspect.signature(call).parameters.items()
        if parameter.default is parameter.empty and key in arguments and key not in given
    ]
    given |= {key: pick(rng, VALUES) for key in missing}
    if name == "estimate.__getitem__":
        call(given["key"])
        return
    call(**given)


def words(rng: np.random.Generator, folder: Path) -> None:
    """Words of the command line; it ends with a code and one message."""
    (folder / "s.toml").write_text(changed_text(rng, TOML) if rng.random() < 0.5 else TOML, encoding="utf-8")
    said = [pick(rng, ["estimate", "figures", "backtest", "calibrate", "x", ""]), str(folder / "s.toml")]
    for option in ("--members", "--seed", "--cases", "--out", "--level"):
        if rng.random() < 0.4:
            said += [option, pick(rng, ["2", "4", "0", "-1", "x", "", "1e3", "9" * 5000, "\0", str(folder / "s.toml")])]
    if "calibrate" in said:
        said += ["--cases", "0"]
    ends_well([*said, "--members", "4"] if rng.random() < 0.8 and "figures" not in said else said)
