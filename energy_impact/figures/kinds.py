"""The kinds of figure: one record holds the full meaning of a kind. A new kind is a new record here.

`inference/observation.py` reads a series for a kind, at the steps it needs, by the name in `Kind.reads`.
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
    """Return whether a quantity counts restorations since the start of its period."""
    return quantity.cumulative


def _is_weather(quantity: Quantity) -> bool:
    return quantity.role == "input" and quantity.is_temperature


@dataclass(frozen=True)
class Kind:
    """
    The meaning of a kind of figure.

    Attributes
    ----------
    name : str
        As in the table of figures.
    meaning : str
        Meaning of the number.
    reads : {"value", "rise", "lowest", "highest"}
        How to read the series of its quantity.
    label : str
        Text that the page adds to its number.
    over_period : bool
        Whether it describes a period, and so needs its start.
    understood : callable
        Whether the start is understood for a quantity: since the latest event at the place, or the day before.
    fitted : callable
        Whether the fit can use it for a quantity.
    on_curve : bool
        Whether its number lies on the curve of its quantity, in weather and in plots.
    extreme : int
        -1 for the lowest value of its period, 1 for the highest, 0 for neither.
    counts_again : bool
        Whether it may count one thing twice, and so exceed the stock.
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
        """Return whether a figure of this kind must state the start of its period."""
        return self.over_period and not self.understood(quantity)


_TABLE = (
    Kind("stock", "the value at the time", "value", over_period=False),
    Kind(
        "flow",
        "the count since the start of the period",
        "rise",
        "over a period",
        understood=is_restored,
        fitted=is_restored,
        on_curve=False,
        counts_again=True,
    ),
    Kind("change", "the value minus that at the start of the period", "rise", "change", on_curve=False),
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
        If the name is unknown; the message lists the kinds and suggests the nearest.
    """
    return KINDS[check_choice("kind", name, KINDS)]


def read_as(kind: str, quantity: str) -> Kind:
    """Return the kind used to read a figure: restored counts are flows, whatever their stated kind."""
    return KINDS["flow"] if is_restored(QUANTITIES[quantity]) else kind_of(kind)
