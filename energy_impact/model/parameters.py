"""The parameters of the model: one table of priors.

Kinds of event have their own priors, learned from outages (`learned.py`); a parameter that is not drawn per event
follows the kind of the first event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from energy_impact._register import stop_at
from energy_impact.model.learned import LEARNED
from energy_impact.systems import GAS, HEAT, PER_BUILDING, POWER, STOCKS, SYSTEMS, WATER

if TYPE_CHECKING:
    from energy_impact.records import System

Transform = Literal["log", "logit", "normal"]
Axis = Literal["regime", "event", "system", "place", "block", "knot", "figure", "source", "truce", "job", "grid"]

REGIME: tuple[Axis, ...] = ("regime",)
EVENT: tuple[Axis, ...] = ("event",)
PLACE: tuple[Axis, ...] = ("place",)
GRID: tuple[Axis, ...] = ("grid",)
EVENT_PLACE: tuple[Axis, ...] = ("event", "place")
EACH_JOB: tuple[Axis, ...] = ("event", "place", "job")

J = "judgement"
G = (
    "judgement; gas was back in a day where one station was mended, in a week where houses were relit one by one "
    "(press-interfax-2025-10-08, press-newport-2019-01-27 in seeds/sources.csv)"
)
P = "judgement, with trial fits to reports from Kyiv, Kharkiv and Dnipro (2024 to 2026)"


@dataclass(frozen=True)
class Parameter:
    """
    One row of the table of priors.

    Attributes
    ----------
    transform : {"log", "logit", "normal"}
        Scale on which the prior is normal.
    median, spread : float
        Median in `unit`; standard deviation on the scale of `transform`.
    axes : tuple of str
        Axes along which it is drawn independently: repair regime, event, system, place, block of noise, ...
    of_place : bool
        Whether it is a place's own deviation, which is zero if there is only one place.
    jumps : bool
        Whether predictions can jump with it, so that the fit chooses among draws before it moves any.
    moved : bool
        Whether the fit moves it along the covariances as well, if it jumps; what does not jump is moved.
    common : str
        Standard-normal parameter per event that is half of its variance, if any: common to the places of the event.
    """

    name: str
    meaning: str
    unit: str
    transform: Transform
    median: float
    spread: float
    source: str
    axes: tuple[Axis, ...] = ()
    of_place: bool = False
    jumps: bool = False
    moved: bool = True
    common: str = ""


class Prior(NamedTuple):
    """
    A prior: median in the parameter's unit, spread on its normal scale, and loading.

    The loading is the correlation with the event's difficulty, shared by all parameters with a loading.
    """

    median: float
    spread: float
    loading: float = 0.0


CHRONIC = (1.5e-4, 0.9)
CHRONIC_SOURCE = "median of the week before 49 recorded storms; 5 to 95 % are 3e-5 to 7e-4"


def _by_system(
    system: System,
    rate: float,
    out: float,
    severity: tuple[float, float],
    source: str = P,
    job_share: tuple[float, float] = (0.995, 3.0),
) -> tuple[Parameter, ...]:
    """Return the priors of a system's own parameters; `rate` is the time constant of fast repair [h]."""
    own, hit = system.parameters, system.hit

    def row(
        name: str,
        meaning: str,
        unit: str,
        transform: Transform,
        prior: tuple[float, float],
        axes: tuple[Axis, ...] = (),
        source: str = source,
        *,
        jumps: bool = False,
        moved: bool = True,
        common: str = "",
    ) -> Parameter:
        meaning, of_place = f"{system.name}: {meaning}", name == hit.of_place
        return Parameter(name, meaning, unit, transform, *prior, source, axes, of_place, jumps, moved, common)

    of_event = own["job_h_event"]
    limit = "share out at which crews work at half the rate per fault"
    jobs = "share of a hit held by a few large repairs"
    return (
        row(own["repair_rate"], "repair rate of the fast class", "1/h", "log", (1 / rate, 0.8), REGIME),
        row(own["slow_ratio"], "slow repair rate over fast, below 1", "1", "logit", (0.35, 1.1), REGIME),
        row(own["slow_share"], "share of small faults that need slow repair", "share", "logit", (0.15, 1.5), REGIME),
        row(
            own["lost_share"],
            "share of slow damage that stays lost until `lost_h`",
            "share",
            "logit",
            (0.005, 1.5),
            REGIME,
        ),
        row(own["lost_h"], "hours until the lost part of small faults is restored", "h", "log", (400.0, 0.7), EVENT),
        row(own["job_share"], jobs, "share", "logit", job_share, EVENT_PLACE),
        row(own["job_split"], "share of that on the first of these repairs", "share", "logit", (0.75, 1.5), EVENT),
        row(of_event, "standard number of these hours that places share", "1", "normal", (0.0, 1.0), EVENT, J),
        row(
            own["job_h"],
            "hours until these repairs are done",
            "h",
            "log",
            (7.0, 1.2),
            EVENT_PLACE,
            jumps=True,
            common=of_event,
        ),
        row(own["job_factor"], "factor on them, per repair", "1", "log", (1.0, 0.7), EACH_JOB, jumps=True, moved=False),
        row(
            own["job_rest"], "share of their damage left to the crews afterwards", "share", "logit", (0.003, 2.0), EVENT
        ),
        row(own["crew_limit"], limit, "share", "log", (1.0, 0.9)),
        row(hit.share, "share put out by an event", "share", "logit", severity, EVENT),
        row(hit.of_place, "a place's own deviation of the severity", "logit", "normal", (0.0, 1.0), EVENT_PLACE, J),
        row(own["chronic_share"], "share out by faults between events", "share", "log", CHRONIC, (), CHRONIC_SOURCE),
        row(own["initial_out"], "share out at the start", "share", "logit", (out, 1.5), PLACE, J),
    )


TABLE: tuple[Parameter, ...] = (
    *_by_system(POWER, 6.0, 0.003, (0.35, 0.7)),
    *_by_system(HEAT, 12.0, 0.003, (0.43, 0.8)),
    *_by_system(WATER, 10.0, 0.003, (0.30, 0.8)),
    *_by_system(GAS, 36.0, 0.001, (0.03, 1.8), G, (0.3, 2.5)),
    Parameter(
        "severity_common", "deviation of the severity that all systems share", "logit", "normal", 0.0, 0.7, J, EVENT
    ),
    Parameter(
        "severity_short",
        "deviation of the severity for power of an attack where cuts for lack of supply are reported",
        "logit",
        "normal",
        -1.6,
        0.5,
        "judgement; in January 2026 single attacks cut off 88,000 to 648,000 accounts of Kyiv "
        "(press-novosti-dn-2026-01-24, press-liga-2026-01-10 in seeds/sources.csv)",
    ),
    Parameter("occurs", "whether a possible event happens, as a quantile", "1", "normal", 0.0, 1.0, J, EVENT),
    Parameter("truce_holds", "whether a truce holds, as a quantile", "1", "normal", 0.0, 1.0, J, ("truce",)),
    Parameter(
        "cascade_spread",
        "lines tripped by the trip of one line in a grid failure, below 1",
        "1",
        "logit",
        0.5,
        0.7,
        J,
        EVENT,
    ),
    Parameter(
        "cascade_size", "size of the cascade of a grid failure, as a quantile", "1", "normal", 0.0, 1.0, J, EVENT
    ),
    Parameter(
        "missile_effect",
        "effect of the logarithm of missiles not intercepted on severity",
        "logit",
        "normal",
        0.3,
        0.3,
        J,
    ),
    Parameter(
        "drone_effect", "effect of the logarithm of drones not intercepted on severity", "logit", "normal", 0.3, 0.3, J
    ),
    Parameter(
        "job_split_size",
        "fall of the logit of `job_split` per factor of e in the customers hit",
        "1",
        "log",
        1.0,
        0.3,
        J,
    ),
    Parameter(
        "onset_shape",
        "exponent of an event's hit so far as a power of its elapsed share",
        "1",
        "log",
        0.5,
        0.7,
        J,
        EVENT,
    ),
    Parameter(
        "event_length",
        "length of an event within its known range, as a quantile",
        "1",
        "normal",
        0.0,
        1.0,
        J,
        EVENT,
    ),
    Parameter("start_lag_h", "time until half of the crews are at work", "h", "log", 3.0, 0.7, J, EVENT),
    Parameter("night_factor", "work at night over work by day", "1", "logit", 0.35, 1.0, P),
    Parameter("cold_slowing", "slowing of repair per kelvin of frost", "1/K", "log", 0.012, 0.5, J),
    Parameter("front_factor", "faults between events near a front line over elsewhere", "1", "log", 5.0, 0.7, J),
    Parameter(
        "repair_rate_place", "a place's repair rate over the scenario's", "1", "log", 1.0, 0.3, J, PLACE, of_place=True
    ),
    Parameter(
        "capability_hit",
        "share of generating and transmission capability lost in an event",
        "share",
        "logit",
        0.12,
        1.1,
        P,
        EVENT,
    ),
    Parameter(
        "capability_hit_place",
        "a place's own deviation of the capability hit",
        "logit",
        "normal",
        0.0,
        1.0,
        J,
        EVENT_PLACE,
        of_place=True,
    ),
    Parameter(
        "capability_local",
        "share of lost capability that only the place hit lacks, the rest being its grid's",
        "share",
        "logit",
        0.6,
        1.0,
        J,
    ),
    Parameter(
        "capability_lost_before",
        "share of a grid's capability lost before the start, where nobody reported that supply is short",
        "share",
        "logit",
        0.01,
        1.5,
        J,
        GRID,
    ),
    Parameter(
        "capability_lost_short",
        "the same where cuts for lack of supply are reported",
        "share",
        "logit",
        0.3,
        1.0,
        "judgement; with five of six queues cut, power is off for over 16 hours a day (news.mail.ru/svo/69469012)",
        GRID,
    ),
    Parameter(
        "capability_lost_place",
        "a place's own deviation of that share",
        "logit",
        "normal",
        0.0,
        1.4,
        "judgement; in January 2026 cuts reached 17 to 20 hours a day in Kyiv (news.mail.ru/svo/69469012)",
        PLACE,
        of_place=True,
    ),
    Parameter(
        "capability_repair_rate",
        "repair rate of capability",
        "1/h",
        "log",
        1 / 350,
        0.8,
        "judgement; in Kyiv 800,000 accounts were cut off on 24 January 2026, 610,000 on 28 January "
        "(press-unn-2026-01-25-power, press-unn-2026-01-28 in seeds/sources.csv)",
    ),
    Parameter(
        "capability_margin",
        "undamaged capability over the usual daily peak of demand",
        "1",
        "log",
        1.5,
        0.12,
        "judgement; a grid is built for an evening of deep frost, when demand is a quarter above the usual",
        GRID,
    ),
    Parameter("shed_limit", "largest share of demand that may be shed", "share", "logit", 0.8, 0.56, J),
    Parameter("cold_demand", "rise of demand per kelvin below 5 degC", "1/K", "log", 0.012, 0.3, J),
    Parameter(
        "pickup_excess",
        "extra demand of just-reconnected customers, relative to usual",
        "1",
        "log",
        0.6,
        0.5,
        J,
    ),
    Parameter("pickup_h", "time constant with which that extra demand fades", "h", "log", 2.0, 0.4, J),
    Parameter(
        "heat_buffer_h",
        "time constant with which a power loss reaches heat, and a heat loss power",
        "h",
        "log",
        3.0,
        0.4,
        J,
    ),
    Parameter(
        "water_buffer_h",
        "time constant with which a power loss reaches water, and a water loss power or heat",
        "h",
        "log",
        4.0,
        0.9,
        J,
    ),
    Parameter("heat_dependence", "share of heat supply that needs grid power", "share", "logit", 0.25, 0.8, J),
    Parameter("water_dependence", "share of water supply that needs grid power", "share", "logit", 0.5, 1.2, J),
    Parameter(
        "gas_buffer_h",
        "time constant with which a power loss reaches gas, and a gas loss heat",
        "h",
        "log",
        12.0,
        0.8,
        J,
    ),
    Parameter("gas_dependence", "share of gas supply that needs grid power", "share", "logit", 0.05, 1.0, J),
    Parameter(
        "protected_share",
        "share of heat, water and gas plants spared when power is shed",
        "share",
        "logit",
        0.95,
        0.9,
        J,
    ),
    Parameter(
        "plant_refeed_h",
        "time constant with which plants that damage cut off from power are fed again",
        "h",
        "log",
        4.0,
        0.7,
        "judgement; all of Kyiv had water again on the evenings of 24 and 31 January 2026 "
        "(press-unn-2026-01-24-evening, press-radiosvoboda-2026-01-31 in seeds/sources.csv)",
    ),
    Parameter(
        "at_all_share",
        "probability that an attack that only names a place hits heat, or water, there",
        "share",
        "logit",
        0.25,
        0.5,
        "judgement; heat and water ran in Chernihiv, named on 24 January 2026 and nearly all without power "
        "(press-rbc-2026-01-24 in seeds/sources.csv)",
    ),
    *(
        Parameter(
            name,
            f"whether an attack that only names a place hits {system.name}, as a quantile",
            "1",
            "normal",
            0.0,
            1.0,
            J,
            EVENT_PLACE,
        )
        for system in SYSTEMS.values()
        for name in [system.hit.at_all]
        if name is not None
    ),
    Parameter("drain_rate", "hazard of draining a circuit without supply at -13 degC", "1/h", "log", 1 / 200, 1.2, J),
    Parameter("drain_lag_h", "hours from an event's end until operators drain in earnest", "h", "log", 4.0, 0.4, J),
    Parameter(
        "burst_rate", "hazard that a full circuit without supply bursts at -13 degC", "1/h", "log", 1 / 5000, 1.2, J
    ),
    Parameter("refill_h", "time to refill and bleed a drained circuit", "h", "log", 30.0, 0.4, J),
    Parameter(
        "temperature_offset",
        "deviation of the air temperature in its own standard deviations",
        "1",
        "normal",
        0.0,
        1.0,
        J,
        PLACE,
    ),
    Parameter(
        "service_overlap", "overlap of residents without one service and without another", "share", "logit", 0.5, 1.0, J
    ),
    Parameter(
        "report_time",
        "time of a figure within its uncertainty, as a quantile",
        "share",
        "normal",
        0.0,
        1.0,
        J,
        ("figure",),
    ),
    Parameter("source_bias", "a source's own factor on the odds of being out", "1", "log", 1.0, 0.05, J, ("source",)),
    Parameter(
        "time_constant_factor",
        "factor on the time constants of heated buildings, and on their free rises",
        "1",
        "log",
        1.0,
        0.3,
        J,
    ),
    Parameter("warm_up_h", "time constant of homes that warm up once heat is back", "h", "log", 12.0, 0.5, J),
    Parameter(
        "departed_share",
        "share of the residents of homes below 16 degC who leave if it lasts",
        "share",
        "logit",
        0.25,
        1.1,
        J,
    ),
    Parameter("departure_h", "time constant of leaving homes below 16 degC", "h", "log", 48.0, 0.7, J),
    Parameter("return_h", "time constant of coming back to homes that are warm again", "h", "log", 120.0, 0.7, J),
    Parameter("difficulty", "difficulty of all repair after an event", "1", "normal", 0.0, 1.0, J, ("regime",)),
    Parameter(
        "rate_noise", "repair rate noise before correlation", "1", "normal", 0.0, 1.0, P, ("block", "system", "place")
    ),
    Parameter(
        "fault_noise", "noise of the faults between events", "1", "normal", 0.0, 1.0, P, ("block", "system", "place")
    ),
    Parameter(
        "level_noise",
        "deviation of counts from the model, before correlation",
        "1",
        "normal",
        0.0,
        1.0,
        P,
        ("knot", "system", "place"),
    ),
)

STOCK_PARAMETERS = (*STOCKS, *PER_BUILDING)
"""Sizes of places; their priors come from the scenario's places, not from the table."""

BY_KIND: dict[str, dict[str, Prior]] = {
    kind: {name: Prior(*prior) for name, prior in priors.items()} for kind, priors in LEARNED.items()
}
"""Priors of kinds of event with priors of their own, by kind and parameter, from `learned.py`."""

NOISE = ("rate_noise", "fault_noise", "level_noise")
BY_NAME = {parameter.name: parameter for parameter in TABLE}
CHANGEABLE = tuple(
    name for name in BY_NAME if name not in {*NOISE, "difficulty", *(parameter.common for parameter in TABLE)}
)
"""Parameters whose priors a scenario can change: those that are no standard-normal part of others."""

_DRAWN = {name for system in SYSTEMS.values() for name in system.drawn}
stop_at("parameters", [f"{name}: must have a row in TABLE" for name in sorted(_DRAWN - {*BY_NAME, *STOCKS})])
