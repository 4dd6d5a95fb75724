"""Progress is seen on a terminal alone, by the outermost call alone, and never on standard output."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import energy_impact as ei
from energy_impact import _progress, streaming
from energy_impact._sharing import run_cases


class Terminal(io.StringIO):
    """Standard error that a person watches."""

    def isatty(self):
        return True

    @property
    def lines(self):
        return self.getvalue().splitlines()


@pytest.fixture
def terminal(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(_progress, "sys", types.SimpleNamespace(stderr=screen))
    return screen


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves; tqdm is not installed."""
    now = types.SimpleNamespace(time=0.0)
    for module in (_progress, streaming):
        monkeypatch.setattr(module, "monotonic", lambda: now.time)
    monkeypatch.setattr(_progress, "find_spec", lambda _: None)
    return now


def slow(clock, seconds):
    def run(_case):
        clock.time += seconds

    return run


def test_a_pipe_sees_nothing(capsys, clock):
    run_cases(slow(clock, 60), range(3))
    _progress.say("never seen")
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_how_far_it_is_and_how_long_it_will_take(terminal, clock, capsys):
    run_cases(slow(clock, 30), range(4), what="backtest")
    assert capsys.readouterr().out == ""
    assert terminal.lines == [
        "backtest: 1 of 4 done, about 90 s left",
        "backtest: 2 of 4 done, about 60 s left",
        "backtest: 3 of 4 done, about 30 s left",
    ]


def test_lines_come_every_five_seconds_and_quick_calls_show_none(terminal, clock):
    run_cases(slow(clock, 1), range(2))
    assert terminal.lines == []
    run_cases(slow(clock, 1), range(10), what="cases")
    assert [line.split()[1] for line in terminal.lines] == ["2", "7"]


def test_the_first_few_of_many_are_too_few_to_judge_the_rest_by(terminal, clock):
    run_cases(slow(clock, 5), range(40), what="summary")
    assert terminal.lines[:2] == ["summary: 1 of 40 done", "summary: 2 of 40 done, about 3 min left"]


@pytest.mark.parametrize("given", [None, lambda _done, _total: None])
@pytest.mark.parametrize("threads", [False, True])
def test_calls_inside_a_call_show_none(terminal, clock, given, threads):
    def run(_case):
        run_cases(slow(clock, 30), range(3), what="inner")

    if threads:
        with ThreadPoolExecutor(1) as pool:
            run_cases(run, range(2), pool, given, what="outer")
    else:
        run_cases(run, range(2), None, given, what="outer")
    assert "inner" not in terminal.getvalue()
    run(0)
    assert "inner" in terminal.getvalue()


def test_a_function_is_called_instead(terminal, clock):
    seen = []
    run_cases(slow(clock, 60), range(2), progress=lambda *counts: seen.append(counts))
    assert seen == [(1, 2), (2, 2)]
    assert terminal.lines == []


def test_an_error_leaves_the_next_call_its_progress(terminal, clock):
    with pytest.raises(ZeroDivisionError):
        run_cases(lambda case: 1 / case, [0])
    run_cases(slow(clock, 60), range(2))
    assert "1 of 2" in terminal.getvalue()


def test_tqdm_draws_the_bar_where_it_is_installed(terminal, clock, monkeypatch):
    drawn = []

    class Bar:
        def __init__(self, **given):
            self.n, self.given = 0, given

        def __enter__(self):
            return self

        def __exit__(self, *_):
            drawn.append("closed")

        def update(self, more):
            self.n += more
            drawn.append((self.given["desc"], self.given["file"] is terminal, self.n, self.total))

    monkeypatch.setattr(_progress, "find_spec", lambda _: True)
    monkeypatch.setattr(_progress, "import_module", lambda name: types.SimpleNamespace(**{name: Bar}))
    run_cases(slow(clock, 1), range(2), what="bands")
    assert drawn == [("bands", True, 1, 2), ("bands", True, 2, 2), "closed"]


STORM = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=3)
SMALL = ei.Scenario("2026-01-19T00:00Z", 24, ei.Place("City", power_customers=1000), events=[STORM])


def test_a_large_ensemble_says_before_it_begins_how_long_it_will_take(terminal, clock, monkeypatch):
    counted = streaming._count

    def slow_count(*given):
        clock.time += 3
        return counted(*given)

    monkeypatch.setattr(streaming, "_count", slow_count)
    panels = [("power_customers_out", "City")]
    ei.bands(SMALL, panels=panels, members=16 * 1024, rng=1)
    assert terminal.lines[0] == "bands: 16,384 members take about 48 s in one process"
    terminal.truncate(0)
    ei.bands(SMALL, panels=panels, members=1024, rng=1)
    assert "take about" not in terminal.getvalue()


def test_a_page_counts_its_sections(tmp_path):
    seen = []
    ei.simulate(SMALL, members=16, rng=1).report(tmp_path / "page.html", progress=lambda *done: seen.append(done))
    assert seen == [(number, 6) for number in range(1, 7)]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_a_command_on_a_terminal_says_at_once_what_it_does():
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "energy_impact", "estimate", "kharkiv-2024-03-22", "--members", "16"]
    with subprocess.Popen(command, stderr=theirs, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]) as run:
        os.close(theirs)
        said = os.read(ours, 1000).decode()
        answer = run.stdout.read().decode()
    os.close(ours)
    assert said.startswith("energy-impact: fits 16 simulated courses to the figures of kharkiv-2024-03-22")
    assert "fits 16" not in answer
    assert run.returncode == 0
