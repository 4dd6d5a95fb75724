"""The files of one run, as bytes: the same run gives the same summary and curves, byte for byte."""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING

from energy_impact.results import storage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from energy_impact.results.estimate import Estimate


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as UTF-8 CSV with six significant digits, `inf` spelt out and missing cells empty."""
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n", date_format="%Y-%m-%dT%H:%M:%SZ")
    return text.encode()


def run_files(estimate: Estimate, *, scenario_file: Path, command: Sequence[str]) -> dict[str, bytes]:
    """Return the content of summary.csv, curves.csv, restoration.png and run.json.

    Parameters
    ----------
    estimate : Estimate
    scenario_file : Path
        The file that the scenario was read from.
    command : sequence of str
        The command line, for the record.

    Returns
    -------
    dict of str to bytes
        By file name.
    """
    picture = io.BytesIO()
    estimate.plot().savefig(picture, format="png")
    return {
        "summary.csv": csv_bytes(estimate.summary()),
        "curves.csv": csv_bytes(estimate.to_frame()),
        "restoration.png": picture.getvalue(),
        "run.json": _record(estimate, scenario_file, command),
    }


def _record(estimate: Estimate, scenario_file: Path, command: Sequence[str]) -> bytes:
    """Return what is needed to tell what was run, and to run it again."""
    record = {
        "command": list(command),
        "versions": storage.versions(),
        "seed": estimate.seed,
        "members": estimate.members,
        "scenario": estimate.scenario.name,
        "scenario_file_sha256": _sha256(scenario_file.read_bytes()),
        "scenario_content_sha256": _sha256(json.dumps(estimate.scenario.to_dict(), sort_keys=True).encode()),
        "figures_sha256": _sha256(csv_bytes(estimate.scenario.figures)),
        "status": estimate.status,
        "status_text": estimate.status_text,
        "warnings": list(estimate.warnings),
        "assumptions": estimate.priors.astype(str).to_dict("records"),
    }
    return (json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder, which is made if it is not there; each is written whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        storage.write_whole(folder / name, content)
