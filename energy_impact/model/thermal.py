"""5. Cold: circuits that are drained before they freeze, and take a day or two to refill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from energy_impact.model.plan import Array

DRAINING_BELOW_C = -3.0
"""Outdoor temperature at and below which operators may drain. [degC] (operators' practice)"""
DRAINING_SCALE_K = 10.0
"""Kelvin below that at which the hazard is the parameter `drain_rate`. [K] (judgement)"""


def draining_hazard(temperature: Array, rate: Array, out: Array) -> Array:
    """Hazard that a building whose supply is lost is drained: 0 above -3 degC, linear below [1/h]."""
    np.subtract(np.float32(DRAINING_BELOW_C), temperature, out=out)
    np.maximum(out, np.float32(0), out=out)
    out *= rate / np.float32(DRAINING_SCALE_K)
    return out


def move_circuits(lost_before: Array, lost: Array, drained_lost: Array, drained_supplied: Array,
                  drained_share: Array, refilled_share: Array) -> None:  # fmt: skip
    """
    Move buildings between full and drained as their supply is lost or returns, in place.

    Supply that returns leaves full and drained buildings in proportion; supply newly lost takes served and
    still drained ones in proportion. Then circuits without supply are drained, and those with supply refilled.

    Parameters
    ----------
    lost_before, lost : ndarray of float32, (places, members)
        Share whose supply was, and is, lost. [share]
    drained_lost, drained_supplied : ndarray of float32, (places, members)
        Drained without supply, and drained although supply is back; changed in place. [share]
    drained_share, refilled_share : ndarray of float32, broadcastable to (places, members)
        Of the full circuits without supply the share drained in this step; of the drained with supply the share
        refilled. [share]
    """
    change = lost - lost_before
    tiny = np.float32(1e-12)
    returned = np.minimum(np.maximum(-change, 0) / np.maximum(lost_before, tiny), np.float32(1))
    taken = np.minimum(np.maximum(change, 0) / np.maximum(1 - lost_before, tiny), np.float32(1))
    back = drained_lost * returned - drained_supplied * taken
    drained_lost -= back
    drained_supplied += back
    drained_lost += (lost - drained_lost) * drained_share
    np.minimum(drained_lost, lost, out=drained_lost)
    drained_supplied *= 1 - refilled_share
    np.minimum(drained_supplied, 1 - lost, out=drained_supplied)
