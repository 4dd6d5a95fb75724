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
from energy_impact.results.plots.style import alone
from energy_impact.results.provenance import versions
from energy_impact.results.report import document
from energy_impact.results.tables.headline import status_text
from energy_impact.results.tables.summary import summary_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from energy_impact.results.members import Members
    from energy_impact.results.tables.summary import SummaryRow


RECORD = "run.json"
"""The record of a run: present if, and only if, its folder is complete."""
NAMES = ("summary.csv", "curves.csv", "restoration.png", "report.html", RECORD)
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
        "restoration.png": _picture(estimate),
        "report.html": document.document(estimate, rows, level=level).encode(),
    }
    with speaking(ENGLISH):
        record = _record(estimate, level, scenario_file, command)
    record["files_sha256"] = {name: _sha256(content) for name, content in files.items()}
    return files | {RECORD: (json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()}


@alone
def _picture(estimate: Members) -> bytes:
    picture = io.BytesIO()
    curves.draw_estimate(estimate).savefig(picture, format="png")
    return picture.getvalue()


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
    Write the files of one run into a folder, which is created if missing.

    Each file is written whole or not at all. The record of an earlier run goes first and the new one comes last: a
    folder with a record holds one run, whose hashes the record has, and a folder without one is unfinished.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        remove_parts(folder / name)
    (folder / RECORD).unlink(missing_ok=True)
    for name in sorted(files, key=lambda name: name == RECORD):
        write_whole(folder / name, files[name])
