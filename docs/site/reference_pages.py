"""Pages of the reference, made from the library itself: public names, parameters, quantities, wordings, columns."""

from __future__ import annotations

import inspect
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import energy_impact as ei
from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.figures.qualifiers import ORDERS, QUALIFIERS
from energy_impact.model.learned import EVENTS_BEHIND
from energy_impact.quantities import QUANTITIES
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Iterable

GROUPS = {
    "State what happened": ("places", "scenario", "weather_files", "figures.table", "text"),
    "Get an answer": ("run", "streaming", "many", "prior_tables"),
    "Read the answer": ("results",),
    "See whether it is any good": ("validation",),
}
"""Headings of public names, and the modules whose names stand under each; the rest stands under `REST`."""
PROPERTIES = (property, cached_property)
REST = "Count series, published curves and cold"
Z90 = 1.645
BLOCK = re.compile(r"^## (\S+)\n+```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> dict[str, str]:
    """Return the examples of public names whose own help has none, and the set-up, by name."""
    return dict(BLOCK.findall(Path(__file__).with_name("examples.md").read_text(encoding="utf-8")))


def public_names() -> dict[str, object]:
    """Return every public function and class, and every public method and property as `Class.name`."""
    found: dict[str, object] = {}
    for name in ei.__all__:
        thing = getattr(ei, name)
        if callable(thing):
            found[name] = thing
        if inspect.isclass(thing):
            found |= {f"{name}.{key}": member for key, member in _members(thing).items()}
    return found


def _members(owner: type) -> dict[str, object]:
    """Return public methods and properties, without attributes that a table of the class explains."""
    every = {key: inspect.getattr_static(owner, key) for key in dir(owner) if not key.startswith("_")}
    kinds = (*PROPERTIES, classmethod, staticmethod)
    return {key: member for key, member in every.items() if inspect.isfunction(member) or isinstance(member, kinds)}


def first_line(thing: object) -> str:
    """Return the first line of a name's help."""
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


def example(name: str, thing: object) -> str:
    """Return the example of a name as its page shows it, to be pasted and run; empty if there is none."""
    if name in examples():
        return _with_set_up(examples()[name])
    return (inspect.getdoc(thing) or "").partition("\nExamples\n----")[2]


def api_pages() -> dict[str, str]:
    """Return the page of each public name, and their list, by file name."""
    names = public_names()
    pages = {f"{name}.md": _api_page(name, thing, names) for name, thing in names.items()}
    return {**pages, "index.md": _api_index(names)}


def _api_page(name: str, thing: object, names: dict[str, object]) -> str:
    kind = "class" if inspect.isclass(thing) else "property" if isinstance(thing, PROPERTIES) else "function"
    kind = "method" if "." in name and kind == "function" else kind
    parts = [f"# {name}", f"```{{eval-rst}}\n.. auto{kind}:: energy_impact.{name}\n```"]
    own = {key: value for key, value in names.items() if key.startswith(f"{name}.")}
    if name in examples():
        parts += ["## Example", f"```pycon\n{_with_set_up(examples()[name])}```"]
    if own:
        rows = [(f"[`{key.split('.')[1]}`]({key}.md)", first_line(value)) for key, value in own.items()]
        parts += [
            "## Methods and properties",
            table(("name", "what it is"), rows),
            toctree(f"{key.split('.')[1]} <{key}>" for key in own),
        ]
    return "\n\n".join(parts) + "\n"


def _with_set_up(code: str) -> str:
    """Return an example after the lines of the set-up that it needs, and those that these need."""
    for line in reversed(examples()["Set-up"].splitlines(keepends=True)):
        name = "ei" if " import " in line else line.split()[1]
        if re.search(rf"(?<![.\w]){name}\b", code):
            code = line + code
    return code


def _api_index(names: dict[str, object]) -> str:
    top = {name: thing for name, thing in names.items() if "." not in name}
    placed: dict[str, list[tuple[str, str]]] = {heading: [] for heading in (*GROUPS, REST)}
    for name, thing in top.items():
        placed[_heading(thing)].append((f"[`{name}`]({name}.md)", first_line(thing)))
    parts = ["# Public names", "All of them are in `energy_impact`, imported as `ei` in the examples."]
    for heading, rows in placed.items():
        parts += [f"## {heading}", table(("name", "what it is"), rows)]
    return "\n\n".join([*parts, toctree(top)]) + "\n"


def _heading(thing: object) -> str:
    module = inspect.unwrap(thing).__module__.removeprefix("energy_impact.")  # type: ignore[arg-type]
    fits = [heading for heading, starts in GROUPS.items() if any(f"{module}.".startswith(f"{at}.") for at in starts)]
    return fits[0] if fits else REST


def parameters_page() -> str:
    """Return the page of all priors."""
    kinds = [(f"`{name}`", EVENT_KINDS[name].meaning, *behind) for name, behind in EVENTS_BEHIND.items()]
    parts = [
        "# Parameters",
        "Every prior of the model, as [`ei.priors()`](api/priors.md) returns it. The range holds 90 % of the prior. A "
        "kind is named where it has a prior of its own. A scenario may replace any of them "
        "([files](files.md#a-scenario)).",
        "## Kinds of event",
        "How many real outages stand behind the priors learned for each kind.",
        table(("kind of event", "meaning", "events", "utilities or events apart"), kinds),
        "## Priors",
    ]
    rows = [
        (
            f"`{row.name}`" + (f" ({row.kind})" if row.kind != "any" else ""),
            row.meaning,
            row.unit,
            f"{row.median:.3g}",
            " to ".join(map(_two_digits, range_of(row.prior, row.median, row.spread))),
            row.source,
        )
        for row in ei.priors().itertuples()
    ]
    return "\n\n".join([*parts, table(("name", "meaning", "unit", "median", "range", "source"), rows)]) + "\n"


def _two_digits(number: float) -> str:
    """Return a number to two digits; a large one in full."""
    return f"{float(f'{number:.2g}'):,g}"


def range_of(scale: str, median: float, spread: float) -> tuple[float, float]:
    """Return the central 90 % range of a prior in its unit."""
    step = np.array([-1, 1]) * Z90 * spread
    if scale == "log":
        ends = median * np.exp(step)
    elif scale == "logit":
        ends = 1 / (1 + (1 - median) / median * np.exp(-step))
    else:
        ends = median + step
    return float(ends[0]), float(ends[1])


def quantities_page() -> str:
    """Return the page of all quantities, by system."""
    parts = [
        "# Quantities",
        "What a figure can report, and what an estimate can be asked for. An outcome is computed by the model, an "
        "input is given to it, and context is kept for readers only.",
    ]
    for system in (*SYSTEMS, None):
        rows = [
            (f"`{row.name}`", row.title, row.unit, row.role, f"`{row.stock}`" if row.stock else "")
            for row in QUANTITIES.values()
            if row.system == system
        ]
        heading = (system or "several systems, or none").capitalize()
        parts += [f"## {heading}", table(("name", "meaning", "unit", "role", "share of"), rows)]
    return "\n\n".join(parts) + "\n"


def wordings_page() -> str:
    """Return the page of all qualifiers."""
    rows = [
        (
            f"`{row.name}`",
            row.meaning + _counts(row.name),
            ", ".join(row.also),
            row.mark,
            ", ".join(sorted(row.speaks_of)),
        )
        for row in QUALIFIERS.values()
    ]
    parts = [
        "# Wordings",
        "What each qualifier of a figure means. [Why](wording.md) gives the reasons, and the kinds of figure.",
        table(("qualifier", "the true value is", "also", "drawn as", "of a"), rows),
        "The likelihood of each wording for the true value, with its highest point at the same height everywhere. "
        "Numbers of a picture stand above it.",
        "![Likelihood of the true value under each qualifier](wordings.png)",
    ]
    return "\n\n".join(parts) + "\n"


def _counts(name: str) -> str:
    """Return the counts that a word for an order of magnitude means; empty for other qualifiers."""
    return ": {:,} to {:,}".format(*ORDERS[name]) if name in ORDERS else ""


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def toctree(names: Iterable[str]) -> str:
    """Return a hidden list of pages."""
    return "```{toctree}\n:hidden:\n\n" + "\n".join(names) + "\n```"
