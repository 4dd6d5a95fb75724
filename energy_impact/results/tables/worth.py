"""What a next figure is worth for a decision: whether it changes which option is best, and the loss that it avoids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact._arithmetic import underflow_is_zero
from energy_impact._checks import brief, check_choice, check_number
from energy_impact.results.tables.asking import NEXT_ERROR, Candidate, candidates, request
from energy_impact.results.tables.headline import rounded
from energy_impact.results.tables.options import compared_places, option_measures, since_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from energy_impact.results.members import Members

    Floats = NDArray[np.float64]

SEED = 0
"""Seed of the errors of figures, so that a table is the same each time."""
MEMBERS_PER_CLASS, MOST_CLASSES = 64, 32
"""Members of like figures whose mean loss is expected from such a figure, and the most classes of them."""
SHUFFLES, NOISE_SD = 20, 2.0
"""What figures shuffled over the members seem to be worth is chance: its mean and so many standard deviations."""

ROUNDING = 1e-9
"""Share of the largest loss below which a difference is one of rounding."""


class Worth(NamedTuple):
    """The share of cases in which a figure makes another option best, and the expected loss that it avoids."""

    changes: float
    avoided: float


class _Row(NamedTuple):
    """A row of `Comparison.worth_asking`."""

    figure: str
    time: pd.Timestamp
    best_now: str
    changes_choice: float
    avoided: float
    avoided_if_certain: float
    unit: str
    in_words: str


@underflow_is_zero
def worth_asking(
    options: Mapping[str, Members], measure: str | None, place: str | None, costs: Mapping[str, float] | None
) -> pd.DataFrame:
    """Return the table of `Comparison.worth_asking`."""
    first = next(iter(options.values()))
    losses, unit = _losses(options, measure, place)
    losses += np.array([[_cost(options, costs).get(name, 0.0)] for name in options])
    best = list(options)[int(losses.mean(axis=1).argmin())]
    certain = float(losses.mean(axis=1).min() - losses.min(axis=0).mean())
    rng = np.random.default_rng(SEED)
    rows = []
    for figure in candidates(first):
        worth = value_of_figure(losses, figure.seen, NEXT_ERROR, rng)
        words = _words(first, figure, worth, best, unit)
        rows.append(_Row(figure.name, figure.time, best, *worth, certain, unit, words))
    table = pd.DataFrame(rows, columns=list(_Row._fields))
    return table.sort_values("avoided", ascending=False, kind="stable", ignore_index=True)


def value_of_figure(losses: Floats, seen: Floats, error: float, rng: np.random.Generator) -> Worth:
    """
    Return what a figure is worth before a choice between options.

    With the figure the option of least expected loss given its value is chosen, without it that of least expected loss;
    the difference is the expected value of sample information (Raiffa and Schlaifer 1961, Applied Statistical Decision
    Theory; Howard 1966, Information Value Theory, IEEE Trans. Systems Science and Cybernetics 2(1), 22-26). The
    expectations are means over classes of members with like figures, so that an option which is worse in every member
    is worse in each. What is no more than shuffled figures seem to be worth is 0.

    Parameters
    ----------
    losses : ndarray, (options, members)
    seen : ndarray, (members,)
        The logarithm of the figure's value without error.
    error : float
        Error of the figure, on the log scale.
    rng : Generator

    Returns
    -------
    Worth

    Examples
    --------
    >>> seen = np.linspace(-1, 1, 1001)
    >>> losses = np.stack([np.zeros(1001), seen])
    >>> round(value_of_figure(losses, seen, 0.0, np.random.default_rng(1)).avoided, 2)
    0.25
    """
    members = losses.shape[1]
    classes = min(members // MEMBERS_PER_CLASS, MOST_CLASSES)
    if seen.std() == 0 or classes < 2:
        return Worth(0.0, 0.0)
    order = np.argsort(seen + error * rng.standard_normal(members))
    found = _by_class(losses[:, order], classes)
    chance = [_by_class(losses[:, rng.permutation(members)], classes).avoided for _ in range(SHUFFLES)]
    least = max(float(np.mean(chance) + NOISE_SD * np.std(chance)), ROUNDING * float(np.abs(losses).max()))
    return found if found.avoided > least else Worth(0.0, 0.0)


def _by_class(losses: Floats, classes: int) -> Worth:
    """Return what it is worth to know which class of the members, in order, is true."""
    parts = np.array_split(losses, classes, axis=1)
    sizes = np.array([part.shape[1] for part in parts]) / losses.shape[1]
    means = np.stack([part.mean(axis=1) for part in parts], axis=1)
    plain = means @ sizes
    changes = means.argmin(axis=0) != plain.argmin()
    return Worth(float(changes @ sizes), float(plain.min() - means.min(axis=0) @ sizes))


def _losses(options: Mapping[str, Members], measure: str | None, place: str | None) -> tuple[Floats, str]:
    """Return the losses of each option by member, (options, members), and their unit."""
    first = next(iter(options.values()))
    where = compared_places(first)[0] if place is None else first.scenario.place(place).name
    since = since_of(options)
    values = [dict(option_measures(option, first, where, since)) for option in options.values()]
    sums = {known.name: known for known in values[0] if known.night is None}
    if not sums:
        raise ValueError(f"place: must have a loss to compare options by, such as people in cold homes, got {where!r}")
    chosen = sums[next(iter(sums)) if measure is None else check_choice("measure", measure, sums)]
    return np.stack([known[chosen] for known in values]).astype(float), chosen.unit


def _cost(options: Mapping[str, Members], costs: Mapping[str, float] | None) -> dict[str, float]:
    if not isinstance(costs, Mapping | None):
        raise ValueError(f"costs: must be a dict of numbers by option, got {brief(costs)}")
    return {
        check_choice("costs", name, options): check_number(f"costs, {name}", cost)
        for name, cost in (costs or {}).items()
    }


def _words(estimate: Members, figure: Candidate, worth: Worth, best: str, unit: str) -> str:
    asked = request(estimate, figure)
    if not worth.avoided > 0:
        return f"{asked}: not expected to change which option is best ({best!r})."
    return (
        f"{asked}: in {max(100 * worth.changes, 1):.0f} of 100 cases another option than {best!r} is then best, and on "
        f"average {rounded(worth.avoided)} {unit} are spared."
    )
