"""Kinds of event: meaning, start of repair, noise. `systems.py` says which systems each kind damages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EventKind:
    """
    Properties of one kind of event, besides the priors of its parameters.

    Attributes
    ----------
    name, meaning : str
    repair_from_start : bool
        Whether crews can work during the event; otherwise they wait for its end, the all-clear.
    usual_h : (float, float)
        Shortest and longest duration, for events of unknown duration (judgement). [h]
    ramp_sharpness : float
        Exponent of the crews' ramp: a planned shutoff holds its plateau, then returns fast.
    rate_noise_sd, rate_noise_memory : float
        Standard deviation of the logarithm of the repair rate noise, and its correlation from one block to the next.
    level_noise_sd : float
        Stationary standard deviation of the level noise, on the logit scale.
    """

    name: str
    meaning: str
    repair_from_start: bool = False
    usual_h: tuple[float, float] = (0.0, 6.0)
    ramp_sharpness: float = 2.0
    rate_noise_sd: float = 0.6
    rate_noise_memory: float = 0.8
    level_noise_sd: float = 0.4


NO_EVENT = EventKind("start", "the time before any event")

EVENT_KINDS: dict[str, EventKind] = {
    kind.name: kind
    for kind in (
        EventKind("attack", "strikes that damage plants and networks and reduce capability"),
        EventKind(
            "storm",
            "wind, ice, flood or fire that damages networks in many places",
            usual_h=(3.0, 24.0),
            ramp_sharpness=1.5,
            rate_noise_sd=0.9,
            rate_noise_memory=0.99,
            level_noise_sd=0.2,
        ),
        EventKind(
            "planned_shutoff",
            "customers cut off on purpose until an all-clear",
            usual_h=(6.0, 48.0),
            ramp_sharpness=8.0,
            level_noise_sd=0.1,
        ),
        EventKind("grid_failure", "a trip that spreads through the grid, or the loss of a whole grid", True),
        EventKind(
            "heat_accident",
            "failure of a boiler house or a district heating main, without an attack",
            True,
            usual_h=(0.0, 24.0),
        ),
        EventKind(
            "local_fault",
            "failure or sabotage of one cable, line or substation, without loss of capability",
            True,
            usual_h=(0.0, 6.0),
            level_noise_sd=0.2,
        ),
    )
}
"""Noise: the memory and the spread of storms were chosen on storms of utilities left out (of 0.8 to 0.99 and 0.6 to
1.2), their level noise and that of shutoffs and attacks between what forecast best and what held the figures in 90 % of
the bands. A storm is counted by one utility, a shutoff by the one who cut off, an attack by several offices that count
differently; the rest is judgement. Sharpness of storms and shutoffs: the best of 1.5, 2, 3, 4, 6 and 8 in the
likelihood of whole curves."""
