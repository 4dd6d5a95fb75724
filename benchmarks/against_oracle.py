"""The fast fit beside a long run of the oracle: `PYTHONPATH=. python benchmarks/against_oracle.py`, some minutes.

Printed are, for each scenario of `tests/test_against_oracle.py`, the shift of the median and the ratio of the 90 %
widths against the long run, of four fits and of four short runs as the test has them; the scatter is that over the
seeds. `docs/calibration.md` has the numbers.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from tests.test_against_oracle import CASES, Case, compare, fit_draws, oracle_draws

SEEDS = (1, 2, 3, 4)
SHORT = {"members": 2048, "moves": 15}
LONG = {"members": 4096, "moves": 60, "rng": 1}


def table(name: str, case: Case) -> None:
    begin = perf_counter()
    exact, runs = oracle_draws(case, **LONG)
    print(f"{name}: long run of {runs} forward runs, {perf_counter() - begin:.0f} s")
    fits, shorts, seconds = [], [], np.zeros(2)
    for seed in SEEDS:
        begin = perf_counter()
        fits.append(compare(fit_draws(case, rng=seed), exact))
        middle = perf_counter()
        draws, runs = oracle_draws(case, **SHORT, rng=seed + 1)
        shorts.append(compare(draws, exact))
        seconds += middle - begin, perf_counter() - middle
    seconds /= len(SEEDS)
    ratio = seconds[1] / seconds[0]
    print(f"fit {seconds[0]:.2f} s, short run {seconds[1]:.2f} s ({runs} forward runs): 1 to {ratio:.0f}")
    print("hour  fit: shift      width         short run: shift      width")
    for row, hour in enumerate(case.hours):
        cells = [
            f"{values.mean():5.2f} +-{values.std(ddof=1):5.2f}"
            for pairs in (fits, shorts)
            for values in np.array(pairs)[:, :, row].T
        ]
        print(f"{hour:4d}  " + "  ".join(cells))


if __name__ == "__main__":
    for name, case in CASES.items():
        table(name, case)
