"""Priors of storms and planned shutoffs, written by benchmarks/learn_priors.py: median and spread by kind."""

LEARNED: dict[str, dict[str, tuple[float, float]]] = {
    "storm": {
        "repair_rate_power": (0.178, 1.04),
        "slow_ratio_power": (0.261, 1.09),
        "slow_share_power": (0.0759, 2.15),
        "lost_share_power": (0.014, 1.67),
        "crew_limit_power": (0.278, 1.52),
        "start_lag_h": (1.19, 2.02),
        "night_factor": (0.728, 2.84),
        "chronic_rate_power": (2.62e-05, 1.8),
        "initial_out_power": (0.000177, 1.72),
    },
    "planned_shutoff": {
        "repair_rate_power": (0.246, 0.75),
        "slow_ratio_power": (0.353, 1.2),
        "slow_share_power": (0.0403, 2.44),
        "lost_share_power": (0.0175, 1.66),
        "crew_limit_power": (0.171, 1.66),
        "start_lag_h": (8.91, 1.3),
        "night_factor": (0.12, 1.58),
        "chronic_rate_power": (1.34e-05, 1.61),
        "initial_out_power": (0.000212, 1.78),
    },
}
