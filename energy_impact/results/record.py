"""How well the shipped library forecast real outages, as `benchmarks/record.py` measured it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from energy_impact._data import shipped_text

RECORD = Path(__file__).with_name("record.json")


@cache
def track_record() -> str:
    """Return how often the 50 and 90 % bands held on real outages that the priors had not seen, in a sentence."""
    return str(json.loads(shipped_text("energy_impact.results", RECORD.name))["sentence"])
