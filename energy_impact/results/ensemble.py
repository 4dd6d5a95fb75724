"""Curves of one quantity at one place, with their plot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from energy_impact.results.curve import Curve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class Ensemble(Curve):
    """Curves of one quantity at one place, one per member, as ``estimate[quantity, place]`` returns them.

    Attributes
    ----------
    quantity, place, unit : str
    timezone : str
        Timezone of the place, used by the time axis of a plot.
    times : DatetimeIndex, shape (times,)
        In UTC, in increasing order.
    draws : ndarray of float32, shape (members, times)
        In `unit`; no NaN.
    """

    def plot(
        self,
        ax: Axes | Figure | None = None,
        *,
        levels: Sequence[float] = (0.5, 0.9),
        prior: Curve | None = None,
    ) -> Figure:
        """Draw the median and central bands, and for indoor temperatures the limits that define a cold home.

        Parameters
        ----------
        ax : matplotlib Axes or Figure, optional
            Where to draw; by default a new figure.
        levels : sequence of float
            Probabilities of the central bands.
        prior : Ensemble, optional
            The same curve before the figures: dimmed, behind, with the widest of `levels`.

        Returns
        -------
        matplotlib Figure
            That of `ax`.

        Raises
        ------
        ValueError
            If a level is not between 0 and 1, or `prior` is of another quantity or place.
        """
        from energy_impact.results.plots import curves

        return curves.draw_ensemble(self, ax, levels=levels, prior=prior)

    def _repr_html_(self) -> str:
        """Return a small picture, for notebooks."""
        from energy_impact.results.display import curve_html

        return curve_html(self)
