"""Priors by kind of event, written by benchmarks/learn_priors.py: median, spread and loading by kind and name."""

LEARNED: dict[str, dict[str, tuple[float, float, float]]] = {
    "attack": {
        "severity_power": (0.611, 1.29, 0.0),
        "repair_rate_power": (0.249, 0.95, 0.0),
        "job_h_power": (5.99, 1.08, 0.0),
        "severity_heat": (0.374, 1.36, 0.0),
        "repair_rate_heat": (0.193, 1.05, 0.0),
        "job_h_heat": (5.81, 1.37, 0.0),
        "severity_water": (0.332, 1.34, 0.0),
        "repair_rate_water": (0.249, 1.0, 0.0),
        "job_h_water": (8.4, 1.19, 0.0),
        "start_lag_h": (1.95, 0.9, 0.0),
        "capability_hit": (0.03, 1.5, 0.0),
    },
    "heat_accident": {
        "severity_heat": (0.194, 1.56, 0.0),
        "repair_rate_heat": (0.22, 1.0, 0.0),
        "job_h_heat": (21.3, 1.63, 0.0),
        "start_lag_h": (2.08, 0.9, 0.0),
        "onset_shape": (0.3, 1.0, 0.0),
        "drain_rate": (0.0002, 1.2, 0.0),
        "burst_rate": (2e-05, 1.2, 0.0),
    },
    "local_fault": {
        "severity_power": (0.229, 1.41, 0.0),
        "repair_rate_power": (0.265, 1.0, 0.0),
        "job_h_power": (19.5, 1.61, 0.0),
        "start_lag_h": (1.99, 0.9, 0.0),
        "job_factor_power": (1.0, 0.8, 0.0),
    },
    "grid_failure": {
        "severity_power": (0.396, 1.68, 0.0),
        "repair_rate_power": (0.351, 1.11, 0.0),
        "job_h_power": (8.8, 0.89, 0.0),
        "start_lag_h": (1.81, 0.91, 0.0),
        "job_share_power": (0.95, 2.5, 0.0),
        "job_split_power": (0.6, 1.5, 0.0),
        "job_factor_power": (1.0, 0.4, 0.0),
        "slow_share_power": (0.05, 1.0, 0.0),
        "heat_dependence": (0.4, 1.0, 0.0),
        "heat_buffer_h": (6.0, 0.7, 0.0),
        "water_dependence": (0.8, 1.2, 0.0),
        "water_buffer_h": (2.0, 0.9, 0.0),
    },
}

EVENTS_BEHIND: dict[str, tuple[int, int]] = {
    "attack": (23, 22),
    "heat_accident": (6, 6),
    "local_fault": (1, 1),
    "grid_failure": (4, 4),
}
"""Events, and utilities or events, that each kind was learned from."""
