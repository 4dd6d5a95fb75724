import pandas as pd
import pytest

import energy_impact as ei


def test_there_is_one_sheet_per_table_with_local_times(tmp_path):
    pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    run = ei.simulate(ei.load_scenario("kharkiv-2026-02-03"), members=16, rng=1)
    sheets = pd.read_excel(run.to_excel(tmp_path / "run.xlsx"), sheet_name=None)
    assert list(sheets) == ["summary", "figures", "impact", "nights", "curves"]
    assert len(sheets["summary"]) == len(run.summary())
    assert sheets["curves"]["time (Europe/Kyiv)"].iloc[0] == pd.Timestamp("2026-02-01 00:00")
    assert sheets["curves"]["q50"].iloc[30] == pytest.approx(run.to_frame()["q50"].iloc[30])


def test_without_openpyxl_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    run = ei.simulate(ei.load_scenario("kharkiv-2026-02-03"), members=4, rng=1)
    with pytest.raises(ImportError, match=r"to_excel needs openpyxl: pip install energy_impact\[excel\]"):
        run.to_excel(tmp_path / "run.xlsx")


def test_more_rows_than_a_sheet_holds_are_one_error_before_anything_is_written(tmp_path, monkeypatch):
    pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    monkeypatch.setattr("energy_impact.results.files.workbook.MOST_ROWS", 1000)
    run = ei.simulate(ei.load_scenario("kharkiv-2024-03-22"), members=4, rng=1)
    with pytest.raises(ValueError, match=r"to_excel: sheet curves would have [\d,]+ rows, Excel holds 1,000"):
        run.to_excel(tmp_path / "run.xlsx")
    assert list(tmp_path.iterdir()) == []
