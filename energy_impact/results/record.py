"""How well the shipped library forecast real outages, as `benchmarks/record.py` measured it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from energy_impact._data import shipped_text

RECORD = Path(__file__).with_name("record.json")


@cache
def _record() -> dict[str, Any]:
    return dict(json.loads(shipped_text("energy_impact.results", RECORD.name)))


def track_record() -> str:
    """Return how often the 50 and 90 % bands held on real outages that the priors had not seen, in a sentence."""
    return str(_record()["sentence"])


_GROUPS = dict.fromkeys(("attack", "heat_accident", "local_fault"), "attacks_and_accidents")
_NAMES = {"attacks_and_accidents": "attacks and accidents", "all": "outages"}


def held_of_100(kind: str) -> tuple[int, str]:
    """Return how many of 100 real reports the 90 % band held, and what of, for a kind of event."""
    group = _GROUPS.get(kind, "all")
    return round(100 * float(_record()[group]["held90"])), _NAMES[group]
