"""The members of a run as data, read by tables, text, plots, the report and files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from energy_impact._checks import brief, composed, nearest
from energy_impact.quantities import QUANTITIES, with_restated
from energy_impact.results.curve import Curve

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from energy_impact.results.figure_fit import FigureFit
    from energy_impact.scenario import Scenario, WhatIf

    Draws = Callable[[str, str], NDArray[np.float32]]
    Refit = Callable[[Sequence[str], Sequence[tuple[str, str]]], Sequence[Draws]]

C = TypeVar("C", bound=Curve)
Status = Literal["fitted", "figures contradict", "prior only"]


class UnknownCurveError(KeyError, ValueError):
    """No curve of such a quantity at such a place."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, eq=False, repr=False)
class Members:
    """Members of one scenario, fitted to its figures or drawn from the prior.

    Attributes
    ----------
    scenario : Scenario
    members : int
        Number of members.
    status : {"fitted", "figures contradict", "prior only"}
    fit_text : str
        What the fit came to, as a sentence.
    parameters : ndarray of float32, shape (members, parameters)
        On the standard-normal scale.
    parameter_names : tuple of str
    figure_fit : FigureFit or None
        None if no figures were fitted.
    available : tuple of (quantity, place)
        Curves that tables list. Those that say one of them in another way, such as the share restored, can be asked
        for, and are in the list where a figure reports them.
    curves : callable
        From quantity and place to float32 draws of shape (members, times).
    priors : DataFrame
        Every assumption in force: name, meaning, unit, prior, median, spread, source, places.
    seed : int or None
    fit_warnings, loop_warnings, run_warnings : tuple of str
        Doubts of the fit, systems that cannot restart each other, and doubts about the size of the run, its weather
        and its events.
    refit : callable or None
        From ids of figures, and the quantities and places that will be asked for, to the curves of a fit without each
        figure; None if no figures were fitted.
    change : callable
        From these members and a what-if to the same members under it.
    reported : tuple of (quantity, place)
        Those of each figure used in the fit, or in the fit whose members were run again; one that was used twice is in
        it twice.
    effective_members : float or None
        How many independent members count as much as those of the fit, of which some were taken more than once: with
        the same large repairs, or whole. Members that were run again have that of their fit. None if all count, as in
        a prior run.
    stocks : callable or None
        From a stock and a place to float32 draws of shape (members,), NaN if unknown.
    expect : callable or None
        Takes the quantities and places whose curves will be asked for, so that they are computed together.
    """

    scenario: Scenario
    members: int
    status: Status
    fit_text: str
    parameters: NDArray[np.floating]
    parameter_names: tuple[str, ...]
    figure_fit: FigureFit | None
    available: tuple[tuple[str, str], ...]
    curves: Draws
    priors: pd.DataFrame
    seed: int | None
    fit_warnings: tuple[str, ...] = ()
    loop_warnings: tuple[str, ...] = ()
    run_warnings: tuple[str, ...] = ()
    refit: Refit | None = None
    change: Callable[[Any, WhatIf], Members] | None = None
    reported: tuple[tuple[str, str], ...] = ()
    effective_members: float | None = None
    stocks: Draws | None = None
    expect: Callable[[Sequence[tuple[str, str]]], None] | None = None

    def __post_init__(self) -> None:
        shape = (self.members, len(self.parameter_names))
        if self.parameters.shape != shape:
            raise ValueError(f"parameters: must have shape {shape}, got {self.parameters.shape}")

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({self.scenario.name!r}, {self.members} members, {len(self.available)} curves, "
            f"{self.status})"
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything to know before using the intervals."""
        return (*self.fit_warnings, *self.loop_warnings, *self.run_warnings)

    @cached_property
    def _keys(self) -> dict[tuple[str, str], None]:
        """The curves that are available or restate one that is, looked up in no time however many there are."""
        return with_restated(self.available)

    def __getitem__(self, key: tuple[str, str]) -> Curve:
        """Return the curves of a quantity at a place, as in ``estimate["heat_buildings_out", "Kyiv"]``.

        Raises
        ------
        UnknownCurveError
            If there is no such curve (both a KeyError and a ValueError); the message suggests the nearest name.
        """
        return self._curve(Curve, key)

    def _curve(self, kind: type[C], key: tuple[str, str]) -> C:
        quantity, place = known_key(self, key)
        return kind(
            quantity=quantity,
            place=place,
            unit=QUANTITIES[quantity].unit,
            timezone=self.scenario.place(place).timezone,
            times=self.scenario.times,
            draws=self.curves(quantity, place),
        )


def known_key(estimate: Members, key: object) -> tuple[str, str]:
    """Return the quantity and the place of a curve of an estimate, as `check_available` does."""
    return check_available(key, estimate._keys)


def check_available(key: object, available: Collection[tuple[str, str]], name: str = "") -> tuple[str, str]:
    """
    Return the quantity and the place of a curve, in composed form, if there is one.

    Parameters
    ----------
    key : object
        The quantity and the place asked for.
    available : collection of (quantity, place)
    name : str, optional
        Argument to name in the message.

    Raises
    ------
    UnknownCurveError
        If `key` is not a pair of strings, or not available.
    """
    at = f"{name}: " if name else ""
    if not (isinstance(key, tuple) and len(key) == 2 and all(isinstance(part, str) for part in key)):
        raise UnknownCurveError(f"{at}index a curve as (quantity, place), got {brief(key)}")
    quantity, place = found = composed(key[0]), composed(key[1])
    if found in available:
        return found
    quantities = list(dict.fromkeys(known for known, _ in available))
    if quantity not in quantities:
        raise UnknownCurveError(
            f"{at}no curve for {brief(quantity)}{nearest(quantity, quantities)}; available: {', '.join(quantities)}"
        )
    places = [where for known, where in available if known == quantity]
    raise UnknownCurveError(
        f"{at}no curve for {quantity!r} at {brief(place)}{nearest(place, places)}; available: {', '.join(places)}"
    )


def same_members(estimate: Members, other: Members) -> bool:
    """Return whether members agree in every parameter that is not tied to an event, a figure or a time."""
    if estimate.members != other.members:
        return False
    columns = [
        {name: column for column, name in enumerate(run.parameter_names) if "[" not in name}
        for run in (estimate, other)
    ]
    both = [name for name in columns[0] if name in columns[1]]
    first, second = (
        run.parameters[:, [found[name] for name in both]] for run, found in zip((estimate, other), columns, strict=True)
    )
    return bool(both) and np.array_equal(first, second)
