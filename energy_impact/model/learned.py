"""Priors of storms and planned shutoffs, written by benchmarks/learn_priors.py: median and spread by kind."""

LEARNED: dict[str, dict[str, tuple[float, float]]] = {
    "storm": {
        "repair_rate_power": (0.161, 1.01),
        "slow_ratio_power": (0.299, 1.03),
        "slow_share_power": (0.0863, 2.09),
        "lost_share_power": (0.0142, 1.66),
        "crew_limit_power": (0.297, 1.49),
        "start_lag_h": (1.01, 1.89),
        "night_factor": (0.731, 2.83),
        "chronic_rate_power": (2.28e-05, 1.77),
        "initial_out_power": (0.000184, 1.72),
    },
    "planned_shutoff": {
        "repair_rate_power": (0.242, 0.83),
        "slow_ratio_power": (0.445, 1.18),
        "slow_share_power": (0.0535, 2.11),
        "lost_share_power": (0.0165, 1.68),
        "crew_limit_power": (0.222, 1.65),
        "start_lag_h": (9.65, 1.34),
        "night_factor": (0.154, 1.35),
        "chronic_rate_power": (1.34e-05, 1.61),
        "initial_out_power": (0.000221, 1.76),
    },
}
