from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from pandas.testing import assert_frame_equal

import energy_impact as ei
from energy_impact.figures.table import FigureError
from energy_impact.text.sheet import csv_text, listing
from tests.text.invented import MORNING, NOON, candidate

if TYPE_CHECKING:
    from pathlib import Path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_listing_marks_the_unsure_and_asks(reading):
    first, *lines = listing(reading).splitlines()
    assert first.split()[:3] == ["id", "characters", "read"]
    assert [line.startswith("?") for line in lines[:3]] == [False, True, True]
    assert "5-10" in lines[0]
    assert "2026-01-24 07:00 UTC ± 2 h" in lines[0]
    assert lines[4:6] == [
        "Still to say:",
        "morning-post-2: Of which place is the “1.3 million” (accounts without power)?",
    ]


def test_the_listing_shows_what_conflicts_and_what_repeats(found):
    text = "6,000 blocks, 6,010 blocks, fewer than 900 blocks"
    found[text] = [
        candidate(text, "6,000", "heat_buildings_out", 6000),
        candidate(text, "6,010", "heat_buildings_out", 6010),
        candidate(text, "900", "heat_buildings_out", 900, qualifier="under"),
    ]
    told = listing(ei.read_text(text, published=NOON, source="Post"))
    assert "\n\nConflicts and repeats:\npost-1 and post-2: same fact, the same count at the same time\n" in told
    assert "post-2 and post-3: contradict, about 6,010 against under 900 at the same time" in told


def test_times_are_those_of_the_clocks_of_the_place(found):
    found["Kyiv 6"] = [candidate("Kyiv 6", "6", "heat_buildings_out", 6, place="Kyiv")]
    reading = ei.read_text("Kyiv 6", published=NOON)
    assert "2026-01-24 09:00 ± 2 h" in listing(reading)
    assert rows(csv_text(reading))[0]["time"] == "2026-01-24T09:00+02:00"


def test_nothing_found_is_said(found):
    found["-"] = []
    assert listing(ei.read_text("-", published=NOON)) == "No figure found"


def test_the_file_is_a_table_of_figures_once_all_is_decided(reading, tmp_path: Path):
    complete = reading.set("morning-post-2", place="Velmar").set("morning-post-3", time=MORNING)
    file = tmp_path / "figures.csv"
    lines = csv_text(complete).splitlines(keepends=True)
    decided = [lines[0], *(f"yes{line}" for line in lines[1:3]), f"no{lines[3]}"]
    file.write_text("".join(decided), encoding="utf-8")
    figures = ei.read_figures(file)
    expected = complete.accept(["morning-post-1", "morning-post-2"]).figures()
    assert_frame_equal(figures[expected.columns], expected)
    assert "accept" not in figures
    assert list(figures["confidence"]) == ["0.90", "0.90"]


def test_an_undecided_file_enters_nothing(reading, tmp_path: Path):
    file = tmp_path / "figures.csv"
    file.write_text(csv_text(reading), encoding="utf-8")
    with pytest.raises(FigureError) as error:
        ei.read_figures(file)
    assert error.value.faults == tuple(
        f"row {line}, column accept: must be yes or no, got an empty cell" for line in (2, 3, 4)
    )


def test_what_a_person_accepted_before_stays_accepted(reading):
    assert [row["accept"] for row in rows(csv_text(reading.accept("morning-post-1")))] == ["yes", "", ""]


def test_no_cell_is_a_formula_and_none_breaks_its_line(found, tmp_path: Path):
    text = "=cmd|'/c calc'!A0 6,200\r\nblocks"
    found[text] = [
        candidate(text, "6,200\r\nblocks", "air_temperature_c", -13.5, kind="minimum", place="=1+1", reason="@a\nb")
    ]
    reading = ei.read_text(text, published=NOON, source="+44 Post")
    (row,) = rows(csv_text(reading))
    assert (row["place"], row["reason"], row["source"], row["value"]) == (" =1+1", " @a b", " +44 Post", "-13.5")
    file = tmp_path / "figures.csv"
    file.write_text(csv_text(reading).replace("\n,", "\nyes,"), encoding="utf-8")
    assert ei.read_figures(file)["place"][0] == "=1+1"
