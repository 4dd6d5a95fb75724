"""A run as an Excel file: one sheet per table, with local times."""

from __future__ import annotations

import importlib.util
import io
from typing import TYPE_CHECKING, Any

import pandas as pd

from energy_impact._files import without_formulas
from energy_impact.results.files.interchange import tidy
from energy_impact.results.tables.impact import cold_nights, impact
from energy_impact.results.tables.summary import figures_check, summary

if TYPE_CHECKING:
    from energy_impact.results.members import Members


MOST_ROWS = 2**20 - 1
"""Rows that a sheet holds below its header."""


def workbook_bytes(estimate: Members, level: float) -> bytes:
    """Return summary, figures, impact, nights and curves as an Excel file."""
    if importlib.util.find_spec("openpyxl") is None:
        raise ImportError("to_excel needs openpyxl: pip install energy_impact[excel]")
    tables = {
        "summary": summary(estimate, level),
        "figures": figures_check(estimate, level),
        "impact": impact(estimate, start=None, end=None, level=level),
        "nights": cold_nights(estimate, level),
        "curves": tidy(estimate),
    }
    for name, table in tables.items():
        if len(table) > MOST_ROWS:
            raise ValueError(
                f"to_excel: sheet {name} would have {len(table):,} rows, Excel holds {MOST_ROWS:,}: use to_parquet"
            )
    zone = estimate.scenario.leaves[0].timezone
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
        for name, table in tables.items():
            without_formulas(_local(table, zone)).to_excel(writer, sheet_name=name, index=False)
    return buffer.getvalue()


def _local(table: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Return a table with times on local clocks, as Excel has no timezones; their columns name the timezone."""
    times = [name for name, column in table.items() if isinstance(column.dtype, pd.DatetimeTZDtype)]
    clocks: dict[Any, Any] = {name: table[name].dt.tz_convert(zone).dt.tz_localize(None) for name in times}
    return table.assign(**clocks).rename(columns={name: f"{name} ({zone})" for name in times})
