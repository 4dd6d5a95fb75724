"""The files of languages: nothing in them is without use."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from energy_impact.text import lexicon
from energy_impact.text.grammar import find_candidates
from energy_impact.text.lexicon import LANGUAGES

ROOM = Path(lexicon.__file__).parent
NO_NAMES: set[str] = set()
"""Groups that only keep their words from being read as names."""


def groups(language: str) -> set[str]:
    return set(tomllib.loads((ROOM / "lexicons" / f"{language}.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_is_asked_for_somewhere(language: str) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    assert {group for group in groups(language) if f'"{group}"' not in code} == NO_NAMES


@pytest.mark.parametrize("start", ["All", "Entire"])
def test_a_word_for_everyone_at_the_start_is_no_part_of_a_name(start: str) -> None:
    text = f"{start} Saltmere County customers, 2,100, have no power."
    rows = find_candidates(text, published=datetime(2026, 1, 24, 18, tzinfo=UTC), language="en")
    assert [row.place for row in rows] == ["Saltmere County"]
