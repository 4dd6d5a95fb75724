"""A saved estimate is checked before its data are read: no mutation gets through, and none takes the machine."""

import contextlib
import datetime as dt
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import energy_impact as ei
from energy_impact.results.files.archive import Archive, ArchiveError
from energy_impact.results.files.storage import _RULES, read

ROW = {
    "id": "h",
    "time": "2026-01-24T09:00+02:00",
    "place": "Kyiv",
    "quantity": "heat_buildings_out",
    "value": 6000,
    "qualifier": "about",
    "kind": "stock",
    "source": "mayor",
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A small saved estimate as its arrays."""
    place = ei.Place("Kyiv", timezone="Europe/Kyiv", heat_buildings=12_000)
    event = ei.Event("2026-01-24T01:00+02:00", kind="attack")
    scenario = ei.Scenario("2026-01-24T00:00+02:00", 12, place, events=[event], figures=[ROW])
    path = ei.estimate(scenario, members=8, rng=1).save(tmp_path_factory.mktemp("saved") / "e.npz")
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


def load(arrays, path):
    np.savez_compressed(path, **arrays)
    return ei.load_estimate(path)


def with_text(arrays, content):
    return arrays | {"text": np.frombuffer(content, np.uint8)}


def test_the_case_itself_is_sound(saved, tmp_path):
    assert load(saved, tmp_path / "e.npz").status == "fitted"


WRONG = (3, "x", None, [], {}, True, -1, 1.5, [[1]], [["a"]], {"a": 1}, "x" * 1000, [None])
RIGHT = {
    "format_version": (3,),
    "effective_members": (3, None, 1.5),
    "seed": (None, 3),
    "status_text": ("x", "x" * 1000),
    "fit_warnings": ([],),
    "priors": ([],),
    "available": ([],),
    "reported": ([],),
    "versions": ({},),
}


@pytest.mark.parametrize("entry", sorted(_RULES))
def test_an_entry_of_another_type_is_named(saved, tmp_path, entry):
    text = json.loads(saved["text"].tobytes())
    for value in [value for value in WRONG if value not in RIGHT.get(entry, ())]:
        changed = json.dumps(text | {entry: value}).encode()
        with pytest.raises(ValueError, match=r"must|not a saved|damaged") as caught:
            load(with_text(saved, changed), tmp_path / "e.npz")
        assert "e.npz" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("parameters", lambda x: x * np.nan),
        ("parameters", lambda x: x + 1e6),
        ("parameters", lambda x: x.astype(complex)),
        ("parameters", lambda x: x.astype("U3")),
        ("parameters", lambda x: x[:-1]),
        ("parameters", lambda x: x.astype(np.longdouble)),
        ("fit_predicted", lambda x: x * np.nan),
        ("fit_outlier_probability", lambda x: x + 2),
        ("fit_used", lambda x: x.astype(int)),
        ("text", lambda x: x.astype(float)),
        ("text", lambda x: x[:-9]),
    ],
    ids=map(str, range(11)),
)
def test_an_array_of_another_type_shape_or_value_is_named(saved, tmp_path, name, change):
    with pytest.raises(ValueError, match=r"must|not a saved|damaged"):
        load(saved | {name: change(saved[name])}, tmp_path / "e.npz")


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a": NaN}', b"\xff", b"1" * 10_000, b""])
def test_a_description_that_is_none_is_refused(saved, tmp_path, content):
    with pytest.raises(ValueError, match=r"e\.npz: not a saved estimate"):
        load(with_text(saved, content), tmp_path / "e.npz")


def archive(**entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(f"{name}.npy", content)
    return Archive(buffer)


def npy(shape, data, dtype="<f8"):
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": dtype, "fortran_order": False, "shape": shape})
    return buffer.getvalue() + data


def test_an_array_that_claims_or_unpacks_to_more_than_it_may_is_not_read():
    claims = archive(a=npy((10**12,), b"12345678"))
    with pytest.raises(ArchiveError, match="a must have shape"):
        claims.array("a", "f", (1,))
    with pytest.raises(ArchiveError, match=r"a must hold 10+ numbers, got 8 bytes"):
        claims.array("a", "f", most=100)
    bomb = archive(a=npy((1,), bytes(10_000_000)))
    with pytest.raises(ArchiveError, match=r"a\.npy must have at most 10008 bytes, got 10000"):
        bomb.array("a", "f", (1,))
    with pytest.raises(ArchiveError, match=r"b\.npy is missing"):
        bomb.array("b", "f", (1,))


def test_random_damage_is_refused_or_gives_the_same_estimate(saved, tmp_path):
    """600 files with one to eight changed bytes: only the documented error, or a file that still says the same."""
    path = tmp_path / "e.npz"
    np.savez_compressed(path, **saved)
    content = path.read_bytes()
    rng = np.random.default_rng(15)
    for _ in range(600):
        damaged = bytearray(content)
        for place in rng.integers(len(content), size=rng.integers(1, 9)):
            damaged[place] = rng.integers(256)
        path.write_bytes(damaged)
        with contextlib.suppress(ValueError):
            np.testing.assert_array_equal(read(path).parameters, saved["parameters"])


def test_unknown_columns_of_any_type_are_saved_as_text_and_empty_ones_stay(tmp_path):
    more = {
        "published": dt.date(2026, 2, 4),
        "cost": Decimal("1.5"),
        "raw": b"x",
        "array": np.arange(3),
        "gap": np.timedelta64(1, "h"),
        "huge": 10**5000,
        "inf": float("inf"),
        "empty": None,
    }
    place = ei.Place("Kyiv", heat_buildings=12_000)
    scenario = ei.Scenario("2026-01-24T00:00+02:00", 12, place, figures=[ROW | more])
    back = ei.load_estimate(ei.simulate(scenario, members=8, rng=1).save(tmp_path / "e.npz")).scenario.figures
    assert back.loc[0, "published"] == "2026-02-04"
    assert (back.loc[0, "cost"], back.loc[0, "inf"], back.loc[0, "empty"]) == ("1.5", "inf", None)
    assert list(back.columns)[-len(more) :] == list(more)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no device without an end")
def test_a_device_without_an_end_is_no_saved_estimate():
    with pytest.raises(ValueError, match=r"not a saved estimate \(must have at most 64 MB\)"):
        ei.load_estimate("/dev/zero")
