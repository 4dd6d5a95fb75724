"""Priors of storms and planned shutoffs, written by benchmarks/learn_priors.py: median and spread by kind."""

LEARNED: dict[str, dict[str, tuple[float, float]]] = {
    "storm": {
        "repair_rate_power": (0.175, 1.03),
        "slow_ratio_power": (0.284, 1.06),
        "slow_share_power": (0.0852, 2.11),
        "lost_share_power": (0.0137, 1.67),
        "crew_limit_power": (0.275, 1.52),
        "start_lag_h": (1.22, 1.96),
        "night_factor": (0.728, 2.83),
        "chronic_rate_power": (2.65e-05, 1.78),
        "initial_out_power": (0.000178, 1.71),
    },
    "planned_shutoff": {
        "repair_rate_power": (0.24, 0.75),
        "slow_ratio_power": (0.476, 1.24),
        "slow_share_power": (0.0577, 2.23),
        "lost_share_power": (0.0158, 1.63),
        "crew_limit_power": (0.169, 1.68),
        "start_lag_h": (8.93, 1.28),
        "night_factor": (0.12, 1.64),
        "chronic_rate_power": (1.39e-05, 1.64),
        "initial_out_power": (0.000222, 1.79),
    },
}
