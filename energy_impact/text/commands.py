"""The commands of the text room: what they read, what they write, and the text that they answer with."""

from __future__ import annotations

import sys
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from energy_impact._checks import check_path, check_utf8
from energy_impact._files import LARGEST_FILE, bounded, read_bounded, write_whole
from energy_impact.places import Place, outermost, read_places, shipped_place
from energy_impact.results.files.run_folder import write_folder
from energy_impact.text.draft import scenario_text, unknown_parts
from energy_impact.text.reading import Reading, read_text
from energy_impact.text.sheet import csv_text, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

SCENARIO, FIGURES = "scenario.toml", "figures.csv"
"""Names of the files of a draft."""


def read_article(
    article: str, *, published: str, places: Sequence[str], language: str | None, source: str | None, out: Path | None
) -> str:
    """Return the candidates of one article as text; `out` gets them as a CSV file to edit."""
    if out is not None and out.exists():
        raise ValueError(f"--out: must not exist yet, as decisions in it would be lost, got {out}")
    reading = read_text(
        _text(article), published=published, places=find_places(places), language=language, source=source
    )
    if out is None:
        return listing(reading)
    write_whole(out, csv_text(reading).encode("utf-8-sig"))
    return f"{listing(reading)}\n\nWritten to {out}: say yes or no in the column accept"


def draft_scenario(
    articles: Sequence[str],
    *,
    published: Sequence[str],
    places: Sequence[str],
    language: str | None,
    source: Sequence[str],
    out: Path,
) -> str:
    """Return what a draft from one or more articles leaves open; `out` gets the scenario and its figures."""
    for name in (SCENARIO, FIGURES):
        if (out / name).exists():
            raise ValueError(f"--out: must not hold {name} yet, got {out}")
    known = find_places(places)
    times = _one_each("published", list(published) * (len(articles) if len(published) == 1 else 1), articles)
    names = _one_each("source", source, articles) if source else [_stem(article) for article in articles]
    readings = [
        read_text(_text(article), published=when, places=known, language=language, source=name)
        for article, when, name in zip(articles, times, names, strict=True)
    ]
    reading = reduce(Reading.joined, readings)
    scenario = scenario_text(reading, FIGURES)
    write_folder(out, {FIGURES: csv_text(reading).encode("utf-8-sig"), SCENARIO: scenario.encode()})
    unknown = [f"{SCENARIO}, {part}" for part in unknown_parts(scenario)]
    unknown += [f"{FIGURES}: yes or no in the column accept of {len(reading.rows)} rows"] if reading.rows else []
    return "\n".join([listing(reading), "", f"Written to {out}. Still unknown:", *unknown])


def find_places(names: Sequence[str]) -> tuple[Place, ...] | None:
    """Return the places of CSV files and shipped names; None if none is named."""
    found: list[Place] = []
    for name in names:
        if name.endswith(".csv"):
            found += outermost(read_places(name).values())
        else:
            found.append(shipped_place(name))
    return tuple(found) or None


def _one_each(name: str, given: Sequence[str], articles: Sequence[str]) -> Sequence[str]:
    if len(given) != len(articles):
        raise ValueError(f"--{name}: must be given once per article, got {len(given)} for {len(articles)} articles")
    return given


def _stem(article: str) -> str | None:
    return None if article == "-" else Path(article).stem


def _text(article: str) -> str:
    """Return the text of a file, or of the standard input for "-"."""
    try:
        return check_utf8(_standard_input() if article == "-" else read_bounded(check_path("article", article)))
    except ValueError as error:
        raise ValueError(f"{article}: {error}") from error


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise ValueError("must be an open standard input, got a closed one")
    return bounded(sys.stdin.buffer, LARGEST_FILE)
