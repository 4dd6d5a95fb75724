"""The files of languages: nothing in them is without use."""

from __future__ import annotations

import ast
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from energy_impact.text import lexicon
from energy_impact.text.grammar import find_candidates
from energy_impact.text.lexicon import LANGUAGES

ROOM = Path(lexicon.__file__).parent
MEANINGS = {
    group
    for language in LANGUAGES
    for group in tomllib.loads((ROOM / "lexicons" / f"{language}.toml").read_text("utf-8"))
}
"""Names of groups, which the code may ask for."""


def groups(language: str) -> set[str]:
    return set(tomllib.loads((ROOM / "lexicons" / f"{language}.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_is_asked_for_somewhere(language: str) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    assert {group for group in groups(language) if f'"{group}"' not in code} == set()


@pytest.mark.parametrize("start", ["All", "Entire"])
def test_a_word_for_everyone_at_the_start_is_no_part_of_a_name(start: str) -> None:
    text = f"{start} Saltmere County customers, 2,100, have no power."
    rows = find_candidates(text, published=datetime(2026, 1, 24, 18, tzinfo=UTC), language="en")
    assert [row.place for row in rows] == ["Saltmere County"]


def compared_words(path: Path) -> set[str]:
    """Letters that the words of a text are compared with in a file of code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        calls = [node.left] if isinstance(node, ast.Compare) else [node] if isinstance(node, ast.Call) else []
        if any(re.search(r"\.word\b", ast.unparse(call)) for call in calls):
            texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
            found |= {text for text in texts if isinstance(text, str) and any(mark.isalpha() for mark in text)}
    return found - MEANINGS


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.stem)
def test_no_word_of_a_language_stands_in_the_code(path: Path) -> None:
    assert compared_words(path) == set()
