"""A saved estimate: one .npz file with arrays and one JSON text, no pickled objects."""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from energy_impact.results.provenance import versions

if TYPE_CHECKING:
    import pandas as pd

    from energy_impact.results.members import Members

FORMAT = "energy_impact estimate"
FORMAT_VERSION = 1
_FIT_ARRAYS = ("used", "predicted", "log_likelihood", "outlier_probability")
_TEXTS = (
    "format",
    "format_version",
    "scenario",
    "status",
    "status_text",
    "members",
    "seed",
    "fit_warnings",
    "parameter_names",
    "available",
    "priors",
    "versions",
    "fit_ids",
    "fit_reason",
)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON holds them, missing cells as None."""
    filled = table.astype(object).where(table.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in filled.to_dict("records")]


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write a file whole or not at all, by way of a temporary file beside it."""
    target = Path(path)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def pack(estimate: Members) -> dict[str, Any]:
    """Return what a saved estimate holds: arrays by name, and `text`, a JSON text as bytes."""
    fit = estimate.figure_fit
    text = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "scenario": estimate.scenario.to_dict(),
        "status": estimate.status,
        "status_text": estimate.status_text,
        "members": estimate.members,
        "seed": estimate.seed,
        "fit_warnings": list(estimate.fit_warnings),
        "parameter_names": list(estimate.parameter_names),
        "available": [list(key) for key in estimate.available],
        "priors": records(estimate.priors),
        "versions": versions(),
        "fit_ids": None if fit is None else list(fit.ids),
        "fit_reason": None if fit is None else list(fit.reason),
    }
    encoded = json.dumps(text, ensure_ascii=False, allow_nan=False).encode()
    arrays: dict[str, Any] = {"text": np.frombuffer(encoded, dtype=np.uint8), "parameters": estimate.parameters}
    if fit is not None:
        arrays |= {f"fit_{name}": getattr(fit, name) for name in _FIT_ARRAYS}
    return arrays


def write(path: str | Path, packed: dict[str, Any]) -> Path:
    """Write packed arrays to `path`, whole or not at all, and return the path."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **packed)
    return write_whole(path, buffer.getvalue())


def read(path: str | Path) -> dict[str, Any]:
    """Read a saved estimate.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    dict
        `parameters` (members, parameters), `parameter_names` (tuple), `figure_fit` (a dict with the fields of a
        FigureFit, or None), `scenario` as a dict, status, status_text, members, seed, fit_warnings (tuple),
        available (tuple of tuples), priors as records, and the versions that wrote the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not a saved estimate, is damaged, or comes from another version of the format.
    """
    arrays = _arrays(Path(path))
    try:
        text = json.loads(arrays["text"].tobytes().decode())
    except (KeyError, ValueError) as error:
        raise ValueError(f"{path}: not a saved estimate (it holds no readable description)") from error
    if not isinstance(text, dict) or text.get("format") != FORMAT:
        raise ValueError(f"{path}: not a saved estimate")
    if text.get("format_version") != FORMAT_VERSION:
        raise ValueError(f"{path}: format version must be {FORMAT_VERSION}, got {text.get('format_version')!r}")
    missing = [name for name in _TEXTS if name not in text]
    if missing:
        raise ValueError(f"{path}: damaged, {', '.join(missing)} missing")
    shape = (text["members"], len(text["parameter_names"]))
    parameters = arrays.get("parameters", np.empty(0))
    if parameters.shape != shape or not np.all(np.isfinite(parameters)):
        raise ValueError(f"{path}: damaged, parameters must be finite with shape {shape}, got {parameters.shape}")
    ids, reason = text.pop("fit_ids"), text.pop("fit_reason")
    fit = None if ids is None else _fit(path, arrays, ids, reason, shape[0])
    return {
        **{name: value for name, value in text.items() if not name.startswith("format")},
        "parameters": parameters,
        "parameter_names": tuple(text["parameter_names"]),
        "available": tuple((quantity, place) for quantity, place in text["available"]),
        "fit_warnings": tuple(text["fit_warnings"]),
        "figure_fit": fit,
    }


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of an .npz file."""
    try:
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, EOFError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"{path}: not a saved estimate (no readable .npz file)") from error


def _fit(path: str | Path, arrays: dict[str, Any], ids: list[str], reason: list[str], members: int) -> dict[str, Any]:
    """Return the fields of a FigureFit."""
    count = len(ids)
    shapes = {"used": (count,), "outlier_probability": (count,)}
    for name in _FIT_ARRAYS:
        wanted, found = shapes.get(name, (members, count)), arrays.get(f"fit_{name}", np.empty(())).shape
        if found != wanted:
            raise ValueError(f"{path}: damaged, fit_{name} must have shape {wanted}, got {found}")
    return {"ids": tuple(ids), "reason": tuple(reason), **{name: arrays[f"fit_{name}"] for name in _FIT_ARRAYS}}
