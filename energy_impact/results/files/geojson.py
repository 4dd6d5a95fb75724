"""The summary of a run on a map: joined by the code of each place to shapes that the user brings."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from energy_impact._checks import brief, check_path, check_text, check_utf8, nearest
from energy_impact._files import read_bounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from energy_impact.results.members import Members

LARGEST_SHAPES = 128 * 2**20
"""Largest file of shapes. [bytes]"""
KEYS = ("place", "quantity", "unit")
"""Columns of the summary that name a row."""


def geojson_bytes(estimate: Members, summary: pd.DataFrame, shapes: object, code_property: str) -> bytes:
    """Return the file of `Estimate.to_geojson`, from the table of the summary."""
    features = _by_code(_features(shapes), check_text("code_property", code_property))
    codes = _codes(estimate)
    missing = [f"{name} ({own}){nearest(own, features)}" for name, own in codes.items() if own not in features]
    if missing:
        raise ValueError(f"shapes: must have a feature for the code of each place, none for {', '.join(missing)}")
    found = [
        {
            "type": "Feature",
            "geometry": features[own].get("geometry"),
            "properties": {"code": own, "place": name, **_properties(summary, name)},
        }
        for name, own in codes.items()
    ]
    collection = {"type": "FeatureCollection", "features": found}
    try:
        return (json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n").encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"shapes: must have geometries that JSON can hold: {error}") from error


def _codes(estimate: Members) -> dict[str, str]:
    """Return the code of each place that has one."""
    places = [place for root in estimate.scenario.places for place in root.walk()]
    codes = {place.name: place.code for place in places if place.code is not None}
    if not codes:
        raise ValueError("places: at least one must have a code to be joined to shapes by, got none")
    repeated = [own for own, times in Counter(codes.values()).items() if times > 1]
    if repeated:
        raise ValueError(f"places: each needs a code of its own, repeated: {', '.join(repeated)}")
    return codes


def _features(shapes: object) -> list[Mapping[str, Any]]:
    """Return the features of a collection, read from a file if need be."""
    if isinstance(shapes, str | Path):
        file = check_path("shapes", shapes)
        try:
            shapes = json.loads(check_utf8(read_bounded(file, LARGEST_SHAPES)))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{file}: must be a GeoJSON file: {error}") from error
    features = shapes.get("features") if isinstance(shapes, Mapping) else None
    if not isinstance(features, list) or not all(map(_is_feature, features)):
        raise ValueError(f"shapes: must be a GeoJSON FeatureCollection or the path of one, got {brief(shapes)}")
    return features


def _is_feature(feature: object) -> bool:
    return isinstance(feature, Mapping) and isinstance(feature.get("properties"), Mapping | None)


def _by_code(features: Sequence[Mapping[str, Any]], code_property: str) -> dict[str, Mapping[str, Any]]:
    """Return features by the property that holds their code; those without it are left out."""
    found: dict[str, Mapping[str, Any]] = {}
    for feature in features:
        own = (feature.get("properties") or {}).get(code_property)
        if own is None:
            continue
        if str(own) in found:
            raise ValueError(f"shapes, {code_property}: must be different in each feature, got {own!r} twice")
        found[str(own)] = feature
    if not found:
        known = sorted({str(name) for feature in features for name in feature.get("properties") or {}})
        raise ValueError(
            f"shapes: must have features with the property {code_property!r}; there are: {', '.join(known) or 'none'}"
        )
    return found


def _properties(table: pd.DataFrame, place: str) -> dict[str, float | str | None]:
    """Return the summary of a place as flat properties; null for what does not apply or is not reached."""
    found: dict[str, float | str | None] = {}
    for row in table[table["place"] == place].to_dict("records"):
        for column, value in row.items():
            if column not in KEYS:
                found[f"{row['quantity']}_{column}"] = value if isinstance(value, str) else _number(value)
    return found


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None
