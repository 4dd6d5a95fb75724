"""
What checks and equal bits cost those who do nothing wrong: processes that take turns, one round each.

    python benchmarks/cost_of_checks.py                      # the demo's fit, as it is and without
    python benchmarks/cost_of_checks.py --before CHECKOUT    # the reading of figures too, by another version's checkout

Printed are CPU times, the ratio of the least of them, and the median of the ratios of a round with its standard error,
by ranks, so that single slow rounds of a shared machine do not count. "Without" checks neither
arguments nor bounds nor memory, and multiplies in single precision (`inference/products.py` has why not).
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIT = """
scenario = ei.load_scenario("kyiv-2026-01-24")
def work():
    ei.estimate(scenario, members=2048, rng=1)
"""
WITHOUT = """
import numpy as np
from energy_impact import bounds, ensemble_runs, prepare
from energy_impact.inference import products
prepare.check_memory = ensemble_runs.check_memory = lambda *_: None
bounds.check, bounds.check_whole = (lambda _, value, __: float(value)), (lambda _, value, __: int(value))
products.onto = lambda rows, few: (rows @ few.T.astype(np.float32)).astype(float)
products.combined = lambda weights, rows: (weights.astype(np.float32) @ rows).astype(float)
def move(rows, weights, few):
    rows += weights.astype(np.float32) @ few.astype(np.float32)
products.move = move
"""
READ = """
def work():
    for _ in range(10):
        ei.read_figures({file!r})
"""
LOOP = """
work()
for line in sys.stdin:
    begun = time.process_time()
    work()
    print(time.process_time() - begun, flush=True)
"""


class Worker:
    """A process that does a piece of work whenever it is asked to."""

    def __init__(self, code: str, checkout: Path) -> None:
        start = f"import sys, time, warnings\nwarnings.simplefilter('ignore')\nimport energy_impact as ei\n{code}{LOOP}"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        around = os.environ | {"PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen([sys.executable, "-c", start], env=around, **pipes)

    def seconds(self) -> float:
        """Do the work once and return its CPU time [s]."""
        print("go", file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())


def compare(name: str, code: tuple[str, str], checkouts: tuple[Path, Path], rounds: int) -> None:
    """Print how long the first takes, as a share of the second."""
    workers = [Worker(one, checkout) for one, checkout in zip(code, checkouts, strict=True)]
    times: list[list[float]] = [[], []]
    for number in range(rounds):
        for index in (0, 1) if number % 2 else (1, 0):
            times[index].append(workers[index].seconds())
    for worker in workers:
        worker.process.communicate()
    least = min(times[0]) / min(times[1])
    middle, error = median([one / other for one, other in zip(*times, strict=True)])
    print(
        f"{name}: {min(times[0]):.4f} s, {least:.3f} of {min(times[1]):.4f} s; median of {rounds} ratios "
        f"{middle:.3f} ± {error:.3f}",
        flush=True,
    )


def median(numbers: list[float]) -> tuple[float, float]:
    """Return the median and its standard error: half the distance of the numbers half a root of n ranks from it."""
    ranked, ranks = sorted(numbers), round(math.sqrt(len(numbers)) / 2)
    middle = len(ranked) // 2
    low, high = ranked[max(middle - ranks, 0)], ranked[min(middle + ranks, len(ranked) - 1)]
    return statistics.median(ranked), (high - low) / 2


def main() -> None:
    """Print the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=Path, help="checkout of another version")
    parser.add_argument("--rounds", type=int, default=24)
    options = parser.parse_args()
    compare("fit of the demo, against without", (FIT, WITHOUT + FIT), (ROOT, ROOT), options.rounds)
    if options.before is not None:
        read = READ.format(file=str(options.before.resolve() / "seeds" / "figures.csv"))
        compare("reading of figures", (read, read), (ROOT, options.before), options.rounds)


if __name__ == "__main__":
    main()
