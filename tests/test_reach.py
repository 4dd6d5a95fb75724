import numpy as np
import pandas as pd
import pytest

import energy_impact as ei
from energy_impact import reach
from energy_impact.inference.reach import SHARED, UNREACHED
from energy_impact.prepare import prepare

START = pd.Timestamp("2024-01-13T00:00Z")
QUANTITY = "power_customers_out"


def country(told, *, sizes=(20_000.0, 50_000.0, 90_000.0, 40_000.0), sources=None, crews=False):
    """Places A, B, ... hit by a storm, with exact counts given as (place, hour, count)."""
    parts = [ei.Place(chr(65 + number), power_customers=size) for number, size in enumerate(sizes)]
    figures = [
        {
            "id": f"figure {number}",
            "time": START + pd.Timedelta(hours=hour),
            "place": place,
            "quantity": QUANTITY,
            "value": float(count),
            "qualifier": "exact",
            "kind": "stock",
            "source": (sources or {}).get(place, "operator"),
        }
        for number, (place, hour, count) in enumerate(told)
    ]
    root = ei.Place("Country", parts=parts, shared_crews=crews)
    return ei.Scenario(START, 72, root, events=[ei.Event(START, kind="storm", duration_h=10)], figures=figures)


TOLD = (("A", 12, 4001), ("B", 12, 9101), ("B", 30, 5203), ("C", 14, 30_107), ("C", 36, 8003))


def test_numbers_of_a_place_reach_its_own_figures_and_those_of_an_event_all():
    prepared = prepare(country(TOLD))
    found = reach.blocks_of(prepared)
    assert [list(figures) for figures in found.figures] == [[0], [1, 2], [3, 4]]
    layout = prepared.layout
    np.testing.assert_array_equal(found.block[layout.by_name["repair_rate_place"].rows], [0, 1, 2, UNREACHED])
    np.testing.assert_array_equal(found.block[layout.by_name["report_time"].rows], [0, 1, 1, 2, 2])
    assert (found.block[layout.by_name["severity_power"].rows] == SHARED).all()
    assert (found.block[layout.by_name["source_bias"].rows] == SHARED).all()
    assert found.acts.all()


def test_a_source_of_one_place_belongs_to_it():
    prepared = prepare(country(TOLD, sources={"B": "city council"}))
    rows = prepared.layout.by_name["source_bias"].rows
    np.testing.assert_array_equal(reach.blocks_of(prepared).block[rows], [SHARED, 1])


@pytest.mark.parametrize(
    ("told", "crews"), [((*TOLD, ("Country", 20, 40_003)), False), (TOLD, True), (TOLD[1:3], False)]
)
def test_figures_that_hang_together_are_not_taken_apart(told, crews):
    """By a sum over all places, by shared crews, or in one place."""
    assert reach.blocks_of(prepare(country(told, crews=crews))) is None


def test_few_figures_are_not_taken_apart():
    prepared = prepare(country(TOLD))
    assert reach.reach_of(prepared, reach.ENOUGH_MEMBERS * len(TOLD)) is None
    assert reach.reach_of(prepared, reach.ENOUGH_MEMBERS * len(TOLD) - 1) is not None


def test_a_small_case_has_the_same_answer_by_blocks(monkeypatch):
    """Seeds scatter by 0.01 to 0.04 standard deviations and 1 to 4 % of the width."""
    scenario, times = country(TOLD), [START + pd.Timedelta(hours=hour) for hour in (12, 24, 60)]

    def draws(enough, place):
        monkeypatch.setattr(reach, "ENOUGH_MEMBERS", enough)
        return np.vstack([ei.estimate(scenario, members=2048, rng=seed)[QUANTITY, place].at(times) for seed in (1, 2)])

    for place in ("Country", "B", "D"):
        whole, blocks = draws(0, place), draws(10**6, place)
        assert np.abs(np.median(blocks, 0) - np.median(whole, 0)).max() < 0.1 * whole.std(0).min()
        width, right = (np.subtract(*np.quantile(each, (0.95, 0.05), axis=0)) for each in (blocks, whole))
        np.testing.assert_allclose(width, right, rtol=0.1)


@pytest.mark.parametrize("level", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("members", [512, 2048])
def test_the_sum_of_fifty_exact_counts_of_one_source_is_fitted(level, members):
    """Of one source, whose bias could take up a misfit of all; with a bias on counts sums were up to a tenth low."""
    rng = np.random.default_rng(1)
    sizes = np.round(np.exp(rng.normal(np.log(30_000), 0.8, 50)))
    odds = np.exp(rng.normal(np.log(level / (1 - level)), 0.7, 50))
    out = np.round(sizes * odds / (1 + odds)) + 1
    told = [(chr(65 + number), 12, count) for number, count in enumerate(out)]
    fit = ei.estimate(country(told, sizes=sizes), members=members, rng=1)
    total = fit[QUANTITY, "Country"].at([START + pd.Timedelta(hours=12)])
    assert np.median(total) == pytest.approx(out.sum(), rel=0.03)
