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
    still drained ones in proportion. Then circuits without supply are drained, and those with supply refilled. Supply
    that comes and goes may so leave slightly more buildings cold than supply that stays away from the same ones.

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
    tiny, one = np.float32(1e-12), np.float32(1)
    still_lost = np.divide(lost, np.maximum(lost_before, tiny))
    np.minimum(still_lost, one, out=still_lost)
    still_lost *= drained_lost
    supplied = np.maximum(1 - lost, np.float32(0))
    still_supplied = np.maximum(1 - lost_before, tiny)
    np.divide(supplied, still_supplied, out=still_supplied)
    np.minimum(still_supplied, one, out=still_supplied)
    still_supplied *= drained_supplied
    drained_supplied -= still_supplied
    drained_lost -= still_lost
    still_supplied += drained_lost
    still_lost += drained_supplied
    np.subtract(lost, still_lost, out=drained_lost)
    drained_lost *= drained_share
    drained_lost += still_lost
    np.minimum(drained_lost, lost, out=drained_lost)
    np.multiply(still_supplied, 1 - refilled_share, out=drained_supplied)
    np.minimum(drained_supplied, supplied, out=drained_supplied)
