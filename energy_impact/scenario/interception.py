"""Missiles and drones of an attack that were not intercepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.scenario.events import INTERCEPTED

if TYPE_CHECKING:
    from energy_impact.scenario.events import Event

INTERCEPTED_SHARE = {"missiles": 0.535, "drones": 0.916}
"""Share intercepted if not reported: 38 of 71 missiles and 412 of 450 drones on 3 February 2026 (seeds/figures.csv)."""
BALLISTIC_INTERCEPTED_SHARE, OTHER_INTERCEPTED_SHARE = 0.417, 0.657
"""The same by class: 15 of 36 ballistic and 23 of 35 cruise missiles that day (air force, address not kept). It
changes from month to month: of ballistic missiles nearly 40 % in August 2025 and 6 % in September
(archiv.hn.cz/c1-67795740, citing the Financial Times)."""
DEBRIS_SHARE = 0.06
"""Weight of one intercepted over one that got through, in places hit by each: on 24 September 2025 debris of 126 drones
shot down fell at 2 places, and 26 drones that got through hit 7 (air force,
en.interfax.com.ua/news/general/1107050.html), so (2 / 126) / (7 / 26). That a place hit by debris counts like one that
was hit is a judgement."""


def got_through(event: Event, weapon: str) -> float | None:
    """Return how many missiles or drones got through, with the debris of the others; None if unknown."""
    launched, intercepted = getattr(event, weapon), getattr(event, INTERCEPTED[weapon])
    if launched is None:
        return None
    if intercepted is None:
        intercepted = _usually_intercepted(event, weapon, launched)
    return float(launched - (1 - DEBRIS_SHARE) * intercepted)


def _usually_intercepted(event: Event, weapon: str, launched: int) -> float:
    """Return how many are usually intercepted; fewer of the missiles that are ballistic."""
    ballistic = event.ballistic_missiles if weapon == "missiles" else None
    if ballistic is None:
        return launched * INTERCEPTED_SHARE[weapon]
    return ballistic * BALLISTIC_INTERCEPTED_SHARE + (launched - ballistic) * OTHER_INTERCEPTED_SHARE
