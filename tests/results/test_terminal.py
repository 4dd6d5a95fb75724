import math
from collections.abc import Callable

import numpy as np

from energy_impact.results import terminal
from energy_impact.results.estimate import Estimate
from energy_impact.results.tables.summary import summary_rows
from energy_impact.scenario import Scenario


def test_the_headline_answers_in_plain_words(estimate: Estimate) -> None:
    told = terminal.headline(estimate, summary_rows(estimate, 0.5), level=0.5)
    assert told == (
        "City, 21 January 2026, 02:00 (Europe/Kyiv): 4,200 buildings without district heat, "
        "50 % interval 3,300 to 4,650. Since the attack of 20 Jan 02:00 the peak is 6,000 (6,000 to 6,000). "
        "Counted from its end, half of that is back to stay after 30 h (22 h to 45 h), "
        "nine tenths after 54 h (40 h to later); 67 of 100 courses get there by 23 Jan 02:00."
    )


def test_a_headline_of_what_is_never_restored_has_no_times(make_estimate: Callable[..., Estimate]) -> None:
    warm = make_estimate(available=(("indoor_temperature_c", "City"),))
    told = terminal.headline(warm, summary_rows(warm, 0.9), level=0.9)
    assert "back after" not in told


def test_the_short_table_holds_the_rows_that_matter(estimate: Estimate) -> None:
    header, *rows, note = terminal.short_table(estimate, summary_rows(estimate, 0.9), level=0.9).splitlines()
    assert header.split("  ")[0] == "place"
    assert [row.split()[1] for row in rows] == ["heat_buildings_out", "power_customers_out"]
    assert note == (
        "after: time from the end of the last event until back to stay; "
        "later: not before the forecast ends, 23 Jan 02:00"
    )


def test_the_short_table_holds_what_figures_speak_of(
    make_estimate: Callable[..., Estimate], scenario: Scenario
) -> None:
    row = {
        "id": "d",
        "time": "2026-01-20T06:00Z",
        "place": "City",
        "quantity": "heat_buildings_drained",
        "value": 5900,
        "qualifier": "about",
        "kind": "stock",
        "source": "mayor",
    }
    drained = make_estimate(
        scenario=scenario.replace(figures=[row]),
        figure_fit=None,
        available=(("heat_buildings_drained", "City"), ("power_share_shed", "City")),
        curves=lambda *_: np.full((3, 97), 5900, np.float32),
    )
    _, *rows, _ = terminal.short_table(drained, summary_rows(drained, 0.9), level=0.9).splitlines()
    assert [told.split()[:3] for told in rows] == [["City", "heat_buildings_drained", "5,900"]]


def test_hours_off_a_day_are_never_restored(make_estimate: Callable[..., Estimate], scenario: Scenario) -> None:
    row = {
        "id": "h",
        "time": "2026-01-20T06:00Z",
        "place": "City",
        "quantity": "hours_off_per_day",
        "value": 12,
        "qualifier": "about",
        "kind": "stock",
        "source": "utility",
    }
    cut = make_estimate(
        scenario=scenario.replace(figures=[row]),
        figure_fit=None,
        available=(("hours_off_per_day", "City"),),
        reported=(("hours_off_per_day", "City"),),
        curves=lambda *_: np.full((3, 97), 12, np.float32),
    )
    _, told, _ = terminal.short_table(cut, summary_rows(cut, 0.9), level=0.9).splitlines()
    assert told.split("  ")[-1].strip() == "-"
    assert "(-" not in told


def test_the_curve_is_a_table_in_local_time_with_bars(estimate: Estimate) -> None:
    title, header, *rows = terminal.curve_table(estimate["heat_buildings_out", "City"], level=0.9).splitlines()
    assert title == "City: buildings without district heat (Europe/Kyiv)"
    assert header.split() == ["time", "median", "90", "%", "interval"]
    assert [row.split()[2] for row in rows[:3]] == ["02:00", "14:00", "02:00"]
    assert len(rows) == 9
    assert {row.count("#") for row in rows[:3]} == {0}
    assert all(row.isascii() for row in rows)


def test_hours_read_as_days_where_they_are_many() -> None:
    assert [terminal.duration(hours) for hours in (0, 71.6, 100, math.nan)] == ["0 h", "72 h", "4.2 days", "-"]


def test_columns_line_up() -> None:
    assert terminal.aligned(["a", "b"], [["long", 1], ["x", 2]]) == "a     b\nlong  1\nx     2"
