"""Sentences of each language, as data: what must be read from them, and what must not."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from energy_impact.text.grammar import find_candidates
from energy_impact.text.lexicon import LANGUAGES, recognise_language

FOLDER = Path(__file__).parent


def sentences() -> list[Any]:
    cases = []
    for language in LANGUAGES:
        table = tomllib.loads((FOLDER / f"sentences_{language}.toml").read_text(encoding="utf-8"))
        published = datetime.fromisoformat(table["published"])
        for at, sentence in enumerate(table["sentence"]):
            cases.append(pytest.param(language, published, sentence, id=f"{language}-{at}"))
    return cases


def value_of(row: dict[str, Any]) -> tuple[float | None, float | None]:
    value = row.get("value")
    return (value[0], value[1]) if isinstance(value, list) else (value, None)


@pytest.mark.parametrize(("language", "published", "sentence"), sentences())
def test_a_sentence_gives_its_figures_and_no_others(
    language: str, published: datetime, sentence: dict[str, Any]
) -> None:
    text = sentence["text"]
    found = find_candidates(text, published=published, language=language)
    assert [row.quantity for row in found] == [row["quantity"] for row in sentence["rows"]]
    for got, row in zip(found, sentence["rows"], strict=True):
        value, high = value_of(row)
        assert got.value == pytest.approx(value, abs=1e-3)
        assert got.value_high == pytest.approx(high)
        assert (got.qualifier, got.kind) == (row.get("qualifier", "exact"), row.get("kind", "stock"))
        at = text.find(row["quote"])
        assert got.start < at + len(row["quote"])
        assert at < got.end
        if "place" in row or "place" in sentence:
            assert got.place == row.get("place", sentence.get("place"))
        if "time" in row:
            stated = datetime.fromisoformat(row["time"]).replace(tzinfo=published.tzinfo)
            assert got.time is not None
            assert abs((got.time - stated).total_seconds()) <= 3600 * got.time_uncertainty_h


@pytest.mark.parametrize(("language", "published", "sentence"), sentences())
def test_the_language_of_a_sentence_is_recognised(language: str, published: datetime, sentence: dict[str, Any]) -> None:
    assert published.tzinfo is not None
    assert recognise_language(sentence["text"]) == language
