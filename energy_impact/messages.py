"""
All messages of the library, and the catalogues brought up to date with them.

    python -m energy_impact.messages

adds what is missing in each `translations/*.po`, without a translation, and drops what is no longer said.
"""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from energy_impact._catalogue import Entry, read_entries, written
from energy_impact._data import shipped_text
from energy_impact._files import write_whole
from energy_impact._language import CATALOGUES, MONTHS, NUMBER, WEEKDAYS
from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.figures.kinds import KINDS
from energy_impact.figures.qualifiers import QUALIFIERS
from energy_impact.model.layout import SIZE_MEANING
from energy_impact.model.parameters import TABLE, J, P, Transform
from energy_impact.places import CROSS_NEEDS, shipped_places
from energy_impact.prior_tables import GIVEN_SOURCE, JUDGED_SOURCE
from energy_impact.quantities import COLD_LIMITS_C, QUANTITIES
from energy_impact.results.record import NAMES
from energy_impact.scenario import load_scenario, scenarios
from energy_impact.scenario.events import EVENT_NUMBERS
from energy_impact.scenario.outlook import TRUCE_SCOPES
from energy_impact.systems import STOCKS, SYSTEMS
from energy_impact.units import NUMBER_UNITS, WHOLE_UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PACKAGE = Path(__file__).resolve().parent
HOME = "Europe/Kyiv"
"""Timezone of the places that articles name and that get a name in each catalogue."""


def messages() -> list[Entry]:
    """Return every message once: those in the code, file by file, then those made from tables."""
    found = [Entry(None, NUMBER)]
    for path in sorted(PACKAGE.rglob("*.py")):
        found += _in_code(ast.parse(path.read_text(encoding="utf-8")))
    tables = (Entry(context, text) for context, texts in _tables().items() for text in texts)
    return list(dict.fromkeys([*found, *tables, *_counts()]))


def _in_code(tree: ast.AST) -> Iterator[Entry]:
    """Yield the messages that calls in a file hold; those of variables are marked where they stand, or in tables."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MAKE):
            continue
        texts = [given.value for given in node.args if isinstance(given, ast.Constant) and isinstance(given.value, str)]
        make, needed = _MAKE[node.func.id]
        if len(texts) >= needed:
            yield make(*texts[:needed])


_MAKE: dict[str, tuple[Callable[..., Entry], int]] = {
    "say": (lambda text: Entry(None, text), 1),
    "mark": (lambda text: Entry(None, text), 1),
    "say_as": (Entry, 2),
    "say_plural": (lambda one, many: Entry(None, one, many), 2),
    "say_count": (lambda text: Entry(None, text, text), 1),
    "say_count_as": (lambda context, text: Entry(context, text, text), 2),
}
"""How a message follows from the texts in a call, by function, and how many texts that takes."""


def _tables() -> dict[str, Iterable[str]]:
    """Return the messages that records hold, by context."""
    people = [*(system.people for system in SYSTEMS.values()), *COLD_LIMITS_C]
    kinds = [name.replace("_", " ") for name in EVENT_KINDS]
    return {
        "quantity": [row.title for row in QUANTITIES.values()],
        "people are": [QUANTITIES[name].title.partition(" ")[2] for name in people],
        "unit": NUMBER_UNITS,
        "place": _places(),
        "event": kinds,
        "since": [f"the {kind} of {{day}}" for kind in kinds],
        "status": ["fitted", "figures contradict", "prior only"],
        "title": [load_scenario(name).title for name in scenarios()],
        "name of an event": _event_names(),
        "of real": NAMES.values(),
        "of a date": MONTHS,
        "short": [month[:3] for month in MONTHS],
        "of": WEEKDAYS,
        "on": WEEKDAYS,
        "qualifier": [qualifier.words for qualifier in QUALIFIERS.values()],
        "kind of figure": [*KINDS, *(kind.label for kind in KINDS.values() if kind.label)],
        "relation": ["contradict", "same fact"],
        "number of an event": [name.replace("_", " ").capitalize() for name in EVENT_NUMBERS],
        "strikes on": TRUCE_SCOPES,
        "system": SYSTEMS,
        "without": SYSTEMS,
        "stock": [stock.title for stock in STOCKS.values()],
        "condition": [name.replace("_", " ") for name in ("near_front", "shared_crews", *CROSS_NEEDS)],
        "prior": _priors(),
        "legend": ["figure", "not used", "at least", "up to", "range"],
    }


def _event_names() -> Iterator[str]:
    return (event.name for name in scenarios() for event in load_scenario(name).events if event.name)


def _places() -> list[str]:
    """Return the places of the shipped tables and scenarios, and those at home that articles name."""
    named = tomllib.loads(shipped_text("energy_impact.text", "lexicons/names.toml"))
    roots = [place for name in scenarios() for place in load_scenario(name).places]
    parts = [part.name for place in roots for part in place.walk()]
    towns = tomllib.loads(shipped_text("energy_impact.text", "lexicons/gazetteer.toml"))["cities"].get(HOME, ())
    home = (name for name, known in named.items() if known.get("zone") == HOME)
    return [*shipped_places(), *parts, *home, *(spelt.split("/")[0] for spelt in towns)]


def _priors() -> Iterator[str]:
    """Yield meanings of the priors, without the name of their system, their units and scales, and the usual sources."""
    yield SIZE_MEANING
    for parameter in TABLE:
        system, _, own = parameter.meaning.partition(": ")
        yield own if system in SYSTEMS else parameter.meaning
    yield from (parameter.unit for parameter in TABLE)
    yield from ("count", *get_args(Transform))
    yield from (J, P, JUDGED_SOURCE, GIVEN_SOURCE, "scenario")


def _counts() -> Iterator[Entry]:
    """Yield a number of each quantity that counts something."""
    for row in QUANTITIES.values():
        if row.unit in WHOLE_UNITS and row.states:
            text = f"{{number}} {row.title}"
            yield Entry("about", text, text)


def updated(text: str) -> str:
    """Return a catalogue with the messages of the library, in their order, and the translations that it had."""
    header, *known = read_entries(text)
    forms = {entry.key: entry.forms for entry in known}
    size = len(next((entry.forms for entry in known if entry.plural is not None), ("",)))
    found = []
    for entry in messages():
        empty = ("",) if entry.plural is None else ("",) * size
        found.append(entry._replace(forms=forms.get(entry.key, empty)))
    return written([header, *found])


if __name__ == "__main__":
    for path in sorted((PACKAGE / CATALOGUES).glob("*.po")):
        write_whole(path, updated(path.read_text(encoding="utf-8")).encode())
