import numpy as np
import pytest

from energy_impact.places import Place
from energy_impact.scenario import Event, Scenario
from energy_impact.validation.calibration import calibrate, cover_table


@pytest.fixture(scope="module")
def small():
    return Scenario("2026-01-01T00:00Z", 200, Place("Town", power_customers=100_000),
                    events=[Event("2026-01-01T02:00Z", kind="attack", duration_h=6)])  # fmt: skip


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


def test_the_same_seed_gives_the_same_table(small):
    one, two = (calibrate(small, cases=3, members=64, rng=5) for _ in range(2))
    assert one.equals(two)


@pytest.mark.parametrize(("name", "value"), [("cases", 0), ("noise", -1.0), ("gross", 1.0)])
def test_numbers_out_of_bounds_are_refused(small, name, value):
    with pytest.raises(ValueError, match=name):
        calibrate(small, **{"cases": 2, name: value})
