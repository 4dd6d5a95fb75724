"""Record classes of systems and quantities.

The rows are in `systems.py` and `quantities.py`. A record holds everything that the library knows about its system or
quantity; a missing entry raises when the rows are registered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal["outcome", "input", "context"]
Measure = Literal["sum", "mean", "hours", "places", "where_out", "share_back", "lacking", "difference", "beyond"]
Lacking = Literal["one", "two", "every"]
Line = str | tuple[float, tuple[float, ...]]
"""A line as matplotlib takes it: its name, or an offset and the lengths of dashes and gaps."""


@dataclass(frozen=True)
class Stock:
    """
    A kind of stock that a place may have.

    Attributes
    ----------
    name : str
        Also the field of a `Place`, and of a table of places with `_low` and `_high` behind it.
    title, unit : str
    required : bool
        Whether a table of places must have its columns.
    """

    name: str
    title: str
    unit: str
    required: bool = True


@dataclass(frozen=True)
class State:
    """
    A state of a system that a run can record, as a share of the stock unless stated otherwise.

    Attributes
    ----------
    name, meaning : str
    counted : bool
        Whether published counts exist for it, so that the level noise of its system applies.
    of_balance : bool
        Whether it comes from the balance of supply and demand, which only some events upset.
    after_run : bool
        Whether it is computed from other states after the run instead of step by step.
    below_c : float or None
        For a share of homes below a temperature, that temperature. [degC]
    """

    name: str
    meaning: str
    counted: bool = False
    of_balance: bool = False
    after_run: bool = False
    below_c: float | None = None


@dataclass(frozen=True)
class Hit:
    """
    Names of the parameters that say how much an event takes.

    Attributes
    ----------
    share, of_place : str
        The share taken, and a place's own deviation from it.
    kinds : tuple of str
        Kinds of event that have any effect.
    at_all : str or None
        Whether an attack that only names a place hits the system there, as a quantile; None = it always does.
    """

    share: str
    of_place: str
    kinds: tuple[str, ...]
    at_all: str | None = None


@dataclass(frozen=True)
class Follows:
    """
    Names of the parameters that say how a system follows power.

    Attributes
    ----------
    dependence : str
        The share of the system that needs grid power.
    buffer_h : str
        The time constant with which a power loss reaches it, and its loss the systems that need it.
    """

    dependence: str
    buffer_h: str


@dataclass(frozen=True)
class Need:
    """
    A share of one system that needs another, besides power, by place.

    Attributes
    ----------
    name : str
        Key of `Plan.feedback`.
    field : str
        Field of a `Place`, and column of a table of places.
    needing, needed : str
        Systems.
    meaning : str
        The quantity that it is a share of.
    """

    name: str
    field: str
    needing: str
    needed: str
    meaning: str


@dataclass(frozen=True)
class System:
    """
    One system of a place.

    Attributes
    ----------
    name : str
    stocks : tuple of str
        A place with any of these stocks has the system; its states are shares of the first.
    states : tuple of State
    out, most_out : str
        States: the share out of service, and the largest at once since the latest event began.
    restored, drained : str or None
        States: the total fall of the share out since the start; the share of heating circuits that are drained. None =
        not followed.
    count, people : str
        Quantities: how much of the stock, and how many residents, are out of service.
    hit : Hit
        The effect of events on it.
    parameters : mapping of str to str
        Names of its own parameters by role; every system has all the roles of power.
    follows : Follows or None
        How it follows power; None for power itself.
    needs : tuple of Need
        What it needs besides power.
    always_drawn : bool
        Whether its parameters are drawn even if no place has it, so that a seed keeps giving the same members.
    colour, line : str
        Of its curves; distinct with any colour vision (Okabe and Ito 2008), and without colour.
    """

    name: str
    stocks: tuple[str, ...]
    states: tuple[State, ...]
    out: str
    most_out: str
    restored: str | None
    count: str
    people: str
    hit: Hit
    parameters: Mapping[str, str]
    follows: Follows | None
    colour: str
    line: Line
    drained: str | None = None
    needs: tuple[Need, ...] = ()
    always_drawn: bool = False

    @property
    def stock(self) -> str:
        """The stock that its states are shares of."""
        return self.stocks[0]

    @property
    def drawn(self) -> tuple[str, ...]:
        """Names of all parameters and sizes that are its own."""
        follows = () if self.follows is None else (self.follows.dependence, self.follows.buffer_h)
        hit = (self.hit.share, self.hit.of_place, *(() if self.hit.at_all is None else (self.hit.at_all,)))
        return (*self.parameters.values(), *hit, *follows, *self.stocks)


@dataclass(frozen=True)
class Size:
    """
    Total of a quantity in a place, derived from one of its stocks.

    Attributes
    ----------
    stock : str
    times, over : str or None
        Number per building by which to multiply or divide the stock.
    at_most : str or None
        Stock that is an upper bound, where known.
    """

    stock: str
    times: str | None = None
    over: str | None = None
    at_most: str | None = None

    @property
    def bound(self) -> str | None:
        """The stock that is an upper bound; None if it is converted per building."""
        return self.at_most or (None if self.times or self.over else self.stock)


@dataclass(frozen=True)
class Quantity:
    """
    A quantity that a figure can report.

    Attributes
    ----------
    name, unit : str
    meaning : str
        For a count, starts with the noun that follows the number; for a share, with "share".
    system : str or None
        None if it belongs to no system or to several.
    states : tuple of str
        States that it is computed from, as far as the scenario follows their systems; empty if it is not modelled.
    size : Size or None
        Total that the states are shares of. Every part of a place must know its stock.
    measure : str
        How states become a number: a key of `model.people.MEASURES`.
    role : {"outcome", "input", "context"}
        Output of the model, input to it, or for readers only.
    restores : str or None
        Quantity whose restoration it counts.
    restates : str or None
        Quantity that it says in another way. It is listed only where a figure reports it, and answered when asked for.
    people : str or None
        Quantity that counts the residents affected.
    person_hours : str or None
        Name of its sum over time in `Estimate.impact`.
    lacking : {"one", "two", "every"} or None
        How many services residents lack at least.
    main : int or None
        Rank among the curves to show first, in tens to leave room; None: never among them.
    short : bool
        Whether it is in the short table.
    part_of : str or None
        Quantity that contains it.
    sum_of : tuple of str
        Quantities that add up to it, of one source and event.
    grows : bool
        Whether its count can only grow.
    event_number : str or None
        Field of an event that it reports.
    beyond : str or None
        Stock of which only the excess counts, place by place.
    """

    name: str
    unit: str
    meaning: str
    system: str | None = None
    states: tuple[str, ...] = ()
    size: Size | None = None
    measure: Measure = "sum"
    role: Role = "outcome"
    restores: str | None = None
    restates: str | None = None
    people: str | None = None
    person_hours: str | None = None
    lacking: Lacking | None = None
    main: int | None = None
    short: bool = False
    part_of: str | None = None
    sum_of: tuple[str, ...] = ()
    grows: bool = False
    event_number: str | None = None
    beyond: str | None = None

    @property
    def title(self) -> str:
        """The meaning with a degree sign, for output that can show it."""
        return self.meaning.replace("degC", "°C")

    @property
    def stock(self) -> str | None:
        """The stock that bounds it, and that a share of it refers to; None if there is none."""
        return None if self.size is None or self.restores or self.is_temperature else self.size.bound

    @property
    def is_temperature(self) -> bool:
        """Whether values are in degC and may be negative."""
        return self.unit == "degC"

    @property
    def is_share(self) -> bool:
        """Whether values lie in [0, 1]."""
        return self.unit == "share"

    @property
    def cumulative(self) -> bool:
        """Whether it counts since the start, so that a figure reports the increase over a period."""
        return self.restores is not None and not self.is_share

    @property
    def adds_up(self) -> bool:
        """Whether its integral over time is meaningful, such as building-hours."""
        return not (self.restores or self.is_temperature or self.unit == "h/day")

    @property
    def restorable(self) -> bool:
        """Whether it counts something out of service, so that it has a restoration time."""
        return self.adds_up and not self.is_share

    @property
    def needs(self) -> tuple[str, ...]:
        """Stocks that must be known for every place."""
        named = (None if self.size is None else self.size.stock, self.beyond)
        return tuple(stock for stock in named if stock is not None)
