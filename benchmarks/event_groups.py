"""Which real events are one outage, or outages of one utility: what a fair forecast of one leaves out together.

Storms and their like are left out by utility, the other kinds by outage. A utility that is not in `UTILITIES` is an
error, since one that is known under two names would be forecast from itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

BY_UTILITY = ("storm",)
"""Kinds whose groups are utilities."""
UTILITIES = {
    **{name: name for name in ("alliant", "apc", "ausnet", "austin", "bch", "centerpoint", "cmp", "dte", "energex")},
    **{name: name for name in ("entergy", "ergon", "fpl", "gb", "georgia", "jps", "mlgw", "npg", "pge", "pse", "scl")},
    **{name: name for name in ("southwales", "ssen", "teco")},
    "la": "entergy",
    "sepd": "ssen",
    "shepd": "ssen",
}
"""Utility by the end of an event's name."""
WHOLES = {"gb": ("npg", "southwales", "ssen")}
"""Utilities whose counts are sums over others."""
SAME_OUTAGE = {
    "iberia2025_portugal": "iberia-2025-04-28",
    "iberia2025_spain": "iberia-2025-04-28",
    "kyiv_water_2025-10-10": "kyiv-2025-10-10",
    "attack2025sep_berlin": "berlin_power_2025-09-09",
    "ice2023feb_dte": "ice2023feb23_dte",
    "kyiv-2026-01-24": "kyiv-2026-01-20",
    "kharkiv-2026-02-03": "kyiv-2026-02-03",
    "uruguay-2019-06-16": "argentina-2019-06-16",
    "brazil-northeast-2023-08-15": "brazil-north-2023-08-15",
    **{
        f"{place}-2003-08-14": "northeast-2003-08-14"
        for place in ("new-jersey", "ohio", "connecticut", "new-york-city")
    },
    "buenos-aires-2025-03-05-noon": "buenos-aires-2025-03-05-morning",
}
"""Events under another name, of another place or with another attack, that are one outage or share figures."""
TWINS = {
    "alfred2025_energex": "alfred2025_energex",
    "ice2023feb_dte": "ice2023feb23_dte",
    "attack2025sep_berlin": "berlin_power_2025-09-09",
}
"""Tables of published figures of an outage that another source has in full, and its name there."""


def outage_of(event: str) -> str:
    """Return the name of the outage that an event is, or is a part of."""
    return SAME_OUTAGE.get(event, event)


def group_of(event: str, kind: str) -> str:
    """
    Return what is left out together with an event: its utility or its outage.

    Raises
    ------
    ValueError
        If the utility at the end of a storm's name is not known.
    """
    if kind not in BY_UTILITY:
        return outage_of(event)
    end = event.rsplit("_", 1)[-1]
    if end not in UTILITIES:
        raise ValueError(f"{event}: utility {end!r} must be named in UTILITIES of benchmarks/event_groups.py")
    return UTILITIES[end]


def left_out_with(group: str) -> frozenset[str]:
    """Return all groups that are left out with a group: itself, its parts, and the wholes that it is part of."""
    wholes = (whole for whole, parts in WHOLES.items() if group in parts)
    return frozenset({group, *WHOLES.get(group, ()), *wholes})


def priors_without(learned: Mapping[str, Mapping[str, Any]], event: str, kind: str) -> dict[str, dict[str, float]]:
    """
    Return the priors of a kind that were learned without an event, as `ei.Scenario` takes them.

    Parameters
    ----------
    learned : mapping
        `benchmarks/learned_priors.json`, by kind.
    event, kind : str

    Raises
    ------
    ValueError
        If nothing was learned for the kind, or not without the event's utility or outage.
    """
    if kind not in learned:
        raise ValueError(f"{event}: kind must be one of {', '.join(learned)}, got {kind!r}")
    entry = f"without {group_of(event, kind)}"
    if entry not in learned[kind]:
        raise ValueError(
            f"{event}: learned_priors.json has no {entry!r} for {kind}; run learn_priors.py with the event, or use "
            "the shipped priors if nothing was learned from it"
        )
    return {
        name: dict(zip(("median", "spread", "loading"), prior, strict=True))
        for name, prior in learned[kind][entry].items()
    }
