"""Tables of priors: all priors of the model, and those used in a run."""

from __future__ import annotations

import math
from itertools import repeat
from typing import TYPE_CHECKING

from energy_impact.model.learned import EVENTS_BEHIND, JUDGED
from energy_impact.model.parameters import BY_KIND, STOCK_PARAMETERS, TABLE, Prior

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from energy_impact.model.layout import Layout
    from energy_impact.model.parameters import Parameter

JUDGED_SOURCE = "judgement for this kind of event (FIXED in benchmarks/learn_priors.py)"
GIVEN_SOURCE = "given by the scenario"


def priors() -> pd.DataFrame:
    """
    Return every prior of the model, as a scenario may override them.

    Returns
    -------
    DataFrame
        One row per parameter, and one more for each kind of event with a prior of its own: name, meaning, unit, prior
        (the scale on which it is normal: log, logit or normal), median [unit], spread (on that scale), loading
        (correlation with the difficulty of the event), kind ("any" or a kind of event), source.
    """
    import pandas as pd

    rows = []
    for parameter in TABLE:
        own = {kind: known[parameter.name] for kind, known in BY_KIND.items() if parameter.name in known}
        by_kind = {"any": Prior(parameter.median, parameter.spread), **own}
        rows += [
            (
                parameter.name,
                parameter.meaning,
                parameter.unit,
                parameter.transform,
                *prior,
                kind,
                _source(parameter, kind),
            )
            for kind, prior in by_kind.items()
        ]
    columns = ["name", "meaning", "unit", "prior", "median", "spread", "loading", "kind", "source"]
    return pd.DataFrame(rows, columns=columns)


def prior_table(layout: Layout, places: Sequence[str]) -> pd.DataFrame:
    """
    Return the priors that a run used, one row for each distinct prior of a parameter.

    Columns: name, meaning, unit, prior (the family), median [unit], spread (on the scale of the family), loading
    (correlation with the difficulty of the event), source, and for the sizes of places their names.
    """
    import pandas as pd

    rows: list[dict[str, object]] = []
    for slot in layout.blocks:
        sizes = slot.parameter.name in STOCK_PARAMETERS
        numbers = zip(*(column.tolist() for column in (slot.medians, slot.spread, slot.loading)), strict=True)
        seen: dict[tuple[float, ...], list[str]] = {}
        for row, place in zip(numbers, places if sizes else repeat(""), strict=False):
            seen.setdefault(row, []).append(place)
        for prior, names in ((Prior(*row), names) for row, names in seen.items() if not math.isnan(row[0])):
            rows.append(
                {
                    "name": slot.parameter.name,
                    "meaning": slot.parameter.meaning,
                    "unit": slot.parameter.unit,
                    "prior": slot.parameter.transform,
                    **prior._asdict(),
                    "source": "scenario" if sizes else _source_of(slot.parameter, prior),
                    "places": ", ".join(names) if sizes else "",
                }
            )
    return pd.DataFrame(rows)


def _source(parameter: Parameter, kind: str) -> str:
    """Return where the prior of a parameter for a kind of event comes from."""
    if parameter.name not in BY_KIND.get(kind, {}):
        return parameter.source
    if parameter.name in JUDGED.get(kind, ()):
        return JUDGED_SOURCE
    return f"learned from real outages ({EVENTS_BEHIND[kind][0]} of kind {kind}; benchmarks/learn_priors.py)"


def _source_of(parameter: Parameter, used: Prior) -> str:
    """Return where a prior of a run comes from: its kind of event, the table, or the scenario."""
    if parameter.of_place and used.spread == 0:
        return parameter.source
    by_kind = {kind: known[parameter.name] for kind, known in BY_KIND.items() if parameter.name in known}
    for kind, prior in {**by_kind, "any": Prior(parameter.median, parameter.spread)}.items():
        if all(map(math.isclose, used, prior)):
            return _source(parameter, kind)
    return GIVEN_SOURCE
