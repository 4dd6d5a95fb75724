"""The files of one run as bytes: the same run gives the same summary and curves, byte for byte."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from typing import TYPE_CHECKING

from energy_impact.results.files import interchange, storage
from energy_impact.results.plots import curves
from energy_impact.results.provenance import versions
from energy_impact.results.report import document
from energy_impact.results.tables.summary import summary_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from energy_impact.results.members import Members
    from energy_impact.results.tables.summary import SummaryRow


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


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as UTF-8 CSV with six significant digits, `inf` spelt out and missing cells empty."""
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n", date_format="%Y-%m-%dT%H:%M:%SZ")
    return text.encode()


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
    picture = io.BytesIO()
    curves.draw_estimate(estimate).savefig(picture, format="png")
    record = _record(estimate, level, scenario_file, command)
    return {
        "summary.csv": csv_bytes(summary_table(rows)),
        "curves.csv": csv_bytes(interchange.tidy(estimate)),
        "restoration.png": picture.getvalue(),
        "report.html": document.document(estimate, rows, level=level).encode(),
        "run.json": (json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode(),
    }


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
        "figures_sha256": _sha256(csv_bytes(estimate.scenario.figures)),
        "status": estimate.status,
        "status_text": estimate.status_text,
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


def write_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder, which is created if missing; each file is written whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        storage.write_whole(folder / name, content)
