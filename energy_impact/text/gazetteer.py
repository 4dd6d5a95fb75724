"""The places that the shipped lists name, in the forms of a language."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from energy_impact.text.capitals import SHORTEST_STEM
from energy_impact.text.lexicon import Phrases, lexicon_of
from energy_impact.text.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from energy_impact.places import Place
    from energy_impact.text.lexicon import Lexicon

_ENDINGS = ("", "а", "я", "и", "і", "ы", "ь", "о", "е", "є", "й", "ий", "ій", "ый", "ая", "ое")
"""Endings of names in Ukrainian and Russian as lists have them, after a stem."""
_REGION = (" область", " oblast")


@cache
def _shipped() -> dict[str, Any]:
    """Return the places with regions, adjectives or cases of their own, by the name used."""
    return _table("names")


@cache
def _gazetteer(written: str) -> tuple[dict[str, tuple[list[str], str]], dict[str, frozenset[str]]]:
    """
    Return the spellings and the timezone of each name that is written alike everywhere, and the names by kind.

    With those of the file named `written`, as the press of some languages writes them.
    """
    forms: dict[str, tuple[list[str], str]] = {}
    kinds: dict[str, frozenset[str]] = {}
    own = _table(written) if written else {}
    endings = own.get("endings", {}).get("cases", [])
    for table in (_table("gazetteer"), own):
        for kind, by_zone in table.items():
            if kind == "endings":
                continue
            listed = [(spelt.split("/"), zone) for zone, names in by_zone.items() for spelt in names]
            for spelt, zone in listed:
                known = forms.get(spelt[0], ([], ""))[0]
                forms[spelt[0]] = [*known, *(form for name in spelt for form in _in_cases(name, endings))], zone
            kinds[kind] = kinds.get(kind, frozenset()) | {spelt[0] for spelt, _ in listed}
    return forms, kinds


def _in_cases(name: str, endings: Sequence[str]) -> list[str]:
    """Return a name with each ending where it is a stem."""
    return [name[:-1] + ending for ending in endings] if name.endswith("*") else [name]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))


def names_of(places: Sequence[Place] | None, lexicon: Lexicon) -> Names:
    """Return the names of given places, with all forms that the shipped list has for them, and of the listed ones."""
    listed = {name: known for known, name in given_spellings(places or ()).items()}
    parts = [part for place in places or () for part in place.walk()]
    given = tuple((listed.get(part.name, part.name), part.timezone, bool(part.parts)) for part in parts)
    return replace(_known(given, lexicon.language), found={})


def given_spellings(places: Sequence[Place]) -> dict[str, str]:
    """
    Return the names of given places that the lists spell otherwise, by the names of the lists.

    A place is taken for the listed one only in its timezone, or if it states none.

    Examples
    --------
    >>> import energy_impact as ei
    >>> given_spellings([ei.Place("Київ", timezone="Europe/Kyiv"), ei.Place("Одеська область", timezone="Europe/Kyiv")])
    {'Kyiv': 'Київ', 'Odesa region': 'Одеська область'}
    """
    parts = [part for place in places for part in place.walk()]
    own, found = {part.name.lower() for part in parts}, dict[str, str]()
    for part in parts:
        spelt = " ".join(part.name.lower().replace("’", "'").replace("ʼ", "'").split())
        name, zone = _listed_spellings().get(spelt, ("", ""))
        if name and name.lower() not in own and part.timezone in {zone, "UTC"}:
            found.setdefault(name, part.name)
    return found


@cache
def listed_zones() -> dict[str, str]:
    """Return the timezone of each listed place, and of each listed region, by its name."""
    found = {name: zone for written in ("towns", "spellings") for name, (_, zone) in _gazetteer(written)[0].items()}
    shipped = {name: forms["zone"] for name, forms in _shipped().items()}
    return found | shipped | {f"{name} region": zone for name, zone in shipped.items()}


@cache
def _listed_spellings() -> dict[str, tuple[str, str]]:
    """Return the listed name and the timezone of each place, by its spellings in all languages as a list has them."""
    found: dict[str, tuple[str, str]] = {}

    def add(form: str, name: str, zone: str, after: str = "") -> None:
        each = [[word[:-1] + end for end in _ENDINGS] if word.endswith("*") else [word] for word in form.split()]
        for words in product(*each):
            found.setdefault(" ".join(words) + after, (name, zone))

    for name, forms in _shipped().items():
        for form in forms.get("name", ()):
            add(form, name, forms["zone"])
        for form in forms.get("region", ()):
            add(form, f"{name} region", forms["zone"])
        for form in forms.get("adjective", ()):
            for word in _REGION:
                add(form, f"{name} region", forms["zone"], word)
    for written in ("spellings", "towns"):
        for name, (spellings, zone) in _gazetteer(written)[0].items():
            for form in spellings:
                add(form.lower(), name, zone)
    return found


@lru_cache(maxsize=8)
def _known(given: tuple[tuple[str, str, bool], ...], language: str) -> Names:
    """Return the names of given places, as name, timezone and whether they have parts, and of the listed ones."""
    phrases, zones, lexicon = Phrases(), {}, lexicon_of(language)
    own = {name.lower(): name for name, _, _ in given[::-1]}
    for name in own.values():
        for form in _forms(name, lexicon.possessive):
            phrases.add(form, ("name", name))
    listed = {own.get(name.lower(), name): forms for name, forms in _shipped().items()}
    for name, forms in listed.items():
        zones[name] = forms["zone"]
        for kind in ("name", "part", "region", "adjective"):
            for form in forms.get(kind, ()):
                for spelt in {form, form if form.endswith("*") else form + lexicon.possessive}:
                    phrases.add(spelt, ("name" if kind == "part" else kind, name))
    plain, kinds = _gazetteer("towns" if lexicon.capital_nouns else "spellings" if lexicon.endings else "")
    for name, (spellings, zone) in plain.items():
        meant = own.get(name.lower(), name)
        zones[meant] = zone
        for form in (form for spelt in spellings for form in _spelt(spelt, lexicon)):
            phrases.add(form, ("name", meant))
    zones |= {name: zone for name, zone, _ in given}
    of_given = frozenset(own.values())
    countries = {name for name, _, parted in given if parted} or {name for name in listed if "country" in listed[name]}
    countries |= kinds["countries"] - of_given
    areas = kinds["areas"] | {name for name in listed if "area" in listed[name]}
    return Names(
        phrases,
        zones,
        of_given,
        frozenset(countries),
        lexicon,
        centres=_centres(listed),
        areas=areas - of_given,
    )


def _centres(listed: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the city from which each listed region or country is run, by its name."""
    centres = {}
    for name, forms in listed.items():
        if "region" in forms or "adjective" in forms:
            centres[f"{name} region"] = forms.get("centre", name)
        elif "centre" in forms:
            centres[name] = forms["centre"]
    return centres


def _spelt(name: str, lexicon: Lexicon) -> list[str]:
    """Return a name as it may be written; in a language whose nouns have a capital, with its "s" and its adjective."""
    low, plain = name.lower(), name.isalpha()
    if lexicon.endings:
        return [low]
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
