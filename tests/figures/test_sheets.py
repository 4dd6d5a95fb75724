import zipfile

import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.figures import FigureError
from energy_impact.figures.sheets import is_tag_row

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
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


def workbook(tmp_path, sheet, *, unpacks_to=0):
    """Return an Excel file with the XML of its rows as given, below a header."""
    openpyxl = pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER.split(","))
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cells}</row>{sheet}</sheetData></worksheet>'
    openpyxl.Workbook().save(tmp_path / "plain.xlsx")
    path = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in plain.namelist():
            made.writestr(name, xml if name.endswith("sheet1.xml") else plain.read(name))
        made.writestr("xl/media/image1.png", bytes(unpacks_to))
    return path


@pytest.mark.parametrize("read", [ei.read_figures, ei.read_outages])
@pytest.mark.parametrize(
    ("sheet", "rule"),
    [
        ('<row><c r="XFD1"><v>1</v></c></row>' * 400, "at most 5,000,000 cells, got 16,384 columns"),
        ('<row r="99999999999"><c><v>1</v></c></row>', "at most 1,048,576 rows"),
    ],
)
def test_a_sheet_takes_no_more_memory_than_its_cells(tmp_path, read, sheet, rule):
    with pytest.raises(ValueError, match=rule):
        read(workbook(tmp_path, sheet))


def test_a_small_file_that_unpacks_to_much_is_refused(tmp_path):
    with pytest.raises(FigureError, match="must be an Excel file: unpacks to 65 MB, and 64 MB are allowed"):
        ei.read_figures(workbook(tmp_path, "", unpacks_to=65 * 2**20))


def test_a_column_that_comes_twice_in_a_sheet_is_a_fault_and_none_is_left_out(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    book = openpyxl.Workbook()
    book.active.append([*HEADER.split(","), "value"])
    book.save(tmp_path / "twice.xlsx")
    with pytest.raises(FigureError, match="column value: must appear once, got 2"):
        ei.read_figures(tmp_path / "twice.xlsx")


def test_an_error_of_a_formula_is_an_empty_cell(tmp_path):
    with pytest.raises(FigureError, match="row 2, column id: must not be empty"):
        ei.read_figures(workbook(tmp_path, '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><v>1</v></c></row>'))
