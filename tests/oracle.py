"""A slow, exact answer to hold the fast fit against: tempered sequential Monte Carlo with the wordings' likelihoods."""

from __future__ import annotations

import numpy as np

from energy_impact.figures.wording import log_likelihood
from energy_impact.model.parameters import draw_normal
from energy_impact.prepare import NUGGET, prepare
from energy_impact.run import predict


def log_posterior_of(prepared):
    """Log-likelihood of standard-normal numbers (rows, members) under the exact wordings."""

    def log_likelihoods(normal):
        predicted = predict(prepared, normal)[1]
        told = zip(predicted, prepared.reports, strict=True)
        return sum(log_likelihood(row, report.claim, sd=NUGGET) for row, report in told)

    return log_likelihoods


def sample(scenario, *, members=2048, moves=15, rng=0, target=0.6):
    """
    Members of the exact posterior, (rows, members), and how many forward runs they cost.

    Temperatures are chosen so that the effective sample size stays at `target`; after each resampling members make
    `moves` preconditioned Crank-Nicolson steps, whose length follows the acceptance rate.
    """
    generator = np.random.default_rng(rng)
    prepared = prepare(scenario)
    evaluate = log_posterior_of(prepared)
    normal = draw_normal(prepared.layout, members, generator)
    logs, beta, runs, step = evaluate(normal), 0.0, 1, 0.5
    while beta < 1:
        beta, weights = _next_temperature(logs, beta, target)
        chosen = np.searchsorted(np.cumsum(weights), (np.arange(members) + generator.uniform()) / members)
        chosen = np.minimum(chosen, members - 1)
        normal, logs = normal[:, chosen], logs[chosen]
        for _ in range(moves * (3 if beta >= 1 else 1)):
            mean, scale = normal.mean(1, keepdims=True), np.maximum(normal.std(1, keepdims=True), 0.05)
            fresh = generator.standard_normal(normal.shape)
            proposal = mean + np.sqrt(1 - step**2) * (normal - mean) + step * scale * fresh
            told = evaluate(proposal)
            # reversible with respect to N(mean, scale^2); the ratio of that to the standard-normal prior is weighed in
            gain = beta * (told - logs) + _excess(proposal, mean, scale) - _excess(normal, mean, scale)
            accept = np.log(generator.uniform(size=members)) < gain
            normal[:, accept], logs[accept] = proposal[:, accept], told[accept]
            step = float(np.clip(step * np.exp(accept.mean() - 0.25), 0.02, 0.95))
            runs += 1
    return normal, runs


def _excess(normal, mean, scale):
    """Log of the standard-normal prior over the reference normal, up to a constant."""
    return -0.5 * (normal**2 - ((normal - mean) / scale) ** 2).sum(0)


def _next_temperature(logs, beta, target):
    """The largest next temperature that keeps the effective sample size, and the weights to resample by."""

    def weigh(new):
        weights = np.exp((new - beta) * (logs - logs.max()))
        return weights / weights.sum()

    def effective(new):
        return 1 / (weigh(new) ** 2).sum() / len(logs)

    if effective(1.0) >= target:
        return 1.0, weigh(1.0)
    low, high = beta, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(middle) >= target else (low, middle)
    return low, weigh(low)
