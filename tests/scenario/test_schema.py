from __future__ import annotations

import subprocess
import sys

import pytest

from energy_impact._data import seeds_folder
from energy_impact.places import Place
from energy_impact.scenario import schema


def test_the_shipped_schema_is_what_the_command_writes():
    shipped = (seeds_folder() / "scenarios" / schema.NAME).read_text("utf-8")
    assert schema.text() == shipped, "run python -m energy_impact.scenario.schema"


def test_the_command_writes_into_a_folder(tmp_path):
    subprocess.run([sys.executable, "-m", "energy_impact.scenario.schema", str(tmp_path)], check=True, timeout=60)
    assert (tmp_path / schema.NAME).read_bytes() == schema.text().encode()


def test_an_argument_of_a_class_without_an_entry_is_named(monkeypatch):
    forgotten = {name: entry for name, entry in schema._place().items() if name != "near_front"}
    monkeypatch.setattr(schema, "_place", lambda: forgotten)
    with pytest.raises(ValueError, match=r"^Place\.near_front: needs an entry in the schema$"):
        schema.schema()


def test_an_entry_without_an_argument_is_named(monkeypatch):
    unknown = schema._truce() | {"until": {}}
    monkeypatch.setattr(schema, "_truce", lambda: unknown)
    with pytest.raises(ValueError, match=r"^Truce\.until: has an entry in the schema but is not a key$"):
        schema.schema()


def test_defaults_are_those_of_the_class():
    place = schema.schema()["$defs"]["place"]["anyOf"][1]
    assert place["required"] == ["name"]
    assert place["properties"]["residents_per_building"]["default"] == Place("City").residents_per_building
    assert "default" not in place["properties"]["heat_buildings"]


def test_a_length_is_a_number_a_pair_or_unknown_and_a_loading_may_be_left_out():
    definitions = schema.schema()["$defs"]
    number, pair, word = definitions["event"]["properties"]["duration_h"]["anyOf"]
    assert number["type"] == "number"
    assert (pair["type"], pair["minItems"], pair["maxItems"]) == ("array", 2, 2)
    assert word == {"const": "unknown"}
    assert definitions["event_rate"]["properties"]["duration_h"]["type"] == "number"
    assert definitions["event"]["properties"]["systems"]["items"]["enum"] == ["power", "heat", "water", "gas"]
    prior = definitions["prior"]
    assert prior["required"] == ["median", "spread"]
    assert prior["properties"]["loading"]["default"] == 0
