"""A saved estimate: one .npz file with arrays and one JSON text, no pickled objects."""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict, cast

import numpy as np

from energy_impact.results.figure_fit import FigureFit
from energy_impact.results.provenance import versions

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from energy_impact.results.members import Members, Status

    Arrays = dict[str, np.ndarray]
    """Content of an .npz file, by name."""

FORMAT = "energy_impact estimate"
FORMAT_VERSION = 2
_FIT_ARRAYS = ("used", "predicted", "log_likelihood", "outlier_probability")


class _Description(TypedDict):
    """The JSON text of a saved estimate."""

    format: str
    format_version: int
    scenario: dict[str, object]
    status: Status
    status_text: str
    members: int
    seed: int | None
    fit_warnings: list[str]
    parameter_names: list[str]
    available: list[list[str]]
    reported: list[list[str]]
    priors: list[dict[str, object]]
    versions: dict[str, str]
    fit_ids: list[str] | None
    fit_reason: list[str] | None


class Stored(NamedTuple):
    """A saved estimate as read from its file."""

    scenario: dict[str, object]
    """As `Scenario.to_dict` makes it."""
    members: int
    status: Status
    status_text: str
    parameters: NDArray[np.floating]
    """Of shape (members, parameters)."""
    parameter_names: tuple[str, ...]
    figure_fit: FigureFit | None
    available: tuple[tuple[str, str], ...]
    reported: tuple[tuple[str, str], ...]
    priors: list[dict[str, object]]
    seed: int | None
    fit_warnings: tuple[str, ...]
    versions: dict[str, str]
    """Versions that wrote the file."""


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table as dicts for JSON, with missing cells as None."""
    filled = table.astype(object).where(table.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in filled.to_dict("records")]


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write a file whole or not at all, through a temporary file beside it, and return its path."""
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


def pack(estimate: Members) -> Arrays:
    """Return the content of a saved estimate: arrays by name, and `text`, a JSON text as bytes."""
    fit = estimate.figure_fit
    text: _Description = {
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
        "reported": [list(key) for key in estimate.reported],
        "priors": records(estimate.priors),
        "versions": versions(),
        "fit_ids": None if fit is None else list(fit.ids),
        "fit_reason": None if fit is None else list(fit.reason),
    }
    encoded = json.dumps(text, ensure_ascii=False, allow_nan=False).encode()
    arrays: Arrays = {"text": np.frombuffer(encoded, dtype=np.uint8), "parameters": estimate.parameters}
    if fit is not None:
        arrays |= {f"fit_{name}": getattr(fit, name) for name in _FIT_ARRAYS}
    return arrays


def write(path: str | Path, packed: Arrays) -> Path:
    """Write packed arrays to `path`, whole or not at all, and return the path."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **packed)  # type: ignore[arg-type]  # no array is named `allow_pickle`
    return write_whole(path, buffer.getvalue())


def read(path: str | Path) -> Stored:
    """Return the content of a saved estimate.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not a saved estimate, is damaged, or comes from another version of the format.
    """
    arrays = _arrays(Path(path))
    text = _description(path, arrays)
    shape = (text["members"], len(text["parameter_names"]))
    parameters = arrays.get("parameters", np.empty(0))
    if parameters.shape != shape or not np.all(np.isfinite(parameters)):
        raise ValueError(f"{path}: damaged, parameters must be finite with shape {shape}, got {parameters.shape}")
    return Stored(
        scenario=text["scenario"],
        members=text["members"],
        status=text["status"],
        status_text=text["status_text"],
        parameters=parameters,
        parameter_names=tuple(text["parameter_names"]),
        figure_fit=_fit(path, arrays, text),
        available=tuple((quantity, place) for quantity, place in text["available"]),
        reported=tuple((quantity, place) for quantity, place in text["reported"]),
        priors=text["priors"],
        seed=text["seed"],
        fit_warnings=tuple(text["fit_warnings"]),
        versions=text["versions"],
    )


def _arrays(path: Path) -> Arrays:
    """Return the arrays of an .npz file."""
    try:
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, EOFError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"{path}: not a saved estimate (no readable .npz file)") from error


def _description(path: str | Path, arrays: Arrays) -> _Description:
    """Return the JSON text of a saved estimate, checked for all its keys."""
    try:
        text = json.loads(arrays["text"].tobytes().decode())
    except (KeyError, ValueError) as error:
        raise ValueError(f"{path}: not a saved estimate (no readable description)") from error
    if not isinstance(text, dict) or text.get("format") != FORMAT:
        raise ValueError(f"{path}: not a saved estimate")
    if text.get("format_version") != FORMAT_VERSION:
        raise ValueError(f"{path}: format version must be {FORMAT_VERSION}, got {text.get('format_version')!r}")
    missing = [name for name in _Description.__annotations__ if name not in text]
    if missing:
        raise ValueError(f"{path}: damaged, {', '.join(missing)} missing")
    return cast("_Description", text)


def _fit(path: str | Path, arrays: Arrays, text: _Description) -> FigureFit | None:
    """Return the result of the fit for each figure; None if no figure was fitted."""
    if text["fit_ids"] is None or text["fit_reason"] is None:
        return None
    count = len(text["fit_ids"])
    shapes = {"used": (count,), "outlier_probability": (count,)}
    for name in _FIT_ARRAYS:
        wanted, found = shapes.get(name, (text["members"], count)), arrays.get(f"fit_{name}", np.empty(())).shape
        if found != wanted:
            raise ValueError(f"{path}: damaged, fit_{name} must have shape {wanted}, got {found}")
    stored = {name: arrays[f"fit_{name}"] for name in _FIT_ARRAYS}
    return FigureFit(ids=tuple(text["fit_ids"]), reason=tuple(text["fit_reason"]), **stored)
