from collections.abc import Callable

import energy_impact as ei
from energy_impact.results.estimate import Estimate

HOSTILE = "<script>alert(1)</script>"


def test_a_place_shows_its_parts_and_an_unknown_size() -> None:
    text = ei.Place("City", parts=[ei.Place("West", heat_buildings=(10, 20)), ei.Place(HOSTILE)])._repr_html_()
    assert "<td>10 to 20</td>" in text
    assert "<td>unknown</td>" in text
    assert "gas customers" not in text
    assert "<script" not in text


def test_a_scenario_shows_events_and_figures_in_local_time() -> None:
    text = ei.load_scenario("kharkiv-2026-02-03")._repr_html_()
    assert "<td>2026-02-03 01:00</td><td>event</td><td>3 February: attack</td>" in text
    assert "heat_buildings_drained: exact 820" in text


def test_a_scenario_shows_the_outage_with_most_figures_and_where_its_event_and_now_are() -> None:
    text = ei.load_scenario("kyiv-2026-01-09")._repr_html_()
    assert text.count("<svg") == 1
    picture = text[: text.index("</svg>")]
    assert "Kyiv: buildings without district heat" in picture
    assert "9 January" in picture
    assert "now" in picture


def test_a_scenario_without_figures_to_draw_is_a_table_alone() -> None:
    storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=3)
    frost = {"id": "a", "time": "2026-01-19T06:00Z", "place": "Town", "quantity": "air_temperature_c", "value": -8}
    frost |= {"qualifier": "about", "kind": "stock", "source": "x"}
    place = ei.Place("Town", power_customers=5000)
    for figures in (None, [frost]):
        text = ei.Scenario("2026-01-19T00:00Z", 48, place, events=[storm], figures=figures)._repr_html_()
        assert text.startswith("<table>")


def test_a_curve_and_a_run_show_a_picture(estimate: Estimate) -> None:
    curve = estimate["heat_buildings_out", "City"]._repr_html_()
    assert curve.count("<svg") == curve.count("</svg>") == 1
    run = estimate._repr_html_()
    assert "<svg" in run
    assert "Status: fitted." in run
    assert "What matters first" in run


def test_names_stay_text(make_estimate: Callable[..., Estimate]) -> None:
    assert "<script" not in make_estimate(fit_text=HOSTILE)._repr_html_()


def test_options_show_a_picture_and_a_table() -> None:
    storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=3)
    scenario = ei.Scenario("2026-01-19T00:00Z", 48, ei.Place("Town", power_customers=5000), events=[storm])
    run = ei.simulate(scenario, members=8, rng=1)
    text = ei.compare({"as it is": run, HOSTILE: run.what_if(crews=2)})._repr_html_()
    assert "<svg" in text
    assert "Best in" in text
    assert "<script" not in text
