"""The JSON schema of scenario files, derived from the classes and tables of the library.

`python -m energy_impact.scenario.schema` writes it to seeds/scenarios/scenario.schema.json, or into a given
folder.
"""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from energy_impact import bounds
from energy_impact._data import seeds_folder
from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.figures.figure import COLUMNS, UNITS
from energy_impact.figures.kinds import KINDS
from energy_impact.figures.qualifiers import QUALIFIERS
from energy_impact.figures.rows import REQUIRED as REQUIRED_COLUMNS
from energy_impact.places import NEVER_ZERO, Place
from energy_impact.quantities import QUANTITIES
from energy_impact.scenario.events import Event
from energy_impact.scenario.file import KEYS, REQUIRED
from energy_impact.scenario.outlook import TRUCE_SCOPES, EventRate, Truce
from energy_impact.scenario.parts import PRIOR_KEYS, REQUIRED_PRIOR_KEYS
from energy_impact.scenario.shortage import Shortage
from energy_impact.scenario.what_if import WhatIf
from energy_impact.systems import FEEDBACKS, PER_BUILDING, STOCKS, SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Node = dict[str, object]

NAME = "scenario.schema.json"
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}(:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$"


def schema() -> Node:
    """
    Return the JSON schema of a scenario file.

    Raises
    ------
    ValueError
        If an argument or key has no entry here, or an entry here matches none.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "energy_impact scenario",
        "description": "Where, when, how cold, what happened and what was reported. "
        "The file name is the scenario name.",
        **_table("scenario file", _top(), KEYS, REQUIRED),
        "$defs": {
            "time": {"type": "string", "pattern": _TIME},
            "size": {"anyOf": [_field("stock"), _ref("range")]},
            "size_or_zero": {"anyOf": [_field("stock_or_zero"), _ref("range")]},
            "range": {"type": "array", "minItems": 2, "maxItems": 2, "items": _field("stock")},
            "place": {"anyOf": [_text("A shipped place."), _arguments(Place, _place())]},
            "event": _arguments(Event, _event()),
            "event_rate": _arguments(EventRate, _event_rate()),
            "truce": _arguments(Truce, _truce()),
            "shortage": _arguments(Shortage, _shortage()),
            "what_if": _arguments(WhatIf, _what_if()),
            "figure": _table("figure", _figure(), COLUMNS, [name for name in REQUIRED_COLUMNS if name != "value"]),
            "prior": _table("prior", _prior(), PRIOR_KEYS, REQUIRED_PRIOR_KEYS),
        },
    }


def _top() -> dict[str, Node]:
    file = _text("CSV file, relative to this one.", default="the shipped figures.csv")
    figures = {"file": file, "ids": _names("Which rows; all if left out.")}
    hourly = "CSV file, relative to this one: time, and one column per place or one column air_temperature_c. [degC]"
    zone = _text("IANA name of the timezone of times without a UTC offset.")
    weather = {"file": _text(hourly), "timezone": zone}
    step = _field("step_h", "Step of the curves, a divisor of an hour. [h]", default=1.0)
    return {
        "title": {"type": "string", "description": "Title above a plot."},
        "start": _ref("time", "Start of the curves: ISO 8601 with a UTC offset."),
        "horizon_h": _field("horizon_h", "Length, a whole multiple of step_h. [h]"),
        "step_h": step,
        "places": {"minItems": 1} | _list("place", "Names of shipped places, or tables."),
        "figures": {"description": "A table of figures, or rows of it."} | _table("figures", figures, figures),
        "figure": _list("figure", "Rows of the table of figures, written here."),
        "events": _list("event", "What happened between start and end."),
        "new_events": _list("event_rate", "What may still come, and how often."),
        "truces": _list("truce", "Truces as announced; they lower the rates of new attacks."),
        "shortages": _list("shortage", "Supply that is missing for a known reason."),
        "what_if": _list("what_if", "Options to compare with how it is."),
        "weather": {"description": "Hourly outdoor temperature; built from the figures if left out."}
        | _table("weather", weather, weather, ["file"]),
        "priors": {
            "type": "object",
            "additionalProperties": _ref("prior"),
            "description": "Changed priors by parameter name.",
        },
    }


def _place() -> dict[str, Node]:
    how_many = "Size: a number, or a 90 % range [low, high]."
    return {
        "name": _text(),
        "parts": _list("place", "Its parts; a place with parts has no stocks of its own."),
        "timezone": _text("IANA name, such as Europe/Kyiv; that of the place around it, else UTC, if left out."),
        **{
            stock.name: _ref("size" if stock.name in NEVER_ZERO else "size_or_zero", f"{how_many} [{stock.unit}]")
            for stock in STOCKS.values()
        },
        **{ratio: _ref("range") for ratio in PER_BUILDING},
        "code": _text("Its code on maps, such as ISO 3166-2 or a p-code."),
        "grid": _text("Power grid that it hangs on; that of the place around it, or its own, if left out."),
        "near_front": _flag("Near a front line, where shelling goes on between events."),
        "shared_crews": _flag("Whether all places in it share their repair crews; only with parts."),
        **{need.field: _share(f"Share of {need.meaning}. [share]") for need in FEEDBACKS.values()},
        "share_children": _share("Share of the residents who are under 18; only without parts. [share]"),
        "share_over_65": _share("Share of the residents who are 65 or older; only without parts. [share]"),
    }


def _prior() -> dict[str, Node]:
    loading = "Correlation with the difficulty of the event."
    return {
        "median": _number(),
        "spread": _field("spread"),
        "loading": _field("loading", loading, default=0.0),
    }


def _event() -> dict[str, Node]:
    hours = _field("duration_h")
    lengths = [hours, {"type": "array", "minItems": 2, "maxItems": 2, "items": hours}, {"const": "unknown"}]
    return {
        "time": _ref("time", "When it began."),
        "kind": {"enum": list(EVENT_KINDS)},
        "name": _text("Name that figures refer to."),
        "places": _names("Places hit; all if left out."),
        "systems": {"type": "array", "items": {"enum": list(SYSTEMS)}, "minItems": 1, "uniqueItems": True},
        "capability": _flag("Whether it takes capability to supply power; as its kind does if left out."),
        "duration_h": {"anyOf": lengths, "description": 'Duration: a number, a range, or "unknown". [h]'},
        "missiles": _whole("missiles", "Launched; unknown if left out."),
        "drones": _whole("drones", "Launched; unknown if left out."),
        "missiles_intercepted": _whole("missiles_intercepted", "Unknown if left out."),
        "drones_intercepted": _whole("drones_intercepted", "Unknown if left out."),
        "ballistic_missiles": _whole(
            "ballistic_missiles", "How many of the missiles were ballistic; unknown if left out."
        ),
        "spares_late_h": _field(
            "spares_late_h", "Hours by which spare parts come late for repairs of a day or more. [h]"
        ),
    }


def _event_rate() -> dict[str, Node]:
    shared = {key: entry for key, entry in _event().items() if key in inspect.signature(EventRate).parameters}
    return shared | {
        "duration_h": _field("duration_h", "Duration of each. [h]"),
        "per_week": _field("per_week", "Mean number of events. [1/week]"),
        "start": _ref("time", "Start of the window; the time of the last published outcome if left out."),
        "end": _ref("time", "End of the window; the end of the scenario if left out."),
        "hour": _field("hour", "Local hour at which an event begins. [h]"),
    }


def _truce() -> dict[str, Node]:
    return {
        "start": _ref("time", "From when."),
        "end": _ref("time", "Until when."),
        "claimed_by": _text("Who announced it."),
        "scope": {"enum": list(TRUCE_SCOPES), "description": "Whether strikes on energy or all strikes are to stop."},
        "reduces": _share("Share by which it lowers the rate of new attacks if it holds. [share]"),
        "holds": _share("Probability that it holds."),
        "places": _names("Places covered; all if left out."),
    }


def _shortage() -> dict[str, Node]:
    return {
        "system": {"enum": list(SYSTEMS)},
        "share": _share("Missing share of the capability to supply power, or of the stock of another system. [share]"),
        "start": _ref("time", "From when; the start of the scenario if left out."),
        "end": _ref("time", "Until when; the end of the scenario if left out."),
        "places": _names("Places concerned; all if left out."),
        "reason": {"type": "string", "description": "Why it is missing."},
    }


def _what_if() -> dict[str, Node]:
    def one_or_more(name: str, description: str) -> Node:
        return {"anyOf": [_ref(name), {"type": "array", "items": _ref(name)}], "description": description}

    return {
        "name": _text("Name in tables and legends."),
        "since": _ref("time", "From when; the time of the last published outcome if left out."),
        "colder": _field("colder", "Fall of the outdoor temperature, everywhere. [K]"),
        "crews": _field("crews", "Factor on the number of crews. [1]"),
        "generators": _share("Share of the supply that needs grid power and that generators keep running. [share]"),
        "mobile_boilers": _field("mobile_boilers", "Buildings without heat that mobile boilers heat. [buildings]"),
        "warming_points": _field("warming_points", "People whom added warming points take in at night. [people]"),
        "event": one_or_more("event", "Events from then on."),
        "truce": one_or_more("truce", "Truces from then on."),
        "places": _names("Places that help goes to; all if left out."),
    }


def _figure() -> dict[str, Node]:
    return {
        "id": _text(),
        "time": _ref("time", "When it held."),
        "place": _text(),
        "quantity": {"enum": list(QUANTITIES)},
        "value": _number("Left out where the qualifier needs no number."),
        "value_high": _number("Upper end of a range."),
        "qualifier": {"enum": list(QUALIFIERS)},
        "kind": {"enum": list(KINDS)},
        "unit": {"enum": list(UNITS)},
        "source": _text(),
        "period_start": _ref("time"),
        "time_uncertainty_h": _field("time_uncertainty_h"),
        "claimed_by": {"type": "string"},
        "event": {"type": "string"},
        "note": {"type": "string"},
    }


def _arguments(make: type, entries: Mapping[str, Node]) -> Node:
    """Return the schema of a table that holds the arguments of a class, with their defaults."""
    arguments = {name: argument.default for name, argument in inspect.signature(make).parameters.items()}
    required = [name for name, default in arguments.items() if default is inspect.Parameter.empty]
    defaults = {
        name: default for name, default in arguments.items() if name not in required and default not in {None, ()}
    }
    filled = {
        name: entry | ({"default": defaults[name]} if name in defaults else {}) for name, entry in entries.items()
    }
    return _table(make.__name__, filled, arguments, required)


def _table(where: str, entries: Mapping[str, Node], keys: Collection[str], required: Collection[str] = ()) -> Node:
    """Return the schema of a table of keys and values, in the order of the keys."""
    faults = [f"{where}.{key}: needs an entry in the schema" for key in keys if key not in entries]
    faults += [f"{where}.{key}: has an entry in the schema but is not a key" for key in entries if key not in keys]
    if faults:
        raise ValueError("\n".join(faults))
    found: Node = {"type": "object", "additionalProperties": False}
    if required:
        found["required"] = list(required)
    return found | {"properties": {key: entries[key] for key in keys}}


def _described(node: Node, description: str) -> Node:
    return node | {"description": description} if description else node


def _ref(name: str, description: str = "") -> Node:
    return _described({"$ref": f"#/$defs/{name}"}, description)


def _list(of: str, description: str) -> Node:
    return {"type": "array", "items": _ref(of), "description": description}


def _names(description: str) -> Node:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": _text(), "description": description}


def _text(description: str = "", **rules: object) -> Node:
    return _described({"type": "string", "minLength": 1, **rules}, description)


def _flag(description: str) -> Node:
    return {"type": "boolean", "description": description}


def _number(description: str = "", **rules: float) -> Node:
    return _described({"type": "number", **rules}, description)


def _field(field: str, description: str = "", **rules: float) -> Node:
    """Return a number within the bounds of a field."""
    return _described({"type": "number", **_bounds(field), **rules}, description)


def _share(description: str) -> Node:
    return _number(description, minimum=0, maximum=1)


def _whole(field: str, description: str) -> Node:
    return {"type": "integer", **_bounds(field), "description": description}


def _bounds(field: str) -> dict[str, float]:
    """Return the bounds of a field as rules of a schema."""
    row = bounds.OF_FIELD[field]
    low, high = "exclusiveMinimum" if row.above else "minimum", "exclusiveMaximum" if row.below else "maximum"
    return {low: row.low, high: row.high}


def text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else seeds_folder() / "scenarios"
    (folder / NAME).write_text(text(), encoding="utf-8", newline="\n")
