"""Options compared: one table and one picture of the same members under each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from energy_impact._checks import brief, check_callable, check_text
from energy_impact._deprecated import renamed
from energy_impact._language import ENGLISH, speaking
from energy_impact._sharing import check_executor, run_cases
from energy_impact.results.estimate import Estimate
from energy_impact.results.tables import options as tables
from energy_impact.results.tables import worth

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from energy_impact._progress import Progress


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Runs of the same members under different conditions, by name, as `compare` returns them.

    Attributes
    ----------
    options : dict of str to Estimate
        The first is what the others are compared with.
    """

    options: dict[str, Estimate]

    def __repr__(self) -> str:
        return f"Comparison({', '.join(map(repr, self.options))})"

    def _repr_html_(self) -> str:
        """Return the picture and what matters first, for notebooks."""
        from energy_impact.results.display import options_html

        return options_html(self.options)

    @property
    def since(self) -> pd.Timestamp:
        """Time from which the options differ."""
        return tables.since_of(self.options)

    def table(self, *, level: float = 0.9) -> pd.DataFrame:
        """Return what each option costs people, and its difference from the first, member by member.

        - person_hours_below_16c: residents in homes below 16 degC, times hours, from `since` to the horizon, less those
          whom added warming points take in.
        - t50_h of a quantity: hours from the end of the last event until at most half of the first option's peak is
          out and stays so until the next event that was given, or the horizon; at most those to it. Left out where that
          comes before the end of the last event.
        - power_people_out and other counts of residents, and people_below_16c: the most at once in a night, from 22:00
          to 06:00 local time.

        Less is better in all of them. Rank only what can be chosen: that no one can choose the weather makes the regret
        of a colder week meaningless.

        Parameters
        ----------
        level : float
            Probability of the central intervals.

        Returns
        -------
        DataFrame
            place, measure, night (the date of its evening, or missing), unit, option; median, low and high; difference
            from the first option by member (median), difference_low and difference_high; chance_better, the share of
            members in which it is below the first by over 0.1 % (missing for the first); chance_best, the share in
            which it is the best of all (ties, up to 0.1 %, shared); regret, the mean by which it exceeds the best.

        Raises
        ------
        ValueError
            If `level` is not between 0 and 1.
        """
        return tables.option_table(tables.option_rows(self.options, level))

    def worth_asking(
        self,
        measure: str | None = None,
        place: str | None = None,
        *,
        costs: Mapping[str, float] | None = None,
    ) -> pd.DataFrame:
        """Return what each next figure is worth for the choice between the options.

        A figure is worth asking for if it may change which option is best. Its worth is the expected loss that it
        avoids (Raiffa and Schlaifer 1961; Howard 1966): with it the option that is best given its value is chosen,
        without it the option that is best on average. The figures are those of `Estimate.narrowed_by`. It is taken for
        granted that the choice can wait for the figure, and that the options are those that can be chosen.

        More help is never worse, so without costs the choice is between options of other kinds, and more of the same
        is always best.

        Parameters
        ----------
        measure : str, optional
            What is lost, as in `table`: person_hours_below_16c, or t50_h of a quantity; by default the first of them.
        place : str, optional
            By default the first that figures report.
        costs : dict of str to float, optional
            What an option costs, by its name, in the unit of the measure; 0 if left out.

        Returns
        -------
        DataFrame
            figure, time, best_now (the option that is best on average), changes_choice (share of cases in which the
            figure makes another one best), avoided (expected loss avoided; 0 if it is chance), avoided_if_certain (if
            everything were known: no figure is worth more), unit, in_words; those worth most first.

        Raises
        ------
        ValueError
            If the measure, the place or an option is unknown, or a cost is not a number.

        Examples
        --------
        >>> import energy_impact as ei
        >>> city = ei.Place("City", power_customers=50_000)
        >>> storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=3)
        >>> run = ei.simulate(ei.Scenario("2026-01-19T00:00Z", 48, city, events=[storm]), members=512, rng=1)
        >>> options = ei.compare({"as it is": run, "crews doubled": run.what_if(crews=2)})
        >>> worth = options.worth_asking(costs={"crews doubled": 3.0})
        >>> bool((worth["avoided"] <= worth["avoided_if_certain"]).all())
        True
        """
        return worth.worth_asking(self.options, measure, place, costs)

    @renamed("figure", "ax")
    def plot(
        self,
        quantity: str | None = None,
        place: str | None = None,
        ax: Axes | Figure | None = None,
        *,
        level: float = 0.9,
        language: str = ENGLISH,
    ) -> Figure:
        """Draw the median of each option, and below it the difference from the first, member by member.

        Parameters
        ----------
        quantity, place : str, optional
            By default residents of homes below 16 degC, else without service, at the first place that figures report.
        ax : matplotlib Axes or Figure, optional
            Where to draw; the panels share the place of axes. By default a new figure.
        level : float
            Probability of the central bands.
        language : {"en", "uk"}

        Raises
        ------
        KeyError
            If an option does not have the curve.
        ValueError
            If `level` is not between 0 and 1, or there is no such language.
        """
        from energy_impact.results.plots import options

        with speaking(language):
            return options.draw_options(self.options, quantity, place, ax, level=level)


def compare(
    options: Mapping[str, Estimate], *, executor: Executor | None = None, progress: Progress | None = None
) -> Comparison:
    """
    Return runs of the same members under different conditions, side by side.

    Parameters
    ----------
    options : mapping of str to Estimate
        By the name to show; the first is what the others are compared with. Made with `Estimate.what_if`, or with
        `simulate(..., given=...)`.
    executor : concurrent.futures.Executor, optional
        Where the curves that the table reads are run at once, one task per option; by default they are run here once
        they are asked for.
    progress : callable, optional
        Called with (options run, options in all) if there is an executor; by default it is shown on a terminal.

    Raises
    ------
    ValueError
        If there are no options, a name is blank or the same as another, one is not an Estimate, or the members or the
        times differ.

    Examples
    --------
    >>> import energy_impact as ei
    >>> city = ei.Place("City", power_customers=50_000)
    >>> storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=3)
    >>> scenario = ei.Scenario("2026-01-19T00:00Z", 48, city, events=[storm])
    >>> run = ei.simulate(scenario, members=8, rng=1)
    >>> table = ei.compare({"as it is": run, "crews doubled": run.what_if(crews=2)}).table()
    >>> bool((table["difference"] <= 0).all())
    True
    """
    if not isinstance(options, Mapping):
        raise ValueError(f"options: must be a dict of runs by name, got {brief(options)}")
    found = {check_text("options", name): option for name, option in options.items()}
    if len(found) < len(options):
        raise ValueError(
            "options: each must have a name of its own, got two that differ only in how letters are composed"
        )
    for name, option in found.items():
        if not isinstance(option, Estimate):
            raise ValueError(f"options, {name!r}: must be an Estimate, got {brief(option)}")
    tables.check_options(found)
    check_executor(executor)
    check_callable("progress", progress)
    return Comparison(found if executor is None else _run(found, executor, progress))


def _run(options: dict[str, Estimate], executor: Executor, progress: Progress | None) -> dict[str, Estimate]:
    """Return options that have the curves of their table, run on an executor."""
    run = partial(tables.curves_of, tables.since_of(options))
    ready = run_cases(run, [*options.values()], executor, progress, what="compare")
    found = {}
    for (name, option), draws in zip(options.items(), ready, strict=True):
        found[name] = replace(option, curves=tables.KeptCurves(option.curves, draws))
    return found
