"""README, report page, docs and package data give one record, and the record follows from its rows."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import record
import record_tables
from forecasts import hour_restored

from energy_impact.results.record import RECORD, track_record

ROOT = Path(__file__).resolve().parents[2]
DATA = json.loads(RECORD.read_text(encoding="utf-8"))
ROWS = pd.read_csv(ROOT / "docs" / "record.csv")
BACK = pd.read_csv(ROOT / "docs" / "record_t90.csv")


@pytest.mark.parametrize("path", ["README.md", "docs/record.md"])
def test_the_sentence_is_the_same_everywhere(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert text.count(track_record()) == 1
    assert f"**{DATA['sentence']}**" in text[:1500]


def test_the_sentence_follows_from_the_rows():
    hard = ROWS[ROWS["kind"].isin(["attack", "heat_accident", "local_fault"])]
    for name, rows in (("all", ROWS), ("attacks_and_accidents", hard)):
        assert DATA[name]["forecasts"] == len(rows)
        assert DATA[name]["outages"] == rows["outage"].nunique()
        assert DATA[name]["held90"] == pytest.approx(rows["inside90"].mean(), abs=1e-4)
        assert DATA[name]["held50"] == pytest.approx(rows["inside50"].mean(), abs=1e-4)
        assert DATA[name]["crps"] == pytest.approx(rows["crps"].mean(), abs=1e-4)
    sentence = DATA["sentence"]
    assert f"On {len(ROWS):,} forecasts of {ROWS['outage'].nunique()} real outages" in sentence
    assert f"the 90 % band held {100 * DATA['all']['held90']:.0f} %" in sentence


def test_page_and_readme_follow_from_the_rows():
    page = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
    assert page == record.page(ROWS, BACK, DATA["sentence"])
    assert record_tables.short(ROWS) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_line_of_a_table_holds_the_means_of_its_rows():
    rows = ROWS[ROWS["kind"] == "attack"]
    line = next(
        line
        for line in record_tables.table(ROWS, "kind", record_tables.by_kind(ROWS)).splitlines()
        if "attacks" in line
    )
    cells = [cell.strip() for cell in line.split("|")[1:-1]]
    assert cells[:3] == ["attacks", str(rows["outage"].nunique()), f"{len(rows)}"]
    assert float(cells[3].split(" ")[0]) == pytest.approx(rows["crps"].mean(), abs=5e-4)
    assert cells[8].startswith(f"{100 * rows['inside90'].mean():.0f} ")


def test_every_row_falls_into_one_line_of_each_table():
    for groups in (
        record_tables.by_kind,
        record_tables.by_form,
        record_tables.by_system,
        record_tables.by_known,
        record_tables.by_lead,
    ):
        assert sum(len(part) for _, part in groups(ROWS)) == len(ROWS)


def test_no_number_of_an_archive_without_an_open_licence_is_shipped():
    for rows, hidden in ((ROWS, record.HIDDEN), (BACK, record.HIDDEN_H)):
        recorded = rows[rows["form"] == "recorded"]
        utility = recorded["event"].str.rsplit("_", n=1).str[-1]
        assert set(utility[recorded[hidden].notna().any(axis=1)]) <= {"entergy", "apc"}


def test_a_row_of_published_figures_has_its_truth_band_and_score():
    facts = ROWS[ROWS["form"] != "recorded"]
    assert facts[["truth", "q05", "q50", "q95", "largest"]].notna().all(axis=None)
    inside = facts["truth"].between(facts["q05"], facts["q95"])
    assert (inside == facts["inside90"])[facts["truth"] > 0].all()


def test_errors_are_those_of_means_of_outages_where_these_have_one_value_each():
    values, outages = pd.Series([0.0, 1.0, 1.0, 0.0, 1.0]), pd.Series(list("abcde"))
    assert record_tables.error(values, outages) == pytest.approx(values.sem())


def test_forecasts_of_one_outage_count_as_one_for_the_error():
    values, outages = pd.Series([0.0, 1.0] * 2), pd.Series(list("abcd"))
    twice = pd.concat([values, values], ignore_index=True), pd.concat([outages, outages], ignore_index=True)
    assert record_tables.error(*twice) == pytest.approx(record_tables.error(values, outages))
    assert np.isnan(record_tables.error(values, pd.Series(list("aaaa"))))


def test_an_outage_that_grows_again_is_not_over():
    hours, values = np.array([0.0, 10.0, 20.0, 30.0]), np.array([100.0, 5.0, 40.0, 10.0])
    assert hour_restored(hours, values) == 30.0
    assert np.isnan(hour_restored(hours[:3], values[:3]))


def test_marks_that_are_missing_are_an_error():
    marked = "a\n<!-- record table -->\nold\n<!-- end -->\nb"
    assert record.between(marked, "table", "new") == "a\n<!-- record table -->\nnew\n<!-- end -->\nb"
    with pytest.raises(ValueError, match=r"README\.md: must have .* once, with .* after it, got 0 of them"):
        record.between(marked, "sentence", "new")
