"""The ends of the process: whatever happens to its streams, the work is done and said, or one line says why not."""

import io
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import energy_impact
from energy_impact import _console, _memory, _start, cli

CYRILLIC = """start = "2026-02-03T12:00+01:00"
horizon_h = 24
[[places]]
name = "Київ"
power_customers = 1000
[[events]]
time = "2026-02-03T22:00+01:00"
kind = "storm"
"""
run = partial(subprocess.run, check=False)
posix = pytest.mark.skipif(os.name != "posix", reason="closes streams and sends signals as POSIX does")
ROOT = Path(__file__).parents[1]
CALL = [sys.executable, "-m", "energy_impact"]


@pytest.fixture
def scenario(tmp_path):
    (tmp_path / "s.toml").write_text(CYRILLIC, encoding="utf-8")
    return tmp_path


@posix
@pytest.mark.parametrize("redirect", [">&-", "2>&-", ">&- 2>&-", "</dev/null >&- 2>&-", "| true"])
def test_a_closed_stream_ends_nothing(redirect, scenario):
    if run(["bash", "-c", f'"{sys.executable}" -c "from numpy import *" {redirect}']).returncode:
        pytest.skip("this numpy cannot be imported without a standard error")
    words = f'"{sys.executable}" -m energy_impact estimate s.toml --members 4 --out o {redirect}'
    done = run(["bash", "-o", "pipefail", "-c", words], cwd=scenario, capture_output=True, text=True)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert (scenario / "o" / "run.json").exists()


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_device_is_said_in_one_line_and_the_files_are_there(scenario):
    words = f'"{sys.executable}" -m energy_impact estimate s.toml --members 4 --out o >/dev/full'
    done = run(["bash", "-c", words], cwd=scenario, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("energy-impact: error: ")
    assert done.stderr.count("\n") == 1
    assert (scenario / "o" / "run.json").exists()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_console_that_cannot_show_a_letter_shows_the_rest(encoding, scenario):
    words = [*CALL, "estimate", "s.toml", "--members", "4"]
    env = os.environ | {"PYTHONIOENCODING": encoding}
    done = run(words, cwd=scenario, env=env, capture_output=True)
    assert done.returncode == 0
    assert b"????, 3 February 2026" in done.stdout


@pytest.mark.parametrize(
    "setting",
    [
        {"MPLBACKEND": "nonsense"},
        {"PYTHONTZPATH": "/nowhere"},
        {"PYTHONWARNINGS": "error"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=", ".join,
)
def test_a_setting_of_the_environment_ends_nothing(setting, scenario):
    words = [*CALL, "estimate", "s.toml", "--members", "4", "--out", "o"]
    done = run(words, cwd=scenario, env=os.environ | setting, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (scenario / "o" / "restoration.png").exists()


INTERRUPTED = """
import os, signal, sys, threading, time
import scipy.stats
from energy_impact import cli
from energy_impact.validation import calibration

def interrupt():
    while True:
        time.sleep(5)
        os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Thread(target=interrupt, daemon=True).start()
sys.exit(cli.main(["calibrate", "kyiv-2026-01-24", "--cases", "500"]))
"""
"""A long command that gets Ctrl-C until it ends, also where a shell lets its background jobs ignore it; some imports of
dependencies take one for a missing module."""


@posix
def test_an_interrupt_is_one_line_and_130(scenario):
    done = run([sys.executable, "-c", INTERRUPTED], cwd=scenario, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (130, "energy-impact: interrupted\n")


@posix
@pytest.mark.parametrize("words", [["-m", "energy_impact"], [str(Path(sys.executable).parent / "energy-impact")]])
@pytest.mark.parametrize("at", ["pandas", "energy_impact.run"])
def test_an_interrupt_while_the_package_is_imported_is_one_line_and_130(tmp_path, words, at):
    (tmp_path / "sitecustomize.py").write_text(f"""
import builtins, os, signal
real = builtins.__import__
def stop(name, *given, **named):
    if name == {at!r}:
        os.kill(os.getpid(), signal.SIGINT)
    return real(name, *given, **named)
builtins.__import__ = stop
signal.signal(signal.SIGINT, signal.default_int_handler)
""")
    around = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = run([sys.executable, *words, "scenarios"], env=around, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "energy-impact: interrupted\n")


def test_ctrl_c_has_its_usual_meaning_once_the_package_is_imported():
    assert _start.is_command(["/usr/bin/python", "/usr/bin/energy-impact", "demo"])
    assert not _start.is_command(["python", "-m", "pytest", "energy_impact"])
    usual = "import signal, sys; signal.signal(2, signal.default_int_handler); "  # a job in the background ignores it
    begin = usual + "sys.orig_argv = ['energy-impact']; from energy_impact import cli; "
    code = begin + "before = signal.getsignal(2); cli.main(['scenarios']); print(before, signal.getsignal(2))"
    done = run([sys.executable, "-c", code], capture_output=True, text=True)
    before, _, after = done.stdout.splitlines()[-1].rpartition("> <")
    assert "_leave" in before
    assert "default_int_handler" in after


@pytest.mark.parametrize(("program", "collects"), [("energy-impact", False), ("mine.py", True)])
def test_garbage_is_collected_but_while_the_command_line_imports_the_package(program, collects):
    code = f"""
import gc, sys
sys.orig_argv = [{program!r}]
from energy_impact import cli
before, seen = gc.isenabled(), []
real = cli.import_module
cli.import_module = lambda name: (seen.append(gc.isenabled()), real(name))
cli.main(["scenarios"])
print(before, *seen, gc.isenabled(), gc.get_freeze_count() > 0)
"""
    done = run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == f"True {collects} True {not collects}"


@pytest.mark.parametrize("words", [["energy-impact.py"], ["mine.py", "-m", "energy_impact"], ["-c", "1"], []])
def test_a_script_that_only_looks_like_the_command_line_is_none(words):
    assert not _start.is_command(["python", *words])


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "p: interrupted\n"),
        (MemoryError(), 2, "p: error: not enough memory\n"),
        (ValueError("a: must be b"), 2, "p: error: a: must be b\n"),
        (OSError(28, "No space left on device", "x"), 2, "p: error: [Errno 28] No space left on device: 'x'\n"),
    ],
)
def test_each_end_has_a_code_and_one_line(error, code, said, capsys):
    def work():
        sys.stdout.write("half an answer\n")
        raise error

    assert _console.run_command("p", work) == code
    assert capsys.readouterr() == ("half an answer\n", said)


def test_streams_that_break_while_the_error_is_said_end_nothing(monkeypatch):
    class Broken(io.StringIO):
        def write(self, _):
            raise BrokenPipeError

        flush = write

    monkeypatch.setattr(sys, "stderr", Broken())
    monkeypatch.setattr(sys, "stdout", None)
    assert _console.run_command("p", lambda: int("x")) == 2
    sys.stdout.close()


def test_an_empty_folder_is_refused_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for words in (["--out", ""], ["--out="], ["--out", "a\0b"]):
        with pytest.raises(SystemExit, match="2"):
            cli.main(["demo", *words])
        assert "argument --out: must be a path without NUL and not empty" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_answer_is_shown_where_its_files_cannot_be_written(tmp_path, monkeypatch, capsys):
    from energy_impact.results.files import run_folder

    def fail(*_):
        raise OSError(28, "No space left on device", "out/summary.csv")

    monkeypatch.setattr(run_folder, "write_folder", fail)
    assert cli.main(["demo", "--members", "16", "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr()
    assert "\nStatus: " in said.out
    assert "No space left on device: 'out/summary.csv'" in said.err


def test_where_to_write_is_tried_before_the_fit(tmp_path, monkeypatch, capsys):
    from energy_impact import run

    monkeypatch.setattr(run, "estimate", None)
    (tmp_path / "summary.csv").mkdir()
    assert cli.main(["demo", "--out", str(tmp_path)]) == 2
    assert "--out: must have no folder named summary.csv" in capsys.readouterr().err


def test_too_little_memory_is_said_before_the_run(monkeypatch):
    monkeypatch.setattr(_memory, "free_memory", lambda: 3.0 * 2**30)
    scenario = energy_impact.load_scenario("kyiv-2026-01-24")
    said = r"^memory: must hold 1000000 members, 24 places and 336 steps, which need [\d.]+ GB, got 3 GB free$"
    with pytest.raises(ValueError, match=said.replace("24 places", r"\d+ places").replace("336", r"\d+")):
        energy_impact.estimate(scenario, members=1_000_000, rng=1)
    long = energy_impact.Scenario("2026-01-24T00:00Z", 8784, energy_impact.Place("A", residents=9), step_h=1 / 3600)
    with pytest.raises(ValueError, match=r"^memory: must hold 1 places and 31622400 steps, which need"):
        energy_impact.simulate(long, rng=1)


def test_free_memory_is_known_here_and_small_runs_are_not_held_up(monkeypatch):
    assert 2**20 < _memory.free_memory() < 2**50
    monkeypatch.setattr(_memory, "free_memory", lambda: 0.0)
    _memory.check_memory(2**29, "little")


def test_the_package_runs_from_a_zip(tmp_path):
    """As a wheel on the path does: its data are read from the archive."""
    root = Path(energy_impact.__file__).parent
    with zipfile.ZipFile(tmp_path / "wheel.zip", "w") as archive:
        for file in (file for ending in ("py", "css", "json", "po") for file in root.rglob(f"*.{ending}")):
            archive.write(file, Path("energy_impact") / file.relative_to(root))
        for file in (root.parent / "seeds").rglob("*.*"):
            archive.write(file, Path("energy_impact/seeds") / file.relative_to(root.parent / "seeds"))
    env = os.environ | {"PYTHONPATH": str(tmp_path / "wheel.zip")}
    words = [*CALL, "estimate", "belgorod-2026-02-13", "--members", "4", "--out", "o"]
    done = run(words, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "o" / "report.html").exists()


def test_numpy_set_to_raise_ends_nothing():
    with np.errstate(all="raise"):
        scenario = energy_impact.load_scenario("kharkiv-2026-02-03")
        run = energy_impact.estimate(scenario, members=64, rng=1)
        tables = (run.summary(), run.figures_check(), run.impact(), run.conflicts(), run.narrowed_by())
        energy_impact.bands(scenario, members=64, rng=1)
        energy_impact.hours_of_safety(-20.0)
        run.plot()
    assert all(len(table.columns) for table in tables)


def test_threads_that_draw_and_write_give_what_one_alone_gives(tmp_path):
    run = energy_impact.simulate(energy_impact.load_scenario("belgorod-2026-02-13"), members=64, rng=1)

    def page(number):
        return run.report(tmp_path / f"{number % 3}.html").read_bytes()

    alone = page(0)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(page, range(8))) == {alone}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.html", "1.html", "2.html"]


def test_threads_that_ask_for_curves_get_whole_ones():
    scenario = energy_impact.load_scenario("belgorod-2026-02-13")
    alone = energy_impact.simulate(scenario, members=64, rng=1)
    shared = energy_impact.simulate(scenario, members=64, rng=1)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda key: shared[key].draws, alone.available))
    for key, draws in zip(alone.available, found, strict=True):
        np.testing.assert_array_equal(draws, alone[key].draws)
