import numpy as np
import pytest
from family_coverage import CLOSES_H, TRUTHS
from lifelines_numbers import BETWEEN, ENDED, OPEN
from scipy import optimize, stats

import energy_impact as ei
from energy_impact.family_fit import log_density_and_survival
from energy_impact.model.families import PARAMETERS, restoration_family


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


LIFELINES = {
    "ended or open": {
        "exponential": ((19.088281161836036,), -67.13422726554387),
        "weibull": ((0.7481705215115223, 17.558149237178732), -65.9184795505277),
        "lognormal": ((np.exp(2.19513927537682), 1.540471994485494), -64.73904279805151),
        "log_logistic": ((8.822421831538275, 1.0847534914486057), -65.05652105511888),
    },
    "between two counts": {
        "exponential": ((11.906309310592206,), -18.764862108301525),
        "weibull": ((0.8130620897833161, 11.155767272781116), -18.48770922428149),
        "lognormal": ((np.exp(1.7914689211872377), 1.4120758705636622), -18.506324527503473),
        "log_logistic": ((6.09304152617417, 1.1695447047144096), -18.644784638300397),
    },
}
"""Parameters in our order and log-likelihoods that lifelines 0.30.3 gives; `benchmarks/lifelines_numbers.py` prints
them."""


@pytest.mark.parametrize("data", LIFELINES)
@pytest.mark.parametrize("name", LIFELINES["ended or open"])
def test_lifelines_finds_the_same(data, name):
    given = BETWEEN if data == "between two counts" else (ENDED + OPEN, ENDED + [np.inf] * 3)
    parameters, likelihood = LIFELINES[data][name]
    found = ei.fit_family(*given, families=[name])
    assert found["estimate"].to_numpy() == pytest.approx(parameters, rel=1e-3)
    assert found["log_likelihood"].to_numpy() == pytest.approx(likelihood, rel=1e-6)
    assert found["aic"].to_numpy() == pytest.approx(2 * len(parameters) - 2 * likelihood, rel=1e-6)


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


def test_a_lomax_that_is_an_exponential_has_an_interval_with_a_lower_end():
    """Durations with a lighter tail than any Lomax: the search for the most likely one never ends."""
    hours = made("weibull").quantile((np.arange(200) + 0.5) / 200)
    lomax = ei.fit_family(hours, families=["lomax"]).set_index("parameter")
    exponential = ei.fit_family(hours, families=["exponential"]).loc[0]
    assert np.isinf(lomax["high"]).all()
    mean_h = lomax.loc["scale_h", "estimate"] / lomax.loc["shape", "estimate"]
    assert mean_h == pytest.approx(exponential["estimate"], rel=1e-5)
    assert lomax["log_likelihood"].to_numpy() == pytest.approx(exponential["log_likelihood"], abs=1e-6)
    for parameter, other in (("shape", "scale_h"), ("scale_h", "shape")):
        end = lomax.loc[parameter, "low"]

        def loss(log, parameter=parameter, other=other, end=end):
            given = {parameter: end, other: np.exp(log)}
            return -stats.lomax.logpdf(hours, given["shape"], scale=given["scale_h"]).sum()

        profile = optimize.minimize_scalar(loss, bounds=(-5, 15), method="bounded").fun
        assert 2 * (profile + exponential["log_likelihood"]) == pytest.approx(stats.chi2.ppf(0.9, 1), rel=1e-3)


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


@pytest.mark.parametrize("level", ["0.9", None, 0, 1, np.nan])
def test_a_level_lies_between_0_and_1(level):
    with pytest.raises(ValueError, match="level: must be"):
        ei.fit_family([1.0, 2.0], level=level)


def test_an_unknown_family_is_named():
    with pytest.raises(ValueError, match=r"families: 'weibul' is not one of .*did you mean 'weibull'"):
        ei.fit_family([1.0, 2.0], families=["weibul"])


@pytest.mark.parametrize("families", ["exponential", 3, np.timedelta64(1, "h")])
def test_families_are_a_list_of_names(families):
    with pytest.raises(ValueError, match="families: must be a list of names"):
        ei.fit_family([1.0, 2.0], families=families)


@pytest.mark.parametrize("durations", [[1.0, 2.0, 3.0], [1.0, 2.0, 2.0], [0.1, 5.0, 5.0, 6.0]])
def test_few_durations_have_intervals(durations):
    table = ei.fit_family(durations)
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()


@pytest.mark.parametrize("durations", [["1", "2"], [True, False], [1.0, 2.0, 1e308], [1, 10**400]])
def test_durations_are_numbers_of_hours(durations):
    with pytest.raises(ValueError, match=r"^(low_h|durations): must be"):
        ei.fit_family(durations)
