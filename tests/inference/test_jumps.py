"""Numbers that are chosen by the figures: against posteriors known exactly."""

import numpy as np
import pytest
from scipy.stats import norm, t, wasserstein_distance

from energy_impact.inference.jumps import FREEDOM, LEAST_COUNTING, MOST_COUNTING, Jumps, choices
from energy_impact.inference.weights import LEAST_EFFECTIVE
from tests.smoothed import smooth

MEMBERS = 20_000
HEIGHT, SLOPE, NOISE, ERROR = 2.0, 0.5, 0.3, 0.2
"""What is seen is HEIGHT if the jumping number is above 1, plus SLOPE and NOISE times two others, with an ERROR."""
SCATTER = np.sqrt(SLOPE**2 + NOISE**2 + ERROR**2)
EDGE = 1.0


def draw(seed=0, members=MEMBERS):
    return np.random.default_rng(seed).standard_normal((3, members))


def predict(normal):
    """Predictions without, and with, the noise."""
    base = HEIGHT * (normal[:1] > EDGE) + SLOPE * normal[1:2]
    return base, base + NOISE * normal[2:]


def choose(others, base, *given):
    """Return the members chosen for a row by all figures, beside other numbers."""
    ((_, chosen),) = choices(others, [Jumps(np.array([0]), np.arange(len(base)), np.array([0]))], base, *given)
    return chosen


def chosen_of(normal, observed, error=ERROR):
    base, full = predict(normal)
    rng = np.random.default_rng(9)
    return choose(normal[1:2], base, full - base, np.array([observed]), np.array([error**2]), rng)


@pytest.mark.parametrize("observed", [-0.5, 0.7, 1.0, 1.6, 2.5])
def test_of_two_regimes_each_is_chosen_with_its_posterior_chance(observed):
    """The likelihood is Student's with `FREEDOM` degrees, of what remains once the linear number is integrated out."""
    normal = draw()
    high = normal[0, chosen_of(normal, observed)] > EDGE
    prior = norm.sf(EDGE)
    weights = [
        share * t.pdf((observed - level) / SCATTER, FREEDOM) for share, level in ((prior, HEIGHT), (1 - prior, 0.0))
    ]
    assert high.mean() == pytest.approx(weights[0] / sum(weights), abs=0.02)


def test_two_figures_count_twice():
    """Of two figures with errors of their own and no other number the likelihood is that of the bivariate Student's."""
    normal = draw()
    base = np.tile(HEIGHT * (normal[:1] > EDGE), (2, 1))
    noise = NOISE * np.random.default_rng(5).standard_normal(base.shape)
    observed, variance = np.array([1.2, 1.4]), np.full(2, ERROR**2)
    chosen = choose(normal[1:2], base, noise, observed, variance, np.random.default_rng(9))
    spread = NOISE**2 + ERROR**2
    prior = norm.sf(EDGE)
    weights = [
        share * (1 + ((observed - level) ** 2).sum() / spread / FREEDOM) ** (-(FREEDOM + 2) / 2)
        for share, level in ((prior, HEIGHT), (1 - prior, 0.0))
    ]
    assert np.mean(normal[0, chosen] > EDGE) == pytest.approx(weights[0] / sum(weights), abs=0.02)


def test_what_is_linear_does_not_decide_which_regime_is_chosen():
    """Members whose other number makes them fit are not preferred: it is moved later."""
    normal = draw()
    chosen = chosen_of(normal, 1.0)
    assert normal[1, chosen].mean() == pytest.approx(0, abs=0.04)
    assert normal[1, chosen].std() == pytest.approx(1, abs=0.04)


def test_a_figure_that_says_nothing_chooses_each_member_once():
    normal = draw(members=500)
    np.testing.assert_array_equal(np.sort(chosen_of(normal, 0.3, error=1e9)), np.arange(500))


@pytest.mark.parametrize("members", [100, 1000, 5000])
@pytest.mark.parametrize("observed", [3.0, 30.0, 1e6])
def test_however_far_off_a_figure_is_enough_members_stay(observed, members):
    """Also where what is seen hangs on the jumping number alone and the error is next to nothing."""
    normal = draw(members=members)
    base = np.exp(3 * normal[:1])
    rng = np.random.default_rng(1)
    noise = 1e-6 * rng.standard_normal(base.shape)
    chosen = choose(normal[1:], base, noise, np.array([observed]), np.array([1e-8]), rng)
    counts = np.bincount(chosen, minlength=members)
    assert counts.sum() == members
    assert members**2 / np.square(counts).sum() > 0.8 * max(
        LEAST_EFFECTIVE * members, min(LEAST_COUNTING, MOST_COUNTING * members)
    )


def fitted(observed, *, jumps, kept=(0,)):
    """Level and linear part that the smoother gives, and the jumping number."""
    fit = smooth(
        draw(3, 8192),
        lambda normal: normal[:2].copy(),
        lambda state, normal: predict(np.vstack([state, normal[2:]])),
        np.array([observed]),
        np.array([ERROR**2]),
        np.random.default_rng(4),
        groups=np.zeros(1, int),
        structural=2,
        jumps=[Jumps(np.array([0]), np.array([0]), np.array(kept, int))] if jumps else [],
    )
    return predict(fit.normal)[0][0], fit.normal[0]


def exact(observed):
    """Draws of the same from Bayes' rule: members weighted by the likelihood of what they predict."""
    normal = draw(7, 400_000)
    base, full = predict(normal)
    weights = norm.pdf(observed, full[0], ERROR)
    return base[0], weights / weights.sum()


@pytest.mark.parametrize("observed", [0.2, 1.6, 2.2])
def test_a_step_is_fitted_nearer_to_bayes_with_jumps_than_without(observed):
    """Without them members are moved to the edge and over it, as far as the mean slope of the step says."""
    truth, weights = exact(observed)
    levels = {jumps: fitted(observed, jumps=jumps)[0] for jumps in (True, False)}
    far = {jumps: wasserstein_distance(level, truth, v_weights=weights) for jumps, level in levels.items()}
    chance = weights @ (truth > HEIGHT / 2)
    missed = {jumps: abs(np.mean(level > HEIGHT / 2) - chance) for jumps, level in levels.items()}
    assert far[True] < 0.9 * far[False]
    assert missed[True] < 0.9 * missed[False]


def test_numbers_that_are_chosen_stay_draws_of_the_prior():
    _, number = fitted(2.2, jumps=True)
    assert np.isin(number, draw(3, 8192)[0]).all()
    moved = fitted(2.2, jumps=False)[1]
    assert not np.isin(moved, draw(3, 8192)[0]).any()


@pytest.mark.parametrize("observed", [1.6, 2.2])
def test_numbers_that_are_not_kept_are_moved_after_they_were_chosen(observed):
    """They are no draws of the prior any more, and still nearer to Bayes than if they were moved alone."""
    level, number = fitted(observed, jumps=True, kept=())
    assert not np.isin(number, draw(3, 8192)[0]).any()
    truth, weights = exact(observed)
    far, alone = (
        wasserstein_distance(each, truth, v_weights=weights) for each in (level, fitted(observed, jumps=False)[0])
    )
    assert far < 0.9 * alone


def test_jumps_are_chosen_alike_one_by_one_and_together():
    normal = draw(members=2000)
    jumps = [Jumps(np.array([0]), np.array([0]), np.array([0])), Jumps(np.array([1]), np.array([1]), np.array([1]))]
    base = np.stack([normal[0] > EDGE, normal[1] > 0]).astype(float) + SLOPE * normal[2]
    noise = NOISE * np.random.default_rng(5).standard_normal(base.shape)
    given = base, noise, np.array([1.2, 0.1]), np.full(2, ERROR**2)
    together = [chosen for _, chosen in choices(normal[2:], jumps, *given, np.random.default_rng(9))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("energy_impact.inference.jumps.FIGURES_TOGETHER", 1)
        apart = [chosen for _, chosen in choices(normal[2:], jumps, *given, np.random.default_rng(9))]
    np.testing.assert_array_equal(together, apart)
