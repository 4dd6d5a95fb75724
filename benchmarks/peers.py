"""Shared work beside other libraries: a Weibull law of durations known to the hour, with intervals where they give any.

    PYTHONPATH=. python benchmarks/peers.py

measures those that are installed and names those that are not. `pip install lifelines emcee` brings two of them;
lifelines wants a pandas below 3, so it needs an environment of its own, or `--no-deps`.
"""

from __future__ import annotations

import warnings
from importlib.metadata import PackageNotFoundError, version
from time import process_time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import energy_impact as ei

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Hours = NDArray[np.float64]

DURATIONS, SHAPE, SCALE_H, SEED = 300, 0.8, 20.0, 1
SOONEST_H = 0.001
"""Least duration: lifelines takes none of length zero. [h]"""
ROUNDS = 3
WALKERS, STEPS, BURN_IN = 16, 1500, 300
UNMEASURED = ("eagleiDataProcessor", "pyincore")
"""Libraries with the same subject that do not fit durations; of the first, pip finds no distribution on PyPI."""


class Found(NamedTuple):
    """Scale [h] and shape, and the 90 % interval of the shape, (nan, nan) if none is given."""

    scale: float
    shape: float
    interval: tuple[float, float] = (np.nan, np.nan)


def durations() -> tuple[Hours, Hours]:
    """Return the least and the most that each duration may be [h]."""
    drawn = SCALE_H * np.random.default_rng(SEED).weibull(SHAPE, DURATIONS)
    return np.maximum(np.floor(drawn), SOONEST_H), np.floor(drawn) + 1


def own(low: Hours, high: Hours) -> Found:
    """Return the fit of this library, with a profile interval."""
    table = ei.fit_family(low, high, families=["weibull"]).set_index("parameter")
    shape = table.loc["shape"]
    return Found(table.loc["scale_h", "estimate"], shape["estimate"], (shape["low"], shape["high"]))


def by_lifelines(low: Hours, high: Hours) -> Found:
    """Return the fit of lifelines, with its interval from the curvature."""
    from lifelines import WeibullFitter

    fit = WeibullFitter(alpha=0.1).fit_interval_censoring(low, high)
    return Found(fit.lambda_, fit.rho_, tuple(fit.summary.loc["rho_"].filter(like="coef ").to_numpy()))


def by_scipy(low: Hours, high: Hours) -> Found:
    """Return the fit of scipy, which gives no interval."""
    from scipy.stats import CensoredData, weibull_min

    shape, _, scale = weibull_min.fit(CensoredData(interval=np.column_stack([low, high])), floc=0)
    return Found(scale, shape)


def by_emcee(low: Hours, high: Hours) -> Found:
    """Return the median and the interval of a sample of the posterior, with flat priors on both logarithms."""
    import emcee

    def log_likelihood(logs: Hours) -> float:
        scale, shape = np.exp(np.clip(logs, -10, 10))
        return float(np.log(np.exp(-((low / scale) ** shape)) - np.exp(-((high / scale) ** shape)) + 1e-300).sum())

    start = np.log([SCALE_H, SHAPE]) + 0.1 * np.random.default_rng(SEED).standard_normal((WALKERS, 2))
    sampler = emcee.EnsembleSampler(WALKERS, 2, log_likelihood)
    sampler.run_mcmc(start, STEPS)
    scale, shape = np.exp(sampler.get_chain(discard=BURN_IN, flat=True)).T
    return Found(np.median(scale), np.median(shape), tuple(np.quantile(shape, [0.05, 0.95])))


PEERS: dict[str, Callable[[Hours, Hours], Found]] = {
    "energy_impact": own,
    "scipy": by_scipy,
    "lifelines": by_lifelines,
    "emcee": by_emcee,
}


def main() -> None:
    """Print a line for each library."""
    given = durations()
    print(f"{'library':14} {'version':9} {'CPU [s]':>8} {'scale [h]':>10} {'shape':>6}  90 % of the shape")
    for name, fit in PEERS.items():
        installed = _version(name)
        if installed is None:
            print(f"{name:14} not installed")
            continue
        seconds, found = _least(fit, given)
        low, high = found.interval
        print(f"{name:14} {installed:9} {seconds:8.3f} {found.scale:10.2f} {found.shape:6.3f}  {low:.3f} to {high:.3f}")
    for name in UNMEASURED:
        print(f"{name}: {'installed' if _version(name) else 'not installed'}, nothing shared is measured")


def _version(name: str) -> str | None:
    """Return the version of a library, None if it is not installed."""
    try:
        return ei.__version__ if name == "energy_impact" else version(name)
    except PackageNotFoundError:
        return None


def _least(fit: Callable[[Hours, Hours], Found], given: tuple[Hours, Hours]) -> tuple[float, Found]:
    """Return the least CPU time of some calls, and what the last one found."""
    times = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(ROUNDS):
            begin = process_time()
            found = fit(*given)
            times.append(process_time() - begin)
    return min(times), found


if __name__ == "__main__":
    main()
