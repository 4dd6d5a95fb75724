"""4. Spread between systems through buffers: heat and water follow power after some hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from energy_impact.model.plan import Array


def power_lack(damaged: Array, shed: Array, protected: Array) -> Array:
    """Share of dependent plant without power: out by damage, or shed without being protected [share]."""
    lack = 1 - damaged
    lack *= shed
    lack *= 1 - protected
    lack += damaged
    return lack


def drain_buffer(buffered: Array, lack: Array, keep: Array) -> None:
    """
    Let a buffered lack follow the lack itself, in place: g <- f + (g - f) exp(-dt / tau).

    Parameters
    ----------
    buffered, lack : ndarray of float32, (places, members)
        What dependent plant feels, and what is lacking. [share]
    keep : ndarray of float32, (members,)
        exp(-dt / tau), tau the hours that generators, tanks or warm pipes last.
    """
    buffered -= lack
    buffered *= keep
    buffered += lack


def supply_lost(damaged: Array, buffered: Array, dependence: Array, out: Array) -> Array:
    """
    Share whose supply is lost by either cause: x + a g - x a g, never above 1.

    A lack passes on in proportion to the dependence a, as in the inoperability input-output model (Haimes and Jiang
    2001, doi:10.1061/(ASCE)1076-0342(2001)7:1(1)); two causes join as a union instead of a sum.
    """
    np.multiply(buffered, dependence, out=out)
    out *= 1 - damaged
    out += damaged
    return out
