import numpy as np
import pytest
from scipy import stats

import energy_impact as ei
from energy_impact.family_fit import log_density_and_survival
from energy_impact.model.families import PARAMETERS, restoration_family

TRUTHS = {
    "exponential": (5.0,),
    "weibull": (1.4, 6.0),
    "lognormal": (4.0, 0.8),
    "log_logistic": (4.0, 2.0),
    "lomax": (3.0, 10.0),
    "hazus_normal": (9.0, 4.0),
}
CLOSES_H = 12.0
"""Durations that last longer are open. [h]"""


def made(name):
    return restoration_family(name, **dict(zip(PARAMETERS[name], TRUTHS[name], strict=True)))


@pytest.mark.parametrize("name", TRUTHS)
def test_density_and_survival_are_those_of_scipy(name):
    hours = np.array([0.01, 1.0, 7.0, 50.0])
    density, survival = log_density_and_survival(name, TRUTHS[name], hours)
    np.testing.assert_allclose(density, made(name)._distribution.logpdf(hours), rtol=1e-9)
    np.testing.assert_allclose(-survival, made(name).cumulative_hazard(hours), rtol=1e-9)


def test_the_exponential_worked_by_hand():
    """Four ended after 3, 5, 6 and 10 h, one was open after 6: 30 h with 4 ends; the interval solves the profile."""
    row = ei.fit_family([3, 5, 6, 10, 6], [3, 5, 6, 10, np.inf], families=["exponential"]).loc[0]
    assert row["estimate"] == pytest.approx(7.5, rel=1e-6)
    assert row["log_likelihood"] == pytest.approx(-4 * np.log(7.5) - 4)
    assert row["aic"] == pytest.approx(2 - 2 * row["log_likelihood"])
    for end in ("low", "high"):
        loss = -4 * np.log(7.5) - 4 - (-4 * np.log(row[end]) - 30 / row[end])
        assert 2 * loss == pytest.approx(stats.chi2.ppf(0.9, 1), rel=1e-4)
    assert row["low"] < 7.5 < row["high"]


def test_the_lognormal_has_its_closed_form():
    hours = np.array([1.0, 2.0, 5.0, 9.0, 4.0])
    table = ei.fit_family(hours, families=["lognormal"]).set_index("parameter")["estimate"]
    assert table["median_h"] == pytest.approx(np.exp(np.log(hours).mean()), rel=1e-5)
    assert table["sigma"] == pytest.approx(np.log(hours).std(), rel=1e-5)


def test_a_weight_counts_as_repeats():
    once = ei.fit_family([1, 2, 2, 5], families=["weibull"])
    weighted = ei.fit_family([1, 2, 5], weights=[1, 2, 1], families=["weibull"])
    np.testing.assert_allclose(weighted["estimate"], once["estimate"], rtol=1e-5)
    np.testing.assert_allclose(weighted["high"], once["high"], rtol=1e-3)


def test_scipy_finds_the_same_with_censored_durations():
    rng = np.random.default_rng(4)
    hours = made("weibull").quantile(rng.random(300))
    low, high = np.minimum(hours, CLOSES_H), np.where(hours > CLOSES_H, np.inf, hours)
    censored = stats.CensoredData.right_censored(low, hours > CLOSES_H)
    shape, _, scale = stats.weibull_min.fit(censored, floc=0)
    found = ei.fit_family(low, high, families=["weibull"]).set_index("parameter")["estimate"]
    assert found["shape"] == pytest.approx(shape, rel=1e-3)
    assert found["scale_h"] == pytest.approx(scale, rel=1e-3)


def test_the_true_family_wins_and_all_six_are_there():
    hours = made("log_logistic").quantile(np.random.default_rng(6).random(3000))
    table = ei.fit_family(hours)
    assert table["family"].iloc[0] == "log_logistic"
    assert set(table["family"]) == set(PARAMETERS)


@pytest.mark.parametrize("name", ["exponential", "weibull"])
def test_intervals_hold_the_known_parameters(name):
    rng = np.random.default_rng(11)
    held, truth = [], np.array(TRUTHS[name])
    for _ in range(500):
        hours = np.asarray(made(name).quantile(rng.random(120)))
        low, high = np.minimum(hours, CLOSES_H), np.where(hours > CLOSES_H, np.inf, hours)
        table = ei.fit_family(low, high, families=[name])
        held.append((table["low"].to_numpy() <= truth) & (truth <= table["high"].to_numpy()))
    assert np.mean(held, axis=0) == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (([1.0],), "two or more"),
        (([1.0, -2.0],), "at least 0"),
        (([1.0, 2.0], [np.inf, np.inf]), "at least one must have an upper end"),
    ],
)
def test_durations_that_cannot_be_are_refused(given, rule):
    with pytest.raises(ValueError, match=rule):
        ei.fit_family(*given)


def test_an_unknown_family_is_named():
    with pytest.raises(ValueError, match=r"families: 'weibul' is not one of .*did you mean 'weibull'"):
        ei.fit_family([1.0, 2.0], families=["weibul"])


@pytest.mark.parametrize("families", ["exponential", 3, np.timedelta64(1, "h")])
def test_families_are_a_list_of_names(families):
    with pytest.raises(ValueError, match="families: must be a list of names"):
        ei.fit_family([1.0, 2.0], families=families)
