"""A slow, exact answer to hold the fast fit against: tempered sequential Monte Carlo with the wordings' likelihoods."""

from __future__ import annotations

import numpy as np

from energy_impact.model.blocks import draw_normal
from energy_impact.prepare import prepare
from energy_impact.report_runs import predict

ACCEPTED = 0.25
"""Share of proposals that the length of the steps is steered to."""
LAST = 3
"""How many times longer members move at the last temperature, that of the posterior."""


def log_likelihood_of(prepared):
    """Return the log-likelihood of standard-normal numbers (rows, members) under the exact wordings."""

    def log_likelihoods(normal):
        predicted = predict(prepared, normal)[1]
        return sum(report.log_likelihood(row) for row, report in zip(predicted, prepared.reports, strict=True))

    return log_likelihoods


def sample(scenario, *, members=2048, moves=15, rng=0):
    """Members of the exact posterior, (rows, members), and how many forward runs they cost."""
    generator = np.random.default_rng(rng)
    prepared = prepare(scenario)
    normal = draw_normal(prepared.layout, members, generator).astype(float)
    return temper(normal, log_likelihood_of(prepared), generator, moves=moves)


def temper(normal, evaluate, generator, *, moves, target=0.6):
    """
    Bring standard-normal members (rows, members) to the posterior of a log-likelihood; also counts its calls.

    Temperatures are chosen so that the effective sample size stays at `target`. After each resampling members make
    `moves` preconditioned Crank-Nicolson steps (Cotter et al. 2013, doi:10.1214/13-STS421) about a normal reference
    with the mean and spread of the members as they were resampled, so that it is fixed while they move.
    """
    members = normal.shape[1]
    logs, beta, runs, step = evaluate(normal), 0.0, 1, 0.5
    while beta < 1:
        beta, weights = _next_temperature(logs, beta, target)
        chosen = np.searchsorted(np.cumsum(weights), (np.arange(members) + generator.uniform()) / members)
        chosen = np.minimum(chosen, members - 1)
        normal, logs = normal[:, chosen], logs[chosen]
        reference = normal.mean(1, keepdims=True), np.maximum(normal.std(1, keepdims=True), 0.05)
        for _ in range(moves * (LAST if beta >= 1 else 1)):
            accepted = _move(normal, logs, evaluate, beta, step, reference, generator)
            step = float(np.clip(step * np.exp(accepted - ACCEPTED), 0.02, 0.95))
            runs += 1
    return normal, runs


def _move(normal, logs, evaluate, beta, step, reference, generator):
    """
    Move the members, in place, by one step that leaves the tempered posterior as it is; the share that moved.

    The proposal is reversible with respect to the reference, so the acceptance ratio is that of likelihoods, tempered,
    times that of priors over references.
    """
    mean, scale = reference
    proposal = mean + np.sqrt(1 - step**2) * (normal - mean) + step * scale * generator.standard_normal(normal.shape)
    told = evaluate(proposal)
    gain = beta * (told - logs) + _excess(proposal, mean, scale) - _excess(normal, mean, scale)
    accept = np.log(generator.uniform(size=len(logs))) < gain
    normal[:, accept], logs[accept] = proposal[:, accept], told[accept]
    return accept.mean()


def _excess(normal, mean, scale):
    """Log of the standard-normal prior over the reference normal, up to a constant."""
    return -0.5 * (normal**2 - ((normal - mean) / scale) ** 2).sum(0)


def _next_temperature(logs, beta, target):
    """Return the largest next temperature that keeps the effective sample size, and the weights to resample by."""

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
