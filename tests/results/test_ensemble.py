from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from energy_impact.results.ensemble import Ensemble
from energy_impact.results.estimate import Estimate


@pytest.fixture
def heat(estimate: Estimate) -> Ensemble:
    return estimate["heat_buildings_out", "City"]


def test_values_at_a_time_are_linear_between_steps_and_zones_do_not_matter(heat: Ensemble) -> None:
    assert heat.at("2026-01-20T03:30Z")[:, 0].tolist() == [3500, 3500, 3500]
    moment = pd.Timestamp("2026-01-20T18:00+02:00")
    assert heat.at([moment, "2026-01-20T06:00Z"]).tolist() == [[5000, 6000], [5500, 6000], [4000, 6000]]


@pytest.mark.parametrize(
    ("time", "message"),
    [
        ("2026-01-20T03:30", "times: needs a UTC offset such as [+]02:00 or Z, got '2026-01-20T03:30'"),
        ("soon", "times: must be a time in ISO 8601 such as .*, got 'soon'"),
        ("2026-01-18T23:59Z", "times: must be from 2026-01-19T00:00:00.00:00 to 2026-01-23T00:00:00.00:00"),
    ],
)
def test_a_time_without_zone_or_outside_the_range_is_refused(heat: Ensemble, time: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        heat.at(time)


def test_quantiles_come_by_time_and_level(heat: Ensemble) -> None:
    table = heat.quantile([0, 0.5, 1])
    assert table.columns.tolist() == [0, 0.5, 1]
    assert table.loc["2026-01-21T00:00Z"].tolist() == [2400, 4200, 5100]


def test_building_hours_are_the_integral(heat: Ensemble) -> None:
    assert heat.hours().tolist() == pytest.approx(
        [18_000 + 180_000, 18_000 + 66 * (6_000 + 2_700) / 2, 18_000 + 90_000]
    )
    assert heat.hours("2026-01-20T00:00Z", "2026-01-20T06:00Z").tolist() == [18_000] * 3


def test_hours_need_a_start_before_the_end(heat: Ensemble) -> None:
    with pytest.raises(ValueError, match="start: must be before the end"):
        heat.hours("2026-01-21T00:00Z", "2026-01-20T00:00Z")


def test_time_to_restore_counts_from_the_peak_or_from_a_time(heat: Ensemble) -> None:
    assert heat.time_to_restore(0.9).tolist() == [54, np.inf, 27]
    assert heat.time_to_restore(0.9, since="2026-01-20T00:00Z").tolist() == [60, np.inf, 33]


def test_less_than_one_building_out_is_none(heat: Ensemble) -> None:
    """Of 6,000 buildings a ten-thousandth is 0.6; of 6 the last is back in the hour in which less than one is out."""
    dust, few = (replace(heat, draws=heat.draws * np.float32(scale)) for scale in (1e-4, 1e-3))
    assert dust.time_to_restore(0.9).tolist() == [0, 0, 0]
    assert few.time_to_restore(1.0).tolist() == [51, np.inf, 26]
    assert replace(dust, unit="share").time_to_restore(0.9) == pytest.approx(heat.time_to_restore(0.9))


def test_since_after_the_peak_counts_from_what_is_out_then(heat: Ensemble) -> None:
    assert heat.time_to_restore(0.5, since="2026-01-21T12:00Z").tolist() == [15, np.inf, 0]


def test_the_look_out_can_end_before_the_horizon(heat: Ensemble) -> None:
    assert heat.time_to_restore(0.5, until="2026-01-21T12:00Z").tolist() == [30, np.inf, 15]
    assert heat.time_to_restore(0.5, until="2026-01-21T11:00Z").tolist() == [np.inf, np.inf, 15]


def test_times_must_be_told_with_a_zone_and_rise(heat: Ensemble) -> None:
    for times in (heat.times.tz_localize(None), heat.times[::-1], heat.times[:1]):
        with pytest.raises(ValueError, match="times: need at least two timezone-aware times"):
            Ensemble("heat_buildings_out", "City", "buildings", "UTC", times, heat.draws[:, : len(times)])


def test_the_tidy_table_has_one_row_a_time(heat: Ensemble) -> None:
    table = heat.to_frame()
    assert table.columns.tolist() == ["time", "place", "quantity", "unit", "q05", "q25", "q50", "q75", "q95"]
    assert len(table) == 97
    assert table["q50"][30] == 6000
    assert str(table["time"].dt.tz) == "UTC"


def test_nan_never_travels(heat: Ensemble) -> None:
    draws = heat.draws.copy()
    draws[1, 5] = np.nan
    with pytest.raises(ValueError, match="draws: must be finite, got NaN or inf in heat_buildings_out at City"):
        Ensemble("heat_buildings_out", "City", "buildings", "UTC", heat.times, draws)


def test_draws_need_a_column_a_time(heat: Ensemble) -> None:
    with pytest.raises(ValueError, match=r"draws: must have shape \(members, 97\)"):
        Ensemble("heat_buildings_out", "City", "buildings", "UTC", heat.times, heat.draws[:, :5])


def test_the_repr_tells_what_it_is(heat: Ensemble) -> None:
    assert repr(heat).startswith(
        "Ensemble('heat_buildings_out', 'City', buildings, 3 members, 97 times from 2026-01-19"
    )
