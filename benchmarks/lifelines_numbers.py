"""What lifelines finds for the durations that `tests/test_family_fit.py` holds `fit_family` to.

python -m venv venv && venv/bin/pip install lifelines==0.30.3
venv/bin/python benchmarks/lifelines_numbers.py
"""

from __future__ import annotations

import math

ENDED = [0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 36]
OPEN = [48.0] * 3
BETWEEN = ([0, 1, 1, 2, 4, 6, 6, 12, 24, 24], [1, 2, 4, 4, 6, 12, 24, 24, 48, math.inf])
"""Durations of our own making, in hours."""


def main() -> None:
    import lifelines

    known = [1] * len(ENDED) + [0] * len(OPEN)
    for name in ("ExponentialFitter", "WeibullFitter", "LogNormalFitter", "LogLogisticFitter"):
        ended = getattr(lifelines, name)().fit(ENDED + OPEN, known)
        between = getattr(lifelines, name)().fit_interval_censoring(*BETWEEN)
        for data, fit in (("ended or open", ended), ("between two counts", between)):
            print(f"{data:20s}{name:20s}{fit.log_likelihood_:.10f}  {fit.params_.to_dict()}")


if __name__ == "__main__":
    main()
