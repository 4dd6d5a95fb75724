"""The table of the priors in force on the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from energy_impact._language import ENGLISH, digits, language, say, say_as
from energy_impact.results import words
from energy_impact.results.report.markup import element, join, table

if TYPE_CHECKING:
    import pandas as pd

    from energy_impact.results.report.markup import Markup
    from energy_impact.results.report.tables import Row

_LEARNED = re.compile(r"learned from real outages \((?P<number>\d+) of kind (?P<kind>\w+);.*\)")


def prior_table(priors: pd.DataFrame) -> Markup:
    """Return every prior in force; names stay as code has them."""
    header = (
        say("Name"),
        say("Meaning"),
        say("Unit"),
        say("Scale"),
        say("Median"),
        say("Spread"),
        say("Loading"),
        say("Source"),
        say("Places"),
    )
    rows = map(_cells, priors.to_dict("records"))
    return table("priors", say("Priors in force"), header, rows, kinds="ttttnnntt")


def _cells(prior: Row) -> tuple[str, ...]:
    return (
        element("code", prior["name"]),
        _meaning(prior["meaning"]),
        say_as("prior", prior["unit"]),
        say_as("prior", prior["prior"]),
        *(digits(_number(prior[name])) for name in ("median", "spread", "loading")),
        _source(prior["source"]),
        ", ".join(map(words.place, filter(None, prior["places"].split(", ")))),
    )


def _number(value: float) -> str:
    """Return a number to three digits; a large one in full, such as a number of customers."""
    short = f"{value:.3g}"
    return f"{float(short):,.0f}" if abs(value) >= 1000 else short


def _meaning(meaning: str) -> str:
    system, _, own = meaning.partition(": ")
    return f"{say_as('system', system)}: {say_as('prior', own)}" if own else say_as("prior", meaning)


def _source(source: str) -> str:
    """Return the source of a prior; what no catalogue has, such as a citation, is marked as English."""
    if language() == ENGLISH:
        return source
    if learned := _LEARNED.fullmatch(source):
        kind = say_as("event", learned["kind"].replace("_", " "))
        return say("learned from real outages ({number} of kind {kind})", number=learned["number"], kind=kind)
    first, _, rest = source.partition("; ")
    said = say_as("prior", first)
    if said == first:
        return element("span", source, lang=ENGLISH)
    return join([said, "; ", element("span", rest, lang=ENGLISH)]) if rest else said
