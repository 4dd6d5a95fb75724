"""Priors by kind of event, written by benchmarks/learn_priors.py: median, spread and loading by kind and name."""

LEARNED: dict[str, dict[str, tuple[float, float, float]]] = {
    "storm": {},
}
