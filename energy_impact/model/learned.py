"""Priors of storms and planned shutoffs, written by benchmarks/learn_priors.py: median and spread by kind."""

LEARNED: dict[str, dict[str, tuple[float, float]]] = {
    "storm": {
        "severity_power": (0.0391, 1.85),
        "repair_rate_power": (0.208, 0.96),
        "slow_ratio_power": (0.312, 0.98),
        "slow_share_power": (0.0871, 1.79),
        "lost_share_power": (0.0141, 1.6),
        "crew_limit_power": (0.174, 1.69),
        "start_lag_h": (1.12, 2.31),
        "night_factor": (0.758, 2.75),
        "chronic_rate_power": (2.45e-05, 1.71),
        "initial_out_power": (0.000194, 1.73),
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
