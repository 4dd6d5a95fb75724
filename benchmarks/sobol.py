"""
What a scrambled Sobol sequence gains over plain random numbers: errors of prior means and quantiles.

PYTHONPATH=. python benchmarks/sobol.py      # a minute

The same prior run of the demo, many times with few members, against one with many: the root mean square error of the
mean and of quantiles of buildings without heat in Kyiv, a day after the last event, in standard deviations.
"""

from __future__ import annotations

import numpy as np

import energy_impact as ei
from energy_impact.ensemble_runs import Curves
from energy_impact.model.blocks import draw_normal
from energy_impact.prepare import prepare

MEMBERS, REPEATS, REFERENCE = 512, 40, 2**16
PANEL = "heat_buildings_out", "Kyiv"
LEVELS = (0.05, 0.5, 0.95)


def main() -> None:
    scenario = ei.load_scenario("kyiv-2026-01-24")
    prepared = prepare(scenario)
    layout = prepared.layout
    end = max(event.start_h for event in prepared.plan.events) + 24
    step = round(end / scenario.step_h)

    def reading(normal: np.ndarray) -> np.ndarray:
        values = Curves(prepared, normal)(*PANEL)[:, step]
        return np.array([values.mean(), *np.quantile(values, LEVELS), values.std()])

    truth = reading(draw_normal(layout, REFERENCE, np.random.default_rng(0)))
    print(f"rms error with {MEMBERS} members over {REPEATS} seeds, in standard deviations: mean, quantiles {LEVELS}")
    draws = {
        "Sobol": lambda rng: draw_normal(layout, MEMBERS, rng),
        "random": lambda rng: rng.standard_normal((layout.rows, MEMBERS)).astype(np.float32),
    }
    for name, draw in draws.items():
        found = [reading(draw(np.random.default_rng(seed))) for seed in range(1, REPEATS + 1)]
        errors = np.sqrt(np.mean((np.array(found) - truth) ** 2, axis=0)) / truth[-1]
        print(name, errors[:-1].round(4).tolist())


if __name__ == "__main__":
    main()
