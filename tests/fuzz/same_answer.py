"""
The same seed on other processors and other versions of the dependencies: status, and every quantile.

    python -m tests.fuzz.same_answer                                  # the demo and two more, two seeds, 2,048 members
    python -m tests.fuzz.same_answer --python /path/to/oldest/bin/python
    python -m tests.fuzz.same_answer --seeds 5 kyiv-2026-01-24

Fits run in processes of their own: with this Python as it is, with other kernels of OpenBLAS, and with each other
Python that is given. Compared with the first are the status, each number of `summary()`, and three
quantiles of each curve at each time. Exit code 1 if a status differs, or a quantile by more than `CLOSE`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
SCENARIOS = ("kyiv-2026-01-24", "kharkiv-2026-02-03", "kyiv-2022-11-23")
CLOSE = 1e-3
"""Largest difference of a quantile that is promised, as a share of it, or of one unit where it is smaller."""
KERNELS = ("Nehalem", "Haswell")
"""Kernels of OpenBLAS: processors without, and with, AVX2."""
FIT = """
import json, sys
import numpy as np
import energy_impact as ei
scenarios, seeds, members = json.loads(sys.argv[1])
for name in scenarios:
    for seed in range(1, seeds + 1):
        run = ei.estimate(ei.load_scenario(name), members=members, rng=seed)
        table = run.summary()
        labels = [f"{row.quantity} at {row.place}" for row in table.itertuples()]
        numbers = table.select_dtypes("number")
        found = {f"{column} of {label}": [float(value)] for column in numbers for label, value in
                 zip(labels, numbers[column], strict=True)}
        for key in run.available:
            quantiles = run[key].quantile(quantiles=[0.05, 0.5, 0.95]).to_numpy()
            found[f"curve of {key[0]} at {key[1]}"] = quantiles.ravel().tolist()
        print(json.dumps([name, seed, run.fit_text, found]))
"""


class Answer(NamedTuple):
    """One fit: scenario, seed, the text of its status, and its numbers by name."""

    scenario: str
    seed: int
    status: str
    numbers: dict[str, list[float]]


def settings() -> dict[str, dict[str, str]]:
    """Return environments of other processors by name."""
    return {f"OpenBLAS for {kernel}": {"OPENBLAS_CORETYPE": kernel} for kernel in KERNELS}


def answers(
    names: Sequence[str], seeds: int, members: int, *, python: str = sys.executable, **environment: str
) -> list[Answer]:
    """Return the fits of some scenarios in a process with an environment."""
    command = [python, "-W", "ignore", "-c", FIT, json.dumps([names, seeds, members])]
    around = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(command, env=around, stdout=subprocess.PIPE, text=True, check=True)
    return [Answer(*json.loads(line)) for line in done.stdout.splitlines()]


def difference(one: Answer, other: Answer) -> tuple[float, str]:
    """Return the largest difference of a number, as a share of it or of one, and its name."""
    if one.numbers.keys() != other.numbers.keys():
        return float("inf"), "what is answered"
    found = {name: _largest(numbers, other.numbers[name]) for name, numbers in one.numbers.items()}
    worst = max(found, key=found.__getitem__)
    return found[worst], worst


def _largest(one: Any, other: Any) -> float:
    one, other = np.asarray(one, float), np.asarray(other, float)
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    if same.all():
        return 0.0
    with np.errstate(invalid="ignore"):
        share = np.abs(one - other)[~same] / np.maximum(np.abs(one[~same]), 1.0)
    return float(np.nan_to_num(share, nan=np.inf).max())


def main() -> int:
    """Print the comparison from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="*", default=SCENARIOS)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--members", type=int, default=2048)
    parser.add_argument("--python", nargs="*", default=[], help="of environments with other versions")
    options = parser.parse_args()
    size = options.scenario, options.seeds, options.members
    usual, others = answers(*size), {}
    for name, environment in settings().items():
        print(f"... {name}", file=sys.stderr, flush=True)
        others[name] = answers(*size, **environment)
    for python in options.python:
        print(f"... {python}", file=sys.stderr, flush=True)
        others[python] = answers(*size, python=python)
    wrong = 0
    for name, found in others.items():
        for one, other in zip(usual, found, strict=True):
            largest, where = difference(one, other)
            bad = largest > CLOSE or one.status != other.status
            wrong += bad
            status = "same status" if one.status == other.status else f"{one.status!r} became {other.status!r}"
            what = f"{name}: {one.scenario}, seed {one.seed}: {status}"
            print(f"{'FAULT' if bad else 'fine'}  {what}, {largest:.1e} ({where})")
    print(f"{wrong} of {len(usual) * len(others)} differ by more than {CLOSE:g}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
