import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from energy_impact.places import Place
from energy_impact.run import simulate
from energy_impact.scenario import Event, Scenario, Truce, WhatIf
from energy_impact.validation import calibration
from energy_impact.validation.calibration import calibrate, cover_table


@pytest.fixture(scope="module")
def small():
    return Scenario(
        "2026-01-01T00:00Z",
        200,
        Place("Town", power_customers=100_000),
        events=[Event("2026-01-01T02:00Z", kind="attack", duration_h=6)],
    )


@pytest.fixture(scope="module")
def ranks(small):
    return calibrate(small, cases=60, members=256, rng=1)


def test_intervals_hold_the_truth_about_as_often_as_they_say(ranks):
    table = cover_table(ranks).set_index("target")
    # 60 cases: three standard errors are 0.19 at 50 % and 0.12 at 90 %
    assert table["inside90"].between(0.78, 1.0).all()
    assert table["inside50"].between(0.31, 0.69).all()


def test_ranks_are_probabilities_and_targets_complete(ranks):
    assert ranks["pit"].between(0, 1).all()
    assert list(dict.fromkeys(ranks["target"])) == ["+12 h", "+24 h", "+48 h", "+96 h", "hours"]
    assert np.isfinite(ranks["truth"]).all()


def test_nothing_is_ranked_where_nothing_is_there():
    towns = [Place("A", heat_buildings=900), Place("B", heat_buildings=0, power_customers=9000)]
    attack = Event("2026-01-01T02:00Z", kind="attack", duration_h=6)
    table = calibrate(Scenario("2026-01-01T00:00Z", 100, towns, events=[attack]), cases=3, members=32, rng=1)
    assert set(zip(table["quantity"], table["place"], strict=True)) == {
        ("heat_buildings_out", "A"),
        ("power_customers_out", "B"),
    }


def test_the_same_seed_gives_the_same_table(small):
    one, two = (calibrate(small, cases=3, members=64, rng=5) for _ in range(2))
    assert one.equals(two)


@pytest.mark.parametrize(("name", "value"), [("cases", 0), ("members", 1), ("noise", -1.0), ("gross", 1.0)])
def test_numbers_out_of_bounds_are_refused(small, name, value):
    with pytest.raises(ValueError, match=name):
        calibrate(small, **{"cases": 2, name: value})


def test_standard_errors_are_over_cases_not_over_series():
    """Two cases whose two series agree: means 1 and 0, so the error of the mean is 0.5."""
    rows = [(case, "+12 h", case == 0, case == 0) for case in (0, 0, 1, 1)]
    table = cover_table(pd.DataFrame(rows, columns=["case", "target", "inside50", "inside90"]))
    assert table.iloc[0].tolist() == ["+12 h", 0.5, 0.5, 0.5, 0.5]


def test_figures_of_all_kinds_say_what_the_truth_did(small, monkeypatch):
    """Without errors and with exact words: stocks, maxima since the event and flows against the curves themselves."""
    monkeypatch.setattr(calibration, "_source_prior", lambda _: (1.0, 0.0))
    monkeypatch.setattr(calibration.reporting, "WORDS", ("exact",))
    monkeypatch.setattr(calibration, "ORDERS", {})
    truths = simulate(small, members=2, rng=1)
    curves = {key: truths[key] for key in (("power_customers_out", "Town"), ("power_customers_restored", "Town"))}
    out, back = curves.values()
    rng, begin = np.random.default_rng(1), pd.Timestamp("2026-01-01T08:00Z")
    figures = [row for _ in range(40) for row in calibration._report(small, curves, 1, 0.0, 0.0, rng)]
    assert {row["kind"] for row in figures} == {"stock", "maximum", "flow"}
    for row in figures:
        if row["kind"] == "stock":
            true = out.at(row["time"])[1, 0]
        elif row["kind"] == "flow":
            true = (back.at(row["time"]) - back.at(begin))[1, 0]
        else:
            true = out.at([t for t in out.times if begin <= t <= row["time"]])[1].max()
        assert row["value"] == pytest.approx(true, abs=1), row["kind"]


def test_the_weather_that_figures_told_is_kept(small):
    told = [
        {
            "id": "frost",
            "time": "2026-01-01T06:00Z",
            "place": "Town",
            "quantity": "air_temperature_c",
            "value": -18,
            "qualifier": "about",
            "kind": "stock",
            "source": "s",
        },
        {
            "id": "out",
            "time": "2026-01-01T12:00Z",
            "place": "Town",
            "quantity": "power_customers_out",
            "value": 9_000,
            "qualifier": "about",
            "kind": "stock",
            "source": "s",
        },
    ]
    scenario = small.replace(figures=told)
    bare = calibration._without_outcomes(scenario)
    assert bare.figures["id"].tolist() == ["frost"]
    assert len(calibrate(scenario, cases=2, members=64, rng=1)) == 10


def test_a_scenario_that_ends_too_soon_or_counts_nothing_is_refused(small):
    with pytest.raises(ValueError, match="horizon_h: must reach 72 h beyond the last event"):
        calibrate(small.replace(horizon_h=60), cases=1)
    with pytest.raises(ValueError, match="places: at least one must"):
        calibrate(small.replace(places=Place("Town", residents=10_000)), cases=1)


def test_cases_that_leave_nothing_to_tell_of_are_told(small):
    with pytest.raises(ValueError, match="cases: at least one must have a count of 1 or more"):
        calibrate(small.replace(places=Place("Hut", power_customers=1)), cases=2, members=16, rng=1)


def test_sources_are_off_by_the_prior_that_the_scenario_gives(small):
    changed = small.replace(priors={"source_bias": {"median": 1.2, "spread": 0.3}})
    assert calibration._source_prior(changed) == (1.2, 0.3)


def test_an_option_that_begins_before_the_figures_of_a_truth_does_not_stop_it(small):
    truce = Truce(small.now, small.end, claimed_by="one side", reduces=0.5, holds=0.5)
    optional = small.replace(what_ifs=[WhatIf(name="truce", truce=truce)])
    assert_frame_equal(*(calibrate(scenario, cases=2, members=16, rng=1) for scenario in (optional, small)))
