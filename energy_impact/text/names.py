"""Places that a text names: those given, those of the shipped list, and capitalised names where a place must stand."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from energy_impact.text.lexicon import Phrases, lexicon_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from energy_impact.places import Place
    from energy_impact.text.lexicon import Lexicon, Sentence

NAMING = "en"
"""Language of the names of places in the library."""
_LONGEST_NAME = 3
"""Capitalised words of the longest name that is not listed."""
_SHORTEST_STEM = 4
"""Letters of a name that another case of it must share."""
_ROW_STARTS, _ROW_MARKS, _ROW_REACH = frozenset(":;,•|–—-"), frozenset(":–—-|("), 16
"""Marks before and after a name in a list of names with numbers, and tokens from one to the next. (judgement)"""
_NEVER_NAMES = ("not_place", "pronoun", "weekday", "month", "title", "number", "multiplier", "ordinal", "money")
"""Groups whose words are no names even with a capital letter."""
_LIST_GAP = 8
"""Tokens from a name in a list of regions to the word "regions" at its end."""


@dataclass(frozen=True)
class PlaceMention:
    """
    A place named by the tokens of a sentence from `first` up to `end`; `sure` where a place must stand there.

    Its name is empty for words such as "in the region", which mean the place spoken of before; `city` where that is a
    city.
    """

    first: int
    end: int
    name: str
    sure: bool
    city: bool = False


@dataclass
class Names:
    """
    The names that places of a text may have.

    Attributes
    ----------
    phrases : Phrases
        Names of given and listed places.
    zones : dict
        Timezone of each place that is known.
    given : frozenset of str
        Names of the places given.
    countries : frozenset of str
        Names of countries, and of given places with parts.
    found : dict
        Names met in the text that no list has, by their stems.
    """

    phrases: Phrases
    zones: dict[str, str]
    given: frozenset[str]
    countries: frozenset[str]
    found: dict[str, Counter[str]] = field(default_factory=dict)

    def mentions(self, sentence: Sentence) -> list[PlaceMention]:
        """Return the places named in a sentence, in order."""
        found: list[PlaceMention] = []
        at = 0
        while at < len(sentence.tokens):
            mention = self._named(sentence, at) or self._listed(sentence, at) or self._unlisted(sentence, at)
            mention = mention or _same(sentence, at) or (_joined(sentence, at, found[-1]) if found else None)
            mention = _like(sentence, mention, found[-1]) if mention is not None and found else mention
            if mention is not None and not (found and found[-1].sure and found[-1].end == mention.first):
                found.append(mention)
            at = mention.end if mention is not None else at + 1
        return found

    def country_of(self, place: str | None) -> str | None:
        """Return the one country that is listed with the timezone of a place; None where there is none."""
        zone = self.zones.get((place or "").removesuffix(" region"))
        found = [name for name in self.countries if zone is not None and self.zones.get(name) == zone]
        return found[0] if len(found) == 1 else None

    def is_city(self, sentence: Sentence, mention: PlaceMention) -> bool:
        """Whether a place is named as a city, and not as a country, region or district."""
        wide = any(sentence.tagged(at, "region") for at in range(mention.first, mention.end))
        return bool(mention.name) and not (wide or mention.name in self.countries or _is_region(mention.name))

    def learn(self, sentences: Iterable[Sentence]) -> None:
        """Note the names that stand where a place must, so that they are known elsewhere in the text too."""
        for sentence in sentences:
            for at in range(len(sentence.tokens)):
                end = _name_end(sentence, at)
                if end and (_led(sentence, at) or sentence.tagged(end, "region")) and not _led_wrongly(sentence, at):
                    name = _text(sentence, at, end)
                    self.found.setdefault(_stem(name), Counter())[name] += 1

    def _listed(self, sentence: Sentence, at: int) -> PlaceMention | None:
        may = sentence.tokens[at].capital and sentence.ending("not_place", at) is None
        found = list(self.phrases.found(sentence.tokens, at)) if may else []
        if not found:
            return None
        end = found[-1][0]
        meanings = [meaning for last, meaning in found if last == end]
        region = _region_after(sentence, end) or _region_before(sentence, at)
        for form in ("region", "name", "adjective"):
            name = next((name for kind, name in meanings if kind == form), None)
            if name is None or (form == "adjective" and region is None):
                continue
            if form == "adjective" and region == "area" and sentence.at("region", end) is not None:
                last = sentence.starts["region", end].end
                return PlaceMention(
                    at, last, _base_form(_text(sentence, at, last), None, sentence.lexicon.endings), True
                )
            full = f"{name} region" if form == "region" or (region == "region" and not _is_region(name)) else name
            last = end
            if region is not None and sentence.at("region", end) is not None:
                last = sentence.starts["region", end].end
            return PlaceMention(at, last, self._given_name(full), True)
        return None

    def _named(self, sentence: Sentence, at: int) -> PlaceMention | None:
        """Return the place that words of the language mean: "the Ukrainian capital"."""
        tag = sentence.at("named", at)
        if tag is None:
            return None
        return PlaceMention(at, tag.end, self._given_name(tag.value), True)

    def _given_name(self, full: str) -> str:
        """Return the given place that a name means: "Odesa region" is a given "Odesa" only where nothing else is."""
        if full in self.given:
            return full
        return next((name for name in self.given if name.lower() == full.lower()), full)

    def _unlisted(self, sentence: Sentence, at: int) -> PlaceMention | None:
        end = _name_end(sentence, at)
        firm = any(
            sentence.tagged(part, "title", "office") or (part > at and sentence.tagged(part, "service"))
            for part in range(at, end)
        )
        if not end or firm or _led_wrongly(sentence, at):
            return None
        region = sentence.at("region", end)
        name = _text(sentence, at, end)
        known = self.found.get(_stem(name))
        shared = _shared_region(sentence, name, end)
        if not (_led(sentence, at) or region or known or shared):
            return None
        if region is not None and region.value == "loose":
            return PlaceMention(at, region.end, name, True)
        if region is not None:
            full = _base_form(_text(sentence, at, region.end), None, sentence.lexicon.endings)
            return PlaceMention(at, region.end, full, True)
        if end == at + 1 and sentence.at("compass", at) is not None:
            return None
        if shared is not None:
            return PlaceMention(at, end, shared, True)
        base = _base_form(name, known, sentence.lexicon.endings)
        wide = _region_before(sentence, at) == "region"
        return PlaceMention(at, end, f"{base} region" if wide else base, _led(sentence, at))


def _joined(sentence: Sentence, at: int, before: PlaceMention) -> PlaceMention | None:
    """Return the place that "and" joins to the one before: "in Marlow and Tarnford"."""
    end = _name_end(sentence, at) if before.sure and before.end == at - 1 and sentence.tagged(at - 1, "list_and") else 0
    if not end or _led_wrongly(sentence, at) or sentence.tagged(end, "said", "title", "office", "back"):
        return None
    return PlaceMention(at, end, _base_form(_text(sentence, at, end), None, sentence.lexicon.endings), True)


def _shared_region(sentence: Sentence, name: str, end: int) -> str | None:
    """Return a name with the word at the end of its list: "у Куп'янському, 2 118 – в Ізюмському районах"."""
    for tag in sentence.of("region") if sentence.lexicon.endings and " " not in name else ():
        full = f"{name} {sentence.tokens[tag.start].text}"
        base = _base_form(full, None, sentence.lexicon.endings)
        if tag.start > end and not base.endswith(sentence.tokens[tag.start].text):
            return base
    return None


def _same(sentence: Sentence, at: int) -> PlaceMention | None:
    """Return the place spoken of before for "in the city", unless a name follows that says which one."""
    tag = sentence.at("same_place", at)
    if tag is None or sentence.at("of", tag.end) is not None:
        return None
    named = tag.end < len(sentence.tokens) and sentence.tokens[tag.end].capital
    return None if named else PlaceMention(at, tag.end, "", sure=False, city=tag.value == "city")


def _like(sentence: Sentence, mention: PlaceMention, before: PlaceMention) -> PlaceMention:
    """Return a place with the word that it shares with the one before: "Nizhyn district 9,800, Koriukivka 14,350"."""
    words = before.name.split()
    same = mention.end == mention.first + 1 and len(words) == 2 and " " not in mention.name
    if not same or not sentence.lexicon.endings:
        return mention
    name = sentence.tokens[mention.first].text
    for tag in sentence.of("region"):
        full = _base_form(f"{name} {sentence.tokens[tag.start].text}", None, sentence.lexicon.endings)
        if full.split()[-1] == words[1] and full.split()[0][-_SHORTEST_STEM:] == words[0][-_SHORTEST_STEM:]:
            return replace(mention, name=full)
    return mention


def _is_region(name: str) -> bool:
    """Whether a name, as lists of places have it, ends in a word such as "region"."""
    node = lexicon_of(NAMING).phrases.tree.get(name.lower().split()[-1], {})
    return " " in name and any(group == "region" for group, _ in node.get("", ()))


def _region_after(sentence: Sentence, end: int) -> str | None:
    """Return the kind of region named right after a name, or at the end of the list that it is in."""
    for at in range(end, min(end + _LIST_GAP, len(sentence.tokens))):
        tag = sentence.at("region", at)
        if tag is not None:
            return "region" if tag.value == "regions" else tag.value if at == end else None
        if not (sentence.tokens[at].capital or sentence.word(at) in {",", "-"} or sentence.tagged(at, "list_and")):
            return None
    return None


def _region_before(sentence: Sentence, at: int) -> str | None:
    tag = sentence.ending("region_before", at)
    return tag.value if tag else None


def _name_end(sentence: Sentence, at: int) -> int:
    """Return where a name that begins at a token ends; 0 where none begins."""
    end = at
    if sentence.at("region_before", at) is not None:
        return 0
    while end < min(at + _LONGEST_NAME, len(sentence.tokens)) and _may_name(sentence, end):
        adjective = sentence.lexicon.endings and sentence.at("region", end + 1) is not None
        if end > at and (adjective or sentence.at("region", end) is not None):
            break
        end += 1
        owner = owns(sentence, end - 1)
        if owner or (end < len(sentence.tokens) and sentence.tokens[end].start > sentence.tokens[end - 1].end + 1):
            break
    return end if end > at else 0


def _may_name(sentence: Sentence, at: int) -> bool:
    token = sentence.tokens[at]
    if not token.capital or len(token.text) < 3 or token.text.isupper() or not token.word:
        return False
    if at and not sentence.lexicon.capital_nouns:
        return not sentence.tagged(at, *_NEVER_NAMES)
    return not any((group, at) in sentence.starts for group in sentence.groups if group not in {"region", "list_and"})


def _led(sentence: Sentence, at: int) -> bool:
    """Whether a word stands before a token that a place follows: "in", or a unit with its genitive."""
    before = sentence.ending("place_before", at)
    if sentence.ending("everyone", at) and (sentence.lexicon.endings or sentence.ending("of", at)):
        return True
    if before is not None and before.value == "of":
        shares = sentence.ending("fraction", at) is not None
        return shares or any(sentence.ending(group, before.start) for group in ("unit", "fraction", "order"))
    if before is not None or sentence.ending("region_before", at) is not None:
        return True
    side = sentence.ending("compass", at)
    if side is not None and sentence.ending("place_before", side.start) is not None:
        return True
    if (
        (sentence.word(at - 1) in {"", "|"} and _heads(sentence, _name_end(sentence, at)))
        or _is_row(sentence, at)
        or _suffers(sentence, at)
    ):
        return True
    if not sentence.lexicon.endings:
        return False
    adjective = at > 1 and sentence.tokens[at - 1].text.islower() and sentence.ending("unit", at - 1) is not None
    return adjective or any(sentence.ending(group, at) is not None for group in ("unit", "fraction"))


def _heads(sentence: Sentence, end: int) -> bool:
    """Whether a name that ends at a token is a line of its own, or a colon or the border of a table follows it."""
    mark = sentence.word(end)
    after = end + 1
    spoken = after < len(sentence.tokens) and (sentence.tokens[after].capital or sentence.tagged(after, "place_before"))
    quoted = mark == ":" and spoken and not sentence.tagged(after, "qualifier")
    return bool(end) and (end == len(sentence.tokens) or mark in {":", "|"}) and not quoted


def _suffers(sentence: Sentence, at: int) -> bool:
    """Whether a name begins a clause that says what it lacks: "Marlow lost power"."""
    begins = at == 0 or sentence.word(at - 1) in {",", ";"} or sentence.tagged(at - 1, "but", "list_and")
    end = _name_end(sentence, at) if begins else 0
    return bool(end) and sentence.at("suffers", end) is not None


def _is_row(sentence: Sentence, at: int) -> bool:
    """Whether a name heads a number in a list, as another one does: "Marlow 48,210; Tarnford 7,415"."""
    if not _heads_number(sentence, at):
        return False
    near = range(max(0, at - _ROW_REACH), min(at + _ROW_REACH, len(sentence.tokens)))
    return any(other != at and _heads_number(sentence, other) for other in near)


def _heads_number(sentence: Sentence, at: int) -> bool:
    """Whether a name begins at a token, a mark or nothing stands before it, and a number follows it."""
    end = _name_end(sentence, at)
    area = sentence.at("region", end) if end else None
    end = area.end if area is not None else end
    starts = at == 0 or sentence.word(at - 1) in _ROW_STARTS or sentence.tagged(at - 1, "list_and")
    if not (starts or sentence.word(end) == "("):
        return False
    after = end + (sentence.word(end) in _ROW_MARKS)
    return bool(end) and after < len(sentence.tokens) and sentence.tokens[after].kind == "number"


def _led_wrongly(sentence: Sentence, at: int) -> bool:
    return any(sentence.ending(group, at) is not None for group in ("title", "not_place"))


def _text(sentence: Sentence, first: int, end: int) -> str:
    name = " ".join(token.text for token in sentence.tokens[first:end])
    return name[: -len(sentence.lexicon.possessive)] if owns(sentence, end - 1) else name


def owns(sentence: Sentence, at: int) -> bool:
    """Whether the name that ends at a token owns what follows: "Marlow's customers"."""
    possessive = sentence.lexicon.possessive
    return bool(possessive) and sentence.tokens[at].word.endswith(possessive)


def _stem(name: str) -> str:
    low = name.lower()
    return low[: max(_SHORTEST_STEM, len(low) - 3)]


def _base_form(name: str, known: Counter[str] | None, endings: Sequence[tuple[str, str]]) -> str:
    """Return a name as a list of places would have it: its ending in a known case replaced."""
    shortest = min(known, key=lambda form: (len(form), form)) if known else name
    for form in (name, shortest):
        for old, new in endings:
            if form.endswith(old) and len(form) > len(old) + 1:
                return form[: -len(old)] + new
    return name


@cache
def _shipped() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "lexicons" / "names.toml").read_text(encoding="utf-8"))


def names_of(places: Sequence[Place] | None, lexicon: Lexicon) -> Names:
    """Return the names of given places, with all forms that the shipped list has for them, and of the listed ones."""
    phrases, zones = Phrases(), {}
    listed = _shipped()
    given = [part for place in places or () for part in place.walk()]
    for place in given:
        for form in _forms(place.name, lexicon.possessive):
            phrases.add(form, ("name", place.name))
    for name, forms in listed.items():
        meant = next((place.name for place in given if place.name.lower() == name.lower()), name)
        zones[meant] = forms["zone"]
        for kind in ("name", "region", "adjective"):
            for form in forms.get(kind, ()):
                for written in {form, form if form.endswith("*") else form + lexicon.possessive}:
                    phrases.add(written, (kind, meant))
    zones |= {place.name: place.timezone for place in given}
    countries = {place.name for place in given if place.parts} or {name for name in listed if "country" in listed[name]}
    return Names(phrases, zones, frozenset(place.name for place in given), frozenset(countries))


def _forms(name: str, possessive: str) -> list[str]:
    """Return a name as it may be written: as it is, as an owner, and in other cases of long words."""
    words = name.lower().replace("’", "'").replace("ʼ", "'").split()
    forms = [" ".join(words), " ".join([*words[:-1], words[-1] + possessive])]
    if all(word.isalpha() for word in words) and not name.isascii():
        forms.append(" ".join(word[: max(_SHORTEST_STEM, len(word) - 2)] + "*" for word in words))
    return forms
