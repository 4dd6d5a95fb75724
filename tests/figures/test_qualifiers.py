"""Each qualifier means one thing: its likelihood, its draws, what it allows and its Gaussian are held to each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from energy_impact.figures import rounding
from energy_impact.figures.figure import Figure
from energy_impact.figures.kinds import KINDS, kind_of
from energy_impact.figures.qualifiers import QUALIFIERS, SAID_ALSO, qualifier_of
from energy_impact.figures.readings import REPORT_SD, Reading
from energy_impact.figures.table import FigureError, read_figures
from energy_impact.figures.wording import Claim, allowed_values, log_likelihood, match_gaussian, reported_as

STOCK = 6000.0
SOURCE_SD = 0.03
NUMBERS = {0: [()], 1: [(4321.0,), (6000.0,), (300.0,)], 2: [(4000.0, 5200.0)]}
ROUNDED = {"over", "almost", "about"}
CLAIMS = [
    Claim(name, *numbers, stock=STOCK)
    for name, qualifier in QUALIFIERS.items()
    for numbers in NUMBERS[qualifier.reading.numbers]
]


def named(claim):
    return f"{claim.qualifier} {claim.value:g}"


def around(claim):
    """Logarithms of true values, evenly spaced, far beyond what a claim allows but not below half a unit."""
    low, high = (end if np.isfinite(end) else claim.value for end in allowed_values(claim))
    return np.linspace(np.log(max(low, 1.0)) - 1.0, np.log(high) + 1.0, 8001)


def weights(grid, claim, sd=0.0):
    """Shares of the likelihood over true values that are all alike likely before."""
    weight = np.exp(log_likelihood(grid, claim, sd))
    return weight / weight.sum()


@pytest.mark.parametrize("claim", CLAIMS, ids=named)
def test_most_of_the_likelihood_lies_within_what_is_allowed(claim):
    """The ends that a wording names are blurred by the error of a report, so they are taken two errors further out."""
    grid = around(claim)
    low, high = allowed_values(claim)
    blur = np.exp(2 * REPORT_SD)
    share = weights(grid, claim)[(grid >= np.log(max(low, 1e-9) / blur)) & (grid <= np.log(high * blur))].sum()
    assert share > 0.9


@pytest.mark.parametrize("claim", CLAIMS, ids=named)
def test_what_lies_far_outside_of_what_is_allowed_is_unlikely(claim):
    low, high = allowed_values(claim)
    beyond = [end for end in (low / 1.5, high * 1.5) if np.isfinite(end) and end >= 1]
    best = log_likelihood(around(claim), claim).max()
    assert np.all(log_likelihood(np.log(beyond), claim) < best - 2)


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.qualifier in ROUNDED], ids=named)
def test_a_rounded_number_allows_what_holds_95_percent_of_its_likelihood(claim):
    """Of the likelihood on the side that the wording names."""
    grid = around(claim)
    low, high = allowed_values(claim)
    side = {"over": grid >= np.log(claim.value), "almost": grid <= np.log(claim.value), "about": grid > -np.inf}
    weight = weights(grid, claim) * side[claim.qualifier]
    held = weight[(grid >= np.log(low)) & (grid <= np.log(high))].sum() / weight.sum()
    assert held == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("claim", CLAIMS, ids=named)
def test_the_gaussian_lies_within_what_is_allowed_and_near_the_likelihood(claim):
    """
    Rounded numbers have a narrower one than their likelihood, in which coarse units take in more values than fine ones.

    Of "none" the likelihood has no lower end, and so no middle.
    """
    mean, sd = match_gaussian(claim)
    low, high = allowed_values(claim)
    draws = mean + sd * np.random.default_rng(0).standard_normal(20_000)
    blur = 2 * REPORT_SD
    inside = (draws >= np.log(max(low, 1e-9)) - blur) & (draws <= np.log(high) + blur)
    assert inside.mean() > 0.8
    if claim.qualifier == "none":
        return
    grid = around(claim)
    weight = weights(grid, claim)
    middle = weight @ grid
    spread = np.sqrt(weight @ (grid - middle) ** 2)
    assert abs(mean - middle) < 0.75 * spread
    assert 0.25 * spread < sd < 1.25 * spread


def is_often_drawn(claim):
    """Whether draws meet a claim: one rarely rounds to a crooked number, and a bare round one is drawn as exact."""
    is_round = claim.value % 10 == 0
    return is_round if claim.qualifier in ROUNDED else not (claim.qualifier == "exact" and is_round)


def shift(drawn, claim):
    """How much larger a drawn claim is than a like one, on the log scale; None if it is not like it."""
    if drawn is None:
        return None
    if claim.reading.numbers == 0:
        return 0.0
    if drawn.reading.numbers == 2:
        width, wanted = np.log(drawn.value_high / drawn.value), np.log(claim.value_high / claim.value)
        return np.log(drawn.value / claim.value) if abs(width - wanted) < 0.03 else None
    if claim.qualifier in ROUNDED or drawn.reading is not claim.reading:
        return 0.0 if drawn == claim else None
    return np.log(drawn.value / claim.value)


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if is_often_drawn(claim)], ids=named)
def test_the_true_values_behind_what_is_drawn_follow_the_likelihood(claim):
    """
    Bayes by drawing: true values, all alike likely, are worded, and those kept that were worded like the claim.

    Claims of other sizes that are alike count too where the wording is alike at all sizes.
    """
    rng = np.random.default_rng(1)
    grid = around(claim)
    held = np.cumsum(weights(grid, claim, SOURCE_SD))
    first, last = grid[np.searchsorted(held, [0.0005, 0.9995])]
    qualifier = QUALIFIERS[claim.qualifier]
    error = float(np.hypot(REPORT_SD, SOURCE_SD))
    kept = []
    for log_value in rng.uniform(first - 0.05, last + 0.05, 10_000):
        moved = shift(reported_as(float(np.exp(log_value)), qualifier, error, rng, stock=STOCK), claim)
        if moved is not None:
            kept.append(log_value - moved)
    assert len(kept) > 100
    inside = np.sort([value for value in kept if first <= value <= last])
    expected = (np.interp(inside, grid, held) - 0.0005) / 0.999
    gap = np.abs(expected - (np.arange(len(inside)) + 0.5) / len(inside)).max()
    assert gap < 2.2 / np.sqrt(len(inside)) + 0.02


@pytest.mark.parametrize("word", ["over", "almost"])
def test_a_plain_bound_is_drawn_as_its_likelihood_has_it(word, monkeypatch):
    """With the chance of one raised to a half, so that draws show it."""
    monkeypatch.setattr(rounding, "PLAIN_BOUND", 0.5)
    rng = np.random.default_rng(3)
    value, count = 640.0, 20_000
    claims = (reported_as(value, QUALIFIERS[word], REPORT_SD, rng) for _ in range(count))
    drawn = np.array([0.0 if claim is None else claim.value for claim in claims])
    for reported in {"over": (500.0, 550.0, 600.0), "almost": (650.0, 700.0, 800.0)}[word]:
        expected = float(np.exp(log_likelihood(np.log(value), Claim(word, reported))))
        assert np.mean(drawn == reported) == pytest.approx(expected, abs=4 * np.sqrt(expected / count) + 0.004)


def test_over_4000_may_be_6000_after_all():
    rounded = log_likelihood(np.log([4000.0, 6000.0]), Claim("over", 4000.0), SOURCE_SD)
    assert -8 < rounded[1] < rounded[0] - 3


def test_a_bound_is_open_and_over_is_not():
    assert allowed_values(Claim("at_least", 4000.0)) == (4000.0, np.inf)
    assert allowed_values(Claim("under", 4000.0)) == (-np.inf, 4000.0)
    low, high = allowed_values(Claim("over", 4000.0))
    assert low == 4000.0
    assert 4900 < high < 5100  # "over 4,000" is said of 4,001 to 4,999
    low, high = allowed_values(Claim("almost", 6000.0))
    assert 4800 < low < 5100
    assert high == 6000.0


@pytest.mark.parametrize(
    ("said", "true"), [(1000.0, 1142.0), (1000.0, 1176.0), (1100.0, 1176.0), (800.0, 820.0), (370.0, 375.0)]
)
def test_over_allows_the_counts_that_were_given_besides(said, true):
    """Counts published of one moment, one worded "over" and one exact: Kyiv, Kharkiv and Ukraine, early 2026."""
    low, high = allowed_values(Claim("over", said))
    assert low <= true <= high


def stated(qualifier, value=None, value_high=None, *, quantity="heat_buildings_out", kind="stock", unit="count"):
    time = pd.Timestamp("2026-01-24T09:00Z")
    return Figure("a", time, "Kyiv", quantity, value, value_high, qualifier, kind, unit, "mayor")


@pytest.mark.parametrize("name", QUALIFIERS)
def test_the_mark_of_a_figure_is_what_it_allows(name):
    """An arrow where a side is open, a bar where it is an interval, a point for the number itself."""
    qualifier = QUALIFIERS[name]
    low, high = stated(name, *NUMBERS[qualifier.reading.numbers][0]).allowed((STOCK, STOCK))
    is_open = not (np.isfinite(low) and np.isfinite(high))
    assert (qualifier.mark == "arrow") is is_open
    if qualifier.mark == "bar":
        assert low < high
    if qualifier.mark == "point":
        assert low <= stated(name, *NUMBERS[1][0]).value <= high


def test_the_number_of_a_temperature_is_moved_and_allowed_alike():
    for name, qualifier in QUALIFIERS.items():
        if "temperature" not in qualifier.speaks_of:
            continue
        for kind in ("stock", "minimum", "maximum"):
            numbers = (-22.0, -18.0) if name == "range" else (-20.0,)
            figure = stated(name, *numbers, quantity="air_temperature_c", kind=kind)
            low, high = figure.allowed()
            value, half = figure.temperature
            assert low <= value - half
            assert value + half <= high
    short_of_frost = stated("almost", -20.0, quantity="air_temperature_c", kind="minimum")
    assert (short_of_frost.allowed(), short_of_frost.temperature) == ((-20.0, -18.0), (-19.0, 0.0))
    short_of_heat = stated("up_to", 20.0, quantity="air_temperature_c", kind="maximum")
    assert (short_of_heat.allowed(), short_of_heat.temperature) == ((-np.inf, 20.0), (19.0, 0.0))


def test_a_share_allows_no_more_than_all():
    low, high = stated("over", 0.9, unit="share").allowed()
    assert low == 0.9
    assert 0.95 < high <= 1.0
    assert stated("all", unit="share").allowed() == (0.99, 1.0)


def test_what_states_no_number_allows_nothing_in_particular():
    assert stated("exact", quantity="context_statement").allowed() is None
    assert stated("all").allowed() is None
    assert stated("all").allowed((5000.0, 6000.0)) == (0.99 * 5000, 6000)
    assert stated("none").allowed((5000.0, 6000.0)) == (0.0, 0.005 * 6000)


@pytest.mark.parametrize("name", ["ca.", "", "Exact", None])
def test_an_unknown_qualifier_or_kind_raises_wherever_it_is_asked(name):
    for ask in (qualifier_of, kind_of, lambda word: Claim(word, 5.0)):
        with pytest.raises(ValueError, match=r"is not one of (exact|stock), "):
            ask(name)
    with pytest.raises(ValueError, match="is not one of exact"):
        stated(name, 5.0).allowed()
    with pytest.raises(ValueError, match="is not one of exact"):
        _ = stated(name, 5.0).words
    with pytest.raises(ValueError, match="is not one of stock"):
        _ = stated("exact", 5.0, kind=name).reads_as


@pytest.mark.parametrize("name", QUALIFIERS)
def test_a_figure_is_refused_a_number_too_few_or_too_many(name):
    needed = QUALIFIERS[name].reading.numbers
    row = {"id": "a", "time": "2026-01-24T09:00Z", "place": "Kyiv", "quantity": "heat_buildings_out", "source": "x"}
    for count, cells in ((0, {}), (1, {"value": 5}), (2, {"value": 5, "value_high": 7})):
        figures = [row | {"qualifier": name, "kind": "stock"} | cells]
        if count == needed:
            assert read_figures(figures)["qualifier"].tolist() == [name]
        else:
            with pytest.raises(FigureError, match="column value"):
                read_figures(figures)


def test_a_reading_without_one_of_its_parts_cannot_be_made():
    class Forgetful(Reading):
        def match(self, said):
            return said.value, 0.0

    with pytest.raises(TypeError, match="abstract"):
        Forgetful()


def test_readers_find_every_qualifier_and_kind_in_the_documents():
    root = Path(__file__).resolve().parents[2]
    text = "".join(file.read_text("utf-8") for file in (root / "README.md", *sorted((root / "docs").glob("*.md"))))
    assert [name for name in QUALIFIERS if f"`{name}`" not in text] == []
    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []


def test_no_two_qualifiers_share_a_word():
    words = [word for qualifier in QUALIFIERS.values() for word in qualifier.also]
    assert len(words) == len(set(words)) == len(SAID_ALSO)
