"""What the difficulty of an event does to its parameters, and to no others'."""

import numpy as np
import pytest

from energy_impact.model.parameters import Prior

MEMBERS = 20_000
ERROR = 4 / np.sqrt(MEMBERS)


@pytest.fixture
def correlations(make_plan, make_event, make_layout):
    """Correlation of each row of a parameter with the difficulty of each regime, and the rows' variances."""

    def make(name, loading, kinds=("attack", "storm", "local_fault"), places=2):
        events = [make_event(kind, start_h=3.0 * number, places=places) for number, kind in enumerate(kinds)]
        layout = make_layout(make_plan(places=places, events=events), {name: Prior(0.3, 0.5, loading)})
        normal = np.random.default_rng(1).standard_normal((layout.rows, MEMBERS))
        rows, difficulty = layout.numbers(name, normal), normal[layout.by_name["difficulty"].rows]
        found = np.corrcoef(np.vstack([rows, difficulty]))[: len(rows), len(rows) :]
        return found.reshape(*layout.by_name[name].shape, len(difficulty)), rows.var(1)

    return make


@pytest.mark.parametrize("loading", [0.6, -0.8])
@pytest.mark.parametrize("name", ["job_split_power", "start_lag_h", "job_rest_heat"])
def test_a_number_of_an_event_goes_with_the_difficulty_of_that_event_alone(name, loading, correlations):
    """The first regime is the time before any event: event i is regime i + 1."""
    found, variance = correlations(name, loading)
    np.testing.assert_allclose(found, loading * np.eye(3, 4, 1), atol=ERROR)
    np.testing.assert_allclose(variance, 1, atol=2 * ERROR)


def test_a_number_of_a_regime_goes_with_the_difficulty_of_that_regime_alone(correlations):
    found, _ = correlations("repair_rate_power", 0.7)
    np.testing.assert_allclose(found, 0.7 * np.eye(4), atol=ERROR)


@pytest.mark.parametrize(("name", "inner"), [("job_share_power", (2,)), ("job_factor_power", (2, 5))])
def test_numbers_of_places_and_jobs_go_with_the_difficulty_of_their_event(name, inner, correlations):
    found, _ = correlations(name, 0.7)
    assert found.shape == (3, *inner, 4)
    own = 0.7 * np.eye(3, 4, 1).reshape(3, *[1] * len(inner), 4)
    np.testing.assert_allclose(found, np.broadcast_to(own, found.shape), atol=ERROR)


def test_what_is_drawn_once_goes_with_the_difficulty_of_the_first_event(correlations):
    found, _ = correlations("crew_limit_power", 0.5)
    np.testing.assert_allclose(found, [0, 0.5, 0, 0], atol=ERROR)


def test_without_a_loading_a_number_is_as_it_was_drawn(correlations):
    found, _ = correlations("job_rest_power", 0.0)
    np.testing.assert_allclose(found, 0, atol=ERROR)


def test_without_events_a_loading_goes_with_the_time_before_any(correlations):
    found, _ = correlations("repair_rate_power", 0.7, kinds=())
    np.testing.assert_allclose(found, [[0.7]], atol=ERROR)


def test_hours_of_repairs_are_half_common_to_the_places_of_an_event(make_plan, make_event, make_layout):
    """Of two events in two places: all have variance one, places of an event correlate by a half, events do not."""
    layout = make_layout(make_plan(places=2, events=[make_event(places=2), make_event(start_h=5.0, places=2)]))
    normal = np.random.default_rng(3).standard_normal((layout.rows, MEMBERS))
    same_event = np.kron(np.eye(2), np.ones((2, 2)))
    expected = 0.5 * np.eye(4) + 0.5 * same_event
    np.testing.assert_allclose(np.cov(layout.numbers("job_h_power", normal)), expected, atol=2 * ERROR)


def test_without_events_there_are_no_hours_of_repairs(make_plan, make_layout):
    layout = make_layout(make_plan())
    assert layout.values(np.zeros((layout.rows, 3)))["job_h_power"].shape == (0, 1, 3)


def test_a_loading_changes_neither_median_nor_spread(make_plan, make_event, make_layout):
    layout = make_layout(make_plan(events=[make_event()]), {"job_h_power": Prior(7.0, 0.6, 0.9)})
    normal = np.random.default_rng(2).standard_normal((layout.rows, MEMBERS))
    hours = np.log(layout.values(normal, ["job_h_power"])["job_h_power"])
    assert np.median(hours) == pytest.approx(np.log(7), abs=ERROR)
    assert hours.std() == pytest.approx(0.6, rel=0.02)


def test_a_value_is_the_same_whichever_others_are_asked_for_and_however_many_are_transformed_together(
    make_plan, make_event, make_layout, monkeypatch
):
    layout = make_layout(make_plan(places=2, events=[make_event(places=2)]), {"job_h_power": Prior(30.0, 0.5, 0.4)})
    normal = np.random.default_rng(1).standard_normal((layout.rows, 7)).astype(np.float32)
    every = layout.values(normal)
    assert every.keys() == layout.by_name.keys()
    monkeypatch.setattr("energy_impact.model.layout.TRANSFORMED_TOGETHER", 20)
    for names in (["job_h_power", "start_lag_h", "rate_noise"], ["severity_heat"], []):
        some = layout.values(normal, names)
        assert some.keys() == set(names)
        for name, values in some.items():
            np.testing.assert_array_equal(values, every[name], err_msg=name)
    for name, transform in (("start_lag_h", np.log), ("severity_heat", lambda p: np.log(p / (1 - p)))):
        block = layout.by_name[name]
        expected = block.location[:, None] + block.spread[:, None] * normal[block.rows]
        found = transform(every[name].astype(float)).reshape(-1, 7)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
