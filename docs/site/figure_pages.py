"""Page of the shipped figures: each as it was worded, with the source that it comes from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
from reference_pages import table

from energy_impact.quantities import QUANTITIES

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
TABLES = {"Attacks, and the days around them": SEEDS, "Other outages": SEEDS / "outages"}
"""Headings, and the folder of their figures and sources."""
HEAD = ("figure", "it held at", "place", "what", "as worded", "kind", "source", "note")


@cache
def shipped_ids() -> frozenset[str]:
    """Return the ids of all shipped figures."""
    return frozenset(name for folder in TABLES.values() for name in _figures(folder)["id"])


def figures_page() -> str:
    """Return the page of all shipped figures, an anchor per figure."""
    parts = [
        "# Shipped figures",
        "Every figure that scenarios and learned priors rest on, as it was worded, and where it was published. "
        "[How claims became rows](seeds.md#how-claims-became-rows), [what the words mean](wordings.md).",
    ]
    for heading, folder in TABLES.items():
        sources = _read(folder / "sources.csv").set_index("id")["address"]
        rows = [_row(row, sources) for row in _figures(folder).to_dict("records")]
        parts += [f"## {heading}", table(HEAD, rows)]
    return "\n\n".join(parts) + "\n"


def _figures(folder: Path) -> pd.DataFrame:
    return _read(folder / "figures.csv").sort_values("time", kind="stable")


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _row(row: dict[str, str], sources: pd.Series[str]) -> tuple[str, ...]:
    quantity = QUANTITIES[row["quantity"]]
    return (
        f'<span id="{row["id"]}"></span>{row["id"]}',
        row["time"].replace("T", " "),
        row["place"],
        quantity.title,
        _worded(row),
        row["kind"],
        source_link(sources[row["source"]]) or row["source"],
        row["note"],
    )


def _worded(row: dict[str, str]) -> str:
    """Return a figure in words, such as `over 1,000` or `range 3,500 to 4,500`."""
    share = row["unit"] == "share"
    numbers = [_number(float(row[name]), share=share) for name in ("value", "value_high") if row[name]]
    words = "" if row["qualifier"] == "exact" else row["qualifier"].replace("_", " ")
    return f"{words} {' to '.join(numbers)}".strip()


def _number(value: float, *, share: bool) -> str:
    return f"{100 * value:.4g}\N{NO-BREAK SPACE}%" if share else f"{value:,.10g}"


def source_link(source: str) -> str:
    """Return addresses as links named by their sites; what is no address stays as it is."""
    return "; ".join(map(_link, source.split("; ")))


def _link(source: str) -> str:
    address, _, rest = source.partition(" ")
    site, _, path = address.removeprefix("https://").removeprefix("http://").partition("/")
    if "." not in site or not path:
        return source
    return f"[{site}]({address if address.startswith('http') else f'https://{address}'}) {rest}".rstrip()
