"""
Files under failing calls and kills: what is there is the old, the new, or says that it is neither.

    python -m tests.fuzz.faults                             # 288 failing calls and 235 kills, seed 1
    python -m tests.fuzz.faults --errors 40 --kills 4 --seed 7

Each writer writes once, and again while the n-th of its calls to the disk fails, for n from 1 until it needs no more
calls, and then the same with the next error, so that no pair of call and error comes twice. Commands are killed at
random times, half of them while they write. Then each file is whole, a folder with a record has the hashes of that
record, and the next run leaves nothing but its files.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import hashlib
import io
import itertools
import json
import os
import re
import signal
import sys
import tempfile
import time
import traceback
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np

import energy_impact as ei
from energy_impact import _files, cli
from energy_impact.figures.table import write_figures
from energy_impact.results.files import run_folder
from tests.fuzz.base import HEADER, ROWS, SHAPES, coded, estimate
from tests.fuzz.cases import WEATHER
from tests.fuzz.more_cases import WIDE
from tests.fuzz.sweeping import run_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLS = ("open", "fsync", "unlink", "rename", "replace", "mkdir", "rmdir", "listdir", "scandir", "stat", "lstat")
"""Functions of `os` that may fail; opening a file to read, and writing to an open one, besides."""
ERRORS = tuple(
    (number, os.strerror(number))
    for number in (
        *(errno.ENOSPC, errno.EIO, errno.EACCES, errno.EMFILE, errno.EROFS),
        *(errno.EINTR, errno.EDQUOT, errno.ESTALE, errno.ENAMETOOLONG),
    )
)
MOST_CALLS = 200
"""More calls to the disk than any writer needs."""
SCENARIO = """\
start = "2026-02-03T12:00+01:00"
horizon_h = 24
places = [{ name = "Northport", power_customers = [88000, 96000] }]
events = [{ time = "2026-02-03T22:00+01:00", kind = "storm", duration_h = 3 }]
what_if = [{ name = "crews doubled", crews = 2 }]
"""
ARTICLE = "Some 1,900 apartment blocks in Kyiv were without heat on Thursday morning.\n"
PUBLISHED = ("--published", "2026-02-14T18:00+00:00")
RECORDS = (run_folder.RECORD, run_folder.COMPARISON[-1])


def lay_out(folder: Path) -> None:
    """Write what is read beside a folder: scenario, article, figures, weather, counts, a saved run, shapes."""
    beside = folder.parent
    (beside / "s.toml").write_text(SCENARIO, encoding="utf-8")
    (beside / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (beside / "f.csv").write_text("\n".join([HEADER, *ROWS]), encoding="utf-8")
    (beside / "w.csv").write_text(WEATHER[0], encoding="utf-8")
    (beside / "o.csv").write_text(WIDE, encoding="utf-8")
    (beside / "g.json").write_text(SHAPES, encoding="utf-8")
    estimate().save(beside / "e.npz")


def _command(*words: str) -> None:
    """Run a command; raise an OSError where it fails."""
    said = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        code = cli.main(list(words))
    assert code in {0, 2}, f"exit code {code}"
    assert "Traceback" not in said.getvalue()
    if code:
        assert said.getvalue().startswith("energy-impact: error: ")
        assert ".part" not in said.getvalue()
        raise OSError(said.getvalue())


def _run(folder: Path, seed: int) -> None:
    _command("estimate", str(folder.parent / "s.toml"), *_size(folder, seed))


def _compare(folder: Path, seed: int) -> None:
    _command("compare", str(folder.parent / "s.toml"), *_size(folder, seed))


def _size(folder: Path, seed: int) -> tuple[str, ...]:
    return "--members", "4", "--seed", str(seed), "--out", str(folder)


def _draft(folder: Path, seed: int) -> None:
    for name in ("scenario.toml", "figures.csv"):
        (folder / name).unlink(missing_ok=True)
    out = ("--out", str(folder), "--source", f"source {seed}")
    _command("draft", str(folder.parent / "a.txt"), *PUBLISHED, *out)


def _figures(folder: Path, seed: int) -> None:
    row = dict(zip(HEADER.split(","), ROWS[0].split(","), strict=True)) | {"id": f"a{seed}"}
    write_figures([row], folder / "figures.csv")


def _page(folder: Path, seed: int) -> None:
    estimate().report(folder / "report.html", level=0.5 + seed / 10, brief=True)


def _saved(folder: Path, _seed: int) -> None:
    estimate().save(folder / "e.npz")


def _sheet(folder: Path, seed: int) -> None:
    estimate().to_excel(folder / "e.xlsx", level=0.5 + seed / 10)


def _candidates(folder: Path, seed: int) -> None:
    (folder / "candidates.csv").unlink(missing_ok=True)
    out = ("--out", str(folder / "candidates.csv"), "--source", f"source {seed}")
    _command("read", str(folder.parent / "a.txt"), *PUBLISHED, *out)


def _map(folder: Path, seed: int) -> None:
    coded().to_geojson(folder / "e.geojson", folder.parent / "g.json", level=0.5 + seed / 10)


def _readers(folder: Path, _seed: int) -> None:
    """Read a file of each kind, and write nothing; a ValueError names what cannot be read."""
    try:
        beside = folder.parent
        assert len(ei.read_figures(beside / "f.csv")) == len(ROWS)
        assert len(ei.read_weather(beside / "w.csv"))
        assert ei.read_outages(beside / "o.csv").shape[1] == 2
        assert ei.load_scenario(beside / "s.toml").horizon_h == 24
        assert ei.load_estimate(beside / "e.npz").members == estimate().members
    except ValueError as error:
        if not re.search("cannot be read|must be a shipped name or the path", str(error)):
            raise
        raise OSError(str(error)) from error


WRITERS: dict[str, Callable[[Path, int], None]] = {
    "estimate": _run,
    "compare": _compare,
    "draft": _draft,
    "figures": _figures,
    "page": _page,
    "saved": _saved,
    "sheet": _sheet,
    "candidates": _candidates,
    "map": _map,
    "readers": _readers,
}
"""What writes into a folder, with a seed that changes the content."""
KILLED = ("estimate", "compare")


@contextlib.contextmanager
def failing(nth: int, error: tuple[int, str], within: Path) -> Iterator[list[str]]:
    """Let the n-th call to the disk fail, among those for paths below a folder; yields the calls so far."""
    calls: list[str] = []

    def count(name: str) -> None:
        calls.append(name)
        if len(calls) == nth:
            raise OSError(*error)

    def guarded(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            if given and (isinstance(given[0], int) or str(given[0]).startswith(str(within))):
                count(name)
            return call(*given, **named)

        return wrapped

    def opened(*given: Any, **named: Any) -> Any:
        file = io.FileIO(*given, **named)
        write = file.write
        file_like = mock.MagicMock(wraps=file)
        file_like.__enter__.return_value = file_like
        file_like.__exit__.side_effect = lambda *_: file.close()
        file_like.write.side_effect = lambda content: (count("write"), write(content))[1]
        return file_like

    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(io, "open", guarded("read", io.open)))
        for name in CALLS:
            stack.enter_context(mock.patch.object(os, name, guarded(name, getattr(os, name))))
        stack.enter_context(mock.patch.object(_files.os, "fdopen", opened))
        yield calls


def state(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def wrong_files(now: dict[str, bytes], old: dict[str, bytes], new: dict[str, bytes] | None) -> list[str]:
    """Return what is wrong with the files of a folder: torn ones, where the new are known, or a record without hold."""
    found = []
    for record in set(RECORDS) & set(now):
        for name, digest in json.loads(now[record])["files_sha256"].items():
            if name not in now or hashlib.sha256(now[name]).hexdigest() != digest:
                found.append(f"{record} does not hold for {name}")
    for name, content in now.items():
        whole = (old.get(name), None if new is None else new.get(name))
        if new is not None and not name.endswith(".part") and content not in whole:
            found.append(f"{name} is neither the old nor the new")
    return found


def _written(folder: Path, writer: str) -> dict[str, bytes]:
    """Lay the files of a first run into a folder, and return them."""
    files = _first(writer)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return files


@cache
def _first(writer: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "out"
        folder.mkdir()
        lay_out(folder)
        WRITERS[writer](folder, 1)
        return state(folder)


def error_at(writer: str, nth: int, error: tuple[int, str]) -> tuple[bool, list[str]]:
    """Return whether the n-th call was made and failed, and what is wrong after that."""
    write = WRITERS[writer]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "out"
        lay_out(folder)
        old, found = _written(folder, writer), []
        with failing(nth, error, folder.parent) as calls:
            try:
                write(folder, 2)
            except OSError as raised:
                found += [f"names a part: {raised}"] if ".part" in str(raised) else []
        failed = len(calls) >= nth
        after = state(folder)
        write(folder, 2)
        new = state(folder)
        found += [f"after the next run: {name}" for name in new if name not in old]
        found += wrong_files(after, old, None if writer in {"saved", "sheet", *KILLED} else new)
        return failed, found + wrong_files(new, new, new)


def errors(most: int, first: int = 0) -> tuple[int, int]:
    """Let at most so many calls fail, from a number on, and print what is wrong; return how many, and faults."""
    through: set[tuple[int, str]] = set()  # rounds and writers of which all calls have failed

    def numbers() -> Iterator[int]:
        for number in range(first, MOST_CALLS * len(WRITERS) * len(ERRORS)):
            turn, _, writer = _call(number)
            if (turn, writer) not in through:
                yield number

    def check(number: int) -> list[str]:
        turn, nth, writer = _call(number)
        error = ERRORS[(nth + turn) % len(ERRORS)]
        failed, wrong = error_at(writer, nth, error)
        if not failed:
            through.add((turn, writer))
        return [f"{writer}, call {nth}, {error[1]}: {text}" for text in wrong]

    return run_numbers(itertools.islice(numbers(), most), check, "--first-error {}")


def _call(number: int) -> tuple[int, int, str]:
    """Return the round, the call and the writer of a number; each round gives each call another error."""
    turn, rest = divmod(number, MOST_CALLS * len(WRITERS))
    nth, writer = divmod(rest, len(WRITERS))
    return turn, nth + 1, tuple(WRITERS)[writer]


def kill(writer: str, rng: np.random.Generator) -> list[str]:
    """Return what is wrong after a command was killed at a random time, and after it ran again."""
    write = WRITERS[writer]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "out"
        lay_out(folder)
        old = _written(folder, writer)
        ready, say = os.pipe()
        child = os.fork()
        if not child:
            _work(lambda: write(folder, 2), say)
        os.close(say)
        if rng.random() < 0.5:
            os.read(ready, 1)  # it begins to write
            time.sleep(float(rng.uniform(0, 0.01)))
        else:
            time.sleep(float(rng.uniform(0, 0.6)))
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        found = wrong_files(state(folder), old, None)
        write(folder, 3)
        return found + [f"after the next run: {name}" for name in state(folder) if name not in old]


def _work(work: Callable[[], None], say: int) -> None:
    """Do the work of a child process, which says when it begins to write, and end it."""
    begin = run_folder.write_folder

    def told(*given: Any) -> None:
        os.write(say, b"w")
        begin(*given)

    try:
        with mock.patch.object(run_folder, "write_folder", told):
            work()
    finally:
        os._exit(0)


def kills(count: int, seed: int, first: int = 0) -> tuple[int, int]:
    """Kill so many commands, from a number on, and print what is wrong; return how many, and how many faulty."""

    def check(number: int) -> list[str]:
        writer = KILLED[number % len(KILLED)]
        try:
            wrong = kill(writer, np.random.default_rng([seed, number]))
        except Exception:  # noqa: BLE001  # the run after a kill must not fail
            wrong = ["\n".join(traceback.format_exc().splitlines()[-3:])]
        return [f"seed {seed}, kill {number}, {writer}: {text}" for text in wrong]

    return run_numbers(range(first, first + count), check, f"--errors 0 --seed {seed} --first-kill {{}}")


def main() -> int:
    """Let calls fail and kill runs from the command line, and print what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", type=int, default=288)
    parser.add_argument("--kills", type=int, default=235)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first-error", type=int, default=0)
    parser.add_argument("--first-kill", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    tried, torn = errors(options.errors, options.first_error)
    killed, left = kills(options.kills, options.seed, options.first_kill)
    print(f"{tried} failing calls and {killed} kills, seed {options.seed}: {torn + left} faults")
    return bool(torn or left)


if __name__ == "__main__":
    sys.exit(main())
