"""Pages of the record: one per event, with every forecast against what came, and a list of all events."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from figure_pages import shipped_ids, source_link
from reference_pages import table

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parents[1]
KINDS = {
    "attack": "Attacks",
    "heat_accident": "Heating accidents",
    "local_fault": "Cut cables and local faults",
    "grid_failure": "Grid failures",
    "planned_shutoff": "Planned shutoffs",
    "storm": "Storms",
}
"""Headings of the list, in its order, by kind of event."""
FORECAST = (
    "figures known",
    "hours ahead",
    "figure",
    "it held at",
    "came",
    "5 %",
    "50 %",
    "95 %",
    "share below",
    "CRPS",
    "source",
)
BACK = ("figures known", "forecast at [h]", "5 % [h]", "50 % [h]", "95 % [h]", "came [h]")
NOT_SEEN = '"Came" is empty where the figures end first; "later" means beyond the horizon of the forecast.'
LEFT, WIDTH, ROW, TOP = 60, 340, 16, 20
"""Room for labels, width and height of rows, and room above them. [px]"""
ENDS = (0.05, 0.25, 0.5, 0.75, 0.95)


def record_pages() -> dict[str, str]:
    """Return the pages by name: a list of all events, and one page per event in `events/`."""
    rows, back = pd.read_csv(DOCS / "record.csv"), pd.read_csv(DOCS / "record_t90.csv")
    events = dict(list(rows.groupby("event", sort=False)))
    pages = {f"events/{name}.md": _event(mine, back[back["event"] == name]) for name, mine in events.items()}
    return {"events.md": _list(rows)} | pages


def _list(rows: pd.DataFrame) -> str:
    """Return all events as a table per kind."""
    parts = [
        "# Every event of the record\n\nOne page per event, with every forecast of it, made with priors that had not "
        "seen it. [The record](record.md) has the means over all, and the picture of how often bands held.\n"
    ]
    for kind, heading in KINDS.items():
        lines = [_line(name, mine) for name, mine in rows[rows["kind"] == kind].groupby("event", sort=False)]
        header = ("event", "day", "system", "forecasts", "90 % band held", "CRPS")
        parts.append(
            f"## {heading}\n\n:::{{container}} days\n{table(header, sorted(lines, key=lambda line: line[1]))}\n:::\n"
        )
    return "\n".join(parts)


def _line(name: object, mine: pd.DataFrame) -> tuple[str, ...]:
    first = mine.iloc[0]
    return (
        f"[{first['place']}](events/{name}.md)",
        _day(name, first["date"]),
        ", ".join(mine["system"].unique()),
        str(len(mine)),
        str(int(mine["inside90"].sum())),
        f"{mine['crps'].mean():.3f}",
    )


def _day(event: object, utc: object) -> str:
    """Return the local day in the name of an event; without one, its day in UTC."""
    named = re.search(r"\d{4}-\d{2}-\d{2}$", str(event))
    return named[0] if named else str(utc)


def _event(mine: pd.DataFrame, back: pd.DataFrame) -> str:
    """Return the page of an event."""
    first = mine.iloc[0]
    kind = str(first["kind"]).replace("_", " ")
    held = int(mine["inside90"].sum())
    means = {name: mine[name].mean() for name in ("crps", "persistence", "exponential", "analogs")}
    beside = ", ".join(f"{name} {mean:.3f}" for name, mean in means.items() if name != "crps" and pd.notna(mean))
    closed = mine["truth"].isna().all()
    parts = [
        f"---\norphan: true\n---\n\n# {first['place']}, {kind} of {_day(first['event'], first['date'])}\n",
        f"Forecasts: {len(mine)}; the 90 % band held {held}. Mean CRPS {means['crps']:.3f}; beside it {beside}. "
        "[What these mean](../record.md#what-is-in-the-data), [shipped figures](../figures.md), "
        "[all events](../events.md).\n",
        "The counts of this outage come from an archive without an open licence, so each row has scores and the "
        "position of the truth in the forecast only.\n"
        if closed
        else "",
        f"```{{raw}} html\n{picture(mine)}\n```\n",
        f"## Forecasts\n\n{table(FORECAST, [_forecast(row) for row in mine.to_dict('records')])}\n",
    ]
    if len(back):
        lines = [_back(row) for row in back.to_dict("records")]
        parts.append(f"## When nine tenths are back, from the end of the event\n\n{NOT_SEEN}\n\n{table(BACK, lines)}\n")
    return "\n".join(parts)


def _forecast(row: dict[Any, Any]) -> tuple[str, ...]:
    """Return a forecast as cells: the figure that came, in its own unit, beside the band."""
    shares = [row[name] for name in ("truth", "q05", "q50", "q95")]
    return (
        str(row["known"]),
        f"{row['lead_h']:.3g}",
        _figure(_text(row["figure"])),
        _text(row["time"]),
        *(_amount(share, row["largest"]) for share in shares),
        f"{row['pit']:.2f}{'' if row['inside90'] else ', outside the 90 % band'}",
        f"{row['crps']:.3f}",
        source_link(_text(row["source"])),
    )


def _amount(share: float, largest: float) -> str:
    """Return a share of the largest figure of its series as the number it was; a share in percent."""
    if pd.isna(share):
        return ""
    number = share * largest
    return f"{100 * number:.3g} %" if largest <= 1 else f"{float(f'{number:.4g}'):,.0f}"


def _figure(name: str) -> str:
    """Return the name of a figure, which leads to its row if it is shipped."""
    return f'<a href="../figures.html#{name}">{name}</a>' if name in shipped_ids() else name


def _text(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell).replace("|", "/")


def _back(row: dict[Any, Any]) -> tuple[str, ...]:
    hours = ("origin_h", "low_h", "median_h", "high_h", "truth_h")
    return (str(row["known"]), *(f"{row[name]:.0f}".replace("nan", "").replace("inf", "later") for name in hours))


def picture(mine: pd.DataFrame) -> str:
    """Return the bands of all forecasts and what came as SVG; closed rows show where in the forecast it lay."""
    height = TOP + ROW * len(mine) + 4
    top = max(1.0, float(mine[["q95", "truth"]].max(axis=None)) if mine["truth"].notna().any() else 1.0)
    lines = [part for number, row in enumerate(mine.to_dict("records")) for part in _bar(row, number, top)]
    title = "Each forecast: 90 % band pale, 50 % band dark, median a line, what came a dot"
    what = "position in the forecast" if mine["truth"].isna().all() else "share of the largest figure"
    axis = f"{what}, 0 to {top:.3g}"
    return "".join(
        [
            f'<svg class="forecasts" viewBox="0 0 {LEFT + WIDTH + 10} {height}" role="img" aria-label="{title}">',
            f'<text x="{LEFT}" y="12">{axis}</text>',
            *lines,
            f'</svg><p class="caption">{title}; {axis}.</p>',
        ]
    )


def _bar(row: dict[Any, Any], number: int, top: float) -> Iterator[str]:
    """Yield the marks of a forecast: label, bands, median, truth."""
    known = not pd.isna(row["truth"])
    ends = [float(row[f"q{100 * end:02.0f}"]) if known else end for end in ENDS]
    came = float(row["truth"] if known else row["pit"])
    low, quarter, middle, three, high, dot = (LEFT + WIDTH * end / top for end in (*ends, came))
    y = TOP + ROW * number
    label = html.escape(f"+{row['lead_h']:.3g} h")
    yield f'<text x="0" y="{y + 11}">{label}</text>'
    yield f'<rect class="wide" x="{low:.1f}" y="{y + 2}" width="{high - low:.1f}" height="{ROW - 5}"/>'
    yield f'<rect class="half" x="{quarter:.1f}" y="{y + 2}" width="{three - quarter:.1f}" height="{ROW - 5}"/>'
    yield f'<path d="M{middle:.1f} {y + 1}v{ROW - 3}"/>'
    yield f'<circle cx="{dot:.1f}" cy="{y + ROW / 2 - 0.5}" r="3.5"/>'
