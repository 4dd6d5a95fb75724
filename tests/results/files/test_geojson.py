"""A map of the summary: shapes that the user brings, joined by the code of each place."""

from __future__ import annotations

import json

import pytest

import energy_impact as ei

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


def shape(**properties):
    return {"type": "Feature", "geometry": SQUARE, "properties": properties}


def collection(*shapes):
    return {"type": "FeatureCollection", "features": list(shapes)}


SHAPES = collection(shape(pcode="X1", name="West"), shape(pcode="X2"), shape(pcode="X9"), shape(name="a lake"))


def run_of(*codes):
    parts = [ei.Place(f"Part {n} {code}", power_customers=9_000, code=code) for n, code in enumerate(codes)]
    storm = ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=4)
    scenario = ei.Scenario("2026-01-19T00:00Z", 30, ei.Place("City", parts=parts), events=[storm])
    return ei.simulate(scenario, members=16, rng=1)


def test_each_place_with_a_code_has_its_shape_and_its_summary(tmp_path):
    run = run_of("X1", "X2", None)
    path = run.to_geojson(tmp_path / "map.geojson", SHAPES, code_property="pcode")
    first, second = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [first["geometry"], second["geometry"]] == [SQUARE, SQUARE]
    assert [first["properties"]["code"], second["properties"]["place"]] == ["X1", "Part 1 X2"]
    row = run.summary().set_index(["place", "quantity"]).loc["Part 0 X1", "power_customers_out"]
    for name in ("now", "peak", "peak_high", "t50_low_h"):
        assert first["properties"][f"power_customers_out_{name}"] == pytest.approx(row[name], rel=1e-5)
    assert first["properties"]["power_customers_out_basis"] == "prior"
    assert first["properties"]["power_customers_restored_t50_h"] is None


def test_shapes_are_read_from_a_file(tmp_path):
    file = tmp_path / "shapes.geojson"
    file.write_text(json.dumps(collection(shape(code=7))), encoding="utf-8")
    found = run_of("7").to_geojson(tmp_path / "map.geojson", file)
    assert json.loads(found.read_text(encoding="utf-8"))["features"][0]["geometry"] == SQUARE


@pytest.mark.parametrize(
    ("codes", "shapes", "rule"),
    [
        ([None], SHAPES, "places: at least one must have a code"),
        (["X1", "X1"], SHAPES, "places: each needs a code of its own, repeated: X1"),
        (["X3"], SHAPES, r"shapes: must have a feature for the code of each place, none for Part 0 X3 \(X3\)"),
        (
            ["X1"],
            collection(shape(pcode="X1"), shape(pcode="X1")),
            "pcode: must be different in each feature, got 'X1'",
        ),
        (
            ["X1"],
            collection(shape(name="West")),
            "shapes: must have features with the property 'pcode'; there are: name",
        ),
        (["X1"], [1, 2], "shapes: must be a GeoJSON FeatureCollection or the path of one"),
    ],
)
def test_what_cannot_be_joined_is_named_and_nothing_is_written(tmp_path, codes, shapes, rule):
    with pytest.raises(ValueError, match=rule):
        run_of(*codes).to_geojson(tmp_path / "map.geojson", shapes, code_property="pcode")
    assert not (tmp_path / "map.geojson").exists()


def test_a_file_that_is_no_geojson_is_named(tmp_path):
    file = tmp_path / "shapes.txt"
    file.write_text("no", encoding="utf-8")
    with pytest.raises(ValueError, match=r"shapes\.txt: must be a GeoJSON file"):
        run_of("X1").to_geojson(tmp_path / "map.geojson", file)


def test_a_code_comes_from_a_table_of_places_and_stays_in_a_saved_run(tmp_path):
    with pytest.raises(ValueError, match="place 'A', code: must"):
        ei.Place("A", code=7)
    run = run_of("X1", None)
    assert [place.code for place in ei.load_estimate(run.save(tmp_path / "run.npz")).scenario.leaves] == ["X1", None]


def test_the_regions_of_a_shipped_scenario_are_joined_at_once(tmp_path):
    codes = ("UA-30", "UA-51", "UA-59", "UA-63", "UA-74")
    regions = collection(*(shape(iso_3166_2=code) for code in codes))
    run = ei.simulate(ei.load_scenario("kyiv-2026-01-24"), members=8, rng=1)
    file = run.to_geojson(tmp_path / "map.geojson", regions, code_property="iso_3166_2")
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    found = {feature["properties"]["code"]: feature["properties"]["place"] for feature in features}
    assert found == {"UA-30": "Kyiv", "UA-51": "Odesa", "UA-59": "Sumy", "UA-74": "Chernihiv"}


@pytest.mark.parametrize(
    "feature",
    [
        {"properties": ["pcode"]},
        {"properties": "X1"},
        {"properties": {"pcode": "X1"}, "geometry": float("nan")},
        {"properties": {"pcode": "X1"}, "geometry": object()},
        {"properties": {1: 2, "name": "West"}},
    ],
)
def test_a_feature_that_is_none_is_refused(tmp_path, feature):
    with pytest.raises(ValueError, match=r"^shapes: must have|^shapes: must be a GeoJSON FeatureCollection"):
        run_of("X1").to_geojson(tmp_path / "map.geojson", collection(feature), code_property="pcode")


def test_a_file_of_shapes_of_any_depth_is_refused_with_its_name(tmp_path):
    (tmp_path / "deep.json").write_text('{"features":' + "[" * 100_000, encoding="utf-8")
    with pytest.raises(ValueError, match=r"deep\.json: must be a GeoJSON file"):
        run_of("X1").to_geojson(tmp_path / "map.geojson", tmp_path / "deep.json")
