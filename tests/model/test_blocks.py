import numpy as np
import pytest
from scipy.stats import kstest

from energy_impact.model.blocks import FURTHEST, MEMBERS_PER_BLOCK, draw_chunks, draw_normal, even_size


@pytest.fixture
def layout(make_layout, make_plan):
    return make_layout(make_plan())


def test_members_do_not_depend_on_how_many_there_are(layout):
    few, many = (draw_normal(layout, members, np.random.default_rng(5)) for members in (1500, 2048))
    np.testing.assert_array_equal(few, many[:, :1500])


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_any_number_of_blocks_a_chunk_draws_the_same_bits(layout, blocks):
    whole = next(draw_chunks(layout, 7, range(4000), 4000))
    parts = list(draw_chunks(layout, 7, range(4000), blocks * MEMBERS_PER_BLOCK))
    assert len(parts) == -(-4 // blocks)
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)


def test_members_drawn_from_the_middle_are_those_of_the_whole(layout):
    whole = next(draw_chunks(layout, 7, range(5000), 5000))
    share = next(draw_chunks(layout, 7, range(2 * MEMBERS_PER_BLOCK, 4000), 4000))
    np.testing.assert_array_equal(share, whole[:, 2 * MEMBERS_PER_BLOCK : 4000])


def test_members_of_a_small_ensemble_are_drawn_too(layout):
    assert draw_normal(layout, 2, np.random.default_rng(5)).shape == (layout.rows, 2)


def test_numbers_are_standard_normal(layout):
    normal = draw_normal(layout, 4096, np.random.default_rng(7))
    assert normal.dtype == np.float32
    for row in (0, layout.structural_rows - 1, layout.structural_rows, layout.rows - 1):
        assert kstest(normal[row], "norm").pvalue > 1e-3


def test_noise_has_the_moments_and_tails_of_a_normal_law(layout):
    """Five standard errors: of m numbers the k-th moment has the variance (E z^2k - (E z^k)^2) / m."""
    noise = draw_normal(layout, 40_960, np.random.default_rng(7))[layout.structural_rows :].astype(float)
    variances = {1: 1, 2: 2, 3: 15, 4: 96}
    for power, variance in variances.items():
        expected = {2: 1, 4: 3}.get(power, 0)
        assert np.mean(noise**power) == pytest.approx(expected, abs=5 * np.sqrt(variance / noise.size))
    beyond = 6.334e-5  # both sides of 4 standard deviations
    assert np.mean(np.abs(noise) > 4) == pytest.approx(beyond, abs=5 * np.sqrt(beyond / noise.size))


def test_rows_of_noise_are_independent_also_in_their_squares(layout):
    """Radius and angle of a pair make two numbers, which must not be tied to each other."""
    noise = draw_normal(layout, 8192, np.random.default_rng(7))[layout.structural_rows :]
    assert len(noise) > 20
    for numbers in (noise, noise**2):
        apart = np.corrcoef(numbers)[np.triu_indices(len(noise), 1)]
        assert np.abs(apart).max() < 5 / np.sqrt(8192)


def test_blocks_have_noise_of_their_own(layout):
    noise = draw_normal(layout, 2 * MEMBERS_PER_BLOCK, np.random.default_rng(7))[layout.structural_rows :]
    assert (noise[:, :MEMBERS_PER_BLOCK] != noise[:, MEMBERS_PER_BLOCK:]).mean() > 0.999


def test_no_number_lies_beyond_the_furthest(layout):
    assert pytest.approx(7.0345, abs=1e-4) == FURTHEST
    assert np.abs(draw_normal(layout, 8192, np.random.default_rng(7))).max() < FURTHEST


def test_parameters_beyond_the_dimensions_of_the_sequence_are_drawn_too(layout, monkeypatch):
    monkeypatch.setattr("energy_impact.model.blocks.MOST_DIMENSIONS", 10)
    normal = draw_normal(layout, 2048, np.random.default_rng(7))
    assert layout.structural_rows > 10
    assert normal.std(1) == pytest.approx(np.ones(layout.rows), abs=0.1)


@pytest.mark.parametrize(
    ("members", "size", "even"),
    [(5000, 4096, 5120), (50_000, 4096, 5120), (2048, 4096, 2048), (6200, 4096, 4096), (100, 1024, 1024)],
)
def test_members_are_shared_evenly_in_whole_blocks(members, size, even):
    assert even_size(members, size) == even
