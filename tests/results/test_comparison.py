"""Options side by side: worked by hand, and drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.results.plots.options import LOOKS
from energy_impact.results.report.front import option_table
from energy_impact.results.tables.options import Measure, _rows, first_measures, measure_words, option_rows
from energy_impact.results.terminal import options_table

START = pd.Timestamp("2026-01-19T00:00Z")
HOUR = pd.Timedelta(hours=1)


@pytest.fixture(scope="module")
def options():
    place = ei.Place("Town", power_customers=50_000, heat_buildings=900, residents=120_000)
    figures = [
        {
            "id": "a",
            "time": START + 14 * HOUR,
            "place": "Town",
            "quantity": "power_customers_out",
            "value": 20_000,
            "qualifier": "about",
            "kind": "stock",
            "source": "council",
        }
    ]
    storm = ei.Event(START + 6 * HOUR, kind="storm", duration_h=4)
    run = ei.estimate(ei.Scenario(START, 96, place, events=[storm], figures=figures), members=64, rng=1)
    return {"as it is": run, "8 K colder": run.what_if(colder=8), "crews doubled": run.what_if(crews=2)}


def test_differences_are_taken_member_by_member(options):
    table = ei.compare(options).table()
    base, changed = (options[name]["power_people_out", "Town"] for name in ("as it is", "crews doubled"))
    night = (base.times >= START + 22 * HOUR) & (base.times < START + 30 * HOUR)
    first, second = (curve.draws[:, night].max(axis=1) for curve in (base, changed))
    rows = table[(table["measure"] == "power_people_out") & (table["night"] == "2026-01-19")].set_index("option")
    row = rows.loc["crews doubled"]
    assert row["median"] == pytest.approx(np.median(second))
    assert row["difference"] == pytest.approx(np.median(second - first))
    assert row["chance_better"] == pytest.approx(np.mean(second < 0.999 * first))
    least = np.minimum(first, options["8 K colder"]["power_people_out", "Town"].draws[:, night].max(axis=1))
    assert rows.loc["as it is", "regret"] == pytest.approx(np.mean(first - np.minimum(least, second)), rel=1e-5)


def test_chances_add_up_and_the_first_is_compared_with_nothing(options):
    table = ei.compare(options).table()
    groups = table.groupby(["measure", table["night"].astype(str)])
    np.testing.assert_allclose(groups["chance_best"].sum(), 1)
    assert (groups["regret"].min() >= 0).all()
    first = table[table["option"] == "as it is"]
    assert first["chance_better"].isna().all()
    assert (first["difference"] == 0).all()


def test_numbers_that_differ_by_rounding_are_as_good():
    """A thousandth more or less is no choice: the chance of being best is shared, none is better."""
    draws = np.array([[1000.0, 1000.0, 1000.0, 0.0], [999.5, 1000.5, 998.0, 0.0]])
    measure = Measure("power_people_out", "Town", None, "people")
    first, second = _rows(measure, ["as it is", "other"], draws, (0.05, 0.5, 0.95))
    assert second.chance_better == 0.25
    assert (first.chance_best, second.chance_best) == (0.375, 0.625)
    assert first.regret == pytest.approx((0.5 + 2) / 4)


def test_tables_say_what_a_wrong_choice_loses():
    rows = list(
        _rows(
            Measure("power_people_out", "Town", None, "people"),
            ["a", "b"],
            np.array([[40.0, 80], [20, 90]]),
            (0.05, 0.5, 0.95),
        )
    )
    assert [row.regret for row in rows] == [10, 5]
    text = options_table(rows, level=0.9)
    assert "worse by" in text
    assert [line.split()[-1] for line in text.splitlines() if line[:2] in {"a ", "b "}] == ["10", "5"]
    page = option_table(rows, 0.9)
    assert "Worse than the best by" in page
    assert ">10<" in page


def test_half_back_is_that_of_the_first_option(options):
    rows = [row for row in option_rows(options, 0.9) if row.measure == "t50_h of power_customers_out"]
    summary = options["as it is"].summary().set_index("quantity").loc["power_customers_out"]
    assert rows[0].median == pytest.approx(min(summary["t50_h"], 86), rel=1e-6)
    assert rows[2].difference_high <= 0


def test_a_hit_later_on_delays_half_back(options):
    run = options["as it is"]
    again = run.what_if(event=ei.Event(START + 60 * HOUR, kind="storm", duration_h=6))
    rows = [row for row in option_rows({"a": run, "b": again}, 0.9) if row.measure.startswith("t50")]
    assert rows[1].difference_low >= 0
    assert rows[1].difference_high > 10


@pytest.mark.parametrize("events", [[(90, 48)], [(6, 48), (20, 3)]], ids=["horizon", "next event"])
def test_half_back_is_left_out_where_the_event_outlasts_its_window(events):
    place = ei.Place("Town", power_customers=50_000)
    storms = [ei.Event(START + hours * HOUR, kind="storm", duration_h=length) for hours, length in events]
    report = {"id": "a", "time": START + (events[0][0] + 4) * HOUR, "place": "Town", "quantity": "power_customers_out"}
    report |= {"value": 20_000, "qualifier": "about", "kind": "stock", "source": "council"}
    run = ei.estimate(ei.Scenario(START, 96, place, events=storms, figures=[report]), members=16, rng=1)
    table = ei.compare({"as it is": run, "crews doubled": run.what_if(crews=2)}).table()
    assert not table["measure"].str.startswith("t50").any()


def test_what_matters_first_is_the_first_night_in_words(options):
    words = list(dict.fromkeys(map(measure_words, first_measures(option_rows(options, 0.9)))))
    assert words[:3] == [
        "hours that residents spend in homes below 16 °C, added up",
        "hours until half are back: accounts without power",
        "residents without power, night of 19 January",
    ]


def test_the_picture_names_every_option_in_its_legend(options):
    figure = ei.compare(options).plot()
    for axes in figure.axes:
        assert set(options) <= {text.get_text() for text in axes.get_legend().get_texts()}
    assert "as it is" in figure.axes[1].get_title(loc="left")
    assert len({colour for colour, _ in LOOKS}) == len({str(line) for _, line in LOOKS}) == len(LOOKS)


def test_other_members_cannot_be_compared(options):
    other = ei.simulate(options["as it is"].scenario, members=64, rng=7)
    with pytest.raises(ValueError, match="options, 'other': must have the members and times of 'as it is'"):
        ei.compare(options | {"other": other})
    with pytest.raises(ValueError, match="must hold at least one"):
        ei.compare({})
    with pytest.raises(ValueError, match="'x': must be an Estimate, got 3"):
        ei.compare({"x": 3})
    with pytest.raises(ValueError, match="a name of its own"):
        ei.compare({"и\u0306": options["as it is"], "й": options["as it is"]})


@pytest.mark.parametrize("given", [{"quantity": {}}, {"place": np.ones(2)}])
def test_a_curve_to_draw_is_named_by_text(options, given):
    with pytest.raises(ValueError, match=f"{next(iter(given))}: must"):
        ei.compare(options).plot(**given)
