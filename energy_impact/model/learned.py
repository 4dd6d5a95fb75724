"""Priors of storms and planned shutoffs, written by benchmarks/learn_priors.py: median and spread by kind."""

LEARNED: dict[str, dict[str, tuple[float, float]]] = {
    "storm": {
        "severity_power": (0.0392, 1.87),
        "repair_rate_power": (0.169, 1.01),
        "slow_ratio_power": (0.285, 0.96),
        "slow_share_power": (0.0984, 2.07),
        "lost_share_power": (0.0133, 1.61),
        "crew_limit_power": (0.182, 1.63),
        "start_lag_h": (1.23, 2.06),
        "night_factor": (0.752, 2.64),
        "chronic_rate_power": (2.63e-05, 1.78),
        "initial_out_power": (0.000193, 1.73),
    },
    "planned_shutoff": {
        "severity_power": (0.0492, 1.48),
        "repair_rate_power": (0.245, 0.67),
        "slow_ratio_power": (0.369, 0.92),
        "slow_share_power": (0.0625, 1.67),
        "lost_share_power": (0.0137, 1.49),
        "crew_limit_power": (0.155, 1.68),
        "start_lag_h": (9.02, 1.31),
        "night_factor": (0.132, 1.59),
        "chronic_rate_power": (1.12e-05, 1.72),
        "initial_out_power": (0.000163, 1.79),
    },
}
