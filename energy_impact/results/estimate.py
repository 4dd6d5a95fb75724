"""What a run answers: the members, what the fit made of each figure, and the curves on request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from energy_impact._checks import nearest
from energy_impact.results import storage, tables
from energy_impact.results.ensemble import Ensemble
from energy_impact.results.figure_fit import FigureFit
from energy_impact.vocabulary import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from energy_impact.scenario import Scenario

__all__ = ["Estimate", "FigureFit", "Status"]

Status = Literal["fitted", "figures contradict", "prior only"]


@dataclass(frozen=True, eq=False, repr=False)
class Estimate:
    """Members of one scenario, fitted to its figures or drawn from the prior.

    Attributes
    ----------
    scenario : Scenario
    members : int
    status : {"fitted", "figures contradict", "prior only"}
    status_text : str
        The same as a sentence.
    parameters : ndarray of float64, shape (members, parameters)
    parameter_names : tuple of str
    figure_fit : FigureFit or None
        None where no figures were fitted.
    available : tuple of (quantity, place)
    curves : callable
        From quantity and place to float32 draws of shape (members, times).
    priors : DataFrame
        Every assumption in force: name, meaning, unit, prior, source.
    seed : int or None
    warnings : tuple of str
    """

    scenario: Scenario
    members: int
    status: Status
    status_text: str
    parameters: NDArray[np.float64]
    parameter_names: tuple[str, ...]
    figure_fit: FigureFit | None
    available: tuple[tuple[str, str], ...]
    curves: Callable[[str, str], NDArray[np.float32]]
    priors: pd.DataFrame
    seed: int | None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.parameters.shape != (self.members, len(self.parameter_names)):
            raise ValueError(
                f"parameters: must have shape ({self.members}, {len(self.parameter_names)}), "
                f"got {self.parameters.shape}"
            )

    def __repr__(self) -> str:
        return f"Estimate({self.scenario.name!r}, {self.members} members, {len(self.available)} curves, {self.status})"

    def __getitem__(self, key: tuple[str, str]) -> Ensemble:
        """Return the curves of a quantity at a place, as in ``estimate["heat_buildings_out", "Kyiv"]``.

        Raises
        ------
        KeyError
            If there is none; the sentence names the nearest that there is.
        """
        if key not in self.available:
            raise KeyError(_missing(key, self.available))
        quantity, place = key
        return Ensemble(
            quantity=quantity,
            place=place,
            unit=QUANTITIES[quantity].unit,
            timezone=self.scenario.place(place).timezone,
            times=self.scenario.times,
            draws=self.curves(quantity, place),
        )

    def summary(self, level: float = 0.9) -> pd.DataFrame:
        """One row an available place and quantity, with central intervals. See `results.tables.summary`."""
        return tables.summary(self, level)

    def figures_check(self, level: float = 0.9) -> pd.DataFrame:
        """Every figure beside what the members say of it. See `results.tables.figures_check`."""
        return tables.figures_check(self, level)

    def to_frame(self) -> pd.DataFrame:
        """Tidy table of all curves: time (UTC), place, quantity, unit, q05, q25, q50, q75, q95."""
        return pd.concat([self[key].to_frame() for key in self.available], ignore_index=True)

    def plot(
        self, figure: Figure | None = None, *, panels: Sequence[tuple[str, str]] | None = None,
        levels: Sequence[float] = (0.5, 0.9),
    ) -> Figure:  # fmt: skip
        """Draw restoration curves as small multiples, with the figures as they were worded.

        Parameters
        ----------
        figure : matplotlib Figure, optional
            By default a new one.
        panels : sequence of (quantity, place), optional
            By default heat and power wherever figures speak of them, else the first that is available.
        levels : sequence of float
            Probabilities of the central bands.

        Returns
        -------
        matplotlib Figure
        """
        from energy_impact.results import plots

        return plots.draw_estimate(self, figure, panels=panels, levels=levels)

    def save(self, path: str | Path) -> Path:
        """Write the estimate to one .npz file, whole or not at all, and return its path.

        It holds the parameters, not the curves: `load_estimate` runs the model on them again.
        """
        return storage.write(path, storage.pack(self))


def _missing(key: object, available: tuple[tuple[str, str], ...]) -> str:
    """Return the sentence for a curve that is not there."""
    if not (isinstance(key, tuple) and len(key) == 2 and all(isinstance(part, str) for part in key)):
        return f"an estimate is asked as estimate[quantity, place], got {key!r}"
    quantity, place = key
    quantities = list(dict.fromkeys(name for name, _ in available))
    if quantity not in quantities:
        return f"no curve of {quantity!r}{nearest(quantity, quantities)}; there are {', '.join(quantities)}"
    places = [where for name, where in available if name == quantity]
    return f"no curve of {quantity!r} at {place!r}{nearest(place, places)}; there are {', '.join(places)}"
