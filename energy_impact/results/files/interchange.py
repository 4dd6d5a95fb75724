"""Curves for other programs: wide tables, Parquet, xarray."""

from __future__ import annotations

import importlib.util
import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from energy_impact.quantities import QUANTITIES
from energy_impact.results.basis import basis
from energy_impact.results.curve import TABLE_LEVELS
from energy_impact.results.provenance import versions
from energy_impact.results.tables.headline import status_text
from energy_impact.results.tables.measures import bands, expect, keys_at
from energy_impact.units import NUMBER_UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from energy_impact.results.members import Members

CONVENTIONS = "CF-1.8"


def tidy(estimate: Members, places: Sequence[str] | None = None) -> pd.DataFrame:
    """Return all curves as one tidy table: time (UTC), place, quantity, unit, basis, quantiles of `TABLE_LEVELS`."""
    keys = keys_at(estimate, places)
    expect(estimate, keys, of_bands=True)
    times, count = estimate.scenario.times, len(estimate.scenario.times)
    labels = pd.DataFrame(
        {
            "place": [place for _, place in keys],
            "quantity": [quantity for quantity, _ in keys],
            "unit": [QUANTITIES[quantity].unit for quantity, _ in keys],
            "basis": [basis(estimate, *key) for key in keys],
        }
    )
    values = np.concatenate([bands(estimate, *key) for key in keys], axis=1)
    table = labels.loc[np.repeat(labels.index, count)].reset_index(drop=True)
    table.insert(0, "time", times[np.tile(np.arange(count), len(keys))])
    return table.assign(**dict(zip(TABLE_LEVELS, values, strict=True)))


def widened(tidy: pd.DataFrame) -> pd.DataFrame:
    """Return a tidy table widened: one row per time, columns by place, quantity, quantile, in the order of the rows."""
    order = dict.fromkeys(zip(tidy["place"], tidy["quantity"], strict=True))
    wide = tidy.pivot(index="time", columns=["place", "quantity"], values=list(TABLE_LEVELS))  # noqa: PD010
    wide = wide.reorder_levels([1, 2, 0], axis="columns")
    wide.columns = wide.columns.set_names(["place", "quantity", "quantile"])
    return wide[[(*key, name) for key in order for name in TABLE_LEVELS]]


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as a Parquet file."""
    if importlib.util.find_spec("pyarrow") is None:
        raise ImportError("to_parquet needs pyarrow: pip install energy_impact[parquet]")
    buffer = io.BytesIO()
    table.to_parquet(buffer, engine="pyarrow", index=False)
    return buffer.getvalue()


def dataset(estimate: Members) -> xr.Dataset:
    """Return the Dataset of `Estimate.to_xarray`."""
    try:
        import xarray as xr
    except ImportError as error:
        raise ImportError("to_xarray needs xarray: pip install energy_impact[xarray]") from error
    places = list(dict.fromkeys(place for _, place in estimate.available))
    times = estimate.scenario.times
    levels = tuple(TABLE_LEVELS.values())
    variables: dict[str, xr.DataArray] = {}
    for quantity in dict.fromkeys(quantity for quantity, _ in estimate.available):
        values = np.full((len(places), len(times), len(levels)), np.nan, np.float32)
        for row, place in enumerate(places):
            if (quantity, place) in estimate.available:
                values[row] = bands(estimate, quantity, place).T
        known = QUANTITIES[quantity]
        attributes = {"long_name": known.meaning, "units": NUMBER_UNITS[known.unit].udunits}
        if attributes["units"] == "1" and not known.is_share:
            attributes["counted"] = known.unit
        variables[quantity] = xr.DataArray(values, dims=("place", "time", "quantile"), attrs=attributes)
    return xr.Dataset(
        variables,
        coords={
            "place": ("place", places, {"long_name": "place"}),
            "time": ("time", times.tz_localize(None).to_numpy(), {"standard_name": "time", "long_name": "time in UTC"}),
            "quantile": ("quantile", list(levels), {"long_name": "quantile over the members", "units": "1"}),
        },
        attrs={
            "Conventions": CONVENTIONS,
            "title": estimate.scenario.title or estimate.scenario.name,
            "source": f"energy_impact {versions()['energy_impact']}, {estimate.members} members",
            "comment": status_text(estimate),
        },
    )
