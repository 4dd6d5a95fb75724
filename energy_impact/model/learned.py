"""Priors of storms and planned shutoffs, written by benchmarks/learn_priors.py: median and spread by kind."""

LEARNED: dict[str, dict[str, tuple[float, float]]] = {
    "storm": {
        "severity_power": (0.0386, 1.87),
        "repair_rate_power": (0.17, 0.98),
        "slow_ratio_power": (0.301, 1.06),
        "slow_share_power": (0.0956, 2.21),
        "lost_share_power": (0.0128, 1.58),
        "crew_limit_power": (0.193, 1.6),
        "start_lag_h": (1.31, 2.01),
        "night_factor": (0.766, 2.8),
        "chronic_rate_power": (2.99e-05, 1.8),
        "initial_out_power": (0.000196, 1.72),
    },
    "planned_shutoff": {
        "severity_power": (0.0458, 1.49),
        "repair_rate_power": (0.246, 0.62),
        "slow_ratio_power": (0.4, 0.92),
        "slow_share_power": (0.056, 1.59),
        "lost_share_power": (0.0116, 1.44),
        "crew_limit_power": (0.172, 1.66),
        "start_lag_h": (9.03, 1.32),
        "night_factor": (0.133, 1.59),
        "chronic_rate_power": (1.42e-05, 1.64),
        "initial_out_power": (0.000162, 1.75),
    },
}
