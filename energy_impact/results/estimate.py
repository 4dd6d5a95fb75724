"""The result of a run: its members, with their tables, plots, report and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from energy_impact._checks import check_bool, check_callable, check_path
from energy_impact._deprecated import by_name
from energy_impact._files import write_whole
from energy_impact._language import speaking
from energy_impact._sharing import check_executor
from energy_impact.results.drawn import DrawnMembers
from energy_impact.results.ensemble import Ensemble
from energy_impact.results.files import geojson, interchange, storage, workbook
from energy_impact.results.tables import conflicts, headline, impact, narrowing, summary
from energy_impact.scenario import WhatIf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    import pandas as pd
    import xarray as xr

    from energy_impact._progress import Progress
    from energy_impact.results.curve import Time
    from energy_impact.scenario import Event, Truce


@dataclass(frozen=True, eq=False, repr=False)
class Estimate(DrawnMembers):
    """Members of one scenario, fitted to its figures or drawn from the prior, with their tables, plots and files.

    Its attributes are those of `energy_impact.results.members.Members`: scenario, members, status, fit_text,
    parameters, parameter_names, figure_fit, available, curves, priors, seed, fit_warnings, loop_warnings, run_warnings,
    refit, reported, effective_members and stocks.
    """

    change: Callable[[Any, WhatIf], Estimate] | None = None

    def __getitem__(self, key: tuple[str, str]) -> Ensemble:
        """Return the curves of a quantity at a place, as in ``estimate["heat_buildings_out", "Kyiv"]``.

        Raises
        ------
        UnknownCurveError
            If there is no such curve (both a KeyError and a ValueError); the message suggests the nearest name.
        """
        return self._curve(Ensemble, key)

    def _repr_html_(self) -> str:
        """Return people first, the first curve and the rows that matter first, for notebooks."""
        from energy_impact.results.display import estimate_html

        return estimate_html(self)

    def what_if(
        self,
        *,
        colder: float = 0.0,
        crews: float = 1.0,
        generators: float = 0.0,
        mobile_boilers: float = 0.0,
        warming_points: float = 0.0,
        event: Event | Sequence[Event] = (),
        truce: Truce | Sequence[Truce] = (),
        places: Sequence[str] | None = None,
        since: Time | None = None,
    ) -> Estimate:
        """Return the same members under conditions that change from now on.

        All curves up to `since` stay as they are, bit for bit, and so do all parameters and random numbers: differences
        are the effect of the change. A what-if of a what-if adds to it. `energy_impact.compare` puts several side by
        side; `docs/what_if.md` has the mechanism of each.

        Parameters
        ----------
        colder, crews, generators, mobile_boilers, warming_points, event, truce, places
            As in `WhatIf`.
        since : time, optional
            From when, rounded up to a whole hour after the start; by default `scenario.now`.

        Returns
        -------
        Estimate
            With the status and the figures of this one.

        Raises
        ------
        ScenarioError
            With every fault of the arguments.
        """
        return self.under(
            WhatIf(
                since=since,
                colder=colder,
                crews=crews,
                generators=generators,
                mobile_boilers=mobile_boilers,
                warming_points=warming_points,
                event=event,
                truce=truce,
                places=places,
            )
        )

    def under(self, change: WhatIf) -> Estimate:
        """Return the same members under a what-if, as `what_if` does from its arguments.

        Raises
        ------
        ScenarioError
            If it does not fit the scenario.
        ValueError
            If these members cannot be run again.
        """
        if self.change is None:
            raise ValueError("estimate: must come from simulate, estimate or load_estimate to be run again")
        return self.change(self, change)

    @by_name("level")
    def summary(self, *, level: float = 0.9, places: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row per place and quantity, those with the most fitted figures first.

        The reference event of a place is the last one that begins there by `scenario.now`; without one, the start of
        the scenario serves instead.

        Less than one customer, building or person is none.

        - now: the value at `scenario.now`.
        - peak: the highest value from the start of the reference event until the next event at the place, or until the
          horizon; for temperatures the lowest.
        - t50_h, t90_h: hours from the end of the reference event until at most 50 % or 10 % of the member's peak is
          out and stays so until the next event or the horizon; at least 0, inf if that is not reached. A night-time
          pause in rolling cuts does not count as restoration.
        - total: the integral from the start of the reference event to the horizon. [unit x h]
        - restored_within_horizon: the share of members with a finite `t90_h`.

        Restored counts (since the start of the scenario), shares, hours per day and temperatures have no t50, t90 or
        restored share; of these only shares have a total. Values that do not apply are missing (NaN).

        Parameters
        ----------
        level : float
            Probability of the central intervals.
        places : sequence of str, optional
            Places of the rows, such as the regions of a country; by default all.

        Returns
        -------
        DataFrame
            place, quantity, unit; basis of the row: "figure" if figures for its system at this place were used, "model"
            if only others were, "prior" if none was; reported_share, the share of the place's stock that those figures
            cover; then now, peak, t50, t90 and total, each as median, low and high; restored_within_horizon.

        Raises
        ------
        ValueError
            If `level` is not between 0 and 1, or `places` is not a list of places.
        """
        return summary.summary(self, level, places)

    @by_name("level")
    def figures_check(self, *, level: float = 0.9) -> pd.DataFrame:
        """Return every figure of the scenario beside its prediction by the members.

        Parameters
        ----------
        level : float
            Probability of the central intervals.

        Returns
        -------
        DataFrame
            id, time, place, quantity, value, value_high, qualifier, kind, used, reason (why it was not used),
            predicted_low, predicted_median and predicted_high in the unit of the figure (0 for half a unit or less),
            `inside` (whether the interval holds a value that the wording allows; missing if the figure was not used)
            and outlier_probability.

        Raises
        ------
        ValueError
            If `level` is not between 0 and 1.
        """
        return summary.figures_check(self, level)

    def conflicts(self) -> pd.DataFrame:
        """Return pairs of figures that cannot both hold, and pairs that report the same fact.

        Two figures of one quantity, place and time contradict each other if no number fits both wordings. Exact numbers
        must be equal; rounded ones, and bare ones that end in a zero, may differ by their rounding. So must a count of
        a place fit the sum of those of its parts, and those of some parts alone must not exceed it. Counts over a
        period are compared if their periods start together. Zero, "all" and "none" are not compared. Casualties that
        rise between two reports, at most to double, are one growing count. Temperatures are not compared: differences
        widen the weather. Figures that the model does not use are compared too.

        Returns
        -------
        DataFrame
            relation ("contradict" or "same fact"), first, second (ids; a sum of figures as "a + b"), place,
            quantity, why, outlier_first and outlier_second (outlier probabilities, missing for figures not in the fit).
        """
        return conflicts.conflicts(self.scenario, self.figure_fit)

    def narrowed_by(
        self,
        quantity: str | None = None,
        place: str | None = None,
        *,
        share: float = 0.5,
        executor: Executor | None = None,
        progress: Progress | None = None,
    ) -> pd.DataFrame:
        """Return how much each figure narrowed the time to restore a share, and which next figure would narrow it most.

        The time is that of `summary`, clipped to at least one step and at most the next event or the horizon.

        Rows "reported" are figures of the scenario: the estimate is fitted again without each used figure, at the cost
        of one fit per figure. The fits use different random numbers: a share within 0.1 of 0, or within two standard
        deviations of how the widths of two such fits differ (told from `effective_members`), may be chance and is left
        out: in the shipped scenarios up to a half with 2,048 members, up to two thirds with 512, and with fewer than 20
        effective members any (`docs/decisions.md`). More members tell more. If two figures report the same fact, each
        seems to narrow little, because the other still carries it.

        Rows "next" are figures that may follow: an exact count of each main curve 6, 12, 24 and 48 h after
        `scenario.now`, with the 6 % error of a new source. How much they would narrow comes from a linear regression
        of the logarithms over the members; where many members are clipped, it is an underestimate.

        Parameters
        ----------
        quantity, place : str, optional
            The curve; by default the first main one that counts what is out.
        share : float
            Restored share of the peak, above 0 and at most 1.
        executor : concurrent.futures.Executor, optional
            Where the fits run.
        progress : callable, optional
            Called with (fits done, fits in all); by default it is shown on a terminal.

        Returns
        -------
        DataFrame
            relation ("reported" or "next"), figure (its id, or for instance "heat_buildings_out at Kyiv in 12 h"),
            width_h (of the 90 % interval, with all figures), width_without_h ("reported": without this one),
            expected_width_h ("next": with this one too), narrowed (share by which the figure narrows the interval;
            missing if the interval had no width without it, or the share is chance), in_words; those that narrow most
            first.

        Raises
        ------
        KeyError
            If there is no such curve.
        ValueError
            If `share` is out of bounds or the curve does not count what is out.
        """
        check_executor(executor)
        return narrowing.narrowed_by(self, quantity, place, share, executor, progress)

    def impact(self, *, start: Time | None = None, end: Time | None = None, level: float = 0.9) -> pd.DataFrame:
        """Return the cost of the outage to the people of each place from `start` to `end`.

        - person_hours_below_18c, .._16c, .._12c, .._5c: residents in homes below that temperature, times hours.
        - degree_hours_below_18c: residents without district heat, times hours, times the degrees by which the mean
          temperature of homes without heat in their place is below 18 degC. A lower bound: homes that are warming up
          again do not count, and the mean hides colder homes.
        - person_hours_without_power, .._heat, .._water, .._gas, .._any: residents without that service, or without at
          least one of them, times hours; a person without two counts once.
        - customer_hours_without_power: accounts, not people.
        - saidi_h, saidi_min: customer-hours per customer served. saifi: interruptions per customer served.
          caidi_h: customer-hours per interruption, 0 without any (IEEE Std 1366). Interruptions are the customers out
          at the end plus those restored since the start, and never fewer than those out at the start plus all later
          rises. Rolling cuts count as interruptions only where the curve rises, so with rolling cuts SAIFI is a lower
          bound and CAIDI an upper bound. Outages shorter than a step are not seen.
        - share_hit_again: the share of the buildings that lost heat in the last event which had come back since the
          event before: at_random if it hit all buildings alike, same_first if it hit those first; the truth lies
          between.

        The groups children (under 18) and over_65 appear if every part of a place states their share; they are
        assumed to live like everybody else. Residents who have left still count in the homes that they left.

        Parameters
        ----------
        start, end : time, optional
            By default from the start of each place's reference event (see `summary`) to the horizon.
        level : float
            Probability of the central intervals.

        Returns
        -------
        DataFrame
            place, measure, group (all, children, ...), unit, median, low, high, start, end (UTC). Unknown measures have
            no row.

        Raises
        ------
        ValueError
            If `level` is not between 0 and 1, a time is not timezone-aware or lies outside, or `start` is not before
            `end`.
        """
        return impact.impact(self, start=start, end=end, level=level)

    @by_name("level")
    def cold_nights(self, *, level: float = 0.9) -> pd.DataFrame:
        """Return residents in homes below 16 degC, night by night, beside the reported number of warming points.

        An upper bound on demand: how many would go to a public place is unknown, and some have left.

        Parameters
        ----------
        level : float
            Probability of the central intervals.

        Returns
        -------
        DataFrame
            place; night, the date of its evening; people_below_16c, the most at once between 22:00 and 06:00 local
            time, as median, low and high; warming_points_open, the latest figure for the place by the end of that
            night; people_per_point as median, low and high. The last four are missing without such a figure.

        Raises
        ------
        ValueError
            If `level` is not between 0 and 1.
        """
        return impact.cold_nights(self, level)

    def to_frame(self, *, wide: bool = False, places: Sequence[str] | None = None) -> pd.DataFrame:
        """Return all curves as one table.

        Parameters
        ----------
        wide : bool
            One row per time, on a UTC index, and one column per place, quantity and quantile.
        places : sequence of str, optional
            Places of the curves; by default all.

        Returns
        -------
        DataFrame
            By default tidy: time (UTC), place, quantity, unit, basis (see `summary`), q05, q25, q50, q75, q95.

        Raises
        ------
        ValueError
            If `places` is not a list of places.
        """
        check_bool("wide", wide)
        tidy = interchange.tidy(self, places)
        return interchange.widened(tidy) if wide else tidy

    def to_parquet(self, path: str | Path) -> Path:
        """Write the tidy table of `to_frame` to a Parquet file, whole or not at all, and return its path.

        Raises
        ------
        ImportError
            If pyarrow (extra `parquet`) is not installed.
        """
        check_path("path", path)
        return write_whole(path, interchange.parquet_bytes(interchange.tidy(self)))

    def to_excel(self, path: str | Path, *, level: float = 0.9) -> Path:
        """Write an Excel file with one sheet per table, whole or not at all, and return its path.

        The sheets are summary, figures, impact, nights and curves; times are on the clocks of the first place.

        Parameters
        ----------
        path : str or Path
        level : float
            Probability of the intervals.

        Raises
        ------
        ImportError
            If openpyxl (extra `excel`) is not installed.
        ValueError
            If `level` is not between 0 and 1, or a table has more rows than a sheet holds.
        """
        check_path("path", path)
        return write_whole(path, workbook.workbook_bytes(self, level))

    def to_geojson(
        self,
        path: str | Path,
        shapes: Mapping[str, Any] | str | Path,
        *,
        code_property: str = "code",
        level: float = 0.9,
    ) -> Path:
        """Write a GeoJSON file with the summary of each place that has a code, and return its path.

        Each feature has the geometry of the shape with the code of the place, and as properties code and place, then
        the columns of `summary` after the quantity that they are of, such as heat_buildings_out_now_low; null where
        one does not apply or is not reached.

        Parameters
        ----------
        path : str or Path
        shapes : dict, str or Path
            A GeoJSON FeatureCollection, or the path of one. Shapes of other places are left out.
        code_property : str
            Name of the property of the shapes that holds the code. Shipped places have codes of ISO 3166-2, if any; in
            Natural Earth's states and provinces that is "iso_3166_2".
        level : float
            Probability of the intervals.

        Raises
        ------
        ValueError
            If no place has a code, a code is repeated or has no shape, `shapes` is no FeatureCollection, or `level` is
            not between 0 and 1.
        OSError
            If a file cannot be read or written.
        """
        check_path("path", path)
        table = summary.summary(self, level)
        return write_whole(path, geojson.geojson_bytes(self, table, shapes, code_property))

    def to_xarray(self) -> xr.Dataset:
        """Return all curves as a Dataset with CF attributes, one variable per quantity.

        Dimensions are place, time (UTC, without a timezone, as in CF) and quantile; NaN where a place does not have a
        quantity. Counts have the unit "1", and the attribute `counted` names the things counted.

        Raises
        ------
        ImportError
            If xarray (extra `xarray`) is not installed.
        """
        return interchange.dataset(self)

    @property
    def headline(self) -> str:
        """How many people are without service tonight, and how often such ranges held, in two sentences."""
        return headline.headline(self, level=headline.LEVEL_MEASURED)

    @property
    def status_text(self) -> str:
        """How many people are without service tonight, and how sure that is; then what the fit came to."""
        return headline.status_text(self)

    def answer(self, *, level: float = 0.9, language: str = "en") -> str:
        """Return the answer as text: people first, the first curve, what matters first as a table, and the status.

        Parameters
        ----------
        level : float
            Probability of the intervals.
        language : {"en", "uk"}

        Raises
        ------
        ValueError
            If `level` is not between 0 and 1, or there is no such language.
        """
        from energy_impact.results import terminal

        with speaking(language):
            return terminal.answer(self, summary.summary_rows(self, level), level=level)

    def report(
        self,
        path: str | Path,
        *,
        level: float = 0.9,
        brief: bool = False,
        places: Sequence[str] | None = None,
        language: str = "en",
        progress: Progress | None = None,
    ) -> Path:
        """Write one HTML page on the run, whole or not at all, and return its path.

        It begins with people: how many tonight, until when, how sure, what would help most and what is not known. Then
        follow the options of the scenario, the curves, the summary, every figure beside the fit, the assumptions and
        the limits of the method. The page loads nothing and runs no script.

        Parameters
        ----------
        path : str or Path
        level : float
            Probability of the intervals.
        brief : bool
            Whether to write the beginning alone, with one picture: at most two printed A4 pages.
        places : sequence of str, optional
            Places that it is about, such as the regions of a country; by default those of figures (summary: all).
        language : {"en", "uk"}
        progress : callable, optional
            Called with (sections done, sections in all); by default it is shown on a terminal.

        Raises
        ------
        ValueError
            If `progress` is not a function, `level` is not between 0 and 1, `places` is not a list of places, or there
            is no such language.
        """
        from energy_impact.results.report import document

        check_path("path", path)
        check_callable("progress", progress)
        rows = summary.summary_rows(self, level, places)
        with speaking(language):
            page = document.document(self, rows, level=level, brief=brief, progress=progress)
        return write_whole(path, page.encode())

    def save(self, path: str | Path) -> Path:
        """Write the estimate to one .npz file, whole or not at all, and return its path.

        It holds the parameters, not the curves: `load_estimate` runs the model on them again.
        """
        check_path("path", path)
        return storage.write(path, storage.pack(self))
