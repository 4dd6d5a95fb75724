"""One random case of the kinds of input that came later: articles, what-ifs, outage tables and Excel files."""

from __future__ import annotations

import contextlib
import inspect
import io
import itertools
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import energy_impact as ei
from energy_impact.bounds import LARGEST_COUNT
from energy_impact.figures.figure import COLUMNS
from energy_impact.text.draft import scenario_text
from tests.fuzz.base import HEADER, ROWS, TOML, ends_well, estimate, sound_figures
from tests.fuzz.nasty import CELLS, VALUES, changed_bytes, changed_text, pick

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("en", "uk", "ru", "de")
LEVERS = {
    "colder": (-3, 8),
    "crews": (0.5, 2),
    "generators": (0, 0.5, 1),
    "mobile_boilers": (0, 40),
    "warming_points": (0, 1000),
}
"""Sound values of each."""
SINCE = "2026-01-24T06:00+02:00"
WHAT_IFS = """
[[what_if]]
name = "colder"
since = "2026-01-24T12:00+02:00"
colder = 8
crews = 2
generators = 0.5
mobile_boilers = 40
warming_points = 1000
places = ["Kyiv"]

[what_if.event]
time = "2026-01-24T14:00+02:00"
kind = "attack"

[[what_if]]
name = "a truce"
truce = { start = "2026-01-24T13:00Z", end = "2026-01-25T00:00Z", claimed_by = "x", reduces = 0.9, holds = 0.5 }
"""
LONG = "run_start_time,county,state,customers_out\n" + "".join(
    f"2026-10-25 0{hour}:{minute},{county},Ohio,{hour * 7}\n"
    for hour, minute, county in itertools.product(range(6), ("00", "15", "30"), ("Lake", "Ada"))
)
WIDE = "time,Lake,Ada\n" + "".join(f'2026-10-25T0{hour}:30,{hour * 50},"1 20{hour}"\n' for hour in range(8))


@cache
def sentences(language: str) -> tuple[str, ...]:
    """Return the sentences of the tests of a language."""
    file = Path(__file__).parents[1] / "text" / f"sentences_{language}.toml"
    return tuple(entry["text"] for entry in tomllib.loads(file.read_text(encoding="utf-8"))["sentence"])


def article(rng: np.random.Generator) -> str:
    """Return one to six sentences, mostly of one language, and mostly changed."""
    language = pick(rng, LANGUAGES)
    found = [pick(rng, sentences(language if rng.random() < 0.9 else pick(rng, LANGUAGES))) for _ in range(6)]
    text = pick(rng, [" ", "\n", "\r\n\r\n", "\t", ""]).join(found[: int(rng.integers(1, 7))])
    if rng.random() < 0.8:
        text = changed_text(rng, text)
    return text * int(rng.choice([1, 1, 1, 1, 40]))


def text(rng: np.random.Generator, folder: Path) -> None:
    """An article read, and what a person may decide on it; or the commands for it."""
    said = article(rng)
    if rng.random() < 0.15:
        _text_command(rng, folder, said)
        return
    given: dict[str, Any] = {"published": "2026-02-14T18:00+00:00"}
    for key in ("published", "language", "places", "source"):
        if rng.random() < 0.1:
            given[key] = pick(rng, VALUES)
    reading = ei.read_text(pick(rng, VALUES) if rng.random() < 0.03 else said, **given)
    table = reading.candidates
    for row in table.itertuples():
        assert reading.articles[0].text[row.start : row.end] == row.quote
        assert 0 <= row.confidence <= 1
    assert reading._repr_html_()
    assert len(reading.conflicts()) + len(reading.questions()) < 10**5
    scenario_text(reading, "figures.csv").encode()
    if len(table):
        _decide(rng, reading, pick(rng, table["id"].tolist()))


def _decide(rng: np.random.Generator, reading: Any, id: str) -> None:
    """Change cells of a candidate, drop others or accept all that can be, and read the figures."""
    way = rng.integers(4)
    if way == 0:
        reading = reading.set(id, **{pick(rng, COLUMNS): pick(rng, (*VALUES, *CELLS))})
    elif way == 1:
        reading = getattr(reading, pick(rng, ["drop", "accept", "joined"]))(pick(rng, VALUES))
    reading = reading.set(id, place="Kyiv", time="2026-02-14T07:00Z")
    sound_figures(reading.accept(id).figures())
    sound_figures(reading.accept(float(rng.random())).figures())


def _text_command(rng: np.random.Generator, folder: Path, said: str) -> None:
    file = folder / "article.txt"
    content = said.encode("utf-8", "surrogatepass")
    file.write_bytes(changed_bytes(rng, content) if rng.random() < 0.3 else content)
    words = [pick(rng, ["read", "draft"]), str(pick(rng, [file, file, folder, folder / "no"]))]
    words += ["--published", pick(rng, ["2026-02-14", "2026-02-14T10:00Z", *CELLS])]
    words += ["--out", str(folder / pick(rng, ["new", "a/b.csv", "x" * 300]))] if rng.random() < 0.8 else []
    for option in ("--places", "--language", "--source"):
        if rng.random() < 0.2:
            words += [option, pick(rng, ["Kyiv", "en", str(file), "no.csv", *CELLS])]
    ends_well(words)


def what_if(rng: np.random.Generator, _folder: Path) -> None:
    """A what-if of a fit, and a comparison of options."""
    run = estimate()
    given: dict[str, Any] = {name: pick(rng, most) for name, most in LEVERS.items() if rng.random() < 0.4}
    given["since"] = SINCE
    for name in rng.permutation([*inspect.signature(run.what_if).parameters])[: rng.choice(3, p=[0.4, 0.4, 0.2])]:
        given[str(name)] = pick(rng, VALUES)
    if rng.random() < 0.2:
        time = pick(rng, [SINCE, "2026-01-24T09:00+02:00", *VALUES])
        given["event"] = ei.Event(time, kind=pick(rng, ["storm", "attack", "x"]), missiles=pick(rng, [None, 3, -1]))
    other = run.what_if(**given)
    key = "heat_buildings_out", "Kyiv"
    before = run.scenario.times <= other.scenario.since(other.scenario.changes[-1])
    assert np.array_equal(run[key].draws[:, before], other[key].draws[:, before])
    assert all(np.isfinite(other[one].draws).all() for one in other.available)
    _compared(rng, {"as it is": run, pick(rng, ["other", *CELLS]): other})


def _compared(rng: np.random.Generator, options: Mapping[Any, Any]) -> None:
    changed: Any = dict(options)
    if rng.random() < 0.2:
        changed[pick(rng, ["x", 1, None])] = pick(rng, VALUES)
    changed = pick(rng, VALUES) if rng.random() < 0.05 else changed
    comparison = ei.compare(changed)
    table = comparison.table(level=pick(rng, VALUES) if rng.random() < 0.1 else 0.9)
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()
    assert table["chance_best"].between(0, 1).all()
    assert (table["regret"] >= 0).all()
    if rng.random() < 0.05:
        comparison.plot(pick(rng, [None, *VALUES]), pick(rng, [None, "Kyiv", "x"]))


def options(rng: np.random.Generator, folder: Path) -> None:
    """[[what_if]] tables of a scenario file; some are compared by the command line."""
    path = folder / "s.toml"
    if rng.random() < 0.6:
        lines = WHAT_IFS.splitlines()
        at = pick(rng, [number for number, line in enumerate(lines) if "=" in line])
        value = pick(rng, CELLS)
        name = lines[at].partition(" = ")[0]
        lines[at] = (
            f"{name} = {pick(rng, (value, json.dumps(value), [value], {}, -1, 0, 0.5, 1e30, 10**30, 'nan', 'inf'))}"
        )
        changed = "\n".join(lines)
    else:
        changed = changed_text(rng, WHAT_IFS)
    path.write_bytes((TOML + changed).encode("utf-8", "surrogatepass"))
    if rng.random() < 0.15:
        words = ["compare", str(path), "--members", "4"]
        for lever in ("--colder", "--crews", "--generators", "--since", "--places", "--out"):
            if rng.random() < 0.3:
                words += [
                    lever,
                    pick(rng, ["1", "0", "-1", "nan", "1e400", "x", SINCE, "Kyiv", "\0", str(folder / "o")]),
                ]
        ends_well(words)
        return
    made = ei.load_scenario(path)
    data = json.loads(json.dumps(made.to_dict(), allow_nan=False))
    assert ei.Scenario.from_dict(data).to_dict() == made.to_dict()
    if rng.random() < 0.2:
        run = ei.estimate(made, members=8, rng=1)
        _compared(rng, {"as it is": run} | {one.name: run.under(one) for one in made.what_ifs})


def outages(rng: np.random.Generator, folder: Path) -> None:
    """A wide or long table of customers out, as a file or a frame."""
    content = pick(rng, [LONG, WIDE])
    frame = pd.read_csv(io.StringIO(content))
    source: Any = folder / pick(rng, ["o.csv", "o.xlsx"])
    if rng.random() < 0.4:
        for _ in range(int(rng.integers(1, 4))):
            cells = frame[column := pick(rng, list(frame))].tolist()
            cells[int(rng.integers(len(cells)))] = pick(rng, (*VALUES, *CELLS))
            frame[column] = pd.Series(cells, dtype=object)
        source = frame
    elif source.suffix == ".csv":
        content = changed_text(rng, content).encode("utf-8", "surrogatepass")
        source.write_bytes(changed_bytes(rng, content) if rng.random() < 0.3 else content)
    else:
        write_sheet(rng, source, [list(frame), *frame.to_numpy().tolist()])
    given = {name: pick(rng, VALUES) for name in ("columns", "timezone") if rng.random() < 0.1}
    if rng.random() < 0.2:
        names = [*frame.columns, "x", None, 1]
        given["columns"] = {
            key: pick(rng, names) for key in ("time", "place", "within", "customers_out", "x")[: rng.integers(6)]
        }
    table = ei.read_outages(source, **given)
    values = table.to_numpy(float)
    assert (np.isnan(values) | ((values >= 0) & (values <= LARGEST_COUNT))).all()
    assert table.index.is_monotonic_increasing
    assert table.index.is_unique
    assert table.columns.is_unique
    assert str(table.index.tz) == "UTC"
    if len(table):
        ei.outage_events(table.iloc[:, 0].dropna(), threshold=30, missing="zero")


def write_sheet(rng: np.random.Generator, path: Path, rows: list[list[Any]]) -> None:
    """Write an Excel file, with a few cells or bytes changed."""
    from openpyxl import Workbook
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([None if isinstance(cell, float) and np.isnan(cell) else cell for cell in row])
    for _ in range(int(rng.integers(0, 4))):
        cell = sheet.cell(int(rng.integers(1, len(rows) + 2)), int(rng.integers(1, len(rows[0]) + 2)))
        with contextlib.suppress(ValueError, TypeError, IllegalCharacterError, AttributeError):
            cell.value = pick(rng, (*VALUES, *CELLS))
    buffer = io.BytesIO()
    try:
        book.save(buffer)
    except (ValueError, TypeError, OverflowError, AttributeError):  # a value that no sheet can hold
        buffer = io.BytesIO(b"PK")
    path.write_bytes(changed_bytes(rng, buffer.getvalue()) if rng.random() < 0.3 else buffer.getvalue())


def sheets(rng: np.random.Generator, folder: Path) -> None:
    """A table of figures as an Excel file."""
    path = folder / pick(rng, ["f.xlsx", "f.XLSX", "f.xlsm"])
    rows: list[list[Any]] = [HEADER.split(","), *(line.split(",") for line in ROWS)]
    if rng.random() < 0.2:
        rows.insert(1, ["#id", "#date", *[""] * (len(rows[0]) - 2)])
    write_sheet(rng, path, [[cell or None for cell in row] for row in rows])
    sound_figures(ei.read_figures(path))
