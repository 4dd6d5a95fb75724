"""Names of quantities, places and the like, in the language in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact._language import ENGLISH, day, language, say, say_as, say_count_as
from energy_impact.quantities import QUANTITIES
from energy_impact.scenario.scenario import UNNAMED

if TYPE_CHECKING:
    from energy_impact.scenario import Scenario


def title(quantity: str) -> str:
    """Return the meaning of a quantity."""
    return say_as("quantity", QUANTITIES[quantity].title)


def plain(quantity: str) -> str:
    """Return the meaning of a quantity; in English without a degree sign, for terminals that lack it."""
    return QUANTITIES[quantity].meaning if language() == ENGLISH else title(quantity)


def column(quantity: str) -> str:
    """Return a quantity as a cell of a table on the terminal: in English its name, to be asked for in Python."""
    return quantity if language() == ENGLISH else title(quantity)


def lacking(quantity: str) -> str:
    """Return how people are whom a quantity counts, as in "without power"."""
    return say_as("people are", QUANTITIES[quantity].title.partition(" ")[2])


def counted(quantity: str, number: float, shown: str) -> str:
    """Return a number of a quantity, as in "5 buildings without water"; elsewhere in the case that "about" asks for."""
    return say_count_as("about", f"{{number}} {QUANTITIES[quantity].title}", number, number=shown)


def unit(name: str) -> str:
    """Return the name of a unit, as it stands behind a number or at an axis."""
    return say_as("unit", name)


def place(name: str) -> str:
    """Return the name of a place, as it is where the language has no other."""
    return say_as("place", name)


def event(kind: str) -> str:
    """Return the name of a kind of event."""
    return say_as("event", kind.replace("_", " "))


def event_name(name: str) -> str:
    """Return the name of an event; one that is not of a shipped scenario stays as it is."""
    return say_as("name of an event", name)


def event_of(kind: str, day: str) -> str:
    """Return an event by its kind and day, as it stands behind "since"."""
    return say_as("since", f"the {kind.replace('_', ' ')} of {{day}}", day=day)


def status(name: str) -> str:
    """Return the status of a run."""
    return say_as("status", name)


def scenario(name: str) -> str:
    """Return the title of a scenario; one that is not shipped stays as it is."""
    return say_as("title", name)


def heading(known: Scenario) -> str:
    """Return what stands above a page or picture: title, else name of a scenario, else its places and last event."""
    if known.title or known.name != UNNAMED:
        return scenario(known.title or known.name)
    places = ", ".join(place(root.name) for root in known.places)
    past = [event for event in known.events if event.time <= known.now]
    if not past:
        return places
    date = day(past[-1].time.tz_convert(known.leaves[0].timezone))
    return say("{places} after {event}", places=places, event=event_of(past[-1].kind, date))
