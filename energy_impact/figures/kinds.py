"""The kinds of figure: one record each for all that a kind means. A new one is a new record here.

How a series is read for a kind, and at which steps it must be known, is in `inference/observation.py`, by the name in
`Kind.reads`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from energy_impact._checks import check_choice
from energy_impact.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from energy_impact.records import Quantity

Reads = Literal["value", "rise", "lowest", "highest"]


def _never(_quantity: Quantity) -> bool:
    return False


def _always(_quantity: Quantity) -> bool:
    return True


def is_restored(quantity: Quantity) -> bool:
    """Return whether a quantity counts what was given service back, since its period began."""
    return quantity.cumulative


def _is_weather(quantity: Quantity) -> bool:
    return quantity.role == "input" and quantity.is_temperature


@dataclass(frozen=True)
class Kind:
    """
    What a kind of figure means.

    Attributes
    ----------
    name : str
        As the table of figures has it.
    meaning : str
        What the number is.
    reads : {"value", "rise", "lowest", "highest"}
        How the series of its quantity is read for it.
    label : str
        What the page adds to its number.
    over_period : bool
        Whether it speaks of a period, and so needs the start of one.
    understood : callable
        Of which quantities the start goes without saying: since the latest event at the place, or the day before.
    fitted : callable
        Of which quantities the fit can read it.
    on_curve : bool
        Whether its number lies on the curve of its quantity, in weather and in pictures.
    extreme : int
        -1 for the lowest value of its period, 1 for the highest, 0 for neither.
    counts_again : bool
        Whether it may count one thing twice, so that it may be above the stock.
    """

    name: str
    meaning: str
    reads: Reads
    label: str = ""
    over_period: bool = True
    understood: Callable[[Quantity], bool] = _never
    fitted: Callable[[Quantity], bool] = _always
    on_curve: bool = True
    extreme: int = 0
    counts_again: bool = False

    def needs_start(self, quantity: Quantity) -> bool:
        """Return whether a figure of this kind must state when its period began."""
        return self.over_period and not self.understood(quantity)


_TABLE = (
    Kind("stock", "the value at the time", "value", over_period=False),
    Kind(
        "flow",
        "what was counted since the period's start",
        "rise",
        "over a period",
        understood=is_restored,
        fitted=is_restored,
        on_curve=False,
        counts_again=True,
    ),
    Kind("change", "the value less that at the period's start", "rise", "change", on_curve=False),
    Kind("minimum", "the lowest value of the period", "lowest", "lowest", understood=_is_weather, extreme=-1),
    Kind("maximum", "the highest value of the period", "highest", "highest", understood=_is_weather, extreme=1),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _TABLE}


def kind_of(name: str) -> Kind:
    """
    Return the record of a kind.

    Raises
    ------
    ValueError
        If there is none of that name; the message holds those that there are and the nearest.
    """
    check_choice("kind", name, KINDS)
    return KINDS[name]


def read_as(kind: str, quantity: str) -> Kind:
    """Return the kind that a figure is read as: what was restored is a flow, whatever it is called."""
    return KINDS["flow"] if is_restored(QUANTITIES[quantity]) else kind_of(kind)
