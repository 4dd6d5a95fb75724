"""Shortages: supply that is missing for a known reason over a known time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact import bounds
from energy_impact._checks import check_choice, check_text, collect
from energy_impact.scenario.events import check_names, utc_time
from energy_impact.scenario.outlook import plain, set_fields
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

HOUR = pd.Timedelta(hours=1)


@dataclass(frozen=True, init=False)
class Shortage:
    """
    A share of a system's supply that is missing: fuel has run out, old damage is not repaired, heat is held back.

    Of power it is a share of the capability to supply, so that customers are cut only where demand exceeds the
    remainder, and never more than the share `shed_limit` (a prior): a share of 1 leaves power to those that it spares.
    Of the other systems it is the share of the place's stock that is not supplied. Several shortages of one system act
    as independent losses.

    Parameters
    ----------
    system : str
        One of `systems.SYSTEMS` (power, heat, water, gas).
    share : float
        Share that is missing, in [0, 1]. [share]
    start, end : str or datetime, optional
        From when, and until when: ISO 8601 with a UTC offset, or a timezone-aware datetime; kept in UTC. None = the
        start and the end of the scenario.
    places : sequence of str, optional
        Places concerned; None = all of the scenario.
    reason : str
        Why it is missing.

    Raises
    ------
    ScenarioError
        With every fault of the arguments.

    Examples
    --------
    >>> import energy_impact as ei
    >>> coal = ei.Shortage("power", 0.2, start="2026-01-26T00:00+02:00", reason="the coal lasts until Sunday")
    >>> coal.start.isoformat()
    '2026-01-25T22:00:00+00:00'
    """

    system: str
    share: float
    start: pd.Timestamp | None
    end: pd.Timestamp | None
    places: tuple[str, ...] | None
    reason: str

    def __init__(
        self,
        system: str,
        share: float,
        *,
        start: str | datetime | None = None,
        end: str | datetime | None = None,
        places: Sequence[str] | None = None,
        reason: str = "",
    ) -> None:
        faults: list[str] = []
        fields: dict[str, Any] = {
            "system": collect(faults, check_choice, "Shortage.system", system, SYSTEMS),
            "share": collect(faults, bounds.check, "Shortage.share", share, "share_of_place"),
            "start": None if start is None else collect(faults, utc_time, "Shortage.start", start),
            "end": None if end is None else collect(faults, utc_time, "Shortage.end", end),
            "places": None if places is None else collect(faults, check_names, "Shortage.places", places),
            "reason": collect(faults, check_text, "Shortage.reason", reason, empty=True),
        }
        set_fields(self, fields, faults, "shortage")

    def to_dict(self) -> dict[str, object]:
        """Return it as a dict for JSON, without the fields left open."""
        return plain(self)


def share_at(shortage: Shortage, times: pd.DatetimeIndex, step_h: float) -> NDArray[np.float64]:
    """
    Return the share missing over the step that begins at each time, (times,).

    Parameters
    ----------
    shortage : Shortage
    times : DatetimeIndex
        In UTC.
    step_h : float
        Length of the steps. A shortage over a part of one counts for that part. [h]
    """
    begins = np.asarray((times - times[0]) / HOUR, float)
    start = -math.inf if shortage.start is None else (shortage.start - times[0]) / HOUR
    end = math.inf if shortage.end is None else (shortage.end - times[0]) / HOUR
    inside = np.minimum(begins + step_h, end) - np.maximum(begins, start)
    return np.asarray(shortage.share * np.clip(inside / step_h, 0, 1))
