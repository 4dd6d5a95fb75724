"""Files are written whole or not at all; nothing foreign is touched and nothing is left over."""

import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from energy_impact import _files
from energy_impact.figures.table import read_figures, write_figures
from energy_impact.results.files import run_folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_part_has_a_name_that_nobody_can_guess_and_what_is_planted_there_stays(tmp_path, monkeypatch):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / f".out.csv.{os.getpid()}.part").symlink_to(victim)
    monkeypatch.setattr(_files.secrets, "token_hex", lambda _: "guessed")
    _files.write_whole(tmp_path / "out.csv", b"new")
    assert victim.read_text() == "precious"
    monkeypatch.setattr(_files, "remove_parts", lambda _: None)
    (tmp_path / ".out.csv.guessed.part").symlink_to(victim)
    with pytest.raises(FileExistsError, match=r"out\.csv'$"):
        _files.write_whole(tmp_path / "out.csv", b"newer")
    assert victim.read_text() == "precious"


def test_a_link_is_replaced_and_what_it_points_to_stays(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    _files.write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "real").read_text() == "old"
    assert (tmp_path / "link").read_text() == "new"
    assert not (tmp_path / "link").is_symlink()


def test_parts_of_a_killed_run_go_and_other_hidden_files_stay(tmp_path):
    for name in (".a.csv.4242.part", ".a.csv.0123456789abcdef.part", ".b.csv.1.part", ".a.csv"):
        (tmp_path / name).write_text("old")
    run_folder.write_folder(tmp_path, {"a.csv": b"new"})
    assert names(tmp_path) == [".a.csv", ".b.csv.1.part", "a.csv"]


def test_an_error_names_the_file_that_was_asked_for(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match=r"taken'$") as caught:
        _files.write_whole(tmp_path / "taken", b"x")
    assert ".part" not in str(caught.value)
    assert names(tmp_path) == ["taken"]


WRITES = """
import sys
from pathlib import Path
from energy_impact.results.files.run_folder import write_folder
import json, hashlib
for number in range(10**6):
    files = {name: f"{number} {name}".encode() * 20_000 for name in ("summary.csv", "curves.csv")}
    record = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    write_folder(Path(sys.argv[1]), files | {"run.json": json.dumps(record).encode()})
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with a signal")
@pytest.mark.parametrize("number", range(int(os.environ.get("FUZZ_KILLS", "4"))))
def test_a_killed_run_leaves_one_whole_run_or_no_record(tmp_path, number):
    folder = tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-c", WRITES, str(folder)], stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(random.Random(number).uniform(0, 0.03))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    run_folder_is_whole_or_unfinished(folder)
    run_folder.write_folder(folder, {"summary.csv": b"1", "curves.csv": b"2", "run.json": b"{}"})
    assert names(folder) == ["curves.csv", "run.json", "summary.csv"]


def run_folder_is_whole_or_unfinished(folder):
    record = folder / "run.json"
    if record.exists():
        for name, digest in json.loads(record.read_text()).items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("failing", range(1, 30))
def test_whichever_call_to_the_disk_fails_the_folder_is_one_run_or_unfinished(tmp_path, monkeypatch, failing):
    def files(content):
        made = {"summary.csv": content, "curves.csv": content * 2}
        return made | {"run.json": json.dumps({n: hashlib.sha256(c).hexdigest() for n, c in made.items()}).encode()}

    run_folder.write_folder(tmp_path, files(b"old"))
    calls = []

    def fail_at(call):
        def wrapped(*given, **named):
            calls.append(call)
            if len(calls) == failing:
                raise OSError(28, "No space left on device")
            return call(*given, **named)

        return wrapped

    for name in ("open", "fsync", "unlink", "rename", "replace"):
        monkeypatch.setattr(os, name, fail_at(getattr(os, name)))
    said = ""
    try:
        run_folder.write_folder(tmp_path, files(b"new"))
    except OSError as error:
        said = str(error)
    monkeypatch.undo()
    assert ".part" not in said
    run_folder_is_whole_or_unfinished(tmp_path)
    run_folder.write_folder(tmp_path, files(b"newer"))
    assert names(tmp_path) == ["curves.csv", "run.json", "summary.csv"]
    run_folder_is_whole_or_unfinished(tmp_path)


def test_a_folder_is_tried_and_left_as_it_was(tmp_path):
    _files.try_folder("--out", tmp_path / "a" / "b", ["x.csv"])
    assert names(tmp_path) == []
    (tmp_path / "a" / "x.csv").mkdir(parents=True)
    with pytest.raises(ValueError, match=r"--out: must have no folder named x\.csv"):
        _files.try_folder("--out", tmp_path / "a", ["x.csv"])
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="--out: must be a folder"):
        _files.try_folder("--out", tmp_path / "file" / "b", ["x.csv"])
    with pytest.raises(OSError, match="too long"):
        _files.try_folder("--out", tmp_path / ("x" * 300), ["x.csv"])


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "@sum", "+1", "-1", "\tx"])
def test_no_text_leaves_as_a_formula_and_numbers_stay(text):
    table = pd.DataFrame({text: [text, None], "n": [-1.5, 2]})
    assert _files.csv_bytes(table) == f"'{text},n\n'{text},-1.5\n,2.0\n".encode()


def test_a_carriage_return_does_not_end_a_row():
    table = pd.DataFrame({"a": ["x\ry"], "n": [1]})
    content = _files.csv_bytes(table)
    assert content == b'a,n\n"x\ry",1\n'
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(content)), table)


@pytest.mark.parametrize("float_format", [None, "%.6g"])
def test_a_table_is_written_as_pandas_writes_it(float_format):
    rng, count = np.random.default_rng(1), 60
    table = pd.DataFrame(
        {
            "double": rng.normal(size=count) * 10.0 ** rng.integers(-9, 9, count),
            "single": rng.normal(size=count).astype(np.float32),
            "whole": np.arange(count),
            "true": rng.uniform(size=count) < 0.5,
            "text": ["x", "a,b", 'q"u', "", "l\nm", "ж"] * 10,
            "time": pd.date_range("2026-01-01", periods=count, freq="h", tz="UTC"),
            "mixed": [1, None, "x", 2.5, True, np.nan] * 10,
            "unknown": pd.array([True, None] * 30, dtype="boolean"),
        }
    )
    table.loc[3, "double"], table.loc[4, "double"], table.loc[5, "time"] = np.nan, np.inf, pd.NaT
    options = {"index": False, "lineterminator": "\n", "date_format": "%Y-%m-%dT%H:%M:%SZ"}
    for rows in (table, table.iloc[:0]):
        assert _files.csv_bytes(rows, float_format) == rows.to_csv(float_format=float_format, **options).encode()


def test_a_table_of_figures_is_written_and_read_back(tmp_path):
    row = {
        "id": "a",
        "time": "2026-01-24T09:00+02:00",
        "place": "Kyiv",
        "quantity": "air_temperature_c",
        "value": -8,
        "qualifier": "about",
        "kind": "stock",
        "source": "mayor",
    }
    path = write_figures([row], tmp_path / "figures.csv")
    pd.testing.assert_frame_equal(read_figures(path), read_figures([row]))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_bytes)
        _files.write_whole(pipe, b"answer")
        assert read.result(timeout=10) == b"answer"
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
