"""Priors of storms and planned shutoffs, written by benchmarks/learn_priors.py: median and spread by kind."""

LEARNED: dict[str, dict[str, tuple[float, float]]] = {
    "storm": {
        "severity_power": (0.0389, 1.86),
        "repair_rate_power": (0.171, 1.01),
        "slow_ratio_power": (0.286, 0.97),
        "slow_share_power": (0.0942, 2.07),
        "lost_share_power": (0.0128, 1.62),
        "crew_limit_power": (0.18, 1.63),
        "start_lag_h": (1.23, 2.09),
        "night_factor": (0.756, 2.59),
        "chronic_rate_power": (2.78e-05, 1.78),
        "initial_out_power": (0.000191, 1.73),
    },
    "planned_shutoff": {
        "severity_power": (0.0487, 1.44),
        "repair_rate_power": (0.247, 0.66),
        "slow_ratio_power": (0.377, 0.93),
        "slow_share_power": (0.0611, 1.66),
        "lost_share_power": (0.0132, 1.49),
        "crew_limit_power": (0.15, 1.69),
        "start_lag_h": (9.17, 1.27),
        "night_factor": (0.14, 1.51),
        "chronic_rate_power": (1.1e-05, 1.74),
        "initial_out_power": (0.000163, 1.79),
    },
}
