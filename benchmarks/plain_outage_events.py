"""Outage events in plain pandas: one boolean mask over the whole series an event."""

from __future__ import annotations

import numpy as np
import pandas as pd


def plain_outage_events(series, threshold, missing, step):
    times = pd.date_range(series.index[0], series.index[-1], freq=step)
    grid = series.reindex(times, fill_value=0 if missing == "zero" else np.nan).astype(float)
    above = grid >= threshold
    number = (above & ~above.shift(fill_value=False)).cumsum()
    return pd.DataFrame([one_event(grid, above & (number == event), step) for event in range(1, number.max() + 1)])


def one_event(grid, mask, step):
    out = grid[mask]
    hour = pd.Timedelta(hours=1)
    start, end = out.index[0], out.index[-1] + step
    before, after = grid.get(start - step, np.nan), grid.get(end, np.nan)
    change = out.diff().fillna(out.iloc[0])
    peak = out.max()
    seen = pd.concat([out, pd.Series([after], [end])])[out.idxmax() :]
    fallen = [seen.index[seen <= peak / divisor] for divisor in (2, 10)]
    t50_h, t90_h = ((low[0] - out.idxmax()) / hour if len(low) else np.nan for low in fallen)
    held = out.groupby((change != 0).cumsum()).size().max() - 1
    return {
        "start": start,
        "end": end,
        "duration_h": (end - start) / hour,
        "step_h": step / hour,
        "peak_customers": peak,
        "customers_out_total": change[change > 0].sum(),
        "outages": (change > 0).sum(),
        "restores": (change < 0).sum() + (after < peak),
        "customer_hours": out.sum() * (step / hour),
        "t50_h": t50_h,
        "t90_h": t90_h,
        "gap": np.isnan(before) or np.isnan(after),
        "stuck": held * (step / hour) >= 24,
    }
