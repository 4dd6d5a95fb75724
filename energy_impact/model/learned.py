"""Priors of storms and planned shutoffs, written by benchmarks/learn_priors.py: median and spread by kind."""

LEARNED: dict[str, dict[str, tuple[float, float]]] = {
    "storm": {
        "repair_rate_power": (0.166, 0.89),
        "slow_ratio_power": (0.358, 1.43),
        "slow_share_power": (0.088, 2.13),
        "lost_share_power": (0.00605, 2.01),
        "crew_limit_power": (0.268, 1.4),
        "start_lag_h": (0.882, 2.18),
        "night_factor": (0.77, 2.22),
        "chronic_rate_power": (2.98e-05, 1.78),
        "initial_out_power": (0.000196, 1.72),
    },
    "planned_shutoff": {
        "repair_rate_power": (0.231, 0.79),
        "slow_ratio_power": (0.479, 1.12),
        "slow_share_power": (0.0329, 2.19),
        "lost_share_power": (0.0127, 1.86),
        "crew_limit_power": (0.281, 1.51),
        "start_lag_h": (9.86, 1.26),
        "night_factor": (0.148, 0.82),
        "chronic_rate_power": (1.48e-05, 1.52),
        "initial_out_power": (0.000225, 1.79),
    },
}
