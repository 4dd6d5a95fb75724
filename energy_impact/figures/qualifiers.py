"""The qualifiers: one record holds the full meaning of a qualifier. A new qualifier is a new record here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from energy_impact._checks import check_choice
from energy_impact.figures.readings import NOTHING, All, Bound, Order, Range, Reading
from energy_impact.figures.rounding import NEAREST, Exact, Rounded

Subject = Literal["count", "share", "temperature"]
Mark = Literal["point", "arrow", "bar"]

ABOVE, BELOW = 0.10, -0.15
"""Mean surplus of the true value over a lower and under an upper bound, on the log scale (judgement)."""

ORDERS: dict[str, tuple[float, float]] = {
    "dozens": (24, 99),
    "hundreds": (200, 999),
    "thousands": (2_000, 9_999),
    "tens_of_thousands": (20_000, 99_999),
    "hundreds_of_thousands": (200_000, 999_999),
    "millions": (2_000_000, 9_999_999),
}
"""Words for an order of magnitude and the counts that they mean (a plural starts at two; a judgement)."""

_ANY: frozenset[Subject] = frozenset(("count", "share", "temperature"))
_STOCK: frozenset[Subject] = frozenset(("count", "share"))
_COUNT: frozenset[Subject] = frozenset(("count",))


@dataclass(frozen=True)
class Qualifier:
    """
    The meaning of a qualifier.

    Attributes
    ----------
    name : str
        As in the table of figures.
    meaning : str
        Meaning for the true value.
    reading : Reading
        The likelihood of its number or word, the values it allows, the matching Gaussian, and draws.
    mark : {"point", "arrow", "bar"}
        How a figure is drawn: its number, an arrow from its number to the open side, or the range that it allows.
    speaks_of : frozenset of {"count", "share", "temperature"}
        Kinds of number that it can qualify.
    falls_short : bool
        Whether a temperature so qualified was not quite reached: it is above the number for cold and below it for heat.
    also : tuple of str
        Synonyms.
    """

    name: str
    meaning: str
    reading: Reading
    mark: Mark
    speaks_of: frozenset[Subject] = _ANY
    falls_short: bool = False
    also: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The name as in a sentence."""
        return self.name.replace("_", " ")


_TABLE = (
    Qualifier("exact", "the number; one that ends in a zero is read as rounded", Exact(), "point", also=("exactly",)),
    Qualifier(
        "about",
        "the number rounded to the nearest 1, 5, 10, 50, ...",
        NEAREST,
        "point",
        also=("around", "approximately", "roughly", "some", "circa"),
    ),
    Qualifier(
        "at_least",
        "above it, by some 10 % on average",
        Bound(ABOVE),
        "arrow",
        also=("not less than", "no fewer than"),
    ),
    Qualifier(
        "over",
        "the number rounded down; one time in fifty a plain bound like `at_least`",
        Rounded(0.0, 1.0, ABOVE),
        "bar",
        also=("more than", "above", "upwards of"),
    ),
    Qualifier(
        "up_to",
        "below it, by some 15 % on average",
        Bound(BELOW),
        "arrow",
        falls_short=True,
        also=("at most", "no more than", "as many as"),
    ),
    Qualifier(
        "almost",
        "the number rounded up; one time in fifty a plain bound like `up_to`",
        Rounded(-1.0, 0.0, BELOW),
        "bar",
        falls_short=True,
        also=("nearly", "close to"),
    ),
    Qualifier(
        "under",
        "below it, by some 15 % on average",
        Bound(BELOW),
        "arrow",
        also=("less than", "fewer than", "below"),
    ),
    Qualifier("range", "between `value` and `value_high`", Range(), "bar", also=("between",)),
    *(Qualifier(name, "in that order of magnitude", Order(*ends), "bar", _COUNT) for name, ends in ORDERS.items()),
    Qualifier("all", "at least 99 % of the place's stock", All(), "bar", _STOCK, also=("every",)),
    Qualifier("none", "at most 0.5 % of the place's stock", NOTHING, "bar", _STOCK, also=("zero",)),
)

QUALIFIERS: dict[str, Qualifier] = {qualifier.name: qualifier for qualifier in _TABLE}
SAID_ALSO: dict[str, str] = {word: qualifier.name for qualifier in _TABLE for word in qualifier.also}
"""Synonyms, and the qualifier that each one means."""


def qualifier_of(name: str) -> Qualifier:
    """
    Return the record of a qualifier.

    Raises
    ------
    ValueError
        If the name is unknown; the message lists the qualifiers and suggests the nearest.
    """
    return QUALIFIERS[check_choice("qualifier", name, QUALIFIERS)]
