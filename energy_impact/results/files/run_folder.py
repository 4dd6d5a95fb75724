"""The folder of one run: the same run gives the same summary and curves, byte for byte."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from typing import TYPE_CHECKING

from energy_impact._files import csv_bytes, remove_parts, write_whole
from energy_impact._language import ENGLISH, speaking
from energy_impact.results.files import interchange, storage
from energy_impact.results.plots import curves
from energy_impact.results.plots.options import draw_options
from energy_impact.results.plots.style import alone, place_names
from energy_impact.results.provenance import versions
from energy_impact.results.report import document
from energy_impact.results.tables import options as options_table
from energy_impact.results.tables.headline import status_text
from energy_impact.results.tables.summary import summary_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from energy_impact.results.members import Members
    from energy_impact.results.tables.summary import SummaryRow


RECORD = "run.json"
"""The record of a run: present if, and only if, its folder is complete."""
NAMES = ("summary.csv", "curves.csv", "restoration.png", "report.html", RECORD)
COMPARISON = ("comparison.csv", "comparison.png", "comparison.json")
"""Names of the files of a comparison; the last is its record."""
SIX_DIGITS = "%.6g"
_PACKAGE = "energy_impact"
_STAGES = (
    "units",
    "systems",
    "quantities",
    "figures",
    "weather",
    "scenario",
    "model",
    "inference",
    "reports",
    "prepare",
)


def run_files(
    estimate: Members, rows: Sequence[SummaryRow], *, level: float, scenario_file: Path, command: Sequence[str]
) -> dict[str, bytes]:
    """Return the content of summary.csv, curves.csv, restoration.png, report.html and run.json.

    Parameters
    ----------
    estimate : Members
    rows : sequence of SummaryRow
        Its summary at `level`.
    level : float
        Probability of the intervals of the summary and of the page.
    scenario_file : Path
        Source file of the scenario.
    command : sequence of str
        The command line, for the record.

    Returns
    -------
    dict of str to bytes
        By file name.
    """
    files = {
        "summary.csv": csv_bytes(summary_table(rows), SIX_DIGITS),
        "curves.csv": csv_bytes(interchange.tidy(estimate), SIX_DIGITS),
        "restoration.png": _picture(curves.draw_estimate(estimate)),
        "report.html": document.document(estimate, rows, level=level).encode(),
    }
    with speaking(ENGLISH):
        record = _record(estimate, level, scenario_file, command)
    return files | {RECORD: _record_bytes(record, files)}


def comparison_files(
    options: Mapping[str, Members],
    rows: Sequence[options_table.Row],
    *,
    level: float,
    scenario_file: Path,
    command: Sequence[str],
) -> dict[str, bytes]:
    """Return the content of the files of `COMPARISON`: table and picture of a comparison, and its record.

    Parameters
    ----------
    options : mapping of str to Members
        By name; the first is what the others are compared with.
    rows : sequence of Row
        Its table at `level`.
    level, scenario_file, command
        As for `run_files`.
    """
    table, picture, record_name = COMPARISON
    files = {
        table: csv_bytes(options_table.option_table(rows), SIX_DIGITS),
        picture: _picture(draw_options(options, None, None, level=level)),
    }
    with speaking(ENGLISH):
        record = _record(next(iter(options.values())), level, scenario_file, command)
    changes = {name: [change.to_dict() for change in option.scenario.changes] for name, option in options.items()}
    return files | {record_name: _record_bytes(record | {"options": changes}, files)}


@alone
def _picture(figure: Figure) -> bytes:
    """Return a figure as PNG; `savefig` would draw it once more to lay it out."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    picture = io.BytesIO()
    place_names(figure.axes)
    FigureCanvasAgg(figure).print_png(picture)  # type: ignore[no-untyped-call]
    return picture.getvalue()


def _record_bytes(record: dict[str, object], files: Mapping[str, bytes]) -> bytes:
    """Return a record with the hashes of the other files as JSON."""
    hashes = {"files_sha256": {name: _sha256(content) for name, content in files.items()}}
    return (json.dumps(record | hashes, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _record(estimate: Members, level: float, scenario_file: Path, command: Sequence[str]) -> dict[str, object]:
    """Return the record of a run: all that is needed to identify and repeat it."""
    return {
        "command": list(command),
        "versions": versions(),
        "seed": estimate.seed,
        "members": estimate.members,
        "interval_level": level,
        "scenario": estimate.scenario.name,
        "scenario_file_sha256": _sha256(scenario_file.read_bytes()),
        "scenario_content_sha256": _sha256(json.dumps(estimate.scenario.to_dict(), sort_keys=True).encode()),
        "figures_sha256": _sha256(csv_bytes(estimate.scenario.figures, SIX_DIGITS)),
        "status": estimate.status,
        "status_text": status_text(estimate),
        "warnings": list(estimate.warnings),
        "assumptions": storage.records(estimate.priors),
        "constants": constants(),
    }


def constants() -> dict[str, object]:
    """Return every named number of the earlier stages as loaded: assumptions that are not drawn."""
    found: dict[str, object] = {}
    for module in sorted(name for name in sys.modules if name.startswith(f"{_PACKAGE}.")):
        if module.split(".")[1] in _STAGES:
            named = {name: value for name, value in vars(sys.modules[module]).items() if name.isupper()}
            found |= {name: value for name, value in named.items() if name[0] != "_" and _is_number(value)}
    return dict(sorted(found.items()))


def _is_number(value: object) -> bool:
    """Return whether a value is a number, or a non-empty dict or tuple of numbers."""
    if isinstance(value, dict | tuple):
        return bool(value) and all(map(_is_number, value.values() if isinstance(value, dict) else value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """
    Write the files of one run into a folder, which is created if missing; the last of them is its record.

    Each file is written whole or not at all. The record of an earlier run goes first and the new one comes last: a
    folder with a record holds one run, whose hashes the record has, and a folder without one is unfinished.
    """
    *_, record = files
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        remove_parts(folder / name)
    (folder / record).unlink(missing_ok=True)
    for name, content in files.items():
        write_whole(folder / name, content)
