"""Priors of storms and planned shutoffs, written by benchmarks/learn_priors.py: median and spread by kind."""

LEARNED: dict[str, dict[str, tuple[float, float]]] = {
    "storm": {
        "severity_power": (0.0432, 1.67),
        "repair_rate_power": (0.191, 1.03),
        "slow_ratio_power": (0.27, 1.12),
        "slow_share_power": (0.076, 2.22),
        "lost_share_power": (0.0141, 1.68),
        "crew_limit_power": (0.219, 1.62),
        "start_lag_h": (1.26, 1.94),
        "night_factor": (0.759, 2.98),
        "chronic_rate_power": (3.06e-05, 1.75),
        "initial_out_power": (0.000184, 1.73),
    },
    "planned_shutoff": {
        "severity_power": (0.0463, 1.59),
        "repair_rate_power": (0.257, 0.75),
        "slow_ratio_power": (0.37, 1.16),
        "slow_share_power": (0.0429, 2.27),
        "lost_share_power": (0.017, 1.7),
        "crew_limit_power": (0.144, 1.79),
        "start_lag_h": (8.92, 1.32),
        "night_factor": (0.111, 1.69),
        "chronic_rate_power": (1.24e-05, 1.63),
        "initial_out_power": (0.000192, 1.79),
    },
}
