"""People in cold homes, less those whom the added warming points of a what-if take in at night."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from energy_impact.results.curve import Curve
    from energy_impact.results.members import Members
    from energy_impact.scenario import Scenario, WhatIf

NIGHT_FROM, NIGHT_TO = 22, 6
"""Local hours of a night. [h] (judgement)"""
WITHOUT_PLACE = "people_without_warm_place"
"""Residents of cold homes beyond the places that are open as it is."""
NOBODY = 1e-6
"""Avoids 0/0 where nobody is in a cold home. [people]"""


def at_night(curve: Curve) -> NDArray[np.bool_]:
    """Return whether each time of a curve lies in the local night."""
    hour = curve.times.tz_convert(curve.timezone).hour
    return np.asarray((hour >= NIGHT_FROM) | (hour < NIGHT_TO))


def evenings(curve: Curve) -> pd.DatetimeIndex:
    """Return the local date of the evening of the night that each time belongs to."""
    local = curve.times.tz_convert(curve.timezone).tz_localize(None)
    return pd.DatetimeIndex((local - pd.Timedelta(hours=NIGHT_TO)).normalize())


def in_cold_homes(estimate: Members, quantity: str, place: str) -> Curve:
    """
    Return the residents in homes below a temperature, less those at warming points that a what-if added.

    The added places are filled first: they go to the parts of a place in proportion to residents in cold homes. How
    many would come is unknown, so this is the most that they can do.

    Parameters
    ----------
    estimate : Members
    quantity : str
        One of `quantities.COLD_LIMITS_C`, or `WITHOUT_PLACE`.
    place : str
    """
    curve, scenario = estimate[quantity, place], estimate.scenario
    changes = [change for change in scenario.changes if change.warming_points]
    if not changes:
        return curve
    known = {where for name, where in estimate.available if name == quantity}
    reached = [_reached(scenario, change, known) for change in changes]
    parts = dict.fromkeys(leaf.name for leaf in scenario.place(place).leaves())
    draws = {
        name: estimate[quantity, name].draws for name in parts.keys() | {name for some in reached for name in some}
    }
    for change, names in zip(changes, reached, strict=True):
        open_now = at_night(curve) & (curve.times > scenario.since(change))
        total = np.sum([draws[name] for name in names], axis=0)
        inside = np.minimum(change.warming_points / np.maximum(total, NOBODY), 1) * open_now
        draws |= {name: draws[name] * (1 - inside) for name in names}
    left = np.sum([draws[name] for name in parts], axis=0)
    begun = min(scenario.since(change) for change in changes)
    return dataclasses.replace(curve, draws=np.where(curve.times > begun, left, curve.draws))


def _reached(scenario: Scenario, change: WhatIf, known: Collection[str]) -> list[str]:
    """Return the parts of a what-if's places that have the curve, each once."""
    names = change.places or [root.name for root in scenario.places]
    parts = dict.fromkeys(leaf.name for name in names for leaf in scenario.place(name).leaves())
    return [name for name in parts if name in known]
