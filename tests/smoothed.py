"""The smoother with a model run given as a function."""

from energy_impact.inference import smoother


def smooth(normal, run, *given, **options):
    return smoother.smooth(smoother.smoothing(normal, *given, **options), run)
