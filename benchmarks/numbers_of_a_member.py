"""Print how many numbers a member of the demo has, and how many without the noise."""

from __future__ import annotations

from energy_impact import load_scenario
from energy_impact.model.parameters import NOISE
from energy_impact.prepare import prepare

if __name__ == "__main__":
    layout = prepare(load_scenario("kyiv-2026-01-24")).layout
    noise = sum(block.rows.stop - block.rows.start for block in layout.blocks if block.parameter.name in NOISE)
    print(f"{layout.rows:,} numbers, {layout.rows - noise:,} without the noise")
