"""What the tables hold of a system and of a quantity: the records, without a row.

`systems.py` and `quantities.py` have the rows. Everything that the library knows of a system or a quantity stands in
its record; what is forgotten raises where the rows are registered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal["outcome", "input", "context"]
Measure = Literal["sum", "mean", "hours", "places", "where_out", "share_back", "lacking"]
Lacking = Literal["one", "two", "every"]
Line = str | tuple[float, tuple[float, ...]]
"""A line as matplotlib takes it: its name, or an offset and the lengths of dashes and gaps."""


@dataclass(frozen=True)
class Stock:
    """
    What a place may have a number of.

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
    What a run can record of a system, as a share of its stock unless said otherwise.

    Attributes
    ----------
    name, meaning : str
    counted : bool
        Whether offices count it, so that the level noise of its system moves it.
    of_balance : bool
        Whether it belongs to the balance of supply and demand, which only some events upset.
    after_run : bool
        Whether it follows from other states once the run is over, and is not stepped with them.
    below_c : float or None
        It is the share of homes below this temperature. [degC]
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
    What an event takes, by parameter.

    Attributes
    ----------
    share, of_place : str
        Parameters: the share taken, and a place's own deviation from it.
    kinds : tuple of str
        Kinds of event that take anything.
    """

    share: str
    of_place: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Follows:
    """
    How a system follows power, by parameter.

    Attributes
    ----------
    dependence : str
        Parameter: the share of it that needs grid power.
    buffer_h : str
        Parameter: the hours until it feels a lack of power, and what needs it a lack of it.
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
        What it is a share of.
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
        A place that knows any of them has the system; shares of the system are shares of the first.
    states : tuple of State
    out, most_out : str
        States: the share out of service, and the largest at once since the latest event began.
    restored, drained : str or None
        States: by how much the share out has fallen since the start; the share of heating circuits that are drained.
        None: not followed.
    count, people : str
        Quantities: how many of its stock, and how many residents, are out of service.
    hit : Hit
        What events put out of service.
    parameters : mapping of str to str
        Its own parameters, by what each is; every system has all that power has.
    follows : Follows or None
        How it follows power; None for power itself.
    needs : tuple of Need
        What it needs besides power.
    always_drawn : bool
        Whether its parameters are drawn even where no place has it, so that a seed goes on to mean the same members.
    colour, line : str
        Of its curves; told apart with any colour vision (Okabe and Ito 2008), and without colour.
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
        return (*self.parameters.values(), self.hit.share, self.hit.of_place, *follows, *self.stocks)


@dataclass(frozen=True)
class Size:
    """
    How many there are of what a quantity counts, from a stock of the place.

    Attributes
    ----------
    stock : str
    times, over : str or None
        What a place has per building, to multiply or divide the stock by.
    at_most : str or None
        Stock that is never exceeded, where a place knows it.
    """

    stock: str
    times: str | None = None
    over: str | None = None
    at_most: str | None = None

    @property
    def bound(self) -> str | None:
        """The stock that it cannot exceed; None for what is converted by building."""
        return self.at_most or (None if self.times or self.over else self.stock)


@dataclass(frozen=True)
class Quantity:
    """
    One thing that a figure can speak of.

    Attributes
    ----------
    name, unit : str
    meaning : str
        Of a count it begins with the noun that a number stands before, of a share with "share".
    system : str or None
        None where it belongs to none, or to several.
    states : tuple of str
        States that it is made of, of those of the systems that a scenario follows; empty: it is not modelled.
    size : Size or None
        What a share of the states is a share of. Every part of a place must know its stock.
    measure : str
        How states become a number; one of the functions of `model.people.MEASURES`.
    role : {"outcome", "input", "context"}
        Answered by the model, taken in by it, or for readers.
    restores : str or None
        Quantity whose return it counts.
    people : str or None
        Quantity that counts the residents whom it stands for.
    person_hours : str or None
        Name of its sum over time in `Estimate.impact`.
    lacking : {"one", "two", "every"} or None
        How many services residents lack at least.
    main : int or None
        Rank among the curves to show first, in tens to leave room; None: never among them.
    short : bool
        Whether it stands in the short table.
    part_of : str or None
        Quantity that contains it.
    sum_of : tuple of str
        Quantities that add up to it, of one source and event.
    grows : bool
        Whether it only grows while it is being counted.
    event_number : str or None
        Field of an event that it tells.
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
    people: str | None = None
    person_hours: str | None = None
    lacking: Lacking | None = None
    main: int | None = None
    short: bool = False
    part_of: str | None = None
    sum_of: tuple[str, ...] = ()
    grows: bool = False
    event_number: str | None = None

    @property
    def title(self) -> str:
        """The meaning with the sign of the degree, where that can be shown."""
        return self.meaning.replace("degC", "°C")

    @property
    def stock(self) -> str | None:
        """The stock of a place that bounds it, and of which a share is a share; None where there is none."""
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
        """Whether it counts since the start, so that figures speak of what was added over a period."""
        return self.restores is not None and not self.is_share

    @property
    def adds_up(self) -> bool:
        """Whether its integral over time has a meaning, as building-hours have."""
        return not (self.restores or self.is_temperature or self.unit == "h/day")

    @property
    def restorable(self) -> bool:
        """Whether it counts what is out, so that it has a time to restore."""
        return self.adds_up and not self.is_share

    @property
    def needs(self) -> tuple[str, ...]:
        """Stocks that every place must know."""
        return () if self.size is None else (self.size.stock,)
