import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from energy_impact import _files
from energy_impact.results.estimate import Estimate
from energy_impact.results.files import storage
from energy_impact.scenario import Scenario


def test_what_was_saved_is_read_back(estimate: Estimate, tmp_path: Path) -> None:
    path = estimate.save(tmp_path / "run.npz")
    stored = storage.read(path)
    np.testing.assert_array_equal(stored.parameters, estimate.parameters)
    assert stored.parameter_names == estimate.parameter_names
    assert stored.available == estimate.available
    for name in ("status", "fit_text", "members", "seed", "fit_warnings"):
        assert getattr(stored, name) == getattr(estimate, name)
    assert Scenario.from_dict(stored.scenario).to_dict() == estimate.scenario.to_dict()
    fit = stored.figure_fit
    assert (fit.ids, fit.reason) == (estimate.figure_fit.ids, estimate.figure_fit.reason)
    np.testing.assert_array_equal(fit.predicted, estimate.figure_fit.predicted)
    np.testing.assert_array_equal(fit.used, estimate.figure_fit.used)
    assert stored.priors == estimate.priors.to_dict("records")


def test_an_estimate_without_fit_is_saved_too(make_estimate: Callable[..., Estimate], tmp_path: Path) -> None:
    path = make_estimate(figure_fit=None, seed=None).save(tmp_path / "run.npz")
    assert storage.read(path).figure_fit is None
    assert storage.read(path).seed is None


def test_a_saved_file_needs_no_pickle_and_nothing_is_left_beside_it(estimate: Estimate, tmp_path: Path) -> None:
    path = estimate.save(tmp_path / "run.npz")
    with np.load(path, allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.npz"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = _files.write_whole(tmp_path / "run.npz", b"old")

    def fail(_: int) -> None:
        raise OSError(28, "disk full")

    monkeypatch.setattr(_files.os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        _files.write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.npz"]


def _bytes(save: Callable[..., None], *arrays: np.ndarray, **named: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    save(buffer, *arrays, **named)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id,time\n1,2\n",
        _bytes(np.save, np.arange(3)),
        _bytes(np.savez, a=np.arange(3)),
        _bytes(np.savez, text=np.frombuffer(b"[1]", np.uint8)),
    ],
    ids=["empty", "csv", "npy", "other npz", "other text"],
)
def test_another_file_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"other\.npz: not a saved estimate"):
        storage.read(path)


def test_a_truncated_file_is_refused(estimate: Estimate, tmp_path: Path) -> None:
    path = estimate.save(tmp_path / "run.npz")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ValueError, match="not a saved estimate"):
        storage.read(path)


def _change(estimate: Estimate, **changes: object) -> dict[str, np.ndarray]:
    packed = storage.pack(estimate)
    text = {**json.loads(packed["text"].tobytes()), **changes}
    text = {name: value for name, value in text.items() if value != "drop"}
    return {**packed, "text": np.frombuffer(json.dumps(text).encode(), np.uint8)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format_version": 99}, "format version must be 3, got 99"),
        ({"status": "drop"}, "damaged, status missing"),
        ({"effective_members": 0.5}, "damaged, effective_members must be a number of at least 1, or null, got 0.5"),
        ({"members": 4}, r"damaged, parameters must have shape \(4, 2\), got \(3, 2\)"),
        ({"fit_ids": ["exact"]}, r"fit_used must have shape \(1,\), got \(7,\)"),
    ],
)
def test_a_damaged_file_says_what_is_wrong(
    estimate: Estimate, tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    path = storage.write(tmp_path / "run.npz", _change(estimate, **changes))
    with pytest.raises(ValueError, match=message):
        storage.read(path)


def test_a_missing_file_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        storage.read(tmp_path / "none.npz")
