"""The files of languages: nothing in them is without use."""

from __future__ import annotations

import ast
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

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


def listed_places() -> list[tuple[str, str, str]]:
    """File, name and timezone of each place of the lists."""
    tables = {
        name: tomllib.loads((ROOM / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))
        for name in ("names", "gazetteer", "towns", "spellings")
    }
    tables["spellings"].pop("endings")
    found = [("names", name, place["zone"]) for name, place in tables.pop("names").items()]
    for file, kinds in tables.items():
        for zones in kinds.values():
            found += [(file, spelt.split("/")[0], zone) for zone, names in zones.items() for spelt in names]
    return found


def test_a_place_has_one_clock_in_all_lists() -> None:
    moment = datetime(2026, 1, 24, 18, tzinfo=UTC)
    clocks: dict[str, set[object]] = {}
    for _, name, zone in listed_places():
        clocks.setdefault(name, set()).add(moment.astimezone(ZoneInfo(zone)).utcoffset())
    assert {name for name, offsets in clocks.items() if len(offsets) > 1} == set()


def test_a_town_without_a_region_of_its_own_is_in_no_two_lists() -> None:
    table = tomllib.loads((ROOM / "lexicons" / "names.toml").read_text(encoding="utf-8"))
    plain = {name for name, place in table.items() if set(place) == {"zone", "name"}}
    assert plain & {name for file, name, _ in listed_places() if file in {"gazetteer", "spellings"}} == set()
