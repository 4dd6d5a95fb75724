"""The places that the shipped lists name, in the forms of a language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from energy_impact.text.capitals import SHORTEST_STEM
from energy_impact.text.lexicon import Phrases
from energy_impact.text.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.places import Place
    from energy_impact.text.lexicon import Lexicon


@cache
def _shipped() -> dict[str, Any]:
    return _table("names")


@cache
def _gazetteer(*, towns: bool) -> tuple[dict[str, tuple[list[str], str]], dict[str, frozenset[str]]]:
    """
    Return the spellings and the timezone of each name that is written alike everywhere, and the names by kind.

    With those of `towns` as the press of languages writes them in which all nouns have a capital.
    """
    forms: dict[str, tuple[list[str], str]] = {}
    kinds: dict[str, frozenset[str]] = {}
    for table in (_table("gazetteer"), *([_table("towns")] if towns else ())):
        for kind, by_zone in table.items():
            listed = [(spelt.split("/"), zone) for zone, names in by_zone.items() for spelt in names]
            forms |= {spelt[0]: (spelt, zone) for spelt, zone in listed}
            kinds[kind] = kinds.get(kind, frozenset()) | {spelt[0] for spelt, _ in listed}
    return forms, kinds


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))


def names_of(places: Sequence[Place] | None, lexicon: Lexicon) -> Names:
    """Return the names of given places, with all forms that the shipped list has for them, and of the listed ones."""
    phrases, zones, centres = Phrases(), {}, {}
    listed = _shipped()
    given = [part for place in places or () for part in place.walk()]
    for place in given:
        for form in _forms(place.name, lexicon.possessive):
            phrases.add(form, ("name", place.name))
    for name, forms in listed.items():
        meant = next((place.name for place in given if place.name.lower() == name.lower()), name)
        zones[meant] = forms["zone"]
        if "region" in forms or "adjective" in forms:
            centres[f"{meant} region"] = forms.get("centre", meant)
        elif "centre" in forms:
            centres[meant] = forms["centre"]
        for kind in ("name", "region", "adjective"):
            for form in forms.get(kind, ()):
                for spelt in {form, form if form.endswith("*") else form + lexicon.possessive}:
                    phrases.add(spelt, (kind, meant))
    plain, kinds = _gazetteer(towns=lexicon.capital_nouns)
    of_given = frozenset(place.name for place in given)
    for name, (spellings, zone) in plain.items():
        meant = next((place.name for place in given if place.name.lower() == name.lower()), name)
        zones[meant] = zone
        for form in (form for spelt in spellings for form in _spelt(spelt, lexicon)):
            phrases.add(form, ("name", meant))
    zones |= {place.name: place.timezone for place in given}
    countries = {place.name for place in given if place.parts} or {name for name in listed if "country" in listed[name]}
    countries |= kinds["countries"] - of_given
    areas = kinds["areas"] | {name for name in listed if "area" in listed[name]}
    return Names(phrases, zones, of_given, frozenset(countries), lexicon, centres=centres, areas=areas - of_given)


def _spelt(name: str, lexicon: Lexicon) -> list[str]:
    """Return a name as it may be written; in a language whose nouns have a capital, with its "s" and its adjective."""
    low, plain = name.lower(), name.isalpha()
    if not (lexicon.capital_nouns and plain):
        return _forms(name, lexicon.possessive)
    return [low, f"{low}s", f"{low[:-2] if low.endswith('en') else low.removesuffix('e')}er"]


def _forms(name: str, possessive: str) -> list[str]:
    """Return a name as it may be written: as it is, as an owner, and in other cases of long words."""
    words = name.lower().replace("’", "'").replace("ʼ", "'").split()
    forms = [" ".join(words), " ".join([*words[:-1], words[-1] + possessive])]
    if all(word.isalpha() for word in words) and not name.isascii():
        forms.append(" ".join(word[: max(SHORTEST_STEM, len(word) - 2)] + "*" for word in words))
    return forms
