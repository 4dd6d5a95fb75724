"""Priors under which no damage hangs on jobs: all that is hit is small faults that crews repair."""

from energy_impact.systems import SYSTEMS

CROWD_ALONE = {
    system.parameters["job_share"]: {"median": 1e-9, "spread": 0.0}
    for system in SYSTEMS.values()
    if system.always_drawn
}
