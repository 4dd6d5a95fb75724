"""The articles behind the seeds, which are not shipped: what is found in them, and an estimate from their text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import energy_impact as ei
from energy_impact._data import seeds_folder
from energy_impact.quantities import QUANTITIES

if TYPE_CHECKING:
    import pandas as pd

ARTICLES = Path(__file__).parents[3] / "shared" / "seeds"
PUBLISHED = {
    "article-2026-01-24-talks": ("000_17ec7c91f77681a7", "2026-01-24T18:00+02:00"),
    "article-2026-02-03-omm": ("001_fdb194ede07e8e92", "2026-02-03T12:00+02:00"),
    "article-2026-02-03-cgtn": ("002_75527d6330f5586d", "2026-02-03T20:00+02:00"),
    "article-2026-01-25-wave": ("003_a8258f998b926b3a", "2026-01-25T08:00+02:00"),
    "article-2026-02-14-geneva": ("004_57a688f70a540076", "2026-02-14T20:00+02:00"),
}
DERIVED = {"ukraine-emergency-cuts-2026-01-24", "ukraine-drones-2026-01"}
"""Rows of the seeds whose number is ours, or that count attacks as drones."""


@pytest.fixture(scope="module")
def readings() -> dict[str, ei.Reading]:
    if not ARTICLES.is_dir():
        pytest.skip("the articles are not shipped: shared/seeds is absent")
    places = [*ei.load_scenario("kyiv-2026-01-24").places, *ei.load_scenario("belgorod-2026-02-13").places]
    return {
        source: ei.read_text(
            (ARTICLES / f"{name}.txt").read_text(encoding="utf-8"), published=published, places=places, source=source
        )
        for source, (name, published) in PUBLISHED.items()
    }


def amounts(table: pd.DataFrame) -> set[tuple[str, float | str]]:
    """Quantities with their numbers, or their words where they have no number."""
    values = table["value"].where(table["value"].notna(), table["qualifier"])
    return set(zip(table["quantity"], values, strict=True))


def test_every_figure_that_drives_the_model_is_found(readings):
    figures = ei.read_figures(seeds_folder() / "figures.csv")
    driving = figures["quantity"].map(lambda quantity: QUANTITIES[quantity].role != "context")
    for source, reading in readings.items():
        own = figures[driving & (figures["source"] == source) & ~figures["id"].isin(DERIVED)]
        assert amounts(own) <= amounts(reading.candidates), source


def test_at_most_one_row_in_five_is_none_of_the_seeds(readings):
    known = amounts(ei.read_figures(seeds_folder() / "figures.csv"))
    found = [pair for reading in readings.values() for pair in amounts(reading.candidates)]
    assert sum(pair not in known for pair in found) <= len(found) / 5


def test_the_text_of_an_article_becomes_an_estimate_of_kyiv(readings):
    reading = readings["article-2026-01-24-talks"]
    table = reading.candidates
    wanted = table[table["quantity"].isin(["heat_buildings_out", "power_customers_out"]) & (table["kind"] == "stock")]
    figures = reading.accept(wanted["id"].tolist()).figures()
    estimate = ei.estimate(ei.load_scenario("kyiv-2026-01-24").replace(figures=figures), members=256, rng=1)
    assert estimate.status == "fitted"
    low, high = estimate["heat_buildings_out", "Kyiv"].quantile([0.05, 0.95]).loc["2026-01-24T09:00+02:00"]
    assert low < 6000 < high
