"""Curves as wide tables, Parquet and xarray."""

import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest


def test_a_wide_table_holds_the_tidy_one(estimate):
    tidy, wide = estimate.to_frame(), estimate.to_frame(wide=True)
    assert wide.index.equals(estimate.scenario.times)
    assert wide.columns.names == ["place", "quantity", "quantile"]
    assert wide.shape == (97, 4 * 5)
    one = tidy[tidy["quantity"] == "power_customers_out"]
    np.testing.assert_array_equal(wide["City", "power_customers_out", "q95"], one["q95"])
    order = [quantity for _, quantity, name in wide.columns if name == "q05"]
    assert order == [quantity for quantity, _ in estimate.available]


def test_a_wide_table_has_no_hole_where_a_place_lacks_a_quantity(make_estimate):
    some = make_estimate(available=(("heat_buildings_out", "City"), ("indoor_temperature_c", "City")))
    assert not some.to_frame(wide=True).isna().any(axis=None)


def test_parquet_gives_the_tidy_table_back(estimate, tmp_path):
    pytest.importorskip("pyarrow")
    file = estimate.to_parquet(tmp_path / "curves.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(file), estimate.to_frame(), check_dtype=False)


def test_without_pyarrow_the_sentence_tells_what_to_install(estimate, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ImportError, match=r"to_parquet needs pyarrow: pip install energy_impact\[parquet\]"):
        estimate.to_parquet(tmp_path / "curves.parquet")
    assert not list(tmp_path.iterdir())


def test_without_xarray_the_sentence_tells_what_to_install(estimate, monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ImportError, match=r"to_xarray needs xarray: pip install energy_impact\[xarray\]"):
        estimate.to_xarray()


def test_a_dataset_has_the_quantiles_and_cf_attributes(estimate):
    pytest.importorskip("xarray")
    found = estimate.to_xarray()
    heat = found["heat_buildings_out"]
    assert heat.dims == ("place", "time", "quantile")
    assert heat.sel(place="City", time="2026-01-20T06:00", quantile=0.5).item() == 6000
    assert heat.attrs == {"long_name": "buildings without district heat", "units": "1", "counted": "buildings"}
    assert found["indoor_temperature_c"].attrs["units"] == "degC"
    assert found["time"].attrs["standard_name"] == "time"
    assert found.attrs["Conventions"] == "CF-1.8"
    assert found.attrs["title"] == "City, one strike"
    assert np.isfinite(found["power_customers_out"]).all()


def test_a_quantity_that_a_place_lacks_is_missing_there(make_estimate):
    pytest.importorskip("xarray")
    from energy_impact.places import Place
    from energy_impact.scenario import Scenario

    towns = [Place("City", heat_buildings=10), Place("Town", heat_buildings=10)]
    some = make_estimate(
        scenario=Scenario("2026-01-19T00:00Z", 96, towns),
        available=(("heat_buildings_out", "City"), ("heat_buildings_out", "Town"), ("indoor_temperature_c", "City")),
    )
    found = some.to_xarray()
    known = np.isfinite(found["indoor_temperature_c"])
    assert not known.sel(place="Town").any()
    assert known.sel(place="City").all()
