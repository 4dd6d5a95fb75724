"""A saved estimate: one .npz file with arrays and one JSON text, no pickled objects."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, cast, get_args

import numpy as np

from energy_impact._checks import brief, check_path
from energy_impact._files import write_whole
from energy_impact._register import stop_at
from energy_impact.results.figure_fit import FigureFit
from energy_impact.results.files.archive import Archive, ArchiveError, open_archive
from energy_impact.results.members import Status
from energy_impact.results.provenance import versions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from energy_impact.results.members import Members

    Arrays = dict[str, np.ndarray]
    """Content of an .npz file, by name."""

FORMAT = "energy_impact estimate"
FORMAT_VERSION = 3
MOST_TEXT = 256 * 2**20
"""Largest description of a saved estimate. [bytes]"""
FURTHEST = 100.0
"""Largest standard-normal number, far beyond any fit."""
STATUSES = get_args(Status)
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
    effective_members: float | None
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
    fit_text: str
    parameters: NDArray[np.floating]
    """Of shape (members, parameters)."""
    parameter_names: tuple[str, ...]
    figure_fit: FigureFit | None
    available: tuple[tuple[str, str], ...]
    reported: tuple[tuple[str, str], ...]
    effective_members: float | None
    priors: list[dict[str, object]]
    seed: int | None
    fit_warnings: tuple[str, ...]
    versions: dict[str, str]
    """Versions that wrote the file."""


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table as dicts for JSON, with missing cells as None."""
    filled = table.astype(object).where(table.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in filled.to_dict("records")]


def pack(estimate: Members) -> Arrays:
    """Return the content of a saved estimate: arrays by name, and `text`, a JSON text as bytes."""
    fit = estimate.figure_fit
    text: _Description = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "scenario": estimate.scenario.to_dict(),
        "status": estimate.status,
        "status_text": estimate.fit_text,
        "members": estimate.members,
        "seed": estimate.seed,
        "fit_warnings": list(estimate.fit_warnings),
        "parameter_names": list(estimate.parameter_names),
        "available": [list(key) for key in estimate.available],
        "reported": [list(key) for key in estimate.reported],
        "effective_members": estimate.effective_members,
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
    """Return the content of a saved estimate, checked for types, sizes and values.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If `path` is no path, or the file is not a saved estimate, is damaged, needs more memory than is free, or comes
        from another version of the format.
    """
    file = check_path("path", path)
    try:
        archive = open_archive(file)
        content = archive.array("text", "u", most=MOST_TEXT)
    except ArchiveError as error:
        raise ValueError(f"{file}: not a saved estimate ({error})") from error
    text = _description(file, content)
    try:
        return _stored(archive, text)
    except ValueError as error:
        raise ValueError(f"{file}: damaged, {error}") from error


def _stored(archive: Archive, text: _Description) -> Stored:
    """Return a saved estimate from its description and its arrays."""
    parameters = archive.array("parameters", "f", (text["members"], len(text["parameter_names"])))
    if not np.all(np.abs(parameters) <= FURTHEST):
        raise ValueError(f"parameters must be standard-normal numbers within {FURTHEST:g}")
    return Stored(
        scenario=text["scenario"],
        members=text["members"],
        status=text["status"],
        fit_text=text["status_text"],
        parameters=parameters,
        parameter_names=tuple(text["parameter_names"]),
        figure_fit=_fit(archive, text),
        available=tuple((quantity, place) for quantity, place in text["available"]),
        reported=tuple((quantity, place) for quantity, place in text["reported"]),
        effective_members=text["effective_members"],
        priors=text["priors"],
        seed=text["seed"],
        fit_warnings=tuple(text["fit_warnings"]),
        versions=text["versions"],
    )


def _description(path: Path, content: NDArray[np.uint8]) -> _Description:
    """Return the JSON text of a saved estimate, with all its keys and their types."""
    try:
        text = json.loads(content.tobytes().decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: not a saved estimate (no readable description)") from error
    if not isinstance(text, dict) or text.get("format") != FORMAT:
        raise ValueError(f"{path}: not a saved estimate")
    if text.get("format_version") != FORMAT_VERSION:
        raise ValueError(f"{path}: format version must be {FORMAT_VERSION}, got {brief(text.get('format_version'))}")
    missing = [name for name in _RULES if name not in text]
    if missing:
        raise ValueError(f"{path}: damaged, {', '.join(missing)} missing")
    for name, (rule, holds) in _RULES.items():
        if not holds(text[name]):
            raise ValueError(f"{path}: damaged, {name} must be {rule}, got {brief(text[name])}")
    return cast("_Description", text)


def _no_constant(name: str) -> None:
    raise ValueError(f"numbers must be finite, got {name}")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_at_least_one(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 1


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_pairs(value: object) -> bool:
    return isinstance(value, list) and all(_are_texts(pair) and len(pair) == 2 for pair in value)


def _are_rows(value: object) -> bool:
    plain = (str, int, float, list, type(None))
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(isinstance(cell, plain) for cell in row.values()) for row in value
    )


_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "format": ("text", _is_text),
    "format_version": ("a whole number", _is_count),
    "scenario": ("a table", lambda value: isinstance(value, dict)),
    "status": (f"one of {', '.join(STATUSES)}", lambda value: _is_text(value) and value in STATUSES),
    "status_text": ("text", _is_text),
    "members": ("a whole number of at least 1", lambda value: _is_count(value) and value > 0),
    "seed": ("a whole number of at least 0, or null", lambda value: value is None or _is_count(value)),
    "fit_warnings": ("a list of texts", _are_texts),
    "parameter_names": ("a list of texts", _are_texts),
    "available": ("a list of pairs of texts", _are_pairs),
    "reported": ("a list of pairs of texts", _are_pairs),
    "effective_members": ("a number of at least 1, or null", lambda value: value is None or _is_at_least_one(value)),
    "priors": ("a list of tables", _are_rows),
    "versions": ("a table of texts", lambda value: isinstance(value, dict) and all(map(_is_text, value.values()))),
    "fit_ids": ("a list of texts, or null", lambda value: value is None or _are_texts(value)),
    "fit_reason": ("a list of texts, or null", lambda value: value is None or _are_texts(value)),
}
"""What each entry of the description must be, in words and as a function."""
stop_at("saved estimates", [f"{name}: must have a rule" for name in _Description.__annotations__ if name not in _RULES])


def _fit(archive: Archive, text: _Description) -> FigureFit | None:
    """Return the result of the fit for each figure; None if no figure was fitted."""
    ids, reason = text["fit_ids"], text["fit_reason"]
    if ids is None or reason is None:
        if ids is not reason:
            raise ValueError("fit_ids and fit_reason must both be null, or neither")
        return None
    count = len(ids)
    draws = text["members"], count
    used = archive.array("fit_used", "b", (count,))
    fit = FigureFit(
        ids=tuple(ids),
        reason=tuple(reason),
        used=used,
        predicted=archive.array("fit_predicted", "f", draws),
        log_likelihood=archive.array("fit_log_likelihood", "f", draws),
        outlier_probability=archive.array("fit_outlier_probability", "f", (count,)),
    )
    if not np.isfinite(fit.predicted[:, used]).all():
        raise ValueError("fit_predicted must be finite for the figures used")
    doubt = fit.outlier_probability[used]
    if not np.all((doubt >= 0) & (doubt <= 1)):
        raise ValueError("fit_outlier_probability must be from 0 to 1 for the figures used")
    return fit
