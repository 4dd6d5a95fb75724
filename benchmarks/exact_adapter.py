"""Forecasts of the exact posterior for an outside scorer, beside those of the fit: some seconds a case.

As `referee_adapter.py`, with members of the sampler in `tests/oracle.py`; needs the clone's folder on PYTHONPATH too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from referee_adapter import scenario

from energy_impact.ensemble_runs import Curves
from energy_impact.prepare import prepare
from tests.oracle import sample

MEMBERS, MOVES = 1024, 10


def forecast(case: dict[str, Any]) -> np.ndarray:
    """Draws of customers without power at the target times, (members, targets)."""
    described = scenario(case)
    normal, _ = sample(described, members=MEMBERS, moves=MOVES, rng=1)
    curve = Curves(prepare(described), np.asarray(normal, np.float32))("power_customers_out", case["place"])
    hours = (pd.DatetimeIndex(case["target_times"]) - described.start) / pd.Timedelta(hours=1)
    steps = np.minimum(hours / described.step_h, curve.shape[1] - 1)
    return np.array([np.interp(steps, np.arange(curve.shape[1]), row) for row in curve])
