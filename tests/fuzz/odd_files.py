"""One random case of sound content in an odd form: encodings, ends of lines, links, archives, types of columns."""

from __future__ import annotations

import gzip
import io
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import energy_impact as ei
from energy_impact.places import read_places
from energy_impact.results.files import storage
from tests.fuzz.base import HEADER, ROWS, SHAPES, TOML, coded, estimate, sound_figures
from tests.fuzz.cases import WEATHER
from tests.fuzz.more_cases import LONG, WIDE
from tests.fuzz.nasty import CELLS, VALUES, changed_text, pick

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES = (
    "name,part_of,timezone,power_customers_low,power_customers_high,heat_buildings_low,heat_buildings_high,"
    "water_buildings_low,water_buildings_high,residents_low,residents_high\n"
    "Land,,UTC,,,,,,,,\nNorth,Land,,900,1100,,,,,2000,2000\nSouth,Land,,500,500,,,,,,\nTown,South,,,,,,,,,\n"
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be", "utf-7", "cp1251", "koi8-u", "cp037")
ENDS = ("\r\n", "\r", "\n\r", "\n\n", "\u2028", "\x0b", "\0\n")
DTYPES = (
    *("category", "string", "object", "Int64", "Float64", "UInt8", "boolean", "float16", "float32", "int8", "uint64"),
    *("complex128", "datetime64[s]", "timedelta64[ns]", "Sparse[float64]"),
)
TYPES = ("s", "n", "b", "d", "e", "str", "inlineStr", "x")
"""Types of cells in the XML of a sheet."""
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def _shapes(path: Path) -> Any:
    return coded().to_geojson(path.with_name("out.json"), path)


READERS: dict[Callable[[Path], Any], tuple[str, str]] = {
    ei.read_figures: ("f.csv", "\n".join([HEADER, *ROWS])),
    ei.read_weather: ("w.csv", WEATHER[0]),
    ei.read_outages: ("o.csv", LONG),
    ei.load_scenario: ("s.toml", TOML),
    read_places: ("p.csv", PLACES),
    _shapes: ("g.json", SHAPES),
}


@cache
def saved_bytes() -> bytes:
    """Return the bytes of a saved estimate."""
    content = io.BytesIO()
    np.savez_compressed(content, **storage.pack(estimate()))
    return content.getvalue()


def files(rng: np.random.Generator, folder: Path) -> None:
    """A sound file in another encoding, with other line ends, cut, packed, or with a link or folder in its place."""
    read = pick(rng, [*READERS, ei.load_estimate])
    name, text = READERS.get(read, ("e.npz", ""))
    path, content = folder / name, _content(rng, text) if text else saved_bytes()
    way = rng.integers(8)
    if way == 0:
        content = pick(rng, [content[: int(rng.integers(len(content)))], content * 2, b"", b"\0" * 99, content + b"\0"])
    elif way == 1:
        content = pick(rng, [gzip.compress(content), gzip.compress(content)[:-9], _zipped(name, content)])
    if way == 2:
        path = _in_place_of(rng, path, content)
    else:
        path.write_bytes(content)
    read(path)


def _content(rng: np.random.Generator, text: str) -> bytes:
    if rng.random() < 0.3:
        text = changed_text(rng, text)
    lines = text.split("\n")
    if rng.random() < 0.3:
        lines.insert(int(rng.integers(len(lines))), pick(rng, lines))
    if rng.random() < 0.3:
        lines = [line.replace(",", pick(rng, [";", "\t", "|", ", "])) for line in lines]
    text = pick(rng, ENDS if rng.random() < 0.5 else ("\n",)).join(lines)
    return pick(rng, [b"", b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\xff\xfe"]) + text.encode(
        pick(rng, ENCODINGS) if rng.random() < 0.3 else "utf-8", "replace"
    )


def _zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def _in_place_of(rng: np.random.Generator, path: Path, content: bytes) -> Path:
    """Return a path at which there is a folder, a link or a device, or which no file can have."""
    way = rng.integers(5)
    if way == 0:
        path.mkdir()
    elif way == 1:
        path.symlink_to(path)
    elif way == 2:
        path.symlink_to(path.with_name("none"))
    elif way == 3:
        path.with_name("other").write_bytes(content)
        path.symlink_to(path.with_name("other"))
    else:
        return Path(pick(rng, ["/dev/null", "/dev/zero", "x" * 5000, "a/" * 3000, f"{path}/x"]))
    return path


def frames(rng: np.random.Generator, _folder: Path) -> None:
    """A table or series with columns, an index or names of another type."""
    times = pd.date_range("2026-01-23T20:00", periods=40, freq="h", tz="UTC")
    way = rng.integers(4)
    if way == 0:
        rows = [dict(zip(HEADER.split(","), line.split(","), strict=True)) for line in ROWS]
        sound_figures(ei.read_figures(_odd(rng, pd.DataFrame(rows).replace("", None))))
    elif way == 1:
        place = ei.Place("Kyiv", timezone="Europe/Kyiv", heat_buildings=12_000)
        made = ei.Scenario("2026-01-24T00:00Z", 12, place, weather=_odd(rng, pd.DataFrame({"Kyiv": -5.0}, times)))
        assert np.isfinite(ei.simulate(made, members=2, rng=1)["heat_buildings_out", "Kyiv"].draws).all()
    elif way == 2:
        frame = pd.read_csv(io.StringIO(pick(rng, [LONG, WIDE])))
        assert ei.read_outages(_odd(rng, frame)).index.is_monotonic_increasing
    else:
        counts = pd.DataFrame({"out": rng.integers(0, 99, 40).astype(float)}, times)
        found = ei.outage_events(_odd(rng, counts).iloc[:, 0], threshold=30)
        assert (found["customer_hours"] >= 0).all()


def _odd(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of which one thing is of another type, where pandas can make it so."""
    way, name = rng.integers(5), pick(rng, list(frame))
    try:
        if way == 0:
            return frame.astype({name: pick(rng, DTYPES)})
        if way == 1:
            return frame.convert_dtypes()
        if way == 2:
            return frame.rename(columns={name: pick(rng, [(1, 2), None, np.nan, 3, True, *CELLS])})
        if way == 3:
            levels = pd.MultiIndex.from_product([["a"], list(frame)])
            return pick(rng, [frame.set_axis(levels, axis=1), pd.concat([frame, frame[[name]]], axis=1)])
        value = pick(rng, (*VALUES, *CELLS))
        return frame.assign(**{name: pd.Series([value] * len(frame), frame.index, dtype=object)})
    except (ValueError, TypeError, OverflowError, AttributeError):
        return frame


def sheet_parts(rng: np.random.Generator, folder: Path) -> None:
    """An Excel file with a sheet that another program wrote, or nobody."""
    from openpyxl import Workbook

    plain, buffer = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(name, cells_of_sheet(rng) if name.endswith("sheet1.xml") else source.read(name))
        if rng.random() < 0.05:
            made.writestr("xl/media/image1.png", bytes(100 * 2**20))
    path = folder / "f.xlsx"
    path.write_bytes(buffer.getvalue())
    pick(rng, [ei.read_figures, ei.read_outages])(path)


def cells_of_sheet(rng: np.random.Generator) -> str:
    """Return the XML of a sheet, with rows and cells at odd places and of odd types."""
    rows = []
    for number in range(1, 4):
        at = pick(rng, [0, -1, "", "x", 10**11]) if rng.random() < 0.05 else number
        cells = "".join(
            f'<c r="{pick(rng, ["A", "B", "XFD", "ZZZZ", "", "1"])}{number}" t="{pick(rng, TYPES)}">'
            f"<v>{pick(rng, ['1', '0', '999', '1e300', 'nan', 'x', '', '2026-13-45', '#N/A'])}</v></c>"
            for _ in range(int(rng.integers(4)))
        )
        rows.append(f'<row r="{at}">{cells}</row>')
    return SHEET.format("".join(rows))
