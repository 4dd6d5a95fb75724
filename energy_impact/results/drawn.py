"""Members that draw themselves, and what a notebook shows above the table of a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from energy_impact._deprecated import renamed
from energy_impact._html import picture
from energy_impact._language import ENGLISH, speaking
from energy_impact.results.members import Members
from energy_impact.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@picture.register(Scenario)
def _picture(scenario: Scenario) -> str:
    """Return the figures of a scenario as a small picture."""
    from energy_impact.results.display import figures_svg

    return figures_svg(scenario)


@dataclass(frozen=True, eq=False, repr=False)
class DrawnMembers(Members):
    """Members of a run with their pictures; `Estimate` adds tables, what-ifs and files."""

    @renamed("figure", "ax")
    def plot(
        self,
        ax: Axes | Figure | None = None,
        *,
        panels: Sequence[tuple[str, str]] | None = None,
        levels: Sequence[float] = (0.5, 0.9),
        prior: Members | None = None,
        language: str = ENGLISH,
    ) -> Figure:
        """Draw small multiples of restoration curves with events and published figures.

        Points are exact or approximate counts, arrows point to the open side of a bound, and bars are ranges, numbers
        rounded up or down ("almost", "over") and words for an order of magnitude. Hollow marks were not used in the
        fit. Changes are not drawn, and flows only if they count restorations since the first event.

        Parameters
        ----------
        ax : matplotlib Axes or Figure, optional
            Where to draw; several panels share the place of axes. By default a new figure.
        panels : sequence of (quantity, place), optional
            By default the outages that figures report; without any, heat and power of the first place.
        levels : sequence of float
            Probabilities of the central bands.
        prior : Estimate, optional
            The run before the figures, from `simulate`: dimmed, behind, with the widest of `levels`.
        language : {"en", "uk"}

        Returns
        -------
        matplotlib Figure

        Raises
        ------
        ValueError
            If `panels` is empty, a level is not between 0 and 1, or there is no such language.
        KeyError
            If a panel is not available.
        """
        from energy_impact.results.plots import curves

        with speaking(language):
            return curves.draw_estimate(self, ax, panels=panels, levels=levels, prior=prior)

    def plot_curve(
        self,
        quantity: str,
        place: str,
        ax: Axes | Figure | None = None,
        *,
        levels: Sequence[float] = (0.5, 0.9),
        prior: Members | None = None,
        language: str = ENGLISH,
    ) -> Figure:
        """Draw one panel of `plot`: the curve with events and published figures.

        Parameters
        ----------
        quantity, place : str
        ax : matplotlib Axes or Figure, optional
            Where to draw; by default a new figure.
        levels, prior, language
            As in `plot`.

        Raises
        ------
        KeyError
            If there is no such curve.
        ValueError
            If a level is not between 0 and 1, or there is no such language.
        """
        from energy_impact.results.plots import curves

        with speaking(language):
            return curves.draw_curve(self, (quantity, place), ax, levels=levels, prior=prior)

    def plot_slide(
        self,
        place: str | None = None,
        ax: Axes | Figure | None = None,
        *,
        level: float = 0.9,
        language: str = ENGLISH,
    ) -> Figure:
        """Draw a slide of 16 to 9: how many people are without service tonight as its title, and their curve.

        Below it stands how often such ranges held on real events. The sentence is that of `headline`, of one place.

        Parameters
        ----------
        place : str, optional
            By default the first that figures report.
        ax : matplotlib Axes or Figure, optional
            Where to draw; by default a new figure of 1920 by 1080 pixels.
        level : float
            Probability of the wider band.
        language : {"en", "uk"}

        Raises
        ------
        KeyError
            If the place has no such curve.
        ValueError
            If the place is not one of the scenario, `level` is not between 0 and 1, or there is no such language.
        """
        from energy_impact.results.plots import slide

        with speaking(language):
            return slide.draw_slide(self, place, ax, level=level)

    def plot_people(
        self, place: str, ax: Axes | Figure | None = None, *, level: float = 0.9, language: str = ENGLISH
    ) -> Figure:
        """Draw residents without power, heat, water or gas, and without at least one of them.

        With two services the stacked areas are: without the first only, without both, without the second only. With
        more they are: without one, two or more, and all of them (not which ones), and each service has a line. Lines
        and edges of areas are medians.

        Parameters
        ----------
        place : str
        ax : matplotlib Axes or Figure, optional
            Where to draw; by default a new figure.
        level : float
            Probability of the central interval of those without at least one.
        language : {"en", "uk"}

        Raises
        ------
        KeyError
            If the number of residents is unknown, or fewer than two services are known.
        ValueError
            If `level` is not between 0 and 1, or there is no such language.
        """
        from energy_impact.results.plots import people

        with speaking(language):
            return people.draw_people(self, place, ax, level=level)

    def plot_cold(
        self, place: str, ax: Axes | Figure | None = None, *, level: float = 0.9, language: str = ENGLISH
    ) -> Figure:
        """Draw residents by home temperature, coldest at the bottom: below 5, 5 to 12, 12 to 16, 16 to 18 degC.

        The edge of each area is the median of those in homes below that temperature.

        Parameters
        ----------
        place : str
        ax : matplotlib Axes or Figure, optional
            Where to draw; by default a new figure.
        level : float
            Probability of the central interval of those below 18 degC.
        language : {"en", "uk"}

        Raises
        ------
        KeyError
            If the number of heated buildings is unknown.
        ValueError
            If `level` is not between 0 and 1, or there is no such language.
        """
        from energy_impact.results.plots import people

        with speaking(language):
            return people.draw_cold(self, place, ax, level=level)

    @renamed("figure", "ax")
    def plot_difference(
        self,
        other: Members,
        quantity: str,
        place: str,
        ax: Axes | Figure | None = None,
        *,
        levels: Sequence[float] = (0.5, 0.9),
        names: tuple[str, str] | None = None,
        language: str = ENGLISH,
    ) -> Figure:
        """Draw a curve over that of another run of the same members, and below it their difference, member by member.

        The bands of two runs may overlap fully while every member differs in the same direction: bands show the
        uncertainty of the level, the difference shows the effect of the change.

        Parameters
        ----------
        other : Estimate
            Of the same members: one of the two runs was `given` to `simulate` to make the other.
        quantity, place : str
        ax : matplotlib Axes or Figure, optional
            Where to draw; several panels share the place of axes. By default a new figure.
        levels : sequence of float
            Probabilities of the central bands.
        names : (str, str), optional
            Names of this run and the other; by default those of their scenarios.
        language : {"en", "uk"}

        Raises
        ------
        KeyError
            If either run does not have the curve.
        ValueError
            If the members or the times of the runs differ, a level is not between 0 and 1, or there is no such
            language.
        """
        from energy_impact.results.plots import compare

        with speaking(language):
            return compare.draw_difference(self, other, quantity, place, ax, levels=levels, names=names)
