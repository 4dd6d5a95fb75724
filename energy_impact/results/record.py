"""How well the shipped library forecast real outages, as `benchmarks/record.py` measured it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from energy_impact._data import shipped_text
from energy_impact._language import say

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORD = Path(__file__).with_name("record.json")


@cache
def _record() -> dict[str, Any]:
    return dict(json.loads(shipped_text("energy_impact.results", RECORD.name)))


def track_record() -> str:
    """Return how often the 50 and 90 % bands held on real outages that the priors had not seen, in a sentence."""
    return sentence(_record()["all"], _record()["attacks_and_accidents"])


def sentence(every: Mapping[str, float], hard: Mapping[str, float]) -> str:
    """Return how often bands held on all outages, and on attacks and accidents, whose numbers are given."""
    known = {
        "forecasts": every["forecasts"],
        "outages": every["outages"],
        "held90": 100 * every["held90"],
        "held50": 100 * every["held50"],
    }
    if not hard["forecasts"] or hard["forecasts"] == every["forecasts"]:
        return say(
            "On {forecasts:,} forecasts of {outages} real outages that the priors had not seen, the 90 % band held "
            "{held90:.0f} % (50 %: {held50:.0f} %).",
            **known,
        )
    return say(
        "On {forecasts:,} forecasts of {outages} real outages that the priors had not seen, the 90 % band held "
        "{held90:.0f} % (50 %: {held50:.0f} %); on the {hard} forecasts of attacks and accidents "
        "({events} events), {hard90:.0f} % (50 %: {hard50:.0f} %).",
        **known,
        hard=hard["forecasts"],
        events=hard["outages"],
        hard90=100 * hard["held90"],
        hard50=100 * hard["held50"],
    )


_GROUPS = dict.fromkeys(("attack", "heat_accident", "local_fault"), "attacks_and_accidents")
NAMES = {"attacks_and_accidents": "attacks and accidents", "all": "outages"}


def held_of_100(kind: str) -> tuple[int, str]:
    """Return how many of 100 real reports the 90 % band held, and what of, for a kind of event."""
    group = _GROUPS.get(kind, "all")
    return round(100 * float(_record()[group]["held90"])), NAMES[group]
