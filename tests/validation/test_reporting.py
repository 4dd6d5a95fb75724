import numpy as np
import pytest

from energy_impact.figures.wording import Claim, log_likelihood
from energy_impact.reports import NUGGET
from energy_impact.validation.reporting import WORDS, word


@pytest.mark.parametrize("qualifier", WORDS)
def test_words_meet_what_they_say(qualifier):
    rng = np.random.default_rng(1)
    for _ in range(200):
        told = word(4321.0, qualifier, rng, noise=0.0)
        if told is None:
            continue
        value = told.value
        if qualifier in {"over", "at_least"}:
            assert value <= 4321.5
        elif qualifier in {"almost", "up_to", "under"}:
            assert value >= 4320.5
        elif qualifier == "range":
            assert value <= 4322
            assert told.value_high >= 4320
        elif qualifier == "exact":
            assert value == 4321.0


def test_a_word_for_another_order_of_magnitude_is_not_said():
    rng = np.random.default_rng(1)
    assert word(4321.0, "hundreds", rng) is None
    assert word(4321.0, "thousands", rng).qualifier == "thousands"


@pytest.mark.parametrize("qualifier", ["about", "over", "almost"])
def test_the_draws_follow_the_likelihood_of_the_wording(qualifier):
    """Frequencies of "about R" and the like against the probabilities that the likelihood gives them."""
    rng = np.random.default_rng(2)
    value, count = 640.0, 20_000
    drawn = (word(value, qualifier, rng) for _ in range(count))
    told = [None if claim is None else claim.value for claim in drawn]
    for reported in (600.0, 640.0, 650.0):
        expected = float(np.exp(log_likelihood(np.log(value), Claim(qualifier, reported), sd=NUGGET)))
        assert np.mean(np.array(told) == reported) == pytest.approx(expected, abs=4 * np.sqrt(expected / count))


@pytest.mark.parametrize("value", [1_500.0, 1_900.0, 2_100.0])
def test_orders_of_magnitude_are_said_as_often_as_their_likelihood_has_it(value):
    rng = np.random.default_rng(3)
    count = 5_000
    said = np.mean([word(value, "thousands", rng) is not None for _ in range(count)])
    expected = float(np.exp(log_likelihood(np.log(value), Claim("thousands"), sd=NUGGET)))
    assert said == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / count))


def test_the_error_of_a_report_is_that_which_the_fit_takes():
    rng = np.random.default_rng(4)
    told = [word(1_000_003.0, "exact", rng).value for _ in range(20_000)]
    assert np.std(np.log(told)) == pytest.approx(np.hypot(0.02, 0.03), rel=0.03)


def test_an_unknown_word_is_refused():
    with pytest.raises(ValueError, match="qualifier: 'ca' is not one of exact, about, "):
        word(4321.0, "ca", np.random.default_rng(1))
