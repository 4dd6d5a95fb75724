from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.results.tables.narrowing import (
    _may_be_chance,
    _narrowed,
    _reported,
    _Width,
    _width,
    best_next,
    expected_narrowing,
)
from tests.crowd import SLOW_CROWD

if TYPE_CHECKING:
    from collections.abc import Callable

    from energy_impact.results.estimate import Estimate

START = pd.Timestamp("2026-01-24T00:00+02:00")
KEY = "heat_buildings_out", "City"


def test_the_regression_worked_by_hand() -> None:
    """t = 2 x + e with var x = 4, var e = 9: rho^2 = 16/25; error variance 2: 16/25 * 4/6 of the variance goes."""
    corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], float)
    seen, noise = 2 * corners[:, 0], 3 * corners[:, 1]
    wanted = 1 - np.sqrt(1 - 16 / 25 * 4 / 6)
    assert expected_narrowing(2 * seen + noise, seen, np.sqrt(2)) == pytest.approx(wanted)


def test_a_figure_that_all_members_agree_on_narrows_nothing() -> None:
    assert expected_narrowing(np.arange(4.0), np.zeros(4), 0.1) == 0
    assert expected_narrowing(np.zeros(4), np.arange(4.0), 0.1) == 0


@pytest.mark.parametrize("copies", [1, 5])
def test_the_chance_in_a_width_is_the_spread_between_draws_of_as_many_independent_members(copies: int) -> None:
    """Logarithms of 2,000 hours, in copies of `copies`; the spread between 400 such ensembles is the truth."""
    rng = np.random.default_rng(3)
    members = 2000 // copies
    found = [_width(np.repeat(logs, copies), members) for logs in rng.normal(3, 0.8, (400, members))]
    hours = np.array([one.hours for one in found])
    assert np.mean([one.chance_h for one in found]) == pytest.approx(hours.std(), rel=0.1)


def test_widths_that_differ_within_their_chance_tell_nothing() -> None:
    """ln 1.2 = 0.18, and twice the root of 0.1^2 + 0.1^2 is 0.28, of 0.05^2 + 0.05^2 it is 0.14."""
    assert _may_be_chance(_Width(10, 1.0), _Width(12, 1.2))
    assert _may_be_chance(_Width(12, 1.2), _Width(10, 1.0))
    assert not _may_be_chance(_Width(10, 0.5), _Width(12, 0.6))
    assert _may_be_chance(_Width(0, 0.0), _Width(0, 0.0))
    assert not _may_be_chance(_Width(0, 0.0), _Width(12, 1.2))


@pytest.mark.parametrize(("width", "without", "shown"), [(100, 111, False), (109, 100, False), (100, 112, True)])
def test_a_share_within_a_tenth_tells_nothing(width: float, without: float, shown: bool) -> None:
    """1 - 100 / 111 = 0.099."""
    row = _reported("first", _Width(width, 0.0), _Width(without, 0.0), "half")
    assert np.isfinite(row.narrowed) == shown


def test_fewer_members_than_have_one_beyond_each_end_tell_nothing() -> None:
    """A twentieth of 20 is one."""
    close, wide = np.linspace(0, 0.1, 100), np.linspace(0, 4, 100)
    assert not _may_be_chance(_width(close, 20), _width(wide, 20))
    assert _may_be_chance(_width(close, 19.9), _width(wide, 19.9))


def test_ensembles_of_which_one_in_twenty_is_back_by_the_horizon_differ_by_chance() -> None:
    """Five members in a hundred are back 10 to 47 h on, the others later than 48 h: one width in two is none."""
    rng = np.random.default_rng(3)

    def width() -> _Width:
        hours = np.where(rng.random(512) < 0.05, rng.uniform(10, 47, 512), 48.0)
        return _width(np.log(hours), 512)

    shown = [not _may_be_chance(width(), width()) for _ in range(100)]
    assert np.mean(shown) < 0.12


def figure(name: str, hours: float, value: float, source: str = "city") -> dict[str, object]:
    return {
        "id": name,
        "time": START + pd.Timedelta(hours=hours),
        "place": "City",
        "quantity": "heat_buildings_out",
        "value": value,
        "qualifier": "exact",
        "kind": "stock",
        "source": source,
    }


def fitted(*figures: dict[str, object], members: int = 512) -> Estimate:
    """Damage is small faults alone: the expectation is a linear regression, which a step is not."""
    city = ei.Place("City", timezone="Europe/Kyiv", heat_buildings=30_000)
    attack = ei.Event(START + pd.Timedelta(hours=1), kind="attack", duration_h=4)
    frost = pd.Series(-8.0, index=pd.date_range(START, periods=169, freq="h"))
    return ei.estimate(
        ei.Scenario(START, 168, city, events=[attack], figures=figures, weather=frost, priors=SLOW_CROWD),
        members=members,
        rng=1,
    )


@pytest.fixture(scope="module")
def three() -> pd.DataFrame:
    figures = figure("first", 6, 5_113), figure("second", 9, 4_787), figure("last", 44, 2_213)
    return fitted(*figures, members=2048).narrowed_by()


def test_the_figure_nearest_to_half_back_narrows_most(three: pd.DataFrame) -> None:
    told = three[three["relation"] == "reported"]
    assert told["figure"].iloc[0] == "last"
    # shares that differ by less than 0.1 are chance
    shares = 1 - told["width_h"] / told["width_without_h"]
    assert (shares.iloc[1:] < shares.iloc[0] - 0.1).all()
    assert (shares.iloc[1:] < 0.1).all()
    np.testing.assert_allclose(told["narrowed"], shares.where(shares.abs() >= 0.1))
    assert told["in_words"].iloc[0].startswith("last: without it the 90 % range of when half are back would be ")
    assert (
        told["in_words"].iloc[-1]
        == f"{told['figure'].iloc[-1]}: makes no difference beyond chance to when half are back."
    )


def test_where_one_office_counts_the_figure_nearest_to_half_back_narrows_by_more_than_half() -> None:
    """Counts of a planned shutoff scatter little, those after an attack more, so that each of them tells less."""
    place = ei.Place("City", timezone="Europe/Kyiv", power_customers=300_000)
    shutoff = ei.Event(START + pd.Timedelta(hours=1), kind="planned_shutoff", duration_h=4)
    figures = [
        figure(name, hours, value) | {"quantity": "power_customers_out"}
        for name, hours, value in (("first", 6, 51_130), ("second", 9, 47_870), ("last", 44, 22_130))
    ]
    told = ei.estimate(ei.Scenario(START, 168, place, events=[shutoff], figures=figures), rng=1).narrowed_by()
    told = told[told["relation"] == "reported"]
    assert told["figure"].iloc[0] == "last"
    assert told["narrowed"].iloc[0] > 0.5
    assert not (told["narrowed"].iloc[1:] >= 0.2).any()


def test_next_figures_are_named_and_never_widen(three: pd.DataFrame) -> None:
    following = three[three["relation"] == "next"]
    assert set(following["figure"]) == {f"heat_buildings_out at City in {lead} h" for lead in (6, 12, 24, 48)}
    assert (following["expected_width_h"] <= following["width_h"]).all()
    assert following["narrowed"].is_monotonic_decreasing
    words = following["in_words"].iloc[0]
    assert words.startswith("Ask the district heating company of City for an exact count of buildings without district")
    assert words.endswith("% narrower.")


def test_a_figure_told_twice_narrows_little_each_time() -> None:
    figures = figure("first", 6, 5_113), figure("last", 44, 2_213)
    once = fitted(*figures, members=2048).narrowed_by()
    twice = fitted(*figures, figure("again", 44, 2_213), members=2048).narrowed_by()
    alone = once.set_index("figure").loc["last", "narrowed"]
    rows = twice.set_index("figure").loc[["last", "again"]]
    assert (1 - rows["width_h"] / rows["width_without_h"] < 0.3 * alone).all()


def test_a_next_figure_narrows_about_as_much_as_expected() -> None:
    """The regression against fits to what five of the members themselves would say a day later."""
    before = fitted(figure("first", 6, 5_113), figure("second", 20, 4_013))
    row = before.narrowed_by().set_index("figure").loc["heat_buildings_out at City in 24 h"]
    then = before["heat_buildings_out", "City"].at(START + pd.Timedelta(hours=44))
    said = np.quantile(then, [0.1, 0.3, 0.5, 0.7, 0.9])
    widths = [
        fitted(figure("first", 6, 5_113), figure("second", 20, 4_013), figure("next", 44, round(value), "other"))
        .narrowed_by()
        .loc[0, "width_h"]
        for value in said
    ]
    assert np.mean(widths) == pytest.approx(row["expected_width_h"], rel=0.3)


def test_a_prior_run_has_next_figures_only(make_estimate: Callable[..., Estimate]) -> None:
    table = make_estimate(figure_fit=None, status="prior only").narrowed_by()
    assert ",".join(table.columns) == "relation,figure,width_h,width_without_h,expected_width_h,narrowed,in_words"
    assert set(table["relation"]) == {"next"}


def test_the_table_of_three_members_worked_by_hand(make_estimate: Callable[..., Estimate]) -> None:
    """Half of 6,000 is back 30, 60 and 15 h after the end; without any of the figures after 30, 60 and 60 h."""
    whole = make_estimate()

    def slower(quantity: str, place: str) -> np.ndarray:
        return whole.curves(quantity, place)[[0, 1, 1]]

    table = make_estimate(refit=lambda names, _: [slower] * len(names)).narrowed_by("heat_buildings_out", "City")
    told = table[table["relation"] == "reported"]
    middle, low, high = np.log(30), 0.1 * np.log(30) + 0.9 * np.log(15), 0.1 * np.log(30) + 0.9 * np.log(60)
    assert np.exp([low, middle, high]) == pytest.approx([16.077, 30, 55.982], abs=0.001)
    assert told["width_h"].to_numpy() == pytest.approx(55.982 - 16.077, abs=0.001)
    assert told["width_without_h"].to_numpy() == pytest.approx(60 - 30 * 2**0.1, abs=0.001)
    assert len(told) == whole.figure_fit.used.sum()


def test_fitted_figures_without_a_way_to_fit_again_are_told(make_estimate: Callable[..., Estimate]) -> None:
    with pytest.raises(ValueError, match="refit: must be given"):
        make_estimate().narrowed_by()


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"quantity": "heat_building_out"}, KeyError, "did you mean 'heat_buildings_out'"),
        ({"quantity": "indoor_temperature_c"}, ValueError, "quantity: must count what is out"),
        ({"share": 1.5}, ValueError, "share: must be above 0"),
    ],
)
def test_what_cannot_be_restored_is_refused(make_estimate: Callable[..., Estimate], given, error, words) -> None:
    with pytest.raises(error, match=words):
        make_estimate(figure_fit=None).narrowed_by(**given)


def test_where_hours_off_alone_are_reported_it_is_told_of_those_without_power(tmp_path) -> None:
    city = ei.Place("City", power_customers=50_000, residents=120_000)
    hours = figure("hours", 12, 8) | {"quantity": "hours_off_per_day", "qualifier": "about"}
    attack = ei.Event(START + pd.Timedelta(hours=6), kind="attack", duration_h=3)
    estimate = ei.estimate(ei.Scenario(START, 96, city, events=[attack], figures=[hours]), members=64, rng=1)
    pd.testing.assert_frame_equal(estimate.narrowed_by(), estimate.narrowed_by("power_customers_out", "City"))
    assert estimate.report(tmp_path / "page.html").stat().st_size > 0


def test_where_nothing_out_is_counted_a_page_asks_for_no_figure(tmp_path) -> None:
    attack = ei.Event(START, kind="attack")
    run = ei.simulate(ei.Scenario(START, 24, ei.Place("Of unknown size"), events=[attack]), members=16, rng=1)
    assert best_next(run, run.available[0]) is None
    assert run.report(tmp_path / "page.html").stat().st_size > 0


def test_a_saved_estimate_can_tell_it_too(tmp_path) -> None:
    estimate = fitted(figure("first", 6, 5_113), figure("last", 44, 2_213))
    loaded = ei.load_estimate(estimate.save(tmp_path / "city.npz"))
    pd.testing.assert_frame_equal(loaded.narrowed_by(), estimate.narrowed_by())
    assert ei.simulate(estimate.scenario, given=estimate).refit is None


def test_a_what_if_tells_it_too_and_begins_when_it_did_without_the_last_figure(tmp_path) -> None:
    fit = fitted(figure("first", 6, 5_113), figure("last", 44, 2_213))
    colder = fit.what_if(colder=8)
    told = colder.narrowed_by()
    assert set(told.loc[told["relation"] == "reported", "figure"]) == {"first", "last"}
    pd.testing.assert_frame_equal(ei.load_estimate(colder.save(tmp_path / "colder.npz")).narrowed_by(), told)
    (without,) = colder.refit(["last"])
    assert [change.step for change in without.prepared.plan.changes] == [44]


def test_an_estimate_can_be_sent_to_another_process_and_fitted_there() -> None:
    estimate = fitted(figure("first", 6, 5_113), figure("last", 44, 2_213))
    sent = pickle.loads(pickle.dumps(estimate))
    (without,) = sent.refit(["last"])
    np.testing.assert_array_equal(without.normal.T, fitted(figure("first", 6, 5_113)).parameters)


def test_a_what_if_is_fitted_again_without_a_figure_as_without_the_what_if(tmp_path) -> None:
    """Without the last figure it still changes from the same time on, and an event that it adds is the same."""
    first, last = figure("first", 6, 5_113), figure("last", 44, 2_213)
    added = ei.Event(START + pd.Timedelta(hours=50), kind="attack")
    changed = fitted(first, last).what_if(crews=3, event=added)
    (without,) = changed.refit(["last"], [KEY])
    expected = fitted(first).what_if(crews=3, event=added, since=START + pd.Timedelta(hours=44))
    np.testing.assert_array_equal(without(*KEY), expected[KEY].draws)
    loaded = ei.load_estimate(changed.save(tmp_path / "changed.npz"))
    pd.testing.assert_frame_equal(loaded.narrowed_by(), changed.narrowed_by())


def test_what_was_not_wide_before_has_no_share_narrowed() -> None:
    assert np.isnan(_narrowed(0.8, 0.0))
    assert _narrowed(0.0, 0.0) == 0
