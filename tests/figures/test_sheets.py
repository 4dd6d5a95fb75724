import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.figures import FigureError
from energy_impact.figures.sheets import is_tag_row

HEADER = "id,time,place,quantity,value,qualifier,kind,source"
TAGS = "#meta+id,#date,#adm2+name,,#affected,,,#meta+source"
ROW = '{name},2026-01-24T10:00+02:00,Kyiv,heat_buildings_out,"{value}",about,stock,mayor'


def test_a_row_of_tags_below_the_header_is_skipped_and_rows_keep_their_numbers(tmp_path):
    file = tmp_path / "tagged.csv"
    file.write_text("\n".join([HEADER, TAGS, ROW.format(name="a", value="1 200")]), encoding="utf-8")
    assert ei.read_figures(file)["value"].tolist() == [1200]
    file.write_text("\n".join([HEADER, TAGS, ROW.format(name="a", value="many")]), encoding="utf-8")
    with pytest.raises(FigureError, match="row 3, column value: must be a number, got 'many'"):
        ei.read_figures(file)


def test_figures_are_read_from_excel(tmp_path):
    pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    rows = [TAGS.split(","), ["a", "2026-01-24T10:00+02:00", "Kyiv", "heat_buildings_out", 6000, "about", "stock", "m"]]
    frame = pd.DataFrame(rows, columns=HEADER.split(","))
    frame.to_excel(tmp_path / "figures.xlsx", index=False)
    found = ei.read_figures(tmp_path / "figures.xlsx")
    assert found["value"].tolist() == [6000]
    assert str(found["time"].iloc[0]) == "2026-01-24 08:00:00+00:00"
    frame.iloc[1, 4] = "many"
    frame.to_excel(tmp_path / "figures.xlsx", index=False)
    with pytest.raises(FigureError, match="row 3, column value"):
        ei.read_figures(tmp_path / "figures.xlsx")


def test_what_is_no_excel_file_is_named(tmp_path):
    pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    (tmp_path / "x.xlsx").write_text("no", encoding="utf-8")
    with pytest.raises(FigureError, match=r"(?s)x\.xlsx.*must be an Excel file"):
        ei.read_figures(tmp_path / "x.xlsx")


def test_a_number_of_any_length_is_no_tag():
    assert not is_tag_row(["#date", 10**5000])
